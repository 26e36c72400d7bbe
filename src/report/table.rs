//! One table for every reader: terminal text of a given width, Markdown, CSV and JSON.
//!
//! Text and Markdown print `mean ± half-width` in one suitable unit a column, with the count in a note below. CSV and
//! JSON hold full numbers in the results' own units, with mean, both ends of the interval, and count apart.

use super::format::{self, Quantity, Unit};
use crate::statistics::Estimate;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, TableStyle, Width};
use serde_json::{Map, Value, json};

/// Rules above, below and under the headings; none between rows, so that more of them fit a screen.
const RULES: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// The spaces beside a cell and the rule that separates it from the next.
const PADDING: usize = BLANKS + 1;
/// The spaces beside a cell.
const BLANKS: usize = 2;

/// On which side the cells of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading for readers; the unit follows it.
    pub name: String,
    /// Its name in CSV and JSON.
    pub key: String,
    /// What its numbers measure; `None` for words.
    pub unit: Option<Quantity>,
    /// On which side its cells stand.
    pub alignment: Alignment,
}

impl Column {
    /// A column of words.
    pub fn words(name: impl Into<String>, key: impl Into<String>) -> Self {
        Self { name: name.into(), key: key.into(), unit: None, alignment: Alignment::Left }
    }

    /// A column of numbers.
    pub fn numbers(name: impl Into<String>, key: impl Into<String>, quantity: Quantity) -> Self {
        Self { name: name.into(), key: key.into(), unit: Some(quantity), alignment: Alignment::Right }
    }

    /// A column of numbers in a unit of files; a unit that has no quantity of its own stands in the heading.
    pub fn of_unit(name: &str, key: &str, unit: &str) -> Self {
        let quantity = Quantity::of_unit(unit);
        let is_bare = quantity == Quantity::Plain && !matches!(unit, "" | "ratio");
        Self::numbers(if is_bare { format!("{name} ({unit})") } else { name.to_owned() }, key, quantity)
    }
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A result: a mean with its interval and count.
    Estimate(Estimate),
    /// A result with its unit, where the rows of a column measure different things.
    Measured(Estimate, Quantity),
    /// A fact without an interval, such as a cost or a count of accelerators.
    Number(f64),
    /// Shares between 0 and 1 one after the other, such as a utilisation by month: a line of small bars for readers.
    Shares(Vec<Option<f64>>),
    /// Nothing is known.
    Missing,
}

impl From<Estimate> for Cell {
    fn from(estimate: Estimate) -> Self {
        Self::Estimate(estimate)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A table with a title and a note.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What it shows.
    pub title: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each with a cell a column.
    pub rows: Vec<Vec<Cell>>,
    /// What a reader needs to know: what ± means and how many replications stand behind it.
    pub note: String,
    /// Replications of the study; a cell says its own count where it differs.
    pub replications: u32,
}

impl Table {
    /// The table for a terminal of `width` characters (at least 40). Columns that don't fit beside each other go
    /// into further blocks below, each with the first column again; nothing is left out.
    pub fn text(&self, width: u16) -> String {
        let width = width.max(40);
        let cells = self.printed();
        let mut parts = vec![self.title.clone()];
        let blocks = self.blocks(&cells, usize::from(width));
        let blocks: Vec<_> =
            blocks.iter().map(|block| self.block(&cells, block, usize::from(width))).collect();
        parts.push(blocks.join("\n\n"));
        parts.push(wrapped(&self.note, usize::from(width)));
        parts.retain(|part| !part.is_empty());
        parts.join("\n")
    }

    /// The table in Markdown.
    pub fn markdown(&self) -> String {
        let escaped = |text: &str| text.replace('\\', "\\\\").replace('|', "\\|").replace(['\n', '\r'], " ");
        let line = |cells: &mut dyn Iterator<Item = String>| {
            format!("| {} |\n", cells.map(|cell| escaped(&cell)).collect::<Vec<_>>().join(" | "))
        };
        let rules = self.columns.iter().map(|column| match column.alignment {
            Alignment::Left => "---",
            Alignment::Right => "--:",
        });
        let cells = self.printed();
        let mut text = format!("**{}**\n\n", self.title);
        text += &line(&mut cells[0].iter().cloned());
        text += &line(&mut rules.map(str::to_owned));
        for row in &cells[1..] {
            text += &line(&mut row.iter().cloned());
        }
        if self.note.is_empty() { text } else { format!("{text}\n{}\n", self.note) }
    }

