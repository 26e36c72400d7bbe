//! Jobs of several sizes as they are written: moldable, malleable, how their speed depends on their size, and in parts at
//! several sites.

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

/// How jobs train at several sites at once: in equal parts that average their parameters around a ring of sites. A job is
/// split where it fits no single site, or is predicted to end sooner than at the one that the broker has for it, over as
/// many sites as end it first, those where its parts are predicted to start first.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrossSite {
    /// When the parts communicate.
    pub mode: CrossSiteMode,
    /// At how many sites at most, 1 for never; 2 if absent.
    #[serde(default = "two_sites")]
    #[schemars(range(min = 1, max = 64))]
    pub sites: u32,
    /// Parameters of the model, such as 7e9.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub parameters: f64,
    /// Bytes sent for each of them; 2 if absent.
    #[serde(default = "two_bytes")]
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub bytes_per_parameter: f64,
    /// The time of a step on all accelerators of the job at one site, on the reference accelerator if the class says
    /// `work`.
    #[schemars(extend("x-above-zero" = true))]
    pub step: Span,
    /// How much of each transfer is hidden behind steps, all of these at most; none if absent.
    #[serde(default)]
    pub overlap: Span,
    /// By how much more time than they take on an idle network its users request, relatively; 0.1 if absent. A network
    /// that gives less makes them longer.
    #[serde(default = "a_tenth")]
    #[schemars(range(min = 0.0))]
    pub margin: f64,
}

/// When the parts of a training across sites communicate.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum CrossSiteMode {
    /// At every step: all parts begin together and end together, and the work stays the same.
    Synchronous {
        /// The longest that a part which has started waits for the others, its accelerators held in vain, before it gives
        /// them back and joins the end of its queue; 30 min if absent. Its users request that much more time.
        #[serde(default = "half_an_hour")]
        #[schemars(extend("x-above-zero" = true))]
        hold: Span,
    },
    /// Seldom (DiLoCo): each part begins when it starts, on its own share of the data.
    LowCommunication {
        /// Steps between two averages; 500 if absent.
        #[serde(default = "five_hundred")]
        #[schemars(range(min = 1))]
        inner_steps: u32,
        /// The additional work for a model as good as one trained at one site, relatively; 0.05 if absent.
        #[serde(default = "a_twentieth")]
        #[schemars(range(min = 0.0))]
        penalty: f64,
    },
}

fn two_sites() -> u32 {
    2
}

fn two_bytes() -> f64 {
    2.0
}

fn five_hundred() -> u32 {
    500
}

fn a_tenth() -> f64 {
    0.1
}

fn a_twentieth() -> f64 {
    0.05
}

fn half_an_hour() -> Span {
    Span::from_seconds(1_800)
}
