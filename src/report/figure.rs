//! All figures of a study, each with the name of its file; drawn at once, painted when asked.

use super::cost::{cost_against_time, sets_cost_something};
use super::drawing::Drawing;
use super::map::map;
use super::{
    comparison, first_accelerator, network_load, queue_times, refused_work, render, shares, utilisation,
    waterfall,
};
use crate::study::{SetSummary, StudySummary};

/// A figure of a study: painting it is left to the caller, who may do it for many in parallel.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// A file name without its ending: small letters, digits, `-` and `_` only; no two figures share one.
    pub name: String,
    /// What is drawn.
    pub drawing: Drawing,
}

impl Figure {
    /// The figure as an SVG document whose text stays text.
    pub fn svg(&self) -> String {
        render::svg(&self.drawing)
    }

    /// The figure as a PNG file of twice its logical size, 2000 pixels wide.
    pub fn png(&self) -> Vec<u8> {
        render::png(&self.drawing)
    }
}

/// Draws one set of a study.
type Draw = fn(&StudySummary, &SetSummary) -> Drawing;

/// The figures of every set, in the sets' order, then those of all: where the hours went, what work was refused, what the
/// sets cost where they differ in that, the comparison if there is one, and the time to the first accelerator where there
/// are projects.
pub fn figures(summary: &StudySummary) -> Vec<Figure> {
    let mut figures = Vec::new();
    for set in &summary.sets {
        let kinds: [(&str, Draw); 4] = [
            ("utilisation", utilisation),
            ("queue-times", queue_times),
            ("network-load", network_load),
            ("shares", shares),
        ];
        for (kind, draw) in kinds {
            let name = free_name(&figures, &format!("{kind}-{}", file_stem(&set.id)));
            figures.push(Figure { name, drawing: draw(summary, set) });
        }
        if !summary.places.sites.is_empty() {
            let name = free_name(&figures, &format!("map-{}", file_stem(&set.id)));
            figures.push(Figure { name, drawing: map(summary, set) });
        }
    }
    figures.push(Figure { name: "waterfall".to_owned(), drawing: waterfall(summary) });
    figures.push(Figure { name: "refused".to_owned(), drawing: refused_work(summary) });
    if sets_cost_something(summary) {
        figures.push(Figure { name: "cost".to_owned(), drawing: cost_against_time(summary) });
    }
    if !summary.comparisons.is_empty() {
        figures.push(Figure { name: "comparison".to_owned(), drawing: comparison(summary) });
    }
    if summary.sets.iter().any(|set| set.projects.is_some()) {
        let drawing = first_accelerator(summary);
        figures.push(Figure { name: "time-to-first-accelerator".to_owned(), drawing });
    }
    figures
}

/// An id in letters that every file system takes, at most 80 of them.
pub(super) fn file_stem(id: &str) -> String {
    id.chars()
        .take(80)
        .map(|character| match character.to_ascii_lowercase() {
            safe @ ('a'..='z' | '0'..='9' | '-' | '_') => safe,
            _ => '-',
        })
        .collect()
}

