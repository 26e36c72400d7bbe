//! The saturated multiserver-job system, in which jobs always wait (see [`super::multiserver_job`]). Its throughput is
//! the largest arrival rate that the system can bear.
//!
//! Every set of jobs that fits, with every head that does not, is a phase, and each phase can follow on each: it
//! suffices that its jobs come next in line and outlast all others.

use super::chain::{Transition, stationary};
use super::multiserver_job::{MultiserverClass, MultiserverJobs, Phase};
use std::collections::BTreeMap;

/// What the system does when jobs always wait.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Saturation {
    /// Completed jobs per second.
    pub throughput_per_s: f64,
    /// Mean share of the servers that are held.
    pub utilisation: f64,
}

/// Throughput and utilisation of the saturated system, exact to rounding.
///
/// The time grows with the cube of the number of phases, of which two or three classes on a few dozen servers have at
/// most a few hundred.
pub fn multiserver_saturation(system: &MultiserverJobs) -> Saturation {
    system.assert_valid();
    let phases: Vec<Phase> = system.blocked_phases();
    let place: BTreeMap<&Phase, usize> = phases.iter().zip(0..).collect();
    let mut transitions = Vec::new();
    for (from, phase) in phases.iter().enumerate() {
        let next = system.completions(phase, system.never_all());
        transitions.extend(next.into_iter().map(|(next, rate)| Transition { from, to: place[&next], rate }));
    }
    let probabilities = stationary(phases.len(), &transitions);
    let mean = |weight: fn(&MultiserverClass) -> f64| -> f64 {
        let phases = phases.iter().zip(&probabilities);
        phases.map(|((jobs, _), probability)| probability * sum(system, jobs, weight)).sum()
    };
    Saturation {
        throughput_per_s: mean(|class| class.service_per_s),
        utilisation: mean(|class| f64::from(class.need)) / f64::from(system.servers),
    }
}

/// Sum of `weight` over the jobs in service.
fn sum(system: &MultiserverJobs, jobs: &[u32], weight: impl Fn(&MultiserverClass) -> f64) -> f64 {
    jobs.iter().zip(&system.classes).map(|(&count, class)| f64::from(count) * weight(class)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saturation(servers: u32, needs: &[u32], shares: &[f64], rates: &[f64]) -> Saturation {
        let classes = needs.iter().zip(shares).zip(rates);
        let class = |((&need, &share), &service_per_s)| MultiserverClass { need, share, service_per_s };
        multiserver_saturation(&MultiserverJobs { servers, classes: classes.map(class).collect() })
    }

    #[track_caller]
    fn check(found: Saturation, throughput: f64, utilisation: f64, tolerance: f64) {
        let wrong = (found.throughput_per_s - throughput).abs().max((found.utilisation - utilisation).abs());
        assert!(wrong <= tolerance, "{found:?} is not {throughput}, {utilisation}");
    }

    /// Computed independently, to six decimals.
    #[test]
    fn known_digits() {
        let half = 5e-7;
        let third = 1.0 / 3.0;
        let (two, one_third) = ([0.5, 0.5], [2.0 * third, third]);
        check(saturation(2, &[1, 2], &two, &[1.0, 1.0]), 1.142_857, 0.857_143, half);
        check(saturation(2, &[1, 2], &one_third, &[1.0, 0.5]), 0.9, 0.9, half);
        check(saturation(4, &[1, 4], &[0.9, 0.1], &[1.0, 1.0]), 2.387_632, 0.775_980, half);
        check(saturation(10, &[1, 10], &[0.9, 0.1], &[1.0, 1.0]), 2.913_279, 0.553_523, half);
        check(saturation(32, &[1, 32], &[0.95, 0.05], &[1.0, 0.25]), 2.843_948, 0.653_219, half);
        check(saturation(30, &[3, 10], &two, &[1.0, 1.0]), 4.068_348, 0.881_475, half);
        let three = saturation(16, &[1, 4, 16], &[0.7, 0.25, 0.05], &[1.0, 0.5, 0.25]);
        check(three, 2.090_391, 0.770_832, half);
    }

    /// The throughputs of the first two are 8/7 and 9/10.
    #[test]
    fn fractions() {
        let third = 1.0 / 3.0;
        check(saturation(2, &[1, 2], &[0.5, 0.5], &[1.0, 1.0]), 8.0 / 7.0, 6.0 / 7.0, 1e-14);
        check(saturation(2, &[1, 2], &[2.0 * third, third], &[1.0, 0.5]), 0.9, 0.9, 1e-14);
    }

    /// Jobs of one need fill the servers as far as they go.
    #[test]
    fn one_need_is_a_queue_of_that_many_servers() {
        check(saturation(1, &[1], &[1.0], &[0.5]), 0.5, 1.0, 1e-14);
        check(saturation(10, &[1], &[1.0], &[0.5]), 5.0, 1.0, 1e-13);
        check(saturation(10, &[3], &[1.0], &[1.0]), 3.0, 0.9, 1e-13);
        check(saturation(7, &[7], &[1.0], &[2.0]), 2.0, 1.0, 1e-13);
        // Classes that differ in name only.
        check(saturation(4, &[2, 2], &[0.3, 0.7], &[1.0, 1.0]), 2.0, 1.0, 1e-13);
    }

    /// The servers held are the work that comes in: each completed job brings need / rate.
    #[test]
    fn utilisation_is_throughput_times_work() {
        let found = saturation(12, &[2, 3, 7], &[0.5, 0.3, 0.2], &[3.0, 1.0, 0.2]);
        let work = 0.5 * 2.0 / 3.0 + 0.3 * 3.0 + 0.2 * 7.0 / 0.2;
        assert!((found.utilisation - found.throughput_per_s * work / 12.0).abs() < 1e-13, "{found:?}");
    }

    #[test]
    fn other_parameters_have_other_values() {
        let other = [
            saturation(4, &[1, 4], &[0.91, 0.09], &[1.0, 1.0]),
            saturation(4, &[1, 3], &[0.9, 0.1], &[1.0, 1.0]),
            saturation(4, &[1, 4], &[0.9, 0.1], &[1.0, 1.02]),
            saturation(5, &[1, 4], &[0.9, 0.1], &[1.0, 1.0]),
        ];
        for found in other {
            assert!((found.throughput_per_s - 2.387_632).abs() > 5e-3, "{found:?}");
        }
    }

    #[test]
    #[should_panic(expected = "each job fits")]
    fn a_job_wider_than_the_system_is_refused() {
        saturation(2, &[1, 3], &[0.5, 0.5], &[1.0, 1.0]);
    }
}
