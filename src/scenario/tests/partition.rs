//! What real partitions have: shared nodes, tiers, admissions, limits, calendars, preemption, checkpoints.

use super::broken::check;
use super::example;
use crate::model::{
    Askers, CalendarBlock, Checkpoint, CommunityId, CountryId, HeldLimit, NodesAre, Partition, PartitionId,
    Preemption, PreemptionMode, System,
};
use crate::units::{Span, Time};

const DAY: u64 = 86_400;
const NODES: &str = "id = 'gpu', accelerator = 'h100', nodes = 24, accelerators_per_node = 4, share = 0.5";

/// The partitions of `north`, with these keys for `gpu` and these tables behind it.
fn north(keys: &str, others: &str) -> System {
    example(&[&format!("site.north.partition=[{{ {NODES}{keys} }}{others}]")]).system
}

fn partition<'a>(system: &'a System, id: &str) -> (PartitionId, &'a Partition) {
    system.partitions.enumerate().find(|(_, partition)| partition.id == id).unwrap()
}

#[test]
fn shared_nodes() {
    let urgent = "{ id = 'urgent', shares_nodes_with = 'gpu', tier = 2, max_nodes_per_job = 4, max_time = '2 h', \
                  communities = ['startups'] }";
    let batch = "{ id = 'batch', shares_nodes_with = 'gpu', opens = 2026-03-01, tier = -1 }";
    let keys = ", scheduler = 'slurm-like', unit = 'accelerator', max_queued = 9, opens = 2026-02-01";
    let system = north(keys, &format!(", {urgent}, {batch}"));
    let ids: Vec<_> = system.partitions.iter().map(|partition| partition.id.as_str()).collect();
    assert_eq!(ids, ["batch", "gpu", "urgent", "gpu", "gpu"]);
    let (owner, gpu) = partition(&system, "gpu");
    let (id, urgent) = partition(&system, "urgent");
    let (_, batch) = partition(&system, "batch");
    assert_eq!((urgent.pool, urgent.nodes_are, urgent.tier), (owner, NodesAre::Shared, 2));
    assert_eq!((gpu.pool, gpu.nodes_are, gpu.tier, batch.tier), (owner, NodesAre::Own, 0, -1));
    assert!(!system.owns_nodes(id));
    assert_eq!([gpu, urgent, batch].map(Partition::accelerators), [48, 0, 0]);
    assert_eq!([gpu, urgent, batch].map(Partition::capacity), [48; 3]);
    assert_eq!([gpu, urgent, batch].map(|part| part.max_nodes_per_job), [12, 4, 12]);
    assert_eq!([gpu, urgent, batch].map(|part| part.opens.0 / 1_000_000_000 / DAY), [31, 31, 59]);
    for shared in [urgent, batch] {
        assert_eq!((shared.policy, shared.unit), (gpu.policy, gpu.unit));
        assert_eq!((shared.accelerator, shared.max_queued), (gpu.accelerator, Some(9)));
    }
    assert_eq!(urgent.max_requested, Span::from_seconds(7_200));
    assert_eq!((&urgent.admits, &batch.admits), (&Some(vec![CommunityId(0)]), &None));
}

#[test]
fn limits() {
    let keys = ", limit = [{ community = 'researchers', nodes = 6 }, { countries = ['IT', 'ES'], nodes = 9 }, \
                { nodes = 11 }]";
    let system = north(keys, "");
    let limit = |community, countries, nodes| HeldLimit::of_nodes(Askers { community, countries }, nodes);
    let expected = [
        limit(Some(CommunityId(1)), None, 6),
        limit(None, Some(vec![CountryId(0), CountryId(2)]), 9),
        limit(None, None, 11),
    ];
    assert_eq!(partition(&system, "gpu").1.limits, expected);
}

