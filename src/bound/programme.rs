//! The linear programme: work of several groups, each with several ways to do it, and rows that the ways use up.
//!
//! With d_g the work of group g, x_gk what of it is done in way k, a_rgk what an hour of it uses of row r and b_r what
//! the row holds:
//!
//! ```text
//! maximise    Σ x_gk
//! subject to  Σ_k x_gk ≤ d_g   for each group,     Σ_gk a_rgk x_gk ≤ b_r   for each row,     x ≥ 0
//! ```
//!
//! What is solved is its dual, for the price y_r of each row. By weak duality any prices y ≥ 0 bound the optimum:
//!
//! ```text
//! Σ x_gk ≤ Σ_r b_r y_r + Σ_g d_g max(0, max_k (1 − Σ_r a_rgk y_r))
//! ```
//!
//! with equality at the best prices. So the bound is this right side, computed here from the prices that the solver
//! finds: an error of the solver, by its tolerances or by a bug, can make the bound weaker, never wrong.

use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem};
use std::collections::BTreeMap;

/// What an hour of work done in one way uses of some rows, which are named once each.
pub(super) type Uses = Vec<(usize, f64)>;

/// The same with the bits of the numbers, which are positive: they have an order, and it is that of the numbers.
type Way = Vec<(usize, u64)>;

/// A programme, to be filled row by row and group by group.
#[derive(Debug, Clone, Default)]
pub(super) struct Programme {
    rows: Vec<f64>,
    /// Groups with the same ways are one.
    groups: BTreeMap<Vec<Way>, f64>,
}

impl Programme {
    /// A row that holds so much, at least zero; returns its number.
    pub(super) fn add_row(&mut self, amount: f64) -> usize {
        assert!(amount >= 0.0, "a row holds something or nothing: {amount}");
        self.rows.push(amount);
        self.rows.len() - 1
    }

    /// So much work that can be done in each of these ways; without any it can't be done.
    pub(super) fn add_work(&mut self, hours: f64, ways: impl IntoIterator<Item = Uses>) {
        let bits = |uses: Uses| uses.into_iter().filter(|&(_, use_of)| use_of > 0.0).map(in_bits).collect();
        let mut ways: Vec<Way> = ways.into_iter().map(bits).collect();
        if ways.is_empty() || hours <= 0.0 {
            return;
        }
        ways.sort_unstable();
        ways.dedup();
        *self.groups.entry(ways).or_insert(0.0) += hours;
    }

    /// The ways of all groups: what it takes to solve it grows with these.
    pub(super) fn ways(&self) -> usize {
        self.groups.keys().map(Vec::len).sum()
    }

    /// The most work that can be done, or a little more where the solver's tolerances leave something.
    pub(super) fn bound(&self) -> f64 {
        let all = self.groups.values().sum::<f64>();
        let prices = self.prices(all);
        // Free rows are prices, too, should the solver find none.
        prices.map_or(all, |prices| self.value(&prices).min(all))
    }

    /// The right side of the inequality above.
    fn value(&self, prices: &[f64]) -> f64 {
        let rows: f64 = self.rows.iter().zip(prices).map(|(amount, price)| amount * price).sum();
        let gain =
            |way: &Way| 1.0 - way.iter().map(|&(row, bits)| f64::from_bits(bits) * prices[row]).sum::<f64>();
        let groups =
            self.groups.iter().map(|(ways, hours)| hours * ways.iter().map(gain).fold(0.0, f64::max));
        rows + groups.sum::<f64>()
    }

    /// The best prices of the rows; `None` if the solver fails. Rows that can't run short are free and stay out of the
    /// problem, the others count in multiples of their greatest use, and work in shares of `all`: so all numbers are near 1.
    fn prices(&self, all: f64) -> Option<Vec<f64>> {
        let mut greatest = vec![0.0_f64; self.rows.len()];
        for &(row, bits) in self.groups.keys().flatten().flatten() {
            greatest[row] = greatest[row].max(f64::from_bits(bits));
        }
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let price = |(&amount, &greatest): (&f64, &f64)| {
            (amount < greatest * all).then(|| problem.add_var(amount / greatest / all, (0.0, f64::INFINITY)))
        };
        let prices: Vec<_> = self.rows.iter().zip(&greatest).map(price).collect();
        for (ways, hours) in &self.groups {
            let gain = problem.add_var(hours / all, (0.0, f64::INFINITY));
            for way in ways {
                let mut row = LinearExpr::empty();
                row.add(gain, 1.0);
                for &(used, bits) in way {
                    if let Some(price) = prices[used] {
                        row.add(price, f64::from_bits(bits) / greatest[used]);
                    }
                }
                problem.add_constraint(row, ComparisonOp::Ge, 1.0);
            }
        }
        let solution = problem.solve().ok()?.into_solution().ok()?;
        let found = prices.iter().zip(&greatest);
        let found = found.map(|(price, greatest)| {
            price.map_or(0.0, |price| solution.var_value(price).max(0.0) / greatest)
        });
        Some(found.collect())
    }
}

