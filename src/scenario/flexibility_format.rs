//! Jobs of several sizes as they are written: moldable, malleable, and how their speed depends on their size.

use crate::units::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// Jobs that run on one of several sizes: the one that is predicted to finish first when they are submitted. `duration`
/// or `work` and `accelerators` of the class say how long they would take on the size asked for.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Moldable {
    /// The sizes in accelerators.
    #[schemars(length(min = 1), inner(range(min = 1, max = 1_000_000_000)))]
    pub sizes: Vec<u32>,
    /// How their speed depends on the size.
    pub speedup: Speedup,
}

/// Jobs that change their size while they run: they start on their minimum and share what lies idle.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Malleable {
    /// The fewest accelerators: these are theirs; what they hold beyond is taken back when anybody needs it.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub minimum: u32,
    /// The most accelerators.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub maximum: u32,
    /// By how many accelerators they grow at a time, rounded up to whole units of the partition; one unit if absent.
    #[serde(default = "one_at_a_time")]
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub step: u32,
    /// How their speed depends on the size.
    pub speedup: Speedup,
    /// How long they stand still at every change of their size, to save their state and to start again; no time if absent.
    #[serde(default)]
    pub reconfiguration: Span,
}

fn one_at_a_time() -> u32 {
    1
}

/// How much faster a job runs on n accelerators than on one.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Speedup {
    /// Twice the accelerators, half the time.
    Linear,
    /// Amdahl (1967): 1 / (serial + (1 - serial) / n).
    Amdahl {
        /// The part of the run time on one accelerator that never gets shorter.
        #[schemars(range(min = 0.0, max = 1.0))]
        serial: f64,
    },
    /// Downey (1997): parallelism that varies over the run.
    Downey {
        /// The average parallelism, which the speed-up never exceeds.
        #[schemars(range(min = 1.0))]
        parallelism: f64,
        /// The coefficient of variance of parallelism; 0 is linear up to the average.
        #[schemars(range(min = 0.0))]
        sigma: f64,
    },
    /// n ^ (1 - gamma): efficiency falls by the same factor at each doubling.
    PowerLaw {
        /// The exponent by which efficiency falls; 0.07 to 0.12 was measured for the training of large models.
        #[schemars(range(min = 0.0, max = 1.0))]
        gamma: f64,
    },
}
