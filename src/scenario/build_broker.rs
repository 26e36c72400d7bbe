//! From the broker as written to the policy of the model.

use super::broker_format::{
    Broker, BrokerPolicy as FilePolicy, BrokerPolicyName as Name, BrokerPolicyRule as Rule,
    CopySites as FileCopySites, Judge as FileJudge,
};
use super::build::named;
use crate::model::{
    BrokerInformation, BrokerPolicy, CopySites, IdVec, Judge, Score, ScoreWeights, Site, SiteId,
};

/// What the broker of a checked scenario knows.
pub(super) fn information(broker: &Broker) -> BrokerInformation {
    BrokerInformation { age: broker.information_age, own_routings: broker.own_routings }
}

/// The policy of the broker of a checked scenario.
pub(super) fn broker_policy(broker: &Broker, sites: &IdVec<SiteId, Site>) -> BrokerPolicy {
    match &broker.policy {
        FilePolicy::Named(Name::Home) => BrokerPolicy::Home { overflow_wait: broker.overflow_wait },
        FilePolicy::Named(name) => by_name(*name),
        FilePolicy::Rule(rule) => by_rule(rule, sites),
    }
}

fn by_name(name: Name) -> BrokerPolicy {
    match name {
        Name::Home => BrokerPolicy::Home { overflow_wait: None },
        Name::LeastCompletion => BrokerPolicy::LeastCompletion,
        Name::Random => BrokerPolicy::Random,
        Name::LeastWait => BrokerPolicy::Least(Score::Wait),
        Name::FewestJobs => BrokerPolicy::FewestJobs,
        Name::BestOf => BrokerPolicy::BestOf { sites: 2, by: Judge::PredictedStart },
        Name::Cheapest => BrokerPolicy::Least(Score::Cost { wait_bound: None }),
        Name::Greenest => BrokerPolicy::Least(Score::Carbon { wait_bound: None }),
        Name::QuotaAware => BrokerPolicy::Least(Score::Entitlement),
        Name::Fluid => BrokerPolicy::Fluid { plan: None },
        Name::Redundant => BrokerPolicy::Redundant { copies: 2, sites: CopySites::Drawn },
    }
}

fn by_rule(rule: &Rule, sites: &IdVec<SiteId, Site>) -> BrokerPolicy {
    match *rule {
        Rule::BestOf { sites, by } => BrokerPolicy::BestOf {
            sites,
            by: match by {
                FileJudge::PredictedStart => Judge::PredictedStart,
                FileJudge::JobsPresent => Judge::JobsPresent,
            },
        },
        Rule::Cheapest { wait_bound } => BrokerPolicy::Least(Score::Cost { wait_bound }),
        Rule::Greenest { wait_bound } => BrokerPolicy::Least(Score::Carbon { wait_bound }),
        Rule::Weighted { wait, cost, carbon, utilisation } => {
            let weights = ScoreWeights { wait_h: wait, cost_eur: cost, carbon_kg: carbon, utilisation };
            BrokerPolicy::Least(Score::Weighted(weights))
        }
        Rule::Fixed { ref fractions } => {
            let of_site = |(id, fraction): (&String, &super::demand_format::Weight)| {
                (named(sites, |site| site.id == *id), fraction.0)
            };
            let mut fractions: Vec<(SiteId, f64)> = fractions.iter().map(of_site).collect();
            fractions.sort_by_key(|&(site, _)| site);
            BrokerPolicy::Fixed { fractions }
        }
        Rule::Redundant { copies, sites } => BrokerPolicy::Redundant {
            copies,
            sites: match sites {
                FileCopySites::Drawn => CopySites::Drawn,
                FileCopySites::LeastCompletion => CopySites::LeastCompletion,
            },
        },
    }
}
