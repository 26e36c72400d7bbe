//! Mean waits by site and month of submission, for the map.

use crate::model::SiteId;
use crate::units::{Span, Time};

/// Jobs with a wait and the sums of their waits.
#[derive(Debug, Clone)]
pub(super) struct MonthlyWaits {
    /// `[site][month]`: jobs, and nanoseconds waited.
    sums: Vec<Vec<(u64, u128)>>,
}

impl MonthlyWaits {
    /// Nothing counted yet.
    pub(super) fn new(sites: usize, months: usize) -> Self {
        Self { sums: vec![vec![(0, 0); months]; sites] }
    }

    /// Counts a job handed in at `submit` that waited so long at `site`; `edges` are those of the months, ascending.
    pub(super) fn count(&mut self, site: SiteId, (submit, edges): (Time, &[Time]), wait: Span) {
        let months = &mut self.sums[site.index()];
        // The last edge is the end of the observation: what is handed in there belongs to the month before it.
        let month = edges.partition_point(|&edge| edge <= submit).saturating_sub(1).min(months.len() - 1);
        months[month].0 += 1;
        months[month].1 += u128::from(wait.0);
    }

    /// `[site][month]`: mean wait in seconds; `NaN` without a job.
    pub(super) fn means_s(&self) -> Vec<Vec<f64>> {
        let mean = |&(jobs, waited): &(u64, u128)| waited as f64 / 1e9 / jobs as f64;
        self.sums.iter().map(|months| months.iter().map(mean).collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits stand in the month of submission, at its first instant too; where nobody came there is no mean.
    #[test]
    fn waits_stand_in_the_month_of_submission() {
        let second = |s: u64| Time::ZERO + Span(s * 1_000_000_000);
        let edges = [second(10), second(20), second(30)];
        let mut waits = MonthlyWaits::new(2, 2);
        for (submit, wait) in [(10, 4), (19, 8), (20, 100), (30, 300)] {
            waits.count(SiteId(0), (second(submit), &edges), Span(wait * 1_000_000_000));
        }
        let means = waits.means_s();
        assert_eq!(means[0], [6.0, 200.0]);
        assert!(means[1].iter().all(|mean| mean.is_nan()));
    }
}
