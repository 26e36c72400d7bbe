//! Which systems no other beats in everything: the Pareto front from noisy values, with what the noise leaves open.
//!
//! For every pair of systems and every objective there is a t interval of the paired difference over replications, each at
//! confidence 1 - alpha / m with m the number of these intervals (Bonferroni), so that all hold together with probability
//! 1 - alpha for normal differences.

use super::student::student_t_quantile;

/// Whether one system is better than another in everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Domination {
    /// In no objective worse and in one better, by all intervals.
    Certain,
    /// It may be; the intervals do not tell.
    Undecided,
    /// In some objective it is worse, by its interval; or both are equal in all, without any noise.
    Not,
}

/// Where a system stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// On the front: no other dominates it, by all intervals.
    Front,
    /// Perhaps on the front: none certainly dominates it, and some may.
    Undecided,
    /// Not on the front: some other certainly dominates it.
    Dominated,
}

/// The front of several systems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParetoFront {
    systems: usize,
    /// Whether i dominates j, at i k + j.
    dominations: Vec<Domination>,
}

impl ParetoFront {
    /// The front of systems by `values[system][objective][replication]`, in which the greater value is the better (negate
    /// where the least is wanted). Replications are paired by their place; where one of two values is missing (not finite), the
    /// pair is left out, and with fewer than two pairs nothing is known of that difference. What has no noise, such as a cost,
    /// has an interval of no width.
    ///
    /// # Panics
    /// When the systems have unlike numbers of objectives.
    pub fn new(values: &[Vec<Vec<f64>>], confidence: f64) -> Self {
        let systems = values.len();
        let objectives = values.first().map_or(0, Vec::len);
        assert!(values.iter().all(|of| of.len() == objectives), "every system has all objectives");
        let intervals = objectives * systems * systems.saturating_sub(1) / 2;
        let p = 1.0 - (1.0 - confidence) / (2 * intervals.max(1)) as f64;
        let mut dominations = vec![Domination::Not; systems * systems];
        for i in 0..systems {
            for j in i + 1..systems {
                let pairs = values[i].iter().zip(&values[j]);
                let differences: Vec<(f64, f64)> = pairs.map(|(a, b)| interval(a, b, p)).collect();
                dominations[i * systems + j] = domination(differences.iter().copied());
                dominations[j * systems + i] =
                    domination(differences.iter().map(|&(low, high)| (-high, -low)));
            }
        }
        Self { systems, dominations }
    }

    /// Whether system `i` dominates system `j`.
    pub fn domination(&self, i: usize, j: usize) -> Domination {
        self.dominations[i * self.systems + j]
    }

    /// Where a system stands.
    pub fn standing(&self, system: usize) -> Standing {
        let over = |other: usize| self.domination(other, system);
        if (0..self.systems).any(|other| over(other) == Domination::Certain) {
            Standing::Dominated
        } else if (0..self.systems).any(|other| over(other) == Domination::Undecided) {
            Standing::Undecided
        } else {
            Standing::Front
        }
    }

    /// The systems of one standing, in their order.
    pub fn of(&self, standing: Standing) -> Vec<usize> {
        (0..self.systems).filter(|&system| self.standing(system) == standing).collect()
    }

    /// The pairs of which the first may dominate the second and the intervals do not tell, in their order. Where both
    /// directions are open, the pair comes twice.
    pub fn undecided_pairs(&self) -> Vec<(usize, usize)> {
        let all = (0..self.systems).flat_map(|i| (0..self.systems).map(move |j| (i, j)));
        all.filter(|&(i, j)| self.domination(i, j) == Domination::Undecided).collect()
    }
}

/// The ends of the interval of the mean difference of paired values, at quantile `p` of Student's t.
fn interval(one: &[f64], other: &[f64], p: f64) -> (f64, f64) {
    let pairs = one.iter().zip(other).filter(|(a, b)| a.is_finite() && b.is_finite());
    let differences: Vec<f64> = pairs.map(|(a, b)| a - b).collect();
    if differences.len() < 2 {
        return (f64::NEG_INFINITY, f64::INFINITY);
    }
    let count = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / count;
    let squares: f64 = differences.iter().map(|value| (value - mean) * (value - mean)).sum();
    // Equal differences may leave a rounding error of their mean, which is no noise.
    let constant = differences.iter().all(|value| value.to_bits() == differences[0].to_bits());
    if constant {
        return (differences[0], differences[0]);
    }
    let half = student_t_quantile(p, count - 1.0) * (squares / (count - 1.0) / count).sqrt();
    (mean - half, mean + half)
}

