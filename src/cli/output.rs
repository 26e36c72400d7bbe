//! Standard output as data, and what the terminal can do.

use super::arguments::Format;
use super::failure::Failure;
use crate::host::wants_color;
use crate::report::Table;
use crate::scenario::Color;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

/// Writes a line to standard error. Talk that nobody can hear is no failure.
pub(super) fn talk(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Writes `text` to standard output.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    written.map_err(Failure::output(Path::new("standard output")))
}

/// Writes tables to standard output in the format asked for. JSON gives one array of tables, the others one after
/// another.
pub(super) fn print_tables(tables: &[Table], format: Format) -> Result<(), Failure> {
    let text = match format {
        Format::Text => tables.iter().map(|table| table.text(width()) + "\n\n").collect(),
        Format::Csv => tables.iter().map(Table::csv).collect::<Vec<_>>().join("\n"),
        Format::Markdown => tables.iter().map(Table::markdown).collect::<Vec<_>>().join("\n"),
        Format::Json => {
            let values: Vec<serde_json::Value> = tables.iter().map(Table::json).collect();
            serde_json::to_string_pretty(&values).expect("tables are plain data") + "\n"
        }
    };
    print(&text)
}

/// The width of the terminal, or 100 columns where there is none.
fn width() -> u16 {
    terminal_size::terminal_size().map_or(100, |(width, _)| width.0)
}

/// Colours on stderr: only on a terminal, and never with NO_COLOR.
pub(super) fn stderr_color() -> Color {
    if wants_color() && io::stderr().is_terminal() { Color::Always } else { Color::Never }
}
