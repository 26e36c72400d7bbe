//! A made-up sweep, for tests of tables and figures.

use crate::report::choosing::sample::objective;
use crate::statistics::Estimate;
use crate::statistics::sensitivity::{Crossing, Design, Index, Morris, SobolIndices, Swing};
use crate::study::ObjectiveRow;
use crate::study::sweep::{
    AxisPlace, Break, BreakSide, Effects, Indices, PointSummary, SetName, SweepAxis, SweepSummary, Tornado,
};
use jiff::civil::date;

/// A mean with its half-width over five replications.
pub(in crate::report) fn of(mean: f64, half: f64) -> Estimate {
    Estimate { mean: Some(mean), half_width: Some(half), count: 5 }
}

/// A sweep of each kind at once: so many axes of so many values, sets with such a name, and results like this one.
pub(in crate::report) fn sample(
    axes: usize,
    values: u32,
    sets: usize,
    name: &str,
    result: Estimate,
) -> SweepSummary {
    let count = values.pow(axes as u32) as usize;
    let scaled = |factor: f64| Estimate { mean: result.mean.map(|mean| mean * factor), ..result };
    let point = |index: usize| PointSummary {
        axes: (0..axes)
            .map(|axis| {
                let level = index / (values as usize).pow((axes - 1 - axis) as u32) % values as usize;
                let number = Some(1.0 + level as f64);
                AxisPlace { place: Some(0.0), number, text: format!("{level} Gbit/s") }
            })
            .collect(),
        results: (0..sets).map(|set| vec![scaled((1 + index) as f64 * (1 + set) as f64)]).collect(),
        loads: vec![Some(0.3 * index as f64); sets],
    };
    let each = |of_set: &dyn Fn(usize) -> f64| (0..axes).map(of_set).collect::<Vec<f64>>();
    let sizes = each(&|axis| 1.0 / (1.0 + axis as f64));
    let swing = |&size: &f64| Swing { low: scaled(-size), high: scaled(size), across: scaled(2.0 * size) };
    let index = |value: f64| Index { value: Some(value), interval: Some((value - 0.7, value + 3.0)) };
    let indices = |&size: &f64| SobolIndices { first: index(size / 2.0), total: index(size), rows: 20 };
    let effect = |&size: &f64| Morris { mu: scaled(-size), mu_star: scaled(size), sigma: scaled(size) };
    let crossing = Crossing { at: Some(1.5), earliest: Some(1.2), latest: None };
    let limit = |set| Break { set, objective: Some(0), limit: 2.0, side: BreakSide::Above, crossing };
    SweepSummary {
        scenario: name.to_owned(),
        seed: 20_241_210,
        replications: 5,
        confidence: 0.95,
        broker: name.to_owned(),
        from: date(2025, 1, 1),
        to: date(2026, 1, 1),
        design: Design::Product,
        axes: (0..axes)
            .map(|axis| SweepAxis {
                id: format!("axis-{axis}"),
                name: name.to_owned(),
                unit: Some("Gbit/s".to_owned()),
                is_logarithmic: axis == 0,
                is_factor: false,
                values,
            })
            .collect(),
        sets: (0..sets).map(|_| SetName { id: "set".to_owned(), name: name.to_owned() }).collect(),
        futures: Vec::new(),
        objectives: vec![ObjectiveRow { at_most: Some(2.0), at_least: Some(1.0), ..objective(name) }],
        points: (0..count).map(point).collect(),
        tornados: (0..sets)
            .filter(|_| count > 2 * axes)
            .map(|set| Tornado { set, objective: 0, base: result, swings: sizes.iter().map(swing).collect() })
            .collect(),
        effects: (0..sets)
            .map(|set| Effects { set, objective: 0, axes: sizes.iter().map(effect).collect() })
            .collect(),
        indices: (0..sets)
            .map(|set| Indices { set, objective: 0, mean: result, axes: sizes.iter().map(indices).collect() })
            .collect(),
        preferences: Vec::new(),
        breaks: (0..sets).map(limit).collect(),
    }
}
