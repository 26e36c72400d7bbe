//! The sweep: what its axes become, and what cannot be.

use super::broken::check_text;
use super::{EXAMPLE, example, load_text};
use crate::scenario::{Override, Sweep};
use crate::statistics::sensitivity::Design;

/// The example with a sweep below.
fn with(sweep: &str) -> String {
    format!("{EXAMPLE}\n[sweep]\n{sweep}\n")
}

fn sweep(text: &str) -> Sweep {
    load_text(&with(text), &[]).unwrap_or_else(|problems| panic!("{problems}")).sweep.unwrap()
}

const DEMAND: &str = "[[sweep.axis]]\nid = \"demand\"\nkeys = [\"community.startups.jobs_per_day\", \"community.researchers.jobs_per_day\"]\n";

#[test]
fn axes_become_overrides() {
    let text = format!("design = \"sobol\"\npoints = 8\n{DEMAND}factor = true\nfrom = 0.5\nto = 2");
    let sweep = sweep(&text);
    assert_eq!((sweep.design, sweep.replications), (Design::Sobol { rows: 8 }, 10));
    assert_eq!(sweep.sets, (0..example(&[]).system.sets.len()).collect::<Vec<_>>());
    let rates = |place| {
        let changes = sweep.axes[0].at(Some(place)).overrides;
        let system = load_text(&with(&text), &[]).unwrap().at(&changes, "sweep").unwrap();
        system.streams.iter().map(|stream| stream.rate_per_s).sum::<f64>()
    };
    let plain: f64 = example(&[]).system.streams.iter().map(|stream| stream.rate_per_s).sum();
    assert!((rates(0.0) / plain - 0.5).abs() < 1e-9 && (rates(1.0) / plain - 2.0).abs() < 1e-9);
}

