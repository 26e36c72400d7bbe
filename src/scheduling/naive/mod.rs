//! The slow, obvious forms of the local policies, written from their rules on plain vectors: the oracle of the fast
//! forms, for tests only.
//!
//! [`workload`] draws small workloads full of ties. [`fast`] runs one through a policy as the simulation does, [`slow`]
//! by the rules: a full pass at every event, the queue sorted anew, the units free in each second counted from the
//! running jobs and the reservations. [`lockstep`] requires the same from both at every second, [`laws`] what holds for
//! any right form, and [`queues`] that the queues find what a scan finds.

mod cycle;
mod draws;
mod easy;
mod fast;
mod fast_passes;
mod laws;
mod lockstep;
mod look;
mod order;
mod queues;
mod reservations;
mod slow;
mod workload;
