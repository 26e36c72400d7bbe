//! What jobs do and how they end, through the simulator: operations, requests as people make them, early ends.

use crate::demand::example;
use crate::one_machine::{self, Asked, Listed, Seen};
use crate::rows::Rows;
use pleiade::engine::Universe;
use pleiade::model::{
    Checkpoint, Ending, Job, JobClass, LocalPolicy, PreemptionMode, Request, StreamId, System,
};
use pleiade::records::{JobRow, Outcome, SegmentEnd, SegmentRow, Sink};
use pleiade::scenario::{self, EXAMPLE, MemoryLoader};
use pleiade::simulation::{RunReport, simulate};
use pleiade::statistics::{EndingMetric, Metric, RunStatistics};
use pleiade::units::{Span, Time};
use pleiade::workload::{Submission, Synthetic, Workload};

/// One replication of the first set.
fn run(system: &System) -> (Rows, RunReport) {
    let mut rows = Rows::default();
    let universe = Universe::new(5, 0);
    let report = simulate(system, &system.sets[0], universe, Synthetic::new(system, universe), &mut rows);
    (rows, report)
}

/// The first jobs of a stream of the example.
fn jobs(system: &System, count: usize) -> Vec<Job> {
    let mut demand = Synthetic::new(system, Universe::new(5, 0));
    std::iter::from_fn(|| demand.next(StreamId(0))).take(count).map(|submission| submission.job).collect()
}

/// Case C04 with an hour before the work begins.
const FLOPS: &str = "flops = { parameters = 7e9, tokens = 2e12, utilisation = 0.4, relative_utilisation = { a100 = \
                     1.125 }, startup = '1 h' }";

/// The example with case C04 on its machines: 1,024 H100 or 512 A100.
fn training() -> System {
    let text = EXAMPLE
        .replace("peak_bf16_tflops = 989.0", "peak_bf16_tflops = 989.5")
        .replace("duration = { kind = \"lognormal\", mean = \"8 h\", cv = 1.5 }", FLOPS)
        .replace(
            "accelerators = 8\n",
            "accelerators = [{ count = 512, weight = 1 }, { count = 1024, weight = 1 }]\n",
        )
        .replace("nodes = 24, accelerators_per_node = 4", "nodes = 2400, accelerators_per_node = 4")
        .replace("jobs_per_day = 12.0", "jobs_per_day = 1.0")
        .replace("end = 2027-01-01", "end = 2028-01-01");
    let files = MemoryLoader::new(&[("example.toml", &text)]);
    scenario::load("example.toml", &files, &[]).unwrap_or_else(|diagnostics| panic!("{diagnostics}")).system
}

/// Case C04 through the simulator: the published run times on both kinds of accelerators, with the start on top, which
/// is the same on both and counts as time in vain.
#[test]
fn run_times_of_operations_are_the_published_ones() {
    let system = training();
    let (rows, _) = run(&system);
    let mut seen = [0, 0];
    for row in rows.jobs.iter().filter(|row| row.class.0 == 0 && row.outcome == Outcome::Completed) {
        let kind = system.partitions[row.partition.unwrap()].accelerator;
        let is_a100 = system.accelerators[kind].id == "a100";
        let on_512 = if is_a100 { 1_168_536.32 } else { 2.0 * 207_254.295 };
        let expected = on_512 * 512.0 / f64::from(row.accelerators);
        let (start, on, end) = (row.start.unwrap(), row.last_start.unwrap(), row.end.unwrap());
        assert_eq!(on.since(start), Span::from_seconds(3_600));
        let found = end.since(on).as_seconds();
        assert!((found / expected - 1.0).abs() < 1e-8, "{found} for {expected}");
        seen[usize::from(is_a100)] += 1;
    }
    assert!(seen.iter().all(|&count| count > 10), "{seen:?}");
    let starts = rows.segments.iter().filter(|row| row.ended_by == SegmentEnd::Restart);
    assert!(starts.clone().count() >= seen.iter().sum());
    assert!(starts.into_iter().all(|row| row.lost == row.to.since(row.from)));
}