/// Whole numbers stay whole, and the resolved text says the same sweep.
#[test]
fn a_sweep_resolves_to_itself() {
    let text = with(
        "sets = [\"north-and-west\"]\nreplications = 3\n[[sweep.axis]]\nid = \"nodes\"\nname = \"Nodes in the west\"\n\
         keys = [\"site.west.partition.gpu.nodes\"]\nfrom = 10\nto = 25\nsteps = 4\n\
         [[sweep.axis]]\nid = \"broker\"\nkeys = [\"broker.policy\"]\nvalues = [\"home\", \"{ kind = 'best-of', sites = 2 }\"]",
    );
    let text = text.replacen(", overflow_wait = \"12 h\"", "", 1);
    let scenario = load_text(&text, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let sweep = scenario.sweep.clone().unwrap();
    assert_eq!((sweep.sets.len(), sweep.replications, sweep.axes[1].values()), (1, 3, 2));
    let third = sweep.axes[0].at(Some(0.51));
    assert_eq!(third.overrides, [Override("site.west.partition.gpu.nodes=18".to_owned())]);
    assert_eq!((third.number, third.text.as_str(), sweep.axes[0].unit()), (Some(18.0), "18", Some("")));
    let again = load_text(&scenario.resolved_toml, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(again.sweep, Some(sweep));
    assert_eq!(again.system, scenario.system);
}

#[track_caller]
fn wrong(sweep: &str, words: &[&str]) {
    check_text(&with(sweep), words);
}

#[test]
fn designs_that_cannot_be() {
    let axis = "[[sweep.axis]]\nid = \"a\"\nkeys = [\"broker.information_age\"]\nvalues = [\"0 s\", \"1 h\"]";
    let of = |design: &str| format!("{design}\n{axis}");
    wrong(&of("design = |\"prodcut\""), &["did you mean `product`?"]);
    wrong(&of("design = |\"morris\""), &["the design `morris` needs `trajectories`"]);
    wrong(&of("design = |\"sobol\""), &["the design `sobol` needs `points`"]);
    wrong(&of("design = |\"latin-hypercube\""), &["needs `points`"]);
    wrong(&of("design = \"morris\"\ntrajectories = 4\nlevels = |5"), &["an even number of levels"]);
    wrong(&of("points = |5"), &["the design `product` has no `points`"]);
    wrong(
        &of("design = \"sobol\"\npoints = 5\ntrajectories = |3\nlevels = |4"),
        &["has no `trajectories`", "has no `levels`"],
    );
    wrong(&of("design = \"sobol\"\npoints = |1"), &["must be at least 2"]);
    wrong(&of("replications = |0"), &["at least 1"]);
    wrong(&of("sets = [|\"north-and-wset\"]"), &["did you mean `north-and-west`?"]);
    wrong("axis = |[]", &["sweep.axis"]);
}

#[test]
fn axes_that_cannot_be() {
    let axis = |rest: &str| format!("[[sweep.axis]]\nid = \"a\"\n{rest}");
    let uplink = |rest: &str| axis(&format!("keys = [\"site.west.uplink\"]\n{rest}"));
    wrong(&uplink("from = 1\nto = |\"2 Gbit/s\"\nsteps = 2"), &["`from` has no unit and `to` has `Gbit/s`"]);
    wrong(&uplink("from = \"5 Gbit/s\"\nto = |\"2 Gbit/s\"\nsteps = 2"), &["`to` must lie above `from`"]);
    wrong(&uplink("from = |\"wide\"\nto = \"2 Gbit/s\"\nsteps = 2"), &["a quantity of one unit"]);
    wrong(&uplink("scale = \"log\"\nfrom = |\"0 Gbit/s\"\nto = \"2 Gbit/s\"\nsteps = 2"), &["above zero"]);
    wrong(&uplink("values = [\"2 Gbit/s\"]\nsteps = |2"), &["`values` are all there are"]);
    wrong(
        &uplink("factor = true\nvalues = [1, |\"2 Gbit/s\", |-1]"),
        &["a factor is a number", "not negative"],
    );
    wrong(&uplink("scale = \"log\"\nvalues = [\"2 Gbit/s\", |true]"), &["above zero"]);
    wrong(
        &uplink("values = [\"2 Gbit/s\", |\"2 Gb\"]"),
        &["sweep.axis.a.values.1: with 2 Gb", "unknown unit"],
    );
    wrong(&uplink("values = [|5]"), &["with 5, site.west.uplink: expected a rate"]);
    wrong(&axis("keys = [|\"site.wset.uplink\"]\nvalues = [\"2 Gbit/s\"]"), &["did you mean `west`?"]);
    wrong(&axis("keys = [|\"site.west.uplnik\"]\nvalues = [\"2 Gbit/s\"]"), &["did you mean `uplink`?"]);
    wrong(&axis("keys = [|\"\"]\nvalues = [2]"), &["expected an override such as"]);
    wrong(&axis("keys = [|\"observation.seed\"]\nvalues = [2]"), &["`observation.seed` cannot be varied"]);
    wrong(
        &axis("keys = [|\"broker.policy\"]\nfactor = true\nvalues = [2]"),
        &["nothing at `broker.policy` that can be multiplied"],
    );
    wrong(
        &axis("keys = [\"site.west.partition.gpu.id\"]\nvalues = [|\"cpu\"]"),
        &["this changes the partitions"],
    );
    let twice = "[[sweep.axis]]\nid = \"b\"\nkeys = [|\"site.west.uplink\"]\nvalues = [\"2 Gbit/s\"]";
    wrong(&(uplink("values = [\"2 Gbit/s\"]\n") + twice), &["the axis `a` sets this, too"]);
    wrong(
        &("|".to_owned() + &axis("keys = [\"broker.information_age\"]\nfrom = \"1 h\"\nto = \"2 h\"")),
        &["needs `steps`"],
    );
    let same = "[[sweep.axis]]\nid = |\"a\"\nkeys = [\"broker.information_age\"]\nvalues = [\"2 h\"]";
    wrong(&(uplink("values = [\"2 Gbit/s\"]\n") + same), &["two of [[axis]] have the id `a`"]);
}

#[test]
fn futures_that_cannot_be_gone_over() {
    let axis = "[[sweep.axis]]\nid = \"a\"\nkeys = [\"site.west.partition.gpu.share\"]\nfactor = true\nvalues = [1, |1.5]";
    wrong(
        &format!("over_futures = |true\n{}", axis.replacen('|', "", 1)),
        &["sweep.over_futures", "no [[future]]"],
    );
    // Half of the west's machine is open, and one and a half of that can be; in the future all of it is.
    let future = "\n[[future]]\nid = \"open\"\nweight = 1\nwith = [\"site.west.partition.gpu.share=1\"]";
    wrong(
        &format!("over_futures = true\n{axis}{future}"),
        &["sweep.axis.a.values.1: with ×1.5 in the future `open`, site.west.partition.gpu.share"],
    );
    wrong(
        &format!("over_futures = |\"yes\"\n{}{future}", axis.replacen('|', "", 1)),
        &["sweep.over_futures"],
    );
}
