//! From the values of a sweep to what they say: estimates at each point, and what the design was made for.

use super::curve::breaks;
use super::plan::{SweepPlan, SweepValues};
use super::summary::{Effects, Indices, PointSummary, Preference, SetName, SweepSummary, Tornado};
use crate::model::System;
use crate::statistics::sensitivity::{Design, Share, SobolRows, elementary_effects, morris, sobol, swing};
use crate::statistics::{CONFIDENCE, Estimate};
use crate::study::ObjectiveRow;

/// The summary of the runs of a plan in a scenario whose system, as it is, is `system`.
pub fn summarise_sweep(system: &System, plan: &SweepPlan, found: &SweepValues) -> SweepSummary {
    let date = |time| system.calendar.date_of(time).expect("the observation lies within the calendar");
    let observation = &system.observation;
    let points = points(plan, found);
    let objectives: Vec<ObjectiveRow> =
        plan.objectives.iter().map(|one| ObjectiveRow::of(system, one)).collect();
    let set = |&set: &usize| SetName { id: system.sets[set].id.clone(), name: system.sets[set].name.clone() };
    SweepSummary {
        scenario: system.name.clone(),
        seed: observation.seed,
        replications: plan.replications,
        confidence: CONFIDENCE,
        broker: broker(found),
        from: date(observation.warm_up),
        to: date(observation.end),
        design: plan.design,
        axes: plan.axes.clone(),
        sets: plan.sets.iter().map(set).collect(),
        futures: plan.futures.clone(),
        tornados: of_design(plan, Design::OneAtATime, |set, objective| tornado(plan, found, set, objective)),
        effects: of_design(plan, Design::Morris { trajectories: 0, levels: 0 }, |set, objective| {
            effects(plan, found, set, objective)
        }),
        indices: of_design(plan, Design::Sobol { rows: 0 }, |set, objective| {
            indices(plan, found, set, objective)
        }),
        preferences: preferences(plan, found),
        breaks: breaks(plan, &points, &objectives),
        objectives,
        points,
    }
}

/// The broker of all points, or that it differs.
fn broker(found: &SweepValues) -> String {
    match found.brokers.first() {
        Some(only) if found.brokers.len() == 1 => only.clone(),
        _ => "varied".to_owned(),
    }
}

fn points(plan: &SweepPlan, found: &SweepValues) -> Vec<PointSummary> {
    let estimates = |of_set: &Vec<Vec<f64>>| -> Vec<Estimate> {
        of_set.iter().map(|values| Estimate::of(values.iter().copied())).collect()
    };
    let results = found.values.iter().map(|of_point| of_point.iter().map(estimates).collect());
    let points = plan.points.iter().zip(results).zip(&found.loads);
    points
        .map(|((axes, results), loads)| PointSummary { axes: axes.clone(), results, loads: loads.clone() })
        .collect()
}

/// What is made of each set and objective, where the design is of the kind of `wanted`.
fn of_design<T>(plan: &SweepPlan, wanted: Design, of: impl Fn(usize, usize) -> T) -> Vec<T> {
    if std::mem::discriminant(&plan.design) != std::mem::discriminant(&wanted) {
        return Vec::new();
    }
    let objectives = 0..plan.objectives.len();
    (0..plan.sets.len())
        .flat_map(|set| objectives.clone().map(move |one| (set, one)))
        .map(|(set, one)| of(set, one))
        .collect()
}

/// Point 0 is the base, points 2k + 1 and 2k + 2 are the ends of axis k.
fn tornado(plan: &SweepPlan, found: &SweepValues, set: usize, objective: usize) -> Tornado {
    let at = |point: usize| &found.values[point][set][objective];
    let of_axis = |axis: usize| swing(at(0), at(2 * axis + 1), at(2 * axis + 2));
    Tornado {
        set,
        objective,
        base: Estimate::of(at(0).iter().copied()),
        swings: (0..plan.axes.len()).map(of_axis).collect(),
    }
}

/// `[point]`: the mean of each over its replications; no number where there is none.
fn means(found: &SweepValues, set: usize, objective: usize) -> Vec<f64> {
    let mean = |of_point: &Vec<Vec<Vec<f64>>>| {
        Estimate::of(of_point[set][objective].iter().copied()).mean.unwrap_or(f64::NAN)
    };
    found.values.iter().map(mean).collect()
}

fn effects(plan: &SweepPlan, found: &SweepValues, set: usize, objective: usize) -> Effects {
    let length = plan.axes.len() + 1;
    let place = |point: &Vec<super::AxisPlace>| -> Vec<f64> {
        point.iter().map(|axis| axis.place.unwrap_or(f64::NAN)).collect()
    };
    let places: Vec<Vec<Vec<f64>>> =
        plan.points.chunks(length).map(|walk| walk.iter().map(place).collect()).collect();
    let results: Vec<Vec<f64>> = means(found, set, objective).chunks(length).map(<[f64]>::to_vec).collect();
    let of_axis = |axis: usize| morris(&elementary_effects(&places, &results, axis));
    Effects { set, objective, axes: (0..plan.axes.len()).map(of_axis).collect() }
}

fn indices(plan: &SweepPlan, found: &SweepValues, set: usize, objective: usize) -> Indices {
    let means = means(found, set, objective);
    let rows: Vec<&[f64]> = means.chunks(plan.axes.len() + 2).collect();
    let column = |place: usize| rows.iter().map(|row| row[place]).collect::<Vec<f64>>();
    let rows = SobolRows {
        a: column(0),
        b: column(1),
        ab: (0..plan.axes.len()).map(|axis| column(axis + 2)).collect(),
    };
    Indices { set, objective, mean: Estimate::of(rows.a.iter().chain(&rows.b).copied()), axes: sobol(&rows) }
}

/// Every pair of sets, where the points are all over the space and there is more than one.
fn preferences(plan: &SweepPlan, found: &SweepValues) -> Vec<Preference> {
    if !plan.design.covers_the_space() || plan.points.len() < 2 {
        return Vec::new();
    }
    let sets = plan.sets.len();
    let pairs = (0..sets).flat_map(|set| (set + 1..sets).map(move |than| (set, than)));
    let of_pair = |(set, than): (usize, usize)| {
        plan.objectives.iter().enumerate().map(move |(objective, wanted)| {
            let difference = |of_point: &Vec<Vec<Vec<f64>>>| {
                let pairs = of_point[set][objective].iter().zip(&of_point[than][objective]);
                Estimate::of(pairs.map(|(one, other)| wanted.want.as_gain(one - other)))
            };
            Preference { set, than, objective, share: Share::of(found.values.iter().map(difference)) }
        })
    };
    pairs.flat_map(of_pair).collect()
}
