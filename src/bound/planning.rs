//! The static planning problem: all the work expected is shared out among its ways so that the greatest load is least.
//!
//! With y_gk the fraction of the work of group g that goes way k, and l_rgk the load of row r, its use over what it holds,
//! if all of g went that way:
//!
//! ```text
//! minimise    ρ
//! subject to  Σ_k y_gk = 1   for each group,     Σ_gk l_rgk y_gk ≤ ρ   for each row,     y ≥ 0
//! ```
//!
//! (Harrison 2000, "Brownian models of open processing networks"). With ρ ≤ 1 everything can be served, and y is one of the
//! many optima of the fluid bound's programme for this demand; fixed fractions keep all queues stable exactly if ρ < 1. Of
//! these optima the one is taken that a planner would: the rows that must be loaded by ρ are fixed at it, and the greatest
//! load of the others is made least, and so on until the nodes of every partition are fixed; then the mean latency of the
//! work is made least. Links, limits and quotas take part while they are loaded by more than [`LIGHT`].
//!
//! Which rows are fixed say the prices p of the dual, maximise Σ_g min_k Σ_r l_rgk p_r − Σ_fixed ρ_r p_r subject to
//! Σ_free p_r ≤ 1: a row with a price is full in every optimum.

use crate::model::SiteId;
use crate::units::Span;
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, Solution};
use std::collections::BTreeMap;

/// Up to this load a link makes transfers at most twice as long, as does any server that is shared equally (1 / (1 − ρ)):
/// that is not avoided.
const LIGHT: f64 = 0.5;
/// By how much a load may lie above its least, for the tolerances of the solver; more where it finds nothing else.
const SLACKS: [f64; 4] = [1e-6, 1e-4, 1e-2, 1e9];
/// Prices up to this are none.
const NO_PRICE: f64 = 1e-6;
/// Fractions and loads up to this are none.
const NOTHING: f64 = 1e-9;

/// One way to serve a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PlannedWay {
    pub(super) site: SiteId,
    pub(super) latency: Span,
    /// What an hour of work uses of rows, in bits: positive numbers have the order of their bits.
    uses: Vec<(usize, u64)>,
}

impl PlannedWay {
    pub(super) fn new(site: SiteId, latency: Span, uses: impl IntoIterator<Item = (usize, f64)>) -> Self {
        let uses = uses.into_iter().map(|(row, amount)| (row, amount.to_bits())).collect();
        Self { site, latency, uses }
    }
}

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowOf {
    /// The nodes of a partition.
    Nodes,
    /// A link, a limit or a quota.
    Other,
}

/// The problem, to be filled row by row and kind by kind.
#[derive(Debug, Clone, Default)]
pub(super) struct Planning {
    rows: Vec<(RowOf, f64)>,
    /// Work with the same ways is one group.
    groups: BTreeMap<Vec<PlannedWay>, usize>,
    hours: Vec<f64>,
}

/// The loads of some work on the rows, by way.
type Loads = Vec<Vec<(usize, f64)>>;

impl Planning {
    /// A row that holds so much, more than nothing; returns its number.
    pub(super) fn add_row(&mut self, of: RowOf, amount: f64) -> usize {
        assert!(amount > 0.0, "what holds nothing is no way: {amount}");
        self.rows.push((of, amount));
        self.rows.len() - 1
    }

    /// So much work that can be done in each of these ways; returns its group, none without ways.
    pub(super) fn add_work(&mut self, hours: f64, mut ways: Vec<PlannedWay>) -> Option<usize> {
        if ways.is_empty() {
            return None;
        }
        ways.sort_unstable();
        ways.dedup();
        let next = self.hours.len();
        let group = *self.groups.entry(ways).or_insert(next);
        if group == next {
            self.hours.push(0.0);
        }
        self.hours[group] += hours;
        Some(group)
    }

    /// The ways of all groups together.
    pub(super) fn ways(&self) -> usize {
        self.groups.keys().map(Vec::len).sum()
    }

    /// The least greatest load of all rows, ρ; nothing where nothing is heavy even if all that can uses it.
    pub(super) fn greatest_load(&self) -> f64 {
        let levels = self.never_heavy();
        least_load(&self.merged_loads(&levels), &levels).map_or(0.0, |(load, _)| load)
    }

