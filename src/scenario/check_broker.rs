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
    check_parameters(tree, broker, report);
    check_copies(tree, draft, broker, report);
    check_sites(tree, draft, Needs::of(broker), report);
}

/// A job that waits in parts has no copies: which of them would be taken back?
fn check_copies(tree: &Node, draft: &Draft, broker: &Broker, report: &mut Report) {
    let copies = matches!(
        broker.policy,
        BrokerPolicy::Named(Name::Redundant) | BrokerPolicy::Rule(Rule::Redundant { .. })
    );
    let split = sound(&draft.classes).find(|(_, class)| class.cross_site.is_some());
    if let Some((_, class)) = split.filter(|_| copies) {
        let text =
            format!("the jobs of `{}` train across sites: `redundant` knows only whole jobs", class.id);
        report.rule(tree, "broker.policy", text);
    }
}

/// Weights and fractions of which one has to count.
fn check_parameters(tree: &Node, broker: &Broker, report: &mut Report) {
    let count_for_nothing = |weights: &[f64]| {
        let sum: f64 = weights.iter().sum();
        weights.iter().all(|weight| *weight >= 0.0) && !(sum > 0.0 && sum.is_finite())
    };
    match &broker.policy {
        BrokerPolicy::Rule(Rule::Weighted { wait, cost, carbon, utilisation })
            if count_for_nothing(&[*wait, *cost, *carbon, *utilisation]) =>
        {
            let text = "at least one weight of wait, cost, carbon, utilisation must be above zero";
            report.rule(tree, "broker.policy", text);
        }
        BrokerPolicy::Rule(Rule::Fixed { fractions })
            if count_for_nothing(&fractions.values().map(|fraction| fraction.0).collect::<Vec<_>>()) =>
        {
            report.rule(tree, "broker.policy.fractions", "at least one fraction must be above zero");
        }
        _ => {}
    }
}

/// What the policy compares has to be said at every site: what is not said would count as nothing.
fn check_sites(tree: &Node, draft: &Draft, needs: Needs, report: &mut Report) {
    let says = |path: &str, key: &str| tree.nearest(path).get(key).is_some();
    for (path, site) in sound(&draft.sites) {
        for (key, what) in needs.of_site().filter(|(key, _)| !says(path, key)) {
            report.rule(tree, path, format!("the broker compares the sites' {what}: say `{key}`"));
        }
        let owners = site.partition.iter().filter(|partition| partition.shares_nodes_with.is_none());
        let paths = owners.map(|partition| format!("{path}.partition.{}", partition.id));
        for path in paths.filter(|path| needs.power() && !says(path, "accelerator_power")) {
            let text = "the broker compares the energy of jobs: say `accelerator_power`";
            report.rule(tree, &path, text);
        }
    }
}

/// What a policy compares that a scenario need not say otherwise.
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
