//! Demand that changes with the hour, comes in bursts or in batches: what is known exactly.

use std::f64::consts::TAU;

/// Servers without end, to which λ (1 + a sin(ω t)) customers come per unit of time, ω = 2π / period, for an exponential
/// time of mean S (Eick, Massey and Whitt 1993).
#[derive(Debug, Clone, Copy)]
pub(crate) struct DailyWave {
    /// λ.
    pub(crate) rate: f64,
    /// a.
    pub(crate) amplitude: f64,
    /// The period.
    pub(crate) period: f64,
    /// S.
    pub(crate) service: f64,
}

impl DailyWave {
    /// The mean number in the system at `t`: λ S (1 + a (sin ωt − ωS cos ωt) / (1 + (ωS)²)).
    pub(crate) fn mean_number(&self, t: f64) -> f64 {
        let frequency = TAU / self.period;
        let lag = frequency * self.service;
        let (angle, shrunk) = (frequency * t, self.amplitude / (1.0 + lag * lag));
        self.rate * self.service * (1.0 + shrunk * (libm::sin(angle) - lag * libm::cos(angle)))
    }

    /// When that is greatest: a quarter of the period after the rate passes its mean, and the angle atan(ωS) later.
    pub(crate) fn peak(&self) -> f64 {
        let frequency = TAU / self.period;
        self.period / 4.0 + libm::atan(frequency * self.service) / frequency
    }
}

/// A stationary process of arrivals that bring about others after exponential times (Hawkes 1971).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hawkes {
    /// Origins per unit of time, μ.
    pub(crate) origins: f64,
    /// The mean number that one brings about by itself, n.
    pub(crate) branching: f64,
    /// One over the mean time to them, β.
    pub(crate) decay: f64,
}

impl Hawkes {
    /// Arrivals per unit of time: μ / (1 − n).
    pub(crate) fn rate(&self) -> f64 {
        self.origins / (1.0 - self.branching)
    }

    /// The variance of the number in an interval of length t: Λ (D t + (1 − D) (1 − e^(−κt)) / κ) with the rate Λ,
    /// D = 1 / (1 − n)² and κ = β (1 − n).
    pub(crate) fn variance(&self, t: f64) -> f64 {
        let dispersion = 1.0 / (1.0 - self.branching).powi(2);
        let slowed = self.decay * (1.0 - self.branching);
        self.rate() * (dispersion * t - (1.0 - dispersion) * libm::expm1(-slowed * t) / slowed)
    }
}

/// The mean time in system with one server and unit exponential service at load ρ, where batches of geometric size of
/// mean m come as a Poisson process: (E X² + E X) / (2 E X (1 − ρ)), E X² = m (2m − 1), which is m / (1 − ρ).
pub(crate) fn batch_time(mean_batch: f64, load: f64) -> f64 {
    let second = mean_batch * (2.0 * mean_batch - 1.0);
    (second + mean_batch) / (2.0 * mean_batch * (1.0 - load))
}

/// So many users, each of whom thinks for an exponential time of mean Z and then has a job served for an exponential time
/// of mean S by one of c servers: M/M/c//N.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClosedLoop {
    /// N.
    pub(crate) users: u32,
    /// c.
    pub(crate) servers: u32,
    /// Z.
    pub(crate) think: f64,
    /// S.
    pub(crate) service: f64,
}

impl ClosedLoop {
    /// Jobs per unit of time, from the chain of the jobs present: births at (N − n) / Z, deaths at min(n, c) / S.
    pub(crate) fn throughput(&self) -> f64 {
        let (mut weight, mut total, mut served) = (1.0, 0.0, 0.0);
        for present in 0..=self.users {
            let deaths = f64::from(present.min(self.servers)) / self.service;
            total += weight;
            served += weight * deaths;
            let births = f64::from(self.users - present) / self.think;
            weight *= births * self.service / f64::from((present + 1).min(self.servers));
        }
        served / total
    }

    /// The mean time of a job in the system: N / X − Z, as each user goes around once in N / X.
    pub(crate) fn time(&self) -> f64 {
        f64::from(self.users) / self.throughput() - self.think
    }
}
