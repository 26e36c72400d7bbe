//! A study as it is laid down for others to work on: what it is, and portions of runs cut into chunks.
//!
//! ```text
//! DIR/study/manifest.json          what is studied, by which build of the program
//! DIR/study/scenario.toml          the whole scenario
//! DIR/study/rounds/00000000.json   the chunks from number 0 on
//! ```
//!
//! A chunk is a function of manifest and number: whoever makes it, and how often, the same outcomes come of it.

use super::chunk::chunk_name;
use super::recipe::Wanted;
use super::runs::RunKey;
use serde::{Deserialize, Serialize};

/// Which command a study belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StudyCommand {
    /// `pleiade run`.
    Run {
        /// What it draws of a partition, as it was asked for.
        gantt: Option<GanttAsked>,
    },
    /// `pleiade compare`.
    Compare,
    /// `pleiade select`.
    Select,
    /// `pleiade sweep`.
    Sweep,
}

/// Which days of which partition are drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GanttAsked {
    /// `site/partition`.
    pub partition: String,
    /// The first day, where one was named.
    pub from: Option<crate::units::Date>,
    /// How many days.
    pub days: u32,
}

/// What is studied, and by what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the program.
    pub pleiade: String,
    /// Its build: another one may give other results, and is refused.
    pub build: String,
    /// Which command goes on with it.
    pub command: StudyCommand,
    /// Of `scenario.toml` beside it, in hexadecimal digits.
    pub scenario_sha256: String,
    /// The files that the scenario was read from.
    pub inputs: Vec<Input>,
}

/// A file that a scenario was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Its name, relative to the scenario's main file.
    pub name: String,
    /// The SHA-256 of its content in hexadecimal digits.
    pub sha256: String,
}

/// Runs cut into chunks, which are numbered through all rounds of a study.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// The number of its first chunk.
    pub first_chunk: u32,
    /// Runs in each chunk; the last one may have fewer.
    pub runs_a_chunk: u32,
    /// All its runs, in order.
    pub wanted: Vec<Wanted>,
}

/// How far a round is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundStatus {
    /// The numbers of its chunks.
    pub chunks: std::ops::Range<u32>,
    /// Its runs.
    pub runs: usize,
    /// Those that are finished.
    pub finished: usize,
    /// Chunks that are not complete.
    pub missing: Vec<u32>,
    /// Those of them in which runs failed.
    pub failed: Vec<u32>,
}

impl Manifest {
    /// As it stands in its file.
    pub fn to_bytes(&self) -> Vec<u8> {
        line_of_json(self)
    }

    /// From its file.
    ///
    /// # Errors
    /// When it is no manifest, in words.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes).map_err(|error| error.to_string())
    }
}

fn line_of_json(value: &impl Serialize) -> Vec<u8> {
    let mut text = serde_json::to_vec(value).expect("manifests and rounds are plain data");
    text.push(b'\n');
    text
}

impl Round {
    /// As it stands in its file.
    pub fn to_bytes(&self) -> Vec<u8> {
        line_of_json(self)
    }

