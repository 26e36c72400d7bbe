//! In which ways a job may run: through which partition, on which size, as the broker has it at its submission. No policy
//! has others.

use crate::model::{
    Asks, ClassId, CommunityId, CountryId, CrossSite, Flexibility, JobClass, Partition, PartitionId, Scaling,
    Speedup, System,
};
use crate::units::Span;

/// What is the same of many jobs: what they ask for, their time aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asked {
    pub(super) class: ClassId,
    pub(super) accelerators: u32,
    /// Whether a faster accelerator shortens them.
    pub(super) is_work: bool,
}

/// Running through a partition, for jobs that start on one size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Way {
    pub(super) partition: PartitionId,
    /// Accelerators held per accelerator of work, both over time: the least of any size that the job may go through.
    pub(super) held_per_work: f64,
    /// Reference accelerators whose work it does: the most of any such size.
    pub(super) rate: f64,
    /// The longest time that it may ask for.
    pub(super) longest: Span,
    /// How long it may run beyond the time it asked for, on the reference accelerator.
    pub(super) grace_s: f64,
    /// Whether all it does it does in one run, so that the time it asked for bounds its work.
    pub(super) in_one_run: bool,
}

/// All ways of jobs of a community in a country through the partitions listed. Limits of single projects are left out.
pub(super) fn ways(
    system: &System,
    asked: Asked,
    (community, country): (CommunityId, CountryId),
    partitions: impl IntoIterator<Item = PartitionId>,
) -> Vec<Way> {
    let class = system.classes.get(asked.class);
    let flexibility = class.map_or(&Flexibility::Rigid, |class| &class.flexibility);
    let mut sizes = flexibility.starting_sizes(&asked.accelerators).to_vec();
    if let Some(rule) = class.and_then(|class| class.cross_site) {
        let most = rule.most_sites.min(asked.accelerators);
        sizes.extend((2..=most).flat_map(|sites| CrossSite::part_sizes(asked.accelerators, sites)));
        sizes.sort_unstable();
        sizes.dedup();
    }
    let mut ways = Vec::new();
    for id in partitions {
        let partition = &system.partitions[id];
        let admits = partition.admits.as_ref().is_none_or(|admitted| admitted.contains(&community));
        let most = system.most_units(id, (community, country), Asks::Jobs);
        let most = most.min(system.partitions[partition.pool].capacity().into());
        let job = Kind { system, asked, class, flexibility };
        let fitting = sizes.iter().filter(|&&size| admits && fits(partition, size, most));
        ways.extend(fitting.map(|&size| job.way(id, size)));
    }
    ways
}

fn fits(partition: &Partition, size: u32, most_units: u64) -> bool {
    let most = u64::from(partition.max_nodes_per_job) * u64::from(partition.accelerators_per_node);
    u64::from(partition.units_for(size)) <= most_units && u64::from(size) <= most
}

struct Kind<'a> {
    system: &'a System,
    asked: Asked,
    class: Option<&'a JobClass>,
    flexibility: &'a Flexibility,
}

impl Kind<'_> {
    fn way(&self, id: PartitionId, size: u32) -> Way {
        let partition = &self.system.partitions[id];
        let speed = if self.asked.is_work { self.system.speed_for(self.asked.class, id) } else { 1.0 };
        let held = partition.accelerators_of(partition.units_for(size));
        // Efficiency falls with the size, so a malleable job uses best the units that it starts on; speed grows with it.
        let (best, greatest) = match self.flexibility {
            Flexibility::Malleable(malleable) => {
                let most = self.system.partitions[partition.pool].accelerators();
                let best = held.min(malleable.maximum).max(size);
                (best, malleable.maximum.min(most).max(best))
            }
            Flexibility::Rigid | Flexibility::Moldable { .. } => (size, size),
        };
        // The parts of a job do their work at the same time, each in more time than it would have asked for.
        let is_split = self.class.is_some_and(|class| class.cross_site.is_some());
        let preemption = self.system.partitions[partition.pool].preemption;
        Way {
            partition: id,
            held_per_work: f64::from(held) / (self.worth(best) * speed),
            rate: self.worth(if is_split { self.asked.accelerators } else { greatest }) * speed,
            longest: self.longest(partition, size, speed),
            grace_s: partition.grace.as_seconds() * speed,
            in_one_run: preemption.is_none() && !is_split && self.class.is_none_or(JobClass::is_rigid),
        }
    }

    /// How many accelerators of the size asked for do the same work as these.
    fn worth(&self, accelerators: u32) -> f64 {
        let relative =
            |speedup: Speedup| speedup.speedup(accelerators) / speedup.speedup(self.asked.accelerators);
        match self.flexibility.speedup() {
            Some(speedup) => f64::from(self.asked.accelerators) * relative(speedup),
            None => f64::from(accelerators),
        }
    }

    /// The longest time that a job may ask for, by bisection: the time that it requests of the partition grows with it.
    fn longest(&self, partition: &Partition, size: u32, speed: f64) -> Span {
        let most = partition.max_requested;
        if most == Span::MAX || self.is_chain(partition) {
            return Span::MAX;
        }
        let scaling = if self.asked.is_work { Scaling::Work } else { Scaling::WallTime };
        let requested = |time: Span| {
            let at_size =
                self.flexibility.speedup().map(|speedup| speedup.run(time, self.asked.accelerators, size));
            scaling.on(at_size.unwrap_or(time), speed)
        };
        let (mut allowed, mut refused) = (0, u64::MAX);
        while refused - allowed > 1 {
            let middle = allowed + (refused - allowed) / 2;
            if requested(Span(middle)) <= most {
                allowed = middle;
            } else {
                refused = middle;
            }
        }
        Span(allowed)
    }

    /// Whether it runs in segments, each of which is short enough.
    fn is_chain(&self, partition: &Partition) -> bool {
        let Some((segment, checkpoint)) = self.class.and_then(|class| class.segment.zip(class.checkpoint))
        else {
            return false;
        };
        segment.min(partition.max_requested) > checkpoint.restart + checkpoint.cost
    }
}
