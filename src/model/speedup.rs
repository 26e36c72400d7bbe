//! How much faster a job runs on more accelerators.
//!
//! S(n) is the speed on n accelerators in multiples of the speed on one, so the run time known on r of them becomes
//! run · S(r) / S(n). Amdahl (1967): S = 1 / (f + (1 − f) / n), f the serial part. Downey ("A model for speedup of
//! parallel programs", 1997): A is the average parallelism and σ how much it varies, as written in `at`. Power law:
//! S = n^(1 − γ), so that the efficiency falls by n^−γ; γ comes from the efficiency e measured at two sizes,
//! γ = ln(e₁ / e₂) / ln(n₂ / n₁).
//!
//! Every form grows with n and is concave in n, which the malleable policy relies on. Parameters are checked before
//! they come here; only a size of 0 is refused, by assertion. Everything is O(1).

use crate::units::Span;

/// A speed-up curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speedup {
    /// Twice the accelerators, half the time.
    Linear,
    /// A part of the work runs on one accelerator only.
    Amdahl {
        /// That part of the run time on one accelerator, in [0, 1].
        serial: f64,
    },
    /// Parallelism that varies over the run.
    Downey {
        /// The average parallelism A, at least 1: the speed-up never exceeds it.
        parallelism: f64,
        /// The coefficient of variance σ of parallelism, at least 0. 0 is linear up to A.
        sigma: f64,
    },
    /// Efficiency that falls by the same factor at each doubling.
    PowerLaw {
        /// The exponent γ by which efficiency falls, in [0, 1].
        gamma: f64,
    },
}

impl Speedup {
    /// Speed on `accelerators` in multiples of the speed on one; 1 on one accelerator, and never less.
    pub fn speedup(&self, accelerators: u32) -> f64 {
        assert!(accelerators > 0, "a job runs on at least one accelerator");
        self.at(f64::from(accelerators))
    }

    /// The run time on `at` accelerators of a job that runs for `run_at_reference` on `reference` of them, rounded up
    /// to the next nanosecond; the very same where both are equally fast.
    pub fn run(&self, run_at_reference: Span, reference: u32, at: u32) -> Span {
        let (known, asked) = (self.speedup(reference), self.speedup(at));
        if known.total_cmp(&asked).is_eq() {
            return run_at_reference;
        }
        // The product first: with whole speeds it is exact, so that ceil adds nothing where the division comes out even.
        Span((run_at_reference.0 as f64 * known / asked).ceil() as u64)
    }