/// Work is conserved: what jobs that ended did is what they asked for, and the start is no part of it.
#[test]
fn starts_are_no_work() {
    let mut system = training();
    system.observation.warm_up = Time::ZERO;
    let (rows, _) = run(&system);
    let mut statistics = RunStatistics::new(&system, &system.sets[0]);
    let done: Vec<&JobRow> = rows.jobs.iter().filter(|row| row.outcome == Outcome::Completed).collect();
    for row in &done {
        statistics.job(row);
    }
    let asked: f64 = done.iter().map(|row| row.work.as_hours()).sum();
    let found = statistics.finish().network.get(Metric::DoneH);
    assert!((found / asked - 1.0).abs() < 1e-9, "{found} for {asked}");
}

/// Jobs of community 0 take so many seconds before their work begins.
struct WithStart<'a>(Listed<'a>, u64);

impl Workload for WithStart<'_> {
    fn streams(&self) -> usize {
        self.0.streams()
    }

    fn next(&mut self, stream: StreamId) -> Option<Submission> {
        let mut submission = self.0.next(stream)?;
        if stream == StreamId(0) {
            submission.job.request.startup = Span::from_seconds(self.1);
        }
        Some(submission)
    }
}

/// Of a run cut short or a start: community, from, to, lost.
type Stretch = (u32, u64, u64, u64);

/// The first job of community 0, [start, last start, end], and the stretches before the last one.
fn with_start(system: &System, normal: Asked, urgent: &[Asked]) -> ([u64; 3], Vec<Stretch>) {
    let mut seen = Seen::default();
    let normal = [normal];
    let jobs = WithStart(Listed::new(&normal, urgent), 7);
    simulate(system, &system.sets[0], Universe::new(0, 0), jobs, &mut seen);
    let own = seen.segments.iter().filter(|segment| segment.0 == 0).copied().collect();
    (seen.times(0, 0).map(Option::unwrap), own)
}

/// A job of 60 s with a start of 7 s on all ten nodes, alone, pushed out, suspended, and in segments.
#[test]
fn starts_by_hand() {
    let job = [0, 10, 100, 60];
    let urgent = |at| [[at, 10, 5, 5]];
    let requeue = one_machine::preempting(PreemptionMode::Requeue, 0);
    assert_eq!(with_start(&requeue, job, &[]), ([0, 7, 67], vec![(0, 0, 7, 7)]));
    // Pushed out at 30: it has no checkpoint and begins again at 35, start and all.
    let class = |system: &mut System, class: JobClass| system.classes = [class].into_iter().collect();
    let mut bare = requeue.clone();
    class(&mut bare, one_machine::class());
    assert_eq!(with_start(&bare, job, &urgent(30)), ([0, 42, 102], vec![(0, 0, 30, 30), (0, 35, 42, 7)]));
    // Suspended at 3: the last 4 s of its start are to come.
    let suspend = one_machine::preempting(PreemptionMode::Suspend, 0);
    assert_eq!(with_start(&suspend, job, &urgent(3)), ([0, 12, 72], vec![(0, 0, 3, 3), (0, 8, 12, 4)]));
    // Segments of 40 s with 2 s for a checkpoint and 3 s for a restart: 31 s of work in the first, 29 s left.
    let mut chain = one_machine::system(LocalPolicy::EASY);
    let seconds = Span::from_seconds;
    let checkpoint = Some(Checkpoint { interval: seconds(10), cost: seconds(2), restart: seconds(3) });
    class(&mut chain, JobClass { checkpoint, segment: Some(seconds(40)), ..one_machine::class() });
    let (times, segments) = with_start(&chain, [0, 10, 60, 60], &[]);
    assert_eq!(times, [0, 43, 72]);
    assert_eq!(segments, [(0, 0, 40, 9), (0, 40, 43, 3)]);
    // Killed at its limit, which its start is on top of.
    assert_eq!(with_start(&requeue, [0, 10, 20, 60], &[]), ([0, 7, 27], vec![(0, 0, 7, 7)]));
}

