//! Files: scenarios and traces read, results written.

use super::whole::{NewFile, folder_of, remove_if_there, remove_unfinished, write_whole};
use crate::scenario::{LoadError, Loader};
use flate2::read::MultiGzDecoder;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Reads scenario files from the file system.
#[derive(Debug, Clone, Copy, Default)]
pub struct FileLoader;

impl Loader for FileLoader {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        fs::read(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => LoadError::NotFound(path.to_owned()),
            _ => LoadError::Unreadable { path: path.to_owned(), reason: error.to_string() },
        })
    }
}

/// Opens a trace, unpacking it if it is compressed by gzip, whatever its name.
///
/// # Errors
/// When the file can't be opened or read.
pub fn open_trace(path: &Path) -> io::Result<Box<dyn BufRead>> {
    let mut file = BufReader::new(File::open(path)?);
    let packed = file.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    if packed { Ok(Box::new(BufReader::new(MultiGzDecoder::new(file)))) } else { Ok(Box::new(file)) }
}

/// A folder of results in which files appear whole.
#[derive(Debug, Clone)]
pub struct ResultFolder {
    path: PathBuf,
}

impl ResultFolder {
    /// The folder at `path`, made if it is not there, without what a killed program left half-written in it.
    ///
    /// # Errors
    /// When it can't be made, or what was left not be removed.
    pub fn create(path: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&path)?;
        remove_unfinished(&path)?;
        Ok(Self { path })
    }

    /// The folder at `path` if there is one.
    pub fn existing(path: PathBuf) -> Option<Self> {
        path.is_dir().then_some(Self { path })
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes `content` to the file `name` inside, below a folder if the name has one.
    ///
    /// # Errors
    /// When the file can't be written; an earlier one of the same name is then still whole.
    pub fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let path = self.path.join(name);
        fs::create_dir_all(folder_of(&path))?;
        write_whole(&path, content)
    }

    /// Begins the file `name` inside, for what is too long to be held as a whole.
    ///
    /// # Errors
    /// When it can't be begun.
    pub fn begin(&self, name: &str) -> io::Result<NewFile> {
        let path = self.path.join(name);
        fs::create_dir_all(folder_of(&path))?;
        NewFile::begin(path)
    }

    /// The content of the file `name` inside; `None` where there is none.
    ///
    /// # Errors
    /// When it is there and can't be read.
    pub fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            content => content.map(Some),
        }
    }

    /// Removes the file `name` inside, if there is one.
    ///
    /// # Errors
    /// When it is there and can't be removed.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        remove_if_there(&self.path.join(name))
    }

    /// Removes the files of a subfolder whose extension is one of `extensions`, so that no drawing of an earlier study
    /// stands among the new ones. Other files stay.
    ///
    /// # Errors
    /// When a file can't be removed.
    pub fn clear(&self, subfolder: &str, extensions: &[&str]) -> io::Result<()> {
        let entries = match fs::read_dir(self.path.join(subfolder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
            let known = path.extension().is_some_and(|have| extensions.iter().any(|known| have == *known));
            if known && path.is_file() {
                // Whoever draws here at the same time may have removed it.
                remove_if_there(&path)?;
            }
        }
        Ok(())
    }
}
