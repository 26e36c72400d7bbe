//! The tables of a sweep, and all its results as one long CSV table.

use super::common::{axis_title, replications};
use super::{indices, tornado};
use crate::report::format::{self, Quantity};
use crate::report::table::{Alignment, Cell, Column, Table};
use crate::study::ObjectiveRow;
use crate::study::sweep::{AxisPlace, Break, BreakSide, Preference, SweepAxis, SweepSummary};

/// A table of results by point longer than this stands only in `sweep.csv`.
const LONGEST: usize = 60;

/// The tables of what the design was made for.
pub fn sweep_tables(summary: &SweepSummary) -> Vec<Table> {
    let mut tables = Vec::new();
    let objectives = || 0..summary.objectives.len();
    if !summary.tornados.is_empty() {
        tables.extend(objectives().map(|objective| swings(summary, objective)));
    }
    if !summary.effects.is_empty() {
        tables.extend(objectives().map(|objective| effects(summary, objective)));
    }
    if !summary.indices.is_empty() {
        tables.extend(objectives().map(|objective| shares_of_variance(summary, objective)));
    }
    if summary.design.covers_the_space() && summary.points.len() * summary.sets.len() <= LONGEST {
        tables.push(results(summary));
    }
    if !summary.breaks.is_empty() {
        tables.push(breaks(summary));
    }
    if !summary.preferences.is_empty() {
        tables.push(preferences(summary));
    }
    if tables.is_empty() {
        tables.push(results(summary));
    }
    tables
}

/// The same in Markdown.
pub fn sweep_markdown(summary: &SweepSummary) -> String {
    let tables: Vec<String> = sweep_tables(summary).iter().map(Table::markdown).collect();
    tables.join("\n")
}

/// Every result: point, axes, set, objective, metric, unit, mean, low, high, n.
pub fn sweep_csv(summary: &SweepSummary) -> String {
    let axes = summary.axes.iter().map(axis_column);
    let words = ["set", "objective", "metric", "unit"].map(|key| Column::words(key, key));
    let point = Column::numbers("point", "point", Quantity::Plain);
    let value = Column::numbers("value", "value", Quantity::Plain);
    let mut rows = Vec::new();
    for (index, point) in summary.points.iter().enumerate() {
        for (set, of_set) in summary.sets.iter().zip(&point.results) {
            for (objective, result) in summary.objectives.iter().zip(of_set) {
                let ObjectiveRow { id, metric, unit, .. } = objective;
                let mut row = vec![Cell::Number(index as f64)];
                row.extend(summary.axes.iter().zip(&point.axes).map(axis_cell));
                row.extend([&set.id, id, metric, unit].map(|text| Cell::from(text.as_str())));
                row.push(Cell::Estimate(*result));
                rows.push(row);
            }
        }
    }
    let columns = std::iter::once(point).chain(axes).chain(words).chain([value]).collect();
    table(summary, String::new(), columns, rows, String::new()).csv()
}

fn table(
    summary: &SweepSummary,
    title: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    note: String,
) -> Table {
    let note = match summary.futures.len() {
        0 => note,
        count => format!("{note} Each point is the mean over {count} futures by their weights."),
    };
    Table { title, columns, rows, note, replications: summary.replications }
}

/// Numbers in the axis' own unit, or words.
fn axis_column(axis: &SweepAxis) -> Column {
    let column = Column::words(axis_title(axis), axis.id.clone());
    if axis.unit.is_some() { Column { alignment: Alignment::Right, ..column } } else { column }
}

/// The number for those who compute with it; the scenario as it is has words only.
fn axis_cell((axis, place): (&SweepAxis, &AxisPlace)) -> Cell {
    match place.number.filter(|_| axis.unit.is_some() && place.place.is_some()) {
        Some(number) => Cell::Number(number),
        None => Cell::from(place.text.as_str()),
    }
}

/// The results at each point, a column an objective.
fn results(summary: &SweepSummary) -> Table {
    let axes = summary.axes.iter().map(|axis| Column::words(axis.name.clone(), axis.id.clone()));
    let objectives = summary.objectives.iter().map(|one| Column::of_unit(&one.name, &one.id, &one.unit));
    let columns = axes.chain([Column::words("Set", "set")]).chain(objectives).collect();
    let mut rows = Vec::new();
    for point in &summary.points {
        for (set, results) in summary.sets.iter().zip(&point.results) {
            let axes = point.axes.iter().map(|place| Cell::from(place.text.as_str()));
            let results = results.iter().map(|&result| Cell::Estimate(result));
            rows.push(axes.chain([Cell::from(set.name.as_str())]).chain(results).collect());
        }
    }
    let note = format!("± half of the 95 % interval by Student's t, {}.", replications(summary));
    table(summary, "Results at each point".to_owned(), columns, rows, note)
}

