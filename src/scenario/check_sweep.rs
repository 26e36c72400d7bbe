//! Rules of the sweep: each design has the numbers that it needs, ranges have an extent, factors are numbers.

use super::diagnostics::Report;
use super::sweep_axis::Amount;
use super::sweep_format::{AxisScale, Sweep, SweepAxis, SweepDesign};
use super::tree::Node;

/// What no axis sets: what there is to compare, and how it is observed, stay as they are.
const KEPT: [&str; 8] = ["import", "name", "title", "set", "sweep", "objective", "future", "observation"];

/// Reports every broken rule of the sweep.
pub(super) fn check_sweep(tree: &Node, sweep: Option<&Sweep>, report: &mut Report) {
    let Some(sweep) = sweep else { return };
    check_design(tree, sweep, report);
    for (index, axis) in sweep.axis.iter().enumerate() {
        let path = path_of(axis);
        check_keys(tree, sweep, index, report);
        check_values(tree, (&path, axis), report);
        check_range(tree, (&path, axis), sweep.design, report);
    }
}

/// The path of an axis.
pub(super) fn path_of(axis: &SweepAxis) -> String {
    format!("sweep.axis.{}", axis.id)
}

/// Each design has numbers of its own.
fn check_design(tree: &Node, sweep: &Sweep, report: &mut Report) {
    let is_morris = sweep.design == SweepDesign::Morris;
    let numbers = [
        ("points", sweep.points.is_some(), sweep.needs_points()),
        ("trajectories", sweep.trajectories.is_some(), is_morris),
        ("levels", sweep.levels.is_some(), is_morris),
    ];
    for (key, is_said, belongs) in numbers {
        if is_said && !belongs {
            let text = format!("the design `{}` has no `{key}`", sweep.design.name());
            report.rule(tree, &format!("sweep.{key}"), text);
        }
        if belongs && !is_said && key != "levels" {
            // A design that needs something is written: `product`, the one that is not, needs nothing.
            report.rule(tree, "sweep.design", format!("the design `{}` needs `{key}`", sweep.design.name()));
        }
    }
    if is_morris && sweep.levels.is_some_and(|levels| levels % 2 == 1) {
        let text = "an even number of levels makes every level as likely as the others";
        report.rule(tree, "sweep.levels", text);
    }
}

/// Keys that lead somewhere and that no other axis sets.
fn check_keys(tree: &Node, sweep: &Sweep, index: usize, report: &mut Report) {
    let path = path_of(&sweep.axis[index]);
    let earlier = || sweep.axis[..index].iter();
    for (place, key) in sweep.axis[index].keys.iter().enumerate() {
        let at = format!("{path}.keys.{place}");
        let first = key.split('.').next().unwrap_or(key);
        if KEPT.contains(&first) {
            report.rule(tree, &at, format!("`{key}` cannot be varied: it says what is compared, and how"));
        }
        let within = |longer: &str, shorter: &str| {
            longer.strip_prefix(shorter).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let clash = |other: &&SweepAxis| other.keys.iter().any(|one| within(key, one) || within(one, key));
        if let Some(other) = earlier().find(clash) {
            report.rule(tree, &at, format!("the axis `{}` sets this, too", other.id));
        }
    }
}

/// Factors are numbers, and so is what has a logarithm.
fn check_values(tree: &Node, (path, axis): (&str, &SweepAxis), report: &mut Report) {
    let ends = [("from", &axis.from), ("to", &axis.to)];
    let ends = ends.iter().filter_map(|(key, value)| Some((format!("{path}.{key}"), value.as_ref()?)));
    let listed = axis.values.iter().flatten().enumerate();
    let listed = listed.map(|(index, value)| (format!("{path}.values.{index}"), value));
    for (at, value) in ends.chain(listed) {
        let amount = Amount::of(value);
        let is_plain = amount.as_ref().is_some_and(|amount| amount.unit.is_empty());
        if axis.factor && !is_plain {
            report.rule(tree, &at, "a factor is a number");
        } else if axis.factor && amount.as_ref().is_some_and(|amount| amount.number < 0.0) {
            report.rule(tree, &at, "a factor is not negative");
        } else if axis.scale == AxisScale::Log && amount.is_none_or(|amount| amount.number <= 0.0) {
            report.rule(tree, &at, "on the scale `log` each value is a number or a quantity above zero");
        }
    }
}

fn check_range(tree: &Node, (path, axis): (&str, &SweepAxis), design: SweepDesign, report: &mut Report) {
    let (Some(from), Some(to)) = (&axis.from, &axis.to) else {
        if axis.steps.is_some() && axis.values.is_some() {
            report.rule(
                tree,
                &format!("{path}.steps"),
                "`values` are all there are: `steps` belong to `from` and `to`",
            );
        }
        return;
    };
    let (Some(least), Some(most)) = (Amount::of(from), Amount::of(to)) else {
        for (key, value) in [("from", from), ("to", to)] {
            if Amount::of(value).is_none() && !axis.factor && axis.scale == AxisScale::Linear {
                let text = "expected a number, or a quantity of one unit such as \"10 Gbit/s\"";
                report.rule(tree, &format!("{path}.{key}"), text);
            }
        }
        return;
    };
    if least.unit != most.unit {
        let unit = |amount: &Amount| {
            if amount.unit.is_empty() { "no unit".to_owned() } else { format!("`{}`", amount.unit) }
        };
        let text = format!("`from` has {} and `to` has {}: say both in one unit", unit(&least), unit(&most));
        report.rule(tree, &format!("{path}.to"), text);
    } else if least.number >= most.number {
        report.rule(tree, &format!("{path}.to"), "`to` must lie above `from`");
    }
    if design == SweepDesign::Product && axis.steps.is_none() {
        report.rule(tree, path, "the design `product` needs `steps` from `from` to `to`");
    }
}

impl Sweep {
    fn needs_points(&self) -> bool {
        matches!(self.design, SweepDesign::LatinHypercube | SweepDesign::Sobol)
    }
}

impl SweepDesign {
    /// Its name in scenarios.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::OneAtATime => "one-at-a-time",
            Self::LatinHypercube => "latin-hypercube",
            Self::Morris => "morris",
            Self::Sobol => "sobol",
        }
    }
}
