//! The bootstrap over replications with bias correction and acceleration (BCa).

use crate::engine::Universe;
use crate::statistics::{normal_cdf, normal_quantile};

/// Resamples that are enough for the ends of 95 % intervals (Efron and Tibshirani 1993, chapter 19).
pub const RESAMPLES: u32 = 2_000;

/// So many replications are resampled one by one; of more, so many batches.
const BATCHES: usize = 1_000;

/// Replications as units of a resample of means. Where they are many, those that follow each other are drawn together: they
/// are independent, and so are the batches, and a resample costs no more with more of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batches {
    /// The first replication of each, and the end.
    edges: Vec<usize>,
}

impl Batches {
    /// Of this many replications, in batches of equal length or of one more.
    pub fn of(replications: usize) -> Self {
        let batches = replications.min(BATCHES);
        Self { edges: (0..=batches).map(|batch| batch * replications / batches.max(1)).collect() }
    }

    /// How many batches.
    pub fn count(&self) -> usize {
        self.edges.len() - 1
    }

    /// The sum of the values of each batch.
    pub fn sums(&self, values: &[f64]) -> Vec<f64> {
        self.edges.windows(2).map(|ends| values[ends[0]..ends[1]].iter().sum()).collect()
    }

    /// How many replications there are in a sample of batches.
    pub fn length(&self, sample: &[usize]) -> f64 {
        sample.iter().map(|&batch| self.edges[batch + 1] - self.edges[batch]).sum::<usize>() as f64
    }
}

/// A bootstrap: its random numbers and how many resamples.
#[derive(Debug, Clone, Copy)]
pub struct Bootstrap {
    /// Where its random numbers come from: those of the same universe and entity are the same resamples.
    pub universe: Universe,
    /// What is resampled, as the key of its streams.
    pub entity: u64,
    /// How many resamples.
    pub resamples: u32,
}

impl Bootstrap {
    /// The BCa interval of a statistic of `count` replications (Efron 1987), or batches of them. `statistic` takes those of a
    /// sample, each as often as it was drawn. `None` below two replications, or where the statistic has no finite value.
    ///
    /// Replications are resampled, never the jobs within: those depend on each other.
    pub fn interval(
        &self,
        count: usize,
        confidence: f64,
        statistic: impl Fn(&[usize]) -> f64,
    ) -> Option<(f64, f64)> {
        let all: Vec<usize> = (0..count).collect();
        let seen = statistic(&all);
        if count < 2 || !seen.is_finite() {
            return None;
        }
        let mut values = self.resampled(count, &statistic);
        values.sort_by(f64::total_cmp);
        let below = values.iter().filter(|value| value.total_cmp(&seen).is_lt()).count();
        let equal = values.iter().filter(|value| value.total_cmp(&seen).is_eq()).count();
        let resamples = values.len() as f64;
        // Half of what equals the statistic counts as below; a share of none or all would shift without bound.
        let share = (below as f64 + 0.5 * equal as f64) / resamples;
        let bias = normal_quantile(share.clamp(0.5 / resamples, 1.0 - 0.5 / resamples));
        let acceleration = acceleration(&all, &statistic);
        let end = |p: f64| {
            let shifted = bias + normal_quantile(p);
            let p = normal_cdf(bias + shifted / (1.0 - acceleration * shifted));
            let rank = libm::floor(p * (resamples + 1.0)) - 1.0;
            values[(rank.max(0.0) as usize).min(values.len() - 1)]
        };
        let tail = (1.0 - confidence) / 2.0;
        Some((end(tail), end(1.0 - tail)))
    }

    /// Calls `visit` with every resample of `count` replications, each as often as it was drawn.
    pub fn each_sample(&self, count: usize, mut visit: impl FnMut(&[usize])) {
        let mut sample = vec![0; count];
        for resample in 0..self.resamples {
            let mut stream = self.universe.stream(self.entity, u64::from(resample), 0);
            sample.fill_with(|| (stream.uniform() * count as f64) as usize);
            visit(&sample);
        }
    }

    fn resampled(&self, count: usize, statistic: &impl Fn(&[usize]) -> f64) -> Vec<f64> {
        let mut values = Vec::with_capacity(self.resamples as usize);
        self.each_sample(count, |sample| values.push(statistic(sample)));
        values.retain(|value| value.is_finite());
        values
    }
}