    /// By group, the fractions of the sites that have any, in id order.
    pub(super) fn fractions(&self) -> Vec<Vec<(SiteId, f64)>> {
        if self.groups.is_empty() {
            return Vec::new();
        }
        let levels = self.levels();
        let mut least_latency = SLACKS.iter().filter_map(|slack| self.nearest(&levels, 1.0 + slack));
        let shares = least_latency.next().expect("without a bound on loads, every share is right");
        let mut fractions = vec![Vec::new(); self.hours.len()];
        for ((ways, &group), shares) in self.groups.iter().zip(shares) {
            let mut by_site: BTreeMap<SiteId, f64> = BTreeMap::new();
            for (way, share) in ways.iter().zip(shares) {
                *by_site.entry(way.site).or_insert(0.0) += share;
            }
            fractions[group] = by_site.into_iter().filter(|(_, share)| *share > NOTHING).collect();
        }
        fractions
    }

    fn loads(&self, hours: f64, ways: impl Iterator<Item = Vec<(usize, u64)>>) -> Loads {
        let load = |(row, bits): (usize, u64)| (row, hours * f64::from_bits(bits) / self.rows[row].1);
        let of_way = |uses: Vec<(usize, u64)>| uses.into_iter().map(load).filter(|(_, load)| *load > NOTHING);
        ways.map(|uses| of_way(uses).collect()).collect()
    }

    /// The loads of groups on the rows without a level, those that differ in nothing else together.
    fn merged_loads(&self, levels: &[Option<f64>]) -> Vec<Loads> {
        let mut merged: BTreeMap<Vec<Vec<(usize, u64)>>, f64> = BTreeMap::new();
        for (ways, &group) in &self.groups {
            let counting = |way: &PlannedWay| {
                way.uses.iter().copied().filter(|&(row, _)| levels[row].is_none()).collect::<Vec<_>>()
            };
            let mut uses: Vec<_> = ways.iter().map(counting).collect();
            uses.sort_unstable();
            uses.dedup();
            *merged.entry(uses).or_insert(0.0) += self.hours[group];
        }
        merged.into_iter().map(|(uses, hours)| self.loads(hours, uses.into_iter())).collect()
    }

    /// `[row]`: the load that each need not exceed; infinite where nothing is to be avoided.
    fn levels(&self) -> Vec<f64> {
        let mut levels = self.never_heavy();
        let groups = self.merged_loads(&levels);
        let mut last = f64::INFINITY;
        loop {
            let [nodes, others] = [RowOf::Nodes, RowOf::Other].map(|of| self.without_level(of, &levels));
            let least = if nodes.is_empty() { None } else { least_load(&groups, &levels) };
            let Some((load, prices)) = least else {
                return levels.into_iter().map(|level| level.unwrap_or(last.max(LIGHT))).collect();
            };
            let (full, level) = if load <= LIGHT && !others.is_empty() {
                (others, LIGHT)
            } else {
                last = load * (1.0 + SLACKS[0]);
                let has_price = |row: &usize| prices[*row] > NO_PRICE;
                let full: Vec<usize> = nodes.iter().chain(&others).copied().filter(has_price).collect();
                (if full.is_empty() { nodes } else { full }, last)
            };
            for row in full {
                levels[row] = Some(level);
            }
        }
    }

    fn without_level(&self, of: RowOf, levels: &[Option<f64>]) -> Vec<usize> {
        (0..levels.len()).filter(|&row| self.rows[row].0 == of && levels[row].is_none()).collect()
    }

    /// Rows that nothing uses, and others that are light even if all that can uses them, need no level.
    fn never_heavy(&self) -> Vec<Option<f64>> {
        let mut most = vec![0.0; self.rows.len()];
        for (ways, &group) in &self.groups {
            let mut of_group: BTreeMap<usize, f64> = BTreeMap::new();
            let uses = ways.iter().map(|way| way.uses.clone());
            for (row, load) in self.loads(self.hours[group], uses).into_iter().flatten() {
                let greatest = of_group.entry(row).or_insert(0.0);
                *greatest = load.max(*greatest);
            }
            for (row, load) in of_group {
                most[row] += load;
            }
        }
        let never = |(&(of, _), most): (&(RowOf, f64), f64)| match of {
            RowOf::Nodes => most <= NOTHING,
            RowOf::Other => most <= LIGHT,
        };
        self.rows.iter().zip(most).map(|row| never(row).then_some(f64::INFINITY)).collect()
    }

