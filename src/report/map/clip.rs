//! Cutting polygons and lines at the sides of a rectangle, so that nothing is drawn beyond it and nothing is bent.

use crate::report::drawing::{Area, Point};

/// How far a point lies within each side of an area; negative beyond it. `top` and `bottom` may stand either way round.
fn within(area: &Area, (x, y): Point) -> [f64; 4] {
    let (low, high) = (area.top.min(area.bottom), area.top.max(area.bottom));
    [x - area.left, area.right - x, y - low, high - y]
}

/// The point at a share of the way between two.
fn between(from: Point, to: Point, share: f64) -> Point {
    (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1))
}

/// The part of a polygon within an area, as one polygon (Sutherland and Hodgman 1974): where it falls into several pieces,
/// they hang together along the sides of the area, which no filling shows. Without points where it lies outside.
pub fn clip_polygon(polygon: &[Point], area: &Area) -> Vec<Point> {
    let mut points = polygon.to_vec();
    for side in 0..4 {
        let mut kept = Vec::with_capacity(points.len());
        for (index, &to) in points.iter().enumerate() {
            let from = points[(index + points.len() - 1) % points.len()];
            let (before, after) = (within(area, from)[side], within(area, to)[side]);
            if (before < 0.0) != (after < 0.0) {
                kept.push(between(from, to, before / (before - after)));
            }
            if after >= 0.0 {
                kept.push(to);
            }
        }
        points = kept;
    }
    points
}

/// The pieces of a line within an area, each of two points or more (Liang and Barsky 1984, piece by piece).
pub fn clip_line(line: &[Point], area: &Area) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    let mut is_open = false;
    for ends in line.windows(2) {
        let (from, to) = (ends[0], ends[1]);
        let Some((enters, leaves)) = part_within(area, from, to) else {
            is_open = false;
            continue;
        };
        if !is_open {
            pieces.push(vec![between(from, to, enters)]);
        }
        let end = if leaves < 1.0 { between(from, to, leaves) } else { to };
        pieces.last_mut().expect("a piece was begun").push(end);
        is_open = leaves >= 1.0;
    }
    pieces
}

/// Between which shares of its length a straight line lies within an area.
fn part_within(area: &Area, from: Point, to: Point) -> Option<(f64, f64)> {
    let sides = within(area, from).into_iter().zip(within(area, to));
    let part = sides.fold((0.0_f64, 1.0_f64), |(enters, leaves), (before, after)| {
        match (before < 0.0, after < 0.0) {
            (false, false) => (enters, leaves),
            (true, true) => (1.0, 0.0),
            (true, false) => (enters.max(before / (before - after)), leaves),
            (false, true) => (enters, leaves.min(before / (before - after))),
        }
    });
    (part.0 < part.1).then_some(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const AREA: Area = Area { left: -3.0, top: 5.0, right: 4.0, bottom: -2.0 };

    fn area_of(polygon: &[Point]) -> f64 {
        let next = polygon.iter().skip(1).chain(polygon.first());
        polygon.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>() / 2.0
    }

    #[test]
    fn a_line_that_crosses_twice_is_two_pieces() {
        let line = [(-9.0, 0.0), (0.0, 0.0), (0.0, 9.0), (1.0, 9.0), (1.0, 0.0)];
        let pieces = clip_line(&line, &AREA);
        assert_eq!(pieces, [vec![(-3.0, 0.0), (0.0, 0.0), (0.0, 5.0)], vec![(1.0, 5.0), (1.0, 0.0)]]);
    }

    #[test]
    fn what_lies_outside_is_nothing() {
        let beyond = [(9.0, 9.0), (10.0, 9.0), (10.0, 10.0)];
        assert!(clip_polygon(&beyond, &AREA).is_empty() && clip_line(&beyond, &AREA).is_empty());
        assert!(clip_polygon(&[], &AREA).is_empty() && clip_line(&[], &AREA).is_empty());
    }

    proptest! {
        /// The parts of a polygon within the area and in the four bands around it add up to the whole.
        #[test]
        fn parts_add_up(points in prop::collection::vec((-9.0..9.0, -9.0..9.0), 3..9)) {
            let wide = 20.0;
            let parts = [
                AREA,
                Area { left: -wide, top: wide, right: AREA.left, bottom: -wide },
                Area { left: AREA.right, top: wide, right: wide, bottom: -wide },
                Area { left: AREA.left, top: wide, right: AREA.right, bottom: AREA.top },
                Area { left: AREA.left, top: AREA.bottom, right: AREA.right, bottom: -wide },
            ];
            let sum: f64 = parts.iter().map(|part| area_of(&clip_polygon(&points, part))).sum();
            prop_assert!((sum - area_of(&points)).abs() < 1e-9);
            let inside = clip_polygon(&points, &AREA);
            prop_assert!(inside.iter().all(|point| within(&AREA, *point).iter().all(|side| *side > -1e-9)));
        }

        /// The length within the area is what counting many small steps gives.
        #[test]
        fn lines_are_cut_where_they_cross(
            from in (-9.0..9.0, -9.0..9.0), to in (-9.0..9.0, -9.0..9.0)
        ) {
            let steps = 2_000;
            let is_inside = |step: &i32| {
                let point = between(from, to, (f64::from(*step) + 0.5) / f64::from(steps));
                within(&AREA, point).iter().all(|side| *side >= 0.0)
            };
            let counted = (0..steps).filter(is_inside).count() as f64 / f64::from(steps);
            let length = |one: Point, other: Point| libm::hypot(one.0 - other.0, one.1 - other.1);
            let whole = length(from, to);
            let kept: f64 = clip_line(&[from, to], &AREA).iter().map(|piece| length(piece[0], piece[1])).sum();
            prop_assert!((kept - counted * whole).abs() <= 1.01 * whole / f64::from(steps));
        }
    }
}