    /// The table as CSV (RFC 4180 with line feeds): a column of results becomes `_mean`, `_low`, `_high` and `_n`,
    /// in the units of the results; what is unknown is empty.
    pub fn csv(&self) -> String {
        let results: Vec<bool> = (0..self.columns.len()).map(|index| self.holds_results(index)).collect();
        let headings = self.columns.iter().zip(&results).flat_map(|(column, results)| {
            if *results {
                ["mean", "low", "high", "n"].iter().map(|part| format!("{}_{part}", column.key)).collect()
            } else {
                vec![column.key.clone()]
            }
        });
        let mut text = csv_line(headings);
        for row in &self.rows {
            text +=
                &csv_line(row.iter().zip(&results).flat_map(|(cell, results)| csv_fields(cell, *results)));
        }
        text
    }

    /// The table as JSON: title, note, columns with key and unit, and rows as objects by key.
    pub fn json(&self) -> Value {
        let columns: Vec<Value> = self
            .columns
            .iter()
            .map(|column| {
                json!({"key": column.key, "name": column.name, "unit": column.unit.map(Quantity::base_unit)})
            })
            .collect();
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                let fields =
                    self.columns.iter().zip(row).map(|(column, cell)| (column.key.clone(), json_of(cell)));
                Value::Object(fields.collect::<Map<_, _>>())
            })
            .collect();
        json!({
            "title": self.title, "note": self.note, "replications": self.replications,
            "columns": columns, "rows": rows,
        })
    }

    fn holds_results(&self, column: usize) -> bool {
        let is_result = |cell: &Cell| matches!(cell, Cell::Estimate(_) | Cell::Measured(..));
        self.rows.iter().any(|row| row.get(column).is_some_and(is_result))
    }

    /// The unit of a column: the one that suits its largest number.
    fn unit_of(&self, column: usize) -> Option<Unit> {
        let quantity = self.columns[column].unit?;
        let size = |cell: &Cell| match cell {
            Cell::Estimate(estimate) => format::mean(estimate).map_or(0.0, f64::abs),
            Cell::Number(number) if number.is_finite() => number.abs(),
            _ => 0.0,
        };
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        Some(quantity.unit_for(cells.map(size).fold(0.0, f64::max)))
    }

    /// Headings and cells as readers see them.
    pub(super) fn printed(&self) -> Vec<Vec<String>> {
        let units: Vec<Option<Unit>> = (0..self.columns.len()).map(|index| self.unit_of(index)).collect();
        let heading = |(column, unit): (&Column, &Option<Unit>)| match unit {
            Some(unit) if !unit.label.is_empty() => {
                // A unit of two words stays in one line.
                format!("{} ({})", column.name, unit.label.replace(' ', "\u{a0}"))
            }
            _ => column.name.clone(),
        };
        let mut lines = vec![self.columns.iter().zip(&units).map(heading).collect::<Vec<_>>()];
        let plain = Unit { divisor: 1.0, label: "" };
        lines.extend(self.rows.iter().map(|row| {
            let cells = row.iter().zip(&units).zip(&self.columns);
            cells.map(|((cell, unit), column)| self.print(cell, unit.unwrap_or(plain), column.unit)).collect()
        }));
        lines
    }

    fn print(&self, cell: &Cell, unit: Unit, quantity: Option<Quantity>) -> String {
        match cell {
            Cell::Number(p) if quantity == Some(Quantity::Probability) => format::probability(*p),
            Cell::Text(text) => text.clone(),
            Cell::Estimate(estimate) => format::estimate(estimate, unit, self.replications),
            Cell::Measured(estimate, quantity) => {
                format::estimate_with_unit(estimate, *quantity, self.replications)
            }
            Cell::Number(number) => {
                let scaled = number / unit.divisor;
                format::number(scaled, format::decimals(scaled, None))
            }
            Cell::Shares(shares) => format::bars(shares),
            Cell::Missing => "–".to_owned(),
        }
    }

    /// The least and the natural width of a column. Numbers never break; words may within a quarter of the line, and
    /// headings between their words.
    fn widths(&self, cells: &[Vec<String>], column: usize, width: usize) -> (usize, usize) {
        let heading = &cells[0][column];
        let word = heading.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
        let longest = cells[1..].iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        let longest = longest.max().unwrap_or(0);
        let unbroken = if self.columns[column].unit.is_some() { longest } else { longest.min(width / 4) };
        let most = if column == 0 { width / 4 } else { width - width / 4 - 2 * PADDING };
        (word.max(unbroken).min(most), longest.max(heading.chars().count()))
    }

    /// Which columns stand in which block: each block begins with the first column and takes as many as fit.
    fn blocks(&self, cells: &[Vec<String>], width: usize) -> Vec<Vec<usize>> {
        if self.columns.is_empty() {
            return Vec::new();
        }
        let needed = |column| self.widths(cells, column, width).0 + PADDING;
        let (mut blocks, mut used) = (vec![vec![0]], needed(0));
        for column in 1..self.columns.len() {
            let block: &mut Vec<usize> = blocks.last_mut().expect("there is a first block");
            if used + needed(column) <= width || block.len() == 1 {
                block.push(column);
                used += needed(column);
            } else {
                blocks.push(vec![0, column]);
                used = needed(0) + needed(column);
            }
        }
        blocks
    }

    fn block(&self, cells: &[Vec<String>], columns: &[usize], width: usize) -> String {
        let pick = |row: &Vec<String>| -> Vec<String> {
            columns.iter().map(|column| row.get(*column).cloned().unwrap_or_default()).collect()
        };
        let mut table = comfy_table::Table::new();
        table.load_style(RULES);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(width as u16);
        table.set_header(pick(&cells[0]));
        table.add_rows(cells[1..].iter().map(pick));
        for (index, shown) in self.shares(cells, columns, width).into_iter().enumerate() {
            let column = table.column_mut(index).expect("the headings fill every column");
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed((shown + BLANKS) as u16)));
            if self.columns[columns[index]].alignment == Alignment::Right {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table.trim_fmt()
    }

    /// The width of each column of a block: at least its least one; what is left goes to the first that want more.
    fn shares(&self, cells: &[Vec<String>], columns: &[usize], width: usize) -> Vec<usize> {
        let wanted: Vec<_> = columns.iter().map(|column| self.widths(cells, *column, width)).collect();
        let used: usize = wanted.iter().map(|(least, _)| least + PADDING).sum();
        let mut left = width.saturating_sub(used);
        let share = |(least, natural): (usize, usize)| {
            let more = natural.saturating_sub(least).min(left);
            left -= more;
            least + more
        };
        wanted.into_iter().map(share).collect()
    }
}

