//! The resolved system: sites, partitions, network graph, communities, job classes, policies chosen.
//!
//! Everything is checked before it comes here (by `scenario`) and addressed by typed ids, so that a bad state can't be
//! written down. No files, no events: a [`System`] is a value that a run reads and never changes.

mod activity;
mod asked;
mod broker;
mod cross_site;
mod dataset;
mod demand;
mod growth;
mod ids;
mod job;
mod network_rules;
mod operations;
mod patience;
mod policy;
mod project;
mod routing_plan;
mod selection;
mod site;
mod speedup;
mod staff;
mod system;
mod topology;

pub use activity::{Activity, Hours, LocalClock, LocalTime};
pub use asked::JobsAsked;
pub use broker::{BrokerInformation, BrokerPolicy, CopySites, Judge, Score, ScoreWeights, broker_in_words};
pub use cross_site::{CrossSite, PartsBegin, Round};
pub use dataset::{Dataset, DatasetHome, Eviction, Residency, ResultsGo, SiteStorage, StagingPlace};
pub use demand::{
    ArrivalStream, Asks, Bursts, Checkpoint, Community, Country, Early, Flexibility, JobClass, Malleable,
    RequestedTime,
};
pub use growth::Growth;
pub use ids::{
    AcceleratorId, CableId, ClassId, CommunityId, CountryId, DatasetId, Id, IdVec, LinkId, ModeId, NodeId,
    PartitionId, PoolId, ProjectKindId, SiteId, StreamId,
};
pub use job::{Ending, Job, JobId, Profile, Request, Scaling};
pub use network_rules::{
    Cable, Cables, Failures, NetworkRules, OnFailure, Routing, ScheduledTransfer, TransferModel,
};
pub use operations::{Amount, Operations};
pub use patience::Patience;
pub use policy::{
    Backfill, Compression, Conservative, Cycle, Decay, Easy, EventOrder, LocalPolicy, Multifactor, Order,
    ScanOrder, SizeFavour, SpareUnits,
};
pub use project::{
    AccessMode, Allocation, GrantAmount, GrantBudget, Help, Learning, Mistakes, ProjectKind, Projects,
    Review, Sessions, Taken, Ticket,
};
pub use routing_plan::{JobKind, RoutingPeriod, RoutingPlan};
pub use selection::{Candidate, Choice, Effort, GroupRule, Mask, SetRules, Sets, WorthEffort};
pub use site::{
    AcceleratorKind, AllocationUnit, Askers, Budget, CalendarBlock, HeldLimit, Marks, NodesAre, Partition,
    Per, Position, Preemption, PreemptionMode, Quota, Site,
};
pub use speedup::Speedup;
pub use staff::{StaffPool, StaffWork, WorkingHours};
pub use system::{CandidateSet, Confidence, Fact, Future, Observation, System};
pub use topology::{Link, LinkKind, Node, Topology};
