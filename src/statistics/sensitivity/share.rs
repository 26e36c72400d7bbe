//! In how many of the points one choice beats another: a share with its interval, and what could not be told.

use crate::statistics::{CONFIDENCE, Estimate, normal_quantile};

/// How often A beats B over the points of a design.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Share {
    /// Points at which both have a result.
    pub points: u32,
    /// Points at which the mean of A is better; a tie counts half.
    pub better: f64,
    /// `better` over `points`; none without points.
    pub share: Option<f64>,
    /// Wilson's 95 % interval of the share, as if the points were drawn independently.
    pub interval: Option<(f64, f64)>,
    /// Points at which the paired interval of the difference tells that A is better.
    pub surely_better: u32,
    /// Points at which it tells that A is worse.
    pub surely_worse: u32,
    /// Points at which it tells nothing: it holds zero, or there is none with a single replication.
    pub undecided: u32,
}

impl Share {
    /// From the differences A - B at each point, paired by replication; positive means better for A.
    pub fn of(differences: impl IntoIterator<Item = Estimate>) -> Self {
        let (mut points, mut better, mut surely) = (0, 0.0, (0, 0));
        for difference in differences {
            let Some(mean) = difference.mean else { continue };
            points += 1;
            better += if mean > 0.0 { 1.0 } else { 0.0 } + if mean == 0.0 { 0.5 } else { 0.0 };
            if difference.excludes_zero() {
                *(if mean > 0.0 { &mut surely.0 } else { &mut surely.1 }) += 1;
            }
        }
        let share = (points > 0).then(|| better / f64::from(points));
        Self {
            points,
            better,
            share,
            interval: share.map(|share| wilson_interval(share, points)),
            surely_better: surely.0,
            surely_worse: surely.1,
            undecided: points - surely.0 - surely.1,
        }
    }
}

/// Wilson's interval (1927) of a share seen in `count` draws, at 95 %: it never leaves [0, 1] and has a width
/// where all draws agree.
pub fn wilson_interval(share: f64, count: u32) -> (f64, f64) {
    let n = f64::from(count);
    let z = normal_quantile(f64::midpoint(1.0, CONFIDENCE));
    let z2 = z * z;
    let middle = share + z2 / (2.0 * n);
    let half = z * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    (((middle - half) / scale).max(0.0), ((middle + half) / scale).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611; 1 of 29 gives 0.0061 to 0.1718.
    #[test]
    fn published_intervals() {
        for (successes, count, low, high) in
            [(81.0, 263, 0.2553, 0.3662), (0.0, 20, 0.0, 0.1611), (1.0, 29, 0.0061, 0.1718)]
        {
            let (found_low, found_high) = wilson_interval(successes / f64::from(count), count);
            assert!((found_low - low).abs() < 5e-5 && (found_high - high).abs() < 5e-5, "{count}");
        }
    }

    #[test]
    fn ties_and_undecided_points_are_counted_apart() {
        let of = |values: &[f64]| Estimate::of(values.iter().copied());
        let share = Share::of([
            of(&[1.0, 1.1, 0.9]),
            of(&[-1.0, -1.1, -0.9]),
            of(&[5.0, -4.0, 0.5]),
            of(&[0.0, 0.0]),
            of(&[3.0]),
            of(&[f64::NAN]),
        ]);
        assert_eq!((share.points, share.surely_better, share.surely_worse, share.undecided), (5, 1, 1, 3));
        assert_eq!((share.better, share.share), (3.5, Some(0.7)));
        assert_eq!(Share::of([]).interval, None);
    }
}
