//! Moldable jobs: which of its allowed sizes a job takes for its whole run, by predicted start plus run.
//!
//! More accelerators shorten the run and may lengthen the wait. The run is the one the job requests at that size,
//! never the true one. O(sizes).

use crate::units::{Span, Time};

/// One size that a job may take, with what is predicted for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SizeOption {
    /// Allocation units.
    pub units: u32,
    /// When it would start.
    pub start: Time,
    /// How long it would run.
    pub run: Span,
}

/// The size of least predicted completion, ties to the smaller size. `None` if there are no sizes.
pub fn choose_size(sizes: impl IntoIterator<Item = SizeOption>) -> Option<SizeOption> {
    sizes.into_iter().min_by_key(|size| (size.start.saturating_add(size.run), size.units))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sizes: &[(u32, u64, u64)], expected: Option<u32>) {
        let sizes =
            sizes.iter().map(|&(units, start, run)| SizeOption { units, start: Time(start), run: Span(run) });
        assert_eq!(choose_size(sizes).map(|size| size.units), expected);
    }

    #[test]
    fn waiting_for_more_pays_only_if_it_ends_earlier() {
        check(&[(1, 0, 100), (2, 0, 60), (4, 20, 35)], Some(4));
        check(&[(1, 0, 100), (2, 0, 60), (4, 30, 35)], Some(2));
    }

    #[test]
    fn equal_ends_go_to_the_smaller_size_in_any_order() {
        check(&[(4, 25, 35), (2, 0, 60)], Some(2));
        check(&[(2, 0, 60), (4, 25, 35)], Some(2));
        check(&[(8, u64::MAX, 1), (4, u64::MAX, 2)], Some(4));
        check(&[], None);
    }
}
