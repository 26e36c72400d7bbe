//! The results that the page's script draws from, as one block of JSON: an estimate is `[mean, half-width, count]`, or null.
//!
//! Numbers carry six digits, more than any chart shows; the full ones stand in `summary.json`.

use super::map::map;
use super::page::Study;
use super::{choices, sweeps};
use crate::report::format::{self, Quantity};
use crate::report::metric_names::metric_name;
use crate::report::network_load::kind_in_words;
use crate::report::palette;
use crate::report::tables::communities_of;
use crate::report::waterfall_tables::STEPS;
use crate::statistics::{Estimate, Metric, ProjectMetric, Want};
use crate::study::{
    CommunitySummary, FairnessSummary, GroupFairness, LinkSummary, ProjectSummary, SetSummary, SiteSummary,
    StudySummary, Totals,
};
use serde_json::{Map, Value, json};

/// A metric that a chart can show: of jobs, or of projects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Jobs(Metric),
    Projects(ProjectMetric),
}

impl Shown {
    fn name(self) -> &'static str {
        match self {
            Self::Jobs(metric) => metric.name(),
            Self::Projects(metric) => metric.name(),
        }
    }

    fn of(self, totals: &Totals, projects: Option<&ProjectSummary>) -> Option<Estimate> {
        match self {
            Self::Jobs(metric) => Some(totals.get(metric)),
            Self::Projects(metric) => projects.map(|one| one.get(metric)),
        }
    }
}

/// All that the charts of a page need. Without a study of sets, those of sets have nothing to draw.
pub(super) fn charts(study: &Study) -> Value {
    let mut all = study.sets.map_or_else(|| json!({}), |(summary, _)| of_sets(summary));
    all["ladders"] = ladders();
    all["colours"] = colours();
    all["futures"] = json!(study.futures.map(choices::futures));
    all["select"] = json!(study.select.map(|(select, _)| choices::select(select)));
    all["sweep"] = json!(study.sweep.map(|(sweep, _)| sweeps::sweep(sweep)));
    all
}

fn of_sets(summary: &StudySummary) -> Value {
    let metrics = shown_metrics(summary);
    let communities = communities_of(summary);
    json!({
        "scenario": summary.scenario,
        "confidence": format::number(summary.confidence * 100.0, 0),
        "replications": summary.replications,
        "months": summary.months.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "metrics": metrics.iter().map(|metric| described(summary, *metric)).collect::<Vec<_>>(),
        "communities": communities.iter().map(|(id, name)| json!({"id": id, "name": name})).collect::<Vec<_>>(),
        "sets": summary.sets.iter().map(|set| set_data(set, &metrics, &communities)).collect::<Vec<_>>(),
        "steps": STEPS.map(|(name, _)| name),
        "differences": differences(summary),
        "map": map(summary),
    })
}

/// The metrics with a value other than zero in some set.
fn shown_metrics(summary: &StudySummary) -> Vec<Shown> {
    let all = Metric::ALL.map(Shown::Jobs).into_iter().chain(ProjectMetric::ALL.map(Shown::Projects));
    let occurs = |metric: &Shown| {
        let values = summary.sets.iter().filter_map(|set| metric.of(&set.total, set.projects.as_ref()));
        values.filter_map(|value| format::mean(&value)).any(|mean| mean != 0.0)
    };
    all.filter(occurs).collect()
}

fn described(summary: &StudySummary, metric: Shown) -> Value {
    let (unit, meaning) = match metric {
        Shown::Jobs(metric) => (metric.unit(), metric.meaning()),
        Shown::Projects(metric) => (metric.unit(), metric.meaning()),
    };
    let want = summary.best.iter().find(|one| one.metric == metric.name()).map(|one| match one.want {
        Want::Most => "most",
        Want::Least => "least",
    });
    json!({"key": metric.name(), "name": metric_name(metric.name()), "unit": unit, "meaning": meaning, "want": want})
}

/// The ladder of units behind each unit of results: from which size on, by what it is divided, its sign.
fn ladders() -> Value {
    let units = ["s", "h", "staff-h", "share", "jobs", "projects", "TB", "EUR", "t CO2"];
    let ladder = |unit: &str| Quantity::of_unit(unit).ladder().iter().map(|step| json!(step)).collect();
    Value::Object(units.map(|unit| (unit.to_owned(), ladder(unit))).into_iter().collect::<Map<_, _>>())
}

