//! Finished runs in files, so that no run is made twice: not when a study goes on after it was broken off, not when there are
//! more replications later, and not when somebody else made it.

use super::whole::write_new;
use crate::study::chunk::{Entry, HEAD_START, checksum, chunk_name, encode, entries, head_length};
use crate::study::{Finished, Halt, RunKey, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

/// What the program was built from: its sources, the versions of what it uses, and its compiler. Programs of the same build
/// give the same bytes.
pub const BUILD: &str = env!("PLEIADE_BUILD");

/// A folder `chunks/` with a folder for each build of the program: another one may give other results.
#[derive(Debug)]
pub struct Chunks {
    folder: PathBuf,
    known: Mutex<Known>,
}

/// What lies in the folder, as far as it was looked at.
#[derive(Debug, Default)]
struct Known {
    files: Vec<OsString>,
    names: BTreeSet<OsString>,
    /// In which of the files.
    runs: BTreeMap<RunKey, (u32, Place)>,
    damaged: Vec<PathBuf>,
}

/// Where in its file.
#[derive(Debug, Clone, Copy)]
struct Place {
    offset: u64,
    length: u32,
    checksum: [u8; 8],
}

impl Chunks {
    /// The finished runs below the folder `results`; with `fresh` what is there already is removed.
    ///
    /// # Errors
    /// When the folder can't be made, read or emptied.
    pub fn below(results: &Path, fresh: bool) -> io::Result<Self> {
        if fresh {
            match fs::remove_dir_all(folder_in(results)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        let chunks = Self::unread(results)?;
        chunks.look_again()?;
        Ok(chunks)
    }

    /// The runs of one chunk that are finished, and no others: to find them takes no look at the rest of the folder.
    ///
    /// # Errors
    /// When the folder can't be made.
    pub fn of_one(results: &Path, chunk: &str) -> io::Result<Self> {
        let chunks = Self::unread(results)?;
        chunks.look_for(chunk);
        Ok(chunks)
    }

    /// Takes in the finished runs of one chunk by its name, which a list of the folder may lack that a file system over a
    /// network has kept for a while.
    pub fn look_for(&self, chunk: &str) {
        let mut known = self.known();
        for name in (0..).map(|part| part_name(chunk, part)) {
            if known.names.contains(&name) {
                continue;
            }
            let path = self.folder.join(&name);
            match head_of(&path) {
                Some(entries) => known.add(name, &entries),
                // Looked at once more: somebody may just have put it there.
                None if path.exists() && head_of(&path).is_none() => known.set_aside(path),
                None => break,
            }
        }
    }

    /// Keeps the outcomes of some runs of a chunk, beside those of it that are kept already.
    ///
    /// # Errors
    /// When they can't be written; then none of them is kept.
    pub fn keep(&self, chunk: &str, finished: &Finished) -> io::Result<()> {
        let bytes = encode(finished);
        // Nothing is ever written over: whoever has read the head of a file finds the rest as it says.
        let mut part = 0;
        let name = loop {
            let name = part_name(chunk, part);
            if write_new(&self.folder.join(&name), &bytes)? {
                break name;
            }
            part += 1;
        };
        let head = head_length(&bytes).and_then(|length| entries(&bytes[..length], bytes.len() as u64));
        self.known().add(name, &head.expect("what was encoded is a chunk"));
        Ok(())
    }

    /// Takes in what others have written meanwhile. Files that are no whole chunks are set aside and told by
    /// [`Chunks::damaged`].
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn look_again(&self) -> io::Result<()> {
        let mut known = self.known();
        let mut new: Vec<OsString> = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            if !known.names.contains(&name) && is_chunk(&name) {
                new.push(name);
            }
        }
        new.sort_unstable();
        for name in new {
            match head_of(&self.folder.join(&name)) {
                Some(entries) => known.add(name, &entries),
                None => known.set_aside(self.folder.join(name)),
            }
        }
        Ok(())
    }

    /// Files that are no whole chunks and so were not read, since this was last asked. Their runs are made again.
    pub fn damaged(&self) -> Vec<PathBuf> {
        let mut damaged = std::mem::take(&mut self.known().damaged);
        damaged.sort_unstable();
        damaged.dedup();
        damaged
    }

    /// How many finished runs are known.
    pub fn len(&self) -> usize {
        self.known().runs.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn unread(results: &Path) -> io::Result<Self> {
        let folder = folder_in(results);
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, known: Mutex::default() })
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("nobody panics with the lock")
    }
}

impl Known {
    fn add(&mut self, name: OsString, entries: &[Entry]) {
        let file = self.files.len() as u32;
        for entry in entries {
            let place = Place { offset: entry.offset, length: entry.length, checksum: entry.checksum };
            self.runs.insert(entry.run, (file, place));
        }
        self.names.insert(name.clone());
        self.files.push(name);
    }

    /// Takes a damaged file out of the way, so that nobody stumbles over it again and another one may have its name. Where that
    /// is not allowed it stays, and is not looked at any more.
    fn set_aside(&mut self, path: PathBuf) {
        let moved = fs::rename(&path, path.with_extension("damaged"));
        if let (Err(_), true, Some(name)) = (moved, path.exists(), path.file_name()) {
            self.names.insert(name.to_owned());
        }
        self.damaged.push(path);
    }
}

impl Store for Chunks {
    fn holds(&self, run: &RunKey) -> bool {
        self.known().runs.contains_key(run)
    }

    fn read(&self, run: &RunKey) -> Option<Vec<u8>> {
        let (path, place) = {
            let known = self.known();
            let (file, place) = known.runs.get(run)?;
            (self.folder.join(&known.files[*file as usize]), *place)
        };
        let outcome = outcome_at(&path, place);
        if outcome.is_none() {
            let mut known = self.known();
            if let Some((file, _)) = known.runs.get(run).copied() {
                known.runs.retain(|_, (at, _)| *at != file);
                // Another file may hold the same runs: all are looked at again.
                known.names.clear();
                known.set_aside(path);
            }
        }
        outcome
    }

    fn write(&self, finished: Finished) -> Result<(), Halt> {
        let name = chunk_name(finished.iter().map(|(run, _)| *run));
        self.keep(&name, &finished).map_err(|error| Halt::Write {
            path: self.folder.display().to_string(),
            reason: error.to_string(),
        })
    }
}

fn folder_in(results: &Path) -> PathBuf {
    results.join("chunks").join(BUILD)
}

/// The file of a part of a chunk. Most have one; what was broken off and went on has more.
fn part_name(chunk: &str, part: u32) -> OsString {
    format!("{chunk}-{part}").into()
}

/// Whether a file is a part of a chunk; one that is still being written has another name.
fn is_chunk(name: &OsStr) -> bool {
    let parts = name.to_str().and_then(|name| name.split_once('-'));
    parts.is_some_and(|(chunk, part)| {
        chunk.len() == 32 && chunk.bytes().all(|byte| byte.is_ascii_hexdigit()) && part.parse::<u32>().is_ok()
    })
}

/// What a chunk holds; `None` where it can't be read or is damaged.
pub(super) fn head_of(path: &Path) -> Option<Vec<Entry>> {
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    let mut head = vec![0; HEAD_START];
    file.read_exact(&mut head).ok()?;
    let whole = head_length(&head).filter(|&whole| whole as u64 <= length)?;
    head.resize(whole, 0);
    file.read_exact(&mut head[HEAD_START..]).ok()?;
    entries(&head, length)
}

fn outcome_at(path: &Path, place: Place) -> Option<Vec<u8>> {
    let mut file = File::open(path).ok()?;
    file.seek(SeekFrom::Start(place.offset)).ok()?;
    let mut outcome = vec![0; place.length as usize];
    file.read_exact(&mut outcome).ok()?;
    (checksum(&outcome) == place.checksum).then_some(outcome)
}
