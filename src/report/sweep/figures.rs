//! All figures of a sweep, each with the name of its file.

use super::{curve, heat_map, indices, morris, tornado};
use crate::report::drawing::Drawing;
use crate::report::figure::{Figure, file_stem, free_name};
use crate::study::sweep::SweepSummary;

/// Draws one objective of a sweep.
type Draw = fn(&SweepSummary, usize) -> Drawing;

/// The figures that the design was made for, one an objective.
pub fn sweep_figures(summary: &SweepSummary) -> Vec<Figure> {
    let is_curve = !summary.breaks.is_empty();
    let is_map = summary.axes.len() == 2 && summary.design.name() == "product";
    let kinds: [(&str, bool, Draw); 5] = [
        ("tornado", !summary.tornados.is_empty(), tornado::tornado),
        ("morris", !summary.effects.is_empty(), morris::morris),
        ("sobol", !summary.indices.is_empty(), indices::indices),
        ("curve", is_curve, curve::curve),
        ("map", is_map, heat_map::heat_map),
    ];
    let mut figures = Vec::new();
    for (kind, _, draw) in kinds.into_iter().filter(|(_, is_there, _)| *is_there) {
        for (index, objective) in summary.objectives.iter().enumerate() {
            let name = free_name(&figures, &format!("{kind}-{}", file_stem(&objective.id)));
            figures.push(Figure { name, drawing: draw(summary, index) });
        }
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::edges::{check_labels, strange};
    use crate::report::html::{About, Study, page};
    use crate::report::sweep::sample::{of, sample};
    use crate::report::sweep::{sentences, sweep_csv, sweep_markdown};

    #[test]
    fn labels_never_overlap_nor_leave_the_page() {
        let long = "Gemeinsames Höchstleistungsrechenzentrum der Länder ".repeat(6);
        for (axes, values) in [(1, 1), (1, 9), (1, 60), (2, 2), (2, 12), (5, 2), (8, 2)] {
            for sets in [1, 2, 5] {
                for name in ["Demand", &long] {
                    for figure in sweep_figures(&sample(axes, values, sets, name, of(3_000.0, 500.0))) {
                        check_labels(&figure);
                        assert!(figure.svg().contains("seed 20241210"), "a figure says where it comes from");
                    }
                }
            }
        }
    }

    #[test]
    fn strange_results_draw_without_panic() {
        for result in strange() {
            for (axes, values) in [(1, 5), (2, 3)] {
                let summary = sample(axes, values, 2, "Demand", result);
                for figure in sweep_figures(&summary) {
                    check_labels(&figure);
                    assert!(!figure.svg().contains("NaN"), "{}", figure.name);
                }
                let text = sweep_markdown(&summary) + &sweep_csv(&summary) + &sentences(&summary).join("\n");
                assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
                let study = Study { sweep: Some((&summary, &About::default())), ..Study::default() };
                assert!(page(study).contains("How it was computed"));
            }
        }
    }
}
