//! What a planner reads, held to the rows of the same run: slowdowns, where the hours went, projects, fairness.

use crate::demand::example;
use crate::projects::case::{HOUR, open_mode, plain_kind, projects};
use crate::rows::Rows;
use pleiade::engine::{Distribution, Universe};
use pleiade::host::Threads;
use pleiade::model::{
    EventOrder, Help, Learning, LocalPolicy, Mistakes, Observation, ProjectKind, StaffPool, StaffWork, System,
};
use pleiade::records::{JobRow, Outcome, ProjectRow, SegmentRow};
use pleiade::simulation::simulate;
use pleiade::statistics::{Estimate, Metric, ProjectMetric, RunMetrics, RunStatistics, WaterfallMetric};
use pleiade::study::validate::erlang_c;
use pleiade::study::{
    DemandClass, FairnessSummary, Halt, Judgement, PoissonDemand, RunRow, SinglePartition, StudySummary,
    gathered, in_memory, run_cells, run_rows, summarise,
};
use pleiade::units::{Span, Time};
use pleiade::workload::Synthetic;
use std::collections::BTreeMap;

/// All rows of a run, and what the statistics make of them.
fn run(system: &System) -> (Rows, RunMetrics) {
    let (mut rows, mut statistics) = (Rows::default(), RunStatistics::new(system, &system.sets[0]));
    let universe = Universe::new(11, 0);
    let demand = Synthetic::new(system, universe);
    simulate(system, &system.sets[0], universe, demand, (&mut rows, &mut statistics));
    (rows, statistics.finish())
}

#[track_caller]
fn same(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1e-3), "{found} for {expected}");
}

/// Slowdowns and weighted waits one job at a time, in seconds and by the formulas as they are written.
#[test]
fn slowdowns_are_those_of_the_rows() {
    let system =
        example(&["class.fine-tune.failed={ share = 0.2, after = '2 h' }", "observation.end=2026-07-01"]);
    let (rows, metrics) = run(&system);
    let window = system.observation;
    let inside = rows.jobs.iter().filter(|row| row.submit >= window.warm_up);
    let waiting: Vec<&JobRow> = inside.filter(|row| !matches!(row.outcome, Outcome::Rejected(_))).collect();
    let seconds = |from: Time, to: Time| to.since(from).as_seconds();
    let (mut slowdowns, mut count, mut gpw, mut gp) = ([0.0; 2], 0.0, 0.0, 0.0);
    let (mut weighted, mut work) = (0.0, 0.0);
    for row in waiting {
        let wait = seconds(row.submit, row.start.unwrap_or(window.end));
        weighted += row.work.as_hours() * wait;
        work += row.work.as_hours();
        let (Some(start), Some(end)) = (row.start, row.end) else { continue };
        let (p, g) = (seconds(start, end), f64::from(row.accelerators));
        for (sum, tau) in slowdowns.iter_mut().zip([10.0, 600.0]) {
            *sum += f64::max(1.0, (wait + p) / f64::max(p, tau));
        }
        count += 1.0;
        gpw += g * p * (wait + p) / p;
        gp += g * p;
    }
    assert!(count > 1_000.0);
    same(metrics.network.get(Metric::BoundedSlowdown10SMean), slowdowns[0] / count);
    same(metrics.network.get(Metric::BoundedSlowdown10MinMean), slowdowns[1] / count);
    same(metrics.network.get(Metric::ExpansionFactor), gpw / gp);
    same(metrics.network.get(Metric::WaitSWeightedMean), weighted / work);
}

/// Hours that a stretch held inside the window.
fn inside(system: &System, accelerators: u32, from: Time, to: Time) -> f64 {
    let (from, to) = (from.max(system.observation.warm_up), to.min(system.observation.end));
    if to > from { f64::from(accelerators) * to.since(from).as_hours() } else { 0.0 }
}

