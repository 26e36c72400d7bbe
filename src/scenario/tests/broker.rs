//! The broker: its policies with their parameters, what it knows, and what breaks their rules.

use super::broken::check;
use super::example;
use crate::model::{
    BrokerInformation, BrokerPolicy, CopySites, Judge, Score, ScoreWeights, SiteId, broker_in_words,
};
use crate::units::Span;

/// What the policies that compare cost and carbon need to know.
const ENERGY: [&str; 9] = [
    "site.north.electricity_price_per_mwh=60 EUR",
    "site.south.electricity_price_per_mwh=120 EUR",
    "site.west.electricity_price_per_mwh=90 EUR",
    "site.north.carbon=80 gCO2/kWh",
    "site.south.carbon=300 gCO2/kWh",
    "site.west.carbon=150 gCO2/kWh",
    "site.north.partition.gpu.accelerator_power=900 W",
    "site.south.partition.gpu.accelerator_power=600 W",
    "site.west.partition.gpu.accelerator_power=900 W",
];

/// The policy of this text, and how it reads in words.
#[track_caller]
fn policy(text: &str, words: &str) -> BrokerPolicy {
    let broker = format!("broker={{ policy = {text} }}");
    let mut overrides = vec![broker.as_str()];
    overrides.extend(ENERGY);
    let system = example(&overrides).system;
    assert_eq!(broker_in_words(&system), words);
    assert_eq!(system.information, BrokerInformation::default());
    system.broker
}

#[test]
fn policies_by_name() {
    let least = |score| BrokerPolicy::Least(score);
    let named = [
        ("'home'", BrokerPolicy::Home { overflow_wait: None }, "home"),
        ("'random'", BrokerPolicy::Random, "random"),
        ("'least-completion'", BrokerPolicy::LeastCompletion, "least predicted completion"),
        ("'least-wait'", least(Score::Wait), "least predicted wait"),
        ("'fewest-jobs'", BrokerPolicy::FewestJobs, "fewest jobs present"),
        ("'cheapest'", least(Score::Cost { wait_bound: None }), "cheapest"),
        ("'greenest'", least(Score::Carbon { wait_bound: None }), "greenest"),
        (
            "'quota-aware'",
            least(Score::Entitlement),
            "least over the asker's quota, then least predicted wait",
        ),
        (
            "'fluid'",
            BrokerPolicy::Fluid { plan: None },
            "fractions of the fluid programme for the demand expected",
        ),
        (
            "'best-of'",
            BrokerPolicy::BestOf { sites: 2, by: Judge::PredictedStart },
            "earliest predicted start of 2 random sites",
        ),
        (
            "'redundant'",
            BrokerPolicy::Redundant { copies: 2, sites: CopySites::Drawn },
            "copies at 2 random sites, the first start counts",
        ),
    ];
    for (text, expected, words) in named {
        assert_eq!(policy(text, words), expected);
    }
}

#[test]
fn policies_with_parameters() {
    assert_eq!(
        policy(
            "{ kind = 'best-of', sites = 3, by = 'jobs-present' }",
            "fewest jobs present of 3 random sites"
        ),
        BrokerPolicy::BestOf { sites: 3, by: Judge::JobsPresent }
    );
    assert_eq!(
        policy("{ kind = 'cheapest', wait_bound = '6 h' }", "cheapest within a predicted wait of 6 h"),
        BrokerPolicy::Least(Score::Cost { wait_bound: Some(Span::from_seconds(21_600)) })
    );
    assert_eq!(
        policy("{ kind = 'greenest' }", "greenest"),
        BrokerPolicy::Least(Score::Carbon { wait_bound: None })
    );
    let weights = ScoreWeights { wait_h: 1.0, carbon_kg: 0.5, ..ScoreWeights::default() };
    assert_eq!(
        policy("{ kind = 'weighted', wait = 1, carbon = 0.5 }", "least 1 x h of wait + 0.5 x kg CO2"),
        BrokerPolicy::Least(Score::Weighted(weights))
    );
    assert_eq!(
        policy(
            "{ kind = 'fixed', fractions = { west = 1, north = 3 } }",
            "fixed fractions (north 75 %, west 25 %)"
        ),
        BrokerPolicy::Fixed { fractions: vec![(SiteId(0), 3.0), (SiteId(2), 1.0)] }
    );
    assert_eq!(
        policy(
            "{ kind = 'redundant', copies = 3, sites = 'least-completion' }",
            "copies at 3 sites of least predicted completion, the first start counts"
        ),
        BrokerPolicy::Redundant { copies: 3, sites: CopySites::LeastCompletion }
    );
}

