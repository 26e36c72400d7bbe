//! Closed loops: so many users, who think and then wait for their job at so many servers, through the real simulator.

use super::arrivals::{judge, system};
use super::theory::ClosedLoop;
use super::{Effort, Verdict};
use crate::engine::{Distribution, Universe, entity_key};
use crate::model::{ArrivalStream, System};
use crate::records::{JobRow, LinkRow, Sink};
use crate::simulation::simulate;
use crate::statistics::BatchMeans;
use crate::units::Time;
use crate::workload::Synthetic;

/// The loops judged.
pub(super) const LOOPS: [ClosedLoop; 3] = [
    ClosedLoop { users: 20, servers: 1, think: 20.0, service: 1.0 },
    ClosedLoop { users: 50, servers: 10, think: 8.0, service: 2.0 },
    ClosedLoop { users: 200, servers: 32, think: 24.0, service: 6.0 },
];

/// A batch of the statistics spans hundreds of rounds of all users.
const BATCHES: u64 = 40;

/// What a loop shows.
struct Measured {
    servers: f64,
    /// Jobs that have left, and when the last one did.
    gone: u64,
    last: Time,
    /// Jobs over the time between them.
    throughput: BatchMeans,
    times: BatchMeans,
    /// Service over the time of all servers.
    busy: BatchMeans,
}

pub(super) fn run(closed: &ClosedLoop, effort: Effort) -> Vec<Verdict> {
    judge_loop(closed, &measured(closed, effort.customers() / 2))
}

fn judge_loop(closed: &ClosedLoop, measured: &Measured) -> Vec<Verdict> {
    let ClosedLoop { users, servers, .. } = *closed;
    let name = format!("M/M/{servers}//{users}, closed");
    let (throughput, time) = (closed.throughput(), closed.time());
    let busy = throughput * closed.service / f64::from(servers);
    vec![
        judge("Q18", &format!("throughput, {name}"), throughput, &measured.throughput),
        judge("Q18", &format!("time in system, {name}"), time, &measured.times),
        judge("Q18", &format!("share of the servers busy, {name}"), busy, &measured.busy),
    ]
}

fn measured(closed: &ClosedLoop, customers: u64) -> Measured {
    let length_s = customers as f64 / closed.throughput() * 1.05;
    let system = of_users(closed, length_s);
    let means = BatchMeans::new(customers, BATCHES);
    let mut measured = Measured {
        servers: closed.servers.into(),
        gone: 0,
        last: Time::ZERO,
        throughput: means.clone(),
        times: means.clone(),
        busy: means,
    };
    let universe = Universe::new(entity_key("Q18", ""), closed.users);
    simulate(&system, &system.sets[0], universe, Synthetic::new(&system, universe), &mut measured);
    measured
}

/// One partition with a stream for each user.
fn of_users(closed: &ClosedLoop, length_s: f64) -> System {
    let mut system = system(closed.servers, 1.0 / closed.think, closed.service, length_s);
    let stream = system.streams.iter().next().expect("the demand has one stream").clone();
    let user = |number: u32| ArrivalStream {
        key: format!("{}/{number}", stream.key),
        think_s: Some(Distribution::Exponential { mean: closed.think }),
        ..stream.clone()
    };
    system.streams = (0..closed.users).map(user).collect();
    system
}

impl Sink for Measured {
    fn job(&mut self, row: &JobRow) {
        let (Some(start), Some(end)) = (row.start, row.end) else { return };
        let between_s = end.since(self.last).as_seconds();
        self.throughput.add_part(self.gone, 1.0, between_s);
        self.times.add(self.gone, end.since(row.submit).as_seconds());
        self.busy.add_part(self.gone, end.since(start).as_seconds() / self.servers, between_s);
        (self.gone, self.last) = (self.gone + 1, end);
    }

    fn link(&mut self, _: &LinkRow) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The right answers pass; those of a user more, or of a little more thought, fail.
    #[test]
    fn the_judgement_has_teeth() {
        let pass =
            |closed: &ClosedLoop, seen: &Measured| judge_loop(closed, seen).iter().all(|one| one.passed);
        let seen = measured(&LOOPS[1], 400_000);
        assert!(pass(&LOOPS[1], &seen));
        assert!(!pass(&ClosedLoop { users: 51, ..LOOPS[1] }, &seen));
        assert!(!pass(&ClosedLoop { think: 8.2, ..LOOPS[1] }, &seen));
    }
}