    /// From its file.
    ///
    /// # Errors
    /// When it is no round, in words.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes).map_err(|error| error.to_string())
    }

    /// How far it is: whether `holds` the outcome of a run, and whether runs of a chunk `failed`.
    pub fn status(&self, holds: impl Fn(&RunKey) -> bool, failed: impl Fn(u32) -> bool) -> RoundStatus {
        let by_chunk = self.keys_by_chunk();
        let missing = by_chunk.iter().filter(|(_, keys)| !keys.iter().all(&holds));
        let missing: Vec<u32> = missing.map(|(chunk, _)| *chunk).collect();
        RoundStatus {
            chunks: self.chunks(),
            runs: self.runs(),
            finished: by_chunk.iter().flat_map(|(_, keys)| keys).filter(|key| holds(key)).count(),
            failed: missing.iter().copied().filter(|chunk| failed(*chunk)).collect(),
            missing,
        }
    }

    /// How many runs it has.
    pub fn runs(&self) -> usize {
        self.wanted.iter().map(|wanted| wanted.replications.len()).sum()
    }

    /// The numbers of its chunks.
    pub fn chunks(&self) -> std::ops::Range<u32> {
        let count = self.runs().div_ceil(self.runs_a_chunk.max(1) as usize) as u32;
        self.first_chunk..self.first_chunk + count
    }

    /// The runs of one of its chunks: pairs of a place in `wanted` and a replication.
    pub fn runs_of(&self, chunk: u32) -> Vec<(usize, u32)> {
        let size = self.runs_a_chunk.max(1) as usize;
        let all = self.wanted.iter().enumerate();
        all.flat_map(|(place, wanted)| wanted.replications.clone().map(move |one| (place, one)))
            .skip(chunk.saturating_sub(self.first_chunk) as usize * size)
            .take(size)
            .collect()
    }

    /// Each chunk with its runs.
    pub fn keys_by_chunk(&self) -> Vec<(u32, Vec<RunKey>)> {
        let keys: Vec<RunKey> = self.wanted.iter().flat_map(Wanted::runs).collect();
        self.chunks().zip(keys.chunks(self.runs_a_chunk.max(1) as usize).map(<[_]>::to_vec)).collect()
    }

    /// The name under which the outcomes of a chunk are kept.
    pub fn name_of(&self, chunk: u32) -> String {
        let key = |(place, replication): (usize, u32)| RunKey {
            case: self.wanted[place].recipe.fingerprint,
            replication,
        };
        chunk_name(self.runs_of(chunk).into_iter().map(key))
    }
}

/// Numbers in words, runs of them as their ends: `0-3,7`, the form that Slurm and HyperQueue take for arrays.
pub fn ranges_in_words(numbers: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    let word = |&(first, last): &(u32, u32)| {
        if first == last { first.to_string() } else { format!("{first}-{last}") }
    };
    ranges.iter().map(word).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::{Fingerprint, Place, Recipe, SetRecipe};
    use proptest::prelude::*;

    fn round(first_chunk: u32, runs_a_chunk: u32, lengths: &[(u32, u32)]) -> Round {
        let wanted = lengths.iter().enumerate().map(|(place, &(first, length))| Wanted {
            recipe: Recipe {
                place: Place::Point(place, 0),
                set: SetRecipe::Set("all".to_owned()),
                fingerprint: Fingerprint([place as u8; 16]),
            },
            replications: first..first + length,
        });
        Round { first_chunk, runs_a_chunk, wanted: wanted.collect() }
    }

    proptest! {
        #[test]
        fn chunks_hold_every_run_once_and_are_named_alike(
            first in 0_u32..1000, size in 1_u32..9, lengths in prop::collection::vec((0_u32..50, 1_u32..7), 1..8)
        ) {
            let round = round(first, size, &lengths);
            let all: Vec<RunKey> = round.wanted.iter().flat_map(Wanted::runs).collect();
            let by_chunk = round.keys_by_chunk();
            prop_assert_eq!(by_chunk.iter().map(|(chunk, _)| *chunk).collect::<Vec<_>>(), round.chunks().collect::<Vec<_>>());
            prop_assert_eq!(by_chunk.iter().flat_map(|(_, keys)| keys.clone()).collect::<Vec<_>>(), all);
            for (chunk, keys) in by_chunk {
                prop_assert_eq!(round.name_of(chunk), chunk_name(keys.into_iter()));
            }
        }

        #[test]
        fn numbers_in_words_are_the_same_numbers(numbers in prop::collection::btree_set(0_u32..200, 0..60)) {
            let numbers: Vec<u32> = numbers.into_iter().collect();
            let words = ranges_in_words(&numbers);
            let read: Vec<u32> = words.split(',').filter(|word| !word.is_empty()).flat_map(|word| {
                let (first, last) = word.split_once('-').unwrap_or((word, word));
                first.parse::<u32>().unwrap()..=last.parse().unwrap()
            }).collect();
            prop_assert_eq!(read, numbers);
        }
    }
}
