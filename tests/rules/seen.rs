//! What is compared, and what the simulation says of it.

use super::case::{Case, Listed};
use pleiade::engine::Universe;
use pleiade::records::{JobRow, LinkRow, Outcome, SegmentEnd, SegmentRow, Sink};
use pleiade::simulation::simulate;
use pleiade::units::{Span, Time};

/// A run that was cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) from: Time,
    pub(super) to: Time,
    pub(super) lost: Span,
    pub(super) by: SegmentEnd,
}

/// How a job ended, whatever the reason for which it was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Ended {
    #[default]
    NotCome,
    Completed,
    Killed,
    Preempted,
    Rejected,
    Running,
    Queued,
}

/// What became of a job.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Fate {
    pub(super) start: Option<Time>,
    pub(super) end: Option<Time>,
    pub(super) ended: Ended,
    /// How long a limit, a quota or a budget held it back before it started for the first time.
    pub(super) held_back: Span,
    pub(super) cuts: Vec<Cut>,
}

/// The fates of all jobs by their numbers.
struct Seen(Vec<Fate>);

impl Sink for Seen {
    fn job(&mut self, row: &JobRow) {
        let fate = &mut self.0[row.id.number() as usize];
        (fate.start, fate.end) = (row.start, row.end);
        fate.held_back = row.waits.limit;
        fate.ended = match row.outcome {
            Outcome::Completed => Ended::Completed,
            Outcome::Killed => Ended::Killed,
            Outcome::Stopped | Outcome::Failed | Outcome::Balked | Outcome::Reneged => {
                unreachable!("no user ends a job early, or leaves")
            }
            Outcome::Preempted => Ended::Preempted,
            Outcome::Rejected(_) => Ended::Rejected,
            Outcome::Running => Ended::Running,
            Outcome::Queued => Ended::Queued,
            Outcome::Staging => unreachable!("no job has input"),
        };
    }

    fn segment(&mut self, row: &SegmentRow) {
        if let SegmentEnd::PushedOut | SegmentEnd::Chain = row.ended_by {
            let cut = Cut { from: row.from, to: row.to, lost: row.lost, by: row.ended_by };
            self.0[row.id.number() as usize].cuts.push(cut);
        }
    }

    fn link(&mut self, _: &LinkRow) {}
}

/// The fates of the jobs of a case by the simulation.
pub(super) fn simulated(case: &Case) -> Vec<Fate> {
    let system = case.system();
    let mut seen = Seen(vec![Fate::default(); case.jobs.len()]);
    let listed = Listed { jobs: &case.jobs, come: 0 };
    simulate(&system, &system.sets[0], Universe::new(0, 0), listed, &mut seen);
    seen.0
}
