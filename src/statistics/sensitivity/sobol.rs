//! Sobol's first-order and total indices from Saltelli's matrices, with bootstrap intervals over rows.
//!
//! A row holds f(A), f(B) and, for each axis i, f(AB_i): the point of A with axis i taken from B. With V the variance of all
//! f(A) and f(B):
//!
//! ```text
//! first order  S_i  = mean( f(B) (f(AB_i) - f(A)) ) / V        Saltelli et al. (2010), table 2 (b)
//! total        ST_i = mean( (f(A) - f(AB_i))² ) / 2V           Jansen (1999), ibid. (f)
//! ```
//!
//! S_i is the share of the variance that would go if axis i were known, ST_i the share that would stay if all others were.
//! Results are taken about their mean first, which changes no index and keeps the first-order estimates from varying with it.

use crate::engine::{Universe, entity_key};
use crate::statistics::{Bootstrap, CONFIDENCE};

/// An index with its interval.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Index {
    /// The estimate; none where nothing varies. It may lie a little outside [0, 1].
    pub value: Option<f64>,
    /// The 95 % interval of the bootstrap over rows (BCa); none below ten rows.
    pub interval: Option<(f64, f64)>,
}

/// The indices of one axis.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct SobolIndices {
    /// What it does by itself.
    pub first: Index,
    /// What it does by itself and with others.
    pub total: Index,
    /// The rows behind both: those in which every result is finite.
    pub rows: u32,
}

/// The results at the points of Saltelli's matrices, all by row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SobolRows {
    /// f(A).
    pub a: Vec<f64>,
    /// f(B).
    pub b: Vec<f64>,
    /// `[axis][row]`: f(AB_i).
    pub ab: Vec<Vec<f64>>,
}

/// Below so many rows no interval is claimed.
const LEAST_ROWS: usize = 10;

/// How often rows are drawn anew: 25 values stand beyond each end of an interval.
const RESAMPLES: u32 = 1_000;

/// Which index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    First,
    Total,
}

/// The indices of every axis. Rows with a result that is not finite are left out. The resamples are the same for all axes.
pub fn sobol(rows: &SobolRows) -> Vec<SobolIndices> {
    let rows = centred(rows);
    let count = rows.a.len();
    let all: Vec<usize> = (0..count).collect();
    let bootstrap = Bootstrap {
        universe: Universe::new(0, 0),
        entity: entity_key("bootstrap", "rows of Saltelli's matrices"),
        resamples: RESAMPLES,
    };
    let index = |axis: usize, order: Order| {
        let value = Some(estimate(&rows, axis, order, &all)).filter(|value| value.is_finite());
        let interval = (value.is_some() && count >= LEAST_ROWS)
            .then(|| bootstrap.interval(count, CONFIDENCE, |chosen| estimate(&rows, axis, order, chosen)))
            .flatten();
        Index { value, interval }
    };
    let of_axis = |axis| SobolIndices {
        first: index(axis, Order::First),
        total: index(axis, Order::Total),
        rows: count as u32,
    };
    (0..rows.ab.len()).map(of_axis).collect()
}

/// The rows in which all is finite, about the mean of f(A) and f(B).
fn centred(rows: &SobolRows) -> SobolRows {
    let is_whole = |&row: &usize| {
        let columns = [&rows.a, &rows.b].into_iter().chain(&rows.ab);
        columns.into_iter().all(|column| column[row].is_finite())
    };
    let whole: Vec<usize> = (0..rows.a.len()).filter(is_whole).collect();
    let sum: f64 = whole.iter().map(|&row| rows.a[row] + rows.b[row]).sum();
    let mean = sum / (2.0 * whole.len() as f64);
    let kept = |column: &Vec<f64>| whole.iter().map(|&row| column[row] - mean).collect::<Vec<f64>>();
    SobolRows { a: kept(&rows.a), b: kept(&rows.b), ab: rows.ab.iter().map(kept).collect() }
}

