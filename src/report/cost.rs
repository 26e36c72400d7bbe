//! What sets cost against how soon their users are served: one box a set, and the sets that no other beats in both.

use super::axis::Axis;
use super::drawing::{Area, Drawing, Label, Weight};
use super::font::shorten;
use super::format::{self, Quantity, Unit};
use super::labels::{Wanted, draw_label, place_labels};
use super::page::{MARGIN, Page, SMALL, Sample, TINY, WIDTH, level_axis, replications, upright_axis};
use super::palette::{BLACK, BLUE, GREY, PALE, WHITE, stroke};
use crate::statistics::Estimate;
use crate::study::{SetSummary, StudySummary};

const HEIGHT: f64 = 420.0;
/// Half the width of a box: a cost is a fact of the scenario and has no interval.
const HALF_BOX: f64 = 7.0;

/// A set on the plane.
struct Point<'a> {
    set: &'a SetSummary,
    cost: f64,
    time: Estimate,
    mean: f64,
    is_on_front: bool,
}

/// Whether sets differ in what they cost, so that there is something to weigh.
pub(super) fn sets_cost_something(summary: &StudySummary) -> bool {
    let costs = || summary.sets.iter().map(|set| set.cost_euros).filter(|cost| cost.is_finite());
    costs().fold(f64::NEG_INFINITY, f64::max) > costs().fold(f64::INFINITY, f64::min)
}

/// Cost of the sets against the 90 % quantile of the time to the first accelerator; where there are no projects, against
/// that of the wait.
pub fn cost_against_time(summary: &StudySummary) -> Drawing {
    let by_projects = summary.sets.iter().any(|set| set.projects.is_some());
    let (title, what) = if by_projects {
        ("What a set costs, and how soon projects compute", "time from application to the first accelerator")
    } else {
        ("What a set costs, and how long jobs wait", "wait of jobs")
    };
    let subtitle = format!(
        "Cost of the sites of a set against the 90 % quantile of the {what}; a box is the interval of the mean over {}.",
        replications(summary)
    );
    let mut page = Page::new(title, &subtitle);
    let points = points(summary, by_projects);
    if points.is_empty() {
        page.nothing("No set has both a cost and a time to show.");
        return page.finish(summary, None, "");
    }
    page.legend(&[
        (Sample::Square(BLUE), "no set is both cheaper and sooner".to_owned()),
        (Sample::Square(PALE), "another set is at least as cheap and as soon".to_owned()),
    ]);
    let unnamed = draw_plane(&mut page, &points, summary.replications, what);
    let unnamed = match unnamed {
        0 => String::new(),
        count => format!(" Without room for their names: {count} of the sets."),
    };
    let notes = format!(
        "The front joins the sets that are not beaten by their means; boxes that overlap from top to bottom may well change \
         places. The comparison tells sets apart more sharply than boxes do, since all ran in the same random universes.{unnamed}"
    );
    page.finish(summary, None, &notes)
}

/// The sets with both numbers, those on the front marked.
fn points(summary: &StudySummary, by_projects: bool) -> Vec<Point<'_>> {
    let time = |set: &SetSummary| match (&set.projects, by_projects) {
        (Some(projects), _) => projects.first_accelerator_s_p90,
        (None, true) => Estimate { mean: None, half_width: None, count: 0 },
        (None, false) => set.total.wait_s_p90,
    };
    let mut points: Vec<Point> = summary
        .sets
        .iter()
        .filter_map(|set| {
            let time = time(set);
            let mean = format::mean(&time)?;
            set.cost_euros.is_finite().then_some(Point {
                set,
                cost: set.cost_euros,
                time,
                mean,
                is_on_front: false,
            })
        })
        .collect();
    let values: Vec<(f64, f64)> = points.iter().map(|point| (point.cost, point.mean)).collect();
    for point in &mut points {
        point.is_on_front = !values.iter().any(|&value| beats(value, (point.cost, point.mean)));
    }
    points
}

/// Whether one is at least as cheap and as soon as the other, and better in one of these.
fn beats(one: (f64, f64), other: (f64, f64)) -> bool {
    one.0 <= other.0 && one.1 <= other.1 && one != other
}

/// Draws all; how many sets had no room for their names.
fn draw_plane(page: &mut Page, points: &[Point], replications: u32, what: &str) -> usize {
    let top = page.below + 12.0;
    let plot = Area { left: MARGIN + 84.0, top, right: WIDTH - MARGIN - 10.0, bottom: top + HEIGHT };
    let costs = points.iter().map(|point| point.cost);
    let money = Quantity::Euros.unit_for(costs.clone().fold(0.0, f64::max));
    let times = Quantity::Seconds.unit_for_all(points.iter().map(|point| &point.time));
    let across = axis(costs.map(|cost| (cost, cost)), money, (plot.left, plot.right));
    let ends = points.iter().filter_map(|point| format::interval(&point.time));
    let up = axis(ends, times, (plot.bottom, plot.top));
    upright_axis(&mut page.drawing, plot, &up, &format!("90 % quantile of the {what} ({})", times.label));
    level_axis(&mut page.drawing, plot, &across, &format!("Cost of the sites of the set ({})", money.label));
    let frame = Frame { plot, across, up, money, times };
    frame.front(&mut page.drawing, points);
    let boxes: Vec<Area> = points.iter().map(|point| frame.interval(point)).collect();
    for (point, area) in points.iter().zip(&boxes) {
        let ink = if point.is_on_front { BLUE } else { PALE };
        page.drawing.rectangle(*area, ink.with_opacity(0.35));
        page.drawing.disc(frame.place(point), 5.5, WHITE);
        page.drawing.disc(frame.place(point), 4.5, ink);
    }
    page.below = plot.bottom + 36.0;
    name_points(&mut page.drawing, &frame, points, (&boxes, replications))
}

