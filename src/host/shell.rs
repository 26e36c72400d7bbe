//! Words of a shell.

use std::path::Path;

/// A path as one word of a shell, whatever it contains; a plain one stays as it is.
pub fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./+,@%".contains(letter);
    if !text.is_empty() && text.chars().all(is_plain) && !text.starts_with('-') {
        return text;
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
