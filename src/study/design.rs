//! The points of a sweep's design in the unit cube, each axis from 0 to 1.
//!
//! Draws are keyed by the axis or the trajectory they are for: another axis beside it moves none of an axis' strata, and more
//! trajectories leave the earlier ones as they are.

use crate::engine::{Purpose, Stream, Universe, entity_key};
use crate::statistics::sensitivity::Design;

const STRATUM: Purpose = 0;
const PLACE_IN_STRATUM: Purpose = 1;
const START: Purpose = 0;
const TURN: Purpose = 1;

/// An axis as its design sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DesignAxis<'a> {
    /// Its id, which its draws are keyed by.
    pub id: &'a str,
    /// How many values it takes in the product.
    pub values: u32,
}

/// A point: where it lies on each axis, `None` where the scenario stays as it is.
pub type Coordinates = Vec<Option<f64>>;

/// All points of a design, in the order in which its estimators expect them: the product with the last axis fastest; for one
/// at a time the base, then low and high end of each axis; trajectories one after the other; of Saltelli's matrices row by row
/// A, B, and each AB.
pub fn coordinates(design: Design, axes: &[DesignAxis], seed: u64) -> Vec<Coordinates> {
    let places = match design {
        Design::Product => product(axes),
        Design::OneAtATime => return one_at_a_time(axes.len()),
        Design::LatinHypercube { points } => hypercube(axes, points, seed, 0),
        Design::Morris { trajectories, levels } => {
            (0..trajectories).flat_map(|number| trajectory(axes, levels, seed, number)).collect()
        }
        Design::Sobol { rows } => saltelli(axes, rows, seed),
    };
    places.into_iter().map(|place| place.into_iter().map(Some).collect()).collect()
}

/// Levels at equal steps from 0 to 1.
fn product(axes: &[DesignAxis]) -> Vec<Vec<f64>> {
    let level = |index: u32, values: u32| f64::from(index) / f64::from(values.max(2) - 1);
    axes.iter().fold(vec![Vec::new()], |points, axis| {
        let longer = |point: &Vec<f64>, index| {
            let mut point = point.clone();
            point.push(level(index, axis.values));
            point
        };
        points.iter().flat_map(|point| (0..axis.values).map(move |index| longer(point, index))).collect()
    })
}

fn one_at_a_time(axes: usize) -> Vec<Coordinates> {
    let base = vec![None; axes];
    let moved = (0..axes).flat_map(|axis| {
        [0.0, 1.0].map(|end| {
            let mut point = vec![None; axes];
            point[axis] = Some(end);
            point
        })
    });
    std::iter::once(base).chain(moved).collect()
}

/// A Latin hypercube (McKay, Beckman, Conover 1979): on each axis a random order of the strata, and a random place in each;
/// `number` tells the hypercubes of one design apart.
fn hypercube(axes: &[DesignAxis], points: u32, seed: u64, number: u32) -> Vec<Vec<f64>> {
    let columns: Vec<Vec<f64>> = axes
        .iter()
        .map(|axis| {
            let entity = entity_key("sweep axis", axis.id);
            let stream = |purpose| Universe::new(seed, 0).stream(entity, number.into(), purpose);
            let mut within = stream(PLACE_IN_STRATUM);
            let order = shuffled(points, &mut stream(STRATUM));
            order
                .into_iter()
                .map(|stratum| (f64::from(stratum) + within.uniform()) / f64::from(points))
                .collect()
        })
        .collect();
    (0..points as usize).map(|point| columns.iter().map(|column| column[point]).collect()).collect()
}

/// A random order of `0..count` (Fisher and Yates).
fn shuffled(count: u32, stream: &mut Stream) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count).collect();
    for last in (1..order.len()).rev() {
        let other = (stream.uniform() * (last + 1) as f64) as usize;
        order.swap(last, other);
    }
    order
}

