//! Morris' screening: for each set how much each axis matters (μ*) against how far it bends or depends on others (σ).

use super::common::{Shown, head, provenance, replications, whisker};
use crate::report::axis::Axis;
use crate::report::drawing::{Anchor, Area, Drawing, Label};
use crate::report::format;
use crate::report::page::{MARGIN, Page, SMALL, Sample, WIDTH, ellipsis, level_axis, upright_axis};
use crate::report::palette::{BLACK, PALE, WHITE, community, stroke};
use crate::statistics::Estimate;
use crate::study::sweep::{Effects, SweepSummary};

const HEIGHT: f64 = 330.0;
const HEAD: f64 = 32.0;
const FOOT: f64 = 46.0;

/// The effects of one objective, a panel a set.
pub(super) fn morris(summary: &SweepSummary, objective: usize) -> Drawing {
    let name = ellipsis(&summary.objectives[objective].name, 60);
    let subtitle = format!(
        "Elementary effects: what the result changes by over the whole range of an input, in walks that move one input at a time; \
         {} a point. To the right an input matters more; above the dashed line it bends, or depends on others.",
        replications(summary)
    );
    let mut page = Page::new(&format!("Which inputs matter: {name}"), &subtitle);
    let names = summary.axes.iter().enumerate();
    let legend: Vec<(Sample, String)> = names
        .map(|(index, axis)| (Sample::Dot(community(index)), format!("{}  {}", index + 1, axis.name)))
        .collect();
    page.legend(&legend);
    let found: Vec<&Effects> = summary.effects.iter().filter(|one| one.objective == objective).collect();
    let columns = if found.len() == 1 { 1 } else { 2 };
    let gap = 30.0;
    let width = (WIDTH - 2.0 * MARGIN - gap * (columns as f64 - 1.0)) / columns as f64;
    for pair in found.chunks(columns) {
        for (column, effects) in pair.iter().enumerate() {
            let left = MARGIN + column as f64 * (width + gap);
            let area = Area { left, right: left + width, top: page.below, bottom: page.below + HEIGHT };
            panel(&mut page.drawing, summary, effects, area);
        }
        page.below += HEIGHT;
    }
    page.finish_with(
        &provenance(summary),
        "Bars are intervals: of μ* by Student's t, of σ by the jackknife over walks.",
    )
}

fn panel(drawing: &mut Drawing, summary: &SweepSummary, effects: &Effects, area: Area) {
    let results = effects.axes.iter().flat_map(|axis| [&axis.mu_star, &axis.sigma]);
    let shown = Shown::of(&summary.objectives[effects.objective], results).of_differences();
    let walks = effects.axes.first().map_or(0, |axis| axis.mu.count);
    head(drawing, &summary.sets[effects.set], &format!("{walks} walks"), area);
    let plot = Area {
        left: area.left + 66.0,
        right: area.right - 8.0,
        top: area.top + HEAD,
        bottom: area.bottom - FOOT,
    };
    let most = |of: fn(&crate::statistics::sensitivity::Morris) -> Estimate| {
        let highs = effects.axes.iter().filter_map(|axis| format::interval(&of(axis)).map(|(_, high)| high));
        highs.fold(0.0, f64::max).max(f64::MIN_POSITIVE) / shown.unit.divisor * 1.06
    };
    let (right, top) = (most(|axis| axis.mu_star), most(|axis| axis.sigma));
    let across = Axis::linear((0.0, right), (plot.left, plot.right));
    let up = Axis::linear((0.0, top), (plot.bottom, plot.top));
    level_axis(drawing, plot, &across, &format!("μ*, mean size of the effect{}", shown.in_brackets()));
    upright_axis(drawing, plot, &up, &format!("σ, its spread{}", shown.in_brackets()));
    let equal = right.min(top);
    drawing.dashes((plot.left, plot.bottom), (across.place(equal), up.place(equal)), 4.0, stroke(PALE, 1.0));
    drawing.line(
        vec![(plot.left, plot.top), (plot.left, plot.bottom), (plot.right, plot.bottom)],
        stroke(PALE, 1.0),
    );
    let divisor = shown.unit.divisor;
    for (index, axis) in effects.axes.iter().enumerate() {
        let (Some(mu), Some(sigma)) = (format::mean(&axis.mu_star), format::mean(&axis.sigma)) else {
            continue;
        };
        let (x, y) = (across.place(mu / divisor), up.place(sigma / divisor));
        let ink = community(index).with_opacity(0.55);
        if let (Some(_), Some((low, high))) =
            (format::half_width(&axis.mu_star), format::interval(&axis.mu_star))
        {
            whisker(drawing, (across.place(low / divisor), y), (across.place(high / divisor), y), ink);
        }
        if let (Some(_), Some((low, high))) = (format::half_width(&axis.sigma), format::interval(&axis.sigma))
        {
            whisker(drawing, (x, up.place(low / divisor)), (x, up.place(high / divisor)), ink);
        }
    }
    let mut taken: Vec<Area> = drawing.labels().map(Label::area).collect();
    for (index, axis) in effects.axes.iter().enumerate() {
        let (Some(mu), Some(sigma)) = (format::mean(&axis.mu_star), format::mean(&axis.sigma)) else {
            continue;
        };
        let (x, y) = (across.place(mu / divisor), up.place(sigma / divisor));
        drawing.disc((x, y), 5.5, WHITE);
        drawing.disc((x, y), 4.5, community(index));
        number(drawing, index + 1, (x, y), &mut taken);
    }
}

/// The number of an axis beside its dot, on the first side that is free; none where all are taken: the colour tells.
fn number(drawing: &mut Drawing, number: usize, (x, y): (f64, f64), taken: &mut Vec<Area>) {
    let sides = [(8.0, -4.0), (8.0, 12.0), (-8.0, -4.0), (-8.0, 12.0), (0.0, -9.0), (0.0, 17.0)];
    let label = |(right, down): (f64, f64)| {
        let anchor = if right > 0.0 {
            Anchor::Start
        } else if right < 0.0 {
            Anchor::End
        } else {
            Anchor::Middle
        };
        Label::new(number.to_string(), (x + right, y + down), SMALL, BLACK).bold().anchored(anchor)
    };
    let free =
        sides.into_iter().map(label).find(|label| !taken.iter().any(|area| area.overlaps(&label.area())));
    if let Some(label) = free {
        taken.push(label.area());
        drawing.text(label);
    }
}
