//! A sink that keeps all rows of a run.

use pleiade::records::{CopyRow, JobRow, LinkRow, ProjectRow, SegmentRow, Sink, TransferRow};

/// All rows of a run, in its order.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) jobs: Vec<JobRow>,
    pub(crate) segments: Vec<SegmentRow>,
    pub(crate) copies: Vec<CopyRow>,
    pub(crate) links: Vec<LinkRow>,
    pub(crate) transfers: Vec<TransferRow>,
    pub(crate) projects: Vec<ProjectRow>,
}

impl Sink for Rows {
    fn job(&mut self, row: &JobRow) {
        self.jobs.push(*row);
    }

    fn segment(&mut self, row: &SegmentRow) {
        self.segments.push(*row);
    }

    fn copy(&mut self, row: &CopyRow) {
        self.copies.push(*row);
    }

    fn link(&mut self, row: &LinkRow) {
        self.links.push(*row);
    }

    fn transfer(&mut self, row: &TransferRow) {
        self.transfers.push(*row);
    }
    fn project(&mut self, row: &ProjectRow) {
        self.projects.push(row.clone());
    }
}
