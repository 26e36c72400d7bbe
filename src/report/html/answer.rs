//! What a study found, in sentences: which set is best in what as far as the runs can tell, or what the only set gives.

use crate::report::comparison_tables::{Shown, judged, set_name};
use crate::report::format::{
    Quantity, difference, estimate_with_unit, lower_first, number, probability, value,
};
use crate::statistics::Metric;
use crate::study::{BestSummary, SetAgainstBest, SetSummary, StudySummary};

/// The answer, the most important sentence first.
pub(super) fn answer(summary: &StudySummary) -> Vec<String> {
    match summary.sets.as_slice() {
        [] => vec!["No set was run.".to_owned()],
        [only] => of_one(summary, only),
        _ => of_many(summary),
    }
}

fn of_one(summary: &StudySummary, set: &SetSummary) -> Vec<String> {
    let say = |estimate, quantity| estimate_with_unit(&estimate, quantity, summary.replications);
    let total = &set.total;
    vec![
        format!(
            "{} served {} of work; a job waits {} in the mean, and 95 % of jobs wait at most {}.",
            set.name,
            say(total.served_h, Quantity::AcceleratorHours),
            say(total.wait_s_mean, Quantity::Seconds),
            say(total.wait_s_p95, Quantity::Seconds),
        ),
        format!(
            "Its accelerators were in use {} of the time that they stood open. It did {} of the work that any policy could have \
             done at most{}.",
            say(total.utilisation, Quantity::Share),
            say(total.done_of_bound, Quantity::Share),
            cost(". It costs ", set),
        ),
        format!(
            "± is the half-width of the {} % interval over {}.",
            number(summary.confidence * 100.0, 0),
            crate::report::page::replications(summary)
        ),
    ]
}

fn of_many(summary: &StudySummary) -> Vec<String> {
    let judged = judged(summary, Shown::Usual);
    let mut said = Vec::new();
    for set in most_wanted_first(summary) {
        let won: Vec<String> = judged
            .iter()
            .filter(|(_, one)| winner(one) == Some(&set.id))
            .map(|(name, _)| lower_first(name))
            .collect();
        if !won.is_empty() {
            said.push(format!(
                "With {} % confidence “{}” is best on {} among {} sets{}.",
                number(summary.confidence * 100.0, 0),
                set.name,
                listed(&won, "and"),
                summary.sets.len(),
                cost("; it costs ", set)
            ));
        }
    }
    if said.is_empty() {
        said.push(format!(
            "With {} replications no set is certain to be the best of the {} in any of the metrics looked at.",
            summary.replications,
            summary.sets.len()
        ));
    }
    let undecided = judged.iter().filter(|(_, one)| winner(one).is_none());
    let undecided: Vec<String> =
        undecided.filter_map(|(name, one)| open_question(summary, name, one)).collect();
    if !undecided.is_empty() {
        said.push(format!("Undecided: {}.", undecided.join("; ")));
    }
    said.extend(against_base(summary, "served_h", "Work served"));
    said.extend(against_base(summary, "wait_s_mean", "Mean wait"));
    said.push(
        "Each metric is judged by itself, by multiple comparisons with the best on common random numbers; sets that nobody \
         compared may be better."
            .to_owned(),
    );
    said
}

/// The sets in their order, but the best one in the first objective, or in the work done without one, before all others.
fn most_wanted_first(summary: &StudySummary) -> Vec<&SetSummary> {
    let is_wanted = |one: &&BestSummary| match summary.objectives.first() {
        Some(objective) => {
            let row = &objective.row;
            (&one.metric, &one.community, &one.site) == (&row.metric, &row.community, &row.site)
        }
        None => one.metric == Metric::DoneH.name() && one.community.is_none(),
    };
    let best = summary.best.iter().find(is_wanted).and_then(winner);
    let mut sets: Vec<&SetSummary> = summary.sets.iter().collect();
    // A stable sort: the others stay in their order.
    sets.sort_by_key(|set| best != Some(&set.id));
    sets
}

/// What a set costs, after some words; nothing where the scenario gives no cost.
fn cost(words: &str, set: &SetSummary) -> String {
    let known = set.cost_euros > 0.0;
    if known { format!("{words}{}", value(set.cost_euros, Quantity::Euros)) } else { String::new() }
}