fn domination(differences: impl Iterator<Item = (f64, f64)> + Clone) -> Domination {
    let mut lows = differences.clone().map(|(low, _)| low);
    let mut highs = differences.map(|(_, high)| high);
    let (all_low, some_low) = (lows.clone().all(|low| low >= 0.0), lows.any(|low| low > 0.0));
    let (all_high, some_high) = (highs.clone().all(|high| high >= 0.0), highs.any(|high| high > 0.0));
    if all_low && some_low {
        Domination::Certain
    } else if all_high && some_high {
        Domination::Undecided
    } else {
        Domination::Not
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Universe, entity_key, inverse_normal_cdf};
    use proptest::prelude::*;

    /// Values around `mean`, the same noise up and down.
    fn around(mean: f64, noise: f64) -> Vec<f64> {
        (0..20).map(|n| mean + if n % 2 == 0 { noise } else { -noise }).collect()
    }

    /// Cost has no noise; system 1 serves more than 0 at the same cost, 2 costs less than 1 and serves less, 3 is like 1 up to
    /// its own noise.
    #[test]
    fn what_noise_leaves_open() {
        let cost = |cost: f64| vec![-cost; 20];
        let own: Vec<f64> = (0..20).map(|n| 12.0 + if n % 4 < 2 { 1.0 } else { -1.2 }).collect();
        let systems = [
            vec![cost(5.0), around(10.0, 3.0)],
            vec![cost(5.0), around(12.0, 3.0)],
            vec![cost(4.0), around(9.0, 3.0)],
            vec![cost(5.0), own],
        ];
        let front = ParetoFront::new(&systems, 0.95);
        // The noise of 0, 1 and 2 is shared and cancels out.
        assert_eq!(front.domination(1, 0), Domination::Certain);
        assert_eq!(front.domination(0, 1), Domination::Not);
        assert_eq!((front.domination(1, 2), front.domination(2, 1)), (Domination::Not, Domination::Not));
        assert_eq!(front.of(Standing::Front), [2]);
        assert_eq!(front.of(Standing::Undecided), [1, 3]);
        assert_eq!(front.of(Standing::Dominated), [0]);
        assert_eq!(front.undecided_pairs(), [(0, 3), (1, 3), (3, 0), (3, 1)]);
    }

    #[test]
    fn nothing_is_known_of_one_replication() {
        let values = [vec![vec![1.0]], vec![vec![2.0]], vec![vec![f64::NAN, 3.0]]];
        let front = ParetoFront::new(&values, 0.95);
        assert_eq!(front.of(Standing::Undecided), [0, 1, 2]);
        assert_eq!(ParetoFront::new(&[], 0.95).of(Standing::Front), Vec::<usize>::new());
        assert_eq!(ParetoFront::new(&values[..1], 0.95).of(Standing::Front), [0]);
    }

    /// All certain claims hold together at least as often as promised: of 1,000 fronts of systems that do not dominate each
    /// other, less than 5 % and three standard errors show a dominated one.
    #[test]
    fn certain_claims_hold_together() {
        let noise = |number, entity: u64, n: u32| {
            let mut stream = Universe::new(number, n).stream(entity_key("pareto", "noise"), entity, 0);
            inverse_normal_cdf(stream.uniform())
        };
        let system = |number: u64, i: u32| {
            let objective = |which: u32, mean: f64| {
                (0..8).map(|n| mean + noise(number, u64::from(2 * i + which), n)).collect::<Vec<f64>>()
            };
            vec![objective(0, f64::from(i) / 10.0), objective(1, -f64::from(i) / 10.0)]
        };
        let wrong = (0..1_000_u64).filter(|&number| {
            let systems: Vec<_> = (0..4).map(|i| system(number, i)).collect();
            !ParetoFront::new(&systems, 0.95).of(Standing::Dominated).is_empty()
        });
        let wrong = wrong.count() as f64 / 1_000.0;
        assert!(wrong < 0.05 + 3.0 * (0.05_f64 * 0.95 / 1_000.0).sqrt(), "{wrong}");
    }

    proptest! {
        /// Without noise the front is the plain one and nothing is open.
        #[test]
        fn without_noise_it_is_the_plain_front(points in prop::collection::vec(prop::array::uniform3(0_u8..5), 1..12)) {
            let values: Vec<Vec<Vec<f64>>> =
                points.iter().map(|point| point.iter().map(|&x| vec![f64::from(x) / 3.0; 3]).collect()).collect();
            let front = ParetoFront::new(&values, 0.95);
            let beats = |a: &[u8; 3], b: &[u8; 3]| a != b && a.iter().zip(b).all(|(a, b)| a >= b);
            for (i, point) in points.iter().enumerate() {
                let beaten = points.iter().any(|other| beats(other, point));
                prop_assert_eq!(front.standing(i), if beaten { Standing::Dominated } else { Standing::Front });
            }
            prop_assert!(front.undecided_pairs().is_empty());
        }
    }
}
