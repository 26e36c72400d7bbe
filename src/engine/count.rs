//! Distributions of whole numbers from 1 on, drawn by inversion, one uniform for each.

use super::stream::Stream;

/// A distribution of a whole number, at least 1.
#[derive(Debug, Clone, PartialEq)]
pub enum CountDistribution {
    /// Always the same number.
    Constant(u32),
    /// Each number between two, both included, as likely as the others.
    Uniform {
        /// The least number.
        low: u32,
        /// The greatest number.
        high: u32,
    },
    /// One more than the number of failures before the first success.
    Geometric {
        /// Its mean, at least 1.
        mean: f64,
    },
    /// Some numbers with the chance that a draw is one of them or one before: ascending chances, the last is 1.
    Table(Vec<(u32, f64)>),
}

/// Why parameters make no distribution of whole numbers. Reads as the end of "failed to read the distribution: ...".
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CountError {
    /// The least number exceeds the greatest.
    #[error("low {low} exceeds high {high}")]
    Order {
        /// The least number.
        low: u32,
        /// The greatest number.
        high: u32,
    },
    /// No number has a weight above zero.
    #[error("at least one weight must be above zero")]
    NoWeight,
}

/// No geometric draw exceeds this; 52 bits of chance reach it at no mean below 27,000.
const GREATEST: f64 = 1e6;

impl CountDistribution {
    /// Uniform between two numbers.
    ///
    /// # Errors
    /// When the least exceeds the greatest.
    pub fn uniform(low: u32, high: u32) -> Result<Self, CountError> {
        if low <= high { Ok(Self::Uniform { low, high }) } else { Err(CountError::Order { low, high }) }
    }

    /// Each number between two with a chance that falls as its inverse, as if its logarithm were uniform.
    ///
    /// # Errors
    /// When the least exceeds the greatest.
    pub fn log_uniform(low: u32, high: u32) -> Result<Self, CountError> {
        if low > high {
            return Err(CountError::Order { low, high });
        }
        Self::table((low..=high).map(|count| (count, 1.0 / f64::from(count))))
    }

    /// Numbers with weights of which only ratios matter; those of weight zero are left out.
    ///
    /// # Errors
    /// When no weight is above zero.
    pub fn table(weighted: impl IntoIterator<Item = (u32, f64)>) -> Result<Self, CountError> {
        let mut sum = 0.0;
        let mut table: Vec<(u32, f64)> = Vec::new();
        for (count, weight) in weighted.into_iter().filter(|(_, weight)| *weight > 0.0) {
            sum += weight;
            table.push((count, sum));
        }
        for (_, chance) in &mut table {
            *chance /= sum;
        }
        if table.is_empty() { Err(CountError::NoWeight) } else { Ok(Self::Table(table)) }
    }

    /// Draws one number. O(log numbers).
    pub fn draw(&self, stream: &mut Stream) -> u32 {
        match self {
            Self::Constant(count) => *count,
            Self::Uniform { low, high } => {
                let numbers = f64::from(high - low) + 1.0;
                low + ((stream.uniform() * numbers) as u32).min(high - low)
            }
            Self::Geometric { mean } if *mean <= 1.0 => 1,
            Self::Geometric { mean } => {
                let failures = libm::log(stream.uniform()) / libm::log1p(-1.0 / mean);
                1 + failures.min(GREATEST) as u32
            }
            Self::Table(table) => {
                let uniform = stream.uniform();
                let place = table.partition_point(|&(_, chance)| chance <= uniform);
                table[place.min(table.len() - 1)].0
            }
        }
    }

    /// The exact mean.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Constant(count) => f64::from(*count),
            Self::Uniform { low, high } => f64::midpoint(f64::from(*low), f64::from(*high)),
            Self::Geometric { mean } => *mean,
            Self::Table(table) => {
                let before = std::iter::once(0.0).chain(table.iter().map(|&(_, chance)| chance));
                let terms = table.iter().zip(before);
                terms.map(|(&(count, chance), before)| f64::from(count) * (chance - before)).sum()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Universe;

    /// Mean within 4 standard errors, and the chance of each number by chi-square: 6 standard deviations of a chi-square
    /// of k degrees of freedom above k, by Wilson and Hilferty.
    #[track_caller]
    fn check(distribution: &CountDistribution, chance: impl Fn(u32) -> f64, numbers: u32) {
        const DRAWS: u32 = 200_000;
        let universe = Universe::new(3, 0);
        let draw = |i: u32| distribution.draw(&mut universe.stream(1, i.into(), 0));
        let values: Vec<u32> = (0..DRAWS).map(draw).collect();
        let n = f64::from(DRAWS);
        let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / n;
        let variance = values.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / (n - 1.0);
        assert!((mean - distribution.mean()).abs() < 4.0 * (variance / n).sqrt(), "{distribution:?}: {mean}");
        let square = |k: u32| {
            let (seen, expected) = (values.iter().filter(|&&v| v == k).count() as f64, n * chance(k));
            (seen - expected).powi(2) / expected
        };
        let squares: f64 = (1..=numbers).filter(|&k| chance(k) > 0.0).map(square).sum();
        let k = f64::from(numbers);
        let most = k * (1.0 - 2.0 / (9.0 * k) + 6.0 * (2.0 / (9.0 * k)).sqrt()).powi(3);
        assert!(squares < most, "{distribution:?}: {squares} of {most}");
    }

    #[test]
    fn draws_have_their_chances() {
        check(&CountDistribution::uniform(3, 12).unwrap(), |k| if k >= 3 { 0.1 } else { 0.0 }, 12);
        let geometric = CountDistribution::Geometric { mean: 4.0 };
        check(&geometric, |k| 0.25 * 0.75_f64.powi(k as i32 - 1), 15);
        let harmonic: f64 = (2..=9).map(|k| 1.0 / f64::from(k)).sum();
        let log_uniform = CountDistribution::log_uniform(2, 9).unwrap();
        check(&log_uniform, |k| if k >= 2 { 1.0 / f64::from(k) / harmonic } else { 0.0 }, 9);
        let table = CountDistribution::table([(1, 3.0), (4, 0.0), (2, 1.0)]).unwrap();
        check(&table, |k| if k == 1 { 0.75 } else { 0.25 }, 2);
    }

    #[test]
    fn constants_are_constant_and_nonsense_is_refused() {
        let mut stream = Universe::new(1, 0).stream(1, 0, 0);
        assert_eq!(CountDistribution::Constant(7).draw(&mut stream), 7);
        assert_eq!(CountDistribution::Geometric { mean: 1.0 }.draw(&mut stream), 1);
        assert_eq!(CountDistribution::uniform(3, 2), Err(CountError::Order { low: 3, high: 2 }));
        assert!(CountDistribution::log_uniform(3, 2).is_err());
        assert_eq!(CountDistribution::table([(3, 0.0)]), Err(CountError::NoWeight));
    }
}