/// The name, with a number after it if a figure has it already.
pub(super) fn free_name(figures: &[Figure], wanted: &str) -> String {
    let taken = |name: &str| figures.iter().any(|figure| figure.name == name);
    (2..)
        .map(|number| format!("{wanted}-{number}"))
        .try_fold(wanted.to_owned(), |name, next| if taken(&name) { Ok(next) } else { Err(name) })
        .expect_err("some number is free among finitely many figures")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::edges::{check_labels, strange};
    use crate::report::sample::{Size, about, study, with_projects};
    use crate::statistics::Estimate;

    #[test]
    fn labels_never_overlap_nor_leave_the_page() {
        for sites in [0, 1, 2, 3, 5, 9, 16, 30] {
            for months in [0, 1, 7, 36, 120] {
                let summary = study(&Size { sites, sets: 3, months });
                figures(&with_projects(summary)).iter().for_each(check_labels);
            }
        }
    }

    /// A study in which every name is longer than any figure has room for.
    fn with_long_names() -> StudySummary {
        let mut summary = with_projects(study(&Size { sites: 7, sets: 2, months: 24 }));
        let long = "Gemeinsames Höchstleistungsrechenzentrum der Länder ".repeat(6);
        summary.scenario.clone_from(&long);
        summary.broker.clone_from(&long);
        for set in &mut summary.sets {
            set.name.clone_from(&long);
            set.id.clone_from(&long);
            set.sites.iter_mut().for_each(|site| site.name.clone_from(&long));
            set.communities.iter_mut().for_each(|one| one.name.clone_from(&long));
            set.links.iter_mut().for_each(|link| link.name.clone_from(&long));
        }
        summary.places.sites.iter_mut().for_each(|site| site.name.clone_from(&long));
        summary.places.links.iter_mut().for_each(|link| link.name.clone_from(&long));
        summary
    }

    #[test]
    fn very_long_names_are_shortened() {
        let figures = figures(&with_long_names());
        figures.iter().for_each(check_labels);
        let mut names: Vec<_> = figures.iter().map(|figure| figure.name.as_str()).collect();
        assert!(
            names.iter().all(|name| name.is_ascii() && !name.contains([' ', '/', '.']) && name.len() < 110)
        );
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), figures.len(), "sets of one id still get files of their own");
    }

    /// Every estimate of a study replaced by one.
    fn with_all(estimate: Estimate, size: &Size) -> StudySummary {
        fn replace(value: &mut serde_json::Value, with: &serde_json::Value) {
            match value {
                serde_json::Value::Object(fields) if fields.contains_key("half_width") => {
                    *value = with.clone();
                }
                serde_json::Value::Object(fields) => {
                    fields.values_mut().for_each(|field| replace(field, with));
                }
                serde_json::Value::Array(items) => items.iter_mut().for_each(|item| replace(item, with)),
                _ => {}
            }
        }
        let mut value = serde_json::to_value(with_projects(study(size))).unwrap();
        replace(&mut value, &serde_json::to_value(estimate).unwrap());
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn strange_estimates_draw_without_panic() {
        for estimate in strange() {
            let summary = with_all(estimate, &Size { sites: 4, sets: 3, months: 13 });
            for figure in figures(&summary) {
                check_labels(&figure);
                let svg = figure.svg();
                assert!(svg.ends_with("</svg>\n") && !svg.contains("NaN") && !svg.contains("inf<"));
                assert!(svg.contains("seed 20241210"), "a figure says where it comes from");
            }
            for set in &summary.sets {
                let tables = [
                    crate::report::tables::sets(&summary),
                    crate::report::tables::sites(&summary, set),
                    crate::report::tables::communities(&summary, set),
                    crate::report::tables::rejections(&summary, set),
                    crate::report::criteria_tables::scores(&summary, set),
                    crate::report::waterfall_tables::waterfall(&summary, set),
                    crate::report::project_tables::projects_of_sets(&summary).unwrap(),
                ];
                for table in tables {
                    assert!(table.text(80).contains("n = 10 replications"));
                    assert!(!table.csv().contains("NaN") && !table.markdown().contains("inf"));
                }
            }
        }
    }

    #[test]
    fn a_study_of_nothing_draws_nothing() {
        let mut summary = study(&Size { sites: 0, sets: 1, months: 0 });
        summary.sets[0].communities.clear();
        summary.sets[0].links.clear();
        summary.to = summary.from;
        let figures = figures(&summary);
        assert_eq!(figures.len(), 6, "one set has no comparison and no map, and there are no projects");
        assert!(figures[..3].iter().all(|figure| figure.svg().contains("No ")));
        summary.sets.clear();
        let drawing = waterfall(&summary);
        check_labels(&Figure { name: "waterfall".to_owned(), drawing });
        let drawing = first_accelerator(&summary);
        check_labels(&Figure { name: "time-to-first-accelerator".to_owned(), drawing });
        check_labels(&Figure { name: "comparison".to_owned(), drawing: comparison(&summary) });
    }

    #[test]
    fn not_a_number_draws_without_panic() {
        let mut summary = with_all(about(0.4, 0.1), &Size { sites: 3, sets: 2, months: 5 });
        let strange = Estimate { mean: Some(f64::NAN), half_width: Some(f64::INFINITY), count: 3 };
        summary.sets[0].total.utilisation = strange;
        summary.sets[0].links[0].load = strange;
        summary.sets[0].links[1].capacity_gbit_s = f64::NAN;
        summary.sets[0].communities[0].wait_distribution[3].share = strange;
        summary.sets[0].communities[0].wait_distribution[4].wait_s = f64::NAN;
        summary.sets[0].sites[0].utilisation_by_month[0][0] = strange;
        summary.comparisons[0].metrics[0].difference = strange;
        summary.sets[0].waterfall.hours_open = strange;
        summary.sets[1].waterfall.hours_failed = strange;
        let projects = summary.sets[1].communities[0].projects.as_mut().unwrap();
        (projects.access_s_mean, projects.first_accelerator_s_mean) = (strange, strange);
        for figure in figures(&summary) {
            check_labels(&figure);
            assert!(!figure.svg().contains("NaN"));
        }
    }

    /// For measuring: `cargo test --release --lib paint_a_study -- --ignored`.
    #[test]
    #[ignore = "measures, claims nothing"]
    fn paint_a_study() {
        let figures = figures(&study(&Size { sites: 9, sets: 5, months: 36 }));
        assert_eq!(figures.len(), 29);
        let bytes: usize = figures.iter().map(|figure| figure.png().len() + figure.svg().len()).sum();
        assert!(bytes > 0);
    }

    /// Draws samples to look at: `cargo test --release --lib draw_samples -- --ignored --nocapture`.
    #[test]
    #[ignore = "writes pictures for people to look at"]
    fn draw_samples() {
        let folder = std::env::temp_dir().join("pleiade-figures");
        std::fs::create_dir_all(&folder).unwrap();
        for (sites, sets) in [(3, 1), (9, 5), (30, 5)] {
            let summary = with_projects(study(&Size { sites, sets, months: 36 }));
            for figure in figures(&summary) {
                let is_of_all = ["comparison", "waterfall", "refused", "cost", "time-to-first-accelerator"];
                if is_of_all.contains(&figure.name.as_str()) || figure.name.ends_with("set-0") {
                    std::fs::write(folder.join(format!("{}-{sites}.png", figure.name)), figure.png())
                        .unwrap();
                    std::fs::write(folder.join(format!("{}-{sites}.svg", figure.name)), figure.svg())
                        .unwrap();
                }
            }
        }
        let mut odd = with_long_names();
        for (index, link) in odd.sets[0].links.iter_mut().enumerate() {
            link.load = about(0.8 * libm::exp(-(index as f64) / 2.0), 0.2);
            link.load_by_month.truncate(1);
        }
        odd.sets[0].communities[0].total.jobs_unstarted =
            Estimate { mean: Some(3.0), half_width: None, count: 1 };
        let all = figures(&odd);
        for figure in all.iter().take(3).chain(&all[all.len() - 3..]) {
            let kind = figure.name.get(..8).unwrap();
            std::fs::write(folder.join(format!("odd-{kind}.png")), figure.png()).unwrap();
        }
        let summary = study(&Size { sites: 7, sets: 5, months: 36 });
        let text = crate::report::tables::sets(&summary).text(80);
        std::fs::write(folder.join("sets.txt"), text).unwrap();
    }
}
