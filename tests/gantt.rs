//! Who held what on a partition: the boxes hold what the statistics say was held, and the chart is drawn again from its file.

use crate::demand::example;
use crate::program::{contents, pleiade_in};
use pleiade::statistics::Metric;
use pleiade::study::{Case, GanttPlan, gantt};

/// Over all days of a run the boxes of a partition have the area of its utilisation; in some of the days, only those that
/// reach into them are there.
#[test]
fn boxes_hold_what_was_held() {
    const DAYS: u32 = 29;
    let system = example(&["observation.end=2026-01-30", "observation.warm_up=0 s"]);
    let case = Case::of(&system, 0);
    let (partition, west) =
        system.partitions.enumerate().find(|(_, one)| system.sites[one.site].id == "west").unwrap();
    let from = system.calendar.date_of(pleiade::units::Time::ZERO).unwrap();
    let all = gantt(&case, &GanttPlan { partition, from, days: DAYS });
    let area: f64 = all
        .stretches
        .iter()
        .map(|one| {
            let units: u32 = one.blocks.iter().map(|block| block[1]).sum();
            f64::from(units) * (one.ends.min(f64::from(DAYS)) - one.begins.max(0.0))
        })
        .sum();
    let utilisation = case.run(0).metrics.sites[west.site.index()].get(Metric::Utilisation);
    let held = utilisation * f64::from(all.accelerators * DAYS);
    assert!((area / held - 1.0).abs() < 1e-9 && held > 100.0, "{area} of boxes, {held} held");
    let later = gantt(&case, &GanttPlan { partition, from: from.tomorrow().unwrap(), days: 2 });
    assert!(later.stretches.len() < all.stretches.len());
    assert!(later.stretches.iter().all(|one| one.begins < 2.0 && one.ends > 0.0));
}

#[test]
fn a_chart_is_drawn_again() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(pleiade_in(folder.path(), &["init"]).code, 0);
    let run = |more: &[&str]| {
        let short = ["run", "example.toml", "--replications", "1", "--set", "observation.end=2026-03-01"];
        let arguments: Vec<&str> = short.iter().chain(more).copied().collect();
        pleiade_in(folder.path(), &arguments)
    };
    let results = folder.path().join("output/example");
    for (more, words) in [
        (&["--gantt", "west/gpuu"][..], "it has: north/gpu, "),
        (&["--gantt", "west/gpu", "--gantt-from", "2026-03-01"], "lies outside the observation"),
        (&["--gantt", "west/gpu", "--gantt-days", "32"], "32 is not in 1..=31"),
        (&["--gantt-days", "3"], "--gantt <SITE/PARTITION>"),
    ] {
        let outcome = run(more);
        assert_eq!(outcome.code, 2, "{}", outcome.stderr);
        assert!(outcome.stderr.contains(words), "{words} in {}", outcome.stderr);
        assert!(!results.exists(), "nothing ran");
    }
    let outcome = run(&["--gantt", "west/gpu", "--gantt-days", "3"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let svg = std::fs::read_to_string(results.join("plots/gantt.svg")).unwrap();
    assert!(svg.contains("who held what") && svg.contains("2026-01-31"));
    let written = contents(&results);
    assert_eq!(pleiade_in(folder.path(), &["report", "output/example"]).code, 0);
    assert!(written == contents(&results), "the same bytes again");
    assert_eq!(run(&[]).code, 0);
    assert!(!results.join("gantt.json").exists() && !results.join("plots/gantt.svg").exists());
}
