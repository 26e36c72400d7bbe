//! Where a curve first passes a limit, and between which places that is as certain as its intervals are.

/// A point of a curve: its place, the mean there and the ends of its interval, which are the mean where there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// Where on the axis.
    pub place: f64,
    /// The mean.
    pub mean: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

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

/// Where the curve through `points`, in their order, first rises above `limit`: at the first point if that is above, else on
/// the straight line between the first one above and the one before; `earliest` and `latest` are those of the curves through
/// the upper and the lower ends of the intervals, so that they hold the true crossing of a curve that is straight between
/// the points as surely as each interval its mean. For a curve that falls below a limit, all with the other sign.
pub fn first_crossing(points: &[CurvePoint], limit: f64) -> Crossing {
    let along =
        |of: fn(&CurvePoint) -> f64| first_above(points.iter().map(|one| (one.place, of(one))), limit);
    Crossing { at: along(|one| one.mean), earliest: along(|one| one.high), latest: along(|one| one.low) }
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

    fn of(place: f64, mean: f64, half: f64) -> CurvePoint {
        CurvePoint { place, mean, low: mean - half, high: mean + half }
    }

    #[test]
    fn crossings_by_hand() {
        let rising = [of(1.0, 2.0, 1.0), of(2.0, 4.0, 1.0), of(4.0, 8.0, 2.0), of(5.0, 1.0, 0.1)];
        let found = first_crossing(&rising, 6.0);
        // Upper ends 3, 5, 10; lower ends 1, 3, 6, 0.9: these only touch the limit.
        assert_eq!(found, Crossing { at: Some(3.0), earliest: Some(2.4), latest: None });
        assert_eq!(first_crossing(&rising, 1.0).at, Some(1.0), "broken from the first point on");
        let found = first_crossing(&rising, 9.0);
        assert_eq!((found.at, found.earliest, found.latest), (None, Some(3.6), None));
        assert_eq!(first_crossing(&[], 9.0).at, None);
    }
}
