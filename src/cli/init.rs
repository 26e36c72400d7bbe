//! `pleiade init`: a small commented scenario to start from.

use super::arguments::InitOptions;
use super::failure::Failure;
use super::output::talk;
use crate::host::write_whole;
use crate::scenario::EXAMPLE;

const NAME: &str = "example.toml";

/// Writes the example scenario, unless one is there.
pub(super) fn init(options: &InitOptions) -> Result<(), Failure> {
    let path = options.directory.join(NAME);
    if path.exists() {
        return Err(Failure::Option(format!("{} is there already and stays as it is", path.display())));
    }
    std::fs::create_dir_all(&options.directory).map_err(Failure::output(&options.directory))?;
    write_whole(&path, EXAMPLE.as_bytes()).map_err(Failure::output(&path))?;
    let path = path.display();
    talk(&format!("wrote {path}; next:\n  pleiade check {path}\n  pleiade run {path}"));
    Ok(())
}
