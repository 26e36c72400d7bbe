//! Rules of sets against the plainest reading of them.

use super::*;
use proptest::prelude::*;

/// Rules over up to ten candidates, many of them clashing.
pub(crate) fn some_rules() -> impl Strategy<Value = SetRules> {
    (2_u32..=10).prop_flat_map(|count| {
        let pair = || (0..count, 1..count).prop_map(move |(a, step)| (a, (a + step) % count));
        let below = 1_u64 << count;
        let group = (0..below, 0_u32..3, 0_u32..6).prop_map(|(members, least, more)| GroupRule {
            members: Mask(members),
            least,
            most: least + more,
        });
        let costs = prop::collection::vec((0_u64..20).prop_map(Money), count as usize);
        let groups = prop::collection::vec(group, 0..3);
        let number = (0_u32..4, 0_u32..8).prop_map(move |(least, more)| GroupRule {
            members: Mask::all(count as usize),
            least,
            most: least + more,
        });
        let pairs = || prop::collection::vec(pair(), 0..3);
        let few = (0..below, 0..below, 0..below).prop_map(|(a, b, c)| Mask(a & b & c));
        let budget = prop::option::of((0_u64..80).prop_map(Money));
        (costs, budget, (groups, number), pairs(), pairs(), (few.clone(), few)).prop_map(
            |(costs, budget, (mut groups, number), not_both, only_with, (must, never))| {
                groups.push(number);
                SetRules { costs, budget, groups, not_both, only_with, must, never: never - must }
            },
        )
    })
}

/// Whether a set is allowed, rule by rule.
pub(crate) fn plainly_allowed(rules: &SetRules, set: u64) -> bool {
    let has = |bit: u32| set >> bit & 1 == 1;
    let cost: u64 = (0..rules.costs.len()).filter(|&bit| has(bit as u32)).map(|bit| rules.costs[bit].0).sum();
    let number = |members: u64| (set & members).count_ones();
    rules.budget.is_none_or(|budget| cost <= budget.0)
        && rules.groups.iter().all(|group| {
            let number = number(group.members.0);
            group.least <= number && number <= group.most
        })
        && rules.not_both.iter().all(|&(a, b)| !(has(a) && has(b)))
        && rules.only_with.iter().all(|&(a, b)| !has(a) || has(b))
        && rules.must.0 & !set == 0
        && rules.never.0 & set == 0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// The list is all masks that pass, in their order; the count is its length; the test of one set agrees.
    #[test]
    fn the_list_is_the_filter(rules in some_rules(), part in any::<u64>()) {
        let masks = 0..1_u64 << rules.costs.len();
        let plain: Vec<Mask> = masks.clone().filter(|&set| plainly_allowed(&rules, set)).map(Mask).collect();
        prop_assert_eq!(rules.sets().collect::<Vec<_>>(), plain.clone());
        prop_assert_eq!(rules.count(), Some(plain.len() as u128));
        for set in masks {
            prop_assert_eq!(rules.allows(Mask(set)), plainly_allowed(&rules, set));
        }
        let part = Mask(part) & rules.all() & Mask(part >> 20);
        prop_assert_eq!(rules.allows_around(part), plain.iter().any(|set| part.is_within(*set)));
    }
}

/// Counts that no list would reach: half of 64 candidates, and all sets of 64.
#[test]
fn large_counts() {
    let mut rules = SetRules::free(vec![Money(1); 64]);
    assert_eq!(rules.count(), Some(1 << 64));
    rules.groups.push(GroupRule { members: rules.all(), least: 32, most: 32 });
    assert_eq!(rules.count(), Some(1_832_624_140_942_590_534));
    rules.budget = Some(Money(31));
    assert_eq!((rules.count(), rules.sets().next()), (Some(0), None));
}

/// Thirty countries of two sites each, of which one is needed: a budget one too small is seen at once, not after 2^30 sets.
#[test]
fn too_small_a_budget_is_seen_at_once() {
    let mut rules = SetRules::free((0..60).map(|bit| Money(10 + bit % 2)).collect());
    let country = |n: u32| GroupRule { members: Mask::of(2 * n).with(2 * n + 1), least: 1, most: 2 };
    rules.groups = (0..30).map(country).collect();
    rules.budget = Some(Money(299));
    assert_eq!(rules.sets().next(), None);
    rules.budget = Some(Money(300));
    assert_eq!(rules.sets().count(), 1);
}