    /// The letters are those of the sources; n is at least 1.
    fn at(self, n: f64) -> f64 {
        match self {
            Self::Linear => n,
            Self::Amdahl { serial } => n / (1.0 + serial * (n - 1.0)),
            Self::Downey { parallelism: a, sigma } if sigma <= 1.0 => {
                if n >= 2.0 * a - 1.0 {
                    a
                } else if n <= a {
                    a * n / (a + sigma * (n - 1.0) / 2.0)
                } else {
                    a * n / (sigma * (a - 0.5) + n * (1.0 - sigma / 2.0))
                }
            }
            Self::Downey { parallelism: a, sigma } => {
                if n >= a + a * sigma - sigma {
                    a
                } else {
                    // σ (n + A − 1) + A, ordered so that S(1) is exactly 1.
                    let at_one = a * (sigma + 1.0);
                    n * at_one / (at_one + sigma * (n - 1.0))
                }
            }
            Self::PowerLaw { gamma } => libm::pow(n, 1.0 - gamma),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Ten roundings of half a step each at most, on either side of a comparison.
    const ROUNDING: f64 = 10.0 * f64::EPSILON;

    fn downey(parallelism: f64, sigma: f64) -> Speedup {
        Speedup::Downey { parallelism, sigma }
    }

    #[track_caller]
    fn check(found: f64, expected: f64, tolerance: f64) {
        assert!((found / expected - 1.0).abs() <= tolerance, "{found} is not {expected}");
    }

    fn any_speedup() -> impl Strategy<Value = Speedup> {
        prop_oneof![
            Just(Speedup::Linear),
            (0.0..=1.0).prop_map(|serial| Speedup::Amdahl { serial }),
            (1.0..3_000.0, 0.0..3.0).prop_map(|(parallelism, sigma)| downey(parallelism, sigma)),
            (0.0..=1.0).prop_map(|gamma| Speedup::PowerLaw { gamma }),
        ]
    }

    #[test]
    fn amdahl_stays_below_one_over_its_serial_part() {
        let amdahl = Speedup::Amdahl { serial: 0.05 };
        check(amdahl.speedup(20), 20.0 / 1.95, ROUNDING);
        check(amdahl.speedup(u32::MAX), 20.0, 20.0 / f64::from(u32::MAX));
        check(Speedup::Amdahl { serial: 0.0 }.speedup(1_024), 1_024.0, 0.0);
        check(Speedup::Amdahl { serial: 1.0 }.speedup(1_024), 1.0, 0.0);
    }

    #[test]
    fn downey_at_hand_made_points() {
        check(downey(64.0, 0.5).speedup(33), 64.0 * 33.0 / 72.0, ROUNDING);
        check(downey(64.0, 0.5).speedup(100), 64.0 * 100.0 / 106.75, ROUNDING);
        check(downey(64.0, 2.0).speedup(65), 65.0 * 64.0 * 3.0 / 320.0, ROUNDING);
        for n in 1..=64 {
            check(downey(64.0, 0.0).speedup(n), f64::from(n), 0.0);
        }
    }

    #[test]
    fn downey_never_exceeds_its_parallelism_and_reaches_it_where_it_should() {
        for (sigma, full) in [(0.0, 127), (0.5, 127), (1.0, 127), (2.0, 190)] {
            let curve = downey(64.0, sigma);
            check(curve.speedup(full), 64.0, 0.0);
            check(curve.speedup(u32::MAX), 64.0, 0.0);
            assert_eq!(curve.speedup(full - 1) < 64.0, sigma > 0.0, "sigma {sigma}");
        }
    }

    /// Efficiency in percent at two sizes: MegaScale and Megatron-LM (table of the MegaScale paper), Llama 3.
    #[test]
    fn measured_exponents_give_back_the_measured_throughput() {
        for (gamma, from, to, before, after) in [
            (0.0732, 256, 1_024, 65.3, 59.0),
            (0.1229, 256, 1_024, 53.0, 44.7),
            (0.0687, 8_192, 16_384, 43.0, 41.0),
        ] {
            let curve = Speedup::PowerLaw { gamma };
            let growth = f64::from(to) / f64::from(from);
            // The exponents are rounded to four places: half of the last, times ln(growth), to first order.
            let tolerance = 1.01 * 0.000_05 * libm::log(growth);
            check(curve.speedup(to) / curve.speedup(from), growth * after / before, tolerance);
        }
    }

    #[test]
    fn run_times_follow_the_speed() {
        let seconds = Span::from_seconds;
        assert_eq!(Speedup::Linear.run(seconds(100), 4, 8), seconds(50));
        assert_eq!(Speedup::Linear.run(Span(70), 1, 10), Span(7));
        assert_eq!(Speedup::Linear.run(Span(71), 1, 10), Span(8));
        assert_eq!(Speedup::Amdahl { serial: 0.5 }.run(seconds(60), 1, 3), seconds(40));
        let longer_than_a_float_holds = Span((1 << 60) + 1);
        assert_eq!(downey(8.0, 1.0).run(longer_than_a_float_holds, 15, 100), longer_than_a_float_holds);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn one_is_one_and_more_is_never_slower_nor_more_than_linear(
            curve in any_speedup(), n in 1_u32..5_000, more in 1_u32..5_000,
        ) {
            prop_assert!(curve.speedup(1).total_cmp(&1.0).is_eq());
            let (less, greater) = (curve.speedup(n), curve.speedup(n + more));
            prop_assert!(greater >= less * (1.0 - ROUNDING), "{less} then {greater}");
            let linear = f64::from(n + more) / f64::from(n);
            prop_assert!(greater <= less * linear * (1.0 + ROUNDING), "{less} then {greater}");
        }

        #[test]
        fn the_reference_size_keeps_its_run(curve in any_speedup(), run in any::<u64>(), n in 1_u32..5_000) {
            prop_assert_eq!(curve.run(Span(run), n, n), Span(run));
        }

        /// A step of 1e-9 over a joint changes S by at most its slope there, which is at most 1.
        #[test]
        fn downey_has_no_jumps(a in 1.1..3_000.0, sigma in 0.0..3.0) {
            let joints = if sigma <= 1.0 { [a, 2.0 * a - 1.0] } else { [a, a + a * sigma - sigma] };
            for joint in joints {
                let step = downey(a, sigma).at(joint + 5e-10) - downey(a, sigma).at(joint - 5e-10);
                prop_assert!(step.abs() <= 1e-9 + 2.0 * ROUNDING * a, "{step} at {joint}");
            }
        }

        #[test]
        fn downeys_two_forms_agree_at_sigma_one(a in 1.0..3_000.0, n in 1.0..9_000.0) {
            let above_one = 1.0 + f64::EPSILON;
            check(downey(a, 1.0).at(n), downey(a, above_one).at(n), ROUNDING);
        }
    }
}
