//! No run beats the bound where jobs read datasets that may not go everywhere and take long to come.

use super::case::{self, Asked, EACH, Network, Seen, job, machine, network};
use super::random::{ENDLESS, any_machine, any_network, jobs};
use pleiade::bound::keeps_bound;
use pleiade::model::{BrokerPolicy, CountryId, Dataset, DatasetHome, EventOrder, Residency, SiteId};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn any_dataset() -> impl Strategy<Value = Dataset> {
    let residency = select(vec![Residency::Free, Residency::Free, Residency::Union, Residency::Country]);
    let replicas = vec(any::<bool>(), 3);
    (1_000_u64..3_000_000, 0..EACH, option::weighted(0.3, 0_u32..3), residency, replicas).prop_map(
        |(size, country, home, residency, replicas)| {
            let (home, country) = match home {
                Some(site) => (DatasetHome::Site(SiteId(site)), site % EACH),
                None => (DatasetHome::Country(CountryId(country)), country),
            };
            let replicas = (0..).map(SiteId).zip(replicas).filter(|(_, is_there)| *is_there);
            let replicas = replicas.map(|(site, _)| site).collect();
            Dataset { home, country: CountryId(country), residency, replicas, ..case::dataset(size, 0) }
        },
    )
}

/// Networks of three sites with datasets, and jobs most of which read them.
fn with_datasets() -> impl Strategy<Value = (Network, Vec<Asked>)> {
    let uplink = prop_oneof![Just(1e16), 1e3_f64..1e5];
    let rooms = vec(option::of(0_u64..3_000_000), 3);
    let data = (vec(any_dataset(), 1..5), uplink, rooms, vec(any_machine(), 3), any::<bool>());
    let reads = vec(option::weighted(0.7, any::<prop::sample::Index>()), 25);
    (any_network(), data, jobs(), reads).prop_map(
        |(mut network, (datasets, uplink, rooms, others, no_warm_up), mut jobs, reads)| {
            // Where every machine is plain, its policies may allow no other.
            if network.machines.iter().any(|machine| machine.guest.is_some()) {
                network.machines.extend(others);
            }
            while network.machines.len() < 3 {
                network.machines.push(network.machines[0].clone());
            }
            network.machines.truncate(3);
            for (machine, room) in network.machines.iter_mut().zip(rooms) {
                machine.room = room;
                if network.event_order == EventOrder::SubmissionsFirst {
                    machine.partition.calendar.clear();
                }
            }
            if no_warm_up {
                network.window.0 = 0;
            }
            for (job, read) in jobs.iter_mut().zip(reads) {
                job.dataset = read.map(|read| read.index(datasets.len()) as u32);
            }
            (network.datasets, network.uplink) = (datasets, uplink);
            (network, jobs)
        },
    )
}

/// Networks in which nothing but first copies over thin links keeps anybody, for about as long as is observed; the jobs
/// come while they come, in part before the window.
fn waiting_for_copies() -> impl Strategy<Value = (Network, Vec<Asked>)> {
    let data =
        (vec(any_dataset(), 2..7), 1..=3_usize, select(vec![[1.0, 1e9, 1e9], [1e9, 1.0, 1.0], [1.0; 3]]));
    let times = (1e4_f64..1e5, 0.6_f64..1.8, prop_oneof![Just(0.0), 0.2_f64..0.9]);
    let read = (0_u32..6, 0.0_f64..1.0, 1_u64..5, 1_u32..4, 0..EACH);
    let broker = select(vec![
        BrokerPolicy::Home { overflow_wait: None },
        BrokerPolicy::LeastCompletion,
        BrokerPolicy::Random,
    ]);
    let spread = select(vec![0.0, 0.3, 1.0]);
    (data, times, (vec(read, 5..40), spread, any::<bool>()), broker).prop_map(
        |((mut datasets, sites, thin), (rate, length, warm_up), (jobs, spread, replicas), broker)| {
            for dataset in &mut datasets {
                if !replicas {
                    dataset.replicas.clear();
                }
                if matches!(dataset.home, DatasetHome::Site(site) if site.index() >= sites) {
                    dataset.home = DatasetHome::Country(dataset.country);
                }
            }
            let all: u64 = datasets.iter().map(|dataset| dataset.size.0).sum();
            let last = all as f64 / rate * length;
            let mut network = network(vec![machine(ENDLESS, 1.0); sites], last as u64 + 6);
            network.window.0 = (last * warm_up) as u64;
            let [uplink, first, second] = thin.map(|times: f64| rate * times);
            (network.uplink, network.access, network.broker) = (uplink, [first, second], broker);
            let read = |(read, at, run, accelerators, country)| Asked {
                at: (at * spread * last) as u64,
                dataset: Some(read % datasets.len() as u32),
                country,
                ..job(accelerators, run)
            };
            let jobs = jobs.into_iter().map(read).collect();
            network.datasets = datasets;
            (network, jobs)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Datasets that may not go everywhere, over thin links, into storages that may be too small.
    #[test]
    fn no_run_beats_the_bound_with_datasets((network, jobs) in with_datasets()) {
        let Seen { done_h, bound_h, .. } = network.run(&jobs);
        prop_assert!(keeps_bound(done_h, bound_h), "{done_h} h over {bound_h} h");
    }

    #[test]
    fn no_run_beats_the_bound_where_copies_take_long((network, jobs) in waiting_for_copies()) {
        let Seen { done_h, bound_h, .. } = network.run(&jobs);
        prop_assert!(keeps_bound(done_h, bound_h), "{done_h} h over {bound_h} h");
    }
}
