//! A study laid down in a folder, for others to work on: manifest, scenario, rounds, and what failed.

use super::whole::{remove_if_there, write_new, write_whole};
use crate::study::{Manifest, Round};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The subfolder `study/` of a result folder.
#[derive(Debug, Clone)]
pub struct StudyFolder {
    path: PathBuf,
}

impl StudyFolder {
    /// The study of the result folder `results`, whether there is one or not.
    pub fn of(results: &Path) -> Self {
        Self { path: results.join("study") }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Lays down a study. The rounds of an earlier one in this folder are removed, unless it is the same study.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn lay_down(&self, manifest: &Manifest, scenario: &str) -> io::Result<()> {
        // What can't be read is no study either.
        let is_laid_down = matches!(self.manifest(), Ok(Some(known)) if known == *manifest)
            && fs::read(self.scenario()).is_ok_and(|known| known == scenario.as_bytes());
        if is_laid_down {
            return Ok(());
        }
        // The manifest goes first and comes last: where it is, the rest is there too.
        remove_if_there(&self.manifest_path())?;
        for part in [self.rounds_folder(), self.failed_folder()] {
            match fs::remove_dir_all(part) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        fs::create_dir_all(&self.path)?;
        write_whole(&self.scenario(), scenario.as_bytes())?;
        write_whole(&self.manifest_path(), &manifest.to_bytes())
    }

    /// The manifest; `None` where no study was laid down.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn manifest(&self) -> io::Result<Option<Manifest>> {
        read(&self.manifest_path(), Manifest::from_bytes)
    }

    /// Where the scenario lies.
    pub fn scenario(&self) -> PathBuf {
        self.path.join("scenario.toml")
    }

    /// All rounds, in order.
    ///
    /// # Errors
    /// When they can't be read.
    pub fn rounds(&self) -> io::Result<Vec<Round>> {
        self.first_chunks()?.into_iter().map(|first| self.round(first)).collect()
    }

    /// The round that has the chunk of a number; `None` where none has.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn round_of(&self, chunk: u32) -> io::Result<Option<Round>> {
        let first = self.first_chunks()?.into_iter().take_while(|first| *first <= chunk).last();
        let round = first.map(|first| self.round(first)).transpose()?;
        Ok(round.filter(|round| round.chunks().contains(&chunk)))
    }

    /// Adds a round; nothing where somebody else has added one with the same first chunk. Whether it was added.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn add(&self, round: &Round) -> io::Result<bool> {
        fs::create_dir_all(self.rounds_folder())?;
        write_new(&self.round_path(round.first_chunk), &round.to_bytes())
    }

    /// Notes that runs of a chunk failed, each in a line.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn note_failed(&self, chunk: u32, failed: &[String]) -> io::Result<()> {
        fs::create_dir_all(self.failed_folder())?;
        write_whole(&self.failed_path(chunk), failed.join("\n").as_bytes())
    }

    /// The runs of a chunk that failed when it was last made, each in a line.
    pub fn failed(&self, chunk: u32) -> Option<Vec<String>> {
        let text = fs::read_to_string(self.failed_path(chunk)).ok()?;
        Some(text.lines().map(str::to_owned).collect())
    }

    /// Forgets that runs of a chunk failed, before it is made again.
    ///
    /// # Errors
    /// When the note can't be removed.
    pub fn forget_failed(&self, chunk: u32) -> io::Result<()> {
        remove_if_there(&self.failed_path(chunk))
    }

    fn failed_path(&self, chunk: u32) -> PathBuf {
        self.failed_folder().join(format!("{chunk:08}.txt"))
    }

    fn failed_folder(&self) -> PathBuf {
        self.path.join("failed")
    }

    fn manifest_path(&self) -> PathBuf {
        self.path.join("manifest.json")
    }

    fn rounds_folder(&self) -> PathBuf {
        self.path.join("rounds")
    }

    fn round_path(&self, first_chunk: u32) -> PathBuf {
        self.rounds_folder().join(format!("{first_chunk:08}.json"))
    }

    /// The first chunk of each round, in order.
    fn first_chunks(&self) -> io::Result<Vec<u32>> {
        let entries = match fs::read_dir(self.rounds_folder()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut firsts = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            let first = name.to_str().and_then(|name| name.strip_suffix(".json")).map(str::parse::<u32>);
            firsts.extend(first.and_then(Result::ok));
        }
        firsts.sort_unstable();
        Ok(firsts)
    }

    fn round(&self, first_chunk: u32) -> io::Result<Round> {
        let path = self.round_path(first_chunk);
        read(&path, Round::from_bytes)?
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, path.display().to_string()))
    }
}

fn read<T>(path: &Path, parse: impl Fn(&[u8]) -> Result<T, String>) -> io::Result<Option<T>> {
    match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        content => parse(&content?).map(Some).map_err(|error| {
            io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", path.display()))
        }),
    }
}
