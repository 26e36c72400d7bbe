//! Who held what on the nodes of one partition, for some days of one run: something to look at, not to conclude from.

use super::case::Case;
use crate::model::{CommunityId, PartitionId};
use crate::records::{JobRow, LinkRow, SegmentRow, Sink};
use crate::units::{Date, Time};
use serde::{Deserialize, Serialize};

/// Jobs on the nodes of a partition over some days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gantt {
    /// The scenario's name.
    pub scenario: String,
    /// The set's name.
    pub set: String,
    /// The site's name.
    pub site: String,
    /// The partition's id; jobs of all partitions on the same nodes are shown.
    pub partition: String,
    /// How its queue is served.
    pub policy: String,
    /// The seed.
    pub seed: u64,
    /// The run, from 0.
    pub replication: u32,
    /// Its accelerators that are open to the factory's work.
    pub accelerators: u32,
    /// The first day.
    pub from: Date,
    /// How many days.
    pub days: u32,
    /// The names of the communities.
    pub communities: Vec<String>,
    /// The stretches, by their beginning.
    pub stretches: Vec<Stretch>,
}

/// A job that held accelerators for a stretch of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stretch {
    /// Whose it was, by place in `communities`.
    pub community: usize,
    /// When it began, in days since `from`; before it, if it began before.
    pub begins: f64,
    /// When it ended, or the observation did.
    pub ends: f64,
    /// Which accelerators: the first and how many, of each block. Which ones it truly had is not simulated: the lowest ones
    /// that were free are shown, in one block where there is one.
    pub blocks: Vec<[u32; 2]>,
}

/// Which days of which partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GanttPlan {
    /// The partition.
    pub partition: PartitionId,
    /// The first day.
    pub from: Date,
    /// How many days.
    pub days: u32,
}

/// Runs replication 0 of a case once more and keeps what was held in the days of the plan. Panics where they lie outside the
/// observation.
pub fn gantt(case: &Case, plan: &GanttPlan) -> Gantt {
    const DAY_NS: u64 = 86_400_000_000_000;
    let system = case.system();
    let pool = system.partitions[plan.partition].pool;
    let start = system.calendar.time_of(plan.from);
    let window = (start, Time((start.0 + u64::from(plan.days) * DAY_NS).min(system.observation.end.0)));
    assert!(window.0 < window.1, "the days lie within the observation");
    let on_nodes = system.partitions.ids().filter(|&id| system.partitions[id].pool == pool).collect();
    let mut held = Held { on_nodes, window, end: system.observation.end, stretches: Vec::new() };
    case.run_for(0, &mut held);
    let accelerators = system.partitions[pool].accelerators();
    let days = |time: Time| (time.0 as f64 - start.0 as f64) / DAY_NS as f64;
    held.stretches.sort_by_key(|one| (one.from, one.to, one.community, one.accelerators));
    let blocks = blocks(accelerators, &held.stretches);
    Gantt {
        scenario: system.name.clone(),
        set: case.set().name.clone(),
        site: system.sites[system.partitions[pool].site].name.clone(),
        partition: system.partitions[plan.partition].id.clone(),
        policy: system.partitions[pool].policy.to_string(),
        seed: system.observation.seed,
        replication: 0,
        accelerators,
        from: plan.from,
        days: plan.days,
        communities: system.communities.iter().map(|one| one.name.clone()).collect(),
        stretches: held
            .stretches
            .iter()
            .zip(blocks)
            .map(|(one, blocks)| Stretch {
                community: one.community.index(),
                begins: days(one.from),
                ends: days(one.to),
                blocks,
            })
            .collect(),
    }
}

/// A sink that keeps who held what on some nodes within a window.
struct Held {
    on_nodes: Vec<PartitionId>,
    window: (Time, Time),
    end: Time,
    stretches: Vec<HeldStretch>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct HeldStretch {
    community: CommunityId,
    accelerators: u32,
    from: Time,
    to: Time,
}

impl Held {
    fn keep(&mut self, partition: PartitionId, stretch: HeldStretch) {
        let is_inside = stretch.from < self.window.1 && stretch.to > self.window.0;
        if is_inside && stretch.to > stretch.from && self.on_nodes.contains(&partition) {
            self.stretches.push(stretch);
        }
    }
}

impl Sink for Held {
    fn job(&mut self, row: &JobRow) {
        if let (Some(partition), Some(from)) = (row.partition, row.last_start) {
            let (community, accelerators) = (row.community, row.accelerators_held);
            let to = row.end.unwrap_or(self.end);
            self.keep(partition, HeldStretch { community, accelerators, from, to });
        }
    }

