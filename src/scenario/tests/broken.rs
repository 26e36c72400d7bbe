//! What is wrong, and where: each broken scenario with the place and the words of its message.

use super::load_text;
use crate::scenario::{Color, EXAMPLE, MemoryLoader, Override, load};

/// The example with `from` replaced by `to`; the error is expected at the `|` within `to`, with all `words`.
fn check(from: &str, to: &str, words: &[&str]) {
    assert!(EXAMPLE.contains(from), "{from}");
    let text = EXAMPLE.replacen(from, to, 1);
    check_text(&text, words);
}

/// A text with one error at its `|`.
fn check_text(marked: &str, words: &[&str]) {
    let at = marked.find('|').expect("the place of the error is marked");
    let line = marked[..at].matches('\n').count() + 1;
    let column = marked[..at].lines().last().map_or(0, |line| line.chars().count()) + 1;
    let column = if marked[..at].ends_with('\n') || at == 0 { 1 } else { column };
    let diagnostics = load_text(&marked.replacen('|', "", 1), &[]).expect_err(marked);
    let text = diagnostics.to_string();
    assert_eq!(diagnostics.items.len(), 1, "{text}");
    let found = (diagnostics.items[0].line, diagnostics.items[0].column);
    assert_eq!(found, (line, column), "{text}");
    words.iter().for_each(|word| assert!(text.contains(word), "{word} in {text}"));
    assert!(diagnostics.render(Color::Never).contains(text.trim_end()), "{text}");
}

#[test]
fn wrong_values() {
    check("\"10 Gbit/s\"", "|\"10 Gb\"", &["site.west.uplink: unknown unit \"Gb\"", "Gbit/s"]);
    check("\"10 Gbit/s\"", "|\"-10 Gbit/s\"", &["must not be negative"]);
    check("\"10 Gbit/s\"", "|\"0 Gbit/s\"", &["must be above zero"]);
    check("\"10 Gbit/s\"", "|10", &["expected a rate such as \"400 Gbit/s\", found the number 10"]);
    check("nodes = 24", "nodes = |\"24\"", &["site.north.partition.gpu.nodes: expected a whole number"]);
    check("nodes = 24", "nodes = |-24", &["must be at least 1"]);
    check("nodes = 24", "nodes = |5_000_000_000", &["at most 4294967295"]);
    check("share = 0.5", "share = |1.5", &["must be above 0 and at most 1, found 1.5"]);
    check("share = 0.5", "share = |0.01", &["leaves no whole node"]);
    check("latitude = 64.2", "latitude = |95.0", &["at least -90 and at most 90"]);
    check("latitude = 64.2", "latitude = |nan", &["expected a number"]);
    check("longitude = 27.7", "longitude = 27.7\npue = |0.9", &["at least 1"]);
    check("start = 2026-01-01", "start = |\"2026-13-01\"", &["expected a date such as"]);
    check("start = 2026-01-01", "start = |2026-01-01T12:00:00Z", &["expected a date such as"]);
    check("replications = 10", "replications = |0", &["at least 1"]);
    check("policy = \"home\"", "policy = |\"hom\"", &["unknown policy `hom`, did you mean `home`?"]);
    check("status = \"committed\"", "status = |true", &["one of candidate, committed"]);
    check("[[site]]\nid = \"north\"", "[[site]]\nid = |\"no.rth\"", &["an id has only letters"]);
    check("cv = 1.5", "cv = |-1.5", &["class.fine-tune.duration.cv: must be at least 0"]);
    check("mean = \"8 h\"", "mean = |8", &["expected a duration such as \"36 h\""]);
    check("kind = \"lognormal\"", "kind = |\"lognormel\"", &["did you mean `lognormal`?"]);
    check("duration = { kind = \"lognormal\", ", "duration = |{ ", &["missing key `kind`"]);
    check(
        "duration = { kind",
        "duration = |7 # { kind",
        &["expected a duration such as \"36 h\" or a table"],
    );
    check(
        "accelerators = 8",
        "accelerators = |\"8\"",
        &["expected a whole number or an array, found a text"],
    );
    check("count = 16", "count = |0", &["class.training.accelerators.1.count: must be at least 1"]);
    check("[\"helsinki\", \"milan\"]", "|[\"helsinki\"]", &["expected 2 items"]);
    check("seed = 1", "seed = |99999999999999999999", &["at most 18446744073709551615"]);
}

#[test]
fn wrong_keys() {
    check(
        "uplink = \"10 Gbit/s\"",
        "|uplnk = 1\nuplink = \"10 Gbit/s\"",
        &["unknown key `uplnk`, did you mean `uplink`?"],
    );
    check("share = 0.5", "|shares = 0.5", &["site.north.partition.gpu.shares", "did you mean `share`?"]);
    check("cv = 1.5", "cv = 1.5, |cvv = 2", &["did you mean `cv`?"]);
    check("seed = 1", "seed = 1, |zzzzzzzz = 1", &["known: end, replications, seed, start, warm_up"]);
    check("observation = {", "|observatoin = {", &["did you mean `observation`?"]);
}

#[test]
fn missing_keys() {
    check(
        "[[site]]\nid = \"west\"\ncountry = \"ES\"",
        "|[[site]]\nid = \"west\"",
        &["site.west.country: missing key `country`"],
    );
}

#[test]
fn rules_over_several_values() {
    check(
        "end = 2027-01-01",
        "end = |2025-01-01",
        &["observation.end: the end 2025-01-01 must lie after the start"],
    );
    check("warm_up = \"30 d\"", "warm_up = |\"365 d\"", &["must be shorter than the 365 d"]);
    check("end = 2027-01-01", "end = |9027-01-01", &["can be"]);
    check(
        "policy = \"home\", overflow_wait = ",
        "policy = \"random\", overflow_wait = |",
        &["only the policy `home`"],
    );
}
