//! What is wrong with a scenario, all of it at once, each with its place: collected, ordered and drawn.

use super::loader::LoadError;
use super::problem::Problem;
use super::tree::{Node, Place};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::fmt;
use std::ops::Range;

/// A file that the scenario was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its path as it was asked for; `--set` for overrides.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

impl Source {
    /// The text, or nothing where the file is none.
    fn text(&self) -> &str {
        std::str::from_utf8(&self.content).unwrap_or("")
    }

    /// Line and column of a byte, both from 1, the column in characters.
    fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let text = self.text();
        let before = text.get(..byte).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// Another place that belongs to a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The file.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// Its column in characters, from 1.
    pub column: usize,
    /// Its bytes.
    pub span: Range<usize>,
    /// What is there.
    pub label: String,
}

/// One problem and where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// The file in which it was written.
    pub file: String,
    /// The bytes in the file.
    pub span: Range<usize>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The key's path in the scenario, such as `site.lumi.partition.lumi-g.nodes`; empty for a whole file.
    pub path: String,
    /// What is wrong.
    pub problem: Problem,
    /// What the key means, where that helps.
    pub help: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
}

impl fmt::Display for Diagnostic {
    /// `file:line:column: path: message`, what editors and scripts read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "{}", self.problem)
    }
}

/// Whether a drawing carries terminal colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// No escape sequences.
    Never,
    /// Colours by ANSI escape sequences.
    Always,
}

/// All problems of a scenario, by file, then by place.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostics {
    /// The problems; at least one.
    pub items: Vec<Diagnostic>,
    sources: Vec<Source>,
}

impl std::error::Error for Diagnostics {}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.iter().try_for_each(|item| writeln!(f, "{item}"))
    }
}

impl Diagnostics {
    /// Draws every problem the way rustc does: a plain line first, then the source line with the place underlined.
    pub fn render(&self, color: Color) -> String {
        let renderer = match color {
            Color::Never => Renderer::plain(),
            Color::Always => Renderer::styled(),
        };
        let drawings = self.items.iter().map(|item| {
            let group = self.draw(item);
            format!("{item}\n{}\n", renderer.render(&[group]))
        });
        drawings.collect::<Vec<_>>().join("\n")
    }

    fn draw<'a>(&'a self, item: &'a Diagnostic) -> Group<'a> {
        let title = Level::ERROR.primary_title(item.problem.to_string());
        let mut group = title.elements(self.snippet(&item.file, &item.span, AnnotationKind::Primary, None));
        for related in &item.related {
            let label = Some(related.label.as_str());
            group =
                group.elements(self.snippet(&related.file, &related.span, AnnotationKind::Context, label));
        }
        match &item.help {
            Some(help) => group.element(Level::HELP.message(help.as_str())),
            None => group,
        }
    }

    /// The source lines of a span; nothing for a file without text.
    fn snippet<'a>(
        &'a self,
        file: &'a str,
        span: &Range<usize>,
        kind: AnnotationKind,
        label: Option<&'a str>,
    ) -> Option<Snippet<'a, annotate_snippets::Annotation<'a>>> {
        let text = self.sources.iter().find(|source| source.name == file)?.text();
        let span = span.start.min(text.len())..span.end.min(text.len());
        let annotation = kind.span(span).label(label);
        (!text.is_empty()).then(|| Snippet::source(text).path(file).annotation(annotation))
    }
}

struct Found {
    place: Place,
    path: String,
    problem: Problem,
    help: Option<String>,
    related: Vec<(Place, String)>,
}

/// Collects problems and the files they are in.
#[derive(Default)]
pub(super) struct Report {
    pub(super) sources: Vec<Source>,
    found: Vec<Found>,
}

impl Report {
    /// Without a problem yet, over files that are known.
    pub(super) fn of(sources: Vec<Source>) -> Self {
        Self { sources, found: Vec::new() }
    }

