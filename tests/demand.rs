//! Demand as people make it: profiles of day and week, growth, bursts, batches, from the scenario to the jobs.

use pleiade::engine::Universe;
use pleiade::model::{StreamId, System};
use pleiade::scenario::{self, EXAMPLE, MemoryLoader, Override};
use pleiade::units::Time;
use pleiade::workload::{Submission, Synthetic, Workload};
use proptest::prelude::*;

/// The system of the example with these overrides.
pub(crate) fn example(overrides: &[&str]) -> System {
    let overrides: Vec<Override> = overrides.iter().map(|text| Override((*text).to_owned())).collect();
    let files = MemoryLoader::new(&[("example.toml", EXAMPLE)]);
    let loaded = scenario::load("example.toml", &files, &overrides);
    loaded.unwrap_or_else(|diagnostics| panic!("{diagnostics}")).system
}

/// Every submission of a stream before `end`.
fn before(system: &System, stream: StreamId, end: Time) -> impl Iterator<Item = Submission> {
    let mut demand = Synthetic::new(system, Universe::new(7, 0));
    std::iter::from_fn(move || demand.next(stream)).take_while(move |submission| submission.at < end)
}

/// Up to 10^-7, by Wilson and Hilferty: the chi-square of so many degrees of freedom that chance passes once in ten
/// million tests.
pub(crate) fn chi_square_bound(degrees: usize) -> f64 {
    let k = degrees as f64;
    k * (1.0 - 2.0 / (9.0 * k) + 5.2 * (2.0 / (9.0 * k)).sqrt()).powi(3)
}

/// The chi-square of counts against expected ones.
pub(crate) fn chi_square(counts: &[u64], expected: &[f64]) -> f64 {
    counts.iter().zip(expected).map(|(&count, expected)| (count as f64 - expected).powi(2) / expected).sum()
}

/// The hours of published submissions (Helios), which the catalog has as well.
const HOURS: [f64; 24] = [
    0.904, 0.842, 0.68, 0.595, 0.562, 0.553, 0.545, 0.509, 0.557, 0.815, 1.124, 1.238, 1.198, 1.225, 1.328,
    1.429, 1.496, 1.332, 1.098, 1.2, 1.311, 1.225, 1.14, 1.094,
];
const WEEKDAYS: [f64; 7] = [1.1, 1.1, 1.1, 1.1, 1.1, 0.75, 0.75];

/// 10^6 jobs over 100 weeks from a Thursday: the counts of the 168 hours of the week, on a clock two hours ahead, against
/// the profile, by chi-square; and the count of all jobs, a Poisson number, against `jobs_per_day`.
#[test]
fn the_profile_of_day_and_week_comes_back() {
    let text = EXAMPLE.replace("name = \"Finland\"", "name = \"Finland\", utc_offset = 2");
    let rhythm = format!("community.startups.rhythm={{ hours = {HOURS:?}, weekdays = {WEEKDAYS:?} }}");
    let overrides =
        ["community.startups.jobs_per_day=1428.6", "community.startups.countries={ FI = 1 }", &rhythm];
    let overrides = overrides.map(|text| Override(text.to_owned()));
    let files = MemoryLoader::new(&[("example.toml", &text)]);
    let system = scenario::load("example.toml", &files, &overrides).unwrap().system;
    let mut counts = vec![0_u64; 168];
    for submission in before(&system, StreamId(0), Time::from_seconds(700 * 86_400)) {
        // The run begins on Thursday at 00:00 UTC, when the clock shows 02:00.
        let hour = submission.at.0 / 3_600_000_000_000 + 3 * 24 + 2;
        counts[(hour % 168) as usize] += 1;
    }
    let all: u64 = counts.iter().sum();
    assert!((all as f64 - 1_000_020.0).abs() < 5.0 * 1_000_020_f64.sqrt(), "{all}");
    let (mean_hour, mean_day) = (HOURS.iter().sum::<f64>() / 24.0, WEEKDAYS.iter().sum::<f64>() / 7.0);
    let weight = |hour: usize| HOURS[hour % 24] / mean_hour * WEEKDAYS[hour / 24] / mean_day;
    let expected: Vec<f64> = (0..168).map(|hour| all as f64 / 168.0 * weight(hour)).collect();
    let found = chi_square(&counts, &expected);
    assert!(found < chi_square_bound(167), "{found}");
    // The test has teeth: a clock one hour off is found out.
    counts.rotate_left(1);
    assert!(chi_square(&counts, &expected) > chi_square_bound(167));
}

