//! Dominant-resource fairness over partitions (Ghodsi et al., NSDI 2011).
//!
//! Each partition of a site is one resource with a capacity. The dominant share of a community is the greatest part that
//! it holds of any resource, divided by its weight; the next to be served is the community of least dominant share, ties
//! by id. O(communities x resources) for one choice; no history counts.

use crate::model::CommunityId;

/// What one community holds and what it weighs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Claim<'a> {
    /// Greater than zero; twice the weight is right to twice the share.
    pub weight: f64,
    /// Units held of each resource.
    pub held: &'a [u64],
}

impl Claim<'_> {
    /// The dominant share, given the capacity of each resource. A resource without capacity counts nothing.
    pub fn dominant_share(&self, capacity: &[u64]) -> f64 {
        assert!(self.weight > 0.0 && self.weight.is_finite(), "a weight is positive: {}", self.weight);
        assert_eq!(self.held.len(), capacity.len(), "one number for each resource");
        let resources = self.held.iter().zip(capacity).filter(|(_, capacity)| **capacity > 0);
        // One division, so that with whole weights equal shares are equal floats.
        resources.map(|(&held, &capacity)| held as f64 / (capacity as f64 * self.weight)).fold(0.0, f64::max)
    }
}

/// The community to serve next, of those that want something. `None` if nobody does.
///
/// ```
/// use pleiade::model::CommunityId;
/// use pleiade::scheduling::{Claim, least_served};
/// let capacity = [100, 10];
/// let claims = [[30, 0], [10, 2], [0, 3]];
/// let claims = claims.iter().enumerate().map(|(i, held)| (CommunityId(i as u32), Claim { weight: 1.0, held }));
/// assert_eq!(least_served(claims, &capacity), Some(CommunityId(1)));
/// ```
pub fn least_served<'a>(
    claims: impl IntoIterator<Item = (CommunityId, Claim<'a>)>,
    capacity: &[u64],
) -> Option<CommunityId> {
    let shares = claims.into_iter().map(|(community, claim)| (claim.dominant_share(capacity), community));
    let least = shares.min_by(|(a, one), (b, other)| a.total_cmp(b).then(one.cmp(other)));
    least.map(|(_, community)| community)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Serves tasks of fixed needs, one at a time, until no community's next task fits; returns tasks by community.
    fn serve(capacity: &[u64], communities: &[(f64, &[u64])]) -> Vec<u64> {
        let mut tasks = vec![0; communities.len()];
        let mut held: Vec<Vec<u64>> = vec![vec![0; capacity.len()]; communities.len()];
        loop {
            let used = |resource: usize| held.iter().map(|held| held[resource]).sum::<u64>();
            let fits = |needs: &[u64]| (0..capacity.len()).all(|r| used(r) + needs[r] <= capacity[r]);
            let wanting = (0..communities.len()).filter(|&index| fits(communities[index].1));
            let claims = wanting.map(|index| {
                (CommunityId(index as u32), Claim { weight: communities[index].0, held: &held[index] })
            });
            let Some(next) = least_served(claims, capacity) else { return tasks };
            tasks[next.index()] += 1;
            for (held, need) in held[next.index()].iter_mut().zip(communities[next.index()].1) {
                *held += need;
            }
        }
    }

    #[test]
    fn the_example_of_the_paper() {
        assert_eq!(serve(&[9, 18], &[(1.0, &[1, 4]), (1.0, &[3, 1])]), [3, 2]);
    }

    #[test]
    fn twice_the_weight_is_twice_the_share() {
        assert_eq!(serve(&[30], &[(1.0, &[1]), (2.0, &[1])]), [10, 20]);
    }

    #[test]
    fn ties_go_to_the_first() {
        // A third of the first resource, of the second, and all of the first, handed over from last to first.
        let held: [&[u64]; 3] = [&[9, 0], &[3, 5], &[1, 6]];
        let claims = [2, 1, 0].map(|id| (CommunityId(id), Claim { weight: 3.0, held: held[id as usize] }));
        assert_eq!(least_served(claims, &[9, 18]), Some(CommunityId(1)));
        assert_eq!(least_served([], &[9]), None);
    }

    #[test]
    fn a_resource_without_capacity_counts_nothing() {
        let claim = Claim { weight: 1.0, held: &[0, 1] };
        assert!((claim.dominant_share(&[0, 4]) - 0.25).abs() < f64::EPSILON);
    }
}
