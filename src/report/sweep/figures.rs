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
    use crate::report::sweep::{sentences, sweep_csv, sweep_markdown};
    use crate::statistics::sensitivity::{Crossing, Design, Index, Morris, SobolIndices, Swing};
    use crate::statistics::{Estimate, Want};
    use crate::study::ObjectiveRow;
    use crate::study::sweep::{
        AxisPlace, Break, BreakSide, Effects, Indices, PointSummary, SetName, SweepAxis, Tornado,
    };
    use jiff::civil::date;

    fn of(mean: f64, half: f64) -> Estimate {
        Estimate { mean: Some(mean), half_width: Some(half), count: 5 }
    }

    /// A sweep of each kind at once: so many axes of so many values, sets with such a name, and results like this one.
    fn sample(axes: usize, values: u32, sets: usize, name: &str, result: Estimate) -> SweepSummary {
        let count = values.pow(axes as u32) as usize;
        let scaled = |factor: f64| Estimate { mean: result.mean.map(|mean| mean * factor), ..result };
        let point = |index: usize| PointSummary {
            axes: (0..axes)
                .map(|axis| {
                    let level = index / (values as usize).pow((axes - 1 - axis) as u32) % values as usize;
                    let number = Some(1.0 + level as f64);
                    AxisPlace { place: Some(0.0), number, text: format!("{level} Gbit/s") }
                })
                .collect(),
            results: (0..sets).map(|set| vec![scaled((1 + index) as f64 * (1 + set) as f64)]).collect(),
            loads: vec![Some(0.3 * index as f64); sets],
        };
        let each = |of_set: &dyn Fn(usize) -> f64| (0..axes).map(of_set).collect::<Vec<f64>>();
        let sizes = each(&|axis| 1.0 / (1.0 + axis as f64));
        let swing =
            |&size: &f64| Swing { low: scaled(-size), high: scaled(size), across: scaled(2.0 * size) };
        let index = |value: f64| Index { value: Some(value), interval: Some((value - 0.7, value + 3.0)) };
        let indices = |&size: &f64| SobolIndices { first: index(size / 2.0), total: index(size), rows: 20 };
        let effect = |&size: &f64| Morris { mu: scaled(-size), mu_star: scaled(size), sigma: scaled(size) };
        let crossing = Crossing { at: Some(1.5), earliest: Some(1.2), latest: None };
        let limit = |set| Break { set, objective: Some(0), limit: 2.0, side: BreakSide::Above, crossing };
        SweepSummary {
            scenario: name.to_owned(),
            seed: 20_241_210,
            replications: 5,
            confidence: 0.95,
            broker: name.to_owned(),
            from: date(2025, 1, 1),
            to: date(2026, 1, 1),
            design: Design::Product,
            axes: (0..axes)
                .map(|axis| SweepAxis {
                    id: format!("axis-{axis}"),
                    name: name.to_owned(),
                    unit: Some("Gbit/s".to_owned()),
                    is_logarithmic: axis == 0,
                    is_factor: false,
                    values,
                })
                .collect(),
            sets: (0..sets).map(|_| SetName { id: "set".to_owned(), name: name.to_owned() }).collect(),
            futures: Vec::new(),
            objectives: vec![ObjectiveRow {
                id: "one".to_owned(),
                name: name.to_owned(),
                metric: "wait_s_mean".to_owned(),
                community: None,
                site: None,
                unit: "s".to_owned(),
                want: Want::Least,
                at_most: Some(2.0),
                at_least: Some(1.0),
            }],
            points: (0..count).map(point).collect(),
            tornados: (0..sets)
                .filter(|_| count > 2 * axes)
                .map(|set| Tornado {
                    set,
                    objective: 0,
                    base: result,
                    swings: sizes.iter().map(swing).collect(),
                })
                .collect(),
            effects: (0..sets)
                .map(|set| Effects { set, objective: 0, axes: sizes.iter().map(effect).collect() })
                .collect(),
            indices: (0..sets)
                .map(|set| Indices {
                    set,
                    objective: 0,
                    mean: result,
                    axes: sizes.iter().map(indices).collect(),
                })
                .collect(),
            preferences: Vec::new(),
            breaks: (0..sets).map(limit).collect(),
        }
    }

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
