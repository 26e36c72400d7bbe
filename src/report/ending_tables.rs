//! The table of how jobs ended and what became of the hours that they held.

use super::format::Quantity;
use super::table::Table;
use super::tables::of_metrics;
use crate::statistics::EndingMetric;
use crate::study::{EndingSummary, SetSummary, StudySummary};

/// The ends of the jobs of a set, one row a community, and one for all; `None` where jobs end in one way only.
pub(super) fn endings(summary: &StudySummary, set: &SetSummary) -> Option<Table> {
    const METRICS: [(&str, EndingMetric, Quantity); 12] = [
        ("Done", EndingMetric::JobsCompleted, Quantity::Count),
        ("Stopped", EndingMetric::JobsStopped, Quantity::Count),
        ("Failed", EndingMetric::JobsFailed, Quantity::Count),
        ("Killed", EndingMetric::JobsKilled, Quantity::Count),
        ("Went at once", EndingMetric::JobsBalked, Quantity::Count),
        ("Went later", EndingMetric::JobsReneged, Quantity::Count),
        ("Work lost", EndingMetric::LeftH, Quantity::AcceleratorHours),
        ("Held by done", EndingMetric::CompletedH, Quantity::AcceleratorHours),
        ("By stopped", EndingMetric::StoppedH, Quantity::AcceleratorHours),
        ("By failed", EndingMetric::FailedH, Quantity::AcceleratorHours),
        ("By killed", EndingMetric::KilledH, Quantity::AcceleratorHours),
        ("Otherwise", EndingMetric::OtherH, Quantity::AcceleratorHours),
    ];
    let all = set.endings.as_ref()?;
    let communities =
        set.communities.iter().filter_map(|one| Some((one.name.as_str(), one.endings.as_ref()?)));
    let title = (format!("How jobs ended in {}", set.name), "Community");
    let mut table = of_metrics(
        summary,
        title,
        &METRICS,
        communities.chain([("All", all)]),
        EndingMetric::name,
        EndingSummary::get,
    );
    table.note.push_str(
        " Held: accelerators x time, without what was in vain; otherwise: what was in vain (starts, restarts, work done \
         again), jobs pushed out for good and jobs still there. Went: users to whom the wait promised, or so far, was too long; \
         their work is lost to the network.",
    );
    Some(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Size, study};
    use crate::statistics::Estimate;

    #[test]
    fn one_row_a_community_and_one_for_all() {
        let mut summary = study(&Size { sites: 2, sets: 1, months: 3 });
        assert_eq!(endings(&summary, &summary.sets[0]), None);
        let estimate = Estimate::of([1.0, 2.0, 3.0]);
        let ends = EndingSummary {
            jobs_completed: estimate,
            jobs_stopped: estimate,
            jobs_failed: estimate,
            jobs_killed: estimate,
            jobs_balked: estimate,
            jobs_reneged: estimate,
            left_h: estimate,
            held_completed_h: estimate,
            held_stopped_h: estimate,
            held_failed_h: estimate,
            held_killed_h: estimate,
            held_other_h: estimate,
        };
        let set = &mut summary.sets[0];
        set.endings = Some(ends.clone());
        for community in &mut set.communities {
            community.endings = Some(ends.clone());
        }
        let table = endings(&summary, &summary.sets[0]).unwrap();
        assert_eq!(table.rows.len(), summary.sets[0].communities.len() + 1);
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        let text = table.text(80);
        assert!(text.contains("How jobs ended") && text.contains("n = 10 replications"), "{text}");
    }
}
