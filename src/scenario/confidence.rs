//! How well a fact is known, as scenario files spell it.

/// How well a fact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Published by its owner, or by several sources that agree.
    Firm,
    /// Published once, derived from published figures, or contradicted.
    Soft,
    /// Nobody published it: an assumption.
    Assumed,
}
