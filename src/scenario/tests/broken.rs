//! What is wrong, and where: each broken scenario with the place and the words of its message.

use super::load_text;
use crate::scenario::{Color, EXAMPLE, MemoryLoader, Override, load};

/// The example with `from` replaced by `to`; the error is expected at the `|` within `to`, with all `words`.
pub(super) fn check(from: &str, to: &str, words: &[&str]) {
    assert!(EXAMPLE.contains(from), "{from}");
    let text = EXAMPLE.replacen(from, to, 1);
    check_text(&text, words);
}

/// A text with one error at each `|`.
pub(super) fn check_text(marked: &str, words: &[&str]) {
    let diagnostics = load_text(&marked.replace('|', ""), &[]).expect_err(marked);
    let text = diagnostics.to_string();
    let found: Vec<_> = diagnostics.items.iter().map(|item| (item.line, item.column)).collect();
    assert_eq!(found, marks(marked), "{text}");
    for word in words {
        assert!(text.contains(word), "{word} in {text}");
    }
    let drawn = diagnostics.render(Color::Never);
    text.lines().for_each(|line| assert!(drawn.contains(line), "{line} in {drawn}"));
}

/// Line and column of each `|`, not counting the marks themselves.
fn marks(marked: &str) -> Vec<(usize, usize)> {
    let in_line = |(number, line): (usize, &str)| {
        let columns = line.chars().enumerate().filter(|(_, c)| *c == '|').enumerate();
        columns.map(|(earlier, (index, _))| (number + 1, index - earlier + 1)).collect::<Vec<_>>()
    };
    marked.lines().enumerate().flat_map(in_line).collect()
}

