//! Jobs shared out among equal exponential servers with a queue each, by how many are at them.

use super::chain::{Transition, stationary};

/// Mean time in system of two servers of rate 1 where each job joins the shorter queue, ties at random, with
/// `per_server` arrivals a second for each server (Haight 1958): by the chain of (longer, shorter) queue, cut off where
/// the longer one has `LONGEST` jobs. Beyond, its probability falls by the square of `per_server` a job (Kingman 1961).
pub fn shorter_queue_time(per_server: f64) -> f64 {
    const LONGEST: usize = 90;
    let state = |longer: usize, shorter: usize| longer * (longer + 1) / 2 + shorter;
    let states = state(LONGEST, LONGEST) + 1;
    let mut steps = Vec::new();
    for (longer, shorter) in
        (0..=LONGEST).flat_map(|longer| (0..=longer).map(move |shorter| (longer, shorter)))
    {
        let from = state(longer, shorter);
        let mut step = |to: usize, rate: f64| steps.push(Transition { from, to, rate });
        if longer > shorter {
            step(state(longer, shorter + 1), 2.0 * per_server);
            step(state(longer - 1, shorter), 1.0);
            if shorter > 0 {
                step(state(longer, shorter - 1), 1.0);
            }
        } else {
            if longer < LONGEST {
                step(state(longer + 1, shorter), 2.0 * per_server);
            }
            if longer > 0 {
                step(state(longer, shorter - 1), 2.0);
            }
        }
    }
    let probabilities = stationary(states, &steps);
    let present = (0..=LONGEST).flat_map(|longer| (0..=longer).map(move |shorter| longer + shorter));
    let jobs: f64 = present.zip(&probabilities).map(|(jobs, probability)| jobs as f64 * probability).sum();
    jobs / (2.0 * per_server)
}

/// Mean time in system of very many servers of rate 1 where each job joins the shortest of `choices` queues drawn at
/// random, with `per_server` arrivals a second for each server: the sum of per_server^((d^i - d) / (d - 1)) over i from 1
/// (Vvedenskaya, Dobrushin and Karpelevich 1996; Mitzenmacher 2001). Finite systems come near it as their size grows.
pub fn shortest_of_random_time(choices: u32, per_server: f64) -> f64 {
    let d = f64::from(choices);
    // The exponents 0, d, d + d^2, ...: each is d times the one before, plus d.
    let exponents = std::iter::successors(Some(0.0), |exponent| Some(d * exponent + d));
    exponents.map(|exponent| libm::pow(per_server, exponent)).take_while(|&term| term > 1e-18).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values computed in an independent program.
    #[test]
    fn known_digits() {
        for (rate, time) in [(0.5, 1.426_321), (0.8, 2.955_737)] {
            assert!((shorter_queue_time(rate) - time).abs() < 1e-6, "{}", shorter_queue_time(rate));
        }
        for (choices, rate, time) in [(2, 0.7, 1.614_454), (2, 0.9, 2.614_057), (3, 0.9, 2.027_856)] {
            assert!((shortest_of_random_time(choices, rate) - time).abs() < 1e-6);
        }
    }

    /// Light traffic: a job meets nobody but with the chance of a single one present, which it avoids.
    #[test]
    fn light_traffic() {
        assert!((shorter_queue_time(0.001) - 1.0).abs() < 1e-5);
        assert!((shortest_of_random_time(2, 0.001) - 1.0).abs() < 1e-5);
    }
}