/// Σ d³ / (6 (Σ d²)^1.5) of the differences d between the mean of the statistics without one replication and each of them.
fn acceleration(all: &[usize], statistic: &impl Fn(&[usize]) -> f64) -> f64 {
    let without = |left: usize| -> f64 {
        let others: Vec<usize> = all.iter().copied().filter(|one| *one != left).collect();
        statistic(&others)
    };
    let values: Vec<f64> = all.iter().map(|&one| without(one)).filter(|value| value.is_finite()).collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let power = |exponent: i32| values.iter().map(|value| (mean - value).powi(exponent)).sum::<f64>();
    let spread = power(2);
    if spread > 0.0 { power(3) / (6.0 * spread * spread.sqrt()) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::entity_key;
    use crate::statistics::ratio_of_means;

    fn bootstrap(seed: u64, resamples: u32) -> Bootstrap {
        Bootstrap { universe: Universe::new(seed, 0), entity: entity_key("test", "bootstrap"), resamples }
    }

    /// Batches cover all replications once, alike in length; up to a thousand replications stand for themselves.
    #[test]
    fn batches_cover_all_replications() {
        for replications in [0, 1, 2, 999, 1_000, 1_001, 2_500, 123_457] {
            let batches = Batches::of(replications);
            let all: Vec<usize> = (0..batches.count()).collect();
            assert_eq!(batches.length(&all) as usize, replications);
            let lengths = batches.sums(&vec![1.0; replications]);
            assert!(lengths.iter().all(|&length| {
                let least = replications / batches.count();
                [least, least + 1].contains(&(length as usize))
            }));
            assert_eq!(batches.count(), replications.min(1_000));
        }
    }

    /// Of a mean of many, in batches, the interval is the normal one as well: 4,000 values of standard deviation 1.
    #[test]
    fn of_a_mean_of_many_in_batches() {
        let mut stream = Universe::new(5, 0).stream(entity_key("test", "batches"), 0, 0);
        let values: Vec<f64> = (0..4_000).map(|_| normal_quantile(stream.uniform())).collect();
        let (batches, count) = (Batches::of(values.len()), values.len() as f64);
        let sums = batches.sums(&values);
        let mean =
            |sample: &[usize]| sample.iter().map(|&one| sums[one]).sum::<f64>() / batches.length(sample);
        let (low, high) = bootstrap(1, 20_000).interval(batches.count(), 0.95, mean).unwrap();
        let average = values.iter().sum::<f64>() / count;
        // The error by a thousand batches is known to 1 / sqrt(2,000) of it, its ends to 0.019 (see above): together below
        // four times 0.05 at 1.96.
        let error =
            (values.iter().map(|value| (value - average).powi(2)).sum::<f64>() / count / count).sqrt();
        assert!(((high - average) / error - 1.96).abs() < 4.0 * 0.05, "{low} {high}");
        assert!(((low - average) / error + 1.96).abs() < 4.0 * 0.05, "{low} {high}");
    }

    fn mean(values: &[f64]) -> impl Fn(&[usize]) -> f64 {
        |sample| sample.iter().map(|&one| values[one]).sum::<f64>() / sample.len() as f64
    }

    /// Of a mean without skewness the interval is the normal one with the plug-in variance, (n - 1) / n of the usual one.
    #[test]
    fn of_a_symmetric_mean() {
        let values: Vec<f64> = (0..101).map(|k| f64::from(k) - 50.0).collect();
        let (low, high) = bootstrap(1, 20_000).interval(values.len(), 0.95, mean(&values)).unwrap();
        let error = (values.iter().map(|value| value * value).sum::<f64>() / 101.0 / 101.0).sqrt();
        // The standard error of a 2.5 % quantile of 20,000 normal values is 0.019 of their spread.
        assert!((high / error - 1.96).abs() < 4.0 * 0.019 && (low / error + 1.96).abs() < 4.0 * 0.019);
    }

    #[test]
    fn nothing_of_nothing_and_a_point_of_equals() {
        assert_eq!(bootstrap(1, 100).interval(1, 0.95, |_| 1.0), None);
        assert_eq!(bootstrap(1, 100).interval(5, 0.95, |_| f64::NAN), None);
        assert_eq!(bootstrap(1, 100).interval(5, 0.95, |_| 3.0), Some((3.0, 3.0)));
    }

    /// Ratios of skewed values that depend on each other, over 1000 studies of 40 replications: the jackknife and BCa hold
    /// the true ratio as often as they say, within four binomial standard errors.
    #[test]
    fn coverage_of_a_skewed_ratio() {
        const STUDIES: u32 = 1_000;
        let key = entity_key("test", "skewed");
        let (mut by_jackknife, mut by_bootstrap) = (0, 0);
        for study in 0..STUDIES {
            let mut stream = Universe::new(7, study).stream(key, 0, 0);
            let mut exponential = || -libm::log(stream.uniform());
            let pairs: Vec<(f64, f64)> = (0..40)
                .map(|_| {
                    let (shared, own, other) = (exponential(), exponential(), exponential());
                    (3.0 * (shared + own), shared + other)
                })
                .collect();
            by_jackknife +=
                u32::from(ratio_of_means(&pairs).interval().is_some_and(|(a, b)| a <= 3.0 && 3.0 <= b));
            let ratio = |sample: &[usize]| {
                let sums = sample
                    .iter()
                    .fold((0.0, 0.0), |sums, &one| (sums.0 + pairs[one].0, sums.1 + pairs[one].1));
                sums.0 / sums.1
            };
            let (low, high) = bootstrap(u64::from(study), 400).interval(40, 0.95, ratio).unwrap();
            by_bootstrap += u32::from(low <= 3.0 && 3.0 <= high);
        }
        let error = (0.95 * 0.05 / f64::from(STUDIES)).sqrt();
        println!("jackknife {by_jackknife}, bootstrap {by_bootstrap}");
        for held in [by_jackknife, by_bootstrap] {
            let share = f64::from(held) / f64::from(STUDIES);
            assert!((share - 0.95).abs() < 4.0 * error, "{share}");
        }
    }
}
