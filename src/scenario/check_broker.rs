//! Rules of the broker: parameters that belong to the policy, and what a policy needs to know of the sites.

use super::broker_format::{Broker, BrokerPolicy, BrokerPolicyName as Name, BrokerPolicyRule as Rule};
use super::check::sound;
use super::diagnostics::Report;
use super::draft::Draft;
use super::tree::Node;

/// Reports every broken rule of the broker.
pub(super) fn check_broker(tree: &Node, draft: &Draft, report: &mut Report) {
    let Some(broker) = &draft.broker else { return };
    if broker.overflow_wait.is_some() && broker.policy != BrokerPolicy::Named(Name::Home) {
        report.rule(tree, "broker.overflow_wait", "only the policy `home` has an `overflow_wait`");
    }
    match &broker.policy {
        BrokerPolicy::Rule(Rule::Weighted { wait, cost, carbon, utilisation }) => {
            if [wait, cost, carbon, utilisation].iter().all(|weight| **weight <= 0.0) {
                let text = "at least one weight of wait, cost, carbon, utilisation must be above zero";
                report.rule(tree, "broker.policy", text);
            }
        }
        BrokerPolicy::Rule(Rule::Fixed { fractions }) => {
            let sum: f64 = fractions.values().map(|fraction| fraction.0).sum();
            let sound = fractions.values().all(|fraction| fraction.0 >= 0.0);
            if sound && !(sum > 0.0 && sum.is_finite()) {
                let text = "at least one fraction must be above zero";
                report.rule(tree, "broker.policy.fractions", text);
            }
        }
        _ => {}
    }
    let needs = Needs::of(broker);
    for (path, site) in sound(&draft.sites) {
        let says = |path: &str, key: &str| tree.nearest(path).get(key).is_some();
        for (key, what) in needs.of_site() {
            if !says(path, key) {
                report.rule(tree, path, format!("the broker compares the sites' {what}: say `{key}`"));
            }
        }
        let owners = site.partition.iter().filter(|partition| partition.shares_nodes_with.is_none());
        for partition in owners.filter(|_| needs.power()) {
            let path = format!("{path}.partition.{}", partition.id);
            if !says(&path, "accelerator_power") {
                let text = "the broker compares the energy of jobs: say `accelerator_power`";
                report.rule(tree, &path, text);
            }
        }
    }
}

/// What a policy compares that a scenario need not say otherwise: what is not said would count as nothing.
#[derive(Clone, Copy)]
struct Needs {
    cost: bool,
    carbon: bool,
}

impl Needs {
    fn of(broker: &Broker) -> Self {
        let (cost, carbon) = match &broker.policy {
            BrokerPolicy::Named(Name::Cheapest) | BrokerPolicy::Rule(Rule::Cheapest { .. }) => (true, false),
            BrokerPolicy::Named(Name::Greenest) | BrokerPolicy::Rule(Rule::Greenest { .. }) => (false, true),
            BrokerPolicy::Rule(Rule::Weighted { cost, carbon, .. }) => (*cost > 0.0, *carbon > 0.0),
            _ => (false, false),
        };
        Self { cost, carbon }
    }

    fn of_site(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let cost = self.cost.then_some(("electricity_price_per_mwh", "cost of electricity"));
        cost.into_iter().chain(self.carbon.then_some(("carbon", "carbon")))
    }

    fn power(self) -> bool {
        self.cost || self.carbon
    }
}