    fn segment(&mut self, row: &SegmentRow) {
        let (community, accelerators) = (row.community, row.accelerators_held);
        let stretch = HeldStretch { community, accelerators, from: row.from, to: row.to };
        self.keep(row.partition, stretch);
    }

    fn link(&mut self, _: &LinkRow) {}
}

/// For each stretch, which come by their beginning, the lowest free accelerators: one block if one is long enough, else pieces
/// from the lowest on.
fn blocks(accelerators: u32, stretches: &[HeldStretch]) -> Vec<Vec<[u32; 2]>> {
    let mut until = vec![Time::ZERO; accelerators as usize];
    let mut take = |stretch: &HeldStretch| {
        let mut free = free_blocks(&until, stretch.from);
        if let Some(&[first, _]) = free.iter().find(|[_, length]| *length >= stretch.accelerators) {
            free = vec![[first, stretch.accelerators]];
        }
        let mut left = stretch.accelerators;
        free.retain_mut(|[_, length]| {
            *length = left.min(*length);
            left -= *length;
            *length > 0
        });
        for &[first, length] in &free {
            until[first as usize..(first + length) as usize].fill(stretch.to);
        }
        free
    };
    stretches.iter().map(&mut take).collect()
}

/// The runs of accelerators that are free at an instant.
fn free_blocks(until: &[Time], at: Time) -> Vec<[u32; 2]> {
    let mut first = 0;
    let mut blocks = Vec::new();
    for run in until.chunk_by(|one, next| (*one <= at) == (*next <= at)) {
        if run[0] <= at {
            blocks.push([first, run.len() as u32]);
        }
        first += run.len() as u32;
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stretch((from, length, accelerators): (u64, u64, u32)) -> HeldStretch {
        HeldStretch { community: CommunityId(0), accelerators, from: Time(from), to: Time(from + length) }
    }

    proptest! {
        /// What never holds more than there is gets all that it holds, and nobody gets what another has at the time.
        #[test]
        fn nobody_stands_on_another(drawn in prop::collection::vec((0_u64..40, 1_u64..15, 1_u32..7), 1..40)) {
            const ALL: u32 = 10;
            let mut stretches: Vec<HeldStretch> = Vec::new();
            for one in drawn.into_iter().map(stretch) {
                let busy = |at: Time| stretches.iter().filter(|other| other.from <= at && at < other.to).map(|other| other.accelerators).sum::<u32>();
                let starts = stretches.iter().map(|other| other.from).filter(|&at| one.from <= at && at < one.to);
                if starts.chain([one.from]).all(|at| busy(at) + one.accelerators <= ALL) {
                    stretches.push(one);
                }
            }
            stretches.sort_by_key(|one| one.from);
            let blocks = blocks(ALL, &stretches);
            let units = |index: usize| blocks[index].iter().flat_map(|&[first, length]| first..first + length).collect::<Vec<u32>>();
            for (index, one) in stretches.iter().enumerate() {
                let own = units(index);
                prop_assert_eq!(own.len(), one.accelerators as usize);
                prop_assert!(own.iter().all(|unit| *unit < ALL));
                for (earlier, other) in stretches[..index].iter().enumerate() {
                    let together = other.from < one.to && one.from < other.to;
                    prop_assert!(!together || units(earlier).iter().all(|unit| !own.contains(unit)));
                }
            }
        }
    }

    #[test]
    fn one_block_where_there_is_one() {
        let stretches = [(0, 9, 2), (0, 3, 3), (0, 9, 1), (3, 9, 4), (5, 2, 3)].map(stretch);
        let found = blocks(10, &stretches);
        // The fourth passes over the block of three for that of four; the fifth takes it.
        assert_eq!(found, [vec![[0, 2]], vec![[2, 3]], vec![[5, 1]], vec![[6, 4]], vec![[2, 3]]]);
        let pieces = blocks(6, &[(0, 9, 1), (0, 2, 2), (0, 9, 1), (0, 2, 2), (2, 5, 4)].map(stretch));
        assert_eq!(pieces[4], [[1, 2], [4, 2]]);
    }
}