/// The steps of the waterfall from the rows, one row at a time, and against utilisation and each other.
fn check_waterfall(system: &System) -> RunMetrics {
    let (rows, metrics) = run(system);
    let of = |metric| metrics.waterfall.network.get(metric);
    let held = |row: &JobRow| {
        let end = row.end.unwrap_or(system.observation.end);
        row.last_start.map_or(0.0, |start| inside(system, row.accelerators_held, start, end))
    };
    let in_vain =
        |row: &SegmentRow| inside(system, row.accelerators_held, row.from, row.to) * (1.0 - row.kept_share());
    let kept = |row: &SegmentRow| inside(system, row.accelerators_held, row.from, row.to) * row.kept_share();
    let mut earlier = BTreeMap::new();
    for row in &rows.segments {
        *earlier.entry(row.id).or_insert(0.0) += kept(row);
    }
    let all = |row: &JobRow| held(row) + earlier.get(&row.id).copied().unwrap_or(0.0);
    let ended = |outcome| rows.jobs.iter().filter(|row| row.outcome == outcome).map(all).sum::<f64>();
    let pushed_out = ended(Outcome::Preempted);
    same(of(WaterfallMetric::VainH), rows.segments.iter().map(in_vain).sum::<f64>() + pushed_out);
    same(of(WaterfallMetric::FailedH), ended(Outcome::Failed));
    same(of(WaterfallMetric::StoppedH), ended(Outcome::Stopped));
    same(of(WaterfallMetric::KilledH), ended(Outcome::Killed));
    let useful = rows.jobs.iter().filter(|row| {
        !matches!(row.outcome, Outcome::Failed | Outcome::Stopped | Outcome::Killed | Outcome::Preempted)
    });
    same(of(WaterfallMetric::UsefulH), useful.clone().map(|row| all(row) * row.efficiency).sum());
    same(of(WaterfallMetric::InefficientH), useful.map(|row| all(row) * (1.0 - row.efficiency)).sum());
    same(of(WaterfallMetric::OpenH), of(WaterfallMetric::IdleH) + of(WaterfallMetric::HeldH));
    same(of(WaterfallMetric::HeldH), metrics.network.get(Metric::Utilisation) * of(WaterfallMetric::OpenH));
    let steps = &WaterfallMetric::ALL[3..9];
    same(of(WaterfallMetric::HeldH), steps.iter().map(|&step| of(step)).sum());
    for &step in steps {
        same(of(step), metrics.waterfall.communities.iter().map(|one| one.get(step)).sum());
    }
    same(metrics.served_h_by_country.iter().sum(), metrics.network.get(Metric::ServedH));
    metrics
}

#[test]
fn the_waterfall_is_that_of_the_rows() {
    let end = "observation.end=2026-06-01";
    let plain = check_waterfall(&example(&[end]));
    same(plain.waterfall.network.get(WaterfallMetric::Goodput), 1.0);
    let chains = "class.fine-tune.segment='2 h'";
    let checkpoint = "class.fine-tune.checkpoint={ interval = '1 h', cost = '3 min', restart = '10 min' }";
    let chained = check_waterfall(&example(&[end, chains, checkpoint]));
    assert!(chained.endings.is_none() && chained.waterfall.network.get(WaterfallMetric::VainH) > 10.0);
    let stopped = "class.fine-tune.stopped={ share = 0.3, at = 0.5 }";
    let failed = "class.training.failed={ share = 0.2, after = '2 h' }";
    let cut = "class.training.requested={ factor = 1.2, cut = 0.2 }";
    let early = check_waterfall(&example(&[end, chains, checkpoint, stopped, failed, cut]));
    let of = |metric| early.waterfall.network.get(metric);
    for step in [WaterfallMetric::FailedH, WaterfallMetric::StoppedH, WaterfallMetric::KilledH] {
        assert!(of(step) > 10.0, "{step:?}");
    }
    assert!(of(WaterfallMetric::Goodput) < 0.95);
    // At the only site of the set that is committed, jobs of startups push out those of researchers for good.
    let partitions = "site.north.partition=[{ id = 'gpu', accelerator = 'h100', nodes = 24, accelerators_per_node = 4, \
                      communities = ['researchers'], preemption = { mode = 'cancel', exempt = '1 min' } }, { id = \
                      'urgent', shares_nodes_with = 'gpu', tier = 1, communities = ['startups'] }]";
    let mut alone = example(&[end, partitions]);
    let north = alone.sites.position(|site| site.id == "north").unwrap();
    alone.sets[0].sites = vec![north];
    let cancelled = check_waterfall(&alone);
    assert!(cancelled.waterfall.network.get(WaterfallMetric::VainH) > 10.0);
}

