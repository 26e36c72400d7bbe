//! How demand grows: the rate of arrivals over that at time zero, its integral and the inverse of the integral.
//!
//! t is in seconds since time zero and every curve is 1 at 0. Exponential: e^(g t). Logistic adoption (Verhulst 1838):
//! K / (1 + e^(−r (t − t₀))) with t₀ = ln(K − 1) / r. Bass (1969), the share of adopters of a market that is K times the
//! demand at time zero: K F(s₀ + t) with F(s) = (1 − e^(−(p+q) s)) / (1 + (q/p) e^(−(p+q) s)) and F(s₀) = 1 / K.
//!
//! The integrals of all three have a closed form, and so have the inverses of the first two; the third is solved by
//! Newton's method to the last bit, which converges from above since its integral is convex. Everything is O(1).

/// A curve of growth. Parameters are checked before they come here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Growth {
    /// The same growth at all times.
    Exponential {
        /// Per second, continuously compounded; may be negative.
        per_s: f64,
    },
    /// Growth that slows down as a ceiling comes near.
    Logistic {
        /// The ceiling K over the rate at time zero, above 1.
        ceiling: f64,
        /// The steepness r per second, above 0.
        per_s: f64,
    },
    /// Adoption by people who find out by themselves and people who follow others.
    Bass {
        /// The ceiling K over the rate at time zero, above 1.
        ceiling: f64,
        /// The coefficient of innovation p per second, above 0.
        innovation_per_s: f64,
        /// The coefficient of imitation q per second, at least 0.
        imitation_per_s: f64,
    },
}

impl Growth {
    /// No growth.
    pub const NONE: Self = Self::Exponential { per_s: 0.0 };

    /// The rate at `t` over that at time zero.
    pub fn at(&self, t: f64) -> f64 {
        match *self {
            Self::Exponential { per_s } => libm::exp(per_s * t),
            Self::Logistic { ceiling, per_s } => ceiling / (1.0 + (ceiling - 1.0) * libm::exp(-per_s * t)),
            Self::Bass { ceiling, innovation_per_s, imitation_per_s } => {
                Bass::new(ceiling, innovation_per_s, imitation_per_s).at(t)
            }
        }
    }

    /// The integral from `from` to `to`, in seconds.
    pub fn integral(&self, from: f64, to: f64) -> f64 {
        let length = to - from;
        match *self {
            Self::Exponential { per_s } if is_flat(per_s) => length,
            Self::Exponential { per_s } => libm::exp(per_s * from) * (libm::expm1(per_s * length) / per_s),
            Self::Logistic { ceiling, per_s } => {
                // K / r times the growth of ln(1 + e^u), where e^(-u) is what is left to grow over what is there.
                let left = (ceiling - 1.0) * libm::exp(-per_s * from);
                let grown = if per_s * length > LATE {
                    per_s * length - libm::log1p(left)
                } else {
                    libm::log1p(libm::expm1(per_s * length) / (1.0 + left))
                };
                ceiling / per_s * grown
            }
            Self::Bass { ceiling, innovation_per_s, imitation_per_s } => {
                Bass::new(ceiling, innovation_per_s, imitation_per_s).integral(from, length)
            }
        }
    }

    /// The seconds after `from` in which the integral of `rate` times the curve grows by `mass`; `None` if it never
    /// does. `rate` and `mass` are above zero.
    pub fn advance(&self, from: f64, mass: f64, rate: f64) -> Option<f64> {
        match *self {
            Self::Exponential { per_s } if is_flat(per_s) => Some(mass / rate),
            Self::Exponential { per_s } => {
                let argument = per_s * mass * libm::exp(-per_s * from) / rate;
                (argument > -1.0).then(|| libm::log1p(argument) / per_s)
            }
            Self::Logistic { ceiling, per_s } => {
                let left = (ceiling - 1.0) * libm::exp(-per_s * from);
                let steps = mass * per_s / (rate * ceiling);
                let exponent = if steps > LATE {
                    steps + libm::log1p(left)
                } else {
                    libm::log1p(libm::expm1(steps) * (1.0 + left))
                };
                Some(exponent / per_s)
            }
            Self::Bass { ceiling, innovation_per_s, imitation_per_s } => {
                Some(Bass::new(ceiling, innovation_per_s, imitation_per_s).advance(from, mass / rate))
            }
        }
    }
}

/// An exponent beyond which 1 is long past the last bit of the power of e, which is yet far from an overflow.
const LATE: f64 = 500.0;

/// Below this growth per second a century changes the rate by less than the last bit of most numbers here.
fn is_flat(per_s: f64) -> bool {
    per_s.abs() < 1e-18
}

/// A Bass curve in the letters of the head of this file, with a = q / p and b = p + q.
struct Bass {
    ceiling: f64,
    a: f64,
    b: f64,
    /// e^(−b s₀), the share that has not adopted at time zero, as the curve has it.
    start: f64,
}

impl Bass {
    fn new(ceiling: f64, innovation: f64, imitation: f64) -> Self {
        let a = imitation / innovation;
        Self { ceiling, a, b: innovation + imitation, start: (ceiling - 1.0) / (ceiling + a) }
    }

