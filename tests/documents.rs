//! What the documents show works: README's commands, and every scenario that is shipped.

use crate::program::{pleiade_in, project};

/// The commands in README's code blocks that begin with the program's name.
fn readme_commands() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(project("README.md")).unwrap();
    let mut inside = false;
    let mut commands = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            inside = !inside;
        } else if let Some(command) = line.strip_prefix("pleiade ").filter(|_| inside) {
            let command = command.split(" #").next().unwrap();
            commands.push(command.split_whitespace().map(|word| word.replace('"', "")).collect());
        }
    }
    commands
}

/// Commands that take long run with one replication and a short observation; those on traces that a reader has to
/// bring are left out.
#[test]
fn readme_commands_run() {
    let commands = readme_commands();
    assert!(commands.len() >= 6, "README shows the commands: {commands:?}");
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("scenarios");
    copy_tree(&project("scenarios"), &link);
    for command in commands.iter().filter(|command| command[0] != "replay" && command[0] != "validate") {
        let mut arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        if ["run", "compare"].contains(&arguments[0]) {
            arguments.extend(["--replications", "1", "--quiet"]);
            if arguments[1].contains("november") {
                arguments.extend(["--set", "observation.end=2025-04-01"]);
            }
        }
        if arguments[0] == "select" {
            let short = ["observation.end=2028-01-25", "select.runs=90", "select.most=10", "worth.runs=30"];
            arguments.extend(short.iter().flat_map(|short| ["--set", short]));
        }
        let outcome = pleiade_in(folder.path(), &arguments);
        assert_eq!(outcome.code, 0, "pleiade {}: {}", arguments.join(" "), outcome.stderr);
    }
}

fn copy_tree(from: &std::path::Path, to: &std::path::Path) {
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
        let end = if file.contains("example") {
            "observation.end=2026-03-01"
        } else if file.contains("shared-machine") {
            "observation.end=2025-02-10"
        } else if file.contains("cross-site") {
            "observation.end=2025-07-10"
        } else if file.contains("choose") {
            "observation.end=2028-01-25"
        } else {
            "observation.end=2025-03-10"
        };
        let outcome =
            pleiade_in(folder.path(), &["compare", file, "--replications", "1", "--quiet", "--set", end]);
        assert_eq!(outcome.code, 0, "{file}: {}", outcome.stderr);
    }
    assert!(scenarios >= 3);
}
