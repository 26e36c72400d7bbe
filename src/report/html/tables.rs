//! Tables as HTML that sort by a click or a key.

use super::escape::html;
use crate::report::format::mean;
use crate::report::table::{Alignment, Cell, Table};
use std::fmt::Write as _;

/// Whether a table stands open when the page is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Open,
    Closed,
}

/// A table in its fold; its headings are buttons that sort it.
pub(super) fn folded(table: &Table, shown: Shown) -> String {
    let title = html(&table.title);
    let open = if shown == Shown::Open { " open" } else { "" };
    let printed = table.printed();
    let head: Vec<String> = printed[0]
        .iter()
        .zip(&table.columns)
        .map(|(text, column)| {
            let class = class(column.alignment);
            format!("<th scope=\"col\"{class}><button type=\"button\">{}</button></th>", html(text))
        })
        .collect();
    let head = head.concat();
    let mut body = String::new();
    for (texts, cells) in printed[1..].iter().zip(&table.rows) {
        body.push_str("<tr>");
        for ((text, cell), column) in texts.iter().zip(cells).zip(&table.columns) {
            write!(body, "<td{}{}>{}</td>", class(column.alignment), value(cell), html(text))
                .expect("a string takes every text");
        }
        body.push_str("</tr>\n");
    }
    let note = if table.note.is_empty() {
        String::new()
    } else {
        format!("<p class=\"note\">{}</p>\n", html(&table.note))
    };
    format!(
        "<details class=\"table\"{open}><summary>{title}</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" \
         aria-label=\"{title}\"><table class=\"sortable\"><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>\n{note}</details>\n"
    )
}

fn class(alignment: Alignment) -> &'static str {
    match alignment {
        Alignment::Left => "",
        Alignment::Right => " class=\"number\"",
    }
}

/// By what a cell sorts, where that is not its text: the full number.
fn value(cell: &Cell) -> String {
    let number = match cell {
        Cell::Number(number) => Some(*number).filter(|number| number.is_finite()),
        Cell::Estimate(estimate) | Cell::Measured(estimate, _) => mean(estimate),
        // A row of bars sorts by what there is at the end.
        Cell::Shares(shares) => shares.last().copied().flatten(),
        Cell::Text(_) | Cell::Missing => None,
    };
    number.map_or(String::new(), |number| format!(" data-value=\"{number:e}\""))
}
