//! How running malleable jobs share the units of a partition (as ElastiSim's schedulers do: Özden et al. 2022).
//!
//! Every job keeps its minimum; the rest goes step by step to the job that gains most by it, measured by the marginal
//! speed-up of a unit, (S(n + step) − S(n)) / step, ties to the lower index. A step that no longer fits what is left
//! passes its turn to the next job, and a unit goes to a job even if it gains nothing by it: nothing stands idle while
//! a job may still grow. Since speed-ups are concave, the sum of speed-ups is the greatest possible when all steps are
//! equal (Fox 1966).
//!
//! O(jobs + steps · log jobs) by a heap of what each job would gain; `naive` under the tests is the plain form.

use crate::model::Speedup;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// A running job that may change its size: `minimum`, `minimum + step`, and so on up to `maximum`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MalleableJob {
    /// The fewest units it runs on, at least 1.
    pub minimum: u32,
    /// The most units it runs on.
    pub maximum: u32,
    /// Units by which it grows, at least 1.
    pub step: u32,
    /// Accelerators in a unit of its partition.
    pub accelerators_per_unit: u32,
    /// How it gains by accelerators.
    pub speedup: Speedup,
}

impl MalleableJob {
    /// What each unit of one more step adds to its speed-up.
    fn gain_per_unit(&self, units: u32) -> f64 {
        let speedup = |units: u32| self.speedup.speedup(units * self.accelerators_per_unit);
        (speedup(units + self.step) - speedup(units)) / f64::from(self.step)
    }

    fn may_grow(&self, units: u32) -> bool {
        self.step <= self.maximum - units
    }
}

/// What a job would gain by its next step. The greatest is the one to serve next.
#[derive(Debug, Clone, Copy)]
struct Gain {
    per_unit: f64,
    job: usize,
}

impl Ord for Gain {
    fn cmp(&self, other: &Self) -> Ordering {
        self.per_unit.total_cmp(&other.per_unit).then(Reverse(self.job).cmp(&Reverse(other.job)))
    }
}