    /// By group, in their order, the shares of the ways of least latency within the levels; `None` if there are none.
    fn nearest(&self, levels: &[f64], slack: f64) -> Option<Vec<Vec<f64>>> {
        let all: f64 = self.hours.iter().sum();
        let farthest =
            self.groups.keys().flatten().map(|way| way.latency).max()?.max(Span::STEP).as_seconds();
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let mut rows = vec![LinearExpr::empty(); levels.len()];
        let mut shares = Vec::new();
        for (ways, &group) in &self.groups {
            let weight = self.hours[group] / all / farthest;
            let uses = ways.iter().map(|way| way.uses.clone());
            let mut whole = LinearExpr::empty();
            let mut of_group = Vec::new();
            for (way, loads) in ways.iter().zip(self.loads(self.hours[group], uses)) {
                let share = problem.add_var(weight * way.latency.as_seconds(), (0.0, f64::INFINITY));
                whole.add(share, 1.0);
                for (row, load) in loads {
                    rows[row].add(share, load);
                }
                of_group.push(share);
            }
            problem.add_constraint(whole, ComparisonOp::Eq, 1.0);
            shares.push(of_group);
        }
        for (row, &level) in rows.into_iter().zip(levels).filter(|(_, level)| level.is_finite()) {
            problem.add_constraint(row, ComparisonOp::Le, level * slack);
        }
        let solution = solved(&problem)?;
        let of = |group: Vec<_>| group.into_iter().map(|share| solution.var_value(share)).collect();
        Some(shares.into_iter().map(of).collect())
    }
}

/// The least greatest load of the rows without a level, the others within theirs, and the prices of all rows, by the
/// dual; `None` if the solver fails.
fn least_load(groups: &[Loads], levels: &[Option<f64>]) -> Option<(f64, Vec<f64>)> {
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let mut free = LinearExpr::empty();
    let price = |level: &Option<f64>| match *level {
        Some(f64::INFINITY) => None,
        Some(level) => Some(problem.add_var(-level, (0.0, f64::INFINITY))),
        None => {
            let price = problem.add_var(0.0, (0.0, f64::INFINITY));
            free.add(price, 1.0);
            Some(price)
        }
    };
    let prices: Vec<_> = levels.iter().map(price).collect();
    problem.add_constraint(free, ComparisonOp::Le, 1.0);
    for ways in groups {
        let worth = problem.add_var(1.0, (0.0, f64::INFINITY));
        for loads in ways {
            let mut row = LinearExpr::empty();
            row.add(worth, 1.0);
            for &(used, load) in loads {
                if let Some(price) = prices[used] {
                    row.add(price, -load);
                }
            }
            problem.add_constraint(row, ComparisonOp::Le, 0.0);
        }
    }
    let solution = solved(&problem)?;
    let prices = prices.iter().map(|price| price.map_or(0.0, |price| solution.var_value(price)));
    Some((solution.objective().max(0.0), prices.collect()))
}

