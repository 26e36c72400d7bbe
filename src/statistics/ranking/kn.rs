//! KN: the fully sequential procedure of Kim and Nelson (ACM TOMACS 11, 2001) with c = 1.
//!
//! After n0 values of every system, S2(i, l) is the sample variance of the first n0 differences of systems i and l, and never
//! changes again. At r values of each, system i stays if for every survivor l its mean is at least that of l less
//! W(i, l) = max(0, delta / (2 r) (h2 S2(i, l) / delta^2 - r)), with h2 = 2 eta (n0 - 1) and
//! eta = ((2 beta)^(-2 / (n0 - 1)) - 1) / 2. The procedure ends with one survivor, or when all W are zero, with the best mean.
//! For normal values whose best mean exceeds all others by at least delta, the answer is right with the promised
//! probability. Where others are closer to the best, that the answer lies within delta of it as often is what experience shows
//! of the procedure, not what is proved.

use super::best_of;

/// Whether the systems of one replication share their random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Draws {
    /// They do, or may: beta = alpha / (k - 1), which holds under any dependence.
    #[default]
    Common,
    /// Every system has its own: beta = 1 - (1 - alpha)^(1 / (k - 1)), a little larger.
    Independent,
}

/// What is asked of the procedure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnRules {
    /// How many systems there are, k; at least 1.
    pub systems: usize,
    /// Values of each before the first is dropped, n0; at least 2.
    pub first: u32,
    /// The promised probability of the right answer, 1 - alpha; between 1/k and 1.
    pub confidence: f64,
    /// The difference that is worth detecting, delta, in the unit of the values; above zero.
    pub indifference: f64,
    /// Whether random numbers are shared.
    pub draws: Draws,
}

impl KnRules {
    /// The error allowed to each comparison of the best with another.
    pub fn beta(&self) -> f64 {
        let (alpha, others) = (1.0 - self.confidence, (self.systems.max(2) - 1) as f64);
        match self.draws {
            Draws::Common => alpha / others,
            Draws::Independent => -libm::expm1(libm::log1p(-alpha) / others),
        }
    }

    /// eta, the slope of the boundary.
    pub fn eta(&self) -> f64 {
        (libm::pow(2.0 * self.beta(), -2.0 / f64::from(self.first - 1)) - 1.0) / 2.0
    }

    /// h2 = 2 eta (n0 - 1), which scales the boundary.
    pub fn h_squared(&self) -> f64 {
        2.0 * self.eta() * f64::from(self.first - 1)
    }
}

/// A system that left, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dropped {
    /// Its index.
    pub system: usize,
    /// After how many values of each survivor.
    pub at: u32,
}

/// What follows from one more value of every survivor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnStep {
    /// Too early to say: one more value of every system in [`Kn::survivors`] is wanted.
    GoOn,
    /// The answer.
    Chosen(usize),
}

/// The procedure under way. Feed it one value of every survivor per replication; the greatest mean wins.
///
/// ```
/// use pleiade::statistics::ranking::{Draws, Kn, KnRules, KnStep};
/// let rules = KnRules { systems: 2, first: 3, confidence: 0.95, indifference: 1.0, draws: Draws::Common };
/// let mut kn = Kn::new(rules);
/// assert_eq!(kn.add(&[4.0, 1.0]), KnStep::GoOn);
/// assert_eq!(kn.add(&[5.0, 2.1]), KnStep::GoOn);
/// assert_eq!(kn.add(&[3.0, 0.1]), KnStep::Chosen(0));
/// ```
#[derive(Debug, Clone)]
pub struct Kn {
    rules: KnRules,
    survivors: Vec<usize>,
    dropped: Vec<Dropped>,
    count: u32,
    /// Sum of the values of each system.
    sums: Vec<f64>,
    /// The first n0 values of each system, by replication; emptied when the variances are known.
    early: Vec<Vec<f64>>,
    /// h2 S2(i, l) / delta^2 of each pair, at i k + l.
    horizons: Vec<f64>,
}

impl Kn {
    /// The procedure before the first value.
    ///
    /// # Panics
    /// On rules outside of their ranges.
    pub fn new(rules: KnRules) -> Self {
        let KnRules { systems, first, confidence, indifference, .. } = rules;
        assert!(systems >= 1 && first >= 2, "KN ranks at least 1 system from at least 2 values");
        assert!(
            indifference > 0.0 && confidence < 1.0,
            "KN needs a difference above zero and alpha above zero"
        );
        assert!(rules.beta() < 0.5, "KN promises more than chance gives");
        Self {
            rules,
            survivors: (0..systems).collect(),
            dropped: Vec::new(),
            count: 0,
            sums: vec![0.0; systems],
            early: Vec::new(),
            horizons: Vec::new(),
        }
    }

