//! `pleiade schema`, `completions` and `man`: texts generated from the same definitions that run.

use super::arguments::{Arguments, SchemaFormat};
use super::failure::Failure;
use super::output::print;
use crate::host::write_whole;
use crate::scenario::{json_schema, reference};
use clap::CommandFactory;
use clap_complete::Shell;
use std::path::Path;

pub(super) fn schema(format: SchemaFormat) -> Result<(), Failure> {
    let json = || serde_json::to_string_pretty(&json_schema()).expect("a schema is plain data") + "\n";
    print(&match format {
        SchemaFormat::Json => json(),
        SchemaFormat::Markdown => reference(),
    })
}

pub(super) fn completions(shell: Shell) -> Result<(), Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "pleiade", &mut text);
    print(&String::from_utf8_lossy(&text))
}

/// The main page on standard output, or every page into a folder.
pub(super) fn man(directory: Option<&Path>) -> Result<(), Failure> {
    let command = Arguments::command();
    let Some(directory) = directory else {
        return print(&page(&command, "pleiade")?);
    };
    std::fs::create_dir_all(directory).map_err(Failure::output(directory))?;
    let pages = command.get_subcommands().map(|sub| (format!("pleiade-{}", sub.get_name()), sub));
    for (name, command) in std::iter::once(("pleiade".to_owned(), &command)).chain(pages) {
        let path = directory.join(format!("{name}.1"));
        write_whole(&path, page(command, &name)?.as_bytes()).map_err(Failure::output(&path))?;
    }
    Ok(())
}

fn page(command: &clap::Command, name: &str) -> Result<String, Failure> {
    let named = command.clone().display_name(name.to_owned()).version(env!("CARGO_PKG_VERSION"));
    let mut text = Vec::new();
    clap_mangen::Man::new(named).render(&mut text).map_err(Failure::output(Path::new("manual page")))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
