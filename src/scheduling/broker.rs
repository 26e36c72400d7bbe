//! The broker's rules: which partition a job goes to, given what the partitions say and predict of themselves.

use crate::model::{PartitionId, Score, ScoreWeights};
use crate::units::{Span, Time};
use std::cmp::{Ordering, Reverse};

/// A partition on which the job fits, with what it predicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The partition.
    pub partition: PartitionId,
    /// The accelerators on which it would run.
    pub accelerators: u32,
    /// The partition's tier.
    pub tier: i32,
    /// When its turn would come there, its input aside.
    pub turn: Time,
    /// When it would end there if it used all the time it requests.
    pub completion: Time,
}

impl Choice {
    /// Ties go to the fewest accelerators, then to the highest tier, then by partition id: of the partitions on the same
    /// nodes that take a job, it goes to the most urgent.
    pub fn by_completion(&self) -> (Time, u32, Reverse<i32>, PartitionId) {
        (self.completion, self.accelerators, Reverse(self.tier), self.partition)
    }
}

/// The choice of least predicted completion: so a moldable job runs on the size that finishes first. `None` if there are
/// no choices.
pub fn choose_by_completion(choices: impl IntoIterator<Item = Choice>) -> Option<Choice> {
    choices.into_iter().min_by_key(Choice::by_completion)
}

/// A choice with all that scores look at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offer {
    /// The choice.
    pub choice: Choice,
    /// From now until it is predicted to start there, its input being there.
    pub wait: Span,
    /// The electricity of all the time it requests there, in euros.
    pub cost_eur: f64,
    /// The carbon of this electricity, in kg of CO2 equivalent.
    pub carbon_kg: f64,
    /// The share of the partition's units that jobs hold.
    pub utilisation: f64,
    /// Units that the owners of the asker's quota would hold beyond their own, over their own: 0 within it or where nodes
    /// are nobody's, infinite for who owns nothing of what others own.
    pub over_entitlement: f64,
}

/// The offer of least score; ties as by completion. `None` if there are no offers.
pub fn choose_by_score(score: Score, offers: impl IntoIterator<Item = Offer>) -> Option<Choice> {
    let least = offers.into_iter().min_by(|a, b| {
        let ties = || a.choice.by_completion().cmp(&b.choice.by_completion());
        compare(score, a, b).then_with(ties)
    });
    least.map(|offer| offer.choice)
}

fn compare(score: Score, a: &Offer, b: &Offer) -> Ordering {
    match score {
        Score::Wait => a.wait.cmp(&b.wait),
        Score::Cost { wait_bound } => within(wait_bound, a, b, |offer| offer.cost_eur),
        Score::Carbon { wait_bound } => within(wait_bound, a, b, |offer| offer.carbon_kg),
        Score::Weighted(weights) => bid(weights, a).total_cmp(&bid(weights, b)),
        Score::Entitlement => {
            a.over_entitlement.total_cmp(&b.over_entitlement).then_with(|| a.wait.cmp(&b.wait))
        }
    }
}

/// Offers within the bound come first, by `value`; the others by their wait.
fn within(bound: Option<Span>, a: &Offer, b: &Offer, value: fn(&Offer) -> f64) -> Ordering {
    let exceeds = |offer: &Offer| bound.is_some_and(|bound| offer.wait > bound);
    match (exceeds(a), exceeds(b)) {
        (false, false) => value(a).total_cmp(&value(b)),
        (true, true) => a.wait.cmp(&b.wait),
        (a, b) => a.cmp(&b),
    }
}

fn bid(weights: ScoreWeights, offer: &Offer) -> f64 {
    weights.wait_h * (offer.wait.as_seconds() / 3_600.0)
        + weights.cost_eur * offer.cost_eur
        + weights.carbon_kg * offer.carbon_kg
        + weights.utilisation * offer.utilisation
}

/// The index of the least count; of equal ones each has the same chance, decided by a number uniform on (0, 1). `None`
/// if there are no counts.
pub fn fewest(counts: &[u64], uniform: f64) -> Option<usize> {
    let least = counts.iter().min()?;
    let equal = || (0..counts.len()).filter(|&index| counts[index] == *least);
    equal().nth((uniform * equal().count() as f64) as usize)
}

/// Keeps `count` items drawn at random without replacement, all if there are no more, in the order drawn; each draw
/// takes a number uniform on (0, 1).
pub fn draw<T>(items: &mut Vec<T>, count: usize, mut uniform: impl FnMut() -> f64) {
    let count = count.min(items.len());
    for drawn in 0..count {
        let left = items.len() - drawn;
        items.swap(drawn, drawn + (uniform() * left as f64) as usize);
    }
    items.truncate(count);
}

