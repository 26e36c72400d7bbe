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