/// Projects that need help first and learn from it, and whose users make mistakes.
fn learning() -> System {
    let kind = ProjectKind {
        onboarding: vec![Help { skill: None, work_s: Distribution::Constant(6.0 * HOUR as f64) }],
        learning: Some(Learning { efficiency: 0.5, supported: Span::from_seconds(10 * HOUR) }),
        mistakes: Some(Mistakes {
            first: 0.4,
            last: 0.1,
            jobs: 5.0,
            after_s: Distribution::Constant(1_200.0),
            ticket: None,
        }),
        ..plain_kind()
    };
    let mut system = projects(40, 12.0, 3_000, open_mode(), kind);
    system.projects.pools.push(StaffPool::always("support", StaffWork::Support, 4));
    system.observation.warm_up = Time::from_seconds(200 * HOUR);
    system
}

/// The metrics of projects from their rows, and the hours lost for want of skill.
#[test]
fn projects_are_those_of_the_rows() {
    let system = learning();
    let metrics = check_waterfall(&system);
    let lost = metrics.waterfall.network.get(WaterfallMetric::InefficientH);
    assert!(lost > 100.0 && metrics.waterfall.network.get(WaterfallMetric::FailedH) > 10.0, "{lost} h");
    let (rows, metrics) = run(&system);
    let of = |metric| metrics.projects.as_ref().unwrap().network.get(metric);
    let observation = system.observation;
    let counted: Vec<_> = rows.projects.iter().filter(|row| row.applied >= observation.warm_up).collect();
    assert!(counted.len() > 1_000, "{}", counted.len());
    same(of(ProjectMetric::Projects), counted.len() as f64);
    let to_first =
        |row: &&ProjectRow| row.first_start.unwrap_or(observation.end).since(row.applied).as_seconds();
    same(
        of(ProjectMetric::FirstAcceleratorSMean),
        counted.iter().map(to_first).sum::<f64>() / counted.len() as f64,
    );
    let parts = [ProjectMetric::AccessSMean, ProjectMetric::SupportSMean, ProjectMetric::QueueSMean].map(of);
    same(parts.iter().sum(), of(ProjectMetric::FirstAcceleratorSMean));
    // Nobody reviews, and whoever comes is helped for six hours at least.
    assert!(parts[0].abs() < 1e-9 && parts[1] > 5.9 * HOUR as f64, "{parts:?}");
    let rest = of(ProjectMetric::UsedH) + of(ProjectMetric::ExpiredH) + of(ProjectMetric::LeftH);
    same(of(ProjectMetric::GrantedH) + of(ProjectMetric::OverdrawnH), rest);
    same(of(ProjectMetric::Jobs), counted.iter().map(|row| row.jobs as f64).sum());
}

fn study(system: &System) -> StudySummary {
    let system = &System { sets: system.sets[..1].to_vec(), ..system.clone() };
    let cells = run_cells(system, &Threads::new(1).unwrap());
    let names: Vec<_> = run_rows(system, &cells).into_iter().map(|row| row.metric).collect();
    let has_projects = names.contains(&"first_accelerator_s_mean");
    assert_eq!(has_projects, system.has_projects(), "projects leave rows only where there are some");
    summarise(system, &cells, Judgement::default())
}

/// All shares add up, and where everybody is served, each gets what it is entitled to by demand: within two and a half
/// half-widths, which chance passes about once in a million.
#[test]
fn served_demand_is_fair_to_countries() {
    let system = example(&[
        "observation.end=2026-05-01",
        "observation.replications=6",
        "community.startups.shares=3",
        "community.researchers.shares=1",
    ]);
    let summary = study(&system);
    let set = &summary.sets[0];
    let sums = |fairness: &FairnessSummary| {
        let delivered = fairness.groups.iter().map(|group| group.delivered_share.mean.unwrap());
        (fairness.groups.iter().map(|group| group.entitled_share).sum::<f64>(), delivered.sum::<f64>())
    };
    for fairness in [&set.fairness_of_communities, &set.fairness_of_countries] {
        let (entitled, delivered) = sums(fairness);
        same(entitled, 1.0);
        same(delivered, 1.0);
    }
    let communities = &set.fairness_of_communities.groups;
    same(communities[0].entitled_share, 0.75);
    let countries = &set.fairness_of_countries.groups;
    assert_eq!(countries.iter().map(|group| group.id.as_str()).collect::<Vec<_>>(), ["ES", "FI", "IT"]);
    // Startups ask for 12 x 64 h a day, researchers for 8 x (64 + 160) / 2 h; of these Finland for 4 and for 5 tenths.
    let (startups, researchers) = (12.0 * 64.0, 8.0 * 112.0);
    same(countries[1].entitled_share, (0.4 * startups + 0.5 * researchers) / (startups + researchers));
    for group in countries {
        let ratio = group.delivered_of_entitled;
        let (mean, half) = (ratio.mean.unwrap(), ratio.half_width.unwrap());
        assert!((mean - 1.0).abs() < 2.5 * half && half < 0.2, "{}: {mean} ± {half}", group.name);
    }
    // Startups have three quarters of the machines and ask for less: they get less than their share.
    assert!(communities[0].delivered_of_entitled.mean.unwrap() < 0.75);
    assert!(set.fairness_of_communities.jain.mean.unwrap() < set.fairness_of_countries.jain.mean.unwrap());
}

