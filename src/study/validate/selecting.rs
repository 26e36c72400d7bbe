//! How often selection is right on normal systems, and what it takes: KN against the probability it promises, OCBA against
//! equal runs.
//!
//! A promise is judged by a one-sided binomial bound: so many right answers come by chance in at most one of twenty tests of
//! a procedure that does not keep it.

use super::{Effort, Verdict};
use crate::engine::{Stream, Universe, entity_key, inverse_normal_cdf};
use crate::statistics::ranking::{Draws, Kn, KnRules, KnStep, best_of, next_runs, ocba_shares};

/// The 95 % quantile of the standard normal distribution.
const ONE_SIDED: f64 = 1.644_853_626_951_472_2;

/// What is judged.
#[derive(Debug, Clone, Copy)]
pub(super) enum Case {
    /// KN on five systems.
    Kn(Five),
    /// OCBA against equal runs on ten.
    Allocation,
}

/// The standard deviation of each of five systems.
const FIVE_SPREAD: f64 = 2.0;

/// Five normal systems, of which the last is best.
#[derive(Debug, Clone, Copy)]
pub(super) struct Five {
    name: &'static str,
    means: [f64; 5],
    /// The correlation of two systems in one replication.
    correlation: f64,
    draws: Draws,
    /// Values in all that others found it to take, over 1,500 macro-replications, and how far that may be off.
    values: Option<(f64, f64)>,
}

const SLIPPAGE: [f64; 5] = [0.0, 0.0, 0.0, 0.0, 1.0];
const SPREAD: [f64; 5] = [-3.0, -2.0, -1.0, 0.0, 1.0];

const FIVES: [Five; 5] = [
    Five {
        name: "slippage",
        means: SLIPPAGE,
        correlation: 0.0,
        draws: Draws::Common,
        values: Some((160.2, 6.0)),
    },
    Five {
        name: "slippage, independent",
        means: SLIPPAGE,
        correlation: 0.0,
        draws: Draws::Independent,
        values: None,
    },
    Five {
        name: "slippage, correlated",
        means: SLIPPAGE,
        correlation: 0.5,
        draws: Draws::Common,
        values: None,
    },
    Five { name: "spread means", means: SPREAD, correlation: 0.0, draws: Draws::Common, values: None },
    Five {
        name: "spread means, correlated",
        means: SPREAD,
        correlation: 0.5,
        draws: Draws::Common,
        values: None,
    },
];

const RULES: KnRules =
    KnRules { systems: 5, first: 10, confidence: 0.95, indifference: 1.0, draws: Draws::Common };

/// Numbers of the case are drawn with this seed.
const SEED: u64 = 6;

impl Case {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        FIVES.into_iter().map(Self::Kn).chain([Self::Allocation])
    }

    pub(super) fn run(self, effort: Effort) -> Vec<Verdict> {
        match self {
            Self::Kn(five) => five.run(effort),
            Self::Allocation => vec![allocation(effort)],
        }
    }
}

/// The streams of systems in one macro-replication; the last one is what all have in common.
fn streams(macro_replication: u32, systems: usize) -> Vec<Stream> {
    let universe = Universe::new(SEED, macro_replication);
    let entity = entity_key("selection", "");
    (0..=systems as u64).map(|system| universe.stream(entity, system, 0)).collect()
}

fn normal(stream: &mut Stream) -> f64 {
    inverse_normal_cdf(stream.uniform())
}

impl Five {
    fn run(&self, effort: Effort) -> Vec<Verdict> {
        let count: u32 = match effort {
            Effort::Quick => 6_000,
            Effort::Full => 60_000,
        };
        self.measure(count, KnRules { draws: self.draws, ..RULES })
    }

    fn measure(&self, count: u32, rules: KnRules) -> Vec<Verdict> {
        let results: Vec<(bool, u64)> = (0..count).map(|number| self.select(number, rules)).collect();
        let right = results.iter().filter(|(right, _)| *right).count() as f64 / f64::from(count);
        let values = results.iter().map(|(_, values)| *values as f64).sum::<f64>() / f64::from(count);
        self.judge(count, right, values)
    }

    /// Whether the answer is right, and how many values it took.
    fn select(&self, number: u32, rules: KnRules) -> (bool, u64) {
        let mut streams = streams(number, self.means.len());
        let mut kn = Kn::new(rules);
        let (own, all) = ((1.0 - self.correlation).sqrt(), self.correlation.sqrt());
        let mut taken = 0;
        loop {
            let common = streams.last_mut().map_or(0.0, normal);
            let mut value = |&system: &usize| {
                self.means[system] + FIVE_SPREAD * (own * normal(&mut streams[system]) + all * common)
            };
            let values: Vec<f64> = kn.survivors().iter().map(&mut value).collect();
            taken += values.len() as u64;
            if let KnStep::Chosen(system) = kn.add(&values) {
                return (system == self.means.len() - 1, taken);
            }
        }
    }