/// An axis that holds all intervals with some room, from zero where that does not squeeze them.
fn axis(ends: impl Iterator<Item = (f64, f64)>, unit: Unit, places: (f64, f64)) -> Axis {
    let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (from, to)| {
        (low.min(from / unit.divisor), high.max(to / unit.divisor))
    });
    if low >= 0.0 && low < 0.6 * high {
        return Axis::linear((0.0, high * 1.08), places);
    }
    let room = (high - low).max(high.abs() * 1e-3) * 0.15;
    Axis::linear((low - room, high + room), places)
}

/// The plane that sets stand on.
struct Frame {
    plot: Area,
    across: Axis,
    up: Axis,
    money: Unit,
    times: Unit,
}

impl Frame {
    fn place(&self, point: &Point) -> (f64, f64) {
        (self.across.place(point.cost / self.money.divisor), self.up.place(point.mean / self.times.divisor))
    }

    /// The box of a set's interval.
    fn interval(&self, point: &Point) -> Area {
        let (x, _) = self.place(point);
        let (low, high) = format::interval(&point.time).unwrap_or((point.mean, point.mean));
        let y = |seconds: f64| self.up.place(seconds / self.times.divisor);
        Area { left: x - HALF_BOX, top: y(high), right: x + HALF_BOX, bottom: y(low) }
    }

    /// Steps through the sets that no other beats: what is on the front's other side can't be had.
    fn front(&self, drawing: &mut Drawing, points: &[Point]) {
        let mut front: Vec<(f64, f64)> =
            points.iter().filter(|point| point.is_on_front).map(|point| self.place(point)).collect();
        front.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (Some(&first), Some(&last)) = (front.first(), front.last()) else { return };
        let mut line = vec![(first.0, self.plot.top), first];
        for ends in front.windows(2) {
            line.extend([(ends[1].0, ends[0].1), ends[1]]);
        }
        line.push((self.plot.right, last.1));
        drawing.line(line, stroke(BLUE.with_opacity(0.6), 1.25));
    }
}

fn name_points(
    drawing: &mut Drawing,
    frame: &Frame,
    points: &[Point],
    (boxes, replications): (&[Area], u32),
) -> usize {
    let wanted: Vec<Wanted> = points
        .iter()
        .map(|point| {
            let name = shorten(&point.set.name, SMALL, Weight::Regular, 210.0);
            let cost = format::value(point.cost, Quantity::Euros);
            let time = format::estimate_with_unit(&point.time, Quantity::Seconds, replications);
            let lines = vec![
                Label::new(name, (0.0, 0.0), SMALL, BLACK),
                Label::new(format!("{cost}, {time}"), (0.0, 0.0), TINY, GREY),
            ];
            Wanted { at: frame.place(point), radius: HALF_BOX, lines }
        })
        .collect();
    let places = place_labels(&wanted, boxes, frame.plot);
    for (wanted, place) in wanted.iter().zip(&places) {
        if let Some(place) = place {
            draw_label(drawing, wanted, place);
        }
    }
    places.iter().filter(|place| place.is_none()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Size, about, study, with_projects};

    #[test]
    fn the_front_holds_whom_no_other_beats() {
        let mut summary = study(&Size { sites: 1, sets: 5, months: 1 });
        // The second is beaten by the first in both, the fourth by the third in time alone; the last has the same numbers as
        // the third, so that neither beats the other.
        let values = [(2.0, 5.0), (3.0, 6.0), (4.0, 1.0), (4.0, 2.0), (4.0, 1.0)];
        for (set, (cost, time)) in summary.sets.iter_mut().zip(values) {
            (set.cost_euros, set.total.wait_s_p90) = (cost, about(time, 0.1));
        }
        let front: Vec<bool> = points(&summary, false).iter().map(|point| point.is_on_front).collect();
        assert_eq!(front, [true, false, true, false, true]);
        assert!(sets_cost_something(&summary));
        summary.sets.iter_mut().for_each(|set| set.cost_euros = 7.0);
        assert!(!sets_cost_something(&summary));
    }

    /// Long names near the right edge, with tall intervals on both sides: each has its place, if need be over an interval.
    #[test]
    fn every_set_has_its_name() {
        let mut summary = study(&Size { sites: 1, sets: 5, months: 1 });
        for (set, cost) in summary.sets.iter_mut().zip([1.15e9, 1.0e9, 0.8e9, 0.7e9, 0.2e9]) {
            set.name = format!("All seven, Cyprus and Slovenia, for {cost:.1e}");
            (set.cost_euros, set.total.wait_s_p90) = (cost, about(4.3e6, 0.8));
        }
        let drawing = cost_against_time(&summary);
        let labels: Vec<&str> = drawing.labels().map(|label| label.text.as_str()).collect();
        for set in &summary.sets {
            let name = shorten(&set.name, SMALL, Weight::Regular, 210.0);
            assert!(labels.contains(&name.as_str()), "{name} in {labels:?}");
        }
        assert!(!labels.iter().any(|label| label.contains("Without room")));
    }

    #[test]
    fn projects_are_judged_by_their_first_accelerator() {
        let mut summary = with_projects(study(&Size { sites: 1, sets: 2, months: 1 }));
        summary.sets[1].projects = None;
        let points = points(&summary, true);
        assert_eq!(points.len(), 1, "a set without projects has no time of theirs");
        assert_eq!(points[0].time, summary.sets[0].projects.as_ref().unwrap().first_accelerator_s_p90);
    }
}