/// The index of an item drawn with chances in the ratio of these fractions, equal chances if all are zero, by a number
/// uniform on (0, 1). `None` if there are none.
pub fn draw_by_fraction(fractions: &[f64], uniform: f64) -> Option<usize> {
    let total: f64 = fractions.iter().sum();
    if total <= 0.0 {
        return (!fractions.is_empty()).then_some((uniform * fractions.len() as f64) as usize);
    }
    let mut left = uniform * total;
    let beyond = fractions.iter().position(|fraction| {
        left -= fraction;
        left < 0.0
    });
    // Rounding may leave a last crumb of the sum: it belongs to the last that has any.
    beyond.or_else(|| fractions.iter().rposition(|&fraction| fraction > 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn offer(partition: u32, wait: u64, cost_eur: f64) -> Offer {
        let turn = Time::from_seconds(wait);
        let partition = PartitionId(partition);
        Offer {
            choice: Choice { partition, accelerators: 1, tier: 0, turn, completion: turn },
            wait: Span::from_seconds(wait),
            cost_eur,
            carbon_kg: 10.0 - cost_eur,
            utilisation: cost_eur / 10.0,
            over_entitlement: 0.0,
        }
    }

    fn chosen(score: Score, offers: &[Offer]) -> u32 {
        choose_by_score(score, offers.iter().copied()).unwrap().partition.0
    }

    #[test]
    fn scores_choose_what_they_say() {
        let offers = [offer(0, 10, 3.0), offer(1, 30, 1.0), offer(2, 20, 2.0)];
        let cost = |seconds: Option<u64>| Score::Cost { wait_bound: seconds.map(Span::from_seconds) };
        assert_eq!(chosen(Score::Wait, &offers), 0);
        assert_eq!(
            [None, Some(30), Some(29), Some(10), Some(9)].map(|s| chosen(cost(s), &offers)),
            [1, 1, 2, 0, 0]
        );
        assert_eq!(chosen(Score::Carbon { wait_bound: None }, &offers), 0);
        let weighted = |wait_h, cost_eur| {
            chosen(Score::Weighted(ScoreWeights { wait_h, cost_eur, ..ScoreWeights::default() }), &offers)
        };
        // An hour of wait is worth 3,600 s: ten seconds against a euro turn at a ratio of 360.
        assert_eq!([weighted(359.0, 1.0), weighted(361.0, 1.0), weighted(0.0, 1.0)], [1, 0, 1]);
        let mut owned = offers;
        owned[0].over_entitlement = 0.5;
        assert_eq!(chosen(Score::Entitlement, &owned), 2);
    }

    #[test]
    fn equal_counts_have_equal_chances() {
        let counts = [3, 1, 2, 1, 1];
        assert_eq!([0.1, 0.5, 0.9].map(|uniform| fewest(&counts, uniform)), [Some(1), Some(3), Some(4)]);
        assert_eq!(fewest(&[], 0.5), None);
    }

    #[test]
    fn fractions_are_renormalised() {
        let at =
            |fractions: &[f64]| [0.01, 0.49, 0.51, 0.99].map(|u| draw_by_fraction(fractions, u).unwrap());
        assert_eq!(at(&[0.0, 3.0, 3.0]), [1, 1, 2, 2]);
        assert_eq!(at(&[0.2, 0.0, 0.1]), [0, 0, 0, 2]);
        assert_eq!(at(&[0.0, 0.0]), [0, 0, 1, 1]);
        assert_eq!(draw_by_fraction(&[], 0.5), None);
    }

    /// Each of the ordered pairs of five comes equally often: the greatest deviation of 20 cells within five standard
    /// errors of a multinomial count.
    #[test]
    fn draws_are_uniform_and_without_replacement() {
        let universe = crate::engine::Universe::new(7, 0);
        let (mut counts, draws) = ([0_u32; 25], 100_000);
        for ordinal in 0..draws {
            let mut stream = universe.stream(1, ordinal, 0);
            let mut items: Vec<usize> = (0..5).collect();
            draw(&mut items, 2, || stream.uniform());
            counts[items[0] * 5 + items[1]] += 1;
        }
        let expected = draws as f64 / 20.0;
        for (pair, &count) in counts.iter().enumerate() {
            let expected = if pair % 6 == 0 { 0.0 } else { expected };
            assert!((f64::from(count) - expected).abs() <= 5.0 * expected.sqrt(), "{pair}: {count}");
        }
    }

    proptest! {
        /// Without a bound the cheapest offer is chosen; with one, the cheapest within it, or the soonest.
        #[test]
        fn the_cheapest_within_the_bound(
            offers in prop::collection::vec((0_u64..20, 0_u32..6), 1..8),
            bound in prop::option::of(0_u64..20),
        ) {
            let offers: Vec<Offer> =
                (0..).zip(&offers).map(|(id, &(wait, cost))| offer(id, wait, cost.into())).collect();
            let best = chosen(Score::Cost { wait_bound: bound.map(Span::from_seconds) }, &offers) as usize;
            let within: Vec<&Offer> = offers
                .iter()
                .filter(|offer| bound.is_none_or(|bound| offer.wait <= Span::from_seconds(bound)))
                .collect();
            if within.is_empty() {
                prop_assert!(offers.iter().all(|offer| offers[best].wait <= offer.wait));
            } else {
                prop_assert!(within.iter().all(|offer| offers[best].cost_eur <= offer.cost_eur));
                prop_assert!(within.contains(&&offers[best]));
            }
        }
    }
}
