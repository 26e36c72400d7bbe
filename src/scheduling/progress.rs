//! How far a job has come whose speed changes while it runs, and when it would end.
//!
//! The work left is what is left of ∫ speed dt, in nanoseconds at speed 1. It is a whole number of 2⁻⁵² of them, as
//! speed is: a speed of 1 or more (any `Speedup`) is taken exactly as the float it is, a smaller one to the nearest
//! 2⁻⁵². So work is counted without any rounding, however often it is looked at, and only the end is rounded, up to the
//! next nanosecond. A job that nobody resizes ends exactly at start plus run, since run · speed / speed comes out even;
//! one that is resized ends less than a nanosecond late, whatever the number of resizes.
//!
//! The caller says whose work it is: a policy follows the requested time, never the true one. Refused by assertion:
//! speeds of 0, work of 2⁷⁶ ns or more (four years at speed 500 000), and times after the end. Everything is O(1).

use crate::units::{Span, Time};

/// Parts of a speed of 1.
const PARTS: f64 = (1_u64 << 52) as f64;

/// The work a job has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Work left at `since`, in parts.
    remaining: u128,
    /// Parts of work in a nanosecond.
    speed: u128,
    /// Until when work is counted; in the future while the job reconfigures.
    since: Time,
}

impl Progress {
    /// A job that starts at `start` and would run for `run` if it kept its first `speed`.
    pub fn new(start: Time, run: Span, speed: f64) -> Self {
        let speed = parts(speed);
        let work = u128::from(run.0).checked_mul(speed);
        Self { remaining: work.expect("a job's work is below 2^76 ns"), speed, since: start }
    }

    /// Counts the work done until `now`, which is not after the end. Changes nothing while the job reconfigures.
    pub fn advance(&mut self, now: Time) {
        if now <= self.since {
            return;
        }
        let done = self.speed.saturating_mul(u128::from(now.since(self.since).0));
        assert!(done.saturating_sub(self.remaining) < self.speed, "the job has not ended");
        self.remaining = self.remaining.saturating_sub(done);
        self.since = now;
    }

    /// Gives the job another `speed` at `now`, once it stood still for `cost`: the time of its checkpoint and restart.
    /// If it still reconfigures it finishes that first, so that costs add up.
    pub fn resize(&mut self, now: Time, speed: f64, cost: Span) {
        self.advance(now);
        self.speed = parts(speed);
        self.since = self.since + cost;
    }

    /// When the job ends if it keeps its speed.
    pub fn end(&self) -> Time {
        let left = self.remaining.div_ceil(self.speed);
        self.since + Span(u64::try_from(left).expect("a job ends within 584 years"))
    }
}

/// A speed in parts.
fn parts(speed: f64) -> u128 {
    let parts = (speed * PARTS).round();
    assert!(parts >= 1.0 && parts.is_finite(), "a speed is positive and finite: {speed}");
    parts as u128
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Speedup;
    use proptest::prelude::*;

    const CURVE: Speedup = Speedup::Downey { parallelism: 300.0, sigma: 0.7 };

    fn at(seconds: u64) -> Time {
        Time::from_seconds(seconds)
    }

    #[test]
    fn back_and_forth_by_hand() {
        let mut job = Progress::new(at(1_000), Span::from_seconds(1_000), 4.0);
        job.resize(at(1_250), 8.0, Span::from_seconds(10));
        assert_eq!(job.end(), at(1_260 + 3_000 / 8));
        job.advance(at(1_255));
        assert_eq!(job.end(), at(1_260 + 3_000 / 8), "no work while it reconfigures");
        job.resize(at(1_360), 4.0, Span::from_seconds(10));
        assert_eq!(job.end(), at(1_370 + 2_200 / 4));
        job.advance(job.end());
        assert_eq!(job.end(), at(1_920));
    }

    #[test]
    fn costs_add_up() {
        let mut job = Progress::new(at(0), Span::from_seconds(100), 1.0);
        job.resize(at(20), 2.0, Span::from_seconds(10));
        job.resize(at(25), 1.0, Span::from_seconds(10));
        assert_eq!(job.end(), at(40 + 80));
    }

    #[test]
    fn the_end_is_rounded_up() {
        let mut job = Progress::new(Time(0), Span(10), 1.0);
        job.resize(Time(0), 3.0, Span::ZERO);
        assert_eq!(job.end(), Time(4));
        job.advance(Time(4));
        assert_eq!(job.end(), Time(4));
    }

    #[test]
    #[should_panic(expected = "the job has not ended")]
    fn nothing_happens_after_the_end() {
        let mut job = Progress::new(Time(0), Span(10), 3.0);
        job.advance(Time(11));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn without_resizing_it_ends_at_start_plus_run(
            start in 0_u64..1 << 60, run in 0_u64..1 << 57, n in 1_u32..4_096,
            looks in prop::collection::vec(0.0..1.0, 0..9),
        ) {
            let mut job = Progress::new(Time(start), Span(run), CURVE.speedup(n));
            let mut looks: Vec<u64> = looks.into_iter().map(|part: f64| (part * run as f64) as u64).collect();
            looks.sort_unstable();
            for look in looks {
                job.advance(Time(start + look.min(run)));
                prop_assert_eq!(job.end(), Time(start + run));
            }
            prop_assert_eq!(job.end(), Time(start + run));
        }

        /// Against floats that follow the part done of the whole. They err by at most 50 roundings of 2^-53, five a
        /// resize, of a whole of at most 300 · 2^35 ns: less than 1/10 ns.
        #[test]
        fn resized_it_ends_when_arithmetic_says(
            run in 1_000_000_u64..1 << 35, first in 1_u32..600,
            steps in prop::collection::vec((1_u32..600, 0.0..0.5, 0_u64..1_000), 0..10),
        ) {
            let run_at = |n: u32| run as f64 * CURVE.speedup(first) / CURVE.speedup(n);
            let mut job = Progress::new(Time(0), Span(run), CURVE.speedup(first));
            let (mut done, mut since, mut size) = (0.0, 0, first);
            for (next, part, cost) in steps {
                let now = since + (part * (job.end().0 - since) as f64) as u64;
                job.resize(Time(now), CURVE.speedup(next), Span(cost));
                done += (now - since) as f64 / run_at(size);
                (since, size) = (now + cost, next);
            }
            let late = (job.end().0 - since) as f64 - (1.0 - done) * run_at(size);
            prop_assert!((-0.1..1.1).contains(&late), "{late} ns late");
        }
    }
}