#[test]
fn calendars() {
    let maintenance =
        "{ kind = 'maintenance', from = 2026-01-15, at = '8 h', duration = '12 h', repeat = '26 weeks' }";
    let course = "{ kind = 'course', from = 2026-02-01, duration = '5 d', nodes = 2 }";
    let large = "{ kind = 'large-jobs', from = 2026-12-01, duration = '1 d', repeat = '1 weeks', \
                 until = 2026-12-09, least_nodes = 8 }";
    let system = north(&format!(", calendar = [{maintenance}, {course}, {large}]"), "");
    let block = |day: u64, hour: u64, hours: u64, nodes, least_nodes| {
        let from = Time::from_seconds(day * DAY + hour * 3_600);
        CalendarBlock { from, to: from + Span::from_seconds(hours * 3_600), nodes, least_nodes }
    };
    let expected = [
        block(14, 8, 12, 12, 0),
        block(14 + 182, 8, 12, 12, 0),
        block(31, 0, 120, 2, 0),
        block(334, 0, 24, 0, 8),
        block(341, 0, 24, 0, 8),
    ];
    assert_eq!(partition(&system, "gpu").1.calendar, expected);
}

#[test]
fn preemption_and_checkpoints() {
    let modes = [
        ("requeue", PreemptionMode::Requeue),
        ("cancel", PreemptionMode::Cancel),
        ("suspend", PreemptionMode::Suspend),
        ("checkpoint-then-requeue", PreemptionMode::CheckpointThenRequeue),
    ];
    let urgent = ", { id = 'urgent', shares_nodes_with = 'gpu', tier = 1 }";
    let seconds = Span::from_seconds;
    for (name, mode) in modes {
        let keys = format!(", preemption = {{ mode = '{name}', exempt = '10 min' }}");
        let system = example(&[
            &format!("site.north.partition=[{{ {NODES}{keys} }}{urgent}]"),
            "class.fine-tune.checkpoint={ interval = '30 min' }",
            "class.training.checkpoint={ interval = '1 h', cost = '5 min', restart = '10 min' }",
        ])
        .system;
        let expected = Preemption { mode, exempt: seconds(600) };
        assert_eq!(partition(&system, "gpu").1.preemption, Some(expected));
        assert_eq!(partition(&system, "urgent").1.preemption, None);
        let checkpoints: Vec<_> = system.classes.iter().map(|class| class.checkpoint).collect();
        let checkpoint = |interval, cost, restart| {
            Some(Checkpoint { interval: seconds(interval), cost: seconds(cost), restart: seconds(restart) })
        };
        assert_eq!(checkpoints, [checkpoint(1_800, 0, 0), checkpoint(3_600, 300, 600)]);
    }
}

/// Keys behind those of the example's first partition, with one error at each `|`.
#[track_caller]
fn slip(keys: &str, words: &[&str]) {
    check("share = 0.5", &format!("share = 0.5, {keys}"), words);
}

/// A second partition behind the example's first one.
#[track_caller]
fn beside(second: &str, words: &[&str]) {
    check("share = 0.5 }]", &format!("share = 0.5 }}, {{ id = \"urgent\", {second} }}]"), words);
}

#[test]
fn whose_nodes() {
    beside(
        "shares_nodes_with = |\"gpus\"",
        &[
            "urgent.shares_nodes_with: there is no partition with nodes of its own `gpus`, did you mean `gpu`?",
        ],
    );
    beside("shares_nodes_with = |\"urgent\"", &["shares the nodes of another one, not its own"]);
    let chain = "shares_nodes_with = \"gpu\" }, { id = \"more\", shares_nodes_with = |\"urgent\"";
    beside(chain, &["more.shares_nodes_with: `urgent` has no nodes of its own: it shares those of `gpu`"]);
    beside(
        "shares_nodes_with = \"gpu\", scheduler = |\"easy\", share = |0.5, accelerator = |\"h100\"",
        &[
            "urgent.scheduler: `scheduler` belongs to the nodes: it is said at `gpu`, whose they are",
            "urgent.share: ",
        ],
    );
    beside(
        "|nodes = 2, shares_nodes_with = \"gpu\"".replace("|nodes = 2, s", "nodes = 2, |s").as_str(),
        &["expected exactly one of `nodes` and `shares_nodes_with`, found 2"],
    );
    check(
        "share = 0.5 }]",
        "share = 0.5 }, |{ id = \"urgent\" }]",
        &["expected exactly one of `nodes` and `shares_nodes_with`, found 0"],
    );
    check(
        "{ id = \"gpu\", accelerator = \"h100\", nodes = 24,",
        "|{ id = \"gpu\", nodes = 24,",
        &["site.north.partition.gpu.accelerator: missing key `accelerator`"],
    );
    check("nodes = 24, accel", "|ndoes = 24, accel", &["unknown key `ndoes`, did you mean `nodes`?"]);
}

