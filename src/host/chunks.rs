//! Finished runs in files, so that more replications later need not make the earlier ones again.

use super::files::write_whole;
use crate::study::{Store, hexadecimal};
use sha2::{Digest as _, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// A folder `chunks/` with a folder for the program that made them: another build may give other results.
#[derive(Debug)]
pub struct Chunks {
    folder: PathBuf,
    failure: Mutex<Option<io::Error>>,
    /// Whether what is there already may be read.
    reads: bool,
}

impl Chunks {
    /// The finished runs below the folder `results`. Those of other builds of this program are removed; with `fresh` none
    /// of what is there is read.
    ///
    /// # Errors
    /// When the program can't be read, or a folder can't be made.
    pub fn below(results: &Path, fresh: bool) -> io::Result<Self> {
        let (all, own) = (results.join("chunks"), program_digest()?);
        fs::create_dir_all(&all)?;
        for entry in fs::read_dir(&all)? {
            let path = entry?.path();
            if path.is_dir() && path.file_name().is_none_or(|name| name != own.as_str()) {
                fs::remove_dir_all(path)?;
            }
        }
        let folder = all.join(own);
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, failure: Mutex::default(), reads: !fresh })
    }

    /// Why a run could not be kept, if one could not.
    pub fn failure(&self) -> Option<io::Error> {
        self.failure.lock().expect("nobody panics with the lock").take()
    }
}

impl Store for Chunks {
    fn read(&self, name: &str) -> Option<Vec<u8>> {
        self.reads.then(|| fs::read(self.folder.join(name)).ok()).flatten()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        if let Err(error) = write_whole(&self.folder.join(name), bytes) {
            self.failure.lock().expect("nobody panics with the lock").get_or_insert(error);
        }
    }
}

/// The first 16 hexadecimal digits of SHA-256 of this program's file.
fn program_digest() -> io::Result<String> {
    let digest = Sha256::digest(fs::read(std::env::current_exe()?)?);
    Ok(hexadecimal(&digest[..8]))
}
