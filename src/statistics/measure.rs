//! One number of a run by its name in files: any metric, of the whole network, a community or a site.

use super::metric::{EndingMetric, Metric, StorageMetric, WaterfallMetric, metrics};
use super::projects::ProjectMetric;
use super::run::RunMetrics;
use crate::model::{CandidateSet, CommunityId, Site, SiteId, System};

metrics! {
    /// What the sites of a set take, of the set or of one of its sites, in one run. A price or an intensity that nobody
    /// stated leaves no number.
    UpkeepMetric {
        /// What the sites cost, as the scenario says it.
        CostEuros: "cost_euros", "EUR";
        /// Electricity: accelerator-hours held x power of an accelerator x PUE.
        EnergyKwh: "energy_kwh", "kWh";
        /// The same at the sites' prices.
        EnergyEuros: "energy_euros", "EUR";
        /// The same at the sites' carbon intensities.
        CarbonTonnes: "carbon_tonnes", "t CO2";
    }
    /// The values of all of them for one scope.
    UpkeepMetrics
}

/// What a measure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The whole network.
    Network,
    /// One community.
    Community(CommunityId),
    /// One site.
    Site(SiteId),
}

/// A metric of any family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Run(Metric),
    Ending(EndingMetric),
    Waterfall(WaterfallMetric),
    Storage(StorageMetric),
    Project(ProjectMetric),
    Upkeep(UpkeepMetric),
}

impl Family {
    fn all() -> impl Iterator<Item = Self> {
        Metric::ALL.into_iter().map(Self::Run).chain(EndingMetric::ALL.into_iter().map(Self::Ending)).chain(
            WaterfallMetric::ALL
                .into_iter()
                .map(Self::Waterfall)
                .chain(StorageMetric::ALL.into_iter().map(Self::Storage))
                .chain(ProjectMetric::ALL.into_iter().map(Self::Project))
                .chain(UpkeepMetric::ALL.into_iter().map(Self::Upkeep)),
        )
    }

    fn name(self) -> &'static str {
        match self {
            Self::Run(metric) => metric.name(),
            Self::Ending(metric) => metric.name(),
            Self::Waterfall(metric) => metric.name(),
            Self::Storage(metric) => metric.name(),
            Self::Project(metric) => metric.name(),
            Self::Upkeep(metric) => metric.name(),
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Run(metric) => metric.unit(),
            Self::Ending(metric) => metric.unit(),
            Self::Waterfall(metric) => metric.unit(),
            Self::Storage(metric) => metric.unit(),
            Self::Project(metric) => metric.unit(),
            Self::Upkeep(metric) => metric.unit(),
        }
    }

    fn exists_for(self, scope: Scope) -> bool {
        match (self, scope) {
            (Self::Run(metric), Scope::Community(_) | Scope::Site(_)) => metric.is_of_parts(),
            (Self::Waterfall(metric), Scope::Community(_)) => metric.is_of_parts(),
            (Self::Storage(_) | Self::Upkeep(_), Scope::Community(_))
            | (Self::Ending(_) | Self::Waterfall(_), Scope::Site(_)) => false,
            _ => true,
        }
    }
}

/// One number of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    family: Family,
    scope: Scope,
}

impl Measure {
    /// The names of all metrics, each of one family only.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Family::all().map(Family::name)
    }

    /// The metric of a name for a scope; `None` where there is no such metric, or not of this scope.
    pub fn find(name: &str, scope: Scope) -> Option<Self> {
        let family = Family::all().find(|family| family.name() == name)?;
        family.exists_for(scope).then_some(Self { family, scope })
    }

    /// The name of the metric in files.
    pub fn metric(&self) -> &'static str {
        self.family.name()
    }

    /// Its unit in files.
    pub fn unit(&self) -> &'static str {
        self.family.unit()
    }

    /// What it is about.
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// The ids of the community and of the site that it is about.
    pub fn about(&self, system: &System) -> (Option<String>, Option<String>) {
        match self.scope {
            Scope::Network => (None, None),
            Scope::Community(id) => (Some(system.communities[id].id.clone()), None),
            Scope::Site(id) => (None, Some(system.sites[id].id.clone())),
        }
    }

    /// Its value in a run of `set`; `NaN` where there is none (the mean wait of nobody, a metric of projects without any).
    /// `system` is the system as it is with the set.
    pub fn of(&self, system: &System, set: &CandidateSet, run: &RunMetrics) -> f64 {
        self.value(system, set, run).unwrap_or(f64::NAN)
    }

    fn value(&self, system: &System, set: &CandidateSet, run: &RunMetrics) -> Option<f64> {
        fn scoped<'r, T>(
            scope: Scope,
            network: &'r T,
            communities: &'r [T],
            sites: &'r [T],
        ) -> Option<&'r T> {
            match scope {
                Scope::Network => Some(network),
                Scope::Community(id) => communities.get(id.index()),
                Scope::Site(id) => sites.get(id.index()),
            }
        }
        let scope = self.scope;
        match self.family {
            Family::Run(metric) => {
                scoped(scope, &run.network, &run.communities, &run.sites).map(|all| all.get(metric))
            }
            Family::Ending(metric) => {
                let endings = run.endings.as_ref()?;
                scoped(scope, &endings.network, &endings.communities, &[]).map(|all| all.get(metric))
            }
            Family::Waterfall(metric) => {
                let waterfall = &run.waterfall;
                scoped(scope, &waterfall.network, &waterfall.communities, &[]).map(|all| all.get(metric))
            }
            Family::Storage(metric) => {
                let storages = run.storages.as_ref()?;
                scoped(scope, &storages.network, &[], &storages.sites).map(|all| all.get(metric))
            }
            Family::Project(metric) => {
                let projects = run.projects.as_ref()?;
                scoped(scope, &projects.network, &projects.communities, &projects.sites)
                    .map(|all| all.get(metric))
            }
            Family::Upkeep(metric) => Some(match scope {
                Scope::Site(site) => upkeep(&system.sites[site], site, run).get(metric),
                _ => set.sites.iter().map(|&id| upkeep(&system.sites[id], id, run).get(metric)).sum(),
            }),
        }
    }
}

/// What one site takes in a run.
pub fn upkeep(site: &Site, id: SiteId, run: &RunMetrics) -> UpkeepMetrics {
    // A price or an intensity of 0 says that nobody stated it.
    let stated = |value: f64| if value > 0.0 { value } else { f64::NAN };
    let kwh = run.energy_kwh[id.index()] * site.pue;
    UpkeepMetrics([
        site.cost.as_euros(),
        kwh,
        kwh / 1_000.0 * stated(site.electricity_price_per_mwh.as_euros()),
        kwh / 1_000.0 * stated(site.carbon.0 as f64) / 1_000.0,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// A name says which metric is meant: no two families share one.
    #[test]
    fn names_are_of_one_metric() {
        let names: BTreeSet<_> = Measure::names().collect();
        assert_eq!(names.len(), Measure::names().count());
        let site = Scope::Site(crate::model::Id::from_index(0));
        assert!(
            Measure::find("bound_h", Scope::Network).is_some() && Measure::find("bound_h", site).is_none()
        );
        assert!(Measure::find("goodput", site).is_none() && Measure::find("no-such", site).is_none());
    }
}