/// The only set that may be the best.
fn winner(best: &BestSummary) -> Option<&String> {
    let mut candidates = best.sets.iter().filter(|set| set.may_be_best);
    let first = candidates.next().filter(|set| set.is_best)?;
    candidates.next().is_none().then_some(&first.set)
}

/// Between which sets a metric does not decide. `None` where all sets give the same value, so that there is no question.
fn open_question(summary: &StudySummary, name: &str, best: &BestSummary) -> Option<String> {
    if best.sets.iter().all(|set| set.difference == Some(0.0)) {
        return None;
    }
    let candidates: Vec<&SetAgainstBest> = best.sets.iter().filter(|set| set.may_be_best).collect();
    if candidates.len() == best.sets.len() {
        return Some(format!("{} (any of the {})", lower_first(name), candidates.len()));
    }
    let names: Vec<String> = candidates.iter().map(|set| set_name(summary, &set.set).to_owned()).collect();
    Some(format!("{} ({})", lower_first(name), listed(&names, "or")))
}

/// The differences to the base that are told from nothing, after the adjustment over all sets.
fn against_base(summary: &StudySummary, metric: &str, name: &str) -> Option<String> {
    let base = summary.sets.first()?;
    let of_base = summary.comparisons.iter().filter(|one| one.base == base.id);
    let rows = of_base.filter_map(|one| {
        let row = one
            .metrics
            .iter()
            .find(|row| row.metric == metric && row.community.is_none() && row.site.is_none())?;
        Some((one, row))
    });
    let told: Vec<String> = rows
        .filter_map(|(one, row)| {
            let p = row.p_adjusted.or(row.p_value).filter(|p| *p <= 1.0 - summary.confidence)?;
            let quantity = Quantity::of_unit(&row.unit);
            let unit = quantity.unit_for_all([&row.difference]);
            let p = probability(p);
            let p = if p.starts_with('<') { format!("p {p}") } else { format!("p = {p}") };
            let by = difference(&row.for_all(), unit, summary.replications);
            Some(format!("{} ({by}, {p})", set_name(summary, &one.set)))
        })
        .collect();
    if told.is_empty() {
        return Some(format!("{name}: no set is told from the base, {}.", base.name));
    }
    Some(format!("{name} differs from that of the base, {}, in {}.", base.name, listed(&told, "and")))
}

/// `a, b and c`.
fn listed(words: &[String], last_word: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {last_word} {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Size, study};

    /// One set that alone may be the best is named with its cost; where two may be, the question is open.
    #[test]
    fn what_is_certain_and_what_is_not() {
        let mut summary = study(&Size { sites: 3, sets: 4, months: 6 });
        let text = answer(&summary).join("\n");
        assert!(text.contains("Undecided: ") && !text.contains("is best on"), "{text}");
        for best in &mut summary.best {
            for (index, set) in best.sets.iter_mut().enumerate() {
                (set.may_be_best, set.is_best) = (index == 2, index == 2);
            }
        }
        let text = answer(&summary).join("\n");
        let expected = format!("With 95 % confidence “{}” is best on mean wait", summary.sets[2].name);
        assert!(text.starts_with(&expected) && text.contains("among 4 sets; it costs"), "{text}");
        assert!(!text.contains("Undecided"), "{text}");
        // What is wanted first comes first: the work done, if no objective says otherwise.
        let done = &mut summary.best[1];
        done.metric = "done_h".to_owned();
        for (index, set) in done.sets.iter_mut().enumerate() {
            (set.may_be_best, set.is_best) = (index == 3, index == 3);
        }
        assert_eq!(most_wanted_first(&summary)[0].id, "set-3");
        let ids: Vec<&str> = most_wanted_first(&summary)[1..].iter().map(|set| set.id.as_str()).collect();
        assert_eq!(ids, ["set-0", "set-1", "set-2"]);
        summary.sets.truncate(1);
        assert!(answer(&summary)[0].contains(" served "));
        summary.sets.clear();
        assert_eq!(answer(&summary).len(), 1);
    }
}
