//! The catalog's access modes and people: they hold together with its sites, network and projects, and say what is published.

use crate::model::{Allocation, Confidence, StaffWork, System, Taken};
use crate::scenario::{MemoryLoader, load};

/// All demand of the catalog by projects.
const SCENARIO: &str = r#"
name = "catalog"
import = ["accelerators.toml", "sites.toml", "network.toml", "demand-projects.toml", "talent.toml"]
reference_accelerator = "a100"
observation = { start = 2025-01-01, end = 2028-01-01, replications = 1, seed = 1 }
broker = { policy = "home" }
"#;

fn system() -> System {
    let files = MemoryLoader::new(&[
        ("scenario.toml", SCENARIO),
        ("accelerators.toml", include_str!("../../../scenarios/catalog/accelerators.toml")),
        ("sites.toml", include_str!("../../../scenarios/catalog/sites.toml")),
        ("network.toml", include_str!("../../../scenarios/catalog/network.toml")),
        ("classes.toml", include_str!("../../../scenarios/catalog/classes.toml")),
        ("demand-projects.toml", include_str!("../../../scenarios/catalog/demand-projects.toml")),
        ("access.toml", include_str!("../../../scenarios/catalog/access.toml")),
        ("talent.toml", include_str!("../../../scenarios/catalog/talent.toml")),
    ]);
    load("scenario.toml", &files, &[]).unwrap_or_else(|problems| panic!("{problems}")).system
}

#[test]
fn access_modes_are_as_published() {
    let system = system();
    let mode = |id: &str| system.projects.modes.iter().find(|mode| mode.id == id).unwrap();
    let hours = |id: &str| mode(id).hours.map(|hours| hours.as_hours().round() as u64);
    assert_eq!(hours("playground"), [0, 10_000]);
    assert_eq!(hours("fast-lane"), [10_000, 50_000]);
    assert_eq!(hours("large-scale")[0], 50_000);
    let cut_offs = |id: &str| match &mode(id).taken {
        Taken::AtOnce => 0,
        Taken::CutOffs(instants) => instants.len(),
    };
    // Two a month, six and two a year, for three years.
    let found = ["playground", "fast-lane", "large-scale", "ai-for-science", "regular"].map(cut_offs);
    assert_eq!(found, [0, 0, 73, 18, 6]);
    assert!(system.projects.modes.iter().all(|mode| mode.allocation != Allocation::Pooled));
    let modes = system.facts.iter().filter(|fact| fact.path.starts_with("access."));
    assert_eq!(modes.clone().count(), 5);
    assert!(modes.clone().all(|fact| fact.confidence == Confidence::Soft));
}

#[test]
fn every_site_has_its_staff_and_every_country_its_languages() {
    let system = system();
    let support = || system.projects.pools.iter().filter(|pool| pool.work == StaffWork::Support);
    for (id, site) in system.sites.enumerate() {
        let of_site: Vec<_> = support().filter(|pool| pool.site == Some(id)).collect();
        let [pool] = of_site[..] else { panic!("{} has {} pools", site.id, of_site.len()) };
        assert!(pool.is_own(None, site.country), "{}", site.id);
        assert!(site.consortium.iter().all(|&country| pool.is_own(None, country)), "{}", site.id);
        assert!(pool.staff.last().unwrap().1 > 0);
    }
    let spoken =
        |language: &String| support().any(|pool| pool.languages.as_ref().unwrap().contains(language));
    for country in &system.countries {
        assert!(country.languages.iter().any(spoken), "nobody speaks with {}", country.name);
    }
    let people = |path: &str| {
        path.starts_with("reviewers.") || path.starts_with("staff.") || path.starts_with("country.")
    };
    let facts: Vec<_> = system.facts.iter().filter(|fact| people(&fact.path)).collect();
    assert!(facts.len() > 60 && facts.iter().all(|fact| fact.confidence == Confidence::Assumed));
}
