//! The house rules that a program can hold: layers, headers, file lengths, who touches the outside world.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each layer may import only from those before it; the second column names those that it must not know all the same.
const LAYERS: [(&str, &[&str]); 17] = [
    ("units", &[]),
    ("engine", &[]),
    ("model", &[]),
    ("records", &[]),
    ("statistics", &[]),
    ("workload", &[]),
    ("access", &["statistics", "workload"]),
    ("network", &["workload", "statistics", "access"]),
    ("data", &["records", "workload", "statistics", "network", "access"]),
    ("scheduling", &["engine", "workload", "statistics", "data", "access"]),
    ("bound", &["engine", "workload", "statistics", "scheduling", "access"]),
    ("simulation", &["statistics", "bound"]),
    ("scenario", &["simulation", "workload", "scheduling"]),
    ("study", &["scenario"]),
    ("report", &["simulation", "scenario", "workload"]),
    ("host", &["report"]),
    ("cli", &[]),
];

/// Words that only some layers may use.
const WORDS: [(&str, &[&str]); 7] = [
    ("std::fs", &["host", "cli"]),
    ("println!", &["cli"]),
    ("std::env", &["host"]),
    ("std::time", &["host"]),
    ("serde", &["units", "simulation", "statistics", "scenario", "study", "report", "host", "cli"]),
    ("plotters", &["report"]),
    ("rayon", &["host", "cli"]),
];

fn source_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(source_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The lines of a file that are code of the product: without comments, and up to its tests.
fn product_code(text: &str) -> Vec<&str> {
    let tests = text.find("#[cfg(test)]\nmod tests").unwrap_or(text.len());
    text[..tests]
        .lines()
        .filter(|line| !line.trim_start().starts_with("//") && !line.trim().is_empty())
        .collect()
}

/// Files that are compiled for tests only: named by `#[cfg(test)]` before `mod name;`.
fn test_only(files: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for pair in lines.windows(2).filter(|pair| pair[0].trim() == "#[cfg(test)]") {
            let name = pair[1].trim().trim_start_matches("pub(crate) ").strip_prefix("mod ");
            if let Some(name) = name.and_then(|rest| rest.strip_suffix(';')) {
                let folder = file.parent().unwrap();
                found.extend([folder.join(format!("{name}.rs")), folder.join(name)]);
            }
        }
    }
    found
}

/// Each layer with the product code of its files.
fn layers() -> BTreeMap<&'static str, Vec<(PathBuf, String)>> {
    let mut layers = BTreeMap::new();
    for (layer, _) in LAYERS {
        let files = source_files(&root().join("src").join(layer));
        let test_only = test_only(&files);
        let product = files.into_iter().filter(|file| !test_only.iter().any(|test| file.starts_with(test)));
        let code = product.map(|file| {
            let text = fs::read_to_string(&file).unwrap();
            (file, product_code(&text).join("\n"))
        });
        layers.insert(layer, code.collect());
    }
    layers
}

/// The layers named after `crate::` in a text.
fn imports(code: &str) -> impl Iterator<Item = &str> {
    code.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        &rest[..end]
    })
}

#[test]
fn imports_go_up_the_table_only() {
    let mut wrong = Vec::new();
    for (layer, files) in layers() {
        let place = LAYERS.iter().position(|(name, _)| *name == layer).unwrap();
        let (above, own) = (&LAYERS[..place], LAYERS[place]);
        assert!(!files.is_empty(), "layer {layer} has files");
        for (file, code) in files {
            for import in imports(&code) {
                let known = LAYERS.iter().any(|(name, _)| *name == import);
                let allowed = import == layer || above.iter().any(|(name, _)| *name == import);
                if known && (!allowed || own.1.contains(&import)) {
                    wrong.push(format!("{}: {layer} imports {import}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_some_layers_touch_the_outside_world() {
    let mut wrong = Vec::new();
    for (layer, files) in layers() {
        for (file, code) in files {
            for (word, allowed) in WORDS {
                if code.contains(word) && !allowed.contains(&layer) {
                    wrong.push(format!("{}: {layer} uses {word}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_map_in_lib_rs_is_the_table() {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | [`")?.split('`').next());
    assert_eq!(rows.collect::<Vec<_>>(), LAYERS.map(|(name, _)| name));
    let folders = fs::read_dir(root().join("src")).unwrap().map(|entry| entry.unwrap().path());
    assert_eq!(folders.filter(|path| path.is_dir()).count(), LAYERS.len(), "every folder of src is a layer");
}

#[test]
fn files_open_with_their_purpose_and_stay_short() {
    let mut wrong = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for file in source_files(&root().join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            if !text.starts_with("//!") {
                wrong.push(format!("{}: no //! header", file.display()));
            }
            let length = product_code(&text).len();
            if length > 400 {
                wrong.push(format!("{}: {length} lines of code", file.display()));
            }
            let product = product_code(&text).join("\n");
            if folder == "src"
                && [".unwrap()", "todo!", "unimplemented!"].iter().any(|word| product.contains(word))
            {
                let tests_only = test_only(&source_files(file.parent().unwrap()));
                if !tests_only.iter().any(|test| file.starts_with(test))
                    && !file.components().any(|c| c.as_os_str() == "tests")
                {
                    wrong.push(format!("{}: unwrap or todo", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every entity of the catalog says where it comes from and how well it is known.
#[test]
fn catalog_facts_carry_their_source() {
    for entry in fs::read_dir(root().join("scenarios/catalog")).unwrap() {
        let path = entry.unwrap().path();
        let table: toml::Table = fs::read_to_string(&path).unwrap().parse().unwrap();
        let mut entities: Vec<toml::Table> = Vec::new();
        for items in table.values().filter_map(toml::Value::as_array) {
            entities.extend(items.iter().filter_map(toml::Value::as_table).cloned());
        }
        let inner: Vec<toml::Table> = entities
            .iter()
            .filter_map(|entity| entity.get("partition")?.as_array())
            .flatten()
            .filter_map(|partition| partition.as_table().cloned())
            .collect();
        for entity in entities.iter().chain(&inner) {
            for key in ["source", "confidence"] {
                assert!(entity.contains_key(key), "{}: {key} is missing in {entity:?}", path.display());
            }
        }
    }
}
