//! The steady-state mean of a series of values in time order: MSER-5, then batch means.

use super::{BatchMeans, mser5};
use crate::statistics::{CONFIDENCE, Estimate, student_t_quantile};

/// Batches of the mean: enough degrees of freedom for a t close to normal, few enough to be long (Schmeiser 1982 finds no use
/// in more than thirty).
const BATCHES: u64 = 20;

/// A steady-state mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SteadyState {
    /// Values left out at the beginning.
    pub values_out: usize,
    /// The mean of the others with its half-width; its count is that of the batches.
    pub estimate: Estimate,
    /// Von Neumann's ratio of the batch means, the mean squared difference of neighbours over their variance: 2 where they
    /// do not depend on each other, far less where the batches are too short and the interval too narrow.
    pub neighbours_ratio: f64,
}

/// The mean of a series after its beginning. `None` where MSER-5 finds that it has not settled, or where there are not two
/// values for each batch.
pub fn steady_state(values: &[f64]) -> Option<SteadyState> {
    let truncation = mser5(values).filter(super::Truncation::has_settled)?;
    let kept = &values[truncation.values_out()..];
    if (kept.len() as u64) < 2 * BATCHES {
        return None;
    }
    let mut batches = BatchMeans::without_warm_up(kept.len() as u64, BATCHES);
    kept.iter().enumerate().for_each(|(ordinal, &value)| batches.add(ordinal as u64, value));
    let (mean, error) = batches.mean_and_error();
    let t = student_t_quantile(f64::midpoint(1.0, CONFIDENCE), (BATCHES - 1) as f64);
    Some(SteadyState {
        values_out: truncation.values_out(),
        estimate: Estimate { mean: Some(mean), half_width: Some(t * error), count: BATCHES as u32 },
        neighbours_ratio: batches.neighbours_ratio(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Universe, entity_key};

    /// Waits of M/M/1 at load 0.5, from an empty queue, by Lindley's recursion: mean wait 1. In 400 runs of 10,000 customers,
    /// in which a batch is 40 relaxation times long, the intervals hold the mean as often as they say.
    #[test]
    fn coverage_on_a_queue() {
        const RUNS: u32 = 400;
        let key = entity_key("test", "queue");
        let (mut held, mut out) = (0, 0);
        for run in 0..RUNS {
            let mut stream = Universe::new(5, run).stream(key, 0, 0);
            let mut exponential = |mean: f64| -mean * libm::log(stream.uniform());
            let mut wait = 0.0_f64;
            let waits: Vec<f64> = (0..10_000)
                .map(|_| {
                    let now = wait;
                    wait = (wait + exponential(1.0) - exponential(2.0)).max(0.0);
                    now
                })
                .collect();
            let found = steady_state(&waits).unwrap();
            let (low, high) = found.estimate.interval().unwrap();
            held += u32::from(low <= 1.0 && 1.0 <= high);
            out += found.values_out;
        }
        let share = f64::from(held) / f64::from(RUNS);
        println!("{share}, {} values out in the mean", out as f64 / f64::from(RUNS));
        assert!((share - CONFIDENCE).abs() < 4.0 * (0.95 * 0.05 / f64::from(RUNS)).sqrt(), "{share}");
    }

    #[test]
    fn nothing_of_what_has_not_settled() {
        assert_eq!(steady_state(&(0..1_000).map(f64::from).collect::<Vec<_>>()), None);
        assert_eq!(steady_state(&[1.0; 39]), None);
        assert_eq!(steady_state(&[1.0; 40]).unwrap().estimate.half_width, Some(0.0));
    }
}
