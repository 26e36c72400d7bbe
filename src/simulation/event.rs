//! The closed set of events and their order at one instant.

use super::live::{JobSlot, RunNumber};
use super::projects::ProjectSlot;
use crate::model::{CableId, EventOrder, ModeId, PartitionId, PoolId, StreamId};

/// Everything that can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// A calendar bin of the links closes.
    MonthEnd,
    /// A running job ends, or gives its units back; of a run that was cut short it means nothing any more.
    Completion(JobSlot, RunNumber),
    /// A partition begins to take jobs.
    Opening(PartitionId),
    /// A reservation of a partition falls due.
    Wake(PartitionId),
    /// A block of a partition's calendar begins or ends.
    CalendarEdge(PartitionId),
    /// A transfer finishes or begins to flow.
    Network,
    /// A cable fails, comes back or is changed.
    Cable(CableId, CableChange),
    /// The routes follow the cables as they are.
    Reroute,
    /// A transfer starts by plan.
    ScheduledTransfer(u32),
    /// The user of a job that has not started loses patience.
    Leaves(JobSlot),
    /// The hours of a project expire.
    Expires(ProjectSlot),
    /// Reviewers or support staff have done a task.
    StaffDone(u32),
    /// The people of a pool change.
    StaffChanges(PoolId),
    /// The pending job of a stream is submitted.
    Arrival(StreamId),
    /// The pending project of a stream applies for the first time.
    Application(StreamId),
    /// A project applies again.
    AppliesAgain(ProjectSlot),
    /// The applications to a mode are taken up.
    CutOff(ModeId),
    /// A project hands in its next job.
    NextJob(ProjectSlot),
}

/// What happens to a cable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CableChange {
    /// It fails by chance.
    Fails,
    /// A repair is over.
    IsMended,
    /// It goes out of service by plan.
    OutageBegins,
    /// It comes back by plan.
    OutageEnds,
    /// It gets another capacity.
    IsUpgraded,
}

impl CableChange {
    /// What comes back or changes takes effect before what goes.
    fn phase(self) -> u8 {
        match self {
            Self::IsMended | Self::OutageEnds | Self::IsUpgraded => 4,
            Self::Fails | Self::OutageBegins => 6,
        }
    }
}

impl Event {
    /// The phase within a round.
    pub(super) fn phase(self, order: EventOrder) -> u8 {
        match (self, order) {
            (Self::MonthEnd, _) => 0,
            // What is due now was planned before anything of this instant is known.
            (Self::Wake(_), EventOrder::SubmissionsFirst) => 1,
            (event, EventOrder::SubmissionsFirst) if event.is_submission() => 2,
            (Self::Completion(..) | Self::StaffDone(_), _) => 3,
            (Self::Opening(_) | Self::CalendarEdge(_) | Self::StaffChanges(_), _) => 4,
            (Self::Network, _) => 5,
            (Self::Cable(_, change), _) => change.phase(),
            (Self::Reroute, _) => 7,
            (Self::Wake(_), EventOrder::EndsFirst) => 8,
            (Self::ScheduledTransfer(_) | Self::Leaves(_) | Self::Expires(_), _) => 9,
            (_, _) => 10,
        }
    }

    /// Whether it hands in jobs, or applications.
    fn is_submission(self) -> bool {
        matches!(
            self,
            Self::Arrival(_)
                | Self::Application(_)
                | Self::AppliesAgain(_)
                | Self::CutOff(_)
                | Self::NextJob(_)
        )
    }
}
