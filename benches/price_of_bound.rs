//! What the fluid bound costs: its programme from the rows of one replication, against a bound by hand that knows nothing
//! but how much was asked for in the window and how much all nodes offer; and the fractions for a broker, which are worked
//! out once a set.

use super::rounds;
use criterion::Criterion;
use pleiade::bound::{FluidBound, routing_plan};
use pleiade::engine::Universe;
use pleiade::model::System;
use pleiade::records::{JobRow, LinkRow, SegmentRow, Sink};
use pleiade::simulation::simulate;
use pleiade::study::run_cell;
use pleiade::units::AcceleratorTime;
use pleiade::workload::Synthetic;
use std::hint::black_box;

pub(crate) fn measure(criterion: &mut Criterion, system: &System) {
    let rows = recorded(system);
    let known = bound_h(system, &rows);
    assert!(known <= by_hand_h(system, &rows) * (1.0 + 1e-9), "the programme knows more");
    let mut group = criterion.benchmark_group("bound");
    group.sample_size(10);
    group.bench_function("programme", |b| b.iter(|| bound_h(black_box(system), &rows)));
    group.bench_function("by_hand", |b| b.iter(|| by_hand_h(black_box(system), &rows)));
    group.bench_function("fractions", |b| b.iter(|| routing_plan(black_box(system), &system.sets[0])));
    group.finish();
}

/// Prints the ratios to the bound by hand and to the run.
pub(crate) fn print(system: &System) {
    let rows = recorded(system);
    rounds::print_ratio(("bound", "by_hand"), 1, || bound_h(system, &rows), || by_hand_h(system, &rows));
    let run = || run_cell(system, 0, 0);
    rounds::print_ratio(("bound", "run"), 1, || bound_h(system, &rows), run);
    rounds::print_ratio(("fractions", "run"), 1, || routing_plan(system, &system.sets[0]), run);
}

/// The rows of a run that the bound looks at.
#[derive(Default)]
struct Rows {
    jobs: Vec<JobRow>,
    segments: Vec<SegmentRow>,
    links: Vec<LinkRow>,
}

impl Sink for Rows {
    fn job(&mut self, row: &JobRow) {
        self.jobs.push(*row);
    }

    fn segment(&mut self, row: &SegmentRow) {
        self.segments.push(*row);
    }

    fn link(&mut self, row: &LinkRow) {
        self.links.push(*row);
    }
}

fn recorded(system: &System) -> Rows {
    let universe = Universe::new(system.observation.seed, 0);
    let mut rows = Rows::default();
    simulate(system, &system.sets[0], universe, Synthetic::new(system, universe), &mut rows);
    rows
}

fn bound_h(system: &System, rows: &Rows) -> f64 {
    let mut bound = FluidBound::new(system, &system.sets[0]);
    rows.links.iter().for_each(|row| bound.link(row));
    rows.segments.iter().for_each(|row| bound.segment(row));
    rows.jobs.iter().for_each(|row| bound.job(row));
    bound.bound_h()
}

/// All work that was there, or all that the nodes could do of it.
fn by_hand_h(system: &System, rows: &Rows) -> f64 {
    let (from, to) = (system.observation.warm_up, system.observation.end);
    let there = rows.jobs.iter().filter(|row| row.end.is_none_or(|ended| ended > from));
    let asked: f64 = there.map(|row| row.work.as_hours()).sum();
    let owners = system.partitions_of(&system.sets[0]).filter(|&id| system.owns_nodes(id));
    let offered = owners.map(|id| {
        let partition = &system.partitions[id];
        let open = to.since(partition.opens.max(from).min(to));
        let held_h = AcceleratorTime::of(partition.accelerators().into(), open).as_hours();
        held_h * system.speed_of(id).max(1.0)
    });
    offered.sum::<f64>().min(asked)
}
