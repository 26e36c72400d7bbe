//! Data that lies beside the project: tests over it skip with a printed reason where it is absent, and fail for its
//! absence when `PLEIADE_SHARED_REQUIRED=1` is set.

use std::path::PathBuf;

/// The path of a shared file, or `None` where the data is absent.
pub(crate) fn path(relative: &str) -> Option<PathBuf> {
    let root = std::env::var_os("PLEIADE_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")), PathBuf::from);
    let path = root.join("data").join(relative);
    if path.exists() {
        return Some(path);
    }
    let required = std::env::var("PLEIADE_SHARED_REQUIRED").is_ok_and(|value| value == "1");
    assert!(!required, "{relative} is required and absent");
    println!("skipped: the shared data {relative} is absent");
    None
}

/// The text of a shared file, unpacked if it is compressed.
pub(crate) fn text(relative: &str) -> Option<String> {
    let path = path(relative)?;
    let bytes = std::fs::read(&path).expect("a shared file can be read");
    if path.extension().is_none_or(|extension| extension != "gz") {
        return Some(String::from_utf8(bytes).expect("shared data is UTF-8"));
    }
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(bytes.as_slice()), &mut text)
        .expect("shared data is gzip-compressed UTF-8");
    Some(text)
}
