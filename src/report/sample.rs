//! A made-up study for tests and for looking at figures: any number of sites, sets, communities and months.

use super::sample_places::{SITES, places};
use super::sample_ranks::{marginal_values, ranks};
use super::sample_spread::{ratio, spread};
use crate::model::{Confidence, LinkKind};
use crate::statistics::{ComparisonPlan, Estimate, ProjectMetric, Want, WaterfallMetric};
use crate::study::{
    BestSummary, CommunitySummary, DistributionPoint, FactRow, FairnessSummary, GroupFairness, LinkSummary,
    MetricComparison, ProjectSummary, Rejections, SetAgainstBest, SetComparison, SetSummary, SiteSummary,
    StudySummary, Totals, TransferSummary, WaterfallSummary,
};
use crate::units::Date;
use jiff::ToSpan;
use jiff::civil::date;

const COMMUNITIES: [(&str, &str); 3] =
    [("startups", "Startups and SMEs"), ("industry", "Industry"), ("researchers", "Researchers")];

const COUNTRIES: [(&str, &str); 4] =
    [("DE", "Germany"), ("ES", "Spain"), ("FI", "Finland"), ("LU", "Luxembourg")];

/// How large the study is.
pub(crate) struct Size {
    pub(crate) sites: usize,
    pub(crate) sets: usize,
    pub(crate) months: i32,
}

/// A number between 0 and 1 that looks random and depends on its arguments alone.
pub(super) fn noise(one: usize, other: usize) -> f64 {
    let mixed = (one as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ (other as u64 + 7).wrapping_mul(0xd1b5_4a32_d192_ed03);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) as f64 / f64::from(1 << 24)
}

/// A mean over ten replications with a half-width in proportion.
pub(crate) fn about(mean: f64, relative: f64) -> Estimate {
    Estimate { mean: Some(mean), half_width: Some((mean * relative).abs()), count: 10 }
}

fn totals(scale: f64, wait: f64) -> Totals {
    Totals {
        jobs: about(182_000.0 * scale, 0.004),
        jobs_rejected: about(1_350.0 * scale, 0.06),
        jobs_unstarted: about(340.0 * scale, 0.11),
        offered_h: about(6.1e8 * scale, 0.006),
        served_h: about(5.4e8 * scale, 0.005),
        done_h: about(5.3e8 * scale, 0.005),
        bound_h: about(5.8e8 * scale, 0.005),
        done_of_bound: about(0.914, 0.004),
        rejected_h: about(2.2e7 * scale, 0.05),
        utilisation: about(0.71, 0.012),
        wait_s_mean: about(wait, 0.07),
        wait_s_p50: about(wait * 0.11, 0.09),
        wait_s_p90: about(wait * 2.6, 0.06),
        wait_s_p95: about(wait * 4.4, 0.08),
        wait_s_p99: about(wait * 11.0, 0.12),
        staging_s_mean: about(1_900.0, 0.03),
        wait_staging_s_mean: about(1_900.0, 0.03),
        wait_limit_s_mean: about(wait * 0.06, 0.2),
        wait_capacity_s_mean: about(wait * 0.55, 0.08),
        wait_calendar_s_mean: about(wait * 0.04, 0.15),
        wait_behind_s_mean: about(wait * 0.3, 0.09),
        prediction_error_s_mean: about(wait * 0.4, 0.1),
        prediction_absolute_error_s_mean: about(wait * 0.6, 0.1),
        runs_cut_short: about(2_300.0 * scale, 0.05),
        resizes: about(0.0, 0.0),
        lost_h: about(8_800.0 * scale, 0.07),
        copies_taken_back: about(0.0, 0.0),
        jobs_across_sites: about(0.0, 0.0),
        bounded_slowdown_10s_mean: about(1.0 + wait / 2_000.0, 0.1),
        bounded_slowdown_10min_mean: about(1.0 + wait / 9_000.0, 0.08),
        expansion_factor: about(1.0 + wait / 60_000.0, 0.05),
        wait_s_weighted_mean: about(wait * 2.2, 0.09),
        data_h: about(3.9e8 * scale, 0.006),
        data_reach_24h: about(0.93, 0.01),
        data_refused_share: about(0.02, 0.1),
    }
}

