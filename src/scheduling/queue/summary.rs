//! What a search must know of many jobs at once: the least requested time of each class of widths.
//!
//! The least units and the least requested time over a subtree may come from different jobs, neither of which fits; with
//! a backlog most subtrees are like that. So widths are put into classes by powers of two, and each class has its own
//! least time, in sixteen bits: a scale of 1,024 steps an octave, rounded down. A summary may admit a subtree in which
//! nothing fits, and never hides a job that does.

use super::waiting::{Fit, Waiting};

/// Classes of widths: `[2^k, 2^(k+1))` units, the last without end.
const CLASSES: usize = 16;

/// No job of a class.
const NOBODY: u16 = u16::MAX;

/// The least requested time of each class of widths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Summary([u16; CLASSES]);

/// A fit in the terms of a summary: a class admits what lies below its limit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits([u16; CLASSES]);

impl Summary {
    pub(super) const EMPTY: Self = Self([NOBODY; CLASSES]);

    pub(super) fn of(jobs: &[Waiting]) -> Self {
        let mut summary = Self::EMPTY;
        for job in jobs.iter().filter(|job| job.units < u32::MAX) {
            let least = &mut summary.0[class(job.units)];
            *least = (*least).min(step(job.requested.0));
        }
        summary
    }

    /// A job has left the jobs that this sums up: only its class may have changed.
    #[inline]
    pub(super) fn forget(&mut self, job: &Waiting, left: &[Waiting]) {
        let class_left = class(job.units);
        let same = left.iter().filter(|other| other.units < u32::MAX && class(other.units) == class_left);
        self.0[class_left] = same.map(|other| step(other.requested.0)).min().unwrap_or(NOBODY);
    }

    /// Over both.
    #[inline]
    pub(super) fn min(mut self, other: Self) -> Self {
        for (least, other) in self.0.iter_mut().zip(other.0) {
            *least = (*least).min(other);
        }
        self
    }

    /// Whether a job may be the least of its class here.
    #[inline]
    pub(super) fn may_rest_on(&self, job: &Waiting) -> bool {
        self.0[class(job.units)] == step(job.requested.0)
    }

    /// Whether something may fit.
    #[inline]
    pub(super) fn may_admit(&self, limits: &Limits) -> bool {
        // Counting leaves no branch: the compiler compares all classes at once.
        self.0.iter().zip(limits.0).map(|(&least, limit)| u16::from(least < limit)).sum::<u16>() > 0
    }
}

impl Limits {
    pub(super) fn new(fit: &Fit) -> Self {
        let within_window = step(fit.window.0) + 1;
        let limit = |index: usize| {
            let narrowest = 1 << index;
            match () {
                () if narrowest > fit.free => 0,
                () if narrowest <= fit.extra => NOBODY,
                () => within_window,
            }
        };
        Self(std::array::from_fn(limit))
    }
}

#[inline]
fn class(units: u32) -> usize {
    (units.max(1).ilog2() as usize).min(CLASSES - 1)
}

/// The place of a time on a logarithmic scale, below `NOBODY`: six bits of exponent, ten of the fraction.
#[inline]
fn step(time: u64) -> u16 {
    let exponent = time.max(1).ilog2();
    let fraction = (time.max(1) << (63 - exponent)) >> 53 & 0x3ff;
    ((exponent << 10) as u16 | fraction as u16).min(NOBODY - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Span;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_job_that_fits_is_never_hidden(
            jobs in prop::collection::vec((1_u32..100_000, any::<u64>()), 1..20),
            (free, extra, window) in (0_u32..100_000, 0_u32..100_000, any::<u64>()),
        ) {
            let waiting = |(units, requested)| Waiting { units, requested: Span(requested), job: 0 };
            let jobs: Vec<Waiting> = jobs.into_iter().map(waiting).collect();
            let fit = Fit { free, extra, window: Span(window) };
            let admitted = Summary::of(&jobs).may_admit(&Limits::new(&fit));
            prop_assert!(admitted || !jobs.iter().any(|job| fit.admits(job)));
            prop_assert!(jobs.iter().any(|job| Summary::of(&jobs).may_rest_on(job)));
            let mut summary = Summary::of(&jobs);
            summary.forget(&jobs[0], &jobs[1..]);
            prop_assert_eq!(summary, Summary::of(&jobs[1..]));
        }
    }

    #[test]
    fn times_keep_their_order() {
        let times = [0, 1, 2, 3, 1_000, 1_001, 1_100, 3_600_000_000_000, u64::MAX / 2, u64::MAX];
        assert!(times.windows(2).all(|pair| step(pair[0]) <= step(pair[1])));
        assert!(step(u64::MAX) < NOBODY && step(1_000) < step(1_001));
    }
}
