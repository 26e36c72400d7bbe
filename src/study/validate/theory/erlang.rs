//! Exact answers of queueing theory (Erlang 1917; Pollaczek-Khinchine; Gross, Shortle, Thompson and Harris,
//! "Fundamentals of Queueing Theory").

/// Blocking probability of M/M/c/c with offered load `a` (Erlang B), by the stable recursion.
pub fn erlang_b(servers: u32, a: f64) -> f64 {
    (1..=servers).fold(1.0, |blocked, k| a * blocked / (f64::from(k) + a * blocked))
}

/// Probability of waiting in M/M/c with offered load `a` < c (Erlang C).
pub fn erlang_c(servers: u32, a: f64) -> f64 {
    let (c, blocked) = (f64::from(servers), erlang_b(servers, a));
    c * blocked / (c - a * (1.0 - blocked))
}

/// Mean wait of M/M/c with unit mean service.
pub(in crate::study::validate) fn mmc_wait(servers: u32, a: f64) -> f64 {
    erlang_c(servers, a) / (f64::from(servers) - a)
}

/// Mean wait of M/G/1 with unit mean service, load `rho` and squared coefficient of variation `cv2`
/// (Pollaczek-Khinchine).
pub(in crate::study::validate) fn mg1_wait(rho: f64, cv2: f64) -> f64 {
    rho * (1.0 + cv2) / (2.0 * (1.0 - rho))
}

/// Blocking probability and mean wait of the accepted in M/M/c/K with unit mean service, by the birth-death chain.
pub fn mmck(servers: u32, places: u32, a: f64) -> (f64, f64) {
    let mut weights = vec![1.0];
    for state in 1..=places {
        let last = weights[weights.len() - 1];
        weights.push(last * a / f64::from(state.min(servers)));
    }
    let total: f64 = weights.iter().sum();
    let blocked = weights[places as usize] / total;
    let waiting: f64 = (servers..=places).map(|n| f64::from(n - servers) * weights[n as usize] / total).sum();
    (blocked, waiting / (a * (1.0 - blocked)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values computed with 40 digits by the recursion in an independent program.
    #[test]
    fn published_digits() {
        for (servers, a, b, c) in [
            (2, 1.6, 0.329_897, 0.711_111),
            (10, 8.0, 0.121_661, 0.409_180),
            (1_000, 990.0, 0.018_965_8, 0.659_080),
        ] {
            assert!((erlang_b(servers, a) - b).abs() < 1e-6 && (erlang_c(servers, a) - c).abs() < 1e-6);
        }
        let (blocked, wait) = mmck(4, 10, 3.6);
        assert!((blocked - 0.067_174_4).abs() < 1e-7 && (wait - 0.507_1).abs() < 1e-6);
    }
}
