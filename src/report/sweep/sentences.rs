//! What a sweep found, in sentences: which input moves the first objective most, up to where sets keep what is asked, and what was varied.

use super::common::Shown;
use super::tables::limit_in_words;
use super::{indices, tornado};
use crate::report::format::{self, lower_first, number};
use crate::study::sweep::{Break, BreakSide, Indices, SweepSummary, Tornado};

/// The answer, one statement a line.
pub fn sentences(summary: &SweepSummary) -> Vec<String> {
    let mut said = Vec::new();
    let is_first = |objective: usize| objective == 0;
    let tornados = summary.tornados.iter().filter(|one| is_first(one.objective));
    said.extend(tornados.filter_map(|one| moves_most(summary, one)));
    let indices = summary.indices.iter().filter(|one| is_first(one.objective));
    said.extend(indices.filter_map(|one| explains_most(summary, one)));
    said.extend(summary.breaks.iter().filter_map(|one| keeps(summary, one)));
    said.push(varied(summary));
    said
}

fn varied(summary: &SweepSummary) -> String {
    let names: Vec<&str> = summary.axes.iter().map(|axis| axis.name.as_str()).collect();
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    format!(
        "Varied: {}; {} point{} ({}), {} set{}, n = {} at each.",
        names.join(", "),
        summary.points.len(),
        plural(summary.points.len()),
        summary.design.name(),
        summary.sets.len(),
        plural(summary.sets.len()),
        summary.replications
    )
}

/// The input with the greatest swing; nothing where no swing is known, or where it is nothing.
fn moves_most(summary: &SweepSummary, found: &Tornado) -> Option<String> {
    let (axis, swing) = *tornado::ordered(found).first()?;
    swing.size().filter(|size| *size > 0.0)?;
    let objective = &summary.objectives[found.objective];
    let shown = Shown::of(objective, [&swing.low, &swing.high]).of_differences();
    let end = |point: usize| summary.points.get(point).map_or("", |point| point.axes[axis].text.as_str());
    Some(format!(
        "{} of {} moves most with {}: {} at {}, {} at {}, against the scenario as it is.",
        objective.name,
        summary.sets[found.set].name,
        summary.axes[axis].name,
        shown.text(&swing.low, summary.replications),
        end(2 * axis + 1),
        shown.text(&swing.high, summary.replications),
        end(2 * axis + 2),
    ))
}

/// The input with the greatest total index.
fn explains_most(summary: &SweepSummary, found: &Indices) -> Option<String> {
    let (axis, index) = *indices::ordered(found).first()?;
    let total = index.total.value?;
    let interval = index
        .total
        .interval
        .map_or(String::new(), |(low, high)| format!(" ({} to {})", number(low, 2), number(high, 2)));
    Some(format!(
        "Of the variance of {} in {}, {} has the greatest share, with all that it does together with others: {}{interval}.",
        lower_first(&summary.objectives[found.objective].name),
        summary.sets[found.set].name,
        summary.axes[axis].name,
        number(total, 2),
    ))
}

/// Up to where a set keeps a limit along the axis; nothing where it always does.
fn keeps(summary: &SweepSummary, one: &Break) -> Option<String> {
    let set = &summary.sets[one.set].name;
    let what = match one.objective {
        Some(_) => format!("keeps “{}”", limit_in_words(summary, one)),
        None => "can serve all that is asked for, by the fluid programme,".to_owned(),
    };
    if one.side == BreakSide::Everywhere {
        return Some(format!("{set} nowhere {what} along {}.", summary.axes[0].name));
    }
    let at = one.crossing.at.filter(|_| one.side != BreakSide::Nowhere)?;
    let (word, end) = if one.side == BreakSide::Below { ("from", " on") } else { ("up to", "") };
    Some(format!("{set} {what} {word} {}{end}.", place_in_words(summary, at, one)))
}

/// A place on the axis with its interval.
fn place_in_words(summary: &SweepSummary, at: f64, one: &Break) -> String {
    let axis = &summary.axes[0];
    let unit = if axis.is_factor { "times" } else { axis.unit.as_deref().unwrap_or_default() };
    let ends = match (one.crossing.earliest, one.crossing.latest) {
        (Some(low), Some(high)) if low < high => {
            format!(" ({})", format::between(Some(low), Some(high), format::PLAIN))
        }
        _ => String::new(),
    };
    let text = format!("{} = {} {unit}", axis.name, number(at, format::decimals(at, None)));
    format!("{}{ends}", text.trim_end())
}