/// Hours that stood open and what became of them; `losses` is the part of those held that was of no use.
fn waterfall(open: f64, losses: f64) -> WaterfallSummary {
    let held = open * 0.71;
    WaterfallSummary::of(|metric| match metric {
        WaterfallMetric::OpenH => about(open, 0.0),
        WaterfallMetric::IdleH => about(open - held, 0.03),
        WaterfallMetric::HeldH => about(held, 0.012),
        WaterfallMetric::VainH => about(held * losses * 0.1, 0.07),
        WaterfallMetric::FailedH => about(held * losses * 0.25, 0.06),
        WaterfallMetric::KilledH => about(held * losses * 0.05, 0.1),
        WaterfallMetric::StoppedH => about(held * losses * 0.2, 0.04),
        WaterfallMetric::InefficientH => about(held * losses * 0.4, 0.05),
        WaterfallMetric::UsefulH => about(held * (1.0 - losses), 0.015),
        WaterfallMetric::Goodput => about(1.0 - losses, 0.004),
    })
}

fn fairness<'n>(groups: impl Iterator<Item = (&'n str, &'n str)>, salt: usize) -> FairnessSummary {
    let groups: Vec<_> = groups.collect();
    let entitled = 1.0 / groups.len() as f64;
    let group = |(index, (id, name)): (usize, &(&str, &str))| {
        let ratio = 0.6 + 0.8 * noise(index, salt);
        GroupFairness {
            id: (*id).to_owned(),
            name: (*name).to_owned(),
            entitled_share: entitled,
            delivered_share: about(entitled * ratio, 0.04),
            delivered_of_entitled: about(ratio, 0.04),
        }
    };
    let groups = groups.iter().enumerate().map(group).collect();
    FairnessSummary { jain: about(0.93, 0.01), max_min: about(1.9, 0.1), groups }
}

/// So many projects that took so long to their first accelerator.
fn projects(number: f64, time_s: f64) -> ProjectSummary {
    ProjectSummary::of(|metric| match metric.unit() {
        "projects" if metric == ProjectMetric::Projects => about(number, 0.02),
        "h" => about(number * 21_000.0, 0.04),
        "staff-h" => about(number * 38.0, 0.05),
        "share" => about(0.74, 0.03),
        "s" => match metric {
            ProjectMetric::AccessSMean => about(time_s * 0.45, 0.03),
            ProjectMetric::SupportSMean => about(time_s * 0.35, 0.1),
            ProjectMetric::QueueSMean => about(time_s * 0.2, 0.12),
            ProjectMetric::FirstAcceleratorSP90 => about(time_s * 2.4, 0.08),
            _ => about(time_s, 0.06),
        },
        _ => about(number * 0.13, 0.09),
    })
}

/// A study whose jobs come by projects: those of the second set are pooled.
pub(crate) fn with_projects(mut study: StudySummary) -> StudySummary {
    for (index, set) in study.sets.iter_mut().enumerate() {
        let slower = 1.0 + 0.2 * index as f64;
        set.projects = Some(projects(900.0, 2.3e6 * slower));
        for (place, community) in set.communities.iter_mut().enumerate() {
            let days = [14.0, 31.0, 52.0][place % 3];
            community.projects = Some(projects(300.0, days * 86_400.0 * slower));
        }
        for (place, site) in set.sites.iter_mut().enumerate().filter(|_| index != 1) {
            site.projects = Some(projects(40.0 + place as f64, 1.9e6));
        }
    }
    study
}

