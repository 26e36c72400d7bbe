//! Where scenario files come from: a [`Loader`] that the caller gives, so that this layer touches no file itself.
//!
//! Paths are text with `/` between their parts; an import is written relative to the file that imports it.

use std::collections::BTreeMap;

/// Why a file can't be read. Reads as the end of "failed to load the scenario: ...".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// There is no such file.
    #[error("there is no file `{0}`")]
    NotFound(String),
    /// The file is there and can't be read.
    #[error("cannot read `{path}`: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        reason: String,
    },
}

/// Gives the bytes of scenario files.
pub trait Loader {
    /// The content of the file at `path`.
    ///
    /// # Errors
    /// When there is no such file, or when it can't be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError>;

    /// The path of `import` as written in the file at `base`.
    ///
    /// Without `.` and `..` inside, so that one file has one path and a ring of imports is seen.
    fn join(&self, base: &str, import: &str) -> String {
        if import.starts_with('/') {
            return normal(import);
        }
        let folder = base.rfind('/').map_or("", |end| &base[..=end]);
        normal(&format!("{folder}{import}"))
    }
}

/// `path` without `.` and without `x/..`; a `..` that leads out of the start stays.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

/// Files in memory, for tests and for scenarios that never were files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoryLoader {
    /// Content by path.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl MemoryLoader {
    /// A loader of these (path, text) pairs.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        Self { files: files.collect() }
    }
}

impl Loader for MemoryLoader {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        self.files.get(path).cloned().ok_or_else(|| LoadError::NotFound(path.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_relative_to_their_file() {
        let loader = MemoryLoader::default();
        for (base, import, path) in [
            ("a.toml", "b.toml", "b.toml"),
            ("x/a.toml", "catalog/b.toml", "x/catalog/b.toml"),
            ("x/a.toml", "../b.toml", "b.toml"),
            ("x/a.toml", "./y/../b.toml", "x/b.toml"),
            ("../x/a.toml", "../../b.toml", "../../b.toml"),
            ("/x/a.toml", "b.toml", "/x/b.toml"),
            ("a.toml", "/b.toml", "/b.toml"),
        ] {
            assert_eq!(loader.join(base, import), path, "{import} in {base}");
        }
    }
}
