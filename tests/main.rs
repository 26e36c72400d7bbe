//! The integration tests, one module a kind.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails best where it stands")]

mod analytic;
mod borders;
mod bound;
mod brokers;
mod checks;
mod choosing;
mod cli;
mod closed;
mod cross_site;
mod datasets;
mod demand;
mod determinism;
mod documents;
mod flows;
mod gantt;
mod golden;
mod links;
mod maps;
mod one_machine;
mod oracle;
mod packed;
mod partitions;
mod patience;
mod pieces;
mod program;
mod projects;
mod property;
mod queues;
mod quotas;
mod regression;
mod report;
mod results;
mod rows;
mod rules;
mod shared;
mod sizes;
mod sweep;
mod tables;
mod tidy;
mod work;
