//! The blocks of a partition's calendar: units leave at their begin and come back at their end.

use super::event::Event;
use super::run::Simulation;
use crate::model::PartitionId;
use crate::records::Sink;
use crate::units::Time;
use crate::workload::Workload;

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// Schedules the edges of all blocks of a partition that opens at `now`.
    pub(super) fn begin_calendar(&mut self, partition: PartitionId, now: Time) {
        let blocks = self.partitions[partition].blocks.iter().filter(|block| block.to > now);
        let edges: Vec<Time> =
            blocks.flat_map(|block| [block.from, block.to]).filter(|&edge| edge > now).collect();
        for edge in edges {
            self.schedule(edge, Event::CalendarEdge(partition));
        }
        self.turn_calendar(partition);
    }

    /// Withdraws what the blocks of now withdraw, and gives back what they do not. What is withdrawn is free by then,
    /// since no job was started that would hold it.
    pub(super) fn turn_calendar(&mut self, partition: PartitionId) {
        let now = self.queue.now();
        let state = &mut self.partitions[partition];
        state.settle(now, &mut self.live);
        state.blocks.forget(now);
        let withdrawn = state.blocks.withdrawn(now);
        let free = (state.free + state.withdrawn).checked_sub(withdrawn);
        state.free = free.expect("a partition drains before a block of its calendar");
        state.withdrawn = withdrawn;
        state.capacity_changed = true;
        self.pass_due(partition);
    }
}
