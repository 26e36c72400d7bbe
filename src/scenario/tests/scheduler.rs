//! The scheduler of a partition: each name and table becomes its policy, each slip names its place.

use super::broken::check;
use super::example;
use crate::model::{
    Backfill, Compression, Conservative, Cycle, Decay, Easy, LocalPolicy, Multifactor, Order, ScanOrder,
    SizeFavour, SpareUnits,
};
use crate::scenario::{parse_scheduler, scheduler_names};
use crate::units::Span;

const DECAY: Decay = Decay { half_life: Some(Span(7 * 86_400_000_000_000)), period: Span(300_000_000_000) };
const WEIGHTS: Multifactor = Multifactor {
    age_weight: 1_000.0,
    max_age: Span(7 * 86_400_000_000_000),
    size_weight: 0.0,
    size_favour: SizeFavour::Large,
    fair_share_weight: 10_000.0,
    qos_weight: 2_000.0,
};

const ORDERS: [Order; 16] = [
    Order::Submission,
    Order::ShortestFirst,
    Order::LongestFirst,
    Order::SmallestAreaFirst,
    Order::LargestAreaFirst,
    Order::Wfp3,
    Order::Unicef,
    Order::F1,
    Order::F2,
    Order::F3,
    Order::F4,
    Order::EarliestDeadline,
    Order::LeastAttained,
    Order::FairShare(DECAY),
    Order::DominantResource,
    Order::Multifactor(WEIGHTS, DECAY),
];

const COMPRESSIONS: [Compression; 5] = [
    Compression::ReservationOrder,
    Compression::QueueOrder,
    Compression::QueueOrderEachEnd,
    Compression::Replan,
    Compression::None,
];

/// In a file and alone, the text is this policy.
#[track_caller]
fn resolves(text: &str, order: Order, backfill: Backfill) {
    let expected = LocalPolicy { order, backfill };
    let system = example(&[&format!("site.north.partition.gpu.scheduler={text}")]).system;
    let policies: Vec<_> = system.partitions.iter().map(|partition| partition.policy).collect();
    assert_eq!(policies, [expected, LocalPolicy::EASY, LocalPolicy::EASY], "{text}");
    assert_eq!(parse_scheduler(text), Ok(expected), "{text}");
}

fn conservative(compression: Compression, depth: Option<u32>) -> Backfill {
    Backfill::Conservative(Conservative { compression, depth })
}

#[test]
fn names() {
    for order in ORDERS {
        resolves(order.name(), order, Backfill::None);
        resolves(&format!("{{ order = '{}' }}", order.name()), order, Backfill::None);
    }
    let sjbf = Easy { scan: ScanOrder::ShortestFirst, ..Easy::PLAIN };
    let presets = [
        ("first-fit", Backfill::FirstFit),
        ("easy", Backfill::Easy(Easy::PLAIN)),
        ("easy-sjbf", Backfill::Easy(sjbf)),
        ("conservative", conservative(Compression::QueueOrder, None)),
    ];
    for (name, backfill) in presets {
        resolves(name, Order::Submission, backfill);
    }
    resolves("slurm-like", Order::Multifactor(WEIGHTS, DECAY), Backfill::Cycle(Cycle::DEFAULT));
    let names = ORDERS.iter().map(|order| order.name()).chain(presets.map(|(name, _)| name));
    let all: Vec<_> = names.chain(["slurm-like"]).collect();
    let listed = scheduler_names();
    assert_eq!(listed.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), all);
    assert!(listed.iter().all(|(_, meaning)| meaning.ends_with('.') && meaning.len() > 20), "{listed:?}");
}

#[test]
fn tables() {
    use Order::{ShortestFirst, Submission, Unicef};
    let easy = Backfill::Easy(Easy::PLAIN);
    resolves("{}", Submission, Backfill::None);
    resolves("{ backfill = 'none' }", Submission, Backfill::None);
    resolves("{ backfill = 'first-fit', order = 'unicef' }", Unicef, Backfill::FirstFit);
    resolves("{ order = \"sjf\", backfill = \"easy\" }", ShortestFirst, easy);
    resolves("{ backfill = 'conservative' }", Submission, conservative(Compression::QueueOrder, None));
    resolves("{ backfill = { kind = 'easy' } }", Submission, easy);
    let tuned = Easy { reservations: 2, spare: SpareUnits::Used, scan: ScanOrder::ShortestFirst };
    let text = "{ backfill = { kind = 'easy', reservations = 2, scan = 'shortest-first' } }";
    resolves(text, Submission, Backfill::Easy(tuned));
    let tuned = Easy { reservations: 1, spare: SpareUnits::Unused, scan: ScanOrder::Queue };
    let text = "{ backfill = { kind = 'easy', spare_units = false, scan = 'queue-order' } }";
    resolves(text, Submission, Backfill::Easy(tuned));
    let text = "{ order = 'sjf', backfill = { kind = 'conservative', depth = 100 } }";
    resolves(text, ShortestFirst, conservative(Compression::QueueOrder, Some(100)));
    for compression in COMPRESSIONS {
        let name = compression.name();
        let text = format!("{{ backfill = {{ kind = 'conservative', compression = '{name}' }} }}");
        resolves(&text, Submission, conservative(compression, None));
    }
}

