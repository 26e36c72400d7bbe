//! The bytes of a chunk: the outcomes of some runs in one file, with checksums by which damage is seen.
//!
//! ```text
//! mark  16 bytes: what it is, in which version
//! count  4 bytes
//! count times: fingerprint 16, replication 4, length of the outcome 4, checksum of the outcome 8
//! checksum of all that   8 bytes
//! the outcomes, one after the other
//! ```
//!
//! Numbers are little-endian; a checksum is the first 8 bytes of a SHA-256. The head can be read and trusted without the rest.

use super::case::hexadecimal;
use super::recipe::Fingerprint;
use super::runs::{Finished, RunKey};
use sha2::{Digest, Sha256};

const MARK: &[u8; 16] = b"pleiade chunk 1\n";
/// Bytes of mark and count.
const START: usize = 20;
/// Bytes of an entry of the head.
const ENTRY: usize = 32;
/// Bytes of a checksum.
const CHECK: usize = 8;

/// Where the outcome of a run lies in its chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The run.
    pub run: RunKey,
    /// Bytes from the beginning of the chunk.
    pub offset: u64,
    /// Its bytes.
    pub length: u32,
    /// Of its bytes.
    pub checksum: [u8; CHECK],
}

/// A chunk of finished runs.
pub fn encode(finished: &Finished) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(
        START
            + finished.len() * ENTRY
            + CHECK
            + finished.iter().map(|(_, outcome)| outcome.len()).sum::<usize>(),
    );
    bytes.extend(MARK);
    bytes.extend(u32::try_from(finished.len()).expect("a chunk holds less than 2^32 runs").to_le_bytes());
    for (run, outcome) in finished {
        bytes.extend(run.case.0);
        bytes.extend(run.replication.to_le_bytes());
        bytes.extend(u32::try_from(outcome.len()).expect("an outcome is less than 4 GB").to_le_bytes());
        bytes.extend(checksum(outcome));
    }
    bytes.extend(checksum(&bytes));
    for (_, outcome) in finished {
        bytes.extend(outcome);
    }
    bytes
}

/// How many bytes the head of a chunk has, of which `start` are the first ones; `None` where it is no chunk.
pub fn head_length(start: &[u8]) -> Option<usize> {
    let count = start.strip_prefix(MARK)?.first_chunk::<4>()?;
    (u32::from_le_bytes(*count) as usize).checked_mul(ENTRY)?.checked_add(START + CHECK)
}

/// How many bytes are needed for [`head_length`].
pub const HEAD_START: usize = START;

/// What a chunk of `length` bytes holds, by its head; `None` where that is damaged, or the chunk is cut off or has a tail.
pub fn entries(head: &[u8], length: u64) -> Option<Vec<Entry>> {
    let (head, check) = head.split_last_chunk::<CHECK>()?;
    if head.len() + CHECK != head_length(head)? || checksum(head) != *check {
        return None;
    }
    let mut offset = (head.len() + CHECK) as u64;
    let entries: Vec<Entry> = head[START..]
        .chunks_exact(ENTRY)
        .map(|bytes| {
            let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
            let entry = Entry {
                run: RunKey {
                    case: Fingerprint(bytes[..16].try_into().expect("sixteen bytes")),
                    replication: number(16),
                },
                offset,
                length: number(20),
                checksum: bytes[24..].try_into().expect("eight bytes"),
            };
            offset += u64::from(entry.length);
            entry
        })
        .collect();
    (offset == length).then_some(entries)
}

/// The first bytes of a SHA-256.
pub fn checksum(bytes: &[u8]) -> [u8; CHECK] {
    Sha256::digest(bytes)[..CHECK].try_into().expect("a SHA-256 is longer")
}

/// The name of the chunk of these runs: the same runs in the same order have the same one, whoever makes them.
pub fn chunk_name(runs: impl Iterator<Item = RunKey>) -> String {
    let mut digest = Sha256::new();
    for run in runs {
        digest.update(run.case.0);
        digest.update(run.replication.to_le_bytes());
    }
    hexadecimal(&digest.finalize()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn finished() -> impl Strategy<Value = Finished> {
        let run = (any::<[u8; 16]>(), any::<u32>())
            .prop_map(|(case, replication)| RunKey { case: Fingerprint(case), replication });
        proptest::collection::vec((run, proptest::collection::vec(any::<u8>(), 0..40)), 0..6)
    }

    type Read = Option<(RunKey, Vec<u8>)>;

    /// What a reader gets: all runs that are whole, or nothing where the head is not.
    fn read(bytes: &[u8]) -> Option<Vec<Read>> {
        let head = bytes.get(..head_length(bytes)?)?;
        let of = |entry: Entry| {
            let outcome = &bytes[entry.offset as usize..][..entry.length as usize];
            (checksum(outcome) == entry.checksum).then(|| (entry.run, outcome.to_vec()))
        };
        Some(entries(head, bytes.len() as u64)?.into_iter().map(of).collect())
    }

    proptest! {
        #[test]
        fn chunks_are_read_as_they_were_written(finished in finished()) {
            let whole: Vec<_> = finished.iter().cloned().map(Some).collect();
            prop_assert_eq!(read(&encode(&finished)), Some(whole));
        }

        #[test]
        fn damage_loses_runs_and_changes_none(finished in finished(), at: prop::sample::Index, flip in 1_u8..) {
            let mut bytes = encode(&finished);
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            if let Some(found) = read(&bytes) {
                prop_assert_eq!(found.len(), finished.len());
                let lost = found.iter().filter(|one| one.is_none()).count();
                prop_assert_eq!(lost, 1, "an outcome was damaged");
                for (found, written) in found.into_iter().zip(finished) {
                    prop_assert!(found.is_none_or(|found| found == written));
                }
            }
        }

        #[test]
        fn a_chunk_cut_off_is_none(finished in finished(), cut: prop::sample::Index) {
            let bytes = encode(&finished);
            prop_assert_eq!(read(&bytes[..cut.index(bytes.len())]), None);
        }
    }
}
