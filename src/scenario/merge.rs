//! Reads a scenario file with all it imports and merges them into one located tree. Published network maps, by their
//! suffix `.graphml` or `.json`, are imported as the routers and links that they hold.
//!
//! Imports come first, in order, then the file's own content: tables merge key by key, arrays of tables whose items
//! have an id merge by id, everything else is replaced. A file that is imported on several ways counts once, at its
//! first place. One id twice in one file is an error; in two files it is an override.

use super::diagnostics::Report;
use super::loader::Loader;
use super::problem::Problem;
use super::topology_file::{TopologyFormat, read_topology};
use super::tree::{Entry, Node, Place, Table, Value, parse};
use super::walk::join;

/// Reads and merges; what is missing or broken goes to the report.
pub(super) struct Reader<'a> {
    pub(super) loader: &'a dyn Loader,
    pub(super) report: &'a mut Report,
    /// The files on the way from the first one to the one in hand.
    ring: Vec<String>,
    /// The files read so far.
    done: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(loader: &'a dyn Loader, report: &'a mut Report) -> Self {
        Self { loader, report, ring: Vec::new(), done: Vec::new() }
    }

    /// The merged tree of the file at `path`, whose content is at hand.
    pub(super) fn merged(&mut self, path: &str, content: Vec<u8>) -> Node {
        let file = self.report.add_source(path, content.clone());
        self.done.push(path.to_owned());
        let mut own = self.parsed(file, path, content);
        self.duplicates(&own, "", "");
        self.ring.push(path.to_owned());
        let empty = Node { value: Value::Table(Table::default()), place: Place::start_of(file) };
        let imported = self.imports(&mut own).into_iter().fold(empty, |mut base, import| {
            if let Some(tree) = self.imported(path, &import) {
                overlay(&mut base, tree);
            }
            base
        });
        self.ring.pop();
        let mut tree = imported;
        overlay(&mut tree, own);
        tree.place = Place::start_of(file);
        tree
    }

    fn parsed(&mut self, file: usize, path: &str, content: Vec<u8>) -> Node {
        let start = Place::start_of(file);
        let nothing = Node { value: Value::Table(Table::default()), place: start };
        let text = match String::from_utf8(content) {
            Ok(text) => text,
            Err(error) => {
                let offset = error.utf8_error().valid_up_to();
                self.report.at(start, "", Problem::NotText { offset });
                return nothing;
            }
        };
        let errors_before = self.report.len();
        let tree = match TopologyFormat::of(path) {
            Some(format) => read_topology(format, (file, path), &text, self.report),
            None => parse(file, &text, self.report),
        };
        if self.report.len() == errors_before && tree.table().is_some_and(|table| table.entries.is_empty()) {
            self.report.at(start, "", Problem::Empty);
        }
        tree
    }

    /// Takes `import` out of a tree: paths with their places.
    fn imports(&mut self, tree: &mut Node) -> Vec<(String, Place)> {
        let Value::Table(table) = &mut tree.value else { return Vec::new() };
        let Some(index) = table.entries.iter().position(|entry| entry.key == "import") else {
            return Vec::new();
        };
        let node = table.entries.remove(index).node;
        let wrong = |node: &Node| Problem::WrongType {
            expected: "an array of file paths such as [\"catalog/sites.toml\"]".to_owned(),
            found: node.value.kind().to_owned(),
        };
        if !matches!(node.value, Value::Array(_)) {
            self.report.at(node.place, "import", wrong(&node));
        }
        let mut paths = Vec::new();
        for item in node.items() {
            match item.text() {
                Some(path) => paths.push((path.to_owned(), item.place)),
                None => self.report.at(item.place, "import", wrong(item)),
            }
        }
        paths
    }

    /// The tree of one import of the file at `base`; nothing where it is missing, in a ring, or already merged.
    fn imported(&mut self, base: &str, (import, place): &(String, Place)) -> Option<Node> {
        let path = self.loader.join(base, import);
        if let Some(start) = self.ring.iter().position(|file| *file == path) {
            let mut ring = self.ring[start..].to_vec();
            ring.push(path);
            self.report.at(*place, "import", Problem::ImportRing { ring });
            return None;
        }
        if self.done.contains(&path) {
            return None;
        }
        match self.loader.read(&path) {
            Ok(content) => Some(self.merged(&path, content)),
            Err(error) => {
                self.report.at(*place, "import", Problem::Load(error));
                None
            }
        }
    }

    /// Reports items with one id within one list of this file.
    fn duplicates(&mut self, node: &Node, kind: &str, path: &str) {
        let items = node.items();
        for (index, item) in items.iter().enumerate() {
            let id = item.id();
            let below = join(path, &id.clone().unwrap_or_else(|| index.to_string()));
            let first = items[..index].iter().find(|other| joins(other, item));
            if let (Some(id), Some(first)) = (id, first) {
                let related = vec![(first.id_place(), "the first one is here".to_owned())];
                let problem = Problem::Duplicate { kind: kind.to_owned(), id };
                self.report.with_related(item.id_place(), &below, problem, related);
            }
            self.duplicates(item, kind, &below);
        }
        for entry in node.table().map_or(&[][..], |table| &table.entries) {
            self.duplicates(&entry.node, &entry.key, &join(path, &entry.key));
        }
    }
}