#[test]
fn who_is_let_in() {
    slip("communities = [|\"startup\"]", &["there is no community `startup`, did you mean `startups`?"]);
    slip("communities = |[]", &["expected at least 1 items"]);
    slip("limit = [{ |node = 3 }]", &["limit.0.node: unknown key `node`, did you mean `nodes`?"]);
    slip("limit = [{ nodes = |0 }]", &["limit.0.nodes: must be at least 1"]);
    slip("limit = [{ jobs = |0 }]", &["limit.0.jobs: must be at least 1"]);
    slip(
        "limit = [|{ community = \"startups\" }]",
        &["limit.0: expected at least one of `nodes` and `jobs`"],
    );
    slip(
        "limit = [{ per = |\"projects\", jobs = 2 }]",
        &["limit.0.per: unknown per `projects`, did you mean `project`?"],
    );
    slip(
        "limit = [{ per = |\"project\", jobs = 2 }]",
        &["limit.0.per: a limit of each project, and nobody whom it is about has projects"],
    );
    slip(
        "limit = [{ community = |\"x\", countries = [|\"FX\"], nodes = 12 }]",
        &["there is no community `x`", "no country `FX`"],
    );
    slip(
        "communities = [\"startups\"], limit = [{ community = |\"researchers\", nodes = 4 }]",
        &["limit.0.community: a limit for `researchers`, whose jobs this partition does not take"],
    );
    slip("tier = |0.5", &["gpu.tier: expected a whole number"]);
    slip("tier = |-5000000", &["must be at least -1000000 and at most 1000000"]);
}

#[test]
fn calendars_that_cannot_be() {
    let entry = |rest: &str| format!("calendar = [{{ kind = \"maintenance\", from = 2026-03-02, {rest} }}]");
    slip(&entry("duration = |\"0 h\""), &["calendar.0.duration: must be above zero"]);
    slip(&entry("duration = \"2 h\", at = |\"24 h\""), &["calendar.0.at: 1 d after midnight is another day"]);
    slip(
        &entry("duration = \"2 h\", repeat = |\"6 h\""),
        &["a block that lasts 2 h repeats after 1 d at the earliest"],
    );
    slip(&entry("duration = \"9 d\", repeat = |\"1 weeks\""), &["a block that lasts 9 d repeats after 9 d"]);
    slip(&entry("duration = \"2 h\", until = |2026-04-01"), &["only what has a `repeat`"]);
    slip(
        &entry("duration = \"2 h\", repeat = \"1 weeks\", until = |2026-03-02"),
        &["must lie after the first block's"],
    );
    slip(
        &entry("duration = \"2 h\", |least_nodes = 2"),
        &["calendar.0.least_nodes: unknown key `least_nodes`"],
    );
    slip(
        "calendar = [|{ kind = \"course\", from = 2026-03-02, duration = \"1 d\" }]",
        &["calendar.0.nodes: missing key `nodes`"],
    );
    slip(
        "calendar = [{ kind = |\"cource\", from = 2026-03-02 }]",
        &["unknown kind `cource`, did you mean `course`?"],
    );
    slip(
        "calendar = [{ kind = \"large-jobs\", from = 2026-03-02, duration = \"1 d\", least_nodes = |13 }]",
        &["no job has 13 nodes, of which 12 are open"],
    );
    let course = "{ kind = \"course\", from = 2026-03-01, duration = \"3 d\", nodes = 1 }";
    let all = "{ kind = \"maintenance\", from = 2026-02-02, duration = \"1 d\", repeat = \"4 weeks\" }";
    slip(
        &format!("calendar = [{course}, |{all}]"),
        &["calendar.1: 13 nodes are withdrawn at once on 2026-03-02, and 12 are open"],
    );
}

