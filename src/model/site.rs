//! Sites and their partitions of accelerators.

use super::dataset::SiteStorage;
use super::demand::Asks;
use super::ids::{AcceleratorId, CommunityId, CountryId, NodeId, PartitionId, SiteId};
use super::policy::LocalPolicy;
use crate::units::{AcceleratorTime, Carbon, Money, Power, Span, Time};

/// Latitude and longitude in degrees, north and east positive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
}

impl Position {
    /// Great-circle distance in km on a sphere of radius 6,371 km (haversine formula).
    pub fn distance_km(self, other: Self) -> f64 {
        let half_sine = |degrees: f64| libm::sin(degrees.to_radians() / 2.0);
        let a = half_sine(other.latitude - self.latitude);
        let b = half_sine(other.longitude - self.longitude);
        let cosines = libm::cos(self.latitude.to_radians()) * libm::cos(other.latitude.to_radians());
        let chord = a * a + cosines * b * b;
        2.0 * 6_371.0 * libm::asin(chord.sqrt().min(1.0))
    }
}

/// A kind of accelerator.
#[derive(Debug, Clone, PartialEq)]
pub struct AcceleratorKind {
    /// Its id in the scenario, such as `gh200`.
    pub id: String,
    /// Its name in tables.
    pub name: String,
    /// Dense BF16 peak in TFLOP/s.
    pub peak_bf16_tflops: f64,
    /// How fast it works relative to the scenario's reference accelerator (ratio of peaks): a job of class `work`
    /// runs its reference time divided by this.
    pub speed: f64,
}

/// One AI factory.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Its id in the scenario.
    pub id: String,
    /// Its name in plots and tables.
    pub name: String,
    /// The hosting country.
    pub country: CountryId,
    /// The other countries of its consortium, in id order.
    pub consortium: Vec<CountryId>,
    /// Where it stands.
    pub position: Position,
    /// Its storage, the end of the routes to and from it.
    pub node: NodeId,
    /// What its storage holds of datasets; `None` for no bound.
    pub storage: Option<SiteStorage>,
    /// Its partitions, in id order.
    pub partitions: Vec<PartitionId>,
    /// What it costs: acquisition and operation over the observation.
    pub cost: Money,
    /// Price of a megawatt-hour of electricity.
    pub electricity_price_per_mwh: Money,
    /// Carbon intensity of its electricity.
    pub carbon: Carbon,
    /// Power usage effectiveness: site power over machine power, at least 1.
    pub pue: f64,
    /// Committed sites belong to every candidate set.
    pub committed: bool,
    /// What the experts gave it; `None`: nothing is known.
    pub marks: Option<Marks>,
}

/// The marks of experts for the three criteria of the call, on the scale of the scenario.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Marks {
    /// Computing power.
    pub computing: f64,
    /// Access to data.
    pub data: f64,
    /// Availability of talent.
    pub talent: f64,
}

/// What a partition hands out: whole nodes or single accelerators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllocationUnit {
    /// Jobs hold whole nodes.
    Node,
    /// Jobs hold single accelerators; a job may span nodes freely.
    Accelerator,
    /// Jobs hold single accelerators of shared nodes, packed: on one node where they fit, otherwise on whole nodes and a
    /// rest.
    Packed,
}

