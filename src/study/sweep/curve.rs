//! The curve of a single axis: where each set breaks what is asked of it, or meets more work than any policy can serve.

use super::plan::{SweepAxis, SweepPlan};
use super::summary::{Break, BreakSide, ObjectiveSummary, PointSummary};
use crate::statistics::Estimate;
use crate::statistics::sensitivity::{Crossing, first_crossing};

/// The load above which no policy serves all.
const FULL: f64 = 1.0;

/// Where each set breaks: every limit of every objective, then the load.
pub(super) fn breaks(
    plan: &SweepPlan,
    points: &[PointSummary],
    objectives: &[ObjectiveSummary],
) -> Vec<Break> {
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
            if let Some(limit) = objective.at_most {
                found.push(broken(axis, (set, Some(index)), limit, &curve(&result), 1.0));
            }
            if let Some(limit) = objective.at_least {
                found.push(broken(axis, (set, Some(index)), limit, &curve(&result), -1.0));
            }
        }
        let load = |point: &PointSummary| Estimate { mean: point.loads[set], half_width: None, count: 1 };
        found.push(broken(axis, (set, None), FULL, &curve(&load), 1.0));
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
    limit: f64,
    curve: &[(f64, Estimate)],
    sign: f64,
) -> Break {
    let signed = |estimate: &Estimate| Estimate { mean: estimate.mean.map(|mean| sign * mean), ..*estimate };
    let mut curve: Vec<(f64, Estimate)> =
        curve.iter().map(|(place, result)| (*place, signed(result))).collect();
    curve.retain(|(_, result)| result.mean.is_some());
    let exceeds = |point: Option<&(f64, Estimate)>| {
        point.and_then(|(_, result)| result.mean).is_some_and(|mean| mean > sign * limit)
    };
    let backwards = exceeds(curve.first()) && !exceeds(curve.last());
    if backwards {
        curve.reverse();
    }
    let crossing = first_crossing(&curve, sign * limit);
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
        let found = broken(&axis(false), (0, Some(1)), 4.0, &rising, 1.0);
        assert_eq!((found.side, found.crossing.at), (BreakSide::Above, Some(3.0)));
        assert_eq!((found.crossing.earliest, found.crossing.latest), (Some(2.5), Some(3.5)));
        // At least 4: held at the upper end, broken below the same place.
        let found = broken(&axis(false), (0, Some(1)), 4.0, &rising, -1.0);
        assert_eq!((found.side, found.crossing.at), (BreakSide::Below, Some(3.0)));
        assert_eq!((found.crossing.earliest, found.crossing.latest), (Some(3.5), Some(2.5)));
        assert_eq!(broken(&axis(false), (0, None), 9.0, &rising, 1.0).side, BreakSide::Nowhere);
        assert_eq!(broken(&axis(false), (0, None), 0.5, &rising, 1.0).side, BreakSide::Everywhere);
        let log = [(libm::log(1.0), of(0.0, 0.0)), (libm::log(100.0), of(2.0, 0.0))];
        let found = broken(&axis(true), (0, None), 1.0, &log, 1.0);
        assert!((found.crossing.at.unwrap() - 10.0).abs() < 1e-12);
    }
}