/// Morris' trajectory: from a random level each axis moves once by half the levels, in a random order. `levels` is even, so
/// that every level is as likely as any other.
fn trajectory(axes: &[DesignAxis], levels: u32, seed: u64, number: u32) -> Vec<Vec<f64>> {
    let step = levels / 2;
    let draws = axes.iter().map(|axis| {
        let entity = entity_key("sweep axis in trajectories", axis.id);
        let stream = |purpose| Universe::new(seed, 0).stream(entity, number.into(), purpose);
        let start = (stream(START).uniform() * f64::from(levels)) as u32;
        (start, stream(TURN).uniform())
    });
    let (mut level, turns): (Vec<u32>, Vec<f64>) = draws.unzip();
    let mut order: Vec<usize> = (0..axes.len()).collect();
    order.sort_by(|&one, &other| turns[one].total_cmp(&turns[other]));
    let place = |level: &[u32]| level.iter().map(|&level| f64::from(level) / f64::from(levels - 1)).collect();
    let mut points = vec![place(&level)];
    for axis in order {
        // From the lower half up, from the upper half down: the move always stays within the axis.
        level[axis] = if level[axis] < step { level[axis] + step } else { level[axis] - step };
        points.push(place(&level));
    }
    points
}

/// Row by row A, B and the AB of each axis: A with that axis taken from B. A and B are Latin hypercubes.
fn saltelli(axes: &[DesignAxis], rows: u32, seed: u64) -> Vec<Vec<f64>> {
    let (a, b) = (hypercube(axes, rows, seed, 1), hypercube(axes, rows, seed, 2));
    let row = |(a, b): (Vec<f64>, Vec<f64>)| {
        let mixed: Vec<Vec<f64>> = (0..axes.len())
            .map(|axis| {
                let mut point = a.clone();
                point[axis] = b[axis];
                point
            })
            .collect();
        [a, b].into_iter().chain(mixed)
    };
    a.into_iter().zip(b).flat_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::sensitivity::{SobolRows, elementary_effects, sobol};
    use proptest::prelude::*;

    const IDS: [&str; 4] = ["demand", "uplink", "people", "share"];

    fn axes(count: usize, values: u32) -> Vec<DesignAxis<'static>> {
        IDS[..count].iter().map(|id| DesignAxis { id, values }).collect()
    }

    fn places(design: Design, axes: &[DesignAxis], seed: u64) -> Vec<Vec<f64>> {
        let points = coordinates(design, axes, seed);
        points.into_iter().map(|point| point.into_iter().map(Option::unwrap).collect()).collect()
    }

    #[test]
    fn products_and_single_moves() {
        let two = [DesignAxis { id: "a", values: 3 }, DesignAxis { id: "b", values: 2 }];
        let expected = [[0.0, 0.0], [0.0, 1.0], [0.5, 0.0], [0.5, 1.0], [1.0, 0.0], [1.0, 1.0]];
        assert_eq!(places(Design::Product, &two, 1), expected);
        let single = [DesignAxis { id: "a", values: 1 }];
        assert_eq!(places(Design::Product, &single, 1), [[0.0]]);
        let moves = coordinates(Design::OneAtATime, &two, 1);
        let expected =
            [[None, None], [Some(0.0), None], [Some(1.0), None], [None, Some(0.0)], [None, Some(1.0)]];
        assert_eq!(moves, expected);
    }

    proptest! {
        /// Every design has the points that it says; every stratum of every axis of a hypercube is met once, and another axis
        /// beside changes nothing.
        #[test]
        fn hypercubes_are_stratified(points in 1_u32..60, count in 1_usize..5, seed in any::<u64>()) {
            let all = axes(count, 2);
            let cube = places(Design::LatinHypercube { points }, &all, seed);
            prop_assert_eq!(cube.len(), points as usize);
            for axis in 0..count {
                let mut strata: Vec<u32> =
                    cube.iter().map(|point| (point[axis] * f64::from(points)) as u32).collect();
                strata.sort_unstable();
                prop_assert_eq!(strata, (0..points).collect::<Vec<_>>());
            }
            let fewer = places(Design::LatinHypercube { points }, &all[..1], seed);
            for (whole, fewer) in cube.iter().zip(fewer) {
                prop_assert_eq!(whole[0].to_bits(), fewer[0].to_bits());
            }
        }

        /// Each step of a trajectory moves one axis by half the levels, each axis once, on the grid; and a linear model has its
        /// slopes as elementary effects.
        #[test]
        fn trajectories_move_each_axis_once(
            trajectories in 1_u32..12, half in 1_u32..6, count in 1_usize..5, seed in any::<u64>(),
        ) {
            let levels = 2 * half;
            let all = axes(count, 2);
            let design = Design::Morris { trajectories, levels };
            let points = places(design, &all, seed);
            prop_assert_eq!(points.len() as u64, design.points(&vec![2; count]));
            let walks: Vec<Vec<Vec<f64>>> = points.chunks(count + 1).map(<[_]>::to_vec).collect();
            let step = f64::from(half) / f64::from(levels - 1);
            for walk in &walks {
                let mut moved = Vec::new();
                for pair in walk.windows(2) {
                    let axes: Vec<usize> = (0..count).filter(|&axis| pair[0][axis].to_bits() != pair[1][axis].to_bits()).collect();
                    prop_assert_eq!(axes.len(), 1);
                    prop_assert!(((pair[0][axes[0]] - pair[1][axes[0]]).abs() - step).abs() < 1e-12);
                    prop_assert!((0.0..=1.0).contains(&pair[1][axes[0]]));
                    moved.push(axes[0]);
                }
                moved.sort_unstable();
                prop_assert_eq!(moved, (0..count).collect::<Vec<_>>());
            }
            let slopes = [3.0, -1.0, 0.0, 0.5];
            let model = |point: &Vec<f64>| point.iter().zip(slopes).map(|(u, slope)| u * slope).sum::<f64>();
            let results: Vec<Vec<f64>> = walks.iter().map(|walk| walk.iter().map(model).collect()).collect();
            for (axis, slope) in slopes.iter().enumerate().take(count) {
                for effect in elementary_effects(&walks, &results, axis) {
                    prop_assert!((effect - slope).abs() < 1e-12);
                }
            }
            let more = places(Design::Morris { trajectories: trajectories + 1, levels }, &all, seed);
            prop_assert_eq!(&more[..points.len()], &points[..]);
        }
    }

    /// Levels of trajectories are as likely as each other, and so are turns: 600 of each of six levels expected, four standard
    /// errors allowed.
    #[test]
    fn levels_are_equally_likely() {
        let walks = places(Design::Morris { trajectories: 3_600, levels: 6 }, &axes(2, 2), 5);
        let mut counts = [0_u32; 6];
        walks.iter().step_by(3).for_each(|point| counts[(point[0] * 5.0).round() as usize] += 1);
        let error = (3_600.0 / 6.0 * 5.0 / 6.0_f64).sqrt();
        assert!(counts.iter().all(|&count| (f64::from(count) - 600.0).abs() < 4.0 * error), "{counts:?}");
        let first = walks.chunks(3).filter(|walk| walk[0][0].to_bits() != walk[1][0].to_bits()).count();
        assert!((first as f64 - 1_800.0).abs() < 4.0 * 30.0, "{first}");
    }

    /// The Ishigami function over the design itself: the whole way from points to indices. The exact first orders are 0.314,
    /// 0.442 and 0, the totals 0.558, 0.442 and 0.244; the intervals, at 95 %, are widened to four standard errors.
    #[test]
    fn ishigami_over_saltellis_matrices() {
        let points = places(Design::Sobol { rows: 800 }, &axes(3, 2), 11);
        let value = |point: &Vec<f64>| {
            let x: Vec<f64> = point.iter().map(|u| std::f64::consts::PI * (2.0 * u - 1.0)).collect();
            let sine = libm::sin(x[1]);
            libm::sin(x[0]) * (1.0 + 0.1 * libm::pow(x[2], 4.0)) + 7.0 * sine * sine
        };
        let results: Vec<Vec<f64>> = points.chunks(5).map(|row| row.iter().map(value).collect()).collect();
        let column = |place: usize| results.iter().map(|row| row[place]).collect::<Vec<_>>();
        let rows = SobolRows { a: column(0), b: column(1), ab: (2..5).map(column).collect() };
        let exact = [(0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437)];
        for (found, (first, total)) in sobol(&rows).iter().zip(exact) {
            for (index, exact) in [(found.first, first), (found.total, total)] {
                let (low, high) = index.interval.unwrap();
                let off = (index.value.unwrap() - exact).abs();
                assert!(off < 4.0 * (high - low) / 2.0 / 1.96, "{off} of {exact}");
                assert!(high - low < 0.4);
            }
        }
    }
}