#[test]
fn tables_of_orders() {
    let days = |days: u64| Span::from_seconds(days * 86_400);
    resolves("{ order = { kind = 'fair-share' } }", Order::FairShare(DECAY), Backfill::None);
    let decay = Decay { half_life: Some(days(14)), period: Span::ZERO };
    let text = "{ order = { kind = 'fair-share', half_life = '14 d', period = '0 s' }, backfill = 'easy' }";
    resolves(text, Order::FairShare(decay), Backfill::Easy(Easy::PLAIN));
    let kind = "{ order = { kind = 'multifactor' } }";
    resolves(kind, Order::Multifactor(WEIGHTS, DECAY), Backfill::None);
    let weights = Multifactor {
        age_weight: 1.0,
        max_age: days(1),
        size_weight: 2.5,
        size_favour: SizeFavour::Small,
        fair_share_weight: 3.0,
        qos_weight: 0.0,
    };
    let text = "{ order = { kind = 'multifactor', age = 1, max_age = '1 d', size = 2.5, favour = 'small', \
                fair_share = 3, quality_of_service = 0, half_life = '14 d', period = '0 s' } }";
    resolves(text, Order::Multifactor(weights, decay), Backfill::None);
}

#[test]
fn cycles() {
    resolves("{ backfill = 'cycle' }", Order::Submission, Backfill::Cycle(Cycle::DEFAULT));
    resolves("{ backfill = { kind = 'cycle' } }", Order::Submission, Backfill::Cycle(Cycle::DEFAULT));
    let cycle = Cycle {
        quick_depth: 1,
        interval: Span::from_seconds(60),
        depth: 500,
        window: Span::from_seconds(2 * 86_400),
        resolution: Span::from_seconds(300),
    };
    let text = "{ order = 'sjf', backfill = { kind = 'cycle', quick_depth = 1, interval = '1 min', depth = 500, \
                window = '2 d', resolution = '5 min' } }";
    resolves(text, Order::ShortestFirst, Backfill::Cycle(cycle));
}

