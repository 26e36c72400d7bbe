//! Slurm's multifactor priority, as a formula and as keys that keep a queue sorted without recalculation.
//!
//! ```text
//! priority = age_weight min(1, wait/max_age) + size_weight size + fair_share_weight fair_share + qos_weight qos
//! ```
//!
//! with every factor in `[0, 1]` (Slurm's page "Multifactor Priority Plugin"). Left out are the terms that are equal for
//! all jobs of one queue here (site, partition) and Slurm's rounding to whole numbers.
//!
//! All but age is static until fair shares are recalculated. While a job is young (`wait < max_age`) its priority grows
//! with a slope that is the same for all jobs, so the key `static - age_weight submit/max_age` orders the young for good;
//! once it is old, `static + age_weight` does. A queue holds two sorted lists, moves a job from one to the other when it
//! becomes old, and compares only the two heads at their present priority. Equal priorities go by submission, then id.

use crate::model::{Multifactor, SizeFavour};
use crate::units::{Span, Time};

/// What counts of a job besides its wait.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Allocation units it needs.
    pub units: u32,
    /// Allocation units of the partition.
    pub capacity: u32,
    /// The fair-share factor of its account, in `[0, 1]`.
    pub fair_share: f64,
    /// The factor of its quality of service, in `[0, 1]`.
    pub qos: f64,
}

/// The priority of one job split by age: two keys, each for one part of its wait, the greater first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SplitPriority {
    /// Orders jobs that are young, whatever the time.
    pub young: f64,
    /// Orders jobs that are old: their priority.
    pub old: f64,
    /// The first instant at which the job is old.
    pub old_from: Time,
}

impl Multifactor {
    /// The priority of a job that has waited so long: the plain formula.
    pub fn priority(&self, standing: &Standing, wait: Span) -> f64 {
        self.static_priority(standing) + self.age_weight * self.age_factor(wait)
    }

    /// The part of the priority that does not depend on the wait.
    pub fn static_priority(&self, standing: &Standing) -> f64 {
        self.size_weight * self.size_factor(standing)
            + self.fair_share_weight * standing.fair_share
            + self.qos_weight * standing.qos
    }

    /// `min(1, wait/max_age)`.
    pub fn age_factor(&self, wait: Span) -> f64 {
        if wait < self.max_age { self.ages(wait) } else { 1.0 }
    }

    /// The part of the partition that the job takes, or one minus that.
    pub fn size_factor(&self, standing: &Standing) -> f64 {
        let part = f64::from(standing.units) / f64::from(standing.capacity);
        match self.size_favour {
            SizeFavour::Large => part,
            SizeFavour::Small => 1.0 - part,
        }
    }

    /// The keys of a job submitted then.
    pub fn split(&self, standing: &Standing, submit: Time) -> SplitPriority {
        let fixed = self.static_priority(standing);
        SplitPriority {
            young: fixed - self.age_weight * self.ages(submit.since(Time::ZERO)),
            old: fixed + self.age_weight,
            old_from: submit.saturating_add(self.max_age),
        }
    }

    /// The priority at `now` by the keys: the plain formula but for rounding.
    pub fn priority_at(&self, split: &SplitPriority, now: Time) -> f64 {
        if now < split.old_from {
            split.young + self.age_weight * self.ages(now.since(Time::ZERO))
        } else {
            split.old
        }
    }

    /// What the young have gained by age since the start of the scenario, all alike.
    pub(crate) fn growth(&self, now: Time) -> f64 {
        self.age_weight * self.ages(now.since(Time::ZERO))
    }

