//! Jobs of several sizes and chains of segments; with what breaks their rules.

use super::broken::check;
use super::{example, load_text};
use crate::model::{CrossSite, Flexibility, JobClass, Malleable, PartsBegin, Speedup};
use crate::scenario::EXAMPLE;
use crate::units::Span;

/// The example's class `fine-tune` with this key.
fn fine_tune(key: &str) -> JobClass {
    let system = example(&[&format!("class.fine-tune.{key}")]).system;
    system.classes.iter().find(|class| class.id == "fine-tune").unwrap().clone()
}

/// Keys behind the id of `fine-tune`, with one error at each `|`.
#[track_caller]
fn slip(keys: &str, words: &[&str]) {
    check("id = \"fine-tune\"", &format!("id = \"fine-tune\"\n{keys}"), words);
}

#[test]
fn moldable_and_malleable_jobs() {
    let class = fine_tune("moldable={ sizes = [16, 4, 4], speedup = { kind = 'amdahl', serial = 0.02 } }");
    let speedup = Speedup::Amdahl { serial: 0.02 };
    assert_eq!(class.flexibility, Flexibility::Moldable { sizes: vec![4, 16], speedup });
    let class = fine_tune(
        "malleable={ minimum = 4, maximum = 64, step = 8, reconfiguration = '5 min', \
         speedup = { kind = 'downey', parallelism = 40, sigma = 0.5 } }",
    );
    let malleable = Malleable {
        minimum: 4,
        maximum: 64,
        step: 8,
        speedup: Speedup::Downey { parallelism: 40.0, sigma: 0.5 },
        reconfiguration: Span::from_seconds(300),
    };
    assert_eq!(class.flexibility, Flexibility::Malleable(malleable));
    let class = fine_tune("moldable={ sizes = [8], speedup = { kind = 'power-law', gamma = 0.07 } }");
    let speedup = Speedup::PowerLaw { gamma: 0.07 };
    assert_eq!(class.flexibility, Flexibility::Moldable { sizes: vec![8], speedup });
    assert_eq!(fine_tune("deadline='1 d'").flexibility, Flexibility::Rigid);
}

#[test]
fn trainings_across_sites() {
    let rule = |mode: &str| {
        let key = format!("cross_site={{ parameters = 7e9, step = '2 s', mode = {{ {mode} }} }}");
        fine_tune(&key).cross_site.unwrap()
    };
    let seldom = CrossSite {
        most_sites: 2,
        parameters: 7e9,
        bytes_per_parameter: 2.0,
        inner_steps: 500,
        step: Span::from_seconds(2),
        overlap: Span::ZERO,
        penalty: 0.05,
        margin: 0.1,
        begin: PartsBegin::EachWhenItStarts,
    };
    assert_eq!(rule("kind = 'low-communication'"), seldom);
    let hold = Span::from_seconds(1_800);
    let synchronous =
        CrossSite { inner_steps: 1, penalty: 0.0, begin: PartsBegin::AllTogether { hold }, ..seldom };
    assert_eq!(rule("kind = 'synchronous'"), synchronous);
}

#[test]
fn trainings_across_sites_that_cannot_be() {
    let rule = |keys: &str, mode: &str| format!("cross_site = {{ {keys}, mode = {{ {mode} }} }}");
    let seldom = "kind = \"low-communication\"";
    slip(&rule("parameters = |0.0, step = \"2 s\"", seldom), &["cross_site.parameters: must be above 0"]);
    slip(&rule("parameters = 7e9, step = |\"0 s\"", seldom), &["cross_site.step: must be above zero"]);
    slip(
        &rule("parameters = 7e9, step = \"2 s\", sites = |0", seldom),
        &["cross_site.sites: must be at least 1"],
    );
    slip(
        &rule("parameters = 7e9, step = \"2 s\"", "kind = \"synchronous\", |inner_steps = 5"),
        &["unknown key `inner_steps`"],
    );
    slip(
        &rule("parameters = 7e9, step = \"2 s\"", "kind = \"synchronous\", hold = |\"1 s\""),
        &["cross_site.mode.hold: parts would give up and come back all the time: at least 1 min"],
    );
    let both = format!(
        "segment = \"12 h\"\ncheckpoint = {{ interval = \"1 h\" }}\n{}",
        rule("parameters = 7e9, step = \"2 s\"", seldom).replacen('{', "|{", 1)
    );
    slip(&both, &["cross_site: jobs with `segment` do not train across sites"]);
    let split =
        "class.fine-tune.cross_site={ parameters = 7e9, step = '2 s', mode = { kind = 'synchronous' } }";
    let problems = load_text(EXAMPLE, &[split, "broker={ policy = 'redundant' }"]).unwrap_err().to_string();
    assert!(
        problems.contains("the jobs of `fine-tune` train across sites: `redundant` knows only whole jobs"),
        "{problems}"
    );
}

#[test]
fn sizes_that_cannot_be() {
    let linear = "speedup = { kind = \"linear\" }";
    slip(&format!("moldable = {{ sizes = |[], {linear} }}"), &["moldable.sizes: expected at least 1 items"]);
    slip(&format!("moldable = {{ sizes = [|0, 4], {linear} }}"), &["moldable.sizes.0: must be at least 1"]);
    slip(
        "moldable = { sizes = [4], speedup = { kind = \"amdahl\", serial = |1.5 } }",
        &["speedup.serial: must be at least 0 and at most 1, found 1.5"],
    );
    slip(
        "moldable = { sizes = [4], speedup = { kind = |\"amdal\", serial = 0.5 } }",
        &["unknown kind `amdal`, did you mean `amdahl`?"],
    );
    slip(
        &format!("malleable = {{ minimum = 8, maximum = |4, {linear} }}"),
        &["malleable.maximum: less than the minimum, 8"],
    );
    let both = format!(
        "moldable = {{ sizes = [4], {linear} }}\nmalleable = |{{ minimum = 4, maximum = 8, {linear} }}"
    );
    slip(&both, &["class.fine-tune.malleable: a job that changes its size while it runs needs no choice"]);
    slip(
        &format!("moldable = {{ sizes = |[4000, 8000], {linear} }}"),
        &["fine-tune.moldable.sizes: a job of 4000 accelerators fits no partition"],
    );
}

#[test]
fn segments() {
    let checkpoint = "checkpoint = { interval = \"1 h\", cost = \"10 min\", restart = \"5 min\" }";
    slip("segment = |\"12 h\"", &["segment: a segment goes on from the checkpoint of the one before"]);
    slip(
        &format!("{checkpoint}\nsegment = |\"15 min\""),
        &["segment: must be longer than the restart and the checkpoint of each segment, 15 min"],
    );
    let malleable = "malleable = { minimum = 4, maximum = 8, speedup = { kind = \"linear\" } }";
    slip(
        &format!("{malleable}\n{checkpoint}\nsegment = |\"12 h\""),
        &["segment: jobs that change their size while they run do not run in segments"],
    );
}
