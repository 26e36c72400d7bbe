//! Rules of when demand comes.

use super::arrival_format::{Closed, Patience, Rhythm};
use super::build_arrivals::batch;
use super::check::{AboveZero, check_amount};
use super::demand_format::{Community, JobClass, Weight};
use super::diagnostics::Report;
use super::tree::Node;

/// Reports what is wrong with the growth and the rhythm of the community at `path`.
pub(super) fn check_arrivals(tree: &Node, (path, community): (&str, &Community), report: &mut Report) {
    if community.growth.is_some() && community.growth_per_year != 0.0 {
        let text = "a curve of growth says all: `growth_per_year` is for growth without a ceiling";
        report.rule(tree, &format!("{path}.growth"), text);
    }
    if let Some(closed) = &community.closed {
        check_closed(tree, path, (community, closed), report);
    }
    if let Some(patience) = &community.patience {
        check_patience(tree, &format!("{path}.patience"), patience, report);
    }
    if let Some(rhythm) = &community.rhythm {
        check_rhythm(tree, &format!("{path}.rhythm"), rhythm, report);
    }
}

/// Users who wait for their jobs have a rate of their own making.
fn check_closed(tree: &Node, path: &str, (community, closed): (&Community, &Closed), report: &mut Report) {
    check_amount(tree, &format!("{path}.closed.think"), &closed.think, AboveZero::Required, report);
    // Those who come with projects have a rate from outside beside it.
    if community.asks_projects() {
        return;
    }
    let others = [
        ("growth_per_year", community.growth_per_year != 0.0),
        ("growth", community.growth.is_some()),
        ("rhythm", community.rhythm.is_some()),
        ("bursts", community.bursts.is_some()),
    ];
    for (key, _) in others.into_iter().filter(|(_, is_said)| *is_said) {
        let text =
            "is for streams that nothing holds back: users of a closed loop come when their jobs have left";
        report.rule(tree, &format!("{path}.{key}"), text);
    }
}

fn check_patience(tree: &Node, path: &str, patience: &Patience, report: &mut Report) {
    let Patience { promised, waited } = patience;
    if promised.is_none() && waited.is_none() {
        report.rule(tree, path, "say `promised`, `waited` or both: who has neither waits for ever");
    }
    for (key, amount) in [("promised", promised), ("waited", waited)] {
        if let Some(amount) = amount {
            check_amount(tree, &format!("{path}.{key}"), amount, AboveZero::Required, report);
        }
    }
}

fn check_rhythm(tree: &Node, path: &str, rhythm: &Rhythm, report: &mut Report) {
    let mut rule = |key: &str, text: &str| report.rule(tree, &format!("{path}.{key}"), text);
    let nothing = |weights: &[Weight]| weights.iter().all(|weight| weight.0 <= 0.0);
    if rhythm.hours.is_some_and(|hours| nothing(&hours)) {
        rule("hours", "at least one weight must be above zero");
    }
    if rhythm.weekdays.is_some_and(|days| nothing(&days)) {
        rule("weekdays", "at least one weight must be above zero");
    }
    let Some(waves) = &rhythm.waves else { return };
    if rhythm.hours.is_some() {
        rule("waves", "the day has a shape already: say `hours` or `waves`");
    }
    // A hair more than 1 may come of adding decimals.
    if waves.iter().map(|wave| wave.amplitude).sum::<f64>() > 1.0 + 1e-12 {
        rule(
            "waves",
            "the amplitudes must add up to at most 1, or there would be less than nothing at some hour",
        );
    }
}

/// Reports what is wrong with the batches of the class at `path`.
pub(super) fn check_batch(tree: &Node, (path, class): (&str, &JobClass), report: &mut Report) {
    if let Some(Err(error)) = class.batch.as_ref().map(batch) {
        report.rule(tree, &format!("{path}.batch"), error.to_string());
    }
}
