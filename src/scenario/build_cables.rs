//! From what the scenario says of a link's failures, outages and upgrades to a cable, and its transfers by plan.

use super::amount::distribution;
use super::blocks::Times;
use super::build::sorted;
use super::build_network::Network;
use super::format::ScenarioFile;
use super::network_format::{self, LinkFailures, LinkOutage, LinkUpgrade, Transfer};
use crate::model::{
    Cable, Country, CountryId, Failures, IdVec, LinkId, NetworkRules, NodeId, OnFailure, Routing,
    ScheduledTransfer, Site, SiteId, TransferModel,
};
use crate::units::{Calendar, Span, Time};

/// How a link changes.
pub(super) struct Changes<'a> {
    pub(super) failures: Option<&'a LinkFailures>,
    pub(super) outages: &'a [LinkOutage],
    pub(super) upgrades: &'a [LinkUpgrade],
}

impl Changes<'_> {
    /// The cable that changes so, without its name and links.
    pub(super) fn cable(&self, calendar: Calendar, end: Time) -> Cable {
        let checked = "distributions are checked before the system is built";
        let failures = self.failures.map(|LinkFailures { up, repair }| Failures {
            up_s: distribution(up).expect(checked),
            repair_s: distribution(repair).expect(checked),
        });
        let mut outages: Vec<(Time, Time)> =
            self.outages.iter().flat_map(|outage| outage.times().within(calendar, end)).collect();
        outages.sort_unstable();
        outages.dedup_by(|later, earlier| {
            let touches = later.0 <= earlier.1;
            if touches {
                earlier.1 = earlier.1.max(later.1);
            }
            touches
        });
        let mut upgrades: Vec<_> =
            self.upgrades.iter().map(|upgrade| (calendar.time_of(upgrade.from), upgrade.capacity)).collect();
        upgrades.sort_by_key(|&(from, _)| from);
        Cable { key: String::new(), links: [LinkId(0); 2], failures, outages, upgrades }
    }
}

/// What holds for the whole network.
pub(super) fn network_rules(network: &network_format::Network) -> NetworkRules {
    let model = network.transfers;
    NetworkRules {
        routing: match network.routing {
            network_format::Routing::LeastLatency => Routing::LeastLatency,
            network_format::Routing::EqualPaths => Routing::EqualPaths(network.paths),
            network_format::Routing::KShortest => Routing::KShortest(network.paths),
        },
        reroute_delay: network.reroute_delay,
        on_failure: match network.on_failure {
            network_format::OnFailure::Resume => OnFailure::Resume,
            network_format::OnFailure::Restart => OnFailure::Restart,
        },
        transfers: TransferModel {
            efficiency: model.efficiency,
            start_up: model.start_up,
            window: model.window,
            reverse_traffic: (model.reverse_traffic * 1_000.0).round() as u32,
        },
        job_weight: network.job_weight,
    }
}

/// The transfers by plan, sorted by id.
pub(super) fn scheduled_transfers(
    file: &ScenarioFile,
    calendar: Calendar,
    network: &Network,
    (sites, countries): (&IdVec<SiteId, Site>, &IdVec<CountryId, Country>),
) -> Vec<ScheduledTransfer> {
    let site = |id: &str| sites.enumerate().find(|(_, site)| site.id == id);
    let node = |id: &str| -> NodeId {
        let at_site = site(id).map(|(_, site)| site.node);
        let in_country = || countries.iter().find(|country| country.id == id).map(|country| country.node);
        let at_router = || network.routers.get(id).copied();
        at_site.or_else(in_country).or_else(at_router).expect("places are checked before the system is built")
    };
    let scheduled = |transfer: &Transfer| {
        let times = Times {
            from: transfer.start.unwrap_or(file.observation.start),
            at: transfer.at,
            duration: Span::STEP,
            repeat: transfer.repeat,
            until: transfer.until,
        };
        let ends = [&transfer.from, &transfer.to];
        let starts = times.within(calendar, calendar.time_of(file.observation.end));
        ScheduledTransfer {
            id: transfer.id.clone(),
            ends: ends.map(|id| node(id)),
            sites: ends.iter().filter_map(|id| site(id).map(|(id, _)| id)).collect(),
            bytes: transfer.size,
            starts: starts.into_iter().map(|(start, _)| start).collect(),
            weight: transfer.weight,
        }
    };
    sorted(&file.transfer, |transfer| transfer.id.clone()).into_iter().map(scheduled).collect()
}