    /// Adds a file and returns its index.
    pub(super) fn add_source(&mut self, name: &str, content: Vec<u8>) -> usize {
        self.sources.push(Source { name: name.to_owned(), content });
        self.sources.len() - 1
    }

    pub(super) fn at(&mut self, place: Place, path: &str, problem: Problem) {
        self.found.push(Found { place, path: path.to_owned(), problem, help: None, related: Vec::new() });
    }

    pub(super) fn with_help(&mut self, place: Place, path: &str, problem: Problem, help: Option<String>) {
        self.found.push(Found { place, path: path.to_owned(), problem, help, related: Vec::new() });
    }

    pub(super) fn with_related(
        &mut self,
        place: Place,
        path: &str,
        problem: Problem,
        related: Vec<(Place, String)>,
    ) {
        self.found.push(Found { place, path: path.to_owned(), problem, help: None, related });
    }

    /// A problem at the deepest known node along `path`.
    pub(super) fn in_tree(&mut self, tree: &Node, path: &str, problem: Problem) {
        self.at(tree.nearest(path).place, path, problem);
    }

    /// A broken rule at the deepest known node along `path`.
    pub(super) fn rule(&mut self, tree: &Node, path: &str, text: impl Into<String>) {
        self.in_tree(tree, path, Problem::Rule(text.into()));
    }

    pub(super) fn len(&self) -> usize {
        self.found.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether some file could not be read or understood, so that more errors would only mislead.
    pub(super) fn has_unreadable_file(&self) -> bool {
        let unreadable = |problem: &Problem| {
            matches!(
                problem,
                Problem::Load(_)
                    | Problem::NotText { .. }
                    | Problem::Empty
                    | Problem::Syntax(_)
                    | Problem::ImportRing { .. }
            )
        };
        self.found.iter().any(|found| unreadable(&found.problem))
    }

    /// Whether some problem's path begins with one of `roots`.
    pub(super) fn touches(&self, roots: &[&str]) -> bool {
        self.found.iter().any(|found| {
            let root = found.path.split('.').next().unwrap_or("");
            roots.contains(&root)
        })
    }

    /// Whether some problem is that of `path` itself.
    pub(super) fn has_at(&self, path: &str) -> bool {
        self.found.iter().any(|found| found.path == path)
    }

    /// Whether some problem lies below `path`.
    pub(super) fn has_below(&self, path: &str) -> bool {
        let below = |found: &Found| found.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
        self.found.iter().any(below)
    }

    /// All problems, ordered.
    pub(super) fn finish(self) -> Diagnostics {
        let Self { sources, mut found } = self;
        found.sort_by(|a, b| (a.place, &a.path).cmp(&(b.place, &b.path)));
        found.dedup_by(|a, b| a.place == b.place && a.path == b.path && a.problem == b.problem);
        let items = found.into_iter().map(|found| located(&sources, found)).collect();
        Diagnostics { items, sources }
    }

    /// All problems in the order found, with their paths.
    pub(super) fn into_problems(self) -> Vec<(String, Problem)> {
        self.found.into_iter().map(|found| (found.path, found.problem)).collect()
    }

    /// A single problem of a file that could not be read at all.
    pub(super) fn unreadable(mut self, path: &str, error: LoadError) -> Diagnostics {
        let file = self.add_source(path, Vec::new());
        self.at(Place::start_of(file), "", Problem::Load(error));
        self.finish()
    }
}

fn located(sources: &[Source], found: Found) -> Diagnostic {
    let source = &sources[found.place.file];
    let (line, column) = source.line_and_column(found.place.start);
    let related = found.related.into_iter().map(|(place, label)| {
        let source = &sources[place.file];
        let (line, column) = source.line_and_column(place.start);
        Related { file: source.name.clone(), line, column, span: place.start..place.end, label }
    });
    Diagnostic {
        file: source.name.clone(),
        span: found.place.start..found.place.end,
        line,
        column,
        path: found.path,
        problem: found.problem,
        help: found.help,
        related: related.collect(),
    }
}
