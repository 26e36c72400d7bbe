//! Demand that changes with the hour, in bursts and in batches: M(t)/M/∞ and batches at one server through the real
//! simulator, the counts of a Hawkes process from the demand alone.

use super::theory::{DailyWave, Hawkes, batch_time};
use super::{Effort, STANDARD_ERRORS, Verdict};
use crate::engine::{CountDistribution, Distribution, Universe, entity_key};
use crate::model::{Activity, Bursts, EventOrder, Hours, LocalClock, LocalPolicy, StreamId, System};
use crate::records::{JobRow, LinkRow, Sink};
use crate::simulation::simulate;
use crate::statistics::BatchMeans;
use crate::study::{DemandClass, PoissonDemand, SinglePartition};
use crate::units::{Span, Time};
use crate::workload::{Synthetic, Workload};

/// Customers an hour, hours of service.
const WAVE: DailyWave = DailyWave { rate: 10.0, amplitude: 0.6, period: 24.0, service: 3.0 };
/// More servers than ever are busy: a Poisson number of mean 44 passes this with a chance below 1e-60.
const SERVERS: u32 = 200;
const HOURS: [(f64, &str); 4] = [(0.0, "00 h"), (6.0, "06 h"), (12.0, "12 h"), (18.0, "18 h")];

const HAWKES: Hawkes = Hawkes { origins: 0.5, branching: 0.6, decay: 1.0 };
const WINDOWS_S: [u64; 3] = [1, 10, 100];
/// Of the process that begins without a burst, e^(−0.4 · 100) is missing after so long.
const SETTLED_S: u64 = 100;

const MEAN_BATCH: f64 = 4.0;
const LOAD: f64 = 0.8;

/// A batch of the statistics spans hundreds of relaxation times.
const BATCHES: u64 = 40;

/// One of the cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    DailyWave,
    Bursts,
    Batches,
}

impl Case {
    pub(super) const ALL: [Self; 3] = [Self::DailyWave, Self::Bursts, Self::Batches];

    pub(super) fn run(self, effort: Effort) -> Vec<Verdict> {
        match self {
            Self::DailyWave => judge_wave(&WAVE, &numbers(&WAVE, effort.customers())),
            Self::Bursts => judge_bursts(&HAWKES, &counts(&HAWKES, effort.customers())),
            Self::Batches => judge_batches(MEAN_BATCH, &at_one_server(MEAN_BATCH, effort.customers())),
        }
    }
}

pub(super) fn judge(case: &str, quantity: &str, exact: f64, means: &BatchMeans) -> Verdict {
    let (mean, error) = means.mean_and_error();
    Verdict::new(case, quantity, exact, mean, STANDARD_ERRORS * error, means.count())
}

/// One partition with a stream of `rate_per_s` jobs.
pub(super) fn system(servers: u32, rate_per_s: f64, mean_service_s: f64, length_s: f64) -> System {
    let class = DemandClass::on_one(Distribution::Exponential { mean: mean_service_s });
    SinglePartition {
        accelerators: servers,
        policy: LocalPolicy::FCFS,
        event_order: EventOrder::EndsFirst,
        max_queued: None,
        end: Time::ZERO + Span::from_seconds_round(length_s),
        warm_up: Time::ZERO,
        demand: Some(PoissonDemand { rate_per_s, classes: vec![class] }),
    }
    .system()
}

fn judge_wave(wave: &DailyWave, numbers: &[BatchMeans]) -> Vec<Verdict> {
    let hours = HOURS.iter().map(|&(hour, name)| (hour, name)).chain([(WAVE.peak(), "its peak")]);
    let verdict = |((hour, name), means): ((f64, &str), &BatchMeans)| {
        let quantity = format!("number at {name}, M(t)/M/inf, 10 + 6 sin(2 pi t / 24 h) an hour");
        judge("Q15", &quantity, wave.mean_number(hour), means)
    };
    hours.zip(numbers).map(verdict).collect()
}

