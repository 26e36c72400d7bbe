//! Files that appear whole: written under another name beside their place, then renamed.
//!
//! A program that is killed leaves the other name behind. Whoever goes on with the results removes it, and can't know whether
//! its writer is still at work: a writer that finds its file gone writes it again.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// How often a file is written that somebody removes before it has its name. Each command removes once, when it begins.
const ATTEMPTS: u32 = 5;

/// How the names begin that [`tempfile`] gives, and how long they are.
const UNFINISHED: (&str, usize) = (".tmp", 10);

/// Writes a file as a whole.
///
/// # Errors
/// When it can't be written; an earlier file is then still whole.
pub fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    write_aside(path, |file| file.write_all(content), |file| Ok(file.persist(path).map(drop)?))
}

/// Writes a file as a whole; nothing where there is a file already. Whether it was written.
///
/// # Errors
/// When it can't be written.
pub(super) fn write_new(path: &Path, content: &[u8]) -> io::Result<bool> {
    if path.exists() {
        return Ok(false);
    }
    let written =
        write_aside(path, |file| file.write_all(content), |file| Ok(file.persist_noclobber(path).map(drop)?));
    match written {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        written => written.map(|()| true),
    }
}

/// A file that is written bit by bit and appears as a whole at its end. Until then it has no name: nothing is left of it when
/// it is dropped, or the program killed.
pub struct NewFile {
    file: BufWriter<File>,
    path: PathBuf,
}

impl NewFile {
    /// Begins the file that will stand at `path`.
    ///
    /// # Errors
    /// When it can't be begun.
    pub(super) fn begin(path: PathBuf) -> io::Result<Self> {
        Ok(Self { file: BufWriter::new(tempfile::tempfile_in(folder_of(&path))?), path })
    }

    /// Lets it appear.
    ///
    /// # Errors
    /// When it can't be written; an earlier one of the same name is then still whole.
    pub fn end(self) -> io::Result<()> {
        let mut nameless = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let copy = |file: &mut File| {
            nameless.rewind()?;
            io::copy(&mut nameless, file).map(drop)
        };
        write_aside(&self.path, copy, |file| Ok(file.persist(&self.path).map(drop)?))
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Removes what programs that were killed left in a folder and below it.
///
/// # Errors
/// When a folder can't be read or a file not removed.
pub(super) fn remove_unfinished(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        // Somebody else lays down another study here.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let (start, length) = UNFINISHED;
        if entry.file_type()?.is_dir() {
            remove_unfinished(&entry.path())?;
        } else if name.len() == length && name.as_encoded_bytes().starts_with(start.as_bytes()) {
            remove_if_there(&entry.path())?;
        }
    }
    Ok(())
}

pub(super) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// The folder in which a file stands.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Fills a file beside `path` and hands it to `name`, which gives it its own. Once more where it was removed meanwhile.
fn write_aside(
    path: &Path,
    mut fill: impl FnMut(&mut File) -> io::Result<()>,
    name: impl Fn(NamedTempFile) -> io::Result<()>,
) -> io::Result<()> {
    let mut attempt = 1;
    loop {
        let mut file = ordinary().tempfile_in(folder_of(path))?;
        fill(file.as_file_mut())?;
        // A file system over a network, or with quotas, may only now say that it has no room.
        file.as_file().sync_data()?;
        match name(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && attempt < ATTEMPTS => attempt += 1,
            named => return named,
        }
    }
}

/// Ordinary permissions (the umask still applies), instead of a temporary file's private ones.
#[cfg(unix)]
fn ordinary() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

#[cfg(not(unix))]
fn ordinary() -> Builder<'static, 'static> {
    Builder::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
        let name = |entry: &fs::DirEntry| entry.file_name().into_string().unwrap();
        let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
        entries.map(|entry| (name(&entry), fs::read(entry.path()).unwrap())).collect()
    }

    #[test]
    fn what_was_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("plots");
        fs::create_dir(&below).unwrap();
        for folder in [folder.path(), &below] {
            ordinary().tempfile_in(folder).unwrap().keep().unwrap();
        }
        for name in [".tmp", ".tmp-of-mine", "a.tmpabcdef", "summary.json"] {
            fs::write(below.join(name), name).unwrap();
        }
        remove_unfinished(folder.path()).unwrap();
        let left = [".tmp", ".tmp-of-mine", "a.tmpabcdef", "summary.json"];
        assert_eq!(contents(&below), left.map(|name| (name.to_owned(), name.into())).into());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    /// Somebody else begins on the same results while a file is written: twice, then always.
    #[test]
    fn a_file_removed_before_it_has_its_name_is_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary.json");
        let write = |removed: u32| {
            let mut writes = 0;
            let fill = |file: &mut File| {
                writes += 1;
                if writes <= removed {
                    remove_unfinished(folder.path())?;
                }
                file.write_all(b"whole")
            };
            let outcome = write_aside(&path, fill, |file| Ok(file.persist(&path).map(drop)?));
            (outcome.map_err(|error| error.kind()), writes)
        };
        assert_eq!(write(ATTEMPTS), (Err(io::ErrorKind::NotFound), ATTEMPTS));
        assert!(contents(folder.path()).is_empty());
        assert_eq!(write(2), (Ok(()), 3));
        assert_eq!(contents(folder.path()), [("summary.json".to_owned(), b"whole".to_vec())].into());
    }

    #[test]
    fn new_files_are_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("chunk");
        assert!(write_new(&path, b"first").unwrap());
        assert!(!write_new(&path, b"second").unwrap());
        let mut long = NewFile::begin(folder.path().join("runs")).unwrap();
        long.write_all(b"of all sets").unwrap();
        assert_eq!(contents(folder.path()).len(), 1, "it has no name yet");
        long.end().unwrap();
        let both = [("chunk", "first"), ("runs", "of all sets")];
        assert_eq!(contents(folder.path()), both.map(|(name, text)| (name.to_owned(), text.into())).into());
    }
}