/// The words of a text in lines of at most `width` characters; a longer word has a line of its own.
fn wrapped(text: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

fn csv_line(fields: impl Iterator<Item = String>) -> String {
    let quoted = fields.map(|field| {
        if field.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field
        }
    });
    quoted.collect::<Vec<_>>().join(",") + "\n"
}

/// The fields of a cell: four in a column of results, else one.
fn csv_fields(cell: &Cell, results: bool) -> Vec<String> {
    let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    match (cell, results) {
        (Cell::Estimate(estimate) | Cell::Measured(estimate, _), _) => {
            let ends = format::half_width(estimate).and(format::interval(estimate));
            vec![
                number(format::mean(estimate)),
                number(ends.map(|(low, _)| low)),
                number(ends.map(|(_, high)| high)),
                estimate.count.to_string(),
            ]
        }
        (_, true) => vec![String::new(); 4],
        (Cell::Text(text), false) => vec![text.clone()],
        (Cell::Number(value), false) => vec![number(value.is_finite().then_some(*value))],
        (Cell::Shares(shares), false) => {
            vec![shares.iter().map(|share| number(*share)).collect::<Vec<_>>().join(" ")]
        }
        (Cell::Missing, false) => vec![String::new()],
    }
}

fn json_of(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => json!(text),
        Cell::Number(number) => json!(number),
        Cell::Shares(shares) => json!(shares),
        Cell::Missing => Value::Null,
        Cell::Estimate(estimate) | Cell::Measured(estimate, _) => {
            let ends = format::half_width(estimate).and(format::interval(estimate));
            json!({
                "mean": format::mean(estimate), "low": ends.map(|(low, _)| low),
                "high": ends.map(|(_, high)| high), "count": estimate.count,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table() -> Table {
        let result = |mean, half_width, count| Cell::Estimate(Estimate { mean, half_width, count });
        Table {
            title: "Waits".to_owned(),
            columns: vec![
                Column::words("Set", "set"),
                Column::numbers("Mean wait", "wait_s", Quantity::Seconds),
                Column::numbers("Cost", "cost", Quantity::Euros),
            ],
            rows: vec![
                vec!["A, \"big\" one".into(), result(Some(7200.0), Some(360.0), 10), Cell::Number(2.5e6)],
                vec!["B|C".into(), result(Some(3600.0), None, 1), Cell::Missing],
                vec!["D".into(), result(None, None, 0), Cell::Missing],
            ],
            note: "± is the half-width; n = 10 replications.".to_owned(),
            replications: 10,
        }
    }

    #[test]
    fn csv_is_exact_and_quoted() {
        assert_eq!(
            table().csv(),
            "set,wait_s_mean,wait_s_low,wait_s_high,wait_s_n,cost\n\
             \"A, \"\"big\"\" one\",7200,6840,7560,10,2500000\n\
             B|C,3600,,,1,\n\
             D,,,,0,\n"
        );
    }

    #[test]
    fn markdown_has_units_and_escapes_bars() {
        let text = table().markdown();
        assert!(text.contains("| Set | Mean wait (h) | Cost (MEUR) |\n| --- | --: | --: |\n"), "{text}");
        assert!(text.contains("| B\\|C | 1 (n = 1) | – |"), "{text}");
        assert!(text.contains("2.00 ± 0.10") && text.ends_with("n = 10 replications.\n"), "{text}");
    }

    #[test]
    fn json_keeps_interval_and_count() {
        let value = table().json();
        assert_eq!(
            value["rows"][0]["wait_s"],
            json!({"mean": 7200.0, "low": 6840.0, "high": 7560.0, "count": 10})
        );
        assert_eq!(value["columns"][1]["unit"], json!("s"));
        assert_eq!(value["rows"][1]["cost"], Value::Null);
    }

    proptest! {
        /// Any words and any width: every line fits, and no column is lost.
        #[test]
        fn text_fits_the_width(names in prop::collection::vec("[a-z é]{0,50}", 0..6), columns in 0_usize..14, width in 40_u16..160) {
            let mut table = table();
            for index in 0..columns {
                table.columns.push(Column::numbers(format!("metric{index}"), "m", Quantity::Plain));
            }
            let result = Estimate { mean: Some(123_456.0), half_width: Some(17.0), count: 10 };
            table.rows = names.iter().map(|name| {
                let mut row = vec![Cell::Text(name.clone()), Cell::Missing, Cell::Missing];
                row.extend((0..columns).map(|_| Cell::Estimate(result)));
                row
            }).collect();
            let text = table.text(width);
            for line in text.lines().filter(|line| *line != table.note) {
                prop_assert!(line.chars().count() <= usize::from(width), "{line:?} in\n{text}");
            }
            for index in 0..columns {
                let name = format!("metric{index}");
                prop_assert!(text.contains(&name), "no {} in\n{}", name, text);
            }
        }
    }
}