#[test]
fn promises_and_what_breaks_them() {
    let anew =
        "a policy that plans anew, and the one of `gpu` keeps its reservations: say there `scheduler = ";
    let calendar = "calendar = |[{ kind = \"maintenance\", from = 2026-03-02, duration = \"1 d\" }]";
    slip(
        &format!("scheduler = \"conservative\", {calendar}"),
        &[&format!("gpu.calendar: a calendar needs {anew}")],
    );
    slip(
        "scheduler = \"conservative\", limit = |[{ nodes = 12 }]",
        &[&format!("gpu.limit: limits need {anew}")],
    );
    let shares =
        "share = 0.5, scheduler = \"conservative\" }, { id = \"urgent\", shares_nodes_with = \"gpu\"";
    check(
        "share = 0.5 ",
        &format!("{shares}, tier = |1 "),
        &[&format!("urgent.tier: several tiers need {anew}")],
    );
    check(
        "share = 0.5 ",
        &format!("{shares}, limit = |[{{ nodes = 12 }}] "),
        &[&format!("urgent.limit: limits need {anew}")],
    );
    let replan = "{ backfill = { kind = 'conservative', compression = 'replan' } }";
    north(&format!(", limit = [{{ nodes = 12 }}], scheduler = {replan}"), "");
    // An order that varies with time is no reason to refuse.
    north(", scheduler = { order = 'fair-share', backfill = 'conservative' }", "");
}

#[test]
fn preemption_that_cannot_be() {
    slip("preemption = |{ mode = \"requeue\" }", &["gpu.preemption: all jobs on these nodes have one tier"]);
    slip(
        "tier = 1, preemption = |{ mode = |\"requeu\" }".replace("= |{", "= {").as_str(),
        &["unknown mode `requeu`, did you mean `requeue`?"],
    );
    let urgent = "}, { id = \"urgent\", shares_nodes_with = \"gpu\", tier = 1 ";
    check(
        "share = 0.5 ",
        &format!("share = 0.5, preemption = {{ mode = |\"checkpoint-then-requeue\" }} {urgent}"),
        &["gpu.preemption.mode: jobs of `fine-tune`, `training` can be pushed out and have no `checkpoint`"],
    );
    check(
        "share = 0.5 ",
        &format!(
            "share = 0.5, scheduler = \"conservative\", preemption = |{{ mode = \"cancel\" }} {}",
            urgent.replace("= 1", "= |1")
        ),
        &["gpu.preemption: preemption needs a policy that plans anew", "urgent.tier: several tiers need"],
    );
    check(
        "id = \"fine-tune\"",
        "id = \"fine-tune\"\ncheckpoint = { interval = |\"0 h\" }",
        &["checkpoint.interval: must be above zero"],
    );
    check(
        "id = \"fine-tune\"",
        "id = \"fine-tune\"\ncheckpoint = |{ cost = \"1 h\" }",
        &["class.fine-tune.checkpoint.interval: missing key"],
    );
}

#[test]
fn jobs_fit_a_partition_of_their_community() {
    let only = |keys: &str| format!("share = 0.5, {keys} }}]\n");
    let everywhere = |keys: &str| super::EXAMPLE.replace("share = 0.5 }]\n", &only(keys));
    let fails = |text: &str, expected: &str| {
        let found = super::load_text(text, &[]).unwrap_err().to_string();
        assert_eq!(
            found.lines().map(|line| line.split_once(": ").unwrap().1).collect::<Vec<_>>(),
            [expected]
        );
    };
    fails(
        &everywhere("communities = [\"startups\"]"),
        "community.researchers: no partition takes its jobs: all have `communities` without it",
    );
    fails(
        &everywhere("limit = [{ community = \"researchers\", nodes = 3 }]"),
        "community.researchers.classes.training: a job of 16 accelerators fits no partition that takes this community: \
         the greatest, `gpu` of `west`, lets it hold 12",
    );
    fails(
        &everywhere(
            "limit = [{ countries = [\"IT\", \"ES\"], nodes = 1 }, { community = \"startups\", nodes = 2 }]",
        )
        .replace("[{ count = 8, weight = 0.5 }, { count = 16, weight = 0.5 }]", "4")
        .replace("FI = 5, IT = 2, ES = 3", "FI = 1"),
        "community.startups.classes.fine-tune: a job of 8 accelerators from ES, IT fits no partition that takes this \
         community: the greatest, `gpu` of `west`, lets it hold 4",
    );
}
