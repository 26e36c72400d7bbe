//! How long a job runs and requests at a partition, on a number of accelerators, in one piece or in segments.

use super::run::Simulation;
use crate::model::{Checkpoint, Job, JobClass, PartitionId, Request, Speedup};
use crate::records::Sink;
use crate::units::Span;
use crate::workload::Workload;

/// What is requested of a partition that allows any time by those who ask for as much as it allows.
const CENTURY: Span = Span(36_525 * 86_400_000_000_000);

/// The times of a job at its first start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Times {
    /// What it requests for its first run.
    pub(super) requested: Span,
    /// What later segments of its chain request, without their restarts; none if it runs in one piece.
    pub(super) later: Span,
    /// How long it would run if nobody stopped it.
    pub(super) run: Span,
}

/// How a chain runs at a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segments {
    /// The longest segment.
    longest: Span,
    checkpoint: Checkpoint,
}

impl Segments {
    /// What the next segment requests, with `restart` before it gets on, and what is left for those after it; `left`
    /// does not count restarts.
    pub(super) fn next(self, left: Span, restart: Span) -> (Span, Span) {
        let whole = left + restart;
        if whole <= self.longest {
            return (whole, Span::ZERO);
        }
        let gets_on = self.longest.0 - restart.0 - self.checkpoint.cost.0;
        (self.longest, Span(left.0 - gets_on))
    }

    /// How a segment that is not the first begins and how it ends.
    pub(super) fn checkpoint(self) -> Checkpoint {
        self.checkpoint
    }
}

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// The times of a job at a partition on so many accelerators; `None` if it requests more than the partition allows.
    pub(super) fn times(&self, job: &Job, id: PartitionId, accelerators: u32) -> Option<Times> {
        let speed = self.system.speed_for(job.class, id);
        let most = self.system.partitions[id].max_requested;
        if self.class_of(job).is_none_or(JobClass::is_rigid) {
            let at_partition = |span| job.request.startup + job.request.scaling.on(span, speed);
            let requested = match job.request.requested {
                Request::MOST => most.min(CENTURY),
                requested => at_partition(requested),
            };
            let run = at_partition(job.profile.run);
            return (requested <= most).then_some(Times { requested, later: Span::ZERO, run });
        }
        let asked = job.request.accelerators;
        let at_size = |span: Span| match self.speedup(job) {
            Some(speedup) => speedup.run(span, asked, accelerators),
            None => span,
        };
        let at_partition = |span| job.request.startup + job.request.scaling.on(at_size(span), speed);
        let requested = match job.request.requested {
            Request::MOST => most.min(CENTURY),
            requested => at_partition(requested),
        };
        let run = at_partition(job.profile.run);
        let (requested, later) = match self.segments(job, id) {
            Some(segments) => segments.next(requested, Span::ZERO),
            None => (requested, Span::ZERO),
        };
        (requested <= most).then_some(Times { requested, later, run })
    }

    /// How the speed of a job depends on its size, if it has several.
    pub(super) fn speedup(&self, job: &Job) -> Option<Speedup> {
        self.class_of(job)?.flexibility.speedup()
    }

    /// How many accelerators of the size that a job asked for do the same work as those it runs on.
    pub(super) fn worth(&self, job: &Job, accelerators: u32) -> f64 {
        let asked = job.request.accelerators;
        if self.class_of(job).is_none_or(JobClass::is_rigid) {
            return f64::from(accelerators);
        }
        let relative =
            self.speedup(job).map_or(1.0, |speedup| speedup.speedup(accelerators) / speedup.speedup(asked));
        f64::from(asked) * relative
    }

    /// How a job is cut into segments at a partition; `None` where it runs in one piece, or where the partition's
    /// longest time is too short for a segment to get on.
    pub(super) fn segments(&self, job: &Job, id: PartitionId) -> Option<Segments> {
        let class = self.class_of(job)?;
        let (segment, checkpoint) = (class.segment?, class.checkpoint?);
        let longest = segment.min(self.system.partitions[id].max_requested);
        let gets_on = longest > checkpoint.restart.max(job.request.startup) + checkpoint.cost;
        gets_on.then_some(Segments { longest, checkpoint })
    }

    /// The class of a job; those of traces have none.
    pub(super) fn class_of(&self, job: &Job) -> Option<&JobClass> {
        self.system.classes.get(job.class)
    }
}
