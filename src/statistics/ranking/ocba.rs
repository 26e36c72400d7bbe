//! Optimal computing budget allocation: how a fixed number of runs is shared out so that the best is found most likely.
//!
//! OCBA (Chen, Lin, Yücesan, Chick, 2000): N(i) / N(j) = ((s(i) / d(i)) / (s(j) / d(j)))^2 with d(i) the distance of the mean
//! of i from the best, and N(best) = s(best) sqrt(sum of N(i)^2 / s(i)^2 over the others). OCBA-m (Chen, He, Fu, Lee, 2008)
//! looks for the best m: N(i) ~ (s(i) / (mean(i) - c))^2 with c between the m-th and the next mean. Both hold for independent
//! systems; with shared random numbers they are a good way to spend runs all the same. Neither promises a probability.

use super::best_of;

/// The share of all runs that each system should have had, adding up to 1, to find the greatest mean. `means` and
/// `variances` (of single values) have one number a system. Where means equal the best, all runs go to those: the limit of
/// the formula. Without any variance all shares are equal.
pub fn ocba_shares(means: &[f64], variances: &[f64]) -> Vec<f64> {
    let Some(best) = best_of(means) else { return Vec::new() };
    let distances: Vec<f64> = means.iter().map(|mean| means[best] - mean).collect();
    let mut parts = ratios(&distances, variances, Some(best));
    // N(i)^2 / s(i)^2 = N(i) / d(i)^2 in these units, since N(i) = s(i)^2 / d(i)^2; with ties, d = 1 for those tied.
    let tied = distances.iter().enumerate().any(|(i, distance)| i != best && *distance <= 0.0);
    let squares = |i: usize| {
        let distance = if tied { 1.0 } else { distances[i] };
        parts[i] / (distance * distance)
    };
    let others = (0..means.len()).filter(|&i| i != best);
    parts[best] = (variances[best] * others.map(squares).sum::<f64>()).sqrt();
    normalised(parts)
}

/// The share of all runs that each system should have had to find the `most` greatest means. `counts` are the values that
/// `means` and `variances` rest on, at least 1 each: they place c between the two means beside it, nearer to the surer one.
///
/// # Panics
/// When `most` is zero or not below the number of systems: then there is nothing to find.
pub fn ocba_top_shares(means: &[f64], variances: &[f64], counts: &[u64], most: usize) -> Vec<f64> {
    assert!(most >= 1 && most < means.len(), "the best {most} of {} are not to be found", means.len());
    let mut order: Vec<usize> = (0..means.len()).collect();
    order.sort_by(|&i, &j| means[j].total_cmp(&means[i]).then(i.cmp(&j)));
    let (inside, outside) = (order[most - 1], order[most]);
    let error = |i: usize| (variances[i] / counts[i].max(1) as f64).sqrt();
    let errors = error(inside) + error(outside);
    let weight = if errors > 0.0 { error(outside) / errors } else { 0.5 };
    let boundary = means[outside] + weight * (means[inside] - means[outside]);
    let distances: Vec<f64> = means.iter().map(|mean| (mean - boundary).abs()).collect();
    normalised(ratios(&distances, variances, None))
}

/// (s / d)^2 of each system but `left_out`; where some distances are zero, s^2 of those and nothing of the rest.
fn ratios(distances: &[f64], variances: &[f64], left_out: Option<usize>) -> Vec<f64> {
    let counts = |i: usize| Some(i) != left_out;
    let tied = (0..distances.len()).any(|i| counts(i) && distances[i] <= 0.0);
    let part = |i: usize| match distances[i] {
        _ if !counts(i) => 0.0,
        distance if tied => {
            if distance <= 0.0 {
                variances[i]
            } else {
                0.0
            }
        }
        distance => variances[i] / (distance * distance),
    };
    (0..distances.len()).map(part).collect()
}

fn normalised(parts: Vec<f64>) -> Vec<f64> {
    let sum: f64 = parts.iter().sum();
    if sum > 0.0 && sum.is_finite() {
        return parts.into_iter().map(|part| part / sum).collect();
    }
    vec![1.0 / parts.len() as f64; parts.len()]
}

/// How many more runs each system gets, of `more` in all, so that all runs come as near to `shares` as they can: whole
/// numbers that add up to `more`. Nobody loses runs: who has more than its share keeps them, and the others share the rest.
/// What is left after whole numbers goes to the largest remainders, the first of equals.
pub fn next_runs(shares: &[f64], counts: &[u64], more: u64) -> Vec<u64> {
    let wanted = targets(shares, counts, more);
    let mut added: Vec<u64> = wanted.iter().map(|extra| extra.floor() as u64).collect();
    let mut order: Vec<usize> = (0..wanted.len()).filter(|&i| wanted[i] > 0.0).collect();
    order.sort_by(|&i, &j| wanted[j].fract().total_cmp(&wanted[i].fract()).then(i.cmp(&j)));
    let given: u64 = added.iter().sum();
    let missing = more.saturating_sub(given) as usize;
    for &place in order.iter().cycle().take(if order.is_empty() { 0 } else { missing }) {
        added[place] += 1;
    }
    take_back(&mut added, given.saturating_sub(more));
    added
}

/// Rounding may have given one run too many where a target is a whole number.
fn take_back(added: &mut [u64], mut excess: u64) {
    for count in added.iter_mut().rev() {
        let back = excess.min(*count);
        *count -= back;
        excess -= back;
    }
}

/// The runs that each still lacks, not rounded: they add up to `more`.
fn targets(shares: &[f64], counts: &[u64], more: u64) -> Vec<f64> {
    let mut open: Vec<usize> = (0..shares.len()).collect();
    loop {
        let total = more as f64 + open.iter().map(|&i| counts[i] as f64).sum::<f64>();
        let sum: f64 = open.iter().map(|&i| shares[i]).sum();
        // Those without a share get something only if nobody else can.
        let share = |i: usize| if sum > 0.0 { shares[i] / sum } else { 1.0 / open.len() as f64 };
        let extra = |i: usize| total * share(i) - counts[i] as f64;
        let below: Vec<usize> = open.iter().copied().filter(|&i| extra(i) > 0.0).collect();
        if below.len() == open.len() || below.is_empty() {
            let mut wanted = vec![0.0; shares.len()];
            for &i in &below {
                wanted[i] = extra(i);
            }
            return wanted;
        }
        open = below;
    }
}