/// Counts by quarter of a year over four years of growth toward a ceiling, with a rhythm and holidays, against the
/// integral of the rate.
#[test]
fn growth_and_holidays_come_back() {
    for growth in [
        "{ kind = 'logistic', ceiling = 12, per_year = 1.8 }",
        "{ kind = 'bass', ceiling = 30, innovation = 0.05, imitation = 1.2 }",
    ] {
        let growth = format!("community.startups.growth={growth}");
        let system = example(&[
            "observation.end=2030-01-01",
            "community.startups.jobs_per_day=20",
            "community.startups.countries={ FI = 1 }",
            "community.startups.rhythm={ weekdays = [1, 1, 1, 1, 1, 0, 0], holidays = [{ date = 2026-12-21, days = 14, \
             factor = 0 }] }",
            &growth,
        ]);
        let stream = &system.streams[StreamId(0)];
        let activity = stream.activity.as_ref().unwrap();
        let hours: Vec<Time> = (0..1_461 * 24).map(|hour| Time::from_seconds(hour * 3_600)).collect();
        let of_hour = |&at: &Time| {
            let seconds = at.as_seconds();
            stream.rate_per_s * activity.at(at) * stream.growth.integral(seconds, seconds + 3_600.0)
        };
        let expected: Vec<f64> =
            hours.chunks(1_461 * 24 / 16 + 1).map(|bin| bin.iter().map(of_hour).sum()).collect();
        let mut counts = vec![0_u64; expected.len()];
        for submission in before(&system, StreamId(0), Time::from_seconds(1_461 * 86_400)) {
            assert!(activity.at(submission.at) > 0.0, "nobody works at {:?}", submission.at);
            let hour = submission.at.0 / 3_600_000_000_000;
            counts[hour as usize / (1_461 * 24 / 16 + 1)] += 1;
        }
        // Not conditional on the total: each count is Poisson by itself.
        let found = chi_square(&counts, &expected);
        assert!(found < chi_square_bound(expected.len()), "{found}: {counts:?} for {expected:?}");
        assert!(counts.last().unwrap() > &(4 * counts[0]), "{counts:?}");
    }
}

/// Batches bring jobs of one class at one instant, and neither the number of jobs nor the shares of the classes change:
/// both within 4 standard errors, those of sums of batches of independent sizes.
#[test]
fn batches_keep_rate_and_shares() {
    let system = example(&[
        "community.startups.jobs_per_day=2000",
        "community.startups.countries={ FI = 1 }",
        "community.startups.classes={ fine-tune = 1, training = 3 }",
        "class.fine-tune.batch={ kind = 'log-uniform', low = 10, high = 200 }",
    ]);
    let days = 300;
    let jobs: Vec<Submission> = before(&system, StreamId(0), Time::from_seconds(days * 86_400)).collect();
    assert!(jobs.iter().zip(0..).all(|(submission, ordinal)| submission.job.id.ordinal == ordinal));
    let batches: Vec<&[Submission]> = jobs.chunk_by(|a, b| a.at == b.at).collect();
    assert!(batches.iter().all(|batch| batch.iter().all(|one| one.job.class == batch[0].job.class)));
    let of = |class: u32| -> Vec<f64> {
        batches.iter().filter(|batch| batch[0].job.class.0 == class).map(|batch| batch.len() as f64).collect()
    };
    let (tuned, trained) = (of(0), of(1));
    assert!(trained.iter().all(|&size| size < 2.0) && tuned.iter().all(|size| (10.0..=200.0).contains(size)));
    for (sizes, share) in [(tuned, 0.25), (trained, 0.75)] {
        let expected = 2_000.0 * days as f64 * share;
        let found: f64 = sizes.iter().sum();
        // A Poisson number of batches: the variance of the sum is the sum of squares.
        let error = sizes.iter().map(|size| size * size).sum::<f64>().sqrt();
        assert!((found - expected).abs() < 4.0 * error, "{found} for {expected} ± {error}");
    }
}

/// The jobs of a stream before the end of the example's year.
fn jobs_of(system: &System, key: &str) -> Vec<Submission> {
    let stream = system.streams.ids().find(|&id| system.streams[id].key == key).unwrap();
    before(system, stream, system.observation.end).collect()
}

/// What one community does changes nothing of another.
#[test]
fn streams_owe_nothing_to_each_other() {
    let plain = example(&[]);
    let busy = example(&[
        "community.startups.bursts={ branching = 0.7, mean_delay = '2 h' }",
        "community.startups.rhythm={ waves = [{ amplitude = 0.5, peak = 15 }] }",
        "community.startups.growth={ kind = 'logistic', ceiling = 4, per_year = 2 }",
    ]);
    for key in ["researchers/ES", "researchers/FI", "researchers/IT"] {
        let (one, other) = (jobs_of(&plain, key), jobs_of(&busy, key));
        assert_eq!(one.len(), other.len());
        // Ids of streams and classes are places in lists that are the same here.
        assert_eq!(one, other, "{key}");
    }
    assert_ne!(jobs_of(&plain, "startups/FI"), jobs_of(&busy, "startups/FI"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 24, ..ProptestConfig::default() })]

    /// Time never goes back in a stream, its jobs are numbered without a gap, and a run of the same universe is the same.
    #[test]
    fn submissions_come_in_order(
        branching in 0.0..0.9, delay_h in 1_u32..100, amplitude in 0.0..1.0, mean in 1.0..9.0, rate in 0.1..30.0,
    ) {
        let system = example(&[
            &format!("community.startups.jobs_per_day={rate:?}"),
            &format!("community.startups.bursts={{ branching = {branching:?}, mean_delay = '{delay_h} h' }}"),
            &format!("community.startups.rhythm={{ waves = [{{ amplitude = {amplitude:?}, peak = 3 }}] }}"),
            &format!("class.fine-tune.batch={{ kind = 'geometric', mean = {mean:?} }}"),
        ]);
        let jobs = jobs_of(&system, "startups/FI");
        prop_assert!(jobs.windows(2).all(|pair| pair[0].at <= pair[1].at));
        prop_assert!(jobs.iter().zip(0..).all(|(one, ordinal)| one.job.id.ordinal == ordinal));
        prop_assert_eq!(&jobs, &jobs_of(&system, "startups/FI"));
    }
}
