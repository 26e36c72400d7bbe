//! Sets in several futures: what each would be, what would be regretted, how often one beats another.

use crate::report::drawing::{Anchor, Area, Drawing, Ink, Label, Weight};
use crate::report::figure::{Figure, file_stem};
use crate::report::font::{shorten, text_width};
use crate::report::format::{self, Quantity, Unit, number};
use crate::report::page::{MARGIN, Page, SMALL, TINY, WIDTH, provenance};
use crate::report::palette::{BLACK, GREY, VERMILLION, WHITE};
use crate::report::table::{Cell, Column, Table};
use crate::study::{FutureWeight, FuturesSummary, ObjectiveInFutures, SetInFutures, StudySummary};

/// For each objective: the sets in the futures, their regrets, and the probability that one beats another.
pub fn futures_tables(futures: &FuturesSummary, replications: u32) -> Vec<Table> {
    let all = futures.objectives.iter();
    all.flat_map(|one| {
        [
            values(futures, one, replications),
            regrets(futures, one, replications),
            beats(futures, one, replications),
        ]
    })
    .collect()
}

/// For each objective, the regrets as a table whose colour tells their size.
pub fn futures_figures(summary: &StudySummary, futures: &FuturesSummary) -> Vec<Figure> {
    let figure = |one: &ObjectiveInFutures| Figure {
        name: format!("regret-{}", file_stem(&one.row.id)),
        drawing: regret_figure(summary, futures, one),
    };
    futures.objectives.iter().map(figure).collect()
}

fn heading(futures: &FuturesSummary, place: usize) -> String {
    future_in_words(&futures.futures[place])
}

/// A future's name and weight.
pub(in crate::report) fn future_in_words(future: &FutureWeight) -> String {
    format!("{} ({} %)", future.name, number(future.weight * 100.0, 0))
}

/// Sets, futures, and the mean over these, in a unit of files.
fn columns(futures: &FuturesSummary, unit: &str, weighted: &str) -> Vec<Column> {
    let of = |place: usize| Column::of_unit(&heading(futures, place), &futures.futures[place].id, unit);
    let mut columns = vec![Column::words("Set", "set")];
    columns.extend((0..futures.futures.len()).map(of));
    columns.push(Column::of_unit("Weighted mean", weighted, unit));
    columns
}

fn values(futures: &FuturesSummary, one: &ObjectiveInFutures, replications: u32) -> Table {
    let row = |(name, set): (&String, &SetInFutures)| {
        let values = set.values.iter().map(|value| Cell::Estimate(*value));
        std::iter::once(Cell::Text(name.clone()))
            .chain(values)
            .chain([Cell::Estimate(set.weighted)])
            .collect()
    };
    Table {
        title: format!("{} in each future", one.row.name),
        columns: columns(futures, &one.row.unit, "weighted"),
        rows: futures.set_names.iter().zip(&one.sets).map(row).collect(),
        note: format!(
            "Futures with their weights; ± is the half-width of the 95 % interval by Student's t over n = {replications} \
             replications, each by itself."
        ),
        replications,
    }
}

fn regrets(futures: &FuturesSummary, one: &ObjectiveInFutures, replications: u32) -> Table {
    let mut columns = columns(futures, &one.row.unit, "weighted_regret");
    columns.push(Column::words("Greatest in", "worst_future"));
    let row = |(name, set): (&String, &SetInFutures)| {
        let regrets = set.regrets.iter().map(|regret| Cell::Estimate(*regret));
        let worst = Cell::Text(futures.futures[set.worst_future].name.clone());
        let last = [Cell::Estimate(set.weighted_regret), worst];
        std::iter::once(Cell::Text(name.clone())).chain(regrets).chain(last).collect()
    };
    let least = |value: &dyn Fn(&SetInFutures) -> Option<f64>| {
        let sets = futures.set_names.iter().zip(&one.sets);
        let valued = sets.filter_map(|(name, set)| Some((value(set)?, name)));
        valued
            .reduce(|best, next| if next.0 < best.0 { next } else { best })
            .map_or(String::new(), |(_, name)| name.clone())
    };
    let greatest = least(&|set| set.regrets[set.worst_future].mean);
    let weighted = least(&|set| set.weighted_regret.mean);
    Table {
        title: format!("Regret in each future: {}", one.row.name),
        columns,
        rows: futures.set_names.iter().zip(&one.sets).map(row).collect(),
        note: format!(
            "By how much a set is worse than the one with the best mean in that future, paired by replication, n = \
             {replications}. The least greatest regret has {greatest}, the least weighted regret {weighted}."
        ),
        replications,
    }
}

