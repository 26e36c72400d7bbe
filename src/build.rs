//! What is prepared once when the program is built: the chart library of `report.html` is packed, and the build gets a name.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, write::DeflateEncoder};
use sha2::{Digest, Sha256};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=Cargo.toml");
    println!("cargo::rerun-if-changed=Cargo.lock");
    println!("cargo::rustc-env=PLEIADE_BUILD={}", build_name()?);
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    pack_charts(Path::new(&out))
}

/// The first 16 hexadecimal digits of SHA-256 over the sources, the dependencies and the compiler's version: what may change
/// the results of a run. The target is not among it, since results do not depend on it.
fn build_name() -> io::Result<String> {
    let mut digest = Sha256::new();
    let mut files = vec![PathBuf::from("Cargo.toml"), PathBuf::from("Cargo.lock")];
    add_files(Path::new("src"), &mut files)?;
    files.sort();
    for file in files {
        // The file's length keeps its end apart from the next one's name.
        let content = fs::read(&file).or_else(absent_is_empty)?;
        digest.update(file.to_string_lossy().as_bytes());
        digest.update((content.len() as u64).to_le_bytes());
        digest.update(content);
    }
    let compiler = env::var_os("RUSTC").expect("cargo sets RUSTC");
    digest.update(Command::new(compiler).arg("--version").output()?.stdout);
    let digest = digest.finalize();
    let first = digest.first_chunk::<8>().expect("a SHA-256 has 32 bytes");
    Ok(format!("{:016x}", u64::from_be_bytes(*first)))
}

/// A crate that is used as a library has no lock file.
fn absent_is_empty(error: io::Error) -> io::Result<Vec<u8>> {
    if error.kind() == io::ErrorKind::NotFound { Ok(Vec::new()) } else { Err(error) }
}

fn add_files(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { add_files(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// Writes the script as raw deflate in base64, and the SHA-256 by which the page's Content-Security-Policy lets it run.
fn pack_charts(out: &Path) -> io::Result<()> {
    let scripts = plotly::Plot::offline_js_sources();
    let script = plotly_script(&scripts).expect("the crate's scripts begin with plotly.js");
    let (packed, digest) = (out.join("plotly.deflate.base64"), out.join("plotly.sha256.base64"));
    let hash = STANDARD.encode(Sha256::digest(script.as_bytes()));
    // Packing takes seconds, and the script is the same as long as its hash is.
    if packed.exists() && fs::read_to_string(&digest).is_ok_and(|known| known == hash) {
        return Ok(());
    }
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(script.as_bytes())?;
    fs::write(packed, STANDARD.encode(encoder.finish()?))?;
    fs::write(digest, hash)
}

/// The first of the script elements, without its tags; the other typesets formulas, which no page has.
fn plotly_script(scripts: &str) -> Option<&str> {
    let (_, from) = scripts.split_once("<script type=\"text/javascript\">")?;
    let (script, _) = from.split_once("</script>")?;
    script.contains("plotly.js v").then_some(script)
}
