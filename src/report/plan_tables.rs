//! Tables of what is known without a study: the resolved system, its offered load, a replayed schedule, the verdicts of
//! the built-in cases.

use super::format::Quantity;
use super::table::{Cell, Column, Table};
use crate::data::may_hold;
use crate::model::{CandidateSet, Dataset, DatasetHome, NodesAre, Partition, SiteId, System};
use crate::scheduling::{Cost, Setting, cost};
use crate::study::validate::Verdict;
use crate::study::{OfferedLoad, ScheduleSummary};
use std::collections::{BTreeMap, BTreeSet};

fn table(title: String, columns: Vec<Column>, rows: Vec<Vec<Cell>>, note: &str) -> Table {
    Table { title, columns, rows, note: note.to_owned(), replications: 1 }
}

/// The sites and partitions of a resolved system. Where some share nodes, whose these are and their tiers.
pub fn system(system: &System) -> Table {
    let shared = system.partitions.iter().any(|partition| partition.nodes_are == NodesAre::Shared);
    let mut columns = vec![
        Column::words("Site", "site"),
        Column::words("Partition", "partition"),
        Column::words("Accelerator", "accelerator"),
        Column::numbers("Open", "accelerators", Quantity::Count),
        Column::numbers("Speed", "speed", Quantity::Plain),
        Column::words("Opens", "opens"),
        Column::words("Policy", "policy"),
    ];
    if shared {
        columns.insert(2, Column::words("On nodes of", "nodes_of"));
        columns.insert(3, Column::numbers("Tier", "tier", Quantity::Plain));
    }
    let row = |partition: &Partition| {
        let kind = &system.accelerators[partition.accelerator];
        let owns = partition.nodes_are == NodesAre::Own;
        let opens = system.calendar.date_of(partition.opens);
        let mut row = vec![
            Cell::Text(system.sites[partition.site].id.clone()),
            Cell::Text(partition.id.clone()),
            Cell::Text(kind.name.clone()),
            if owns { Cell::Number(f64::from(partition.accelerators())) } else { Cell::Missing },
            Cell::Number(kind.speed),
            opens.map_or(Cell::Missing, |date| Cell::Text(date.to_string())),
            if owns { Cell::Text(partition.policy.to_string()) } else { Cell::Missing },
        ];
        if shared {
            let owner = &system.partitions[partition.pool].id;
            row.insert(2, if owns { Cell::Missing } else { Cell::Text(owner.clone()) });
            row.insert(3, Cell::Number(f64::from(partition.tier)));
        }
        row
    };
    let rows = system.partitions.iter().map(row).collect();
    let reference = &system.accelerators[system.reference_accelerator].name;
    let dashes = " A partition on the nodes of another adds no accelerators and has its policy; of those that share \
                  nodes, jobs of the highest tier go first.";
    let note = format!(
        "Open: accelerators open to the factory's work. Speed: of one accelerator for work, {reference} = 1 by BF16 \
         peak.{}{}",
        if shared { dashes } else { "" },
        cost_note(system)
    );
    table(format!("Sites of {}", system.name), columns, rows, &note)
}

/// What decisions cost under the policies that are not cheap, each policy once; nothing if all are.
fn cost_note(system: &System) -> String {
    let mut costs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (id, partition) in system.partitions.enumerate().filter(|&(id, _)| system.owns_nodes(id)) {
        let cost = cost(partition.policy, Setting::of(system, id));
        if cost != Cost::Logarithmic {
            costs.entry(cost.to_string()).or_default().insert(partition.policy.to_string());
        }
    }
    let clause = |(cost, policies): (&String, &BTreeSet<String>)| {
        let policies: Vec<&str> = policies.iter().map(String::as_str).collect();
        format!("{cost} under {}", policies.join(" and "))
    };
    let clauses: Vec<String> = costs.iter().map(clause).collect();
    if clauses.is_empty() { String::new() } else { format!(" Cost of a decision: {}.", clauses.join("; ")) }
}

/// The datasets of a resolved system; `None` if it has none. Of many, the largest.
pub fn datasets(system: &System) -> Option<Table> {
    /// More rows than this nobody reads.
    const MOST: usize = 30;
    if system.datasets.is_empty() {
        return None;
    }
    let columns = vec![
        Column::words("Dataset", "dataset"),
        Column::numbers("Size", "size_tb", Quantity::Terabytes),
        Column::words("Home", "home"),
        Column::words("Residency", "residency"),
        Column::numbers("Sites that may hold it", "sites", Quantity::Count),
        Column::words("Copies", "replicas"),
        Column::words("Licence", "licence"),
    ];
    let mut shown: Vec<&Dataset> = system.datasets.iter().collect();
    shown.sort_by_key(|dataset| std::cmp::Reverse(dataset.size));
    shown.truncate(MOST);
    let row = |dataset: &&Dataset| {
        let site = |id: SiteId| system.sites[id].id.clone();
        let home = match dataset.home {
            DatasetHome::Site(id) => site(id),
            DatasetHome::Country(id) => format!("users in {}", system.countries[id].id),
        };
        let holders = system.sites.ids().filter(|&id| may_hold(system, dataset, id)).count();
        let copies: Vec<String> = dataset.replicas.iter().map(|&id| site(id)).collect();
        vec![
            Cell::Text(dataset.id.clone()),
            Cell::Number(dataset.size.0 as f64 / 1e12),
            Cell::Text(home),
            dataset.residency.name().into(),
            Cell::Number(holders as f64),
            Cell::Text(copies.join(", ")),
            Cell::Text(dataset.licence.clone()),
        ]
    };
    let note = match system.datasets.len() {
        all if all > MOST => format!("The {MOST} largest of {all} datasets."),
        _ => "Sites that may hold it: of all sites of the scenario, by its residency.".to_owned(),
    };
    let rows = shown.iter().map(row).collect();
    Some(table(format!("Datasets of {}", system.name), columns, rows, &note))
}

