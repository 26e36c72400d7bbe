//! How candidate sets are compared, as it is written.

use crate::statistics;
use schemars::JsonSchema;
use serde::Deserialize;

/// How candidate sets are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// How the p values of each metric are adjusted over all compared sets; `holm` if absent.
    #[serde(default)]
    pub adjust: Adjustment,
    /// Which sets are compared with which; `base` if absent.
    #[serde(default)]
    pub against: Against,
}

/// How p values of several comparisons are adjusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Adjustment {
    /// By Holm's step-down rule; the intervals that hold for all sets at once are Bonferroni's.
    #[default]
    Holm,
    /// By Bonferroni's rule, p values as well as intervals.
    Bonferroni,
    /// Not at all: each comparison stands by itself.
    None,
}

/// Which sets are compared with which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Against {
    /// Each with the first one.
    #[default]
    Base,
    /// Each with every other.
    AllPairs,
}

impl Comparison {
    /// The plan that it stands for.
    pub(super) fn plan(self) -> statistics::ComparisonPlan {
        statistics::ComparisonPlan {
            adjust: match self.adjust {
                Adjustment::Holm => statistics::Adjustment::Holm,
                Adjustment::Bonferroni => statistics::Adjustment::Bonferroni,
                Adjustment::None => statistics::Adjustment::None,
            },
            against: match self.against {
                Against::Base => statistics::Against::Base,
                Against::AllPairs => statistics::Against::AllPairs,
            },
        }
    }
}