#[test]
fn wrong_values() {
    check("\"10 Gbit/s\"", "|\"10 Gb\"", &["site.west.uplink: unknown unit \"Gb\"", "Gbit/s"]);
    check("\"10 Gbit/s\"", "|\"-10 Gbit/s\"", &["must not be negative"]);
    check("\"10 Gbit/s\"", "|\"0 Gbit/s\"", &["must be above zero"]);
    check("\"10 Gbit/s\"", "|10", &["expected a rate such as \"400 Gbit/s\", found the number 10"]);
    check("nodes = 24", "nodes = |\"24\"", &["site.north.partition.gpu.nodes: expected a whole number"]);
    check("nodes = 24", "nodes = |-24", &["must be at least 1"]);
    check("nodes = 24", "nodes = |5_000_000_000", &["at most 10000000"]);
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
        &[
            "expected a whole number or an array or a table such as { table = \"helios-sizes\" }, found a text",
        ],
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
    check(
        "seed = 1",
        "seed = 1, |zzzzzzzz = 1",
        &["known: end, replications, seed, start, steady_state, warm_up"],
    );
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

#[test]
fn weights() {
    check(
        "{ FI = 4, IT = 3, ES = 3 }",
        "|{ FI = 0, IT = 0 }",
        &["community.startups.countries: at least one weight must be above zero"],
    );
    check("FI = 4", "FI = |-4", &["community.startups.countries.FI: must be at least 0"]);
    check("{ fine-tune = 1 }", "|{}", &["at least one weight must be above zero"]);
    check("FI = 4", "|FJ = 4", &["there is no country `FJ`, did you mean `FI`?"]);
    check(
        "{ fine-tune = 1 }",
        "{ |finetune = 1 }",
        &["there is no class `finetune`, did you mean `fine-tune`?"],
    );
}

#[test]
fn references() {
    check(
        "accelerator = \"a100\"",
        "accelerator = |\"a1000\"",
        &["there is no accelerator `a1000`, did you mean `a100`?"],
    );
    check("reference_accelerator = \"h100\"", "reference_accelerator = |\"b200\"", &["known: a100, h100"]);
    check(
        "sites = [\"south\", \"west\"]",
        "sites = [\"south\", |\"wst\"]",
        &["set.all-three.sites: there is no site `wst`, did you mean `west`?"],
    );
    check(
        "[\"helsinki\", \"milan\"]",
        "[\"helsinki\", |\"rome\"]",
        &["link.helsinki-rome.between: there is no router `rome`, known: helsinki, milan"],
    );
    check("country = \"ES\"", "country = |\"PT\"", &["site.west.country: there is no country `PT`"]);
    check(
        "latitude = 41.4",
        "consortium = [|\"XX\"]\nlatitude = 41.4",
        &["site.west.consortium: there is no country `XX`"],
    );
}

#[test]
fn jobs_and_distributions() {
    check(
        "[{ count = 8, weight = 0.5 }, { count = 16",
        "|[{ count = 8, weight = 0.5 }, { count = 64",
        &[
            "class.training.accelerators",
            "a job of 64 accelerators fits no partition: the greatest, `gpu` of `south`, takes 48",
        ],
    );
    check(
        "duration = {",
        "work = \"3 h\"\n|duration = {",
        &["expected exactly one of `duration`, `work` and `flops`, found 2"],
    );
    check(
        "{ kind = \"lognormal\", mean = \"160 h\"",
        "|{ kind = \"lognormal\", mean = \"0 h\"",
        &["class.training.work: mean must be finite and above 0"],
    );
    check(
        "{ kind = \"lognormal\", mean = \"8 h\", cv = 1.5 }",
        "|{ kind = \"uniform\", low = \"8 h\", high = \"2 h\" }",
        &["low 28800 exceeds high 7200"],
    );
    check(
        "{ kind = \"lognormal\", mean = \"8 h\", cv = 1.5 }",
        "|{ kind = \"empirical\", quantiles = [[0.0, \"1 h\"], [0.5, \"2 h\"]] }",
        &["quantiles must run from probability 0 to 1"],
    );
    check(
        "{ kind = \"lognormal\", mean = \"8 h\", cv = 1.5 }",
        "{ kind = \"empirical\", quantiles = [[0.0, |\"1\"], [1.0, \"2 h\"]] }",
        &["class.fine-tune.duration.quantiles.0.1", "has no unit"],
    );
    check(
        "{ kind = \"lognormal\", mean = \"8 h\", cv = 1.5 }",
        "|\"0 h\"",
        &["class.fine-tune.duration: must be above zero"],
    );
}

#[test]
fn a_class_needs_a_length() {
    let text = EXAMPLE.replacen("[[class]]                                #", "|[[class]] #", 1);
    check_text(
        &text.replacen("duration = {", "output = \"1 GB\" # {", 1),
        &["class.fine-tune: expected exactly one of `duration`, `work` and `flops`, found 0"],
    );
}

#[test]
fn sets_and_networks() {
    let alone = EXAMPLE
        .replace("link = [{ between = [\"helsinki\", \"milan\"], capacity = \"400 Gbit/s\" }]", "")
        .replace("router = \"helsinki\"\nuplink", "router = |\"helsinki\"\nuplink")
        .replace("router = \"milan\"\nuplink", "router = |\"milan\"\nuplink");
    check_text(
        &alone,
        &["site.north.router: no route over the links leads to this site from IT, ES", "from FI"],
    );
    check(
        "[\"helsinki\", \"milan\"]",
        "|[\"milan\", \"milan\"]",
        &["this one leads from `milan` to `milan`"],
    );
    let empty = EXAMPLE.replace("status = \"committed\"", "").replace("[\"west\"]", "|[]");
    check_text(&empty, &["set.north-and-west.sites: a set without sites"]);
    assert!(load_text(&EXAMPLE.replace("[\"west\"]", "[]"), &[]).is_ok(), "the committed site is a set");
}

#[test]
fn two_of_one_kind_with_one_id() {
    let text = EXAMPLE.replacen("id = \"west\"\ncountry", "id = \"south\"\ncountry", 1);
    let diagnostics = load_text(&text, &[]).unwrap_err();
    let item = &diagnostics.items[0];
    assert_eq!(item.to_string(), "scenario.toml:40:6: site.south: two of [[site]] have the id `south`");
    assert_eq!((item.related[0].line, item.related[0].column), (30, 6));
    assert!(diagnostics.render(Color::Never).contains("the first one is here"));
    let partition =
        "{ id = \"gpu\", accelerator = \"a100\", nodes = 24, accelerators_per_node = 4, share = 0.5 }";
    let twice = format!("{partition}, {}", partition.replace("\"gpu\"", "|\"gpu\""));
    check(partition, &twice, &["site.south.partition.gpu: two of [[partition]] have the id `gpu`"]);
    let link = "{ between = [\"helsinki\", \"milan\"], capacity = \"400 Gbit/s\" }";
    let back = "{ between = |[\"milan\", \"helsinki\"], capacity = \"1 Gbit/s\" }";
    check(link, &format!("{link}, {back}"), &["two of [[link]]"]);
}

#[test]
fn text_that_is_no_scenario() {
    check_text("|", &["scenario.toml:1:1: this file is empty"]);
    check_text("|# nothing but a comment\n", &["this file is empty"]);
    check_text("name = |\nseed = 1\nname |2\n", &["scenario.toml:1:8", "scenario.toml:3:6"]);
    check_text("name = \"a\"\n|name = \"b\"\n", &["the key `name` stands here twice"]);
}

/// Loads `a.toml` of these files, which has to fail with exactly these lines.
fn check_files(files: &[(&str, &[u8])], expected: &[&str]) {
    let files = files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect();
    let diagnostics = load("x/a.toml", &MemoryLoader { files }, &[]).unwrap_err();
    assert_eq!(diagnostics.to_string().lines().collect::<Vec<_>>(), expected);
    assert!(diagnostics.render(Color::Always).contains("\u{1b}["));
}

#[test]
fn files_that_cannot_be_read() {
    check_files(&[], &["x/a.toml:1:1: there is no file `x/a.toml`"]);
    check_files(
        &[("x/a.toml", b"name = \"\xff\"")],
        &["x/a.toml:1:1: this file is not text: its byte 8 is not UTF-8"],
    );
    check_files(
        &[("x/a.toml", b"import = [\"b.toml\", \"../c.toml\", 3]"), ("c.toml", b"\x00\xfe")],
        &[
            "x/a.toml:1:11: import: there is no file `x/b.toml`",
            "x/a.toml:1:34: import: expected an array of file paths such as [\"catalog/sites.toml\"], found a whole number",
            "c.toml:1:1: this file is not text: its byte 1 is not UTF-8",
        ],
    );
    check_files(
        &[
            ("x/a.toml", b"import = [\"b.toml\"]"),
            ("x/b.toml", b"title = \"b\"\nimport = [\"y/c.toml\"]"),
            ("x/y/c.toml", b"import = [\"../b.toml\"]"),
        ],
        &[
            "x/y/c.toml:1:11: import: these files import each other in a ring: x/b.toml -> x/y/c.toml -> x/b.toml",
        ],
    );
}

#[test]
fn an_error_is_where_the_value_was_written() {
    let (own, rest) = EXAMPLE.split_at(EXAMPLE.find("[[community]]").unwrap());
    let own = own.replacen("reference", "import = [\"b.toml\"]\nreference", 1);
    let rest = rest.replacen("jobs_per_day = 12.0", "jobs_per_day = -12.0", 1);
    let files = [("a.toml", own.as_str()), ("b.toml", rest.as_str())];
    let diagnostics = load("a.toml", &MemoryLoader::new(&files), &[]).unwrap_err();
    let expected = "b.toml:3:16: community.startups.jobs_per_day: must be at least 0, found -12\n";
    assert_eq!(diagnostics.to_string(), expected);
    let changes =
        ["site.nrth.pue=1.2", "site.north.pue=0.5", "nonsense", "site.north.puf=1", "name=x y", "import=[]"];
    let changes: Vec<_> = changes.iter().map(|text| Override((*text).to_owned())).collect();
    let diagnostics = load("s.toml", &MemoryLoader::new(&[("s.toml", EXAMPLE)]), &changes).unwrap_err();
    let text = diagnostics.to_string();
    let expected = [
        "--set:1:1: site.nrth.pue: there is no `nrth` in the scenario, did you mean `north`?",
        "--set:2:16: site.north.pue: must be at least 1, found 0.5",
        "--set:3:1: expected an override such as `observation.replications=3`, found \"nonsense\"",
        "--set:4:1: site.north.puf: unknown key `puf`, did you mean `pue`?",
        "--set:5:6: name: an id has only letters, digits, `-` and `_`, found \"x y\"",
        "--set:6:1: import: `import` cannot be set: files are merged before overrides are applied",
    ];
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn all_errors_come_at_once() {
    let text = EXAMPLE
        .replacen("end = 2027-01-01", "end = |2025-01-01", 1)
        .replacen("policy = \"home\"", "policy = |\"nearest\"", 1)
        .replacen("uplink = \"100 Gbit/s\"", "uplink = |\"100 Gb\"\n|pou = 1.1", 1)
        .replacen("accelerator = \"a100\"", "accelerator = |\"a10\"", 1)
        .replacen("share = 0.5 }]\n\n[[comm", "share = |2.0 }]\n\n[[comm", 1)
        .replacen("jobs_per_day = 8.0\n", "jobs_per_day = |\"8\"\n", 1)
        .replacen("sites = [\"west\"]", "sites = [|\"east\"]", 1);
    check_text(&text, &[]);
}

/// The drawing, as a planner sees it.
#[test]
fn a_drawing_shows_the_line_and_helps() {
    let text = EXAMPLE.replacen("share = 0.5", "share = 1.5", 1);
    let drawn = load_text(&text, &[]).unwrap_err().render(Color::Never);
    let expected = "\
scenario.toml:27:97: site.north.partition.gpu.share: must be above 0 and at most 1, found 1.5
error: must be above 0 and at most 1, found 1.5
  --> scenario.toml:27:97
   |
27 | partition = [{ id = \"gpu\", accelerator = \"h100\", nodes = 24, accelerators_per_node = 4, share = 1.5 }]
   |                                                                                                 ^^^
   |
   = help: The part that is open to the factory's work, above 0 and at most 1; all of it if absent.
";
    assert_eq!(drawn, expected);
}

#[test]
fn the_published_order_of_events_knows_no_calendar() {
    let order = EXAMPLE.replacen("seed = 1 }", "seed = 1 }\nevent_order = \"submissions-first\"", 1);
    let calendar =
        "calendar = |[{ kind = \"maintenance\", from = 2026-03-01, duration = \"1 d\" }], nodes = 24";
    check_text(&order.replacen("nodes = 24", calendar, 1), &["knows no calendar"]);
}
