//! How stable the ranks of sets are: over the replications, and over resamples of them.
//!
//! A resample draws the replications (of more than a thousand: batches of them) anew with replacement, the same ones for all
//! sets, so that what common random numbers tie together stays tied; in each the sets are ranked by their means. That is the
//! bootstrap of a ranking (Goldstein and Spiegelhalter 1996; Hall and Miller 2009), whose shares describe how much the ranking
//! leans on the replications that happened. They promise nothing: where sets are nearly alike it is too sure of the order, as
//! Hall and Miller show.

use crate::statistics::{Batches, Bootstrap};

/// The rank of one set among all, 1 for the best. Sets of one value share the better rank.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankStability {
    /// Of its mean.
    pub rank: u32,
    /// The share of the replications in which it is the best; sets that share the place share the replication.
    pub first_in_runs: f64,
    /// Its best and its worst rank in any replication.
    pub ranks_in_runs: [u32; 2],
    /// The share of the resamples in which its mean is the best.
    pub first_in_resamples: f64,
    /// Between which ranks the middle of its resamples lies.
    pub ranks_in_resamples: [u32; 2],
}

/// The stability of the ranks of all sets, where more is better.
///
/// `values[i][r]` is what replication r gave with set i; replications in which a set has no finite value are left out. `None`
/// below two sets or two replications: then there is nothing to rank, or nothing to draw from. The middle holds `confidence`
/// of the resamples, with as many left out below as above.
pub fn rank_stability(
    values: &[Vec<f64>],
    confidence: f64,
    bootstrap: &Bootstrap,
) -> Option<Vec<RankStability>> {
    let replications = values.iter().map(Vec::len).min().unwrap_or(0);
    let complete = (0..replications).filter(|&run| values.iter().all(|set| set[run].is_finite()));
    let runs: Vec<usize> = complete.collect();
    if values.len() < 2 || runs.len() < 2 {
        return None;
    }
    let (mut of_runs, mut of_resamples) = (Tally::new(values.len()), Tally::new(values.len()));
    for &run in &runs {
        of_runs.count(&values.iter().map(|set| set[run]).collect::<Vec<f64>>());
    }
    let batches = Batches::of(runs.len());
    let sums_of = |set: &Vec<f64>| batches.sums(&runs.iter().map(|&run| set[run]).collect::<Vec<f64>>());
    let sums: Vec<Vec<f64>> = values.iter().map(sums_of).collect();
    let means = |sample: &[usize], means: &mut Vec<f64>| {
        let sum = |set: &Vec<f64>| sample.iter().map(|&one| set[one]).sum::<f64>();
        means.clear();
        means.extend(sums.iter().map(|set| sum(set) / batches.length(sample)));
    };
    let mut row = Vec::with_capacity(values.len());
    bootstrap.each_sample(batches.count(), |sample| {
        means(sample, &mut row);
        of_resamples.count(&row);
    });
    means(&(0..batches.count()).collect::<Vec<_>>(), &mut row);
    let of_set = |set: usize| RankStability {
        rank: rank(&row, set),
        first_in_runs: of_runs.first(set),
        ranks_in_runs: of_runs.middle(set, 1.0),
        first_in_resamples: of_resamples.first(set),
        ranks_in_resamples: of_resamples.middle(set, confidence),
    };
    Some((0..values.len()).map(of_set).collect())
}

/// One more than the number of sets with a greater value.
fn rank(values: &[f64], set: usize) -> u32 {
    1 + values.iter().filter(|&&other| other > values[set]).count() as u32
}

/// How often each set had each rank.
struct Tally {
    /// `[set][rank - 1]`.
    ranks: Vec<Vec<u32>>,
    /// How often each was first; a shared place counts its part.
    firsts: Vec<f64>,
    rankings: u32,
}

impl Tally {
    fn new(sets: usize) -> Self {
        Self { ranks: vec![vec![0; sets]; sets], firsts: vec![0.0; sets], rankings: 0 }
    }

    fn count(&mut self, values: &[f64]) {
        let ranks: Vec<u32> = (0..values.len()).map(|set| rank(values, set)).collect();
        let together = ranks.iter().filter(|rank| **rank == 1).count() as f64;
        for (set, &rank) in ranks.iter().enumerate() {
            self.ranks[set][rank as usize - 1] += 1;
            self.firsts[set] += if rank == 1 { 1.0 / together } else { 0.0 };
        }
        self.rankings += 1;
    }

    fn first(&self, set: usize) -> f64 {
        self.firsts[set] / f64::from(self.rankings)
    }

    /// The ranks at both ends of what is left when so many of the rankings are cut off at either side that `confidence` of
    /// them stay.
    fn middle(&self, set: usize, confidence: f64) -> [u32; 2] {
        let cut = f64::from(self.rankings) * (1.0 - confidence) / 2.0;
        let ranks = || self.ranks[set].iter().enumerate().map(|(place, count)| (*count, place as u32 + 1));
        [passes(ranks(), cut), passes(ranks().rev(), cut)]
    }
}

