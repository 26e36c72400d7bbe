//! The curve of a single axis: where each set breaks what is asked of it, or meets more work than any policy can serve.

use super::plan::{SweepAxis, SweepPlan};
use super::summary::{Break, BreakSide, PointSummary};
use crate::statistics::Estimate;
use crate::statistics::sensitivity::{Crossing, CurvePoint, first_crossing};
use crate::study::ObjectiveRow;

/// The load above which no policy serves all.
const FULL: f64 = 1.0;
/// Results that grow by more than this over the axis are taken for straight on a logarithmic scale, as waits near the load
/// that a set can take.
const STEEP: f64 = 30.0;
/// The lower end of an interval about a mean counts as no less than this part of it on that scale.
const LEAST_PART: f64 = 1e-3;

/// Whether the results of an objective are above zero and so steep that their logarithms are what is straight.
pub fn is_steep(points: &[PointSummary], objective: usize) -> bool {
    let means = || points.iter().flat_map(|point| &point.results).filter_map(|of_set| of_set[objective].mean);
    let (least, most) =
        means().fold((f64::INFINITY, 0.0_f64), |ends, mean| (ends.0.min(mean), ends.1.max(mean)));
    least > 0.0 && most > STEEP * least
}

/// How a result is spaced between two points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Straight {
    Plainly,
    InLogarithms,
}

/// Where each set breaks: every limit of every objective, then the load.
pub(super) fn breaks(plan: &SweepPlan, points: &[PointSummary], objectives: &[ObjectiveRow]) -> Vec<Break> {
    if !plan.is_curve() {
        return Vec::new();
    }
    let axis = &plan.axes[0];
    let curve = |of: &dyn Fn(&PointSummary) -> Estimate| -> Vec<(f64, Estimate)> {
        let place = |point: &PointSummary| Some((place_of(axis, point.axes[0].number?), of(point)));
        let mut curve: Vec<_> = points.iter().filter_map(place).collect();
        curve.sort_by(|one, other| one.0.total_cmp(&other.0));
        curve
    };
    let mut found = Vec::new();
    for set in 0..plan.sets.len() {
        for (index, objective) in objectives.iter().enumerate() {
            let result = |point: &PointSummary| point.results[set][index];
            let straight = if is_steep(points, index) { Straight::InLogarithms } else { Straight::Plainly };
            if let Some(limit) = objective.at_most {
                found.push(broken(axis, (set, Some(index)), (limit, 1.0, straight), &curve(&result)));
            }
            if let Some(limit) = objective.at_least {
                found.push(broken(axis, (set, Some(index)), (limit, -1.0, straight), &curve(&result)));
            }
        }
        let load = |point: &PointSummary| Estimate { mean: point.loads[set], half_width: None, count: 1 };
        found.push(broken(axis, (set, None), (FULL, 1.0, Straight::Plainly), &curve(&load)));
    }
    found
}

/// Where a number stands on a scale on which the curve is taken for straight between points.
fn place_of(axis: &SweepAxis, number: f64) -> f64 {
    if axis.is_logarithmic { libm::log(number) } else { number }
}

/// The crossing of a limit that values times `sign` must not exceed. From the side on which it is held: where a curve falls
/// below its limit along the axis, it is gone through backwards.
fn broken(
    axis: &SweepAxis,
    (set, objective): (usize, Option<usize>),
    (limit, sign, straight): (f64, f64, Straight),
    curve: &[(f64, Estimate)],
) -> Break {
    let held = sign * value_of(limit, straight);
    let mut curve: Vec<CurvePoint> =
        curve.iter().filter_map(|(place, result)| point_of(*place, result, (sign, straight))).collect();
    let exceeds = |point: Option<&CurvePoint>| point.is_some_and(|point| point.mean > held);
    let backwards = exceeds(curve.first()) && !exceeds(curve.last());
    if backwards {
        curve.reverse();
    }
    let crossing = first_crossing(&curve, held);
    let side = match crossing.at {
        None => BreakSide::Nowhere,
        Some(_) if exceeds(curve.first()) => BreakSide::Everywhere,
        Some(_) if backwards => BreakSide::Below,
        Some(_) => BreakSide::Above,
    };
    let back = |place: f64| if axis.is_logarithmic { libm::exp(place) } else { place };
    let Crossing { at, earliest, latest } = crossing;
    let crossing = Crossing { at: at.map(back), earliest: earliest.map(back), latest: latest.map(back) };
    Break { set, objective, limit, side, crossing }
}

/// A value on the scale on which curves are straight; nothing is less than all logarithms.
fn value_of(value: f64, straight: Straight) -> f64 {
    match straight {
        Straight::Plainly => value,
        Straight::InLogarithms if value > 0.0 => libm::log(value),
        Straight::InLogarithms => f64::NEG_INFINITY,
    }
}

/// A point of the curve times `sign`; none without a mean.
fn point_of(place: f64, result: &Estimate, (sign, straight): (f64, Straight)) -> Option<CurvePoint> {
    let (mean, (low, high)) = (result.mean?, result.interval()?);
    let low = if straight == Straight::InLogarithms { low.max(mean * LEAST_PART) } else { low };
    let [mean, low, high] = [mean, low, high].map(|value| sign * value_of(value, straight));
    Some(CurvePoint { place, mean, low: low.min(high), high: low.max(high) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(is_logarithmic: bool) -> SweepAxis {
        let text = || "x".to_owned();
        SweepAxis {
            id: text(),
            name: text(),
            unit: Some(String::new()),
            is_logarithmic,
            is_factor: false,
            values: 3,
        }
    }

    fn of(mean: f64, half: f64) -> Estimate {
        Estimate { mean: Some(mean), half_width: Some(half), count: 5 }
    }

    /// Limits from above and below, along the axis and against it, on both scales.
    #[test]
    fn breaks_by_hand() {
        let rising = [(0.0, of(1.0, 0.5)), (2.0, of(3.0, 0.5)), (4.0, of(5.0, 0.5))];
        let plain = |limit: f64, sign: f64| {
            broken(&axis(false), (0, Some(1)), (limit, sign, Straight::Plainly), &rising)
        };
        let found = plain(4.0, 1.0);
        assert_eq!((found.side, found.crossing.at), (BreakSide::Above, Some(3.0)));
        assert_eq!((found.crossing.earliest, found.crossing.latest), (Some(2.5), Some(3.5)));
        // At least 4: held at the upper end, broken below the same place.
        let found = plain(4.0, -1.0);
        assert_eq!((found.side, found.crossing.at), (BreakSide::Below, Some(3.0)));
        assert_eq!((found.crossing.earliest, found.crossing.latest), (Some(3.5), Some(2.5)));
        assert_eq!(plain(9.0, 1.0).side, BreakSide::Nowhere);
        assert_eq!(plain(0.5, 1.0).side, BreakSide::Everywhere);
        let log = [(libm::log(1.0), of(1.0, 0.0)), (libm::log(100.0), of(100.0, 1e9))];
        let found = broken(&axis(true), (0, None), (10.0, 1.0, Straight::InLogarithms), &log);
        assert!((found.crossing.at.unwrap() - 10.0).abs() < 1e-12);
        // The lower end counts as 0.1: it never comes so far.
        assert_eq!(found.crossing.latest, None);
    }
}
