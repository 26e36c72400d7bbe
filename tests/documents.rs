//! What the documents show works: commands and links of README and the guide, the page of the language, and every scenario that is
//! shipped.

use crate::program::{pleiade_in, project};
use std::path::{Path, PathBuf};

/// README and the pages of the guide.
fn pages() -> Vec<PathBuf> {
    let docs = std::fs::read_dir(project("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> =
        docs.filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
    pages.sort();
    pages.insert(0, project("README.md"));
    pages
}

/// The commands in a page's code blocks that begin with the program's name, as a shell would split them.
fn commands(text: &str) -> Vec<Vec<String>> {
    let mut inside = false;
    let mut commands = Vec::new();
    for line in text.replace("\\\n", " ").lines() {
        if line.starts_with("```") {
            inside = !inside;
        } else if let Some(command) = line.strip_prefix("pleiade ").filter(|_| inside) {
            commands.push(words(command.split(" #").next().unwrap()));
        }
    }
    commands
}

/// The words of a line, with single and double quotes taken off.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for letter in line.chars() {
        match (quote, letter) {
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, ' ') => words.push(std::mem::take(&mut word)),
            _ => word.push(letter),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// A short end of the observation of a scenario that is shipped, so that it runs for a moment.
fn short(file: &str) -> &'static str {
    let ends = [
        ("example", "2026-03-01"),
        ("shared-machine", "2025-02-10"),
        ("cross-site", "2025-07-10"),
        ("choose", "2028-01-25"),
    ];
    ends.iter().find(|(name, _)| file.contains(name)).map_or("2025-03-10", |(_, end)| end)
}

/// Commands that take long run with one replication and a short observation; those on traces that a reader has to
/// bring are left out.
#[test]
fn commands_of_the_documents_run() {
    let mut ran = 0;
    for page in pages() {
        let folder = tempfile::tempdir().unwrap();
        copy_tree(&project("scenarios"), &folder.path().join("scenarios"));
        let commands = commands(&std::fs::read_to_string(&page).unwrap());
        for mut command in commands.into_iter().filter(|one| one[0] != "replay" && one[0] != "validate") {
            if command.starts_with(&["study", "plan"].map(str::to_owned)) {
                command.extend(["--set".to_owned(), format!("observation.end={}", short(&command[2]))]);
            } else if ["run", "compare", "sweep", "select"].contains(&command[0].as_str()) {
                let mut changes = vec![format!("observation.end={}", short(&command[1]))];
                if command[0] == "select" {
                    changes.extend(["select.runs=90", "select.most=10"].map(str::to_owned));
                    changes.extend(
                        command.iter().all(|word| word != "every").then(|| "worth.runs=30".to_owned()),
                    );
                }
                command.extend(changes.into_iter().flat_map(|change| ["--set".to_owned(), change]));
                if command[0] != "select" {
                    if let Some(asked) = command.iter().position(|word| word == "--replications") {
                        command.drain(asked..asked + 2);
                    }
                    command.extend(["--replications", "1", "--quiet"].map(str::to_owned));
                }
            }
            let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
            let outcome = pleiade_in(folder.path(), &arguments);
            assert_eq!(
                outcome.code,
                0,
                "{}: pleiade {}: {}",
                page.display(),
                arguments.join(" "),
                outcome.stderr
            );
            ran += 1;
        }
    }
    assert!(ran >= 25, "README and the guide show commands: {ran}");
}

/// The page of the language is what the schema says; `PLEIADE_BLESS=1` writes it anew.
#[test]
fn the_language_is_that_of_the_schema() {
    let outcome = pleiade_in(Path::new("."), &["schema", "--format", "markdown"]);
    let file = project("docs/scenario-language.md");
    if std::env::var("PLEIADE_BLESS").is_ok_and(|value| value == "1") {
        std::fs::write(&file, &outcome.stdout).unwrap();
        panic!("wrote the page: run again without PLEIADE_BLESS");
    }
    assert!(outcome.stdout == std::fs::read_to_string(file).unwrap(), "the page and the schema differ");
}

/// What links and pictures of the pages lead to is there, and the book has every page.
#[test]
fn links_lead_to_files() {
    let summary = std::fs::read_to_string(project("docs/SUMMARY.md")).unwrap();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            let target = link.split('#').next().unwrap();
            let is_file = !target.is_empty() && !target.contains("://") && !target.contains(' ');
            assert!(!is_file || page.with_file_name(target).exists(), "{}: {link}", page.display());
        }
        let name = page.file_name().unwrap().to_string_lossy().into_owned();
        let is_listed =
            ["README.md", "SUMMARY.md"].contains(&name.as_str()) || summary.contains(&format!("({name})"));
        assert!(is_listed, "docs/SUMMARY.md does not list {name}");
    }
}

fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_tree(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// Every scenario that is shipped passes `check`, and runs for a short while.
#[test]
fn shipped_scenarios_run() {
    let mut scenarios = 0;
    for entry in std::fs::read_dir(project("scenarios")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        scenarios += 1;
        let file = path.to_str().unwrap();
        let outcome = pleiade_in(&project(""), &["check", file]);
        assert_eq!(outcome.code, 0, "{file}: {}", outcome.stderr);
        let folder = tempfile::tempdir().unwrap();
        let end = format!("observation.end={}", short(file));
        let outcome =
            pleiade_in(folder.path(), &["compare", file, "--replications", "1", "--quiet", "--set", &end]);
        assert_eq!(outcome.code, 0, "{file}: {}", outcome.stderr);
    }
    assert!(scenarios >= 3);
}