/// Equal nodes of one accelerator kind at a site with one local scheduler.
#[derive(Debug, Clone, PartialEq)]
pub struct Partition {
    /// Its id, unique within the site.
    pub id: String,
    /// The site it belongs to.
    pub site: SiteId,
    /// Its kind of accelerator.
    pub accelerator: AcceleratorId,
    /// Nodes open to the factory's work: all nodes times the share, rounded down.
    pub nodes: u32,
    /// Accelerators of one node.
    pub accelerators_per_node: u32,
    /// What jobs are given.
    pub unit: AllocationUnit,
    /// The instant from which it takes jobs.
    pub opens: Time,
    /// How its queue is served.
    pub policy: LocalPolicy,
    /// The most nodes one job may hold.
    pub max_nodes_per_job: u32,
    /// The longest time a job may request.
    pub max_requested: Span,
    /// How many jobs may wait; an arrival that finds the queue full is rejected. `Some(0)` is a pure loss system.
    pub max_queued: Option<u32>,
    /// Power of a busy accelerator with its share of the host.
    pub accelerator_power: Power,
    /// The partition whose nodes its jobs run on and whose policy serves them: itself, or another of the site.
    pub pool: PartitionId,
    /// Whether they are its own.
    pub nodes_are: NodesAre,
    /// Of the partitions that share nodes, jobs of a higher tier go first.
    pub tier: i32,
    /// The communities whose jobs it takes; `None` for all.
    pub admits: Option<Vec<CommunityId>>,
    /// How long a job may go on beyond the time it requested before it is killed; schedulers do not plan with it.
    pub grace: Span,
    /// What its jobs, or some of them, may hold at once.
    pub limits: Vec<HeldLimit>,
    /// What its jobs, or some of them, may use up in each period.
    pub budgets: Vec<Budget>,
    /// Whose the nodes are in the first place; of the partition that owns the nodes. Empty: everybody's.
    pub quotas: Vec<Quota>,
    /// How jobs of a higher tier push out others, and owners of a quota those who borrow it; of the partition that owns
    /// the nodes. `None`: they do not.
    pub preemption: Option<Preemption>,
    /// Maintenance, courses, days for large jobs; of the partition that owns the nodes.
    pub calendar: Vec<CalendarBlock>,
}

/// How jobs are pushed out by jobs of a higher tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preemption {
    /// What becomes of a job that is pushed out.
    pub mode: PreemptionMode,
    /// How long a job runs before it can be pushed out.
    pub exempt: Span,
}

/// What becomes of a job that is pushed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreemptionMode {
    /// It is lost.
    Cancel,
    /// It goes back to its place in the queue and starts again from its last checkpoint.
    Requeue,
    /// It gives its units back, keeps all it has done, and goes on when it fits again.
    Suspend,
    /// It writes a checkpoint first, which takes its time, then goes back to its place in the queue.
    CheckpointThenRequeue,
}

/// Whose the nodes of a partition are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodesAre {
    /// Its own.
    Own,
    /// Those of another partition.
    Shared,
}

/// Some of those who ask: a community, the users of some countries, or both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Askers {
    /// The community; `None` for all.
    pub community: Option<CommunityId>,
    /// The countries; `None` for all.
    pub countries: Option<Vec<CountryId>>,
}

impl Askers {
    /// Whether those of a community in a country are among them.
    pub fn include(&self, community: CommunityId, country: CountryId) -> bool {
        self.community.is_none_or(|only| only == community)
            && self.countries.as_ref().is_none_or(|listed| listed.contains(&country))
    }
}

/// The most that some jobs of a partition may hold at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldLimit {
    /// Whose jobs it is about.
    pub askers: Askers,
    /// Who has it.
    pub per: Per,
    /// Nodes; `None`: any number.
    pub nodes: Option<u32>,
    /// Jobs that run; `None`: any number.
    pub jobs: Option<u32>,
}

/// Who has a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// All whom it is about share it.
    Group,
    /// Each project has it by itself; jobs that come without a project are under no such limit.
    Project,
}

impl HeldLimit {
    /// So many nodes, which all share whom it is about.
    pub fn of_nodes(askers: Askers, nodes: u32) -> Self {
        Self { askers, per: Per::Group, nodes: Some(nodes), jobs: None }
    }

    /// Whether it is about the jobs that a community hands in from a country, by projects or without.
    pub fn is_about(&self, community: CommunityId, country: CountryId, asks: Asks) -> bool {
        (self.per == Per::Group || asks == Asks::Projects) && self.askers.include(community, country)
    }
}