/// The load offered to each set, one row a set and day.
pub fn offered_load(loads: &[(&CandidateSet, Vec<OfferedLoad>)]) -> Table {
    let columns = vec![
        Column::words("Set", "set"),
        Column::words("Day", "date"),
        Column::numbers("Accelerators open", "accelerators", Quantity::Count),
        Column::numbers("Offered load", "offered_load", Quantity::Share),
    ];
    let rows = loads.iter().flat_map(|(set, days)| {
        days.iter().map(|day| {
            vec![
                Cell::Text(set.id.clone()),
                Cell::Text(day.date.to_string()),
                Cell::Number(f64::from(day.accelerators)),
                day.load.map_or(Cell::Missing, Cell::Number),
            ]
        })
    });
    let note =
        "Mean work asked for over what the open accelerators do; above 100 % queues grow while it lasts.";
    table("Offered load".to_owned(), columns, rows.collect(), note)
}

/// The load offered to each site of a set if every job stayed at home.
pub fn home_load(system: &System, set: &CandidateSet, loads: &[OfferedLoad]) -> Table {
    let days =
        loads.iter().map(|day| Column::numbers(day.date.to_string(), day.date.to_string(), Quantity::Share));
    let columns = std::iter::once(Column::words("Site", "site")).chain(days).collect();
    let row = |(place, &site): (usize, &SiteId)| {
        let load = |day: &OfferedLoad| day.home_load[place].map_or(Cell::Missing, Cell::Number);
        std::iter::once(Cell::Text(system.sites[site].id.clone())).chain(loads.iter().map(load)).collect()
    };
    let rows = set.sites.iter().enumerate().map(row).collect();
    let title = format!("Load of each site of {} if every job stayed at home", set.id);
    table(title, columns, rows, "A dash: not open on that day.")
}

/// What the field reports of a replayed schedule.
pub fn replay(summary: &ScheduleSummary) -> Table {
    let columns = vec![
        Column::numbers("Jobs", "jobs", Quantity::Count),
        Column::numbers("Mean wait (s)", "wait_s_mean", Quantity::Plain),
        Column::numbers("Mean bounded slowdown", "bounded_slowdown_mean", Quantity::Plain),
        Column::numbers("Makespan (s)", "makespan_s", Quantity::Plain),
        Column::numbers("Utilisation", "utilisation", Quantity::Share),
    ];
    let row = vec![
        Cell::Number(summary.jobs as f64),
        Cell::Number(summary.wait_s_mean),
        Cell::Number(summary.bounded_slowdown_mean),
        Cell::Number(summary.makespan_s as f64),
        Cell::Number(summary.utilisation),
    ];
    let note = "One deterministic schedule: means over its jobs, no interval. Slowdown is bounded at 10 s.";
    table("Replayed schedule".to_owned(), columns, vec![row], note)
}

/// Exact against simulated, with what is allowed between them.
pub fn validation(verdicts: &[Verdict]) -> Table {
    let columns = vec![
        Column::words("Case", "case"),
        Column::words("Quantity", "quantity"),
        Column::numbers("Exact", "exact", Quantity::Plain),
        Column::numbers("Simulated", "simulated", Quantity::Plain),
        Column::numbers("Allowed ±", "allowed", Quantity::Plain),
        Column::numbers("n", "count", Quantity::Count),
        Column::words("Verdict", "verdict"),
    ];
    let row = |verdict: &Verdict| {
        vec![
            Cell::Text(verdict.case.clone()),
            Cell::Text(verdict.quantity.clone()),
            Cell::Number(verdict.exact),
            Cell::Number(verdict.simulated),
            Cell::Number(verdict.allowed),
            Cell::Number(verdict.count as f64),
            if verdict.passed { "pass" } else { "FAIL" }.into(),
        ]
    };
    let note = "Allowed: four standard errors by batch means for queues, saturated ones at most 1 %; nothing for schedules; \
                1e-9 relative for transfers and fair shares.";
    let passed = verdicts.iter().filter(|verdict| verdict.passed).count();
    let title = format!("Known answers: {passed} of {} pass", verdicts.len());
    table(title, columns, verdicts.iter().map(row).collect(), note)
}