    fn judge(&self, count: u32, right: f64, values: f64) -> Vec<Verdict> {
        let quantity = format!("correct selections by KN, {}", self.name);
        let case = if self.values.is_some() { "T03" } else { "law" };
        let promised = RULES.confidence;
        let bound = promised + ONE_SIDED * (promised * (1.0 - promised) / f64::from(count)).sqrt();
        let kept = Verdict::one_sided(case, &quantity, promised, right, count.into(), right >= bound);
        let took = self.values.map(|(exact, allowed)| {
            let quantity = format!("values in all until KN decides, {}", self.name);
            Verdict::new(case, &quantity, exact, values, allowed, count.into())
        });
        [kept].into_iter().chain(took).collect()
    }
}

/// Ten systems with means 1 to 10 and this standard deviation.
const TEN: usize = 10;
const TEN_SPREAD: f64 = 6.0;
/// Runs of each at first, runs given out at once, and runs in all at most.
const FIRST: u64 = 10;
const INCREMENT: u64 = 20;
const MOST_RUNS: u64 = 2_400;
/// The probability to reach.
const REACHED: f64 = 0.9;

/// How runs are given out.
#[derive(Clone, Copy)]
enum Allocation {
    Ocba,
    Equal,
}

/// The runs in all after which the best of ten is found in nine of ten macro-replications, by OCBA and by equal runs.
fn allocation(effort: Effort) -> Verdict {
    let count: u32 = match effort {
        Effort::Quick => 1_000,
        Effort::Full => 10_000,
    };
    let [ocba, equal] = [Allocation::Ocba, Allocation::Equal].map(|how| runs_until(how, count));
    let quantity = "runs for 90 % correct selections of ten, OCBA against equal";
    Verdict::one_sided(
        "law",
        quantity,
        equal as f64,
        ocba as f64,
        count.into(),
        ocba < equal && equal < MOST_RUNS,
    )
}

/// The first number of runs, in whole increments, after which enough macro-replications are right.
fn runs_until(how: Allocation, count: u32) -> u64 {
    let mut all: Vec<Ten> = (0..count).map(Ten::new).collect();
    let mut runs = FIRST * TEN as u64;
    loop {
        let right = all.iter().filter(|ten| best_of(&ten.means()) == Some(TEN - 1)).count();
        if right as f64 >= REACHED * f64::from(count) || runs >= MOST_RUNS {
            return runs;
        }
        for ten in &mut all {
            ten.run_more(how);
        }
        runs += INCREMENT;
    }
}

/// Ten systems, with what is known of each.
struct Ten {
    streams: Vec<Stream>,
    counts: Vec<u64>,
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl Ten {
    fn new(number: u32) -> Self {
        let zero = vec![0.0; TEN];
        let mut ten =
            Self { streams: streams(number, TEN), counts: vec![0; TEN], sums: zero.clone(), squares: zero };
        ten.run(&[FIRST; TEN]);
        ten
    }

    fn run(&mut self, more: &[u64]) {
        for (system, &more) in more.iter().enumerate() {
            for _ in 0..more {
                let value = (system + 1) as f64 + TEN_SPREAD * normal(&mut self.streams[system]);
                self.sums[system] += value;
                self.squares[system] += value * value;
            }
            self.counts[system] += more;
        }
    }

    fn means(&self) -> Vec<f64> {
        self.sums.iter().zip(&self.counts).map(|(sum, &count)| sum / count as f64).collect()
    }

    fn variances(&self) -> Vec<f64> {
        let of = |(mean, (squares, &count)): (f64, (&f64, &u64))| {
            ((squares - mean * mean * count as f64) / (count - 1) as f64).max(0.0)
        };
        self.means().into_iter().zip(self.squares.iter().zip(&self.counts)).map(of).collect()
    }

    fn run_more(&mut self, how: Allocation) {
        let shares = match how {
            Allocation::Ocba => ocba_shares(&self.means(), &self.variances()),
            Allocation::Equal => vec![1.0; TEN],
        };
        let more = next_runs(&shares, &self.counts, INCREMENT);
        self.run(&more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The right procedure passes. One that promises less and takes fewer values for it is found out, by both judgements.
    #[test]
    fn the_judgement_has_teeth() {
        let five = FIVES[0];
        assert!(five.run(Effort::Quick).iter().all(|verdict| verdict.passed));
        let careless = five.measure(6_000, KnRules { confidence: 0.9, ..RULES });
        assert!(careless.iter().all(|verdict| !verdict.passed), "{careless:?}");
        let passed = |right| five.judge(6_000, right, 160.2)[0].passed;
        assert_eq!((passed(0.954), passed(0.956)), (false, true));
    }
}
