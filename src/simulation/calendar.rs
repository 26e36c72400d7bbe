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
        let blocks: Vec<_> = self.partitions[partition].blocks.iter().copied().collect();
        for block in blocks.into_iter().filter(|block| block.to > now) {
            let units = block.withdrawn;
            if block.from > now {
                self.schedule(block.from, Event::Withdrawal { partition, units });
            } else {
                self.withdraw(partition, units);
            }
            self.schedule(block.to, Event::Return { partition, units });
        }
    }

    /// A block begins: its units are free by then, since no job was started that would hold them.
    pub(super) fn withdraw(&mut self, partition: PartitionId, units: u32) {
        let state = &mut self.partitions[partition];
        state.free =
            state.free.checked_sub(units).expect("a partition drains before a block of its calendar");
        state.capacity_changed = true;
        self.pass_due(partition);
    }

    /// A block ends.
    pub(super) fn give_back(&mut self, partition: PartitionId, units: u32) {
        let now = self.queue.now();
        let state = &mut self.partitions[partition];
        state.free += units;
        state.blocks.forget(now);
        state.capacity_changed = true;
        self.pass_due(partition);
    }
}