/// One at a time.
fn swings(summary: &SweepSummary, objective: usize) -> Table {
    let wanted = &summary.objectives[objective];
    let change = |name: &str, key: &str| Column::of_unit(name, key, &wanted.unit);
    let columns = vec![
        Column::words("Set", "set"),
        Column::words("Input", "axis"),
        Column::words("Low", "low"),
        change("Change", "low_change"),
        Column::words("High", "high"),
        change("Change", "high_change"),
        change("High − low", "across"),
    ];
    let mut rows = Vec::new();
    for tornado in summary.tornados.iter().filter(|one| one.objective == objective) {
        for (axis, swing) in tornado::ordered(tornado) {
            let end = |point: usize| Cell::from(summary.points[point].axes[axis].text.as_str());
            rows.push(vec![
                Cell::from(summary.sets[tornado.set].name.as_str()),
                Cell::from(summary.axes[axis].name.as_str()),
                end(2 * axis + 1),
                Cell::Estimate(swing.low),
                end(2 * axis + 2),
                Cell::Estimate(swing.high),
                Cell::Estimate(swing.across),
            ]);
        }
    }
    let note = format!(
        "Paired differences to the scenario as it is, on the same random universes, {}; each 95 % interval holds by itself.",
        replications(summary)
    );
    table(summary, format!("One input at a time: {}", wanted.name), columns, rows, note)
}

/// Morris.
fn effects(summary: &SweepSummary, objective: usize) -> Table {
    let wanted = &summary.objectives[objective];
    let columns = vec![
        Column::words("Set", "set"),
        Column::words("Input", "axis"),
        Column::of_unit("μ*", "mu_star", &wanted.unit),
        Column::of_unit("μ", "mu", &wanted.unit),
        Column::of_unit("σ", "sigma", &wanted.unit),
    ];
    let mut rows = Vec::new();
    let mut walks = 0;
    for effects in summary.effects.iter().filter(|one| one.objective == objective) {
        let mut axes: Vec<_> = effects.axes.iter().enumerate().collect();
        let size = |axis: &crate::statistics::sensitivity::Morris| axis.mu_star.mean.unwrap_or(-1.0);
        axes.sort_by(|one, other| size(other.1).total_cmp(&size(one.1)));
        for (axis, found) in axes {
            walks = walks.max(found.mu.count);
            let words = [&summary.sets[effects.set].name, &summary.axes[axis].name];
            let words = words.map(|text| Cell::from(text.as_str()));
            rows.push(
                words.into_iter().chain([found.mu_star, found.mu, found.sigma].map(Cell::Estimate)).collect(),
            );
        }
    }
    let note = format!(
        "Elementary effects over the whole range of an input, {walks} walks, {} a point. μ*: mean size, μ: mean, σ: standard \
         deviation (± by the jackknife); a σ as large as μ* says that the input bends or depends on others.",
        replications(summary)
    );
    let title = format!("Screening by Morris: {}", wanted.name);
    Table { replications: walks, ..table(summary, title, columns, rows, note) }
}

/// Sobol.
fn shares_of_variance(summary: &SweepSummary, objective: usize) -> Table {
    let wanted = &summary.objectives[objective];
    let number = |name: &str, key: &str| Column::numbers(name, key, Quantity::Plain);
    let columns = vec![
        Column::words("Set", "set"),
        Column::words("Input", "axis"),
        number("First order", "first"),
        number("from", "first_low"),
        number("to", "first_high"),
        number("Total", "total"),
        number("from", "total_low"),
        number("to", "total_high"),
        number("Rows", "rows"),
    ];
    let mut rows = Vec::new();
    for found in summary.indices.iter().filter(|one| one.objective == objective) {
        for (axis, of_axis) in indices::ordered(found) {
            let mut row = vec![
                Cell::from(summary.sets[found.set].name.as_str()),
                Cell::from(summary.axes[axis].name.as_str()),
            ];
            for index in [of_axis.first, of_axis.total] {
                let ends =
                    [index.value, index.interval.map(|ends| ends.0), index.interval.map(|ends| ends.1)];
                row.extend(ends.map(number_cell));
            }
            row.push(Cell::Number(f64::from(of_axis.rows)));
            rows.push(row);
        }
    }
    let note = format!(
        "Shares of the variance of the mean over {}, estimates of Saltelli (2010) and Jansen (1999), 95 % intervals of the \
         bootstrap over rows (BCa).",
        replications(summary).trim_start_matches("n = ")
    );
    table(summary, format!("Shares of the variance by Sobol: {}", wanted.name), columns, rows, note)
}