/// Every run's value of a metric of the network, in the order of replications, from the rows of a study.
fn of_network(rows: &[RunRow], metric: &str) -> Vec<f64> {
    let wanted = rows.iter().filter(|row| row.scope == "network" && row.metric == metric);
    wanted.map(|row| row.value).collect()
}

/// What is said of the runs of a set, from the rows of the runs: order statistics by counting, the ratio of sums by division,
/// and its interval by leaving out one run after the other. Ratios of runs are not the ratio of hours where hours differ.
#[test]
fn runs_differ_as_their_rows_do() {
    const RUNS: usize = 40;
    let system = example(&[
        "class.fine-tune.failed={ share = 0.3, after = '2 h' }",
        "observation.end=2026-04-01",
        &format!("observation.replications={RUNS}"),
    ]);
    let cells = run_cells(&system, &Threads::new(1).unwrap());
    let first: Vec<_> = cells.iter().filter(|cell| cell.set == 0).cloned().collect();
    let rows = run_rows(&system, &first);
    let summary = summarise(&system, &cells, Judgement::default());
    for spread in &summary.spreads {
        let mut runs = of_network(&rows, &spread.metric);
        runs.sort_by(f64::total_cmp);
        let found = &spread.sets[0];
        assert_eq!((found.least, found.greatest), (Some(runs[0]), Some(runs[RUNS - 1])));
        for one in &found.quantiles {
            let below = |value: f64| runs.iter().filter(|run| **run <= value).count() as f64 / RUNS as f64;
            let value = one.value.unwrap();
            assert!(below(value) >= one.p && below(value.next_down()) < one.p, "{one:?}");
            // Forty runs bound all three quantiles with 95 % confidence: the greatest lies above the 0.9 quantile in 98.5 %.
            let [low, high] = one.interval.unwrap();
            assert!(low <= value && value <= high);
        }
        let ([low, high], mean) = (found.bootstrap.unwrap(), found.mean.mean.unwrap());
        let (width, by_t) = (high - low, 2.0 * found.mean.half_width.unwrap());
        assert!(low < mean && mean < high && (0.6..1.4).contains(&(width / by_t)), "{width} and {by_t}");
    }
    assert_eq!(summary.ratios.len(), 2, "without projects there are two");
    for ratio in &summary.ratios {
        let (parts, wholes) = (of_network(&rows, &ratio.part), of_network(&rows, &ratio.whole));
        let over = |left: Option<usize>| {
            let kept = |values: &[f64]| -> f64 {
                let kept = values.iter().enumerate().filter(|(run, _)| Some(*run) != left);
                kept.map(|(_, value)| value).sum()
            };
            kept(&parts) / kept(&wholes)
        };
        let found = &ratio.sets[0];
        let bias_corrected: f64 =
            (0..RUNS).map(|run| RUNS as f64 * over(None) - (RUNS - 1) as f64 * over(Some(run))).sum::<f64>()
                / RUNS as f64;
        same(found.of_hours.mean.unwrap(), bias_corrected);
        let runs = of_network(&rows, &ratio.metric);
        same(found.of_runs.mean.unwrap(), runs.iter().sum::<f64>() / RUNS as f64);
        let difference = ratio.sets[1].difference.unwrap();
        same(difference.mean.unwrap(), ratio.sets[1].of_hours.mean.unwrap() - found.of_hours.mean.unwrap());
        assert_eq!(found.difference, None);
    }
}

