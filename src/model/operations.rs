//! How much a job has to do: a time or work drawn as such, or the floating-point operations of training a model.
//!
//! Training a dense model of N parameters on D tokens takes 6 N D operations (Kaplan et al. 2020), a forward pass 2 N D.
//! n accelerators of peak P do P u n (n / n₀)^(−γ) of them a second: u is the share of the peak that is sustained on n₀
//! accelerators (model FLOP utilisation), and γ the exponent by which efficiency falls as a run of one size is spread
//! over more of them (strong scaling; `speedup` has the same power law).

use crate::engine::Distribution;

/// How much a job has to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Amount {
    /// Seconds or accelerator-seconds, as the class's scaling says.
    Drawn(Distribution),
    /// Operations; they count as work.
    Operations(Box<Operations>),
}

/// The operations of a job and what it takes to do them on the reference accelerator.
#[derive(Debug, Clone, PartialEq)]
pub struct Operations {
    /// Operations for each parameter and token.
    pub each: f64,
    /// Parameters N.
    pub parameters: Distribution,
    /// Tokens D.
    pub tokens: Distribution,
    /// The share u of the peak, on the reference accelerator and `measured_on` of them; above 0, at most 1.
    pub utilisation: Distribution,
    /// The exponent γ, in [0, 1).
    pub gamma: f64,
    /// The size n₀ on which the utilisation was measured.
    pub measured_on: u32,
    /// The peak P of the reference accelerator, in operations per second.
    pub peak_per_s: f64,
    /// Seconds that the job holds its accelerators before its work begins, the same on every kind.
    pub startup_s: Distribution,
}

impl Operations {
    /// The run time in seconds on the reference accelerator and `accelerators` of them, for drawn parameters, tokens and
    /// utilisation; without the start.
    pub fn seconds(&self, accelerators: u32, [parameters, tokens, utilisation]: [f64; 3]) -> f64 {
        let operations = self.each * parameters * tokens;
        operations / (f64::from(accelerators) * self.peak_per_s * utilisation * self.efficiency(accelerators))
    }

    /// The mean of accelerators times seconds on so many of them; exact.
    pub fn mean_work_s(&self, accelerators: u32) -> f64 {
        let operations = self.each * self.parameters.mean() * self.tokens.mean();
        operations / self.peak_per_s * self.utilisation.inverse_mean() / self.efficiency(accelerators)
    }

    fn efficiency(&self, accelerators: u32) -> f64 {
        libm::pow(f64::from(accelerators) / f64::from(self.measured_on), -self.gamma)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model_of_7_billion(utilisation: f64, peak_per_s: f64) -> Operations {
        Operations {
            each: 6.0,
            parameters: Distribution::Constant(7e9),
            tokens: Distribution::Constant(2e12),
            utilisation: Distribution::Constant(utilisation),
            gamma: 0.0,
            measured_on: 1,
            peak_per_s,
            startup_s: Distribution::Constant(0.0),
        }
    }

    /// Case C04: 8.4e22 operations.
    #[test]
    fn published_run_times() {
        for (utilisation, peak, accelerators, seconds, hours) in
            [(0.40, 989.5e12, 1_024, 207_254.295, 58_952.333), (0.45, 312e12, 512, 1_168_536.32, 166_191.833)]
        {
            let model = model_of_7_billion(utilisation, peak);
            let found = model.seconds(accelerators, [7e9, 2e12, utilisation]);
            assert!((found / seconds - 1.0).abs() < 1e-8, "{found} for {seconds}");
            let found = model.mean_work_s(accelerators) / 3_600.0;
            assert!((found / hours - 1.0).abs() < 1e-8, "{found} for {hours}");
        }
    }

    /// Measured on JUPITER with a fixed batch: TFLOP/s per accelerator on 64 and on 2,048 of them, 545 and 418, which is
    /// an exponent of ln(545 / 418) / ln(32).
    #[test]
    fn efficiency_falls_as_measured() {
        let gamma = libm::log(545.0 / 418.0) / libm::log(32.0);
        let model = Operations { gamma, measured_on: 64, ..model_of_7_billion(0.4, 989e12) };
        let per_accelerator = |n: u32| 1.0 / (model.seconds(n, [7e9, 2e12, 0.4]) * f64::from(n));
        let ratio = per_accelerator(2_048) / per_accelerator(64);
        assert!((ratio - 418.0 / 545.0).abs() < 1e-12, "{ratio}");
    }
}
