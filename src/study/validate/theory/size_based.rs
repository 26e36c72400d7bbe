//! M/M/1 whose server knows the sizes: unit mean service, load `rho`, so arrivals at rate `rho`.
//!
//! Waits by size without preemption: Phipps (1956), "Machine repair as a priority waiting-line problem", Operations
//! Research 4, the limit of Cobham's formula for a class of each size. Time under shortest remaining processing time
//! first: Schrage and Miller (1966), "The queue M/G/1 with the shortest remaining processing time discipline",
//! Operations Research 14.
//!
//! The integrals over sizes have a relative error below 1e-10 at loads up to 0.9999 (see [`integral`]); nearer to 1,
//! rounding adds to it.

/// Two refinements that agree to this end the integration; the error left is far smaller, as it falls geometrically.
const TOLERANCE: f64 = 1e-10;

/// The steps of the finest refinement; none of the integrands here comes near it.
const STEPS_MOST: u32 = 1 << 20;

/// Mean wait when the shortest waiting job is served next and nobody is interrupted.
pub fn shortest_first_wait(rho: f64) -> f64 {
    mean_over_sizes(|size| wait_behind(rho, smaller_load(rho, size)))
}

/// Mean wait when the longest waiting job is served next and nobody is interrupted.
pub fn longest_first_wait(rho: f64) -> f64 {
    mean_over_sizes(|size| wait_behind(rho, rho - smaller_load(rho, size)))
}

/// Mean time in system when the job with the least service left is served, interrupting any other.
///
/// A job of size x first waits (m2(x) + x^2 P(S > x)) rho / 2 / (1 - rho(x))^2, with m2(x) the second moment of sizes
/// up to x, then stays for the integral of dt / (1 - rho(t)) from 0 to x. The mean of that integral over all sizes is
/// the mean of 1 / (1 - rho(t)) with weight P(S > t), which for the exponential is its density.
pub fn shortest_remaining_first_time(rho: f64) -> f64 {
    mean_over_sizes(|size| {
        let idle = 1.0 - smaller_load(rho, size);
        let longer = libm::exp(-size);
        let second_moment = 2.0 - longer * (size * size + 2.0 * size + 2.0);
        let wait = rho * (second_moment + size * size * longer) / 2.0 / (idle * idle);
        wait + 1.0 / idle
    })
}

/// The load of jobs no larger than `size`, rho (1 - (1 + x) exp(-x)).
fn smaller_load(rho: f64, size: f64) -> f64 {
    assert!(rho < 1.0, "the load is below 1");
    rho * (1.0 - (1.0 + size) * libm::exp(-size))
}

/// Mean wait of a job that jobs of load `ahead` overtake: it finds rho E[S^2] / 2 = rho of work in service.
fn wait_behind(rho: f64, ahead: f64) -> f64 {
    rho / ((1.0 - ahead) * (1.0 - ahead))
}

/// Mean of `value` over exponential sizes of unit mean.
fn mean_over_sizes(value: impl Fn(f64) -> f64) -> f64 {
    integral(|size| libm::exp(-size) * value(size))
}