/// What some jobs of a partition may use up in each period: once it is used up, no further job of them starts until the
/// next period begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// Whose jobs share it.
    pub askers: Askers,
    /// Accelerators held times time.
    pub amount: AcceleratorTime,
    /// The length of a period; the first one begins when the partition opens.
    pub period: Span,
}

/// Nodes that belong to some in the first place, of which others may borrow what lies idle (as Kueue's cohorts).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// Whose nodes they are.
    pub askers: Askers,
    /// Nodes.
    pub nodes: u32,
    /// The most nodes that they may hold beyond these, while others leave theirs idle.
    pub borrow: u32,
    /// The most of their own nodes that others may hold, while they leave them idle.
    pub lend: u32,
}

/// An interval in which nodes are withdrawn, or small jobs kept away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarBlock {
    /// From when.
    pub from: Time,
    /// Until when.
    pub to: Time,
    /// Nodes that nobody gets.
    pub nodes: u32,
    /// Jobs on fewer nodes must not overlap it; 0 admits all.
    pub least_nodes: u32,
}

impl Partition {
    /// The longest time between two blocks of the calendar that withdraw all nodes, the opening being the first one's
    /// end: a job that requests more never fits between them. `None` where fewer than two do.
    pub fn longest_between_closures(&self) -> Option<Span> {
        let closures = self.calendar.iter().filter(|block| block.nodes >= self.nodes);
        let mut closures: Vec<(Time, Time)> = closures.map(|block| (block.from, block.to)).collect();
        closures.sort_unstable();
        if closures.len() < 2 {
            return None;
        }
        let ends = std::iter::once(self.opens).chain(closures.iter().map(|&(_, to)| to));
        ends.zip(&closures).map(|(end, &(next, _))| Span(next.0.saturating_sub(end.0))).max()
    }

    /// The most accelerators that one job may hold.
    pub fn largest_job(&self) -> u64 {
        u64::from(self.max_nodes_per_job.min(self.nodes)) * u64::from(self.accelerators_per_node)
    }

    /// Capacity in allocation units.
    pub fn capacity(&self) -> u32 {
        match self.unit {
            AllocationUnit::Node => self.nodes,
            AllocationUnit::Accelerator | AllocationUnit::Packed => self.nodes * self.accelerators_per_node,
        }
    }

    /// Accelerators open to the factory's work that this partition adds: none if another owns its nodes.
    pub fn accelerators(&self) -> u32 {
        match self.nodes_are {
            NodesAre::Own => self.nodes * self.accelerators_per_node,
            NodesAre::Shared => 0,
        }
    }

    /// Allocation units of so many nodes.
    pub fn units_of_nodes(&self, nodes: u32) -> u32 {
        match self.unit {
            AllocationUnit::Node => nodes,
            AllocationUnit::Accelerator | AllocationUnit::Packed => {
                nodes.saturating_mul(self.accelerators_per_node)
            }
        }
    }

    /// Allocation units that a job of `accelerators` holds.
    pub fn units_for(&self, accelerators: u32) -> u32 {
        match self.unit {
            AllocationUnit::Node => accelerators.div_ceil(self.accelerators_per_node),
            AllocationUnit::Accelerator | AllocationUnit::Packed => accelerators,
        }
    }

    /// Accelerators held by a job that holds `units`.
    pub fn accelerators_of(&self, units: u32) -> u32 {
        match self.unit {
            AllocationUnit::Node => units * self.accelerators_per_node,
            AllocationUnit::Accelerator | AllocationUnit::Packed => units,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_of_known_cities() {
        let kajaani = Position { latitude: 64.2320, longitude: 27.6915 };
        let barcelona = Position { latitude: 41.389, longitude: 2.116 };
        // 3,022 km by the same formula in the published table of distances.
        assert!((kajaani.distance_km(barcelona) - 3_022.0).abs() < 1.0);
    }
}
