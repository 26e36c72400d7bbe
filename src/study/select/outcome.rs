//! The whole way from rules to an answer, and what it says.

use super::final_round::{Final, Guarantee, final_round};
use super::ranked::finalists;
use super::searched::{Searched, search};
use super::valuation::{Judges, Valuation};
use crate::bound::expected_bound_h;
use crate::model::{CandidateSet, Effort, Mask, System};
use crate::statistics::{
    CONFIDENCE, Estimate, Metric, Objective, ParetoFront, Scope, Standing, Want, student_t_quantile,
};
use crate::study::runs::{Halt, Launcher, Runs};
use crate::study::waiting::{Waiting, value_of_waiting};
use serde::{Deserialize, Serialize};

/// What `select` found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Selection {
    /// How many sets the rules allow; `None` where there are too many to count.
    pub allowed: Option<u128>,
    /// How many of them were run.
    pub looked_at: usize,
    /// Whether these are all.
    pub exhaustive: bool,
    /// The runs made for it, those of earlier studies included.
    pub runs: RunsMade,
    /// Sets of the final that broke a requirement there, with confidence or, where others keep it, in the mean.
    pub broke: usize,
    /// The other finalists, in the order of the ranking that they came from.
    pub finalists: Vec<Finalist>,
    /// Pairs of finalists of which the first may be better than the second in everything, and the intervals do not tell.
    pub undecided: Vec<(usize, usize)>,
    /// The place of the chosen one among them.
    pub chosen: usize,
    /// What is promised.
    pub guarantee: Guarantee,
    /// How far the chosen set may be from the best of all, by the fluid bound.
    pub gap: Option<BoundGap>,
    /// What waiting for a later round is worth, where there are rounds and futures.
    pub waiting: Option<Waiting>,
}

/// Runs of sets in futures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunsMade {
    /// In the search.
    pub search: u64,
    /// In the ranking.
    pub ranking: u64,
    /// In the final, on replications of its own.
    pub finals: u64,
}

/// What the fluid bound says of the first objective.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BoundGap {
    /// The greatest bound of any allowed set.
    pub greatest: f64,
    /// (greatest bound - mean of the chosen set) / greatest bound: no set is better by more than this part.
    pub gap: f64,
    /// The greatest bound of the sets that were not run; `None` where that does not exceed the best mean of the search.
    pub left_out: Option<f64>,
    /// Whether it is a bound, or with projects an estimate of it.
    pub is_bound: bool,
    /// Sets whose bound was worked out.
    pub computed: usize,
}

/// A set of the final.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finalist {
    /// The ids of its sites.
    pub sites: Vec<String>,
    /// Their names.
    pub names: Vec<String>,
    /// What all its sites cost.
    pub cost_euros: f64,
    /// The mean of the first objective in search and ranking, which made it a finalist.
    pub before: Estimate,
    /// The objectives, on the replications of the final.
    pub objectives: Vec<Estimate>,
    /// The first objective less that of the chosen set, in pairs of replications that both have.
    pub behind: Estimate,
    /// After how many replications of the final it was dropped.
    pub dropped_at: Option<u32>,
    /// What became of each objective's requirement.
    pub requirements: Vec<Requirement>,
    /// Where it stands among the finalists over all objectives; `None` of a single objective.
    pub standing: Option<Standing>,
}

/// Whether the mean of an objective keeps what is required.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It does, with confidence.
    Kept,
    /// Its mean does, but the interval holds the limit.
    KeptInTheMean,
    /// Its mean does not, but the interval holds the limit.
    BrokenInTheMean,
    /// It does not, with confidence.
    Broken,
}

/// The requirement of one objective and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Requirement {
    /// The objective's id.
    pub objective: String,
    /// What became of it.
    pub verdict: Verdict,
}

/// Chooses a set; `None` where none keeps what is required. `system` is the scenario as it stands, for names and costs.
///
/// # Errors
/// When runs can't be made.
pub fn select<L: Launcher + Sync>(
    system: &System,
    judges: Judges<'_>,
    effort: &Effort,
    runs: &Runs<'_, L>,
) -> Result<Option<Selection>, Halt> {
    let mut before = Valuation::new(judges, runs, 0);
    let Searched { exhaustive, ranking, screening } = search(&mut before, effort, bound(judges))?;
    let search_runs = before.spent();
    let ranking_for = may_keep(&before, &ranking);
    let sets = finalists(&mut before, effort, &ranking_for)?;
    let entered = sets.len();
    // Nobody has seen these replications: the longest look ends before them.
    let fresh_from = ranking.iter().map(|&set| before.count(set)).max().unwrap_or(0);
    let mut fresh = Valuation::new(judges, runs, fresh_from);
    fresh.add(&sets.iter().map(|&set| (set, effort.first)).collect::<Vec<_>>())?;
    // Nobody chooses what breaks a requirement in the mean while something else keeps it.
    let may_keep = may_keep(&fresh, &sets);
    let keeps: Vec<Mask> = may_keep.iter().copied().filter(|&set| fresh.keeps(set)).collect();
    let sets = if keeps.is_empty() { may_keep } else { keeps };
    if sets.is_empty() {
        return Ok(None);
    }
    let broke = entered - sets.len();
    let ended = final_round(&mut fresh, effort, &sets)?;
    let front = front(&fresh, &sets, effort);
    let undecided = front.as_ref().map_or_else(Vec::new, ParetoFront::undecided_pairs);
    let finalists = all_of(system, (&before, &fresh), (&sets, &ended), front.as_ref());
    let chosen = fresh.values(sets[ended.winner], 0);
    let ran = (ranking.as_slice(), effort.first);
    let waiting = value_of_waiting(system, &before, &mut fresh, ran)?;
    let gap = screening.map(|screening| BoundGap {
        greatest: screening.greatest,
        gap: 1.0 - super::valuation::mean(&chosen) / screening.greatest,
        left_out: screening.left_out,
        is_bound: !system.has_projects(),
        computed: screening.computed,
    });
    Ok(Some(Selection {
        allowed: judges.choice.rules.count(),
        looked_at: ranking.len(),
        exhaustive,
        runs: RunsMade { search: search_runs, ranking: before.spent() - search_runs, finals: fresh.spent() },
        broke,
        finalists,
        undecided,
        chosen: ended.winner,
        guarantee: ended.guarantee,
        gap,
        waiting,
    }))
}

