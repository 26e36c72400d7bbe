//! Hit ratios of a cache of equal objects under the independent reference model: each request is for object i with
//! probability p_i, whatever came before.

/// The hit ratio of a cache of `capacity` objects that gives up the least recently used one (King 1971).
///
/// The `capacity` objects used last are i_1, i_2, ... in this order with probability
/// p(i_1) · p(i_2) / (1 - p(i_1)) · p(i_3) / (1 - p(i_1) - p(i_2)) ...; the hit ratio is the mean of the probability of
/// what is held. Summed over the sets of objects instead of their orders: O(n 2^n) for n objects, at most 20.
pub fn lru_hit_ratio(p: &[f64], capacity: usize) -> f64 {
    assert!(p.len() <= 20, "the sum runs over all sets of objects");
    let sets = 1_usize << p.len();
    let members = |set: usize| (0..p.len()).filter(move |object| set >> object & 1 == 1);
    // By set: the probability that just its objects were used last, in any order.
    let mut held = vec![0.0; sets];
    held[0] = 1.0;
    let mut hits = 0.0;
    for set in 1..sets {
        let before = |object: usize| set & !(1 << object);
        let left = |object: usize| 1.0 - members(before(object)).map(|other| p[other]).sum::<f64>();
        held[set] = members(set).map(|object| held[before(object)] * p[object] / left(object)).sum();
        if set.count_ones() as usize == capacity {
            hits += held[set] * members(set).map(|object| p[object]).sum::<f64>();
        }
    }
    hits
}

/// The same by the approximation of Che, Tung and Wang (2002): an object is held for a characteristic time T since its
/// last use, the same for all, at which the mean number held, the sum of 1 - exp(-p_i T), is the capacity.
///
/// The capacity lies above zero and below the number of objects.
pub fn che_hit_ratio(p: &[f64], capacity: usize) -> f64 {
    let held = |p: f64, time: f64| -libm::expm1(-p * time);
    let excess = |time: f64| p.iter().map(|&p| held(p, time)).sum::<f64>() - capacity as f64;
    let (mut low, mut high) = (0.0, 1.0);
    while excess(high) < 0.0 {
        high *= 2.0;
    }
    // Halved until the two are neighbours.
    while low < f64::midpoint(low, high) && f64::midpoint(low, high) < high {
        let middle = f64::midpoint(low, high);
        if excess(middle) < 0.0 { low = middle } else { high = middle }
    }
    p.iter().map(|&p| p * held(p, high)).sum()
}

/// The probabilities of Zipf's law: the k-th of `count` objects in proportion to k^(-exponent).
pub fn zipf(count: u32, exponent: f64) -> Vec<f64> {
    let weights: Vec<f64> = (1..=count).map(|k| libm::pow(f64::from(k), -exponent)).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
    }

    /// One object is held: it was asked for twice in a row. All objects are held: every request hits. Equal objects: the
    /// share that is held, for King and for Che alike.
    #[test]
    fn what_is_plain() {
        let p = [0.4, 0.3, 0.2, 0.1];
        near(lru_hit_ratio(&p, 1), p.iter().map(|p| p * p).sum());
        near(lru_hit_ratio(&p, 4), 1.0);
        near(lru_hit_ratio(&[0.2; 5], 3), 0.6);
        near(che_hit_ratio(&[0.2; 5], 3), 0.6);
    }

    /// Two of three, written out over the six orders.
    #[test]
    fn two_of_three_by_hand() {
        let p = [0.5, 0.3, 0.2];
        let mut hits = 0.0;
        for (a, b) in [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)] {
            hits += p[a] * p[b] / (1.0 - p[a]) * (p[a] + p[b]);
        }
        near(lru_hit_ratio(&p, 2), hits);
    }
}