/// The numbers in the system at each hour, and at the peak, one value a day; days are independent but for e^(−8).
fn numbers(wave: &DailyWave, customers: u64) -> Vec<BatchMeans> {
    let days = (customers as f64 / (wave.rate * wave.period)) as u64;
    let mut system = system(SERVERS, wave.rate / 3_600.0, wave.service * 3_600.0, days as f64 * 86_400.0);
    system.streams.iter_mut().for_each(|stream| {
        stream.activity = Some(Activity {
            // The sine is highest a quarter of the period after it passes 0.
            hours: Hours::Waves(vec![(wave.amplitude, wave.period / 4.0)]),
            weekdays: [1.0; 7],
            holidays: Vec::new(),
            clock: LocalClock { offset_s: 0, summers: Vec::new(), first_weekday: 0 },
        });
    });
    let hours = HOURS.iter().map(|&(hour, _)| hour).chain([WAVE.peak()]);
    let instants_ns = hours.map(|hour| (hour * 3.6e12) as u64);
    let mut present = Present { days, hours: instants_ns.map(|at| (at, vec![0; days as usize])).collect() };
    let universe = Universe::new(entity_key("Q15", ""), 0);
    simulate(&system, &system.sets[0], universe, Synthetic::new(&system, universe), &mut present);
    let means = |(_, counts): &(u64, Vec<u32>)| {
        let mut means = BatchMeans::new(days, BATCHES);
        counts.iter().zip(0..).for_each(|(&count, day)| means.add(day, count.into()));
        means
    };
    present.hours.iter().map(means).collect()
}

/// Counts who is present at some instants of each day.
struct Present {
    days: u64,
    /// Nanoseconds after midnight, and the number present on each day.
    hours: Vec<(u64, Vec<u32>)>,
}

impl Sink for Present {
    fn job(&mut self, row: &JobRow) {
        const DAY_NS: u64 = 86_400_000_000_000;
        let end = row.end.unwrap_or(Time::MAX);
        for (hour, counts) in &mut self.hours {
            let first = row.submit.0.saturating_sub(*hour).div_ceil(DAY_NS);
            for day in (first..self.days).take_while(|day| day * DAY_NS + *hour < end.0) {
                counts[day as usize] += 1;
            }
        }
    }

    fn link(&mut self, _: &LinkRow) {}
}

/// What the arrivals of a Hawkes process show.
struct Counts {
    rate: BatchMeans,
    /// For each length of a window, the squared distance of its count from the exact mean.
    squares: Vec<BatchMeans>,
}

fn judge_bursts(hawkes: &Hawkes, counts: &Counts) -> Vec<Verdict> {
    let variance = |(&seconds, means): (&u64, &BatchMeans)| {
        let quantity = format!("variance of the count in {seconds} s, bursts of 2.5");
        judge("Q16", &quantity, hawkes.variance(seconds as f64), means)
    };
    let rate = judge("Q16", "arrivals a second, bursts of 2.5", hawkes.rate(), &counts.rate);
    [rate].into_iter().chain(WINDOWS_S.iter().zip(&counts.squares).map(variance)).collect()
}

fn counts(hawkes: &Hawkes, customers: u64) -> Counts {
    let seconds = (customers as f64 / hawkes.rate()) as u64;
    let mut system = system(1, hawkes.rate(), 1.0, 1.0);
    system.streams.iter_mut().for_each(|stream| {
        let (branching, mean_delay_s) = (hawkes.branching, 1.0 / hawkes.decay);
        stream.bursts = Some(Bursts { branching, mean_delay_s });
    });
    let mut demand = Synthetic::new(&system, Universe::new(entity_key("Q16", ""), 0));
    let mut by_second = vec![0_u32; seconds as usize];
    while let Some(submission) = demand.next(StreamId(0)) {
        let second = (submission.at.0 / 1_000_000_000).checked_sub(SETTLED_S);
        let Some(second) = second else { continue };
        let Some(count) = by_second.get_mut(second as usize) else { break };
        *count += 1;
    }
    let windows = |length: u64| {
        let chunks = by_second.chunks_exact(length as usize);
        chunks.map(|seconds| f64::from(seconds.iter().sum::<u32>())).collect::<Vec<_>>()
    };
    let means = |values: Vec<f64>| {
        let mut means = BatchMeans::new(values.len() as u64, BATCHES);
        values.iter().zip(0..).for_each(|(&value, index)| means.add(index, value));
        means
    };
    let square = |length: u64| {
        let expected = HAWKES.rate() * length as f64;
        means(windows(length).into_iter().map(|count| (count - expected).powi(2)).collect())
    };
    Counts { rate: means(windows(1)), squares: WINDOWS_S.into_iter().map(square).collect() }
}

