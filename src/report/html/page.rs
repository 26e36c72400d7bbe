//! The whole page: head with its policy, answer, charts, tables, facts, how it was computed.

use super::answer::answer;
use super::charts::charts;
use super::escape::{html, json};
use super::how::how;
use super::tables::{Shown, folded};
use crate::report::Table;
use crate::report::choosing::{self, futures_tables, select_tables};
use crate::report::overview::{all_tables, assumptions, shown_first, site_tables};
use crate::report::sweep::{self, sweep_tables};
use crate::study::select::SelectSummary;
use crate::study::sweep::SweepSummary;
use crate::study::{FuturesSummary, StudySummary};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The chart library, packed by `build.rs`.
const LIBRARY: &str = include_str!(concat!(env!("OUT_DIR"), "/plotly.deflate.base64"));
/// The SHA-256 of the chart library's text, in base64.
const LIBRARY_HASH: &str = include_str!(concat!(env!("OUT_DIR"), "/plotly.sha256.base64"));
const STYLE: &str = include_str!("page.css");
/// Our script; plain text, so that who opens the page's source can read it.
const SCRIPT: &str = concat!(
    include_str!("page.js"),
    include_str!("charts.js"),
    include_str!("places.js"),
    include_str!("choices.js"),
    include_str!("sweeps.js"),
    include_str!("start.js")
);

/// What is known of a study beside its results.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// The scenario's title.
    pub title: String,
    /// The version of the program that made the results.
    pub version: String,
    /// The SHA-256 of the resolved scenario, in hexadecimal digits.
    pub resolved_sha256: String,
    /// The files that the scenario was read from: name and SHA-256.
    pub inputs: Vec<(String, String)>,
}

/// The results that a page shows, with what is known of each.
#[derive(Debug, Clone, Copy, Default)]
pub struct Study<'s> {
    /// The candidate sets.
    pub sets: Option<(&'s StudySummary, &'s About)>,
    /// The same sets in several futures.
    pub futures: Option<&'s FuturesSummary>,
    /// What was chosen.
    pub select: Option<(&'s SelectSummary, &'s About)>,
    /// The sets over axes of parameters.
    pub sweep: Option<(&'s SweepSummary, &'s About)>,
}

/// The page of what there is of a study.
pub fn page(study: Study) -> String {
    let title = title(study);
    let body = [header(study, title), charts_part(), tables_part(study), how(study)];
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{} – Pléiade</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{}\
         <script type=\"application/json\" id=\"results\">{}</script>\n\
         <script type=\"text/plain\" id=\"library\">{LIBRARY}</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n",
        policy(),
        html(title),
        body.concat(),
        json(&charts(&study)),
    )
}

/// Nothing may be fetched and only the two scripts run. plotly.js sets styles of its own and makes pictures by blob.
fn policy() -> String {
    let own = STANDARD.encode(Sha256::digest(SCRIPT.as_bytes()));
    format!(
        "default-src 'none'; script-src 'sha256-{own}' 'sha256-{LIBRARY_HASH}'; style-src 'unsafe-inline'; img-src data: blob:; \
         base-uri 'none'; form-action 'none'"
    )
}

/// The scenario's title, or its name where it has none.
fn title(study: Study<'_>) -> &str {
    let of_sets = study.sets.map(|(summary, about)| (&summary.scenario, about));
    let of_choice = study.select.map(|(select, about)| (&select.scenario, about));
    let of_sweep = study.sweep.map(|(sweep, about)| (&sweep.scenario, about));
    let first = [of_sets, of_choice, of_sweep].into_iter().flatten().next();
    first.map_or("", |(name, about)| if about.title.is_empty() { name } else { &about.title })
}

/// The title, and the answers of all that there is; the first sentence is the one to read.
fn header(study: Study, title: &str) -> String {
    let answers = [
        ("", study.sets.map(|(summary, _)| answer(summary))),
        ("The choice", study.select.map(|(select, _)| choosing::sentences(select))),
        ("The sweep", study.sweep.map(|(sweep, _)| sweep::sentences(sweep))),
    ];
    let there = answers.into_iter().filter_map(|(heading, said)| Some((heading, said?)));
    let block = |(place, (heading, sentences)): (usize, (&str, Vec<String>))| match sentences.split_first() {
        Some((first, rest)) if place == 0 => {
            format!("<p class=\"answer\">{}</p>\n{}", html(first), paragraphs(rest))
        }
        _ => format!("<h2>{heading}</h2>\n{}", paragraphs(&sentences)),
    };
    let said: Vec<String> = there.enumerate().map(block).collect();
    let said = said.concat();
    format!(
        "<a class=\"skip\" href=\"#tables\">To the tables</a>\n<header>\n<h1>{}</h1>\n</header>\n<main>\n\
         <section id=\"answer\" aria-label=\"Answer\">\n{said}</section>\n",
        html(title)
    )
}

/// Each sentence in a paragraph.
fn paragraphs(sentences: &[String]) -> String {
    let all: Vec<String> = sentences.iter().map(|one| format!("<p>{}</p>\n", html(one))).collect();
    all.concat()
}

fn charts_part() -> String {
    "<section id=\"charts\" aria-label=\"Charts\">\n<h2>Charts</h2>\n<p id=\"loading\" role=\"status\">The charts are being drawn. Without \
     scripts there are none; the tables below hold all results.</p>\n</section>\n"
        .to_owned()
}

