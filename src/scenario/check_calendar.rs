//! Rules of a partition's calendar: blocks in order, and never more nodes withdrawn than there are.

use super::check::LONGEST_DAYS;
use super::diagnostics::Report;
use super::format::Observation;
use super::partition_format::{Entry, Partition};
use super::partition_nodes::open_nodes;
use super::tree::Node;
use crate::units::{Calendar, Span, Time};

const DAY: Span = Span(86_400_000_000_000);

/// Reports every broken rule of the calendar of the partition at `path`, which owns its nodes.
pub(super) fn check_calendar(
    tree: &Node,
    observation: Option<&Observation>,
    (path, partition): (&str, &Partition),
    report: &mut Report,
) {
    let open = open_nodes(partition);
    let mut rule = |index: usize, key: &str, text: String| {
        report.rule(tree, &format!("{path}.calendar.{index}{key}"), text);
    };
    let mut sound = true;
    for (index, entry) in partition.calendar.iter().enumerate() {
        for (key, text) in broken(entry, open) {
            sound = false;
            rule(index, key, text);
        }
    }
    let days = |observation: &Observation| (observation.end - observation.start).get_days();
    let Some(observation) = observation.filter(|found| (1..=LONGEST_DAYS).contains(&days(found))) else {
        return;
    };
    let calendar = Calendar::starting(observation.start);
    let end = calendar.time_of(observation.end);
    if let Some((index, at, withdrawn)) =
        sound.then(|| overdrawn(&partition.calendar, calendar, end, open)).flatten()
    {
        let date = calendar.date_of(at).map_or_else(|_| String::new(), |date| format!(" on {date}"));
        let text = format!("{withdrawn} nodes are withdrawn at once{date}, and {open} are open");
        rule(index, "", text);
    }
}

/// What is wrong with an entry by itself, by key.
fn broken(entry: &Entry, open: u32) -> Vec<(&'static str, String)> {
    let times = entry.times();
    let mut broken = Vec::new();
    if times.at >= DAY {
        broken.push((".at", format!("{} after midnight is another day than `from`", times.at)));
    }
    match (times.repeat, times.until) {
        (Some(repeat), _) if repeat < DAY.max(times.duration) => {
            let least = DAY.max(times.duration);
            broken.push((
                ".repeat",
                format!("a block that lasts {} repeats after {least} at the earliest", times.duration),
            ));
        }
        (None, Some(_)) => broken.push((".until", "only what has a `repeat` goes on until a day".to_owned())),
        (Some(_), Some(until)) if until <= times.from => {
            let text = format!("the day {until} must lie after the first block's, {}", times.from);
            broken.push((".until", text));
        }
        _ => {}
    }
    if let Entry::LargeJobs { least_nodes, .. } = *entry
        && least_nodes > open
    {
        broken.push((".least_nodes", format!("no job has {least_nodes} nodes, of which {open} are open")));
    }
    broken
}

/// The first instant at which more nodes are withdrawn than are open: the entry whose block begins then, when, and how
/// many.
fn overdrawn(entries: &[Entry], calendar: Calendar, end: Time, open: u32) -> Option<(usize, Time, u64)> {
    let mut edges = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        for block in entry.blocks(calendar, end, open).into_iter().filter(|block| block.nodes > 0) {
            edges.push((block.from, 1, index, block.nodes));
            edges.push((block.to, 0, index, block.nodes));
        }
    }
    // At one instant, blocks end before others begin.
    edges.sort_unstable();
    let mut withdrawn = 0_u64;
    for (at, begins, index, nodes) in edges {
        if begins == 0 {
            withdrawn -= u64::from(nodes);
            continue;
        }
        withdrawn += u64::from(nodes);
        if withdrawn > u64::from(open) {
            return Some((index, at, withdrawn));
        }
    }
    None
}
