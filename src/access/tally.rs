//! What is counted of staff: how busy they are, and the two ways to count a stage, which must agree.

/// A stage counted twice, in task-nanoseconds. Little's law in its finite form says that both agree, to the nanosecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Law {
    /// The integral of how many tasks are in the stage.
    pub by_clock: u128,
    /// The sum of the times that tasks were in it; of those that still are, up to now.
    pub by_tasks: u128,
}

/// What the people of a pool did since time zero, in person-nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// With a task, by the clock: nights and weekends too.
    pub busy: u128,
    /// With a task, in working hours.
    pub worked: u128,
    /// Employed, in working hours; who goes but finishes a task first is until then. Never less than `worked`.
    pub staffed: u128,
}

impl Usage {
    /// The share of the working time that was worked, if there was any.
    pub fn utilisation(&self) -> Option<f64> {
        (self.staffed > 0).then(|| self.worked as f64 / self.staffed as f64)
    }
}