/// An index of an axis from some rows; no number where nothing varies.
fn estimate(rows: &SobolRows, axis: usize, order: Order, chosen: &[usize]) -> f64 {
    let (a, b, ab, n) = (&rows.a, &rows.b, &rows.ab[axis], chosen.len() as f64);
    let mean = chosen.iter().map(|&row| a[row] + b[row]).sum::<f64>() / (2.0 * n);
    let square = |value: f64| (value - mean) * (value - mean);
    let variance = chosen.iter().map(|&row| square(a[row]) + square(b[row])).sum::<f64>() / (2.0 * n);
    let part = match order {
        Order::First => chosen.iter().map(|&row| (b[row] - mean) * (ab[row] - a[row])).sum::<f64>() / n,
        Order::Total => {
            chosen.iter().map(|&row| (a[row] - ab[row]) * (a[row] - ab[row])).sum::<f64>() / (2.0 * n)
        }
    };
    if variance > 0.0 { part / variance } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::super::functions::{Function, G_FUNCTION, ISHIGAMI, LINEAR};
    use super::*;
    use crate::engine::{Stream, Universe};

    /// Rows over independent uniform numbers, not over a design: the bootstrap takes rows as independent.
    fn rows(function: &Function, count: u32, number: u64) -> SobolRows {
        let universe = Universe::new(2024, 0);
        let mut found = SobolRows { ab: vec![Vec::new(); function.axes()], ..SobolRows::default() };
        for row in 0..count {
            let mut stream = universe.stream(number, row.into(), 0);
            let draw = |stream: &mut Stream| (0..function.axes()).map(|_| stream.uniform()).collect();
            let (a, b): (Vec<f64>, Vec<f64>) = (draw(&mut stream), draw(&mut stream));
            found.a.push(function.at(&a));
            found.b.push(function.at(&b));
            for (axis, column) in found.ab.iter_mut().enumerate() {
                let mut mixed = a.clone();
                mixed[axis] = b[axis];
                column.push(function.at(&mixed));
            }
        }
        found
    }

    /// The exact indices lie in the intervals as often as promised: of all intervals of 12 samples of each function, not fewer
    /// than the 0.1 % quantile of half as many draws (those of a sample share its rows) at 90 %, what the bootstrap keeps of
    /// its 95 % with so few rows.
    #[test]
    fn intervals_hold_the_exact_indices() {
        for function in [ISHIGAMI, G_FUNCTION, LINEAR] {
            let (mut held, mut all) = (0_u32, 0_u32);
            for sample in 0..12 {
                for (found, (first, total)) in sobol(&rows(&function, 200, sample)).iter().zip(function.exact)
                {
                    for (index, exact) in [(found.first, *first), (found.total, *total)] {
                        let (low, high) = index.interval.unwrap();
                        held += u32::from(low <= exact && exact <= high);
                        all += 1;
                    }
                }
            }
            let n = f64::from(all);
            let least = 0.9 * n - 3.1 * (2.0 * n * 0.09).sqrt();
            assert!(f64::from(held) >= least, "{}: {held} of {all}", function.name);
        }
    }

    /// With many rows the estimates come to the exact values, within four half-widths of their own intervals / 1.96.
    #[test]
    fn estimates_converge() {
        for function in [ISHIGAMI, G_FUNCTION, LINEAR] {
            for (found, (first, total)) in sobol(&rows(&function, 1_000, 7)).iter().zip(function.exact) {
                for (index, exact) in [(found.first, *first), (found.total, *total)] {
                    let (low, high) = index.interval.unwrap();
                    let error = (high - low) / 2.0 / 1.96;
                    assert!(error < 0.06, "{}: {error}", function.name);
                    let off = (index.value.unwrap() - exact).abs();
                    assert!(off < 4.0 * error + 1e-12, "{}: {off} of {exact}", function.name);
                }
            }
        }
    }

    #[test]
    fn nothing_is_claimed_of_a_constant_or_of_holes() {
        let constant = SobolRows { a: vec![2.0; 20], b: vec![2.0; 20], ab: vec![vec![2.0; 20]] };
        let [found] = sobol(&constant)[..] else { panic!("one axis") };
        assert_eq!((found.first.value, found.total.interval), (None, None));
        let mut holes = rows(&LINEAR, 12, 1);
        holes.a[3] = f64::NAN;
        holes.ab[1][5] = f64::INFINITY;
        holes.b[6] = f64::NAN;
        let found = sobol(&holes);
        assert_eq!((found[0].rows, found[0].first.interval), (9, None));
    }
}
