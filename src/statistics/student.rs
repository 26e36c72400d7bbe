//! Student's t distribution through `libm`, so that intervals have the same bits on every platform.

/// The quantile `p` of Student's t with `freedom` degrees of freedom; 0 < p < 1, freedom at least 1.
///
/// Bisection on the distribution function to full precision: called a few times a table, never in a run.
pub fn student_t_quantile(p: f64, freedom: f64) -> f64 {
    if p < 0.5 {
        return -student_t_quantile(1.0 - p, freedom);
    }
    let (mut low, mut high) = (0.0, 1.0);
    while student_t_cdf(high, freedom) < p {
        high *= 2.0;
    }
    while high - low > 1e-14 * (1.0 + high) {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if student_t_cdf(middle, freedom) < p { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// The two-sided p value of Student's t: P(|T| >= |t|) = I(x; freedom/2, 1/2) with x = freedom / (freedom + t^2).
pub fn student_t_p_value(t: f64, freedom: f64) -> f64 {
    if t.is_infinite() {
        return 0.0;
    }
    regularised_beta(freedom / (freedom + t * t), freedom / 2.0, 0.5)
}

/// P(T <= t) for t >= 0: 1 - I(x; freedom/2, 1/2) / 2 with x = freedom / (freedom + t^2).
fn student_t_cdf(t: f64, freedom: f64) -> f64 {
    1.0 - regularised_beta(freedom / (freedom + t * t), freedom / 2.0, 0.5) / 2.0
}

/// The regularised incomplete beta function by Lentz's continued fraction (DLMF 8.17.22).
pub(super) fn regularised_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - regularised_beta(1.0 - x, b, a);
    }
    let log_front =
        libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log1p(-x);
    libm::exp(log_front) / a / beta_fraction(x, a, b)
}

/// The continued fraction 1 + d1/(1 + d2/(1 + ...)) of the incomplete beta function.
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let guard = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut f, mut c, mut d) = (1.0_f64, 1.0_f64, 0.0_f64);
    for step in 1..2_000_u32 {
        let m = f64::from(step / 2);
        let term = if step % 2 == 0 {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        d = 1.0 / guard(1.0 + term * d);
        c = guard(1.0 + term / c);
        f *= c * d;
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    f
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published table values of t at 97.5 % (NIST/SEMATECH handbook, three decimals) and exact ones: one degree of
    /// freedom is Cauchy, tan(0.475 pi); two degrees have a closed form.
    #[test]
    fn table_values() {
        let exact = [(1.0, 12.706_204_736_174_7), (2.0, 4.302_652_729_911_275), (9.0, 2.262_157_162_798_205)];
        for (freedom, t) in exact {
            assert!((student_t_quantile(0.975, freedom) - t).abs() < 1e-9 * t, "{freedom}");
        }
        for (freedom, t) in [(19.0, 2.093), (30.0, 2.042), (100.0, 1.984)] {
            assert!((student_t_quantile(0.975, freedom) - t).abs() < 5e-4, "{freedom}");
        }
        assert!((student_t_quantile(0.025, 9.0) + 2.262_157_162_798_205).abs() < 1e-9);
    }

    /// One degree of freedom is Cauchy: 1 - 2 atan(|t|) / pi; and far out the tail keeps its relative precision.
    #[test]
    fn p_values() {
        assert!((student_t_p_value(1.0, 1.0) - 0.5).abs() < 1e-14);
        assert!((student_t_p_value(-2.262_157_162_798_205, 9.0) - 0.05).abs() < 1e-12);
        // Two degrees: 1 - t / √(t² + 2), at t = 10⁴ about 1 / t².
        assert!((student_t_p_value(1e4, 2.0) / 1e-8 - 1.0).abs() < 1e-6);
        assert!((student_t_p_value(0.0, 5.0) - 1.0).abs() < 1e-15);
    }
}
