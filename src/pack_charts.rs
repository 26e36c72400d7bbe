//! Packs the chart library of `report.html` once, when the program is built: the script as raw deflate in base64, and the
//! SHA-256 by which the page's Content-Security-Policy lets it run.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, write::DeflateEncoder};
use sha2::{Digest, Sha256};
use std::io::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=src/pack_charts.rs");
    let scripts = plotly::Plot::offline_js_sources();
    let script = plotly_script(&scripts).expect("the crate's scripts begin with plotly.js");
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(script.as_bytes())?;
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    let out = Path::new(&out);
    fs::write(out.join("plotly.deflate.base64"), STANDARD.encode(encoder.finish()?))?;
    fs::write(out.join("plotly.sha256.base64"), STANDARD.encode(Sha256::digest(script.as_bytes())))
}

/// The first of the script elements, without its tags; the other typesets formulas, which no page has.
fn plotly_script(scripts: &str) -> Option<&str> {
    let (_, from) = scripts.split_once("<script type=\"text/javascript\">")?;
    let (script, _) = from.split_once("</script>")?;
    script.contains("plotly.js v").then_some(script)
}
