//! How jobs find their site, as data: the broker's policies and how old what it knows may be. What they do is written in
//! `scheduling`.

use super::ids::SiteId;
use super::routing_plan::RoutingPlan;
use super::system::System;
use crate::units::Span;

/// How a job finds its site.
#[derive(Debug, Clone, PartialEq)]
pub enum BrokerPolicy {
    /// The country's home site; above a predicted wait, the site of least predicted completion. `None` never overflows.
    Home {
        /// The predicted wait above which a job leaves its home.
        overflow_wait: Option<Span>,
    },
    /// The site where the job is predicted to complete first.
    LeastCompletion,
    /// Any site on which it fits, with equal probability.
    Random,
    /// The site of the least score.
    Least(Score),
    /// The partition with the fewest jobs present, waiting and running; ties at random.
    FewestJobs,
    /// The best of some sites drawn at random without replacement (Mitzenmacher 2001).
    BestOf {
        /// How many are drawn, at least 1.
        sites: u32,
        /// What makes one of them the best.
        by: Judge,
    },
    /// A site drawn by fixed fractions, in the order of the sites' ids; only the ratios between the sites on which the
    /// job fits count, and where all of these are zero, every one has the same chance.
    Fixed {
        /// The sites with their fractions, in id order; others have none.
        fractions: Vec<(SiteId, f64)>,
    },
    /// A site drawn by the fractions that the fluid programme gives to jobs of its kind, for the demand expected. Among
    /// them the rules of fixed fractions hold.
    Fluid {
        /// The fractions of one candidate set: a study works them out before it runs the set. `None`: not yet.
        plan: Option<RoutingPlan>,
    },
    /// A copy of the job waits at each of some sites; the first that starts takes back the others (Casanova 2007).
    Redundant {
        /// At how many sites, at least 1.
        copies: u32,
        /// At which.
        sites: CopySites,
    },
}

/// What of a site is to be least.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Score {
    /// The predicted wait.
    Wait,
    /// The cost of the electricity that the job would draw, among the sites within the bound.
    Cost {
        /// The longest predicted wait; where none is within it, the least wait decides. `None`: no bound.
        wait_bound: Option<Span>,
    },
    /// The carbon of this electricity, among the sites within the bound.
    Carbon {
        /// As for cost.
        wait_bound: Option<Span>,
    },
    /// A weighted sum, as sites would bid it.
    Weighted(ScoreWeights),
    /// How far the owners of the asker's quota would be over their own, then the predicted wait.
    Entitlement,
}

/// The weights of a sum, none below zero and one at least above it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ScoreWeights {
    /// Of an hour of predicted wait.
    pub wait_h: f64,
    /// Of a euro of electricity.
    pub cost_eur: f64,
    /// Of a kilogram of CO2 equivalent.
    pub carbon_kg: f64,
    /// Of the share of the partition that is held, 0 to 1.
    pub utilisation: f64,
}

/// What makes one of the drawn sites the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judge {
    /// The earliest predicted start.
    PredictedStart,
    /// The fewest jobs present, ties at random.
    JobsPresent,
}

/// Where copies of a job wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopySites {
    /// At sites drawn at random without replacement.
    Drawn,
    /// At the sites of least predicted completion.
    LeastCompletion,
}

/// What the broker knows of the partitions, beside what never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BrokerInformation {
    /// It sees each partition as it stood at the last whole multiple of this; zero: as it stands.
    pub age: Span,
    /// Whether it adds to that the jobs that it has sent there since.
    pub own_routings: bool,
}

/// The broker's policy in words, with how old what it knows may be.
pub fn broker_in_words(system: &System) -> String {
    let BrokerInformation { age, own_routings } = system.information;
    let policy = policy_in_words(system);
    match (age, own_routings) {
        (Span::ZERO, _) => policy,
        (age, false) => format!("{policy}; sees sites as of the last multiple of {age}"),
        (age, true) => format!("{policy}; sees sites as of the last multiple of {age}, and its own routings"),
    }
}

fn policy_in_words(system: &System) -> String {
    match &system.broker {
        BrokerPolicy::Home { overflow_wait: None } => "home".to_owned(),
        BrokerPolicy::Home { overflow_wait: Some(wait) } => format!("home, overflow above {wait}"),
        BrokerPolicy::LeastCompletion => "least predicted completion".to_owned(),
        BrokerPolicy::Random => "random".to_owned(),
        BrokerPolicy::Least(score) => score_in_words(*score),
        BrokerPolicy::FewestJobs => "fewest jobs present".to_owned(),
        BrokerPolicy::BestOf { sites, by: Judge::PredictedStart } => {
            format!("earliest predicted start of {sites} random sites")
        }
        BrokerPolicy::BestOf { sites, by: Judge::JobsPresent } => {
            format!("fewest jobs present of {sites} random sites")
        }
        BrokerPolicy::Fixed { fractions } => {
            let total: f64 = fractions.iter().map(|(_, fraction)| fraction).sum();
            let one = |(site, fraction): &(SiteId, f64)| {
                format!("{} {:.0} %", system.sites[*site].id, 100.0 * fraction / total)
            };
            format!("fixed fractions ({})", fractions.iter().map(one).collect::<Vec<_>>().join(", "))
        }
        BrokerPolicy::Fluid { .. } => "fractions of the fluid programme for the demand expected".to_owned(),
        BrokerPolicy::Redundant { copies, sites } => {
            let sites = match sites {
                CopySites::Drawn => "random sites",
                CopySites::LeastCompletion => "sites of least predicted completion",
            };
            format!("copies at {copies} {sites}, the first start counts")
        }
    }
}

fn score_in_words(score: Score) -> String {
    let bounded = |what: &str, bound: Option<Span>| match bound {
        None => what.to_owned(),
        Some(bound) => format!("{what} within a predicted wait of {bound}"),
    };
    match score {
        Score::Wait => "least predicted wait".to_owned(),
        Score::Cost { wait_bound } => bounded("cheapest", wait_bound),
        Score::Carbon { wait_bound } => bounded("greenest", wait_bound),
        Score::Entitlement => "least over the asker's quota, then least predicted wait".to_owned(),
        Score::Weighted(ScoreWeights { wait_h, cost_eur, carbon_kg, utilisation }) => {
            let terms = [
                (wait_h, "h of wait"),
                (cost_eur, "EUR"),
                (carbon_kg, "kg CO2"),
                (utilisation, "utilisation"),
            ];
            let terms = terms.iter().filter(|(weight, _)| *weight > 0.0);
            let terms: Vec<String> = terms.map(|(weight, name)| format!("{weight} x {name}")).collect();
            format!("least {}", terms.join(" + "))
        }
    }
}