fn beats(futures: &FuturesSummary, one: &ObjectiveInFutures, replications: u32) -> Table {
    let heads = futures.set_names.iter().zip(&futures.sets);
    let columns =
        heads.map(|(name, id)| Column::numbers(format!("beats {name}"), id.clone(), Quantity::Share));
    let row = |(place, name): (usize, &String)| {
        let cells = one.beats[place].iter().enumerate();
        let cells =
            cells.map(|(other, share)| if other == place { Cell::Missing } else { Cell::Estimate(*share) });
        std::iter::once(Cell::Text(name.clone())).chain(cells).collect()
    };
    Table {
        title: format!("How often a set beats another over the futures: {}", one.row.name),
        columns: std::iter::once(Column::words("Set", "set")).chain(columns).collect(),
        rows: futures.set_names.iter().enumerate().map(row).collect(),
        note: format!(
            "The probability that the set of the row is better than that of the column in the same universe, over the futures by \
             their weights; a tie counts half. n = {replications} replications."
        ),
        replications,
    }
}

const ROW: f64 = 30.0;

fn regret_figure(summary: &StudySummary, futures: &FuturesSummary, one: &ObjectiveInFutures) -> Drawing {
    let title = format!("Regret in each future: {}", one.row.name);
    let subtitle = "By how much each set is worse than the best one of that future, in pairs on the same random universes. The \
                    darker, the more.";
    let mut page = Page::new(&title, subtitle);
    let quantity = Quantity::of_unit(&one.row.unit);
    let unit = quantity.unit_for_all(one.sets.iter().flat_map(|set| &set.regrets));
    let widest =
        futures.set_names.iter().map(|name| text_width(name, SMALL, Weight::Regular)).fold(0.0, f64::max);
    let names = widest.min(230.0);
    let left = MARGIN + names + 12.0;
    let count = futures.futures.len() + 1;
    let width = ((WIDTH - MARGIN - left) / count as f64).min(190.0);
    let top = page.below + 30.0;
    for place in 0..count {
        let text = if place + 1 == count { "Weighted mean".to_owned() } else { heading(futures, place) };
        let text = shorten(&text, SMALL, Weight::Bold, width - 8.0);
        let at = (left + width * (place as f64 + 0.5), top - 8.0);
        page.drawing.text(Label::new(text, at, SMALL, BLACK).bold().anchored(Anchor::Middle));
    }
    let greatest = one.sets.iter().flat_map(|set| &set.regrets).filter_map(format::mean).fold(0.0, f64::max);
    for (row, (name, set)) in futures.set_names.iter().zip(&one.sets).enumerate() {
        let y = top + ROW * row as f64;
        let name = shorten(name, SMALL, Weight::Regular, names);
        page.drawing.text(Label::new(name, (left - 12.0, y + 19.0), SMALL, BLACK).anchored(Anchor::End));
        for (place, regret) in set.regrets.iter().chain([&set.weighted_regret]).enumerate() {
            let cell = Area {
                left: left + width * place as f64 + 1.0,
                right: left + width * (place + 1) as f64 - 1.0,
                top: y + 1.0,
                bottom: y + ROW - 1.0,
            };
            let share = format::mean(regret).map_or(0.0, |mean| mean / greatest.max(f64::MIN_POSITIVE));
            cell_with(&mut page.drawing, cell, share, &text_of(regret, unit, summary.replications));
        }
    }
    page.below = top + ROW * futures.sets.len() as f64;
    let label = if unit.label.is_empty() { one.row.unit.as_str() } else { unit.label };
    let at = (WIDTH - MARGIN, page.below + 14.0);
    page.drawing.text(Label::new(format!("in {label}"), at, TINY, GREY).anchored(Anchor::End));
    page.below += 14.0;
    let notes = "A regret of nothing is that of the best set of its future. ± is the half-width of the 95 % interval, each by itself.";
    page.finish_with(&provenance(summary, None), notes)
}

fn text_of(regret: &crate::statistics::Estimate, unit: Unit, replications: u32) -> String {
    match format::mean(regret) {
        None => "–".to_owned(),
        Some(mean) if mean.abs() < f64::EPSILON => "0".to_owned(),
        Some(_) => format::estimate(regret, unit, replications),
    }
}

fn cell_with(drawing: &mut Drawing, area: Area, share: f64, text: &str) {
    let ink: Ink = VERMILLION.with_opacity(0.06 + 0.84 * share.clamp(0.0, 1.0));
    drawing.rectangle(area, ink);
    let ink = if share > 0.6 { WHITE } else { BLACK };
    let text = shorten(text, SMALL, Weight::Regular, area.width() - 6.0);
    let at = (f64::midpoint(area.left, area.right), f64::midpoint(area.top, area.bottom) + 4.0);
    drawing.text(Label::new(text, at, SMALL, ink).anchored(Anchor::Middle));
}
