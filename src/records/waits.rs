//! Why a job waited, to the nanosecond.

use crate::units::Span;

/// The wait of a job from submission to its first start, split by cause. The parts add up to the wait.
///
/// At each instant in the queue the first of these holds that is true: a limit leaves its lane or its project less than it needs; the
/// machine, with what the calendar has withdrawn, has less free than it needs; the calendar has withdrawn what is
/// missing, or a block of the calendar begins before the job would end; else it waits behind others: for its turn, or
/// for a reservation that it would delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WaitCauses {
    /// Its input or its dataset was on the way.
    pub staging: Span,
    /// A limit or quota held it back.
    pub limit: Span,
    /// Not enough was free.
    pub capacity: Span,
    /// Maintenance, a course or a day for large jobs kept it away.
    pub calendar: Span,
    /// It would have fitted, but others came first.
    pub behind: Span,
}

impl WaitCauses {
    /// The sum of all parts.
    pub fn total(&self) -> Span {
        Span(self.staging.0 + self.limit.0 + self.capacity.0 + self.calendar.0 + self.behind.0)
    }
}
