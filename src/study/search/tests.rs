//! The search against exhaustion, on random functions under random rules.

use super::*;
use crate::engine::{Universe, entity_key};
use crate::model::GroupRule;
use crate::units::Money;
use proptest::prelude::*;

/// Rules over up to ten candidates.
fn some_rules() -> impl Strategy<Value = SetRules> {
    (2_u32..=10).prop_flat_map(|count| {
        let number = (0_u32..3, 1_u32..8).prop_map(move |(least, more)| GroupRule {
            members: Mask::all(count as usize),
            least,
            most: least + more,
        });
        let country = (any::<u64>(), 0_u32..2, 1_u32..4).prop_map(move |(members, least, more)| GroupRule {
            members: Mask(members) & Mask::all(count as usize),
            least,
            most: least + more,
        });
        let pair = || {
            let pair = (0..count, 1..count).prop_map(move |(a, step)| (a, (a + step) % count));
            prop::collection::vec(pair, 0..2)
        };
        let costs = prop::collection::vec((0_u64..20).prop_map(Money), count as usize);
        let budget = prop::option::of((10_u64..120).prop_map(Money));
        (costs, budget, number, prop::option::of(country), pair(), pair()).prop_map(
            |(costs, budget, number, country, not_both, only_with)| SetRules {
                budget,
                groups: country.into_iter().chain([number]).collect(),
                not_both,
                only_with,
                ..SetRules::free(costs)
            },
        )
    })
}

/// A number of a set, uniform in (0, 1).
fn luck(seed: u64, set: Mask) -> f64 {
    Universe::new(seed, 0).stream(entity_key("set", "luck"), set.0, 0).uniform()
}

/// A monotone function that need not be submodular: the greatest luck among the subsets of a set, times its size.
fn monotone(seed: u64, count: usize) -> Vec<f64> {
    let mut values: Vec<f64> =
        (0..1_u64 << count).map(|set| luck(seed, Mask(set)) * f64::from(Mask(set).len())).collect();
    for set in 0..values.len() {
        for bit in Mask(set as u64).iter() {
            values[set] = values[set].max(values[set & !(1 << bit)]);
        }
    }
    values
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Branch and bound gives all allowed sets in falling order of their bounds, and only those above a value.
    #[test]
    fn branch_and_bound_is_exhaustion(rules in some_rules(), seed in any::<u64>(), part in 0.0..1.0_f64) {
        let values = monotone(seed, rules.costs.len());
        let mut all: Vec<f64> = rules.sets().map(|set| values[set.0 as usize]).collect();
        all.sort_by(|a, b| b.total_cmp(a));
        let mut asked = 0;
        let mut search = BestFirst::new(&rules, |set| { asked += 1; values[set.0 as usize] });
        let mut given = Vec::new();
        let floor = part * all.first().copied().unwrap_or(0.0);
        while let Some(found) = search.next_above(floor) {
            prop_assert!(rules.allows(found.set));
            prop_assert_eq!(Some(&found.value), values.get(found.set.0 as usize));
            given.push(found);
        }
        let bounds: Vec<f64> = given.iter().map(|found| found.value).collect();
        let above: Vec<f64> = all.iter().copied().filter(|value| *value > floor).collect();
        prop_assert_eq!(bounds, above);
        prop_assert!(search.ceiling().is_none_or(|ceiling| ceiling <= floor));
        let computed = search.computed();
        drop(search);
        prop_assert_eq!(asked, computed);
        let mut sets: Vec<Mask> = given.iter().map(|found| found.set).collect();
        sets.sort_unstable();
        sets.dedup();
        prop_assert_eq!(sets.len(), given.len());
    }

    /// Whatever the rules and the function, all ways give allowed sets with their values, none better than the best, the
    /// exhaustive one the best; and nobody asks twice.
    #[test]
    fn all_ways_keep_the_rules(rules in some_rules(), seed in any::<u64>()) {
        let mut asked = Vec::new();
        let mut memo = Memo::new(|sets: &[Mask]| {
            asked.extend_from_slice(sets);
            sets.iter().map(|set| if set.0 % 7 == 3 { f64::NAN } else { luck(seed, *set) }).collect()
        });
        let starts: Vec<Valued> =
            [Greed::Gain, Greed::GainPerCost].iter().filter_map(|greed| Some(greedy(&rules, *greed, &mut memo)?.1)).collect();
        let single = best_single(&rules, &mut memo);
        let how = ImproveRules { patience: 10, tenure: 3, moves: 60 };
        let improved: Vec<Valued> = starts.iter().map(|start| improve(&rules, &mut memo, start.set, how).best).collect();
        let before = memo.evaluated();
        let ranking = memo.ranking(&rules);
        let best = best_of_all(&rules, &mut memo);
        let plain = rules.sets().map(|set| memo.value(set)).min_by(Valued::order);
        prop_assert_eq!(best.map(|best| best.set), plain.map(|best| best.set));
        prop_assert_eq!(starts.len(), if best.is_some() { 2 } else { 0 });
        for (start, better) in starts.iter().zip(&improved) {
            prop_assert!(!start.is_better_than(better));
        }
        for found in starts.iter().chain(&improved).chain(&single).chain(&ranking) {
            prop_assert!(rules.allows(found.set));
            prop_assert!(!found.is_better_than(&best.unwrap()));
        }
        prop_assert!(memo.evaluated() >= before);
        let count = asked.len();
        asked.sort_unstable();
        asked.dedup();
        prop_assert_eq!(asked.len(), count);
    }

    /// Nemhauser, Wolsey and Fisher: coverage under a bound on the number alone.
    #[test]
    fn greedy_covers_its_part(
        covers in prop::collection::vec(any::<u32>().prop_map(|bits| bits & bits.rotate_left(7)), 2..11),
        weights in prop::collection::vec(0_u32..100, 32), most in 1_u32..6,
    ) {
        let count = covers.len();
        let value = |set: &Mask| {
            let covered = set.iter().fold(0, |covered, bit| covered | covers[bit as usize]);
            (0..32).filter(|point| covered >> point & 1 == 1).map(|point| f64::from(weights[point])).sum::<f64>()
        };
        let group = GroupRule { members: Mask::all(count), least: 0, most };
        let rules = SetRules { groups: vec![group], ..SetRules::free(vec![Money(1); count]) };
        let mut memo = Memo::new(|sets: &[Mask]| sets.iter().map(value).collect());
        let best = best_of_all(&rules, &mut memo).unwrap().value;
        for greed in [Greed::Gain, Greed::GainPerCost] {
            let found = greedy(&rules, greed, &mut memo).unwrap().1.value;
            prop_assert!(found >= (1.0 - libm::exp(-1.0)) * best, "{} of {}", found, best);
        }
    }
}

/// Two hills: one move at a time stops on the lower one, the memory crosses the valley.
#[test]
fn the_memory_crosses_a_valley() {
    let value = |set: &Mask| match set.0 {
        0b00_0001 => 5.0,
        0b11_1110 => 9.0,
        other => -f64::from((other ^ 1).count_ones()) / 10.0,
    };
    let rules = SetRules::free(vec![Money(1); 6]);
    let mut memo = Memo::new(|sets: &[Mask]| sets.iter().map(value).collect());
    let look = |memo: &mut Memo<_>, patience| {
        improve(&rules, memo, Mask(1), ImproveRules { patience, tenure: 8, moves: 100 }).best.value
    };
    assert_eq!((look(&mut memo, 0), look(&mut memo, 20)), (5.0, 9.0));
}
