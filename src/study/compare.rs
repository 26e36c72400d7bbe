//! Candidate sets against each other on common random universes: paired differences with intervals and p values, those of
//! each metric adjusted over all compared sets.

use super::compared::{Compared, Judgement, all_compared};
use super::gather::SetRuns;
use super::summary::{MetricComparison, SetComparison};
use crate::model::System;
use crate::statistics::{CONFIDENCE, ComparisonPlan, Estimate, student_t_quantile};

/// The comparisons of a plan.
pub(super) fn compare(system: &System, sets: &[SetRuns], judgement: Judgement) -> Vec<SetComparison> {
    let compared = all_compared(system, judgement.objectives);
    let pairs = judgement.plan.pairs(sets.len());
    let mut comparisons: Vec<SetComparison> = pairs
        .iter()
        .map(|&(base, set)| SetComparison {
            base: sets[base].id(system),
            set: sets[set].id(system),
            metrics: compared.iter().map(|one| row(system, (&sets[base], &sets[set]), one)).collect(),
        })
        .collect();
    for metric in 0..compared.len() {
        adjust(&mut comparisons, metric, judgement.plan);
    }
    comparisons
}

/// Adjusts one metric over all comparisons. One that has no p value counts as 1: how many are compared does not depend on
/// what came out.
fn adjust(comparisons: &mut [SetComparison], metric: usize, plan: ComparisonPlan) {
    let confidence = plan.simultaneous_confidence(CONFIDENCE, comparisons.len());
    let p_values: Vec<f64> =
        comparisons.iter().map(|one| one.metrics[metric].p_value.unwrap_or(1.0)).collect();
    for (comparison, adjusted) in comparisons.iter_mut().zip(plan.adjust.adjust(&p_values)) {
        let row = &mut comparison.metrics[metric];
        row.p_adjusted = row.p_value.map(|_| adjusted);
        row.simultaneous_half_width = confidence.and_then(|each| row.difference.half_width_at(each));
    }
}

fn row(system: &System, sets: (&SetRuns, &SetRuns), compared: &Compared) -> MetricComparison {
    let measure = &compared.measure;
    let (base_estimate, estimate) = (sets.0.estimate(measure), sets.1.estimate(measure));
    let pairs = sets.1.values(measure).iter().zip(sets.0.values(measure));
    let difference = Estimate::of(pairs.map(|(value, base)| value - base));
    let (community, site) = measure.about(system);
    MetricComparison {
        metric: measure.metric().to_owned(),
        community,
        site,
        unit: measure.unit().to_owned(),
        base: base_estimate,
        value: estimate,
        difference,
        simultaneous_half_width: None,
        p_value: difference.p_value(),
        p_adjusted: None,
        unpaired_half_width: unpaired_half_width(&base_estimate, &estimate),
    }
}

/// The half-width of the difference of two independent means with equal counts: the standard errors add in squares,
/// and t has the degrees of freedom of both.
fn unpaired_half_width(a: &Estimate, b: &Estimate) -> Option<f64> {
    let freedom = f64::from(a.count + b.count) - 2.0;
    let t = student_t_quantile(f64::midpoint(1.0, CONFIDENCE), freedom.max(1.0));
    let (a, b) = (a.standard_error()?, b.standard_error()?);
    // Not `hypot`, whose last bit is the C library's.
    Some((a * a + b * b).sqrt() * t)
}
