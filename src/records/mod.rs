//! Flat rows that a run emits, each field with its meaning, and the [`Sink`] they go to.
//!
//! Rows are small values passed by reference: a sink that keeps none of them runs in constant memory.

mod copy;
mod job;
mod link;
mod project;
mod segment;
mod staff;
mod storage;
mod transfer;
mod waits;

pub use copy::CopyRow;
pub use job::{JobRow, Outcome, Rejection};
pub use link::LinkRow;
pub use project::{ProjectOutcome, ProjectRow, Refusal};
pub use segment::{SegmentEnd, SegmentRow};
pub use staff::StaffRow;
pub use storage::StorageRow;
pub use transfer::{TransferKind, TransferRow};
pub use waits::WaitCauses;

/// Where rows go. One method a row kind; each is called once for every row, in the order of the run.
pub trait Sink {
    /// A job left the system, was rejected, or was still there when the observation ended.
    fn job(&mut self, row: &JobRow);
    /// A run ended that did not end its job. Sinks that look at whole jobs only need not do anything.
    fn segment(&mut self, _row: &SegmentRow) {}
    /// A copy of a job was taken back. Sinks that look at whole jobs only need not do anything.
    fn copy(&mut self, _row: &CopyRow) {}
    /// A calendar bin of a link closed.
    fn link(&mut self, row: &LinkRow);
    /// A calendar bin of a site's storage closed. Sinks that know no datasets need not do anything.
    fn storage(&mut self, _row: &StorageRow) {}
    /// A transfer finished, or was under way when the observation ended. Sinks that look at links and jobs only need not
    /// do anything.
    fn transfer(&mut self, _row: &TransferRow) {}
    /// A project ended, or was still there when the observation ended. Sinks that know no projects need not do anything.
    fn project(&mut self, _row: &ProjectRow) {}
    /// What the people of a pool did in the whole run. Sinks that know no projects need not do anything.
    fn staff(&mut self, _row: &StaffRow) {}
}

/// A sink that keeps nothing.
impl Sink for () {
    fn job(&mut self, _: &JobRow) {}
    fn link(&mut self, _: &LinkRow) {}
}

/// Two sinks at once.
impl<A: Sink, B: Sink> Sink for (A, B) {
    fn job(&mut self, row: &JobRow) {
        self.0.job(row);
        self.1.job(row);
    }
    fn segment(&mut self, row: &SegmentRow) {
        self.0.segment(row);
        self.1.segment(row);
    }
    fn copy(&mut self, row: &CopyRow) {
        self.0.copy(row);
        self.1.copy(row);
    }
    fn link(&mut self, row: &LinkRow) {
        self.0.link(row);
        self.1.link(row);
    }
    fn storage(&mut self, row: &StorageRow) {
        self.0.storage(row);
        self.1.storage(row);
    }
    fn transfer(&mut self, row: &TransferRow) {
        self.0.transfer(row);
        self.1.transfer(row);
    }
    fn project(&mut self, row: &ProjectRow) {
        self.0.project(row);
        self.1.project(row);
    }
    fn staff(&mut self, row: &StaffRow) {
        self.0.staff(row);
        self.1.staff(row);
    }
}

impl<S: Sink> Sink for &mut S {
    fn job(&mut self, row: &JobRow) {
        (**self).job(row);
    }
    fn segment(&mut self, row: &SegmentRow) {
        (**self).segment(row);
    }
    fn copy(&mut self, row: &CopyRow) {
        (**self).copy(row);
    }
    fn link(&mut self, row: &LinkRow) {
        (**self).link(row);
    }
    fn storage(&mut self, row: &StorageRow) {
        (**self).storage(row);
    }
    fn transfer(&mut self, row: &TransferRow) {
        (**self).transfer(row);
    }
    fn project(&mut self, row: &ProjectRow) {
        (**self).project(row);
    }
    fn staff(&mut self, row: &StaffRow) {
        (**self).staff(row);
    }
}