fn site(index: usize, size: &Size, from: Date) -> SiteSummary {
    let (name, accelerators) = SITES[index % SITES.len()];
    let opening_month = i32::from(if index % 3 == 1 { (index * 5 % 20) as i8 } else { -6 });
    let opens = from.checked_add(opening_month.months()).unwrap().checked_add(9.days()).unwrap();
    let utilisation_by_month: Vec<Vec<Estimate>> = (0..COMMUNITIES.len())
        .map(|community| {
            let month_of = |month: i32| {
                let ramp = (f64::from(month - opening_month) / 9.0).min(1.0);
                let level = [0.14, 0.2, 0.42][community] * (0.75 + 0.35 * noise(index, community));
                about(level * ramp * (0.85 + 0.3 * noise(index * 7 + community, month as usize)), 0.05)
            };
            let none = Estimate { mean: None, half_width: None, count: 0 };
            (0..size.months).map(|month| if month < opening_month { none } else { month_of(month) }).collect()
        })
        .collect();
    let mut total = totals(0.14 * (0.4 + noise(index, 3)), 86_400.0 * (0.3 + 2.0 * noise(index, 4)));
    let known = utilisation_by_month.iter().flatten().filter_map(|one: &Estimate| one.mean);
    let open_months = (size.months - opening_month.max(0)).max(1);
    total.utilisation = about(known.sum::<f64>() / f64::from(open_months), 0.02);
    SiteSummary {
        id: format!("site-{index}"),
        name: if index < SITES.len() {
            name.to_owned()
        } else {
            format!("{name} {}", index / SITES.len() + 1)
        },
        accelerators,
        opens,
        cost_euros: Some(5.2e7 + 4e7 * noise(index, 11)),
        extensions: if index.is_multiple_of(4) {
            vec![from.checked_add(17.months()).unwrap()]
        } else {
            Vec::new()
        },
        total,
        wait_s_mean_by_month: (0..size.months)
            .map(|month| about(86_400.0 * (0.2 + 3.0 * noise(index, 40 + month as usize)), 0.2))
            .collect(),
        utilisation_by_month,
        energy_mwh: about(41_000.0 * (0.3 + noise(index, 5)), 0.01),
        energy_euros: about(3.9e6 * (0.3 + noise(index, 5)), 0.01),
        carbon_tonnes: about(5_200.0 * (0.1 + noise(index, 6)), 0.01),
        storage: None,
        projects: None,
        served_share: about(0.14 * (0.4 + noise(index, 3)), 0.01),
        marks: None,
    }
}

fn community(index: usize, faster: f64) -> CommunitySummary {
    let (id, name) = COMMUNITIES[index];
    let median = [5_400.0, 30_000.0, 140_000.0][index] * faster;
    let at_once = [0.31, 0.17, 0.06][index];
    let wait_distribution = (0..=90)
        .map(|step| {
            let wait_s = libm::pow(10.0, f64::from(step) / 12.0);
            let logistic = 1.0 / (1.0 + libm::pow(wait_s / median, -0.95));
            let share = at_once + (1.0 - at_once) * logistic;
            let half = 0.05 * share * (1.0 - share) * 4.0;
            DistributionPoint {
                wait_s,
                share: Estimate { mean: Some(share), half_width: Some(half), count: 10 },
            }
        })
        .collect();
    let mut total = totals([0.45, 0.2, 0.35][index], median * 3.0);
    let refused = total.rejected_h.mean.unwrap();
    let quantile = |share: f64, relative: f64| {
        let inside = ((share - at_once) / (1.0 - at_once)).max(1e-9);
        about(median * libm::pow(inside / (1.0 - inside), 1.0 / 0.95), relative)
    };
    (total.wait_s_p50, total.wait_s_p95) = (quantile(0.5, 0.09), quantile(0.95, 0.07));
    CommunitySummary {
        id: id.to_owned(),
        name: name.to_owned(),
        total,
        endings: None,
        waterfall: waterfall(2.6e8, [0.31, 0.14, 0.22][index]),
        projects: None,
        rejections: vec![
            Rejections {
                reason: "no partition is large enough".to_owned(),
                jobs: about(210.0, 0.1),
                work_h: about(refused * 0.77, 0.08),
            },
            Rejections {
                reason: "longer than every time limit".to_owned(),
                jobs: about(44.0, 0.2),
                work_h: about(refused * 0.23, 0.2),
            },
        ],
        wait_distribution,
    }
}