/// Whether two items have one id, or are unnamed links between the same two routers in either direction.
fn joins(one: &Node, other: &Node) -> bool {
    let reversed = |item: &Node| {
        let [from, to] = item.get("between")?.items() else { return None };
        Some(format!("{}-{}", to.text()?, from.text()?))
    };
    let unnamed = |item: &Node| item.get("id").is_none();
    other.id().is_some() && one.id() == other.id()
        || (unnamed(one) && unnamed(other) && reversed(one) == other.id())
}

/// Lays `over` on `base`: what `over` says wins.
pub(super) fn overlay(base: &mut Node, over: Node) {
    match (&mut base.value, over.value) {
        (Value::Table(below), Value::Table(above)) => {
            base.place = over.place;
            above.entries.into_iter().for_each(|entry| overlay_entry(below, entry));
        }
        (Value::Array(below), Value::Array(above)) if merge_by_id(below, &above) => {
            base.place = over.place;
            for item in above {
                let id = item.id();
                match below.iter_mut().find(|known| known.id() == id) {
                    Some(known) => overlay(known, item),
                    None => below.push(item),
                }
            }
        }
        (_, value) => *base = Node { value, place: over.place },
    }
}

fn overlay_entry(table: &mut Table, entry: Entry) {
    match table.get_mut(&entry.key) {
        Some(known) => {
            known.key_place = entry.key_place;
            overlay(&mut known.node, entry.node);
        }
        None => table.entries.push(entry),
    }
}

/// Both arrays hold something, and every item is a table with an id.
fn merge_by_id(below: &[Node], above: &[Node]) -> bool {
    let named = |items: &[Node]| !items.is_empty() && items.iter().all(|item| item.id().is_some());
    named(below) && named(above)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::loader::MemoryLoader;

    fn merged(files: &[(&str, &str)]) -> (Node, Report) {
        let loader = MemoryLoader::new(files);
        let mut report = Report::default();
        let content = loader.read(files[0].0).unwrap();
        let tree = Reader::new(&loader, &mut report).merged(files[0].0, content);
        (tree, report)
    }

    fn text<'a>(tree: &'a Node, path: &str) -> Option<&'a str> {
        let mut node = tree;
        for step in path.split('.') {
            node = node.child(step)?;
        }
        node.text()
    }

    #[test]
    fn later_files_override_by_id() {
        let (tree, report) = merged(&[
            (
                "a.toml",
                "import = ['b.toml', 'c.toml']\n[[site]]\nid = 'x'\n[[site.partition]]\nid = 'p'\nq = 'a'",
            ),
            (
                "b.toml",
                "[[site]]\nid = 'x'\nk = 'b'\nm = 'b'\n[[site.partition]]\nid = 'p'\nq = 'b'\nr = 'b'",
            ),
            ("c.toml", "import = ['b.toml']\n[[site]]\nid = 'y'\n[[site]]\nid = 'x'\nk = 'c'"),
        ]);
        assert!(report.is_empty());
        assert_eq!(text(&tree, "site.x.k"), Some("c"));
        assert_eq!(text(&tree, "site.x.m"), Some("b"));
        assert_eq!(text(&tree, "site.x.partition.p.q"), Some("a"));
        assert_eq!(text(&tree, "site.x.partition.p.r"), Some("b"));
        assert_eq!(tree.child("site").unwrap().items().len(), 2);
    }

    #[test]
    fn links_without_id_are_known_by_their_ends() {
        let (tree, _) = merged(&[
            ("a.toml", "import = ['b.toml']\n[[link]]\nbetween = ['x', 'y']\ncapacity = '2'"),
            ("b.toml", "[[link]]\nbetween = ['x', 'y']\ncapacity = '1'\nlatency = '3'"),
        ]);
        assert_eq!(text(&tree, "link.x-y.capacity"), Some("2"));
        assert_eq!(text(&tree, "link.x-y.latency"), Some("3"));
    }
}
