//! Who may do a piece of work for a project, and how fast.

use crate::model::{CountryId, IdVec, PoolId, SiteId, StaffPool, StaffWork};

/// The pools that may do some work for a project, with their efficiency, best first (ties: id).
///
/// Able is a pool of the set (`present`) that does such work, has the skill (`None`: it takes none) and a language in common
/// with the project's country (empty: any will do). For projects that are its own, be it by their site or by their
/// country, it works at efficiency 1, for others at its remote efficiency, and not at all if that is 0.
pub fn able(
    pools: &IdVec<PoolId, StaffPool>,
    work: StaffWork,
    skill: Option<&str>,
    site: Option<SiteId>,
    country: CountryId,
    languages: &[String],
    present: impl Fn(PoolId) -> bool,
) -> Vec<(PoolId, f64)> {
    let efficiency = |(id, pool): (PoolId, &StaffPool)| {
        let meets = pool.work == work && has(pool, skill) && speaks(pool, languages) && present(id);
        let efficiency = if pool.is_own(site, country) { 1.0 } else { pool.remote_efficiency };
        (meets && efficiency > 0.0).then_some((id, efficiency))
    };
    let mut able: Vec<_> = pools.enumerate().filter_map(efficiency).collect();
    able.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    able
}

fn has(pool: &StaffPool, skill: Option<&str>) -> bool {
    match (&pool.skills, skill) {
        (Some(skills), Some(skill)) => skills.iter().any(|has| has == skill),
        _ => true,
    }
}

fn speaks(pool: &StaffPool, languages: &[String]) -> bool {
    match &pool.languages {
        Some(spoken) if !languages.is_empty() => spoken.iter().any(|one| languages.contains(one)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &[&str]) -> Vec<String> {
        words.iter().map(|&word| word.to_owned()).collect()
    }

    fn pool(site: Option<u32>, countries: &[u32], remote_efficiency: f64) -> StaffPool {
        StaffPool {
            id: String::new(),
            name: String::new(),
            work: StaffWork::Support,
            site: site.map(SiteId),
            countries: countries.iter().map(|&country| CountryId(country)).collect(),
            staff: Vec::new(),
            hours: None,
            skills: None,
            languages: None,
            remote_efficiency,
        }
    }

    /// The pools able to help a project of country 0, bound to a site or not, that takes a skill, by number.
    #[track_caller]
    fn check(
        pools: &[StaffPool],
        skill: Option<&str>,
        site: Option<u32>,
        languages: &[&str],
        expected: &[(u32, f64)],
    ) {
        let pools: IdVec<PoolId, StaffPool> = pools.iter().cloned().collect();
        let site = site.map(SiteId);
        let not_the_last = |id: PoolId| id.index() + 1 < pools.len();
        let found =
            able(&pools, StaffWork::Support, skill, site, CountryId(0), &text(languages), not_the_last);
        let expected: Vec<_> = expected.iter().map(|&(id, efficiency)| (PoolId(id), efficiency)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn own_people_come_first_and_those_who_serve_nobody_else_only_their_own() {
        let absent = pool(None, &[0], 1.0);
        let pools = [
            pool(None, &[], 0.8),
            pool(Some(1), &[], 0.0),
            pool(Some(2), &[], 0.9),
            pool(None, &[0, 3], 0.0),
            pool(None, &[], 0.9),
            StaffPool { work: StaffWork::Review, ..pool(None, &[0], 1.0) },
            absent,
        ];
        check(&pools, None, None, &[], &[(3, 1.0), (2, 0.9), (4, 0.9), (0, 0.8)]);
        check(&pools, None, Some(1), &[], &[(1, 1.0), (3, 1.0), (2, 0.9), (4, 0.9), (0, 0.8)]);
        check(&pools, None, Some(2), &[], &[(2, 1.0), (3, 1.0), (4, 0.9), (0, 0.8)]);
    }

    #[test]
    fn skills_and_languages_are_met() {
        let knows = |skills: Option<&[&str]>, languages: Option<&[&str]>| StaffPool {
            skills: skills.map(text),
            languages: languages.map(text),
            ..pool(None, &[0], 0.0)
        };
        let pools = [
            knows(None, None),
            knows(Some(&["porting", "data"]), None),
            knows(Some(&["data"]), Some(&["fi", "en"])),
            knows(None, Some(&["fr"])),
            knows(Some(&[]), None),
            knows(None, None),
        ];
        check(&pools, None, None, &[], &[(0, 1.0), (1, 1.0), (2, 1.0), (3, 1.0), (4, 1.0)]);
        check(&pools, Some("data"), None, &["en", "sv"], &[(0, 1.0), (1, 1.0), (2, 1.0)]);
        check(&pools, Some("porting"), None, &["fr"], &[(0, 1.0), (1, 1.0), (3, 1.0)]);
        check(&pools, None, None, &["fi"], &[(0, 1.0), (1, 1.0), (2, 1.0), (4, 1.0)]);
    }
}