fn links(size: &Size, set: usize) -> Vec<LinkSummary> {
    let routers = ["Amsterdam", "Geneva", "Paris", "Frankfurt", "Milan", "Poznań", "Stockholm", "Madrid"];
    let mut names: Vec<(String, LinkKind, f64)> = Vec::new();
    for index in 0..routers.len() {
        let next = routers[(index + 1) % routers.len()];
        names.push((format!("{}-{next}", routers[index]), LinkKind::Backbone, 800.0));
        names.push((format!("{next}-{}", routers[index]), LinkKind::Backbone, 800.0));
    }
    for index in 0..size.sites {
        names.push((format!("site-{index}-uplink-in"), LinkKind::Uplink, 400.0));
        names.push((format!("site-{index}-dtn-in"), LinkKind::TransferNodes, 200.0));
        names.push((format!("country-{index}-access"), LinkKind::Access, 100.0));
    }
    let link = |(index, (name, kind, capacity)): (usize, (String, LinkKind, f64))| {
        let spread = noise(index, set + 40);
        let load = 0.005 + 0.5 * spread * spread * spread;
        LinkSummary {
            name,
            kind,
            capacity_gbit_s: capacity,
            load: about(load, 0.04),
            load_by_month: (0..size.months)
                .map(|month| {
                    about(
                        load * (0.6 + 0.02 * f64::from(month)) * (0.9 + 0.2 * noise(index, month as usize)),
                        0.08,
                    )
                })
                .collect(),
            carried_tb: about(load * capacity * 9_000.0, 0.04),
        }
    };
    names.into_iter().enumerate().map(link).collect()
}

fn set(index: usize, size: &Size, from: Date) -> SetSummary {
    let names =
        ["All seven", "Without Kajaani", "North and centre", "South first", "Two large, five antennas"];
    let faster = 1.0 + 0.3 * index as f64;
    SetSummary {
        id: format!("set-{index}"),
        name: names[index % names.len()].to_owned(),
        cost_euros: 1.52e9 - 1.1e8 * index as f64,
        total: totals(1.0, 190_000.0 * faster),
        sites: (0..size.sites).map(|site_index| site(site_index, size, from)).collect(),
        communities: (0..COMMUNITIES.len())
            .map(|community_index| community(community_index, faster))
            .collect(),
        storage: None,
        endings: None,
        waterfall: waterfall(7.7e8 - 4e7 * index as f64, 0.21 + 0.02 * index as f64),
        projects: None,
        fairness_of_communities: fairness(COMMUNITIES.into_iter(), index),
        fairness_of_countries: fairness(COUNTRIES.into_iter(), index + 9),
        links: links(size, index),
        transfers: vec![TransferSummary {
            kind: "inputs of jobs".to_owned(),
            started: about(42_000.0, 0.01),
            unfinished: about(3.0, 0.4),
            arrived_tb: about(21_000.0, 0.02),
            time_s_mean: about(1_800.0, 0.03),
            time_s_p95: about(9_500.0, 0.05),
        }],
    }
}