    fn at(&self, t: f64) -> f64 {
        let x = self.start * libm::exp(-self.b * t);
        self.ceiling * (1.0 - x) / (1.0 + self.a * x)
    }

    /// K (t + (1 + a) / (a b) ln(1 + a x)) between two instants, x = e^(−b (s₀ + t)).
    fn integral(&self, from: f64, length: f64) -> f64 {
        let x = self.start * libm::exp(-self.b * from);
        let fallen = x * libm::expm1(-self.b * length);
        let logarithm =
            if self.a > 0.0 { libm::log1p(self.a * fallen / (1.0 + self.a * x)) / self.a } else { fallen };
        self.ceiling * (length + (1.0 + self.a) / self.b * logarithm)
    }

    /// The rate never falls, so that the time it would take at the present rate is too long, and each step from there
    /// along the tangent of a convex function stays too long, until rounding ends it.
    fn advance(&self, from: f64, mass: f64) -> f64 {
        let mut length = mass / self.at(from);
        for _ in 0..200 {
            let shorter = length - (self.integral(from, length) - mass) / self.at(from + length);
            if shorter > 0.0 && shorter < length {
                length = shorter;
            } else {
                break;
            }
        }
        length
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const YEAR_S: f64 = 365.2425 * 86_400.0;

    fn any_growth() -> impl Strategy<Value = Growth> {
        let per_s = |per_year: f64| per_year / YEAR_S;
        prop_oneof![
            Just(Growth::NONE),
            (-1.0..3.0).prop_map(move |growth| Growth::Exponential { per_s: per_s(growth) }),
            (1.01..1_000.0, 0.05..6.0)
                .prop_map(move |(ceiling, rate)| Growth::Logistic { ceiling, per_s: per_s(rate) }),
            (1.01..1_000.0, 0.001..0.5, 0.0..3.0).prop_map(move |(ceiling, p, q)| Growth::Bass {
                ceiling,
                innovation_per_s: per_s(p),
                imitation_per_s: per_s(q),
            }),
        ]
    }

    /// Simpson's rule in 2,000 steps: its error is of order (length / 2,000)^4, far below the tolerance here.
    fn by_steps(growth: Growth, from: f64, to: f64) -> f64 {
        let step = (to - from) / 2_000.0;
        let weight = |k: u32| if k == 0 || k == 2_000 { 1.0 } else { 2.0 + 2.0 * f64::from(k % 2) };
        (0..=2_000).map(|k| weight(k) * growth.at(from + step * f64::from(k))).sum::<f64>() * step / 3.0
    }

    /// Ten years of adoption by hand: half of the ceiling at t₀, and the published shape of Bass at two years.
    #[test]
    fn curves_at_hand_made_points() {
        let logistic = Growth::Logistic { ceiling: 9.0, per_s: 1.5 / YEAR_S };
        let half = libm::log(8.0) / 1.5 * YEAR_S;
        assert!((logistic.at(half) - 4.5).abs() < 1e-12);
        let bass = Growth::Bass { ceiling: 50.0, innovation_per_s: 0.03, imitation_per_s: 0.38 };
        // F(s) = 1/50 at s₀; the definition at s₀ + 2.
        let adopted = |s: f64| (1.0 - libm::exp(-0.41 * s)) / (1.0 + 0.38 / 0.03 * libm::exp(-0.41 * s));
        let start = -libm::log((50.0 - 1.0) / (50.0 + 0.38 / 0.03)) / 0.41;
        assert!((adopted(start) - 0.02).abs() < 1e-12);
        assert!((bass.at(2.0) - 50.0 * adopted(start + 2.0)).abs() < 1e-12);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_curve_is_one_at_the_start(growth in any_growth()) {
            prop_assert!((growth.at(0.0) - 1.0).abs() < 1e-12);
        }

        #[test]
        fn integrals_are_those_of_the_curve(growth in any_growth(), from in 0.0..10.0, years in 0.001..5.0) {
            let (from, to) = (from * YEAR_S, (from + years) * YEAR_S);
            let (closed, steps) = (growth.integral(from, to), by_steps(growth, from, to));
            prop_assert!((closed / steps - 1.0).abs() < 1e-8, "{closed} for {steps}");
        }

        #[test]
        fn advancing_inverts_the_integral(growth in any_growth(), from in 0.0..10.0, rate in 1e-7..10.0, mass in 1e-9..40.0) {
            let from = from * YEAR_S;
            let Some(length) = growth.advance(from, mass, rate) else {
                let all = rate * growth.integral(from, from + 1e4 * YEAR_S);
                prop_assert!(all <= mass * (1.0 + 1e-9), "{all} for {mass}");
                return Ok(());
            };
            // A length that is lost beside `from` can't be seen in a difference of instants.
            prop_assume!(length > 1.0 && length < 1e3 * YEAR_S);
            let found = rate * growth.integral(from, from + length);
            prop_assert!((found / mass - 1.0).abs() < 1e-7, "{found} for {mass}");
        }
    }
}