fn number_cell(number: Option<f64>) -> Cell {
    number.map_or(Cell::Missing, Cell::Number)
}

/// How often one set beats another.
fn preferences(summary: &SweepSummary) -> Table {
    let share = |name: &str, key: &str| Column::numbers(name, key, Quantity::Share);
    let count = |name: &str, key: &str| Column::numbers(name, key, Quantity::Count);
    let columns = vec![
        Column::words("Objective", "objective"),
        Column::words("Set", "set"),
        Column::words("beats", "than"),
        share("at", "share"),
        share("from", "share_low"),
        share("to", "share_high"),
        count("Surely better", "surely_better"),
        count("Surely worse", "surely_worse"),
        count("Undecided", "undecided"),
        count("Points", "points"),
    ];
    let row = |one: &Preference| {
        let (share, set) = (&one.share, |place: usize| Cell::from(summary.sets[place].name.as_str()));
        let mut row = vec![
            Cell::from(summary.objectives[one.objective].name.as_str()),
            set(one.set),
            set(one.than),
            number_cell(share.share),
            number_cell(share.interval.map(|ends| ends.0)),
            number_cell(share.interval.map(|ends| ends.1)),
        ];
        let counts = [share.surely_better, share.surely_worse, share.undecided, share.points];
        row.extend(counts.map(|count| Cell::Number(f64::from(count))));
        row
    };
    let mut by_objective: Vec<&Preference> = summary.preferences.iter().collect();
    by_objective.sort_by_key(|one| one.objective);
    let note = "Share of the points at which the set's mean is the better one (a tie counts half), with Wilson's 95 % interval as \
                if points were drawn independently. Surely: the paired interval over replications excludes zero; undecided: it \
                does not, or there is one replication only."
        .to_owned();
    table(
        summary,
        "How often one set beats another".to_owned(),
        columns,
        by_objective.into_iter().map(row).collect(),
        note,
    )
}

/// Where each set breaks.
fn breaks(summary: &SweepSummary) -> Table {
    let place = |name: &str, key: &str| Column::numbers(name, key, Quantity::Plain);
    let columns = vec![
        Column::words("Set", "set"),
        Column::words("Limit", "limit"),
        Column::words("Broken", "side"),
        place("at", "at"),
        place("earliest", "earliest"),
        place("latest", "latest"),
    ];
    let row = |one: &Break| {
        let what = limit_in_words(summary, one);
        let side = side_in_words(one.side);
        let mut row = vec![
            Cell::from(summary.sets[one.set].name.as_str()),
            Cell::from(what.as_str()),
            Cell::from(side),
        ];
        row.extend([one.crossing.at, one.crossing.earliest, one.crossing.latest].map(number_cell));
        row
    };
    let note = "Where the curve through the means passes the limit, straight between the values, a steep one in its logarithms; earliest and latest: where those \
                through the ends of the 95 % intervals do, empty where they never do. The work that no policy can serve follows \
                from the expected demand by the fluid programme, without chance."
        .to_owned();
    let title = format!("Where each set breaks along {}", axis_title(&summary.axes[0]));
    table(summary, title, columns, summary.breaks.iter().map(row).collect(), note)
}

/// On which side of the crossing a limit is broken.
pub(super) fn side_in_words(side: BreakSide) -> &'static str {
    match side {
        BreakSide::Above => "above",
        BreakSide::Below => "below",
        BreakSide::Nowhere => "nowhere",
        BreakSide::Everywhere => "everywhere",
    }
}

/// What a set breaks, in words.
pub(in crate::report) fn limit_in_words(summary: &SweepSummary, one: &Break) -> String {
    let objective = one.objective.map(|index| &summary.objectives[index]);
    objective.map_or("more work than any policy can serve".to_owned(), |objective| limit(objective, one))
}

/// A limit in words.
fn limit(objective: &ObjectiveRow, one: &Break) -> String {
    let words = if objective.at_most == Some(one.limit) { "at most" } else { "at least" };
    let quantity = Quantity::of_unit(&objective.unit);
    let unit = if quantity == Quantity::Plain { objective.unit.as_str() } else { "" };
    format!("{} {words} {} {unit}", objective.name, format::value(one.limit, quantity)).trim_end().to_owned()
}
