//! All that can be wrong with a scenario, as one typed enum: its text is what the planner reads.

use super::loader::LoadError;
use crate::engine::DistributionError;
use crate::units::UnitError;

/// What a misspelt word may have meant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Near {
    /// The nearest known word, if one is near.
    pub nearest: Option<String>,
    /// All known words.
    pub known: Vec<String>,
}

impl Near {
    /// The word of `known` that `word` is a slip of, if any, and all of `known`.
    pub fn new<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let mut known: Vec<String> = known.into_iter().map(str::to_owned).collect();
        known.sort();
        let distance =
            |candidate: &str| strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase());
        let allowed = (word.chars().count() / 3).max(1);
        let nearest = known
            .iter()
            .map(|candidate| (distance(candidate), candidate))
            .filter(|&(distance, _)| distance <= allowed)
            .min()
            .map(|(_, candidate)| candidate.clone());
        Self { nearest, known }
    }

    /// `, did you mean ...?` or, if nothing is near, what is known.
    fn hint(&self) -> String {
        match &self.nearest {
            Some(nearest) => format!(", did you mean `{nearest}`?"),
            None if self.known.is_empty() => ", there are none".to_owned(),
            None if self.known.len() > 40 => String::new(),
            None => format!(", known: {}", self.known.join(", ")),
        }
    }
}

/// One thing that is wrong with a scenario. Its text needs no other words around it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Problem {
    /// A file can't be read.
    #[error("{0}")]
    Load(#[from] LoadError),
    /// A file is no text.
    #[error("this file is not text: its byte {offset} is not UTF-8")]
    NotText {
        /// The first byte that is none of a text.
        offset: usize,
    },
    /// A file without a single key.
    #[error("this file is empty: it holds no key at all")]
    Empty,
    /// The text is no TOML.
    #[error("{0}")]
    Syntax(String),
    /// Files import each other.
    #[error("these files import each other in a ring: {}", ring.join(" -> "))]
    ImportRing {
        /// The files, from the first of the ring back to it.
        ring: Vec<String>,
    },
    /// An override's path leads nowhere.
    #[error("there is no `{step}` in the scenario{}", near.hint())]
    NoSuchPath {
        /// The step of the path that fails.
        step: String,
        /// What it may have meant.
        near: Near,
    },
    /// An override without `=` or without a path.
    #[error("expected an override such as `observation.replications=3`, found {0:?}")]
    BadOverride(String),
    /// A key that means nothing here.
    #[error("unknown key `{key}`{}", near.hint())]
    UnknownKey {
        /// The key.
        key: String,
        /// What it may have meant.
        near: Near,
    },
    /// A key that has to be here.
    #[error("missing key `{key}`")]
    MissingKey {
        /// The key.
        key: String,
    },
    /// None or several of keys of which one has to be here.
    #[error("expected exactly one of {}, found {found}", listed(keys))]
    NotExactlyOne {
        /// The keys.
        keys: Vec<String>,
        /// How many of them are here.
        found: usize,
    },
    /// None of keys of which at least one has to be here.
    #[error("expected at least one of {}", listed(keys))]
    NotAtLeastOne {
        /// The keys.
        keys: Vec<String>,
    },
    /// Keys that exclude each other.
    #[error("{} exclude each other", listed(keys))]
    Excluded {
        /// The keys.
        keys: Vec<String>,
    },
    /// A value of another type.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// What was expected.
        expected: String,
        /// What is there.
        found: String,
    },
    /// A text that is no quantity of its kind.
    #[error("{0}")]
    Quantity(#[from] UnitError),
    /// A quantity that would have to be above zero.
    #[error("must be above zero, found {0:?}")]
    NotAboveZero(String),
    /// A negative quantity.
    #[error("must not be negative, found {0:?}")]
    Negative(String),
    /// A text that is no date.
    #[error("expected a date such as 2025-01-31, found {0}")]
    BadDate(String),
    /// A word outside of the known choices.
    #[error("unknown {what} `{found}`{}", near.hint())]
    UnknownChoice {
        /// The key it was given for.
        what: String,
        /// The word.
        found: String,
        /// What it may have meant.
        near: Near,
    },
    /// A number out of its range.
    #[error("must be {expected}, found {found}")]
    OutOfRange {
        /// The range.
        expected: String,
        /// The number.
        found: String,
    },
    /// An id that can't name a file or a path's step.
    #[error("an id has only letters, digits, `-` and `_`, found {0:?}")]
    BadId(String),
    /// Two things of one kind with one id in one file.
    #[error("two of [[{kind}]] have the id `{id}`")]
    Duplicate {
        /// The kind.
        kind: String,
        /// The id.
        id: String,
    },
    /// An id that nothing has.
    #[error("there is no {kind} `{id}`{}", near.hint())]
    UnknownReference {
        /// The kind.
        kind: String,
        /// The id.
        id: String,
        /// What it may have meant.
        near: Near,
    },
    /// Parameters that make no distribution.
    #[error("{0}")]
    Distribution(#[from] DistributionError),
    /// A rule that spans several values is broken.
    #[error("{0}")]
    Rule(String),
}

/// `a`, `b` and `c`.
fn listed(words: &[String]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        words => words.join(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised() {
        let near = |word| Near::new(word, ["nodes", "name", "share"]).nearest;
        assert_eq!(near("nodse").as_deref(), Some("nodes"));
        assert_eq!(near("Share").as_deref(), Some("share"));
        assert_eq!(near("electricity"), None);
    }
}
