//! Whose the nodes are and for how long: quotas, budgets, grace, shared nodes; with what breaks their rules.

use super::broken::check;
use super::example;
use crate::model::{AllocationUnit, Askers, Budget, CommunityId, CountryId, Partition, Quota};
use crate::units::{AcceleratorTime, Span};

const NODES: &str = "id = 'gpu', accelerator = 'h100', nodes = 24, accelerators_per_node = 4, share = 0.5";

/// The only partition of `north`, with these keys.
fn north(keys: &str) -> Partition {
    let system = example(&[&format!("site.north.partition=[{{ {NODES}{keys} }}]")]).system;
    let site = system.sites.iter().find(|site| site.id == "north").unwrap();
    system.partitions[site.partitions[0]].clone()
}

/// Keys behind those of the example's first partition, with one error at each `|`.
#[track_caller]
fn slip(keys: &str, words: &[&str]) {
    check("share = 0.5", &format!("share = 0.5, {keys}"), words);
}

#[test]
fn quotas_and_budgets() {
    let keys = ", grace = '10 min', quota = [{ community = 'startups', nodes = 5, borrow = 2 }, \
                { countries = ['IT'], nodes = 7, lend = 3 }], \
                budget = [{ community = 'researchers', accelerator_hours = 1_000.5, period = '90 d' }]";
    let partition = north(keys);
    let quota = |community, countries, [nodes, borrow, lend]: [u32; 3]| {
        let askers = Askers { community, countries };
        Quota { askers, nodes, borrow, lend }
    };
    let expected =
        [quota(Some(CommunityId(0)), None, [5, 2, 5]), quota(None, Some(vec![CountryId(2)]), [7, 12, 3])];
    assert_eq!((partition.grace, &partition.quotas[..]), (Span::from_seconds(600), &expected[..]));
    let askers = Askers { community: Some(CommunityId(1)), countries: None };
    let amount = AcceleratorTime::of(2_001, Span::from_seconds(1_800));
    assert_eq!(partition.budgets, [Budget { askers, amount, period: Span::from_seconds(90 * 86_400) }]);
}

#[test]
fn quotas_that_cannot_be() {
    let both = "{ community = \"startups\", nodes = 9 }, { community = \"researchers\", nodes = 4 }";
    slip(&format!("quota = |[{both}]"), &["gpu.quota: quotas of 13 nodes in all, of 12 that are open"]);
    slip("quota = [{ nodes = 4, lend = |5 }]", &["gpu.quota.0.lend: more than the 4 nodes of the quota"]);
    slip(
        "quota = [{ community = |\"startup\", nodes = 4 }]",
        &["there is no community `startup`, did you mean `startups`?"],
    );
    slip(
        "scheduler = \"conservative\", quota = |[{ nodes = 4 }], grace = |\"1 h\"",
        &["gpu.quota: quotas need a policy that plans anew", "gpu.grace: a grace needs"],
    );
    check(
        "share = 0.5 ",
        "share = 0.5 }, { id = \"urgent\", shares_nodes_with = \"gpu\", quota = |[{ nodes = 4 }] ",
        &["urgent.quota: `quota` belongs to the nodes: it is said at `gpu`"],
    );
    // Who borrows is pushed out, in one tier too: then all need checkpoints.
    slip(
        "quota = [{ nodes = 4 }], preemption = { mode = |\"checkpoint-then-requeue\" }",
        &["jobs of `fine-tune`, `training` can be pushed out and have no `checkpoint`"],
    );
}

#[test]
fn budgets_that_cannot_be() {
    slip(
        "budget = [{ accelerator_hours = |0, period = \"1 d\" }]",
        &["budget.0.accelerator_hours: must be above 0"],
    );
    slip(
        "communities = [\"startups\", \"researchers\"], budget = [{ accelerator_hours = 5.0, period = |\"0 d\" }]",
        &["budget.0.period: must be above zero"],
    );
    slip("budget = [|{ accelerator_hours = 5.0 }]", &["budget.0.period: missing key `period`"]);
}

#[test]
fn shared_nodes_are_packed() {
    assert_eq!(north(", unit = 'packed'").unit, AllocationUnit::Packed);
    let how = "`packed` accelerators of shared nodes are given out";
    slip("unit = \"packed\", scheduler = |\"slurm-like\"", &[&format!("gpu.scheduler: {how} in order, by")]);
    slip(
        "unit = \"packed\", calendar = |[{ kind = \"maintenance\", from = 2026-03-02, duration = \"1 d\" }]",
        &[&format!("gpu.calendar: {how} without a calendar")],
    );
}