fn solved(problem: &Problem) -> Option<Solution> {
    problem.solve().ok()?.into_solution().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FAR: Span = Span(9_000_000);

    /// A way to a site, so many of whose nodes an hour of work uses, and maybe of a link.
    fn way(site: u32, latency: Span, uses: &[(usize, f64)]) -> PlannedWay {
        PlannedWay::new(SiteId(site), latency, uses.iter().copied())
    }

    fn nodes(amounts: &[f64]) -> Planning {
        let mut planning = Planning::default();
        for &amount in amounts {
            planning.add_row(RowOf::Nodes, amount);
        }
        planning
    }

    #[track_caller]
    fn check(planning: &Planning, expected: &[&[f64]]) {
        for (found, expected) in planning.fractions().iter().zip(expected) {
            let of = |site: u32| found.iter().find(|(id, _)| id.0 == site).map_or(0.0, |found| found.1);
            let near = (0..).zip(*expected).all(|(site, share)| (of(site) - share).abs() < 1e-4);
            assert!(near, "{found:?}, by hand {expected:?}");
        }
    }

    #[test]
    fn equal_ways_share_by_capacity() {
        let mut planning = nodes(&[30.0, 10.0]);
        let ways = |latency| vec![way(0, latency, &[(0, 1.0)]), way(1, latency, &[(1, 1.0)])];
        planning.add_work(20.0, ways(Span::ZERO));
        check(&planning, &[&[0.75, 0.25]]);
        // With another group of the same ways from elsewhere, each goes where it is near as far as that goes.
        let [from_first, from_second] = [[Span::ZERO, FAR], [FAR, Span::ZERO]]
            .map(|[first, second]| vec![way(0, first, &[(0, 1.0)]), way(1, second, &[(1, 1.0)])]);
        let mut planning = nodes(&[30.0, 10.0]);
        planning.add_work(10.0, from_first);
        planning.add_work(10.0, from_second);
        check(&planning, &[&[1.0, 0.0], &[0.5, 0.5]]);
    }

    #[test]
    fn what_has_to_go_somewhere_leaves_the_rest_to_others() {
        // 20 h can only go to the first site, which is full with them; the others share the second and the third.
        let mut planning = nodes(&[20.0, 10.0, 30.0]);
        planning.add_work(20.0, vec![way(0, FAR, &[(0, 1.0)])]);
        let all = (0..3).map(|site| way(site, Span::ZERO, &[(site as usize, 1.0)])).collect();
        planning.add_work(4.0, all);
        check(&planning, &[&[1.0], &[0.0, 0.25, 0.75]]);
        // Without any way it is no group.
        assert_eq!(planning.add_work(9.0, Vec::new()), None);
    }

    #[test]
    fn a_link_that_would_be_full_takes_part_and_a_light_one_does_not() {
        let planned = |bytes_per_h: f64, hours: f64| {
            let mut planning = nodes(&[100.0, 100.0]);
            let link = planning.add_row(RowOf::Other, 30.0);
            let uses = [(0, 1.0), (link, bytes_per_h)];
            planning.add_work(hours, vec![way(0, Span::ZERO, &uses), way(1, Span::ZERO, &[(1, 1.0)])]);
            planning
        };
        // x / 30 = (150 - x) / 100.
        check(&planned(1.0, 150.0), &[&[45.0 / 1.3 / 150.0, 1.0 - 45.0 / 1.3 / 150.0]]);
        // Half of 150 h would load it by a quarter.
        check(&planned(0.1, 150.0), &[&[0.5, 0.5]]);
        // At equal loads of the nodes it would be loaded by 40 / 30; with all of 30 h it is loaded by a half at most.
        check(&planned(1.0, 30.0), &[&[0.5, 0.5]]);
    }

    /// The same by shares in steps, every one tried: no split has a lower greatest load.
    fn least_by_search(hours: [f64; 2], capacity: [f64; 3], open: [[bool; 3]; 2], steps: u32) -> f64 {
        let splits = |open: [bool; 3]| {
            let all = (0..=steps).flat_map(|first| {
                (0..=steps - first).map(move |second| [first, second, steps - first - second])
            });
            all.filter(move |split| split.iter().zip(open).all(|(&share, open)| open || share == 0))
        };
        let load = |one: [u32; 3], two: [u32; 3]| {
            let of = |site: usize| {
                (hours[0] * f64::from(one[site]) + hours[1] * f64::from(two[site]))
                    / f64::from(steps)
                    / capacity[site]
            };
            (0..3).map(of).fold(0.0, f64::max)
        };
        splits(open[0])
            .flat_map(|one| splits(open[1]).map(move |two| load(one, two)))
            .fold(f64::INFINITY, f64::min)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        /// The greatest load of the fractions is no higher than that of any split in steps of a twelfth; the fractions of
        /// each group add up to 1 and lie where it may go.
        #[test]
        fn no_split_has_a_lower_greatest_load(
            hours in prop::array::uniform2(1.0_f64..50.0),
            capacity in prop::array::uniform3(5.0_f64..50.0),
            [a, b, c, d] in prop::array::uniform4(any::<bool>()),
            far in prop::array::uniform2(0_u64..9),
        ) {
            let open = [[a, b, true], [true, c, d]];
            let mut planning = nodes(&capacity);
            for ((hours, open), far) in hours.into_iter().zip(open).zip(far) {
                let ways = (0..3_u32).filter(|&site| open[site as usize]);
                planning.add_work(hours, ways.map(|site| way(site, Span(far * u64::from(site)), &[(site as usize, 1.0)])).collect());
            }
            let fractions = planning.fractions();
            let mut loads = [0.0; 3];
            // The groups may be one.
            let of_group = |group: usize| &fractions[group.min(fractions.len() - 1)];
            for (group, (hours, open)) in hours.into_iter().zip(open).enumerate() {
                for &(site, share) in of_group(group) {
                    prop_assert!(open[site.index()]);
                    loads[site.index()] += hours * share / capacity[site.index()];
                }
                let whole: f64 = of_group(group).iter().map(|(_, share)| share).sum();
                prop_assert!((whole - 1.0).abs() < 1e-6, "{whole}");
            }
            let greatest = loads.into_iter().fold(0.0, f64::max);
            let searched = least_by_search(hours, capacity, open, 12);
            prop_assert!(greatest <= searched * (1.0 + 1e-5), "{greatest} over {searched}");
        }
    }
}