/// Integral from 0 to infinity of a function that falls as exp(-x), by the trapezoidal rule in t for
/// x = exp(t - exp(-t)) (Takahasi and Mori 1974). Steps are halved until the value moves by less than [`TOLERANCE`] of
/// itself. What is cut off lies below x = 1e-25 and beyond x = 147.
fn integral(function: impl Fn(f64) -> f64) -> f64 {
    let (first, length) = (-4.0, 9.0);
    let weighted = |t: f64| {
        let decay = libm::exp(-t);
        let x = libm::exp(t - decay);
        function(x) * x * (1.0 + decay)
    };
    // The points that halving the steps to this many adds; the ends are zero to rounding.
    let added = |steps: u32| -> f64 {
        (1..steps).step_by(2).map(|i| weighted(first + length * f64::from(i) / f64::from(steps))).sum()
    };
    let mut steps = 32;
    let mut sum: f64 = [2, 4, 8, 16, 32].map(added).iter().sum();
    loop {
        let coarse = sum * length / f64::from(steps);
        steps *= 2;
        assert!(steps <= STEPS_MOST, "the integral settles");
        sum += added(steps);
        let fine = sum * length / f64::from(steps);
        if (fine - coarse).abs() <= TOLERANCE * fine.abs() {
            return fine;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::mg1_wait;
    use super::*;

    #[track_caller]
    fn check(computed: f64, known: f64, tolerance: f64) {
        assert!((computed - known).abs() <= tolerance, "{computed} is not {known}");
    }

    /// Computed independently, to six decimals.
    #[test]
    fn known_digits() {
        check(shortest_first_wait(0.8), 1.882_219, 5e-7);
        check(longest_first_wait(0.8), 9.153_764, 5e-7);
        check(shortest_remaining_first_time(0.8), 2.352_773, 5e-7);
    }

    /// Integrals with a closed form: moments of the exponential, and a pole near the origin, as at high load.
    #[test]
    fn integrals_have_the_stated_error() {
        for (power, factorial) in [(0, 1.0), (1, 1.0), (5, 120.0), (10, 3_628_800.0)] {
            check(mean_over_sizes(|x| x.powi(power)), factorial, TOLERANCE * factorial);
        }
        let peak = integral(|x| libm::exp(-x) * (1.0 / (x + 1e-3) + 1.0 / (x + 1e-3).powi(2)));
        check(peak, 1e3, TOLERANCE * 1e3);
    }

    /// Weighted with the work they bring, waits do not depend on the order (Kleinrock's conservation law).
    #[test]
    fn work_is_conserved() {
        for rho in [0.1, 0.8, 0.99, 0.9999] {
            let known = mg1_wait(rho, 1.0);
            let short = mean_over_sizes(|x| x * wait_behind(rho, smaller_load(rho, x)));
            let long = mean_over_sizes(|x| x * wait_behind(rho, rho - smaller_load(rho, x)));
            check(short, known, TOLERANCE * known);
            check(long, known, TOLERANCE * known);
        }
    }

    /// The stay of Schrage and Miller integrated as they write it, the inner integral by Simpson's rule on 400 steps,
    /// whose mean error is 120 f'''' / (180 * 400^4), far below 1e-8. For exponential sizes the time is also the wait
    /// under shortest first over the load, as rho(x) (1 - rho(x))^-2 + (1 - rho(x))^-1 is (1 - rho(x))^-2.
    #[test]
    fn shortest_remaining_first_in_two_other_ways() {
        let rho = 0.8;
        let stay = mean_over_sizes(|size| {
            let rate = |part: f64| 1.0 / (1.0 - smaller_load(rho, size * part));
            let panels = (0..200).map(|i| f64::from(i) / 200.0);
            let simpson = panels.map(|at| rate(at) + 4.0 * rate(at + 0.0025) + rate(at + 0.005)).sum::<f64>();
            simpson * size / 1_200.0
        });
        let wait = mean_over_sizes(|size| {
            let load = smaller_load(rho, size);
            load / ((1.0 - load) * (1.0 - load))
        });
        check(shortest_remaining_first_time(rho), wait + stay, 1e-8);
        check(shortest_remaining_first_time(rho), shortest_first_wait(rho) / rho, 1e-9);
    }

    /// At light load all orders are alike: a wait of rho, and a job alone stays for its service. The terms left out
    /// are of order rho.
    #[test]
    fn light_load() {
        let rho = 1e-6;
        check(shortest_first_wait(rho) / rho, 1.0, 1e-5);
        check(longest_first_wait(rho) / rho, 1.0, 1e-5);
        check(shortest_remaining_first_time(rho), 1.0, 1e-5);
    }

    #[test]
    fn another_load_has_other_values() {
        assert!((shortest_first_wait(0.801) - 1.882_219).abs() > 1e-3);
        assert!((longest_first_wait(0.801) - 9.153_764).abs() > 1e-3);
        assert!((shortest_remaining_first_time(0.801) - 2.352_773).abs() > 1e-3);
    }

    #[test]
    #[should_panic(expected = "the load is below 1")]
    fn overload_has_no_mean() {
        longest_first_wait(1.0);
    }
}