#[test]
fn what_the_broker_knows() {
    let system =
        example(&["broker={ policy = 'least-wait', information_age = '60 s', own_routings = true }"]).system;
    let age = Span::from_seconds(60);
    assert_eq!(system.information, BrokerInformation { age, own_routings: true });
    let words = "least predicted wait; sees sites as of the last multiple of 60 s, and its own routings";
    assert_eq!(broker_in_words(&system), words.replace("60 s", &age.to_string()));
}

/// The broker of the example replaced, with one error at each `|`.
#[track_caller]
fn slip(broker: &str, words: &[&str]) {
    check("policy = \"home\", overflow_wait = \"12 h\"", broker, words);
}

#[test]
fn slips() {
    slip("policy = |\"least-wiat\"", &["unknown policy `least-wiat`, did you mean `least-wait`?"]);
    slip("policy = |\"fluidd\"", &["unknown policy `fluidd`, did you mean `fluid`?"]);
    slip("policy = { kind = |\"fluid\" }", &["unknown kind `fluid`"]);
    slip("policy = \"fluid\", overflow_wait = |\"1 h\"", &["only the policy `home` has an `overflow_wait`"]);
    slip("policy = |3", &["broker.policy: expected one of ", "best-of", "found a whole number"]);
    slip("policy = |{ sites = 3 }", &["broker.policy.kind: missing key `kind`"]);
    slip("policy = { kind = |\"best\" }", &["unknown kind `best`"]);
    slip("policy = { kind = \"best-of\", |site = 3 }", &["unknown key `site`, did you mean `sites`?"]);
    slip(
        "policy = { kind = \"best-of\", sites = |0 }",
        &["broker.policy.sites: must be at least 1 and at most"],
    );
    slip(
        "policy = { kind = \"best-of\", by = |\"jobs\" }",
        &["unknown by `jobs`", "jobs-present, predicted-start"],
    );
    slip("policy = { kind = \"redundant\", copies = |1 }", &["must be at least 2 and at most"]);
    slip("policy = { kind = \"redundant\", sites = |\"all\" }", &["unknown sites `all`"]);
    slip("policy = |{ kind = \"fixed\" }", &["broker.policy.fractions: missing key `fractions`"]);
    slip(
        "policy = { kind = \"fixed\", fractions = { |nort = 1 } }",
        &["there is no site `nort`, did you mean `north`?"],
    );
    slip(
        "policy = { kind = \"fixed\", fractions = { north = |-1 } }",
        &["must be at least 0 and at most 1000000000, found -1"],
    );
    slip(
        "policy = { kind = \"fixed\", fractions = |{ north = 0 } }",
        &["at least one fraction must be above zero"],
    );
    slip("policy = { kind = \"weighted\", wait = |-1, cost = 0 }", &["must be at least 0, found -1"]);
    slip(
        "policy = |{ kind = \"weighted\", wait = 0 }",
        &["at least one weight of wait, cost, carbon, utilisation"],
    );
    slip(
        "policy = \"fewest-jobs\", overflow_wait = |\"1 h\"",
        &["only the policy `home` has an `overflow_wait`"],
    );
    slip("policy = \"least-wait\", information_age = |\"-60 s\"", &["must not be negative"]);
    slip("policy = \"least-wait\", own_routings = |1", &["expected true or false"]);
}

#[test]
fn what_is_compared_has_to_be_known() {
    let text = crate::scenario::EXAMPLE
        .replacen("policy = \"home\", overflow_wait = \"12 h\"", "policy = \"cheapest\"", 1)
        .replace("share = 0.5 }", "share = 0.5, accelerator_power = \"700 W\" }")
        .replacen("share = 0.5, accelerator_power = \"700 W\" }", "share = 0.5 }", 1);
    let diagnostics = super::load_text(&text, &[]).unwrap_err().to_string();
    let lines: Vec<&str> = diagnostics.lines().collect();
    assert_eq!(lines.len(), 4, "{diagnostics}");
    let price = "the broker compares the sites' cost of electricity: say `electricity_price_per_mwh`";
    for site in ["north", "south", "west"] {
        assert!(diagnostics.contains(&format!("site.{site}: {price}")), "{diagnostics}");
    }
    assert!(diagnostics.contains("site.north.partition.gpu: the broker compares the energy of jobs"));
    // Wait and utilisation need neither.
    example(&["broker={ policy = { kind = 'weighted', wait = 1, utilisation = 2 } }"]);
}