fn tables_part(study: Study) -> String {
    let summary = study.sets.map(|(summary, _)| summary);
    let first = summary.map_or_else(Vec::new, shown_first);
    let sites = summary.map_or_else(Vec::new, site_tables);
    let assumptions: Vec<Table> = summary.map_or_else(Vec::new, |summary| assumptions(summary).into());
    let shown = || first.iter().chain(&sites).chain(&assumptions);
    let is_shown = |table: &Table| shown().any(|one| one.title == table.title);
    let all = summary.map_or_else(Vec::new, all_tables);
    let others: Vec<Table> = all.into_iter().filter(|table| !is_shown(table)).collect();
    let futures = summary.zip(study.futures);
    let parts = [
        ("Results", first, Shown::Open),
        (
            "In the futures",
            futures.map_or_else(Vec::new, |(summary, found)| futures_tables(found, summary.replications)),
            Shown::Open,
        ),
        (
            "The choice in tables",
            study.select.map_or_else(Vec::new, |(found, _)| select_tables(found)),
            part_shown(study),
        ),
        (
            "Over parameters",
            study.sweep.map_or_else(Vec::new, |(found, _)| sweep_tables(found)),
            part_shown(study),
        ),
        ("Sites", sites, Shown::Closed),
        ("All other tables", others, Shown::Closed),
        ("Assumptions", assumptions, Shown::Open),
    ];
    let part = |(heading, tables, shown): (&str, Vec<Table>, Shown)| {
        let tables: String = tables.iter().map(|table| folded(table, shown)).collect();
        if tables.is_empty() {
            tables
        } else {
            format!("<div class=\"part\">\n<h2>{heading}</h2>\n{tables}</div>\n")
        }
    };
    let text: String = parts.into_iter().map(part).collect();
    format!(
        "<section id=\"tables\" aria-label=\"Tables\">\n<p class=\"note\">A click on a heading sorts its table. The tables that stand open are printed.</p>\n{text}</section>\n"
    )
}

/// The tables of a choice and of a sweep stand open where there are no others.
fn part_shown(study: Study) -> Shown {
    if study.sets.is_some() { Shown::Closed } else { Shown::Open }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Size, study, with_projects};

    const MARKUP: &str = "</script><!--<script>alert(1)</script>";

    fn page_of(summary: &StudySummary, title: &str) -> String {
        let about = About { title: title.to_owned(), ..About::default() };
        page(Study { sets: Some((summary, &about)), ..Study::default() })
    }

    /// Whatever is a name stays one: the page has the elements of our own text and no others.
    #[test]
    fn names_are_no_elements() {
        let tame = study(&Size { sites: 3, sets: 2, months: 6 });
        let mut wild = tame.clone();
        for set in &mut wild.sets {
            set.name = MARKUP.to_owned();
            set.sites[0].name = MARKUP.to_owned();
            set.communities[0].name = MARKUP.to_owned();
            set.links[0].name = MARKUP.to_owned();
        }
        wild.broker = MARKUP.to_owned();
        wild.facts[0].source = MARKUP.to_owned();
        let count = |text: &str, tag: &str| text.matches(tag).count();
        let (tame, wild) = (page_of(&tame, "Tame"), page_of(&wild, MARKUP));
        for tag in ["<script", "</script", "<!--"] {
            assert_eq!(count(&tame, tag), count(&wild, tag), "{tag}");
        }
        assert_eq!(count(&wild, "<script"), 3);
        assert!(wild.contains("&lt;/script&gt;&lt;!--") && wild.contains("\\u003c/script\\u003e"));
    }

    /// The hashes of the policy are those of the scripts that stand in the page.
    #[test]
    fn the_policy_names_the_scripts() {
        let page = page_of(&study(&Size { sites: 3, sets: 2, months: 6 }), "");
        let between = |from: &str, to: &str| page.split_once(from).unwrap().1.split_once(to).unwrap().0;
        let own = STANDARD.encode(Sha256::digest(between("<script>", "</script>").as_bytes()));
        assert!(page.contains(&format!("'sha256-{own}'")));
        let packed = STANDARD.decode(between("id=\"library\">", "</script>")).unwrap();
        let mut library = String::new();
        let mut unpacked = flate2::read::DeflateDecoder::new(packed.as_slice());
        std::io::Read::read_to_string(&mut unpacked, &mut library).unwrap();
        assert!(library.contains("plotly.js v3"));
        assert_eq!(STANDARD.encode(Sha256::digest(library.as_bytes())), LIBRARY_HASH);
        let policy = between("Security-Policy\" content=\"", "\"");
        assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
        assert!(!policy.contains("http") && !policy.contains("unsafe-eval"), "{policy}");
    }

    /// Six sets of thirty sites over three years fit into the six megabytes, and so does a study of nothing.
    #[test]
    fn pages_of_all_sizes() {
        let large = with_projects(study(&Size { sites: 30, sets: 6, months: 36 }));
        let page = page_of(&large, "Large");
        assert!(page.len() < 6_000_000, "{} bytes", page.len());
        assert_eq!(page, page_of(&large, "Large"));
        let empty = page_of(&study(&Size { sites: 0, sets: 0, months: 0 }), "");
        assert!(empty.contains("No set was run."));
    }
}