fn set_data(set: &SetSummary, metrics: &[Shown], communities: &[(&str, &str)]) -> Value {
    let row = |totals: &Totals, projects: Option<&ProjectSummary>| -> Vec<Value> {
        metrics
            .iter()
            .map(|metric| metric.of(totals, projects).map_or(Value::Null, |one| estimate(&one)))
            .collect()
    };
    let by_community = |of: &dyn Fn(&CommunitySummary) -> Value| -> Vec<Value> {
        let found = |id: &str| set.communities.iter().find(|one| one.id == id);
        communities.iter().map(|(id, _)| found(id).map_or(Value::Null, of)).collect()
    };
    let site = |site: &SiteSummary| {
        json!({
            "id": site.id, "name": site.name, "accelerators": site.accelerators, "opens": site.opens.to_string(),
            "values": row(&site.total, site.projects.as_ref()),
            "waits": estimates(&site.wait_s_mean_by_month),
            "months": site.utilisation_by_month.iter().map(|one| estimates(one)).collect::<Vec<_>>(),
        })
    };
    let wait = |one: &CommunitySummary| -> Value {
        let points = one.wait_distribution.iter();
        points.map(|point| json!([round(point.wait_s), estimate(&point.share)])).collect()
    };
    json!({
        "id": set.id, "name": set.name, "cost": set.cost_euros,
        "network": row(&set.total, set.projects.as_ref()),
        "communities": by_community(&|one| Value::Array(row(&one.total, one.projects.as_ref()))),
        "sites": set.sites.iter().map(site).collect::<Vec<_>>(),
        // Whose hours the rows of a site's months are.
        "held_by": set.communities.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(),
        "waits": by_community(&wait),
        "waterfall": STEPS.map(|(_, metric)| estimate(&set.waterfall.get(metric))),
        "entitled": [entitled(&set.fairness_of_communities), entitled(&set.fairness_of_countries)],
        "links": set.links.iter().map(link).collect::<Vec<_>>(),
    })
}

/// What groups are entitled to and what they were given.
fn entitled(fairness: &FairnessSummary) -> Value {
    let group = |one: &GroupFairness| {
        json!({
            "name": one.name, "entitled": round(one.entitled_share), "delivered": estimate(&one.delivered_share),
            "ratio": estimate(&one.delivered_of_entitled),
        })
    };
    json!({"jain": estimate(&fairness.jain), "groups": fairness.groups.iter().map(group).collect::<Vec<_>>()})
}

fn link(link: &LinkSummary) -> Value {
    json!({
        "name": link.name, "kind": kind_in_words(link.kind), "capacity": round(link.capacity_gbit_s),
        "load": estimate(&link.load), "months": estimates(&link.load_by_month),
    })
}

/// Every compared metric with its own interval and the one that holds for all pairs at once.
fn differences(summary: &StudySummary) -> Vec<Value> {
    let place = |id: &str| summary.sets.iter().position(|set| set.id == id);
    let rows = summary.comparisons.iter().flat_map(|one| one.metrics.iter().map(move |row| (one, row)));
    let known = rows.filter(|(_, row)| format::mean(&row.difference).is_some());
    known
        .map(|(one, row)| {
            json!({
                "set": place(&one.set), "base": place(&one.base), "metric": row.metric, "name": metric_name(&row.metric),
                "of": row.community.as_ref().or(row.site.as_ref()), "unit": row.unit,
                "own": estimate(&row.difference), "all": row.for_all().half_width.map(round),
                "p": row.p_adjusted.map(format::probability),
            })
        })
        .collect()
}

fn colours() -> Value {
    let sequence: Vec<String> = (0..8).map(|index| palette::community(index).css()).collect();
    json!({
        "sequence": sequence, "pale": palette::PALE.css(), "good": palette::GREEN.css(), "bad": palette::VERMILLION.css(),
        "held": palette::SKY.css(), "unlearned": palette::ORANGE.css(), "mark": palette::VERMILLION.css(),
        "scale": [palette::BLANK.css(), palette::SKY.css(), palette::BLUE.css(), palette::BLACK.css()],
    })
}

pub(super) fn estimates(all: &[Estimate]) -> Vec<Value> {
    all.iter().map(estimate).collect()
}

/// `[mean, half-width, count]`; null without a mean.
pub(super) fn estimate(estimate: &Estimate) -> Value {
    let half = format::half_width(estimate).map(round);
    format::mean(estimate).map_or(Value::Null, |mean| json!([round(mean), half, estimate.count]))
}

/// Six digits of a number.
pub(super) fn round(value: f64) -> f64 {
    format!("{value:.5e}").parse().expect("what was printed as a number is one")
}
