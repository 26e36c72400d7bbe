//! Pléiade simulates the interconnected network of European AI factories: supercomputers in several countries, joined
//! by a research network, shared by startups, industry and researchers. Planners compare candidate sets of factories
//! with it: who waits how long, what stands idle, which set serves best, with intervals.
//!
//! # The way of the data
//!
//! ```text
//! scenario file -> resolved system -> one run (replication) -> records -> statistics -> tables, plots
//! ```
//!
//! Nothing flows back up that line. A run is a pure function of (resolved system, candidate set, replication number).
//!
//! # The map of the house
//!
//! Each layer may import only from those above it in this list, and must not know what its last column names. A test
//! (`tests/tidy.rs`) reads the `use` lines and fails on one that breaks either rule.
//!
//! | layer | owns | must not know |
//! |---|---|---|
//! | [`units`] | integer time, bytes, rates, accelerator-hours, energy, money, calendar | anything else |
//! | [`engine`] | event queue with a total key, clock, keyed random streams, samplers | any domain word |
//! | [`model`] | the resolved system: sites, partitions, network graph, communities, policies chosen | files, events |
//! | [`records`] | flat rows that a run emits, and the `Sink` they go to | files |
//! | [`statistics`] | rows to estimates: sketches and bins, point and interval together | running |
//! | [`workload`] | synthetic demand, trace readers | scheduling |
//! | [`access`] | support staff and reviewers on their working hours, what may be granted | the event queue |
//! | [`network`] | routes, max-min sharing, transfers in flight | jobs, policies |
//! | [`data`] | datasets: residency, replicas, storage, eviction | jobs, policies |
//! | [`scheduling`] | local policies and the broker: a read-only view in, decisions out | the event queue, true run times |
//! | [`bound`] | the fluid bound, a linear programme: what no policy can beat | running |
//! | [`simulation`] | the closed set of events, one handler each; where the parts meet | files, plots, estimates |
//! | [`scenario`] | the file format, its schema, every error at once | running |
//! | [`study`] | the plan of runs, compare, select, sweep, replay, validate | drawing |
//! | [`report`] | tables and plots: functions from results to text or bytes | running |
//! | [`host`] | files, threads, the clock | drawing |
//! | [`cli`] | arguments, terminal, exit codes; puts it all together | - |
//!
//! `model` names the distributions of `engine` as parameters of demand; it knows nothing of its events.
//! Only `host` and `cli` read, write, print or look at the wall clock.

pub mod access;
pub mod bound;
pub mod cli;
pub mod data;
pub mod engine;
pub mod host;
pub mod model;
pub mod network;
pub mod records;
pub mod report;
pub mod scenario;
pub mod scheduling;
pub mod simulation;
pub mod statistics;
pub mod study;
pub mod units;
pub mod workload;
