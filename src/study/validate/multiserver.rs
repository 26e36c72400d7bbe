//! Jobs that hold several servers at once, first come, first served, through the real simulator: what a saturated
//! system completes and holds, and the time in system below saturation.

use super::theory::{
    MultiserverClass, MultiserverJobs, Saturation, multiserver_saturation, multiserver_time,
};
use super::{Effort, STANDARD_ERRORS, Verdict};
use crate::engine::{Distribution, Universe, entity_key};
use crate::model::{EventOrder, LocalPolicy};
use crate::records::{JobRow, LinkRow, Outcome, Sink};
use crate::statistics::BatchMeans;
use crate::study::{DemandClass, PoissonDemand, SinglePartition};
use crate::units::{Span, Time};

/// Servers with the need, share and service rate of each class.
type System = (u32, &'static [(u32, f64, f64)]);

const SATURATED: [System; 7] = [
    (2, &[(1, 0.5, 1.0), (2, 0.5, 1.0)]),
    (2, &[(1, 2.0 / 3.0, 1.0), (2, 1.0 / 3.0, 0.5)]),
    (4, &[(1, 0.9, 1.0), (4, 0.1, 1.0)]),
    (10, &[(1, 0.9, 1.0), (10, 0.1, 1.0)]),
    (32, &[(1, 0.95, 1.0), (32, 0.05, 0.25)]),
    (30, &[(3, 0.5, 1.0), (10, 0.5, 1.0)]),
    (16, &[(1, 0.7, 1.0), (4, 0.25, 0.5), (16, 0.05, 0.25)]),
];

/// Arrivals per second and the system they come to.
const OPEN: [(f64, System); 3] = [(0.5, SATURATED[0]), (0.9, SATURATED[0]), (0.6, SATURATED[1])];

/// A saturated system is fed so much more than it completes, and so many jobs may wait: the line, full after some
/// 10,000 completions, does not empty again. Whom it turns away does not depend on the class.
const FEED: f64 = 1.2;
const LINE: u32 = 2_000;

/// Relative difference allowed to a saturated system besides the standard errors. At a million completions it is 2.3
/// standard errors of the throughput of 32 servers, whose few wide jobs are long, and from 3 to 9 of all others.
const SATURATED_RELATIVE: f64 = 0.01;

/// A batch spans hundreds of relaxation times.
const BATCHES: u64 = 40;

/// One system and how jobs come to it.
#[derive(Debug, Clone)]
pub(super) struct Multiserver {
    system: MultiserverJobs,
    arrivals: Arrivals,
}

#[derive(Debug, Clone, Copy)]
enum Arrivals {
    Saturating,
    PerSecond(f64),
}

/// The saturated systems, then the others.
pub(super) fn cases() -> Vec<Multiserver> {
    let case = |arrivals, (servers, classes): System| {
        let class = |&(need, share, service_per_s)| MultiserverClass { need, share, service_per_s };
        let system = MultiserverJobs { servers, classes: classes.iter().map(class).collect() };
        Multiserver { system, arrivals }
    };
    let saturated = SATURATED.into_iter().map(|system| case(Arrivals::Saturating, system));
    let open = OPEN.into_iter().map(|(rate, system)| case(Arrivals::PerSecond(rate), system));
    saturated.chain(open).collect()
}

impl Multiserver {
    /// Runs the system and judges what is known of it.
    pub(super) fn run(&self, effort: Effort) -> Vec<Verdict> {
        let name = name(&self.system);
        match self.arrivals {
            Arrivals::Saturating => {
                let exact = multiserver_saturation(&self.system);
                saturate(&self.system, effort.completions()).judge(&name, exact).into()
            }
            Arrivals::PerSecond(rate_per_s) => {
                let times = times_in_system(&self.system, rate_per_s, effort.customers());
                let exact = multiserver_time(&self.system, rate_per_s);
                vec![judge_time(&format!("{rate_per_s} jobs/s, {name}"), exact, &times)]
            }
        }
    }
}

/// Such as `needs 1, 2 of 2, rates 1, 0.5`.
fn name(system: &MultiserverJobs) -> String {
    let list = |value: fn(&MultiserverClass) -> f64| {
        let values: Vec<String> = system.classes.iter().map(|class| value(class).to_string()).collect();
        values.join(", ")
    };
    let (needs, rates) = (list(|class| class.need.into()), list(|class| class.service_per_s));
    format!("needs {needs} of {}, rates {rates}", system.servers)
}

fn judge_time(name: &str, exact: f64, times: &BatchMeans) -> Verdict {
    let (mean, error) = times.mean_and_error();
    let quantity = format!("time in system, {name}");
    Verdict::new("Q13", &quantity, exact, mean, STANDARD_ERRORS * error, times.count())
}

/// Feeds a system for so many completions at least.
fn saturate(system: &MultiserverJobs, completions: u64) -> Departures {
    let throughput_per_s = multiserver_saturation(system).throughput_per_s;
    let mut departures = Departures::new(system.servers, completions);
    let length_s = completions as f64 / throughput_per_s;
    run(system, "Q12", FEED * throughput_per_s, Some(LINE), length_s, &mut departures);
    departures
}

fn times_in_system(system: &MultiserverJobs, rate_per_s: f64, customers: u64) -> BatchMeans {
    let mut times = Times(BatchMeans::new(customers, BATCHES));
    run(system, "Q13", rate_per_s, None, customers as f64 / rate_per_s, &mut times);
    times.0
}

/// Runs a system for a length of time and a little more, so that the last of its jobs come and go.
fn run(
    system: &MultiserverJobs,
    case: &str,
    rate_per_s: f64,
    max_queued: Option<u32>,
    length_s: f64,
    sink: &mut impl Sink,
) {
    let class = |class: &MultiserverClass| DemandClass {
        share: class.share,
        accelerators: vec![(class.need, 1.0)],
        duration_s: Distribution::Exponential { mean: 1.0 / class.service_per_s },
        requested_factor: Distribution::Constant(1.0),
    };
    let classes = system.classes.iter().map(class).collect();
    let partition = SinglePartition {
        accelerators: system.servers,
        policy: LocalPolicy::FCFS,
        event_order: EventOrder::EndsFirst,
        max_queued,
        end: Time::ZERO + Span::from_seconds_round(length_s * 1.05),
        warm_up: Time::ZERO,
        demand: Some(PoissonDemand { rate_per_s, classes }),
    };
    partition.run(Universe::new(entity_key(case, &name(system)), 0), sink);
}

/// Completions one after the other, each with the seconds since the one before.
struct Departures {
    servers: f64,
    completed: u64,
    last: Time,
    /// Jobs over seconds.
    throughput: BatchMeans,
    /// Held servers times seconds, over servers times seconds.
    utilisation: BatchMeans,
}

impl Departures {
    fn new(servers: u32, completions: u64) -> Self {
        let means = BatchMeans::new(completions, BATCHES);
        let (throughput, utilisation) = (means.clone(), means);
        Self { servers: servers.into(), completed: 0, last: Time::ZERO, throughput, utilisation }
    }

    fn judge(&self, name: &str, exact: Saturation) -> [Verdict; 2] {
        let verdict = |what: &str, exact: f64, means: &BatchMeans| {
            let (mean, error) = means.mean_and_error();
            let allowed = (STANDARD_ERRORS * error).min(SATURATED_RELATIVE * exact);
            Verdict::new("Q12", &format!("{what}, {name}"), exact, mean, allowed, means.count())
        };
        [
            verdict("throughput", exact.throughput_per_s, &self.throughput),
            verdict("utilisation", exact.utilisation, &self.utilisation),
        ]
    }
}

impl Sink for Departures {
    fn job(&mut self, row: &JobRow) {
        let (Some(start), Some(end), Outcome::Completed) = (row.start, row.end, row.outcome) else { return };
        let gap_s = end.since(self.last).as_seconds();
        let held_s = f64::from(row.accelerators_held) * end.since(start).as_seconds();
        self.throughput.add_part(self.completed, 1.0, gap_s);
        self.utilisation.add_part(self.completed, held_s, self.servers * gap_s);
        self.completed += 1;
        self.last = end;
    }

    fn link(&mut self, _: &LinkRow) {}
}

/// Times in system in the order of arrivals.
pub(super) struct Times(pub(super) BatchMeans);

impl Sink for Times {
    fn job(&mut self, row: &JobRow) {
        if let Some(end) = row.end {
            self.0.add(row.id.ordinal, end.since(row.submit).as_seconds());
        }
    }

    fn link(&mut self, _: &LinkRow) {}
}

#[cfg(test)]
mod tests {
    use super::super::teeth::{OFF, argument_for};
    use super::*;

    const CUSTOMERS: u64 = 400_000;

    fn system(index: usize) -> MultiserverJobs {
        cases()[index].system.clone()
    }

    /// The admitted jobs of a run with their submissions and starts.
    #[derive(Default)]
    struct Starts(Vec<(u64, Time, Option<Time>)>);

    impl Sink for Starts {
        fn job(&mut self, row: &JobRow) {
            if !matches!(row.outcome, Outcome::Rejected(_)) {
                self.0.push((row.id.ordinal, row.submit, row.start));
            }
        }

        fn link(&mut self, _: &LinkRow) {}
    }

    /// After the warm-up half of the line stands behind every job that starts, in the system whose few wide and long
    /// jobs make the line swing most.
    #[test]
    fn the_line_of_a_saturated_system_never_empties() {
        let system = system(4);
        let completions = CUSTOMERS / 2;
        let throughput_per_s = multiserver_saturation(&system).throughput_per_s;
        let mut starts = Starts::default();
        let length_s = completions as f64 / throughput_per_s;
        run(&system, "Q12", FEED * throughput_per_s, Some(LINE), length_s, &mut starts);
        let mut rows = starts.0;
        rows.sort_unstable();
        let started = rows.iter().filter(|row| row.2.is_some()).count();
        assert!(started > completions as usize);
        // Jobs start in the order of submission, so those behind that came before the start are the line.
        let line = |index: usize| {
            let behind = &rows[index + 1..];
            behind.partition_point(|&(_, submit, _)| Some(submit) <= rows[index].2)
        };
        let shortest = (completions as usize / 10..started).map(line).min();
        println!("shortest line {shortest:?} of {LINE}");
        assert!(shortest > Some(LINE as usize / 2), "{shortest:?}");
    }

    /// The system with another service rate of its last class.
    fn with_last_rate(system: &MultiserverJobs, service_per_s: f64) -> MultiserverJobs {
        let mut other = system.clone();
        other.classes.last_mut().expect("a system has classes").service_per_s = service_per_s;
        other
    }

    /// Throughput and utilisation have teeth: the right rate of the last class passes, a wrong one fails, above as
    /// below.
    #[track_caller]
    fn check_saturated(index: usize) {
        let system = system(index);
        let exact = multiserver_saturation(&system);
        let right = saturate(&system, CUSTOMERS);
        let verdicts = right.judge("right", exact);
        assert!(verdicts.iter().all(|verdict| verdict.passed), "{verdicts:?}");
        let rate = system.classes.last().expect("a system has classes").service_per_s;
        let errors = [&right.throughput, &right.utilisation].map(|means| means.mean_and_error().1);
        let answers: [fn(Saturation) -> f64; 2] = [|found| found.throughput_per_s, |found| found.utilisation];
        for quantity in 0..2 {
            let answer = answers[quantity];
            for off in [-OFF * errors[quantity], OFF * errors[quantity]] {
                let wrong = argument_for(answer(exact) + off, 0.25 * rate..4.0 * rate, |rate| {
                    answer(multiserver_saturation(&with_last_rate(&system, rate)))
                });
                let measured = saturate(&with_last_rate(&system, wrong), CUSTOMERS);
                let verdict = &measured.judge("wrong", exact)[quantity];
                println!("{}: right {rate}, wrong {wrong:.5}, {verdict:?}", name(&system));
                assert!(!verdict.passed, "{verdict:?}");
            }
        }
    }

    #[test]
    fn wrong_rates_of_saturated_systems_fail() {
        for index in [1, 2, 6] {
            check_saturated(index);
        }
    }

    #[test]
    fn wrong_rates_of_arrivals_fail() {
        let (arrivals_per_s, system) = (0.9, system(0));
        let throughput_per_s = multiserver_saturation(&system).throughput_per_s;
        let exact = multiserver_time(&system, arrivals_per_s);
        let right = times_in_system(&system, arrivals_per_s, CUSTOMERS);
        assert!(judge_time("right", exact, &right).passed);
        let error = right.mean_and_error().1;
        for off in [-OFF * error, OFF * error] {
            let answer = |rate| multiserver_time(&system, rate);
            let wrong = argument_for(exact + off, 0.0..throughput_per_s, answer);
            let verdict = judge_time("wrong", exact, &times_in_system(&system, wrong, CUSTOMERS));
            println!("right {arrivals_per_s}, wrong {wrong:.5}, {verdict:?}");
            assert!(!verdict.passed, "{verdict:?}");
        }
    }
}