/// Four servers at three quarters of their load, from an empty machine on: the runs settle, and the mean wait from there on is
/// Erlang's within four standard errors of an interval that is about as wide as the one over runs. A machine that is asked for
/// more than it can do does not settle.
#[test]
fn runs_settle_where_the_load_allows() {
    let system = |per_hour: f64| {
        let single = SinglePartition {
            accelerators: 4,
            policy: LocalPolicy::FCFS,
            event_order: EventOrder::EndsFirst,
            max_queued: None,
            end: Time::ZERO + Span::from_seconds(400 * 86_400),
            warm_up: Time::ZERO + Span::from_seconds(30 * 86_400),
            demand: Some(PoissonDemand {
                rate_per_s: per_hour / 3_600.0,
                classes: vec![DemandClass::on_one(Distribution::Exponential { mean: 3_600.0 })],
            }),
        };
        let mut system = single.system();
        system.observation.steady_state = true;
        system.observation.replications = 8;
        system
    };
    let summary = |per_hour| {
        let system = system(per_hour);
        let cells = run_cells(&system, &Threads::new(1).unwrap());
        summarise(&system, &cells, Judgement::default())
    };
    let stable = summary(3.0);
    let [network, users] = &stable.settlings[..] else { panic!("one network, one community") };
    assert_eq!((network.community.as_deref(), users.community.as_deref()), (None, Some("users")));
    assert_eq!(network.found, users.found, "there is nobody else");
    let wait = network.found.wait_s.unwrap();
    let exact = 3_600.0 * erlang_c(4, 3.0) / (4.0 - 3.0);
    let (mean, half) = (wait.mean.unwrap(), wait.half_width.unwrap());
    assert!((mean - exact).abs() < 4.0 * half / 1.976, "{mean} ± {half}, not {exact}");
    let over_runs = stable.sets[0].total.wait_s_mean.half_width.unwrap();
    assert!((0.4..1.6).contains(&(half / over_runs)), "{half} by batches, {over_runs} by runs");
    assert!(!network.found.depends && network.found.days_out.unwrap() < 200, "{network:?}");
    let overloaded = summary(4.4);
    assert_eq!(overloaded.settlings[0].found.days_out, None);
    assert_eq!(overloaded.settlings[0].warm_up_is_enough, None);
    let plain =
        System { observation: Observation { steady_state: false, ..system(3.0).observation }, ..system(3.0) };
    let cells = run_cells(&plain, &Threads::new(1).unwrap());
    let without = summarise(&plain, &cells, Judgement::default());
    assert!(without.settlings.is_empty() && without.sets == stable.sets, "asking changes nothing else");
}

/// More runs than are added up at once: the summary has the same bytes whether all cells are at hand or come in some at a time,
/// and its estimates are those over all runs but for the rounding of a sum. `gathered` sees every cell once, in order.
#[test]
fn runs_that_come_in_some_at_a_time_give_the_same_summary() {
    let system = example(&[
        "observation.warm_up='1 d'",
        "observation.end=2026-01-04",
        "observation.replications=1100",
    ]);
    let threads = Threads::new(2).unwrap();
    let cells = run_cells(&system, &threads);
    let summary = summarise(&system, &cells, Judgement::default());
    let mut seen = Vec::new();
    let again = in_memory(&threads, |runs| {
        gathered(&system, Judgement::default(), runs, |block| {
            assert!(block.len() <= 1_000 && block.iter().all(|cell| cell.set == block[0].set));
            seen.extend(block.iter().map(|cell| (cell.set, cell.replication)));
            Ok::<_, Halt>(())
        })
    });
    assert_eq!(serde_json::to_string(&again.unwrap()).unwrap(), serde_json::to_string(&summary).unwrap());
    assert_eq!(seen, cells.iter().map(|cell| (cell.set, cell.replication)).collect::<Vec<_>>());
    let first = |value: &dyn Fn(&RunMetrics) -> f64| {
        Estimate::of(cells.iter().filter(|cell| cell.set == 0).map(|cell| value(&cell.metrics)))
    };
    let set = &summary.sets[0];
    for (found, expected) in [
        (set.total.done_h, first(&|run| run.network.get(Metric::DoneH))),
        (set.communities[1].total.wait_s_mean, first(&|run| run.communities[1].get(Metric::WaitSMean))),
        (set.sites[2].total.utilisation, first(&|run| run.sites[2].get(Metric::Utilisation))),
    ] {
        same(found.mean.unwrap(), expected.mean.unwrap());
        same(found.half_width.unwrap(), expected.half_width.unwrap());
        assert_eq!(found.count, expected.count);
    }
}
