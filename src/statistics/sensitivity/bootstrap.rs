//! Percentile intervals by resampling rows, with draws of their own: the same rows give the same interval.

use crate::engine::{Purpose, Universe, entity_key};
use crate::statistics::CONFIDENCE;

/// How often rows are drawn anew: percentiles at 2.5 and 97.5 % then rest on 25 values each.
const RESAMPLES: u32 = 1000;
const ROWS: Purpose = 0;

/// The ends of the percentile interval of each of some statistics of `rows` rows (Efron 1979). `of` gives the statistics of
/// the rows with these numbers, some of them more than once. Values that are not finite count in no percentile; none without
/// any.
pub(super) fn percentile_intervals(rows: u32, of: impl Fn(&[usize]) -> Vec<f64>) -> Vec<Option<(f64, f64)>> {
    let universe = Universe::new(0, 0);
    let entity = entity_key("bootstrap", "rows");
    let mut chosen = vec![0; rows as usize];
    let mut found: Vec<Vec<f64>> = Vec::new();
    for resample in 0..RESAMPLES {
        let mut stream = universe.stream(entity, resample.into(), ROWS);
        chosen.iter_mut().for_each(|row| *row = (stream.uniform() * f64::from(rows)) as usize);
        let values = of(&chosen);
        found.resize(values.len(), Vec::new());
        found.iter_mut().zip(values).for_each(|(all, value)| all.push(value));
    }
    found.into_iter().map(ends).collect()
}

fn ends(mut values: Vec<f64>) -> Option<(f64, f64)> {
    values.retain(|value| value.is_finite());
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len().checked_sub(1)? as f64;
    let at = |share: f64| {
        let place = share * last;
        let below = values[place as usize];
        let above = values[(place.ceil() as usize).min(values.len() - 1)];
        below + (above - below) * place.fract()
    };
    let tail = (1.0 - CONFIDENCE) / 2.0;
    Some((at(tail), at(1.0 - tail)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean of many values: the interval is that of the normal distribution within a few per cent of its width.
    #[test]
    fn the_mean_of_many() {
        let values: Vec<f64> = (0..400).map(|index| f64::from(index * 37 % 400)).collect();
        let mean = |rows: &[usize]| rows.iter().map(|&row| values[row]).sum::<f64>() / rows.len() as f64;
        let found = percentile_intervals(400, |rows| vec![mean(rows), f64::NAN]);
        let (low, high) = found[0].unwrap();
        let half = 1.96 * ((400.0 * 400.0 - 1.0) / 12.0_f64).sqrt() / 20.0;
        // Percentiles of 1000 resamples have a relative error of some 4 % of the half-width; four times that.
        assert!((low - (199.5 - half)).abs() < 0.2 * half && (high - (199.5 + half)).abs() < 0.2 * half);
        assert_eq!(found[1], None);
    }
}
