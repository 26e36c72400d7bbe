//! Where a curve first passes a limit, and between which places that is as certain as its intervals are.

use crate::statistics::Estimate;

/// Where a curve first passes a limit.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Crossing {
    /// Where the means pass it; none where they never do.
    pub at: Option<f64>,
    /// Where the farther ends of the intervals pass it: before, the limit is held as far as the intervals tell. None where
    /// they never do.
    pub earliest: Option<f64>,
    /// Where the nearer ends pass it: after, the limit is broken as far as they tell. None where they never do.
    pub latest: Option<f64>,
}

impl Crossing {
    /// A crossing without chance.
    pub fn exact(at: Option<f64>) -> Self {
        Self { at, earliest: at, latest: at }
    }
}

/// Where the curve through `points` (place and result, places ascending) first rises above `limit`: at the first point above,
/// or between the last one that is not and this one, on the straight line between them; `earliest` and `latest` are those of
/// the curves through the ends of the intervals, so that they hold the true crossing of a curve that is straight between
/// the points as surely as each interval its mean. Points without a mean are passed over; one without an interval counts with
/// its mean. For a curve that falls below a limit, both with the other sign.
pub fn first_crossing(points: &[(f64, Estimate)], limit: f64) -> Crossing {
    let along = |of: fn((f64, f64), f64) -> f64| {
        let values = points.iter().filter_map(|(place, result)| {
            let mean = result.mean.filter(|mean| mean.is_finite())?;
            Some((*place, of(result.interval()?, mean)))
        });
        first_above(values, limit)
    };
    Crossing { at: along(|_, mean| mean), earliest: along(|ends, _| ends.1), latest: along(|ends, _| ends.0) }
}

/// The place where values first rise above a limit.
fn first_above(values: impl Iterator<Item = (f64, f64)>, limit: f64) -> Option<f64> {
    let mut before: Option<(f64, f64)> = None;
    for (place, value) in values {
        if value > limit {
            let between = |(last, held): (f64, f64)| last + (place - last) * (limit - held) / (value - held);
            return Some(before.map_or(place, between));
        }
        before = Some((place, value));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(mean: f64, half: f64) -> Estimate {
        Estimate { mean: Some(mean), half_width: Some(half), count: 10 }
    }

    #[test]
    fn crossings_by_hand() {
        let rising = [(1.0, of(2.0, 1.0)), (2.0, of(4.0, 1.0)), (4.0, of(8.0, 2.0)), (5.0, of(1.0, 0.1))];
        let found = first_crossing(&rising, 6.0);
        assert_eq!(found.at, Some(3.0));
        // Upper ends 3, 5, 10; lower ends 1, 3, 6, 0.9: these only touch the limit.
        assert_eq!((found.earliest, found.latest), (Some(2.4), None));
        assert_eq!(first_crossing(&rising, 1.0).at, Some(1.0), "broken from the first point on");
        assert_eq!(
            first_crossing(&rising, 9.0),
            Crossing { at: None, earliest: Some(2.0 + 2.0 * 4.0 / 5.0), latest: None }
        );
        let hole = Estimate { mean: None, half_width: None, count: 0 };
        let single = Estimate { mean: Some(8.0), half_width: None, count: 1 };
        let found = first_crossing(&[(1.0, of(4.0, 0.0)), (2.0, hole), (3.0, single)], 6.0);
        assert_eq!(found, Crossing::exact(Some(2.0)));
    }
}