fn in_bits((row, uses): (usize, f64)) -> (usize, u64) {
    (row, uses.to_bits())
}

#[cfg(test)]
mod tests {
    use super::*;
    use petgraph::algo::ford_fulkerson;
    use petgraph::graph::DiGraph;
    use proptest::prelude::*;

    /// Work that each site takes hour by hour is a flow from the groups to the sites.
    fn greatest_flow(work: &[u32], sites: &[u32], open: &[Vec<bool>]) -> u32 {
        let mut graph = DiGraph::<(), u32>::new();
        let [source, sink] = [graph.add_node(()), graph.add_node(())];
        let sites: Vec<_> = sites.iter().map(|&hours| (graph.add_node(()), hours)).collect();
        for (&hours, open) in work.iter().zip(open) {
            let group = graph.add_node(());
            graph.add_edge(source, group, hours);
            for (&(site, _), _) in sites.iter().zip(open).filter(|(_, open)| **open) {
                graph.add_edge(group, site, hours);
            }
        }
        for (site, hours) in sites {
            graph.add_edge(site, sink, hours);
        }
        ford_fulkerson(&graph, source, sink).0
    }

    /// The optimum of the programme as it is written, by the solver's own word.
    fn primal(programme: &Programme) -> f64 {
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let mut rows = vec![LinearExpr::empty(); programme.rows.len()];
        for (ways, &hours) in &programme.groups {
            let mut group = LinearExpr::empty();
            for way in ways {
                let done = problem.add_var(1.0, (0.0, f64::INFINITY));
                group.add(done, 1.0);
                for &(row, bits) in way {
                    rows[row].add(done, f64::from_bits(bits));
                }
            }
            problem.add_constraint(group, ComparisonOp::Le, hours);
        }
        for (row, &amount) in rows.into_iter().zip(&programme.rows) {
            problem.add_constraint(row, ComparisonOp::Le, amount);
        }
        problem.solve().unwrap().into_solution().unwrap().objective()
    }

    #[test]
    fn work_without_a_way_is_not_done_and_rows_without_use_cost_nothing() {
        let mut programme = Programme::default();
        assert!(programme.bound().abs() < 1e-12);
        let row = programme.add_row(4.0);
        programme.add_row(0.0);
        programme.add_work(9.0, []);
        programme.add_work(3.0, [vec![(row, 2.0)]]);
        assert!((programme.bound() - 2.0).abs() < 1e-12);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn one_hour_an_hour_is_a_transport_problem(
            (work, sites, open) in (1_usize..9, 1_usize..7).prop_flat_map(|(groups, sites)| (
                prop::collection::vec(0_u32..50, groups),
                prop::collection::vec(0_u32..60, sites),
                prop::collection::vec(prop::collection::vec(any::<bool>(), sites), groups),
            )),
        ) {
            let mut programme = Programme::default();
            for &hours in &sites {
                programme.add_row(hours.into());
            }
            for (&hours, open) in work.iter().zip(&open) {
                let ways = open.iter().enumerate().filter(|(_, open)| **open);
                programme.add_work(hours.into(), ways.map(|(site, _)| vec![(site, 1.0)]));
            }
            let flow = f64::from(greatest_flow(&work, &sites, &open));
            prop_assert!((programme.bound() - flow).abs() <= 1e-9 * flow.max(1.0), "{} not {flow}", programme.bound());
        }

        /// Uses of any number, several rows a way: strong duality. The solver answers within 1e-7 of each row.
        #[test]
        fn prices_reach_the_optimum(
            (rows, groups) in (1_usize..6).prop_flat_map(|rows| {
                let uses = prop::collection::btree_map(0..rows, 0.2_f64..5.0, 1..=rows.min(3));
                let ways = prop::collection::vec(uses, 1..5);
                (prop::collection::vec(0.0_f64..100.0, rows), prop::collection::vec((0.1_f64..80.0, ways), 1..8))
            }),
        ) {
            let mut programme = Programme::default();
            for &amount in &rows {
                programme.add_row(amount);
            }
            for (hours, ways) in &groups {
                programme.add_work(*hours, ways.iter().map(|uses| uses.iter().map(|(&row, &uses)| (row, uses)).collect()));
            }
            let (bound, optimum) = (programme.bound(), primal(&programme));
            prop_assert!((bound - optimum).abs() <= 1e-6 * optimum.max(1.0), "{bound} not {optimum}");
        }
    }
}
