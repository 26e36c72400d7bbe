//! Jobs on the nodes of a partition over some days: a box for each stretch, as high as what it held and as wide as it lasted.

use super::axis::Axis;
use super::drawing::{Anchor, Area, Drawing, Label};
use super::font::text_width;
use super::page::{MARGIN, Page, Sample, TINY, WIDTH, ellipsis, title_below, upright_axis};
use super::palette::{BLANK, GREY, GRID, community, stroke};
use crate::report::drawing::Weight;
use crate::study::{Gantt, Stretch};
use jiff::ToSpan;

const HEIGHT: f64 = 460.0;
/// Boxes lower than this have no gap between them.
const LOW: f64 = 3.0;

/// The chart.
pub fn gantt(gantt: &Gantt) -> Drawing {
    let title = format!("{}, {}: who held what", ellipsis(&gantt.site, 50), ellipsis(&gantt.partition, 30));
    let subtitle = "Each box is a job: its height what it held, its width how long. Where none stands, accelerators were idle.";
    let mut page = Page::new(&title, subtitle);
    if gantt.stretches.is_empty() {
        page.nothing("Nothing was held in these days.");
    } else {
        let names = gantt.communities.iter().enumerate();
        page.legend(
            &names.map(|(index, name)| (Sample::Square(community(index)), name.clone())).collect::<Vec<_>>(),
        );
        chart(&mut page, gantt);
    }
    let provenance = format!(
        "Scenario {} · set {} · replication {} · seed {} · {} days from {} · {} accelerators · local: {}",
        ellipsis(&gantt.scenario, 60),
        ellipsis(&gantt.set, 40),
        gantt.replication,
        gantt.seed,
        gantt.days,
        gantt.from,
        gantt.accelerators,
        ellipsis(&gantt.policy, 60),
    );
    page.finish_with(
        &provenance,
        "A single run, to look at: nothing follows from it. Which accelerators a job had is not simulated: the lowest free ones are \
         shown, in one block where there is one.",
    )
}

fn chart(page: &mut Page, gantt: &Gantt) {
    let plot = Area {
        left: MARGIN + 70.0,
        right: WIDTH - MARGIN - 8.0,
        top: page.below + 10.0,
        bottom: page.below + HEIGHT,
    };
    let across = Axis::linear((0.0, f64::from(gantt.days)), (plot.left, plot.right));
    let up = Axis::linear((0.0, f64::from(gantt.accelerators)), (plot.bottom, plot.top));
    let drawing = &mut page.drawing;
    drawing.rectangle(plot, BLANK);
    days(drawing, gantt, plot, &across);
    upright_axis(drawing, plot, &up, "Accelerators");
    for stretch in &gantt.stretches {
        boxes(drawing, stretch, &across, &up);
    }
    drawing.line(vec![(plot.left, plot.bottom), (plot.right, plot.bottom)], stroke(GREY, 1.0));
    title_below(drawing, plot, "Days, from midnight UTC");
    page.below = plot.bottom + 38.0;
}

/// A line at the beginning of each day, and the dates of as many as have room.
fn days(drawing: &mut Drawing, gantt: &Gantt, plot: Area, across: &Axis) {
    let room = text_width("2027-12-31", TINY, Weight::Regular) + 12.0;
    let each = (room * f64::from(gantt.days) / plot.width()).ceil().max(1.0) as usize;
    for day in 0..gantt.days {
        let x = across.place(f64::from(day));
        drawing.line(vec![(x, plot.top), (x, plot.bottom)], stroke(GRID, 0.75));
        let date = gantt.from.checked_add(i64::from(day).days());
        if let (Ok(date), true) = (date, (day as usize).is_multiple_of(each)) {
            let at = (x, plot.bottom + 13.0);
            drawing.text(Label::new(date.to_string(), at, TINY, GREY).anchored(Anchor::Middle));
        }
    }
}

fn boxes(drawing: &mut Drawing, stretch: &Stretch, across: &Axis, up: &Axis) {
    let (left, right) = (across.place(stretch.begins), across.place(stretch.ends));
    for &[first, length] in &stretch.blocks {
        let (bottom, top) = (up.place(f64::from(first)), up.place(f64::from(first + length)));
        // A hair of ground between boxes, where they are large enough for one.
        let gap = if bottom - top > LOW && right - left > LOW { 0.5 } else { 0.0 };
        let area = Area {
            left: left + gap,
            right: right.max(left + 0.5) - gap,
            top: top + gap,
            bottom: bottom - gap,
        };
        drawing.rectangle(area, community(stretch.community));
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::report::edges::check_labels;
    use crate::report::figure::Figure;
    use jiff::civil::date;

    pub(in crate::report) fn sample(days: u32, accelerators: u32, jobs: usize) -> Gantt {
        let stretch = |job: usize| Stretch {
            community: job % 3,
            begins: job as f64 * 0.3 - 0.5,
            ends: job as f64 * 0.3 + 1e-6 + f64::from(days) / 7.0,
            blocks: vec![[(job as u32 * 13) % accelerators.max(1), 1]],
        };
        Gantt {
            scenario: "jobs".to_owned(),
            set: "All".to_owned(),
            site: "Gemeinsames Höchstleistungsrechenzentrum der Länder ".repeat(4),
            partition: "gpu".repeat(30),
            policy: "EASY".to_owned(),
            seed: 1,
            replication: 0,
            accelerators,
            from: date(2027, 2, 26),
            days,
            communities: ["Startups", "Industry", "Researchers"].map(str::to_owned).to_vec(),
            stretches: (0..jobs).map(stretch).collect(),
        }
    }

    #[test]
    fn labels_stand_apart_for_any_size() {
        for days in [1, 7, 31] {
            for accelerators in [1, 5, 20_000] {
                for jobs in [0, 1, 60] {
                    let drawing = gantt(&sample(days, accelerators, jobs));
                    check_labels(&Figure { name: format!("{days} {accelerators} {jobs}"), drawing });
                }
            }
        }
    }
}