/// Shares of 20,000 jobs within 4.5 standard errors; who is cut runs to its limit and is killed; who asks for most gets
/// the longest time of its partition.
#[test]
fn requests_have_their_shares() {
    let system = example(&[
        "class.fine-tune.requested={ factor = { kind = 'uniform', low = 1.0, high = 5.0 }, round_up_to = ['1 h', '4 h', \
         '12 h', '1 d', '3 d'], cut = 0.15, most = 0.2 }",
        "class.fine-tune.input='0 B'",
        "site.north.partition.gpu.max_time='2 d'",
        "site.south.partition.gpu.max_time='3 d'",
        "site.west.partition.gpu.max_time='2 d'",
    ]);
    let drawn = jobs(&system, 20_000);
    let share = |test: &dyn Fn(&Job) -> bool| drawn.iter().filter(|job| test(job)).count() as f64 / 20_000.0;
    let near = |found: f64, expected: f64| {
        let error = (expected * (1.0 - expected) / 20_000.0).sqrt();
        assert!((found - expected).abs() < 4.5 * error, "{found} for {expected}");
    };
    near(share(&|job| job.request.requested == Request::MOST), 0.2);
    near(share(&|job| job.profile.run > job.request.requested), 0.15);
    let rounded =
        |job: &&Job| job.request.requested < Request::MOST && job.profile.run <= job.request.requested;
    near(share(&|job| rounded(&job)), 0.65);
    let round = [1, 4, 12, 24, 72].map(|hours| Span::from_seconds(hours * 3_600));
    assert!(
        drawn
            .iter()
            .filter(rounded)
            .map(|job| job.request.requested)
            .all(|asked| round.contains(&asked) || asked > round[4])
    );
    let (rows, report) = run(&system);
    let tuned: Vec<&JobRow> = rows.jobs.iter().filter(|row| row.class.0 == 0).collect();
    let mut most = 0;
    for row in tuned.iter().filter(|row| row.time_asked == Request::MOST && row.partition.is_some()) {
        let limit = system.partitions[row.partition.unwrap()].max_requested;
        assert_eq!(row.requested, limit);
        most += 1;
    }
    let killed = tuned.iter().filter(|row| row.outcome == Outcome::Killed);
    assert!(killed.clone().count() > 100 && most > 100);
    for row in killed {
        let held = row.end.unwrap().since(row.start.unwrap());
        assert_eq!(held, row.requested);
    }
    assert_eq!(
        report.checks.killed,
        rows.jobs.iter().filter(|row| row.outcome == Outcome::Killed).count() as u64
    );
}

/// Who ends early does so with its share, by its size, at its part of the run; the hours of all ends add up to all that
/// was held, community by community.
#[test]
fn ends_have_their_shares_and_hours_add_up() {
    let system = example(&[
        "class.training.stopped={ share = [{ from = 8, share = 0.1 }, { from = 16, share = 0.5 }], at = { kind = \
         'uniform', low = 0.2, high = 0.6 } }",
        "class.training.failed={ share = 0.25, after = { kind = 'exponential', mean = '10 min' } }",
        "class.fine-tune.requested={ factor = 1, cut = 0.3 }",
    ]);
    let (rows, report) = run(&system);
    let trained = |size: u32, outcome: Option<Outcome>| {
        let of_size = rows.jobs.iter().filter(move |row| row.class.0 == 1 && row.accelerators_asked == size);
        of_size
            .filter(|row| row.end.is_some() && outcome.is_none_or(|outcome| row.outcome == outcome))
            .count() as f64
    };
    for (size, outcome, share) in [
        (8, Outcome::Stopped, 0.1),
        (16, Outcome::Stopped, 0.5),
        (8, Outcome::Failed, 0.25),
        (16, Outcome::Failed, 0.25),
    ] {
        let all = trained(size, None);
        let found = trained(size, Some(outcome)) / all;
        let error = (share * (1.0 - share) / all).sqrt();
        assert!(all > 200.0 && (found - share).abs() < 4.5 * error, "{size} {outcome:?}: {found} of {all}");
    }
    let count = |outcome| rows.jobs.iter().filter(|row| row.outcome == outcome).count() as u64;
    let checks = report.checks;
    assert_eq!([checks.stopped, checks.failed], [count(Outcome::Stopped), count(Outcome::Failed)]);
    assert!(rows.jobs.iter().filter(|row| row.outcome == Outcome::Failed).all(|row| row.output.0 == 0));
    let mut statistics = RunStatistics::new(&system, &system.sets[0]);
    for row in &rows.jobs {
        statistics.job(row);
    }
    for row in &rows.segments {
        statistics.segment(row);
    }
    let metrics = statistics.finish();
    let endings = metrics.endings.unwrap();
    let parts = [
        EndingMetric::CompletedH,
        EndingMetric::StoppedH,
        EndingMetric::FailedH,
        EndingMetric::KilledH,
        EndingMetric::OtherH,
    ];
    let window = system.observation.end.since(system.observation.warm_up).as_hours();
    let open: f64 = system.partitions.iter().map(|partition| f64::from(partition.accelerators())).sum();
    let held = metrics.network.get(Metric::Utilisation) * open * window;
    let sum: f64 = parts.iter().map(|&part| endings.network.get(part)).sum();
    assert!((sum / held - 1.0).abs() < 1e-9, "{sum} for {held}");
    assert!(parts.iter().all(|&part| endings.network.get(part) > 0.0), "{:?}", endings.network);
    for part in parts {
        let communities: f64 = endings.communities.iter().map(|one| one.get(part)).sum();
        assert!((communities - endings.network.get(part)).abs() < 1e-6);
    }
}

