//! Functions on the unit cube whose sensitivities are known, for tests.

use std::f64::consts::PI;

/// A function with its exact Sobol indices.
pub(super) struct Function {
    pub(super) name: &'static str,
    of: fn(&[f64]) -> f64,
    /// First order and total of each axis.
    pub(super) exact: &'static [(f64, f64)],
}

impl Function {
    pub(super) fn axes(&self) -> usize {
        self.exact.len()
    }

    pub(super) fn at(&self, place: &[f64]) -> f64 {
        (self.of)(place)
    }
}

/// sin x1 + 7 sin² x2 + 0.1 x3⁴ sin x1 over (-π, π)³ (Ishigami and Homma 1990). With a = 7, b = 0.1: V1 = (1 + bπ⁴/5)²/2,
/// V2 = a²/8, V13 = b²π⁸ (1/18 - 1/50).
pub(super) const ISHIGAMI: Function = Function {
    name: "Ishigami",
    of: |u| {
        let x: Vec<f64> = u.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
        let sine = libm::sin(x[1]);
        libm::sin(x[0]) * (1.0 + 0.1 * x[2] * x[2] * x[2] * x[2]) + 7.0 * sine * sine
    },
    exact: &[
        (0.313_905_191_147_811, 0.557_588_855_852_797),
        (0.442_411_144_147_203, 0.442_411_144_147_203),
        (0.0, 0.243_683_664_704_986),
    ],
};

/// Π (|4u - 2| + a) / (1 + a), a = 0, 1, 4.5, 9 (Saltelli and Sobol 1995). With V_i = 1 / 3(1 + a_i)² and V = Π (1 + V_i) - 1:
/// S_i = V_i / V, ST_i = V_i Π_{j≠i} (1 + V_j) / V.
pub(super) const G_FUNCTION: Function = Function {
    name: "g",
    of: |u| {
        let factors = u.iter().zip([0.0, 1.0, 4.5, 9.0]);
        factors.map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product()
    },
    exact: &[
        (0.716_492_934_857_699, 0.787_369_701_143_274),
        (0.179_123_233_714_425, 0.242_267_600_351_777),
        (0.023_685_716_854_800, 0.034_326_744_464_012),
        (0.007_164_929_348_577, 0.010_463_384_732_801),
    ],
};

/// 4 u1 - 2 u2 + u3: each index is the slope's square over the sum of squares.
pub(super) const LINEAR: Function = Function {
    name: "linear",
    of: |u| 4.0 * u[0] - 2.0 * u[1] + u[2],
    exact: &[(16.0 / 21.0, 16.0 / 21.0), (4.0 / 21.0, 4.0 / 21.0), (1.0 / 21.0, 1.0 / 21.0)],
};

#[cfg(test)]
mod tests {
    use super::*;

    /// The formulas of the docs above, worked out.
    #[test]
    fn exact_indices_follow_from_the_formulas() {
        let (a, b, pi4) = (7.0, 0.1, PI * PI * PI * PI);
        let first = (1.0 + b * pi4 / 5.0) * (1.0 + b * pi4 / 5.0) / 2.0;
        let (second, both) = (a * a / 8.0, b * b * pi4 * pi4 * (1.0 / 18.0 - 1.0 / 50.0));
        let all = first + second + both;
        let expected = [(first, first + both), (second, second), (0.0, both)];
        check(&ISHIGAMI, expected.map(|(first, total)| (first / all, total / all)));
        let parts = [0.0, 1.0, 4.5, 9.0].map(|a: f64| 1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
        let whole: f64 = parts.iter().map(|part| 1.0 + part).product();
        check(
            &G_FUNCTION,
            parts.map(|part| (part / (whole - 1.0), part * whole / (1.0 + part) / (whole - 1.0))),
        );
    }

    fn check<const N: usize>(function: &Function, expected: [(f64, f64); N]) {
        for (found, expected) in function.exact.iter().zip(expected) {
            let off = (found.0 - expected.0).abs().max((found.1 - expected.1).abs());
            assert!(off < 1e-9, "{}: {found:?}, not {expected:?}", function.name);
        }
    }
}
