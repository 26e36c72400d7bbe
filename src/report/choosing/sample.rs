//! A made-up choice and made-up futures, for tests of tables and figures.

use crate::statistics::{Estimate, Standing, Want};
use crate::study::select::{Finalist, Guarantee, RunsMade, SelectSummary, Selection};
use crate::study::{
    CandidateWorth, FutureWeight, FuturesSummary, ObjectiveInFutures, ObjectiveRow, SetInFutures, Shapley,
    Worth,
};
use jiff::civil::date;

/// A wait that is to be short.
pub(in crate::report) fn objective(name: &str) -> ObjectiveRow {
    ObjectiveRow {
        id: "one".to_owned(),
        name: name.to_owned(),
        metric: "wait_s_mean".to_owned(),
        community: None,
        site: None,
        unit: "s".to_owned(),
        want: Want::Least,
        at_most: None,
        at_least: None,
    }
}

/// A value a little greater for each further place.
fn step(value: Estimate, place: usize) -> Estimate {
    Estimate { mean: value.mean.map(|mean| mean * (1.0 + 0.1 * place as f64)), ..value }
}

/// A choice among so many candidates of which each is worth about `value`, with as many finalists; none without candidates.
pub(in crate::report) fn choice(candidates: usize, name: &str, value: Estimate) -> SelectSummary {
    let ids: Vec<String> = (0..candidates).map(|index| format!("site-{index}")).collect();
    let worth = |(place, site): (usize, &String)| CandidateWorth {
        site: site.clone(),
        first: step(value, place),
        last: step(value, place + 1),
        shapley: Some(step(value, place + 2)),
    };
    SelectSummary {
        scenario: name.to_owned(),
        seed: 20_241_210,
        from: date(2025, 1, 1),
        to: date(2026, 1, 1),
        broker: name.to_owned(),
        confidence: 0.95,
        objectives: vec![objective(name)],
        futures: Vec::new(),
        candidate_names: ids.iter().map(|_| name.to_owned()).collect(),
        committed: Vec::new(),
        selection: (candidates > 0).then(|| selection(candidates, name, value)),
        worth: vec![Worth {
            objective: "one".to_owned(),
            all: value,
            committed: Some(value),
            shapley: Some(Shapley::Exact { replications: 5 }),
            candidates: ids.iter().enumerate().map(worth).collect(),
            pairs: Vec::new(),
        }],
        candidates: ids,
    }
}

fn selection(finalists: usize, name: &str, value: Estimate) -> Selection {
    let finalist = |place: usize| Finalist {
        sites: vec![name.to_owned(), format!("site-{place}")],
        names: vec![name.to_owned(); 2],
        cost_euros: 1e8,
        before: value,
        objectives: vec![step(value, place)],
        behind: value,
        dropped_at: (place > 1).then_some(10),
        requirements: Vec::new(),
        standing: Some(Standing::Undecided),
    };
    Selection {
        allowed: Some(73),
        looked_at: 15,
        exhaustive: false,
        runs: RunsMade { search: 135, ranking: 63, finals: 180 },
        broke: 0,
        finalists: (0..finalists).map(finalist).collect(),
        undecided: Vec::new(),
        chosen: 0,
        guarantee: Guarantee::OnlyOne,
        gap: None,
        waiting: None,
    }
}

/// So many sets in so many futures, with such results in each.
pub(in crate::report) fn in_futures(
    sets: usize,
    futures: usize,
    name: &str,
    value: Estimate,
) -> FuturesSummary {
    let future = |index: usize| FutureWeight {
        id: format!("future-{index}"),
        name: name.to_owned(),
        weight: 1.0 / futures as f64,
    };
    let set = SetInFutures {
        values: vec![value; futures],
        weighted: value,
        regrets: (0..futures).map(|place| step(value, 3 * place)).collect(),
        weighted_regret: value,
        worst_future: 0,
    };
    FuturesSummary {
        futures: (0..futures).map(future).collect(),
        sets: (0..sets).map(|index| format!("set-{index}")).collect(),
        set_names: vec![name.to_owned(); sets],
        objectives: vec![ObjectiveInFutures {
            row: objective(name),
            sets: vec![set; sets],
            beats: vec![vec![value; sets]; sets],
        }],
    }
}