/// A scheduler with one error at each `|` of an example's partition.
#[track_caller]
fn slip(marked: &str, words: &[&str]) {
    let words: Vec<String> =
        words.iter().map(|word| format!("site.north.partition.gpu.scheduler{word}")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    check("share = 0.5", &format!("share = 0.5, scheduler = {marked}"), &words);
}

#[test]
fn unknown_names() {
    slip("|\"eazy\"", &[": unknown scheduler `eazy`, did you mean `easy`?"]);
    slip("|\"EASY-SJBF\"", &[": unknown scheduler `EASY-SJBF`, did you mean `easy-sjbf`?"]);
    slip(
        "|\"best\"",
        &[": unknown scheduler `best`, known: conservative, dominant-resource, earliest-deadline, easy"],
    );
    slip("{ order = |\"sjff\" }", &[".order: unknown order `sjff`, did you mean `sjf`?"]);
    // The names of whole policies are none of orders.
    slip("{ order = |\"easy\" }", &[".order: unknown order `easy`, known: dominant-resource"]);
    slip(
        "{ order = |\"wpf3\", backfill = |\"firstfit\" }",
        &[
            ".order: unknown order `wpf3`, did you mean `wfp3`?",
            ".backfill: unknown backfill `firstfit`, did you mean `first-fit`?",
        ],
    );
    slip(
        "{ backfill = |\"sjf\" }",
        &[".backfill: unknown backfill `sjf`, known: conservative, cycle, easy, first-fit, none"],
    );
    slip(
        "{ backfill = { kind = |\"esay\" } }",
        &[".backfill.kind: unknown kind `esay`, did you mean `easy`?"],
    );
    slip(
        "{ backfill = { kind = \"easy\", scan = |\"shortest\" } }",
        &[".backfill.scan: unknown scan `shortest`, known: queue-order, shortest-first"],
    );
    slip(
        "{ backfill = { kind = \"conservative\", compression = |\"queue_order\" } }",
        &[".backfill.compression: unknown compression `queue_order`, did you mean `queue-order`?"],
    );
}

#[test]
fn unknown_and_missing_keys() {
    slip("{ |ordr = \"sjf\" }", &[".ordr: unknown key `ordr`, did you mean `order`?"]);
    slip("{ |kind = \"easy\" }", &[".kind: unknown key `kind`, known: backfill, order"]);
    slip("{ backfill = |{ depth = 100 } }", &[".backfill.kind: missing key `kind`"]);
    slip(
        "{ backfill = { kind = \"easy\", |depth = 100 } }",
        &[".backfill.depth: unknown key `depth`, known: kind, reservations, scan, spare_units"],
    );
}

#[test]
fn wrong_types_and_ranges() {
    slip("|5", &[": expected one of fcfs, sjf, ljf,"]);
    slip("|[\"sjf\"]", &[": expected one of fcfs"]);
    slip("{ order = |{ name = \"sjf\" } }", &[".order.kind: missing key `kind`"]);
    slip(
        "{ order = |true }",
        &[
            ".order: expected one of fcfs, sjf, ljf, smallest-area, largest-area, wfp3, unicef, f1, f2, f3, f4, \
             earliest-deadline, least-attained, fair-share, dominant-resource, multifactor or a table of one of the \
             kinds fair-share, multifactor, found a truth value",
        ],
    );
    slip(
        "{ order = { kind = \"fair-share\", half_life = |\"0 d\" } }",
        &[".order.half_life: must be above zero"],
    );
    slip(
        "{ order = { kind = \"multifactor\", age = |-1 } }",
        &[".order.age: must be at least 0 and at most"],
    );
    slip(
        "{ order = { kind = \"multifactor\", favour = |\"smal\" } }",
        &[".order.favour: unknown favour `smal`, did you mean `small`?"],
    );
    slip(
        "{ order = { kind = \"fair-share\", |age = 1 } }",
        &[".order.age: unknown key `age`, known: half_life, kind, period"],
    );
    slip(
        "{ backfill = { kind = \"cycle\", depth = |0, resolution = |\"0 s\" } }",
        &[".backfill.depth: must be at least 1", ".backfill.resolution: must be above zero"],
    );
    slip(
        "{ backfill = |true }",
        &[
            ".backfill: expected one of none, first-fit, easy, conservative, cycle or a table of one of the kinds easy, conservative, cycle, found a truth value",
        ],
    );
    slip(
        "{ backfill = { kind = \"easy\", reservations = |0 } }",
        &[".backfill.reservations: must be at least 1"],
    );
    slip(
        "{ backfill = { kind = \"easy\", reservations = |-1, spare_units = |1 } }",
        &[
            ".backfill.reservations: must be at least 1 and at most 4294967295, found -1",
            ".backfill.spare_units: expected true or false, found the number 1",
        ],
    );
    slip(
        "{ backfill = { kind = \"easy\", reservations = |5000000000 } }",
        &[".backfill.reservations: must be"],
    );
    slip("{ backfill = { kind = \"conservative\", depth = |0 } }", &[".backfill.depth: must be at least 1"]);
    slip(
        "{ backfill = { kind = \"conservative\", depth = |\"all\" } }",
        &[".backfill.depth: expected a whole number"],
    );
    slip(
        "{ backfill = { kind = \"easy\", reservations = 2, spare_units = |false } }",
        &[".backfill.spare_units: only a single reservation can do without spare units"],
    );
    slip(
        "{ order = \"dominant-resource\", backfill = |\"conservative\" }",
        &[
            ".backfill: every start moves the dominant shares, and conservative backfilling keeps its reservations: \
             say `compression = \"replan\"`",
        ],
    );
}

/// A text alone fails with exactly these lines.
#[track_caller]
fn alone(text: &str, expected: &[&str]) {
    let diagnostics = parse_scheduler(text).unwrap_err().to_string();
    assert_eq!(diagnostics.lines().collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn a_text_alone_has_the_same_errors() {
    assert_eq!(parse_scheduler(" easy\n"), Ok(LocalPolicy::EASY));
    assert_eq!(parse_scheduler("'fcfs'"), Ok(LocalPolicy::FCFS));
    alone("  fcsf", &["--policy:1:3: policy: unknown policy `fcsf`, did you mean `fcfs`?"]);
    alone("\"fcsf\"", &["--policy:1:1: policy: unknown policy `fcsf`, did you mean `fcfs`?"]);
    alone(
        " { order = 'sfj', backfill = { kind = 'easy', reservations = 0 } }",
        &[
            "--policy:1:12: policy.order: unknown order `sfj`, did you mean `sjf`?",
            "--policy:1:62: policy.backfill.reservations: must be at least 1 and at most 4294967295, found 0",
        ],
    );
    alone(
        "{ backfill = { kind = 'easy', reservations = 2, spare_units = false } }",
        &[
            "--policy:1:63: policy.backfill.spare_units: only a single reservation can do without spare units: \
             `reservations` has to be 1 here",
        ],
    );
    alone("{ order = 'sjf'", &["--policy:1:16: unclosed inline table, expected `}`"]);
    alone("{ order = 'sjf', order = 'ljf' }", &["--policy:1:18: the key `order` stands here twice"]);
    let expected = "--policy:1:1: policy: expected one of fcfs, sjf, ljf, smallest-area, largest-area, wfp3, unicef, \
                    f1, f2, f3, f4, earliest-deadline, least-attained, fair-share, dominant-resource, multifactor, \
                    first-fit, easy, easy-sjbf, conservative, slurm-like or a table such as \
                    { backfill = \"easy\", order = \"sjf\" }, found an array";
    alone("['sjf']", &[expected]);
    assert!(parse_scheduler("").unwrap_err().to_string().contains("unknown policy ``, known: conservative"));
}
