//! From amounts as written to the engine's distributions: seconds, accelerator-seconds, bytes or plain numbers.

use super::demand_format::{Amount, Counts, JobClass, Varied};
use crate::engine::{Distribution, DistributionError};
use crate::units::{Bytes, Span};

/// A quantity as the number that samplers work with.
pub(super) trait AsNumber: Copy {
    fn as_number(self) -> f64;
}

impl AsNumber for f64 {
    fn as_number(self) -> f64 {
        self
    }
}

impl AsNumber for Span {
    /// Seconds; for work, accelerator-seconds.
    fn as_number(self) -> f64 {
        self.as_seconds()
    }
}

impl AsNumber for Bytes {
    fn as_number(self) -> f64 {
        self.0 as f64
    }
}

/// The distribution of an amount, its parameters checked.
pub(super) fn distribution<Q: AsNumber>(amount: &Amount<Q>) -> Result<Distribution, DistributionError> {
    let varied = match amount {
        Amount::Plain(value) => return Distribution::Constant(value.as_number()).validated(),
        Amount::Varied(varied) => varied,
    };
    let distribution = match varied {
        Varied::Constant { value } => Distribution::Constant(value.as_number()),
        Varied::Uniform { low, high } => {
            Distribution::Uniform { low: low.as_number(), high: high.as_number() }
        }
        Varied::LogUniform { low, high } => {
            Distribution::LogUniform { low: low.as_number(), high: high.as_number() }
        }
        Varied::Exponential { mean } => Distribution::Exponential { mean: mean.as_number() },
        Varied::Lognormal { mean, cv } => {
            // A mean of zero has no logarithm; the message shall name the mean, not the logarithm.
            Distribution::Exponential { mean: mean.as_number() }.validated()?;
            Distribution::log_normal(mean.as_number(), *cv)
        }
        Varied::Erlang { mean, shape } => Distribution::Erlang { mean: mean.as_number(), shape: *shape },
        Varied::Hyperexponential { mean, cv2 } => {
            Distribution::HyperExponential { mean: mean.as_number(), cv2: *cv2 }
        }
        // Its name stays only where its table is missing or wrong, which is reported.
        Varied::Named { .. } => return Err(DistributionError::Quantiles),
        Varied::Empirical { quantiles } => Distribution::Empirical {
            quantiles: quantiles.iter().map(|(p, value)| (*p, value.as_number())).collect(),
        },
    };
    distribution.validated()
}

/// The numbers of accelerators of a class with their weights; those of weight zero are left out.
pub(super) fn counts(class: &JobClass) -> Vec<(u32, f64)> {
    match &class.accelerators {
        // Only where its table is missing or wrong, which is reported.
        Counts::Named(_) => Vec::new(),
        Counts::One(count) => vec![(*count, 1.0)],
        Counts::Weighted(weighted) => {
            let used = weighted.iter().filter(|item| item.weight.0 > 0.0);
            used.map(|item| (item.count, item.weight.0)).collect()
        }
    }
}

/// Weights divided by their sum.
pub(super) fn normalised<T>(weighted: Vec<(T, f64)>) -> Vec<(T, f64)> {
    let sum: f64 = weighted.iter().map(|(_, weight)| weight).sum();
    weighted.into_iter().map(|(item, weight)| (item, weight / sum)).collect()
}