/// What one server fed by batches shows.
struct OneServer {
    waits: BatchMeans,
    times: BatchMeans,
}

fn judge_batches(mean_batch: f64, measured: &OneServer) -> Vec<Verdict> {
    let time = batch_time(mean_batch, LOAD);
    let name = "geometric batches of 4, load 0.8";
    vec![
        judge("Q17", &format!("mean wait, {name}"), time - 1.0, &measured.waits),
        judge("Q17", &format!("time in system, {name}"), time, &measured.times),
    ]
}

fn at_one_server(mean_batch: f64, customers: u64) -> OneServer {
    let mut system = system(1, LOAD, 1.0, customers as f64 / LOAD * 1.05);
    let class = system.classes.iter_mut().next().expect("the demand has one class");
    class.batch = Some(CountDistribution::Geometric { mean: mean_batch });
    let means = BatchMeans::new(customers, BATCHES);
    let mut measured = OneServer { waits: means.clone(), times: means };
    let universe = Universe::new(entity_key("Q17", ""), 0);
    simulate(&system, &system.sets[0], universe, Synthetic::new(&system, universe), &mut measured);
    measured
}

impl Sink for OneServer {
    fn job(&mut self, row: &JobRow) {
        if let Some(start) = row.start {
            self.waits.add(row.id.ordinal, start.since(row.submit).as_seconds());
        }
        if let Some(end) = row.end {
            self.times.add(row.id.ordinal, end.since(row.submit).as_seconds());
        }
    }

    fn link(&mut self, _: &LinkRow) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUSTOMERS: u64 = 200_000;

    fn pass(verdicts: &[Verdict]) -> bool {
        verdicts.iter().all(|verdict| verdict.passed)
    }

    /// The right answers pass; those of demand that is a little different fail.
    #[test]
    fn the_judgement_has_teeth() {
        let present = numbers(&WAVE, CUSTOMERS);
        assert!(pass(&judge_wave(&WAVE, &present)));
        assert!(!pass(&judge_wave(&DailyWave { service: 3.1, ..WAVE }, &present)));
        assert!(!pass(&judge_wave(&DailyWave { amplitude: 0.57, ..WAVE }, &present)));
        let bursts = counts(&HAWKES, CUSTOMERS);
        assert!(pass(&judge_bursts(&HAWKES, &bursts)));
        let steady = Hawkes { origins: 0.625, branching: 0.5, decay: 1.0 };
        assert!(!pass(&judge_bursts(&steady, &bursts)));
        assert!(!pass(&judge_bursts(&Hawkes { decay: 1.2, ..HAWKES }, &bursts)));
        let batches = at_one_server(MEAN_BATCH, CUSTOMERS);
        assert!(pass(&judge_batches(MEAN_BATCH, &batches)));
        assert!(!pass(&judge_batches(2.0 * MEAN_BATCH, &batches)));
    }

    #[test]
    fn the_peak_is_where_it_is_published() {
        assert!(
            (WAVE.peak() - 8.543_068).abs() < 1e-6
                && (WAVE.mean_number(WAVE.peak()) - 44.155_904).abs() < 1e-6
        );
    }
}