    /// A length of time in units of `max_age`; zero if jobs are never young.
    fn ages(&self, span: Span) -> f64 {
        if self.max_age == Span::ZERO { 0.0 } else { span.0 as f64 / self.max_age.0 as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(days: u64) -> Span {
        Span::from_seconds(days * 86_400)
    }

    const WEIGHTS: Multifactor = Multifactor {
        age_weight: 1_000.0,
        max_age: Span(1 << 10),
        size_weight: 1_000.0,
        size_favour: SizeFavour::Large,
        fair_share_weight: 10_000.0,
        qos_weight: 2_000.0,
    };

    #[test]
    fn validation_case_s9() {
        let weights = Multifactor { max_age: day(7), ..WEIGHTS };
        let standing = Standing { units: 64, capacity: 1_024, fair_share: 0.5, qos: 0.5 };
        let submit = Time::ZERO + day(3);
        let split = weights.split(&standing, submit);
        for priority in [weights.priority(&standing, day(2)), weights.priority_at(&split, submit + day(2))] {
            assert!((priority - 6_348.214_286).abs() < 1e-6, "{priority}");
        }
        assert_eq!(split.old_from, Time::ZERO + day(10));
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "binary fractions are exact")]
    fn factors_at_their_ends() {
        let standing = Standing { units: 1, capacity: 4, fair_share: 0.0, qos: 0.0 };
        let small = Multifactor { size_favour: SizeFavour::Small, ..WEIGHTS };
        for (weights, expected) in [(WEIGHTS, 0.25), (small, 0.75)] {
            assert_eq!(weights.size_factor(&standing), expected);
        }
        for (wait, expected) in [(0, 0.0), (512, 0.5), (1_024, 1.0), (4_096, 1.0)] {
            assert_eq!(WEIGHTS.age_factor(Span(wait)), expected);
        }
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "both are the sum of the same two numbers")]
    fn without_a_greatest_age_jobs_are_old_at_once() {
        let standing = Standing { units: 1, capacity: 4, fair_share: 0.0, qos: 0.0 };
        let at_once = Multifactor { max_age: Span::ZERO, ..WEIGHTS };
        let split = at_once.split(&standing, Time(5));
        assert_eq!(at_once.priority(&standing, Span::ZERO), at_once.priority_at(&split, Time(5)));
    }

    /// Jobs whose terms are binary fractions, so that both ways are free of rounding.
    fn jobs() -> impl Strategy<Value = Vec<(Standing, Time)>> {
        let terms = (1_u32..=64, 0_u32..=8, 0_u32..=8, 0_u64..4_096);
        let job = terms.prop_map(|(units, fair_share, qos, submit)| {
            let (fair_share, qos) = (f64::from(fair_share) / 8.0, f64::from(qos) / 8.0);
            (Standing { units, capacity: 64, fair_share, qos }, Time(submit))
        });
        prop::collection::vec(job, 0..40)
    }

    /// The order that a queue of two sorted lists gives: each sorted by its own key, then merged by present priority.
    fn order_by_keys(weights: &Multifactor, splits: &[(SplitPriority, Time)], now: Time) -> Vec<usize> {
        let (mut young, mut old): (Vec<usize>, Vec<usize>) =
            (0..splits.len()).partition(|&job| now < splits[job].0.old_from);
        let descending = |a: f64, b: f64, jobs: (usize, usize)| {
            b.total_cmp(&a).then_with(|| (splits[jobs.0].1, jobs.0).cmp(&(splits[jobs.1].1, jobs.1)))
        };
        young.sort_by(|&a, &b| descending(splits[a].0.young, splits[b].0.young, (a, b)));
        old.sort_by(|&a, &b| descending(splits[a].0.old, splits[b].0.old, (a, b)));
        let present = |job: usize| weights.priority_at(&splits[job].0, now);
        let (mut young, mut old) = (young.into_iter().peekable(), old.into_iter().peekable());
        std::iter::from_fn(|| match (young.peek(), old.peek()) {
            (Some(&a), Some(&b)) if descending(present(a), present(b), (a, b)).is_lt() => young.next(),
            (Some(_), None) => young.next(),
            _ => old.next(),
        })
        .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_keys_order_as_the_formula(jobs in jobs(), later in 0_u64..2_048, small: bool) {
            let size_favour = if small { SizeFavour::Small } else { SizeFavour::Large };
            let weights = Multifactor { size_favour, ..WEIGHTS };
            let now = Time(4_096 + later);
            let split = |&(job, submit): &(Standing, Time)| (weights.split(&job, submit), submit);
            let splits: Vec<_> = jobs.iter().map(split).collect();
            let formula = |job: usize| weights.priority(&jobs[job].0, now.since(jobs[job].1));
            let mut expected: Vec<usize> = (0..jobs.len()).collect();
            expected.sort_by(|&a, &b| {
                formula(b).total_cmp(&formula(a)).then((jobs[a].1, a).cmp(&(jobs[b].1, b)))
            });
            prop_assert_eq!(order_by_keys(&weights, &splits, now), expected);
        }
    }
}
