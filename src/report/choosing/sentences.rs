//! The answer in sentences: which set, what is promised among which sets, how far from the best it may be, and what is not
//! promised.

use crate::report::format::{Quantity, estimate, lower_first, number, value};
use crate::statistics::Want;
use crate::study::Waiting;
use crate::study::select::{BoundGap, Finalist, Guarantee, SelectSummary, Selection, Verdict};

/// The answer, one statement a line; without a set that may keep what is required, this.
pub fn sentences(summary: &SelectSummary) -> Vec<String> {
    let Some(selection) = &summary.selection else { return vec![nothing_kept(summary)] };
    let chosen = &selection.finalists[selection.chosen];
    let mut said = vec![format!("Chosen: {}.", listed(&chosen.sites)), promised(summary, selection)];
    said.push(looked_at(selection));
    if selection.broke > 0 {
        said.push(format!(
            "Left out of the final, since they broke what is required there: {} more.",
            selection.broke
        ));
    }
    said.extend(selection.gap.as_ref().map(gap));
    said.extend(requirements(summary, chosen));
    said.extend(selection.waiting.as_ref().map(|waiting| waiting_in_words(summary, waiting)));
    said
}

/// That no set was found.
fn nothing_kept(summary: &SelectSummary) -> String {
    let required: Vec<String> = summary
        .objectives
        .iter()
        .filter(|one| one.at_most.is_some() || one.at_least.is_some())
        .map(|one| one.name.clone())
        .collect();
    if required.is_empty() {
        return "No set gave a value of every objective in all its runs: nothing can be chosen.".to_owned();
    }
    format!(
        "Of the sets that were run, each breaks what is required ({}): nothing can be chosen.",
        required.join(", ")
    )
}

fn promised(summary: &SelectSummary, selection: &Selection) -> String {
    let first = &summary.objectives[0];
    let quantity = Quantity::of_unit(&first.unit);
    let best = match first.want {
        Want::Most => "the greatest",
        Want::Least => "the least",
    };
    let among = format!("the {} finalists", selection.finalists.len());
    match selection.guarantee {
        Guarantee::WithinIndifference { confidence, indifference } => format!(
            "With {} % confidence it has {best} {} of {among}, or is within {} of it: by Kim and Nelson's procedure on \
             replications that the search had not seen, for values that are about normal. That is proved where the best leads \
             by so much, and usual, not proved, where several lie closer.",
            number(confidence * 100.0, 0),
            lower_first(&first.name),
            value(indifference, quantity)
        ),
        Guarantee::MostLikely { probability } => format!(
            "The runs allowed did not tell the finalists apart: it has {best} mean {} among {among}, with an estimated \
             probability of {} % that it is the best of them. Nothing is promised.",
            lower_first(&first.name),
            number(probability * 100.0, 0)
        ),
        Guarantee::OnlyOne => {
            "It is the only set in the final: nothing was compared with it there.".to_owned()
        }
    }
}

fn looked_at(selection: &Selection) -> String {
    let allowed = selection.allowed.map_or("too many to count".to_owned(), |count| number(count as f64, 0));
    let runs = selection.runs;
    let made = format!(
        "{} runs in the search, {} in the ranking, {} in the final",
        number(runs.search as f64, 0),
        number(runs.ranking as f64, 0),
        number(runs.finals as f64, 0)
    );
    if selection.exhaustive {
        return format!(
            "All {allowed} allowed sets were run; the finalists are those that looked best: {made}."
        );
    }
    format!(
        "Of the allowed sets ({allowed}) {} were run, found by greedy choice, swaps and, where there is one, the bound: {made}. \
         About the others the search promises nothing of its own.",
        number(selection.looked_at as f64, 0)
    )
}

fn gap(gap: &BoundGap) -> String {
    let quantity = Quantity::AcceleratorHours;
    let kind = if gap.is_bound {
        "by the fluid bound"
    } else {
        "by the fluid bound for the hours asked for, an estimate where jobs come by projects"
    };
    let others = match gap.left_out {
        Some(left) => format!(" Sets that were not run: at most {}.", value(left, quantity)),
        None => String::new(),
    };
    format!(
        "No allowed set can be expected to do more than {}, {kind}: the chosen one lies {} % below that.{others}",
        value(gap.greatest, quantity),
        number(gap.gap * 100.0, 1)
    )
}

fn requirements(summary: &SelectSummary, chosen: &Finalist) -> Vec<String> {
    let in_words = |verdict| match verdict {
        Verdict::Kept => "is kept, with 95 % confidence",
        Verdict::KeptInTheMean => "is kept in the mean; the interval holds the limit",
        Verdict::BrokenInTheMean => "is broken in the mean; the interval holds the limit",
        Verdict::Broken => "is broken, with 95 % confidence",
    };
    let one = |requirement: &crate::study::select::Requirement| {
        let objective = summary.objectives.iter().find(|one| one.id == requirement.objective)?;
        let quantity = Quantity::of_unit(&objective.unit);
        let most = objective.at_most.map(|most| format!("at most {}", value(most, quantity)));
        let least = objective.at_least.map(|least| format!("at least {}", value(least, quantity)));
        let limits: Vec<String> = least.into_iter().chain(most).collect();
        Some(format!(
            "Required of {}: {} - {}.",
            lower_first(&objective.name),
            limits.join(", "),
            in_words(requirement.verdict)
        ))
    };
    chosen.requirements.iter().filter_map(one).collect()
}

fn waiting_in_words(summary: &SelectSummary, waiting: &Waiting) -> String {
    let first = &summary.objectives[0];
    let quantity = Quantity::of_unit(&first.unit);
    let unit = quantity.unit_for_all([&waiting.worth]);
    let worth = estimate(&waiting.worth, unit, waiting.worth.count);
    let told = if waiting.worth.excludes_zero() { "" } else { ", which is not told from nothing" };
    format!(
        "Waiting: with {} now and the later rounds decided when the future is known, {} is better by {worth} {} than with all \
         decided now{told}.",
        listed(&waiting.now),
        lower_first(&first.name),
        unit.label
    )
}

/// `a, b and c`.
fn listed(words: &[String]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
