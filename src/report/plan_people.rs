//! Tables of access modes and people as `check` shows them, before anything runs.

use super::format::Quantity;
use super::table::{Cell, Column, Table};
use crate::model::{
    AccessMode, Allocation, CandidateSet, GrantAmount, ModeId, StaffPool, StaffWork, System, Taken,
};
use crate::study::{People, WorkAsked, mode_demand, people_at, weekly_h};
use crate::units::Time;

/// The access modes of a system; `None` if it has none.
pub fn access_modes(system: &System) -> Option<Table> {
    let modes = &system.projects.modes;
    let columns = vec![
        Column::words("Access", "access"),
        Column::numbers("At least", "least_h", Quantity::AcceleratorHours),
        Column::numbers("At most", "most_h", Quantity::AcceleratorHours),
        Column::words("Taken up", "taken"),
        Column::words("Reviewed by", "reviewers"),
        Column::words("Granted", "budget"),
        Column::words("Used at", "allocation"),
        Column::words("Valid", "validity"),
        Column::numbers("Projects a run", "projects", Quantity::Count),
        Column::numbers("Ask for", "asked_h", Quantity::AcceleratorHours),
    ];
    let row = |(id, mode): (ModeId, &AccessMode)| {
        let demand = mode_demand(system, id);
        vec![
            Cell::Text(mode.id.clone()),
            Cell::Number(mode.hours[0].as_hours()),
            bounded(mode.hours[1].as_hours()),
            Cell::Text(taken(mode)),
            match &mode.review {
                Some(review) => Cell::Text(system.projects.pools[review.reviewers].id.clone()),
                None => Cell::Missing,
            },
            Cell::Text(budget(mode)),
            match mode.allocation {
                Allocation::Pooled => "all sites".into(),
                Allocation::Site { .. } => "one site".into(),
            },
            Cell::Text(mode.validity.to_string()),
            Cell::Number(demand.projects),
            Cell::Number(demand.asked_h),
        ]
    };
    let rows = modes.enumerate().map(row).collect();
    let note = "Hours of the reference accelerator; a dash: without bound, or without review. Projects a run: those that may apply, each once; what they ask for in the \
                mean, not what is granted.";
    (!modes.is_empty()).then(|| table(format!("Access modes of {}", system.name), columns, rows, note))
}

/// The format writes a bound beyond all machines where a mode has none.
fn bounded(hours: f64) -> Cell {
    if hours < 0.999e12 { Cell::Number(hours) } else { Cell::Missing }
}

fn taken(mode: &AccessMode) -> String {
    match &mode.taken {
        Taken::AtOnce => "at once".to_owned(),
        Taken::CutOffs(instants) if instants.len() == 1 => "at 1 cut-off".to_owned(),
        Taken::CutOffs(instants) => format!("at {} cut-offs", instants.len()),
    }
}

fn budget(mode: &AccessMode) -> String {
    let Some(budget) = mode.budget else { return "without bound".to_owned() };
    let amount = match budget.amount {
        GrantAmount::Hours(hours) => format!("{:.0} h", hours.as_hours()),
        GrantAmount::Share(share) => format!("{:.0} %", share * 100.0),
    };
    format!("{amount} each {}", budget.every)
}

/// The reviewers of a system and the staff of its sets; `None` if there are none.
pub fn people(system: &System) -> Option<Table> {
    let pools = &system.projects.pools;
    let columns = vec![
        Column::words("People", "pool"),
        Column::words("Do", "work"),
        Column::words("Of site", "site"),
        Column::numbers("At first", "people_first", Quantity::Count),
        Column::numbers("At the end", "people_last", Quantity::Count),
        Column::numbers("Hours a week", "weekly_h", Quantity::Plain),
        Column::words("Skills", "skills"),
        Column::words("Languages", "languages"),
        Column::numbers("For others", "remote_efficiency", Quantity::Plain),
    ];
    let end = Time(system.observation.end.0 - 1);
    let row = |pool: &StaffPool| {
        let is_support = pool.work == StaffWork::Support;
        vec![
            Cell::Text(pool.id.clone()),
            if is_support { "support" } else { "review" }.into(),
            pool.site.map_or(Cell::Missing, |site| Cell::Text(system.sites[site].id.clone())),
            Cell::Number(people_at(pool, Time::ZERO).into()),
            Cell::Number(people_at(pool, end).into()),
            Cell::Number(weekly_h(pool)),
            listed(pool.skills.as_deref()),
            listed(pool.languages.as_deref()),
            if is_support { Cell::Number(pool.remote_efficiency) } else { Cell::Missing },
        ]
    };
    // Those of sites in no set are never there.
    let is_there =
        |pool: &&StaffPool| pool.site.is_none_or(|site| system.sets.iter().any(|set| set.contains(site)));
    let rows: Vec<Vec<Cell>> = pools.iter().filter(is_there).map(row).collect();
    let note = "Hours a week: of each of them, without holidays. For others: how fast for projects that are not their own. A \
                dash: any, all, or none to say.";
    (!rows.is_empty()).then(|| table(format!("People of {}", system.name), columns, rows, note))
}

fn listed(words: Option<&[String]>) -> Cell {
    words.map_or(Cell::Missing, |words| Cell::Text(words.join(", ")))
}

/// The work asked of people, one row for those of a set and a day; `None` if there are none.
pub fn work_asked(system: &System, rows: &[(&CandidateSet, People, Vec<WorkAsked>)]) -> Option<Table> {
    let columns = vec![
        Column::words("People", "people"),
        Column::words("Set", "set"),
        Column::words("Day", "date"),
        Column::numbers("At work (h a week)", "at_work_h", Quantity::Plain),
        Column::numbers("Asked for (h a week)", "asked_h", Quantity::Plain),
        Column::numbers("Load", "load", Quantity::Share),
    ];
    let of = |(set, people, days): &(&CandidateSet, People, Vec<WorkAsked>)| {
        let (who, set) = match people {
            People::Reviewers(pool) => (system.projects.pools[*pool].id.clone(), Cell::Missing),
            People::Support => ("support".to_owned(), Cell::Text(set.id.clone())),
        };
        let row = |day: &WorkAsked| {
            let load = day.load().filter(|load| load.is_finite());
            vec![
                Cell::Text(who.clone()),
                set.clone(),
                Cell::Text(day.date.to_string()),
                Cell::Number(day.at_work_h),
                Cell::Number(day.asked_h),
                load.map_or(Cell::Missing, Cell::Number),
            ]
        };
        days.iter().map(row).collect::<Vec<_>>()
    };
    let note = "As if every project that may apply were granted its hours at once, and all support staff of a set helped with \
                all that somebody of them can. Above 100 % queues grow while it lasts.";
    let all: Vec<Vec<Cell>> = rows.iter().flat_map(of).collect();
    (!all.is_empty()).then(|| table("Work asked of people".to_owned(), columns, all, note))
}

fn table(title: String, columns: Vec<Column>, rows: Vec<Vec<Cell>>, note: &str) -> Table {
    Table { title, columns, rows, note: note.to_owned(), replications: 1 }
}