/// What a chain of segments held counts with its end: otherwise there is only what was in vain, and what jobs that are
/// still there have done.
#[test]
fn earlier_segments_count_with_the_end() {
    let system = example(&[
        "class.fine-tune.requested={ factor = 1.2 }",
        "class.fine-tune.checkpoint={ interval = '1 h', cost = '3 min', restart = '10 min' }",
        "class.fine-tune.segment='2 h'",
        "class.fine-tune.stopped={ share = 0.3, at = 0.5 }",
    ]);
    let (rows, _) = run(&system);
    let mut statistics = RunStatistics::new(&system, &system.sets[0]);
    for row in &rows.segments {
        statistics.segment(row);
    }
    for row in &rows.jobs {
        statistics.job(row);
    }
    let window = (system.observation.warm_up, system.observation.end);
    let held = |accelerators: u32, from: Time, to: Time| {
        let (from, to) = (from.max(window.0), to.min(window.1));
        if to > from { f64::from(accelerators) * to.since(from).as_hours() } else { 0.0 }
    };
    let is_there = |row: &&JobRow| matches!(row.outcome, Outcome::Running | Outcome::Queued);
    let there: Vec<_> = rows.jobs.iter().filter(is_there).map(|row| row.id).collect();
    let in_vain = |row: &SegmentRow| {
        let all = held(row.accelerators_held, row.from, row.to);
        if there.contains(&row.id) { all } else { all * (1.0 - row.kept_share()) }
    };
    let last = |row: &JobRow| {
        let end = row.end.unwrap_or(window.1);
        row.last_start.map_or(0.0, |start| held(row.accelerators_held, start, end))
    };
    let expected = rows.segments.iter().map(in_vain).sum::<f64>()
        + rows.jobs.iter().filter(is_there).map(last).sum::<f64>();
    let endings = statistics.finish().endings.unwrap().network;
    let found = endings.get(EndingMetric::OtherH);
    assert!(rows.segments.len() > 1_000 && (found / expected - 1.0).abs() < 1e-9, "{found} for {expected}");
    assert!(found < 0.2 * endings.get(EndingMetric::CompletedH), "{endings:?}");
}

/// The parts of the run at which jobs stop are those drawn, and no draw of another kind moves: who does not end early is
/// the same job as without that rule.
#[test]
fn early_ends_change_nothing_else() {
    let plain = jobs(&example(&[]), 2_000);
    let early = jobs(
        &example(&[
            "class.fine-tune.stopped={ share = 0.4, at = { kind = 'uniform', low = 0.25, high = 0.75 } }",
        ]),
        2_000,
    );
    let mut parts = Vec::new();
    for (one, other) in plain.iter().zip(&early) {
        assert_eq!((one.id, one.class, one.request), (other.id, other.class, other.request));
        match other.profile.ending {
            Ending::Done => assert_eq!(one, other),
            Ending::Stopped => parts.push(other.profile.run.as_seconds() / one.profile.run.as_seconds()),
            Ending::Failed => unreachable!("no job of this class fails"),
        }
    }
    let n = parts.len() as f64;
    let mean = parts.iter().sum::<f64>() / n;
    // Uniform on an interval of one half: its standard deviation is 0.5 / sqrt(12).
    assert!((mean - 0.5).abs() < 4.5 * 0.5 / (12.0 * n).sqrt(), "{mean} of {n}");
    assert!(parts.iter().all(|part| (0.25 - 1e-6..=0.75 + 1e-6).contains(part)));
}