/// The first rank with which more rankings have gone by than are cut off.
fn passes(mut ranks: impl Iterator<Item = (u32, u32)>, cut: f64) -> u32 {
    let mut passed = 0.0;
    let found = ranks.find(|(count, _)| {
        passed += f64::from(*count);
        passed > cut
    });
    found.expect("fewer than half of the rankings are cut off").1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Universe, entity_key};
    use proptest::prelude::*;

    fn bootstrap(resamples: u32) -> Bootstrap {
        Bootstrap { universe: Universe::new(3, 0), entity: entity_key("test", "ranks"), resamples }
    }

    fn ranks(values: &[Vec<f64>], resamples: u32) -> Vec<RankStability> {
        rank_stability(values, 0.95, &bootstrap(resamples)).unwrap()
    }

    /// Two replications, of which each set wins one: of four equally likely resamples the first set wins both or one of each
    /// in three, by the greater sum. The worked answer is 3/4, its standard error over 20,000 resamples 0.0031.
    #[test]
    fn of_two_replications_by_hand() {
        let found = ranks(&[vec![5.0, 0.0], vec![0.0, 3.0]], 20_000);
        assert_eq!((found[0].rank, found[1].rank), (1, 2));
        assert_eq!((found[0].first_in_runs, found[1].first_in_runs), (0.5, 0.5));
        assert!((found[0].first_in_resamples - 0.75).abs() < 4.0 * 0.0031, "{found:?}");
        assert_eq!(found[0].ranks_in_resamples, [1, 2]);
    }

    /// Pairs hold: a set that is better by a little in every replication is always first, however much these differ.
    #[test]
    fn what_is_tied_together_stays_tied() {
        let universe: Vec<f64> = (0..10).map(|run| f64::from(run * run) * 100.0).collect();
        let better = universe.iter().map(|value| value + 0.5).collect();
        let found = ranks(&[universe, better], 500);
        assert_eq!((found[1].first_in_resamples, found[1].ranks_in_resamples), (1.0, [1, 1]));
        assert_eq!((found[0].first_in_runs, found[0].ranks_in_runs), (0.0, [2, 2]));
    }

    #[test]
    fn equals_share_and_nothing_ranks_nothing() {
        let found = ranks(&[vec![1.0; 3], vec![1.0; 3], vec![0.0; 3]], 50);
        assert_eq!(found.iter().map(|one| one.rank).collect::<Vec<_>>(), [1, 1, 3]);
        assert_eq!(found.iter().map(|one| one.first_in_resamples).collect::<Vec<_>>(), [0.5, 0.5, 0.0]);
        let none = |values: &[Vec<f64>]| rank_stability(values, 0.95, &bootstrap(9)).is_none();
        assert!(none(&[]) && none(&[vec![1.0, 2.0]]) && none(&[vec![1.0], vec![2.0]]));
        assert!(none(&[vec![1.0, f64::NAN, 2.0], vec![f64::NAN, 1.0, 2.0]]));
    }

    /// Normal differences over 64 replications: the mean of a resample is about normal with the spread of the sample over 8, so
    /// that the share of resamples in which the first set is the better one is Φ(8 mean / spread) of the sample.
    #[test]
    fn of_many_replications_as_the_normal_law_says() {
        let mut stream = Universe::new(11, 0).stream(entity_key("test", "normal"), 0, 0);
        let mut draw = || crate::statistics::normal_quantile(stream.uniform());
        let difference: Vec<f64> = (0..64).map(|_| 0.25 + 2.0 * draw()).collect();
        let mean = difference.iter().sum::<f64>() / 64.0;
        let spread = (difference.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / 64.0).sqrt();
        let expected = crate::statistics::normal_cdf(mean / spread * 8.0);
        let found = ranks(&[difference, vec![0.0; 64]], 20_000);
        // Four standard errors of the share, and the first correction for skewness, at most 0.02 with 64 replications.
        assert!((found[0].first_in_resamples - expected).abs() < 4.0 * 0.0036 + 0.02, "{expected} {found:?}");
    }

    proptest! {
        /// The shares of first places add up to one, ranks lie within the sets, and adding the same to all changes nothing.
        #[test]
        fn shares_add_up(values in prop::collection::vec(prop::collection::vec(-4_i32..4, 5), 2..6), shift in -3_i32..3) {
            let of = |shift: i32| -> Vec<Vec<f64>> {
                values.iter().map(|set| set.iter().map(|&value| f64::from(value + shift)).collect()).collect()
            };
            let found = ranks(&of(0), 64);
            let sum = |share: fn(&RankStability) -> f64| found.iter().map(share).sum::<f64>();
            prop_assert!((sum(|one| one.first_in_runs) - 1.0).abs() < 1e-9);
            prop_assert!((sum(|one| one.first_in_resamples) - 1.0).abs() < 1e-9);
            for one in &found {
                for [best, worst] in [one.ranks_in_runs, one.ranks_in_resamples] {
                    prop_assert!(1 <= best && best <= worst && worst as usize <= values.len());
                }
            }
            prop_assert_eq!(found, ranks(&of(shift), 64));
        }
    }
}