fn comparison(index: usize) -> SetComparison {
    let row = |order: usize,
               (metric, community, unit, base, change): (&str, Option<&str>, &str, f64, f64)| {
        let difference = base * change * (noise(index, order) - 0.35);
        let half_width = Some((base * change * 0.14).abs());
        MetricComparison {
            metric: metric.to_owned(),
            community: community.map(str::to_owned),
            site: None,
            unit: unit.to_owned(),
            base: about(base, 0.05),
            value: about(base + difference, 0.05),
            difference: Estimate { mean: Some(difference), half_width, count: 10 },
            simultaneous_half_width: half_width.map(|half| half * 1.4),
            p_value: Some(0.000_2 + 0.2 * noise(order, index)),
            p_adjusted: Some(0.000_6 + 0.6 * noise(order, index)),
            unpaired_half_width: half_width.map(|half| half * 2.7),
        }
    };
    let rows = [
        ("wait_s_mean", None, "s", 190_000.0, 0.9),
        ("wait_s_p95", None, "s", 830_000.0, 0.7),
        ("served_h", None, "h", 5.4e8, 0.1),
        ("utilisation", None, "share", 0.71, 0.12),
        ("jobs_rejected", None, "jobs", 1350.0, 0.5),
        ("jobs_unstarted", None, "jobs", 340.0, 0.6),
        ("wait_s_mean", Some("startups"), "s", 16_000.0, 0.5),
        ("wait_s_p95", Some("startups"), "s", 94_000.0, 0.5),
        ("wait_s_mean", Some("industry"), "s", 90_000.0, 0.6),
        ("wait_s_p95", Some("industry"), "s", 560_000.0, 0.6),
        ("wait_s_mean", Some("researchers"), "s", 420_000.0, 0.7),
        ("wait_s_p95", Some("researchers"), "s", 2_400_000.0, 0.7),
    ];
    SetComparison {
        base: "set-0".to_owned(),
        set: format!("set-{index}"),
        metrics: rows.into_iter().enumerate().map(|(order, parts)| row(order, parts)).collect(),
    }
}

/// Every second set may be the best one, and of two sets the first one is.
fn best(size: &Size) -> Vec<BestSummary> {
    let of = |(metric, unit, want, scale): (&str, &str, Want, f64)| BestSummary {
        metric: metric.to_owned(),
        community: None,
        unit: unit.to_owned(),
        site: None,
        want,
        sets: (0..size.sets)
            .map(|index| {
                let off = scale * noise(index, 3);
                SetAgainstBest {
                    set: format!("set-{index}"),
                    difference: Some(off),
                    low: Some(if index % 2 == 0 { -0.3 * scale } else { 0.0 }),
                    high: Some(off * 1.4),
                    may_be_best: index % 2 == 0,
                    is_best: index == 0 && size.sets == 2,
                }
            })
            .collect(),
    };
    let metrics = [
        ("wait_s_mean", "s", Want::Least, 90_000.0),
        ("served_h", "h", Want::Most, -3e7),
        ("goodput", "share", Want::Most, -0.02),
    ];
    if size.sets < 2 { Vec::new() } else { metrics.map(of).into() }
}

/// A study of the given size.
pub(crate) fn study(size: &Size) -> StudySummary {
    let from = date(2026, 7, 1);
    let sets: Vec<SetSummary> = (0..size.sets).map(|index| set(index, size, from)).collect();
    let sites: Vec<_> = (0..size.sites)
        .map(|index| site(index, size, from))
        .map(|one| (one.id, one.name, one.accelerators))
        .collect();
    StudySummary {
        scenario: "Seven factories of the first call".to_owned(),
        seed: 20_241_210,
        replications: 10,
        confidence: 0.95,
        broker: "home first, then the earliest estimated start".to_owned(),
        local_policies: "EASY backfilling with multifactor priority".to_owned(),
        from,
        to: from.checked_add(size.months.months()).unwrap(),
        reference_accelerator: "H100".to_owned(),
        months: (0..size.months).map(|month| from.checked_add(month.months()).unwrap()).collect(),
        sets,
        comparison: ComparisonPlan::default(),
        best: best(size),
        settlings: Vec::new(),
        ranks: ranks(size.sets),
        marginal_values: marginal_values(size),
        spreads: vec![spread(size.sets)],
        ratios: vec![ratio(size.sets)],
        objectives: Vec::new(),
        comparisons: (1..size.sets).map(comparison).collect(),
        places: places(&sites, size.sets),
        facts: vec![
            FactRow {
                path: "site.lumi".to_owned(),
                source: "EuroHPC JU press release, 2024-12-10".to_owned(),
                confidence: Confidence::Firm,
            },
            FactRow {
                path: "community.startups.rate".to_owned(),
                source: "our own guess".to_owned(),
                confidence: Confidence::Assumed,
            },
        ],
    }
}
