//! Files: scenarios and traces read, results written whole (to a temporary name, then renamed).

use crate::scenario::{LoadError, Loader};
use flate2::read::MultiGzDecoder;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
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
    /// The folder at `path`, made if it is not there.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn create(path: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&path)?;
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
        Ok(NewFile { file: BufWriter::new(tempfile::tempfile_in(folder_of(&path))?), path })
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

/// A file that is written bit by bit and appears as a whole at its end. Until then it has no name: nothing is left of it when
/// it is dropped, or the program killed.
pub struct NewFile {
    file: BufWriter<File>,
    path: PathBuf,
}

impl NewFile {
    /// Lets it appear.
    ///
    /// # Errors
    /// When it can't be written; an earlier one of the same name is then still whole.
    pub fn end(self) -> io::Result<()> {
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        let mut named = ordinary().tempfile_in(folder_of(&self.path))?;
        io::copy(&mut file, named.as_file_mut())?;
        named.persist(self.path).map_err(|error| error.error)?;
        Ok(())
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

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Writes a file under a temporary name beside its place, then renames it.
///
/// # Errors
/// When it can't be written; an earlier file is then still whole.
pub fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = ordinary().tempfile_in(folder_of(path))?;
    file.write_all(content)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Writes a file under a temporary name beside its place, then renames it; nothing where there is a file already. Whether it
/// was written.
///
/// # Errors
/// When it can't be written.
pub(super) fn write_new(path: &Path, content: &[u8]) -> io::Result<bool> {
    if path.exists() {
        return Ok(false);
    }
    let mut file = ordinary().tempfile_in(folder_of(path))?;
    file.write_all(content)?;
    match file.persist_noclobber(path) {
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        written => written.map(|_| true).map_err(|error| error.error),
    }
}

/// The folder in which a file stands.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Ordinary permissions (the umask still applies), instead of a temporary file's private ones.
#[cfg(unix)]
fn ordinary() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

#[cfg(not(unix))]
fn ordinary() -> tempfile::Builder<'static, 'static> {
    tempfile::Builder::new()
}
