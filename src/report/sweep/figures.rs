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