impl PartialOrd for Gain {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Gain {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Gain {}

/// The units of each job, in the order of `jobs`, when they share out `units` among them: those they hold and those
/// free for them. What each holds at present makes no difference. Panics if `units` does not cover all minima.
pub fn redistribute(jobs: &[MalleableJob], units: u32) -> Vec<u32> {
    let mut shares: Vec<u32> = jobs.iter().map(|job| job.minimum).collect();
    let mut spare = spare_units(jobs, units);
    let gain = |job: usize, units: u32| {
        jobs[job].may_grow(units).then(|| Gain { per_unit: jobs[job].gain_per_unit(units), job })
    };
    let mut gains: BinaryHeap<Gain> =
        shares.iter().enumerate().filter_map(|(job, &share)| gain(job, share)).collect();
    while spare > 0
        && let Some(Gain { job, .. }) = gains.pop()
    {
        let step = jobs[job].step;
        // What is left only shrinks: a job whose step does not fit now is done.
        if step <= spare {
            spare -= step;
            shares[job] += step;
            gains.extend(gain(job, shares[job]));
        }
    }
    shares
}

/// The units beyond the minima.
fn spare_units(jobs: &[MalleableJob], units: u32) -> u32 {
    for job in jobs {
        assert!(
            0 < job.minimum && job.minimum <= job.maximum && 0 < job.step,
            "sizes are positive and ascend: {job:?}"
        );
    }
    let minima: u64 = jobs.iter().map(|job| u64::from(job.minimum)).sum();
    u64::from(units).checked_sub(minima).expect("the minima of running jobs fit") as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const AMDAHL: Speedup = Speedup::Amdahl { serial: 0.1 };

    fn job(sizes: (u32, u32), step: u32, speedup: Speedup) -> MalleableJob {
        MalleableJob { minimum: sizes.0, maximum: sizes.1, step, accelerators_per_unit: 4, speedup }
    }

    /// The plain form: look at every job before each step.
    fn naive(jobs: &[MalleableJob], units: u32) -> Vec<u32> {
        let mut shares: Vec<u32> = jobs.iter().map(|job| job.minimum).collect();
        loop {
            let spare = units - shares.iter().sum::<u32>();
            let mut best: Option<(f64, usize)> = None;
            for (index, job) in jobs.iter().enumerate() {
                if shares[index] + job.step <= job.maximum && job.step <= spare {
                    let gain = job.gain_per_unit(shares[index]);
                    if best.is_none_or(|(most, _)| gain > most) {
                        best = Some((gain, index));
                    }
                }
            }
            let Some((_, index)) = best else { return shares };
            shares[index] += jobs[index].step;
        }
    }

    /// The greatest sum of speed-ups of any way to share out `spare` units one by one.
    fn greatest_sum(jobs: &[MalleableJob], spare: u32) -> f64 {
        let Some((first, rest)) = jobs.split_first() else { return 0.0 };
        (0..=spare.min(first.maximum - first.minimum))
            .map(|more| first.speedup.speedup((first.minimum + more) * 4) + greatest_sum(rest, spare - more))
            .fold(0.0, f64::max)
    }

    fn any_job(step: impl Strategy<Value = u32>) -> impl Strategy<Value = MalleableJob> {
        let speedup = prop_oneof![
            Just(Speedup::Linear),
            Just(AMDAHL),
            (1.0..60.0, 0.0..2.0).prop_map(|(parallelism, sigma)| Speedup::Downey { parallelism, sigma }),
            (0.0..0.3).prop_map(|gamma| Speedup::PowerLaw { gamma }),
        ];
        (1_u32..5, 0_u32..20, step, speedup)
            .prop_map(|(least, more, step, speedup)| job((least, least + more), step, speedup))
    }

    #[test]
    fn spare_units_go_where_they_gain_most() {
        let curve = |parallelism| Speedup::Downey { parallelism, sigma: 0.0 };
        let jobs = [job((1, 9), 1, curve(8.0)), job((1, 9), 1, curve(12.0)), job((2, 3), 1, Speedup::Linear)];
        assert_eq!(redistribute(&jobs, 4), [1, 1, 2], "minima only");
        assert_eq!(redistribute(&jobs, 5), [2, 1, 2], "equal gains go to the lower index");
        assert_eq!(redistribute(&jobs, 8), [2, 3, 3], "nobody grows where nothing is gained");
        assert_eq!(redistribute(&jobs, 10), [4, 3, 3], "unless nobody gains");
        assert_eq!(redistribute(&jobs, 99), [9, 9, 3], "nobody grows beyond the maximum");
    }

    #[test]
    fn steps_count_by_the_unit_and_those_that_do_not_fit_are_passed_over() {
        let jobs = [job((1, 8), 3, AMDAHL), job((4, 8), 1, AMDAHL)];
        assert_eq!(redistribute(&jobs, 8), [4, 4]);
        assert_eq!(redistribute(&jobs, 7), [1, 6]);
        assert_eq!(redistribute(&[job((2, 9), 4, AMDAHL)], 20), [6], "10 is above the maximum");
    }

    #[test]
    #[should_panic(expected = "the minima of running jobs fit")]
    fn minima_that_do_not_fit_are_refused() {
        redistribute(&[job((3, 4), 1, AMDAHL), job((2, 2), 1, AMDAHL)], 4);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn heap_equals_scan_and_nothing_stands_idle(
            jobs in prop::collection::vec(any_job(1_u32..6), 0..8), spare in 0_u32..100,
        ) {
            let units = jobs.iter().map(|job| job.minimum).sum::<u32>() + spare;
            let shares = redistribute(&jobs, units);
            prop_assert_eq!(&shares, &naive(&jobs, units));
            prop_assert!(shares.iter().sum::<u32>() <= units);
            let left = units - shares.iter().sum::<u32>();
            for (job, share) in jobs.iter().zip(shares) {
                prop_assert!(job.minimum <= share && share <= job.maximum);
                prop_assert_eq!((share - job.minimum) % job.step, 0);
                prop_assert!(left < job.step || share + job.step > job.maximum, "{job:?} has {share}, {left} left");
            }
        }

        /// 1e-9: far above the rounding of three speed-ups below 100, far below a unit's gain that matters.
        #[test]
        fn no_other_way_gives_a_greater_sum(
            jobs in prop::collection::vec(any_job(Just(1)), 1..4), spare in 0_u32..20,
        ) {
            let units = jobs.iter().map(|job| job.minimum).sum::<u32>() + spare;
            let speeds = jobs.iter().zip(redistribute(&jobs, units)).map(|(job, n)| job.speedup.speedup(n * 4));
            prop_assert!(speeds.sum::<f64>() > greatest_sum(&jobs, spare) - 1e-9);
        }
    }
}