/// The fluid bound of the first objective: that there is for the work done in the whole network.
fn bound(judges: Judges<'_>) -> Option<impl FnMut(Mask) -> f64 + '_> {
    let first = &judges.objectives[0];
    let is_bounded =
        first.measure.metric() == Metric::DoneH.name() && first.measure.scope() == Scope::Network;
    (is_bounded && first.want == Want::Most).then_some(move |set: Mask| {
        let set: CandidateSet = super::valuation::candidate_set(judges.choice, set);
        judges.futures.iter().map(|(weight, setting)| weight * expected_bound_h(setting.system(), &set)).sum()
    })
}

/// The sets that break no requirement with confidence; those that keep all in the mean first, each in the order given.
fn may_keep<L: Launcher + Sync>(valuation: &Valuation<'_, L>, sets: &[Mask]) -> Vec<Mask> {
    let worst = |set: Mask| {
        let objectives = valuation.judges().objectives.iter().enumerate();
        objectives
            .filter_map(|(place, one)| verdict(one, &valuation.values(set, place)))
            .max_by_key(|one| *one as u8)
    };
    let mut left: Vec<(bool, Mask)> = sets
        .iter()
        .map(|&set| (worst(set), set))
        .filter(|(worst, _)| *worst != Some(Verdict::Broken))
        .map(|(worst, set)| (worst == Some(Verdict::BrokenInTheMean), set))
        .collect();
    left.sort_by_key(|(broken, _)| *broken);
    left.into_iter().map(|(_, set)| set).collect()
}

/// What the values of an objective say of its requirement, each limit by a one-sided interval of 95 %.
fn verdict(objective: &Objective, values: &[f64]) -> Option<Verdict> {
    let estimate = Estimate::of(values.iter().copied());
    let of = |room: f64, half: f64| match (room >= 0.0, room.abs() > half) {
        (true, true) => Verdict::Kept,
        (true, false) => Verdict::KeptInTheMean,
        (false, false) => Verdict::BrokenInTheMean,
        (false, true) => Verdict::Broken,
    };
    let mean = estimate.mean?;
    let freedom = f64::from(estimate.count) - 1.0;
    let half = estimate
        .standard_error()
        .map_or(f64::INFINITY, |error| error * student_t_quantile(CONFIDENCE, freedom));
    let above = objective.at_most.map(|most| of(most - mean, half));
    let below = objective.at_least.map(|least| of(mean - least, half));
    above.into_iter().chain(below).max_by_key(|one| *one as u8)
}

fn all_of<L: Launcher + Sync>(
    system: &System,
    (before, fresh): (&Valuation<'_, L>, &Valuation<'_, L>),
    (sets, ended): (&[Mask], &Final),
    front: Option<&ParetoFront>,
) -> Vec<Finalist> {
    let judges = fresh.judges();
    let chosen = fresh.values(sets[ended.winner], 0);
    let one = |(place, &set): (usize, &Mask)| {
        let sites = judges.choice.sites(set);
        let values = fresh.values(set, 0);
        let requirement = |(place, one): (usize, &Objective)| {
            let verdict = verdict(one, &fresh.values(set, place))?;
            Some(Requirement { objective: one.id.clone(), verdict })
        };
        Finalist {
            sites: sites.iter().map(|&site| system.sites[site].id.clone()).collect(),
            names: sites.iter().map(|&site| system.sites[site].name.clone()).collect(),
            cost_euros: sites.iter().map(|&site| system.sites[site].cost.as_euros()).sum(),
            before: Estimate::of(before.values(set, 0)),
            objectives: (0..judges.objectives.len())
                .map(|place| Estimate::of(fresh.values(set, place)))
                .collect(),
            behind: Estimate::of(values.iter().zip(&chosen).map(|(value, best)| value - best)),
            dropped_at: ended.dropped_at[place],
            requirements: judges.objectives.iter().enumerate().filter_map(requirement).collect(),
            standing: front.map(|front| front.standing(place)),
        }
    };
    sets.iter().enumerate().map(one).collect()
}

/// The front of the finalists over all objectives, by the replications that all of them have; `None` for a single one.
fn front<L: Launcher + Sync>(
    fresh: &Valuation<'_, L>,
    sets: &[Mask],
    effort: &Effort,
) -> Option<ParetoFront> {
    let objectives = fresh.judges().objectives.len();
    let common = effort.first as usize;
    let gains = |&set: &Mask| -> Vec<Vec<f64>> {
        (0..objectives).map(|place| fresh.gains(set, place)[..common].to_vec()).collect()
    };
    let values: Vec<Vec<Vec<f64>>> = sets.iter().map(gains).collect();
    (objectives > 1 && sets.len() > 1).then(|| ParetoFront::new(&values, effort.confidence))
}