    /// The systems of which a value is wanted, in rising order.
    pub fn survivors(&self) -> &[usize] {
        &self.survivors
    }

    /// The systems that left, in the order in which they did.
    pub fn dropped(&self) -> &[Dropped] {
        &self.dropped
    }

    /// Values of each survivor so far.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The means of all systems, over the values that each has had.
    pub fn means(&self) -> Vec<f64> {
        let mut counts = vec![self.count; self.sums.len()];
        for gone in &self.dropped {
            counts[gone.system] = gone.at;
        }
        self.sums.iter().zip(counts).map(|(sum, count)| sum / f64::from(count)).collect()
    }

    /// The most values of each survivor that the procedure may still come to, those had included; `None` before n0.
    pub fn at_most(&self) -> Option<u64> {
        (self.count >= self.rules.first).then(|| {
            let longest = self.pairs().map(|(i, l)| self.horizon(i, l)).fold(0.0, f64::max);
            (longest as u64 + 1).max(self.count.into())
        })
    }

    /// Takes one value of every survivor, in the order of [`Kn::survivors`], all of the same replication.
    ///
    /// # Panics
    /// When the number of values is not that of the survivors, or one is not finite: what a replication may lack can't be
    /// ranked by its mean.
    pub fn add(&mut self, values: &[f64]) -> KnStep {
        assert_eq!(values.len(), self.survivors.len(), "KN takes one value of every survivor");
        assert!(values.iter().all(|value| value.is_finite()), "KN ranks finite values");
        for (&system, value) in self.survivors.iter().zip(values) {
            self.sums[system] += value;
        }
        self.count += 1;
        if self.survivors.len() == 1 {
            return KnStep::Chosen(self.survivors[0]);
        }
        if self.count <= self.rules.first {
            self.early.push(values.to_vec());
        }
        if self.count < self.rules.first {
            return KnStep::GoOn;
        }
        if self.count == self.rules.first {
            self.horizons = self.first_variances();
            self.early = Vec::new();
        }
        self.screen();
        self.verdict()
    }

    /// h2 S2(i, l) / delta^2 of every pair, from the first n0 values; all systems are there.
    fn first_variances(&self) -> Vec<f64> {
        let KnRules { systems, first, indifference, .. } = self.rules;
        let scale = self.rules.h_squared() / (indifference * indifference);
        let mut horizons = vec![0.0; systems * systems];
        for i in 0..systems {
            for l in i + 1..systems {
                let differences = || self.early.iter().map(|values| values[i] - values[l]);
                let mean = differences().sum::<f64>() / f64::from(first);
                let squares: f64 = differences().map(|value| (value - mean) * (value - mean)).sum();
                let horizon = scale * squares / f64::from(first - 1);
                (horizons[i * systems + l], horizons[l * systems + i]) = (horizon, horizon);
            }
        }
        horizons
    }

    fn horizon(&self, i: usize, l: usize) -> f64 {
        self.horizons[i * self.rules.systems + l]
    }

    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let others = |place: usize| self.survivors[place + 1..].iter();
        self.survivors.iter().enumerate().flat_map(move |(place, &i)| others(place).map(move |&l| (i, l)))
    }

    /// Drops every survivor that falls behind another by more than the boundary allows.
    fn screen(&mut self) {
        let r = f64::from(self.count);
        let slack = |i, l| (self.rules.indifference / (2.0 * r) * (self.horizon(i, l) - r)).max(0.0);
        let mean = |system: usize| self.sums[system] / r;
        let stays = |&i: &usize| self.survivors.iter().all(|&l| l == i || mean(i) >= mean(l) - slack(i, l));
        let (stay, go): (Vec<usize>, Vec<usize>) = self.survivors.iter().partition(|i| stays(i));
        self.survivors = stay;
        self.dropped.extend(go.into_iter().map(|system| Dropped { system, at: self.count }));
    }

    /// The answer, where there is one: the last survivor, or the best when no pair has any slack left.
    fn verdict(&self) -> KnStep {
        let decided = self.pairs().all(|(i, l)| f64::from(self.count) > self.horizon(i, l));
        if !decided {
            return KnStep::GoOn;
        }
        let sums: Vec<f64> = self.survivors.iter().map(|&system| self.sums[system]).collect();
        KnStep::Chosen(self.survivors[best_of(&sums).expect("the best mean is never dropped")])
    }
}
