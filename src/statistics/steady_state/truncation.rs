//! MSER-5: how much of the beginning of a run to leave out (White, Cobb and Spratt 2000).

/// The values of a batch.
const BATCH: usize = 5;

/// What MSER-5 found.
#[derive(Debug, Clone, PartialEq)]
pub struct Truncation {
    /// The means of the batches of five values; what is left at the end is in none.
    pub batches: Vec<f64>,
    /// The statistic for each number of batches left out, from none to half of them.
    pub statistics: Vec<f64>,
    /// How many batches to leave out: where the statistic is least, the first of equals.
    pub batches_out: usize,
}

impl Truncation {
    /// How many values to leave out.
    pub fn values_out(&self) -> usize {
        self.batches_out * BATCH
    }

    /// Whether the run has settled: the least lies before the last place that is looked at. If it has not, the run is too
    /// short for its beginning to be told from the rest.
    pub fn has_settled(&self) -> bool {
        self.batches_out + 1 < self.statistics.len()
    }
}

/// Leaves out the d batches that minimise Σ (z - mean)² / (n - d)² over the n - d that are kept: the squared standard error
/// that the mean would have if batches were independent. `None` without a batch.
pub fn mser5(values: &[f64]) -> Option<Truncation> {
    let batches: Vec<f64> =
        values.chunks_exact(BATCH).map(|batch| batch.iter().sum::<f64>() / BATCH as f64).collect();
    let statistics = squared_errors(&batches);
    let least = statistics.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
    let batches_out = least.filter(|_| !batches.is_empty())?.0;
    Some(Truncation { batches, statistics, batches_out })
}

/// The statistic of all ends that hold half of the batches or more, the longest first: built up from the last batch, as
/// Welford's method does with mean and squares.
fn squared_errors(batches: &[f64]) -> Vec<f64> {
    let (mut mean, mut squares, mut n) = (0.0, 0.0, 0.0);
    let mut found: Vec<f64> = Vec::with_capacity(batches.len());
    for value in batches.iter().rev() {
        n += 1.0;
        let off = value - mean;
        mean += off / n;
        squares += off * (value - mean);
        found.push(squares / (n * n));
    }
    found.reverse();
    found.truncate(batches.len() / 2 + 1);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_left_out_and_a_slope_never_settles() {
        // Three batches of tens, then noughts and ones in turn.
        let value = |k: u32| if k < 15 { 10.0 } else { f64::from(k % 2) };
        let step: Vec<f64> = (0..200).map(value).collect();
        let found = mser5(&step).unwrap();
        assert_eq!((found.values_out(), found.has_settled()), (15, true));
        let slope: Vec<f64> = (0..200).map(f64::from).collect();
        assert!(!mser5(&slope).unwrap().has_settled());
        assert_eq!(mser5(&[1.0; 4]), None);
    }
}
