//! Rules of the network: links that join two routers, outages and upgrades in order, transfers between two places.

use super::blocks::Times;
use super::check::{AboveZero, check_amount, sound};
use super::diagnostics::Report;
use super::draft::Draft;
use super::network_format::{LinkFailures, LinkOutage, LinkUpgrade, Network, Transfer};
use super::tree::Node;
use crate::units::{Date, Span};

/// The longest latency of a link: an hour is beyond the orbit of Jupiter.
const LONGEST_LATENCY: Span = Span(3_600_000_000_000);
const DAY: Span = Span(86_400_000_000_000);
/// The least time from one begin to the next, so that a calendar stays short.
const SHORTEST_REPEAT: Span = Span(60_000_000_000);

/// Reports every broken rule of the network.
pub(super) fn check_network(tree: &Node, draft: &Draft, report: &mut Report) {
    let mut rules = Rules { tree, report };
    if let Some(network) = &draft.network {
        rules.network(network);
    }
    let common = draft.network.as_ref().map(|network| network.link_capacity);
    for (path, link) in sound(&draft.links) {
        if link.capacity.is_none() && common == Some(None) {
            rules.rule(path, "this link gives no `capacity`, and there is no `network.link_capacity`");
        }
        if let Some(latency) = link.latency.filter(|&latency| latency > LONGEST_LATENCY) {
            let text = format!("a latency of {latency} is no link's, at most {LONGEST_LATENCY} can be");
            rules.rule(&format!("{path}.latency"), text);
        }
        if link.between[0] == link.between[1] {
            let text =
                format!("a link joins two routers, this one leads from `{0}` to `{0}`", link.between[0]);
            rules.rule(&format!("{path}.between"), text);
        }
        rules.failures(&format!("{path}.failures"), link.failures.as_ref());
        rules.outages(&format!("{path}.outages"), &link.outages);
        rules.upgrades(&format!("{path}.upgrades"), &link.upgrades);
    }
    for (path, site) in sound(&draft.sites) {
        if site.second_uplink.as_ref().is_some_and(|second| second.router == site.router) {
            let text = format!("a second way leads to another router than `{}`", site.router);
            rules.rule(&format!("{path}.second_uplink.router"), text);
        }
        rules.failures(&format!("{path}.uplink_failures"), site.uplink_failures.as_ref());
        rules.outages(&format!("{path}.uplink_outages"), &site.uplink_outages);
        rules.upgrades(&format!("{path}.uplink_upgrades"), &site.uplink_upgrades);
    }
    let start = draft.observation.as_ref().map(|observation| observation.start);
    for (path, transfer) in sound(&draft.transfers) {
        rules.transfer(path, transfer, start);
    }
}

struct Rules<'a> {
    tree: &'a Node,
    report: &'a mut Report,
}

impl Rules<'_> {
    fn rule(&mut self, path: &str, text: impl Into<String>) {
        self.report.rule(self.tree, path, text);
    }

    fn network(&mut self, network: &Network) {
        self.failures("network.failures", network.failures.as_ref());
        let thousandths = network.transfers.reverse_traffic * 1_000.0;
        if (thousandths - thousandths.round()).abs() > 1e-9 {
            self.rule(
                "network.transfers.reverse_traffic",
                "a whole number of thousandths is needed, as 0.05 is",
            );
        }
    }

    fn failures(&mut self, path: &str, failures: Option<&LinkFailures>) {
        let Some(LinkFailures { up, repair }) = failures else { return };
        check_amount(self.tree, &format!("{path}.up"), up, AboveZero::Required, self.report);
        check_amount(self.tree, &format!("{path}.repair"), repair, AboveZero::Required, self.report);
    }

    fn outages(&mut self, path: &str, outages: &[LinkOutage]) {
        for (index, outage) in outages.iter().enumerate() {
            self.times(&format!("{path}.{index}"), outage.times());
        }
    }

    fn times(&mut self, path: &str, times: Times) {
        if times.at >= DAY {
            let text = format!("{} after midnight is another day than the first", times.at);
            self.rule(&format!("{path}.at"), text);
        }
        let least = times.duration.max(SHORTEST_REPEAT);
        if times.repeat.is_some_and(|repeat| repeat < least) {
            self.rule(&format!("{path}.repeat"), format!("repeats after {least} at the earliest"));
        }
        if times.until.is_some_and(|until| until <= times.from) {
            let text = format!("the last day must lie after the first, {}", times.from);
            self.rule(&format!("{path}.until"), text);
        }
    }

    fn upgrades(&mut self, path: &str, upgrades: &[LinkUpgrade]) {
        for (index, upgrade) in upgrades.iter().enumerate() {
            if upgrades[..index].iter().any(|earlier| earlier.from == upgrade.from) {
                let text = format!("two capacities from {} on", upgrade.from);
                self.rule(&format!("{path}.{index}.from"), text);
            }
        }
    }

    fn transfer(&mut self, path: &str, transfer: &Transfer, start: Option<Date>) {
        if transfer.from == transfer.to {
            let text =
                format!("a transfer joins two places, this one leads from `{0}` to `{0}`", transfer.from);
            self.rule(&format!("{path}.to"), text);
        }
        if let Some(from) = transfer.start.or(start) {
            let (at, repeat, until) = (transfer.at, transfer.repeat, transfer.until);
            self.times(path, Times { from, at, duration: Span::STEP, repeat, until });
        }
    }
}
