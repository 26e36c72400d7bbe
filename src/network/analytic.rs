//! Cases with answers known by hand: the network cases of the validation collection, and the corners of the model.

use super::{PlannedTransfer, Route, Sharing, Terms, Transfers, drive};
use crate::model::LinkId;
use crate::units::{ByteRate, Bytes, Span, Time};

fn links(ids: &[u32]) -> Vec<LinkId> {
    ids.iter().copied().map(LinkId).collect()
}

/// One class for each (links, cap) with so many members; the rates of their members.
fn rates(capacities: &[f64], classes: &[(&[u32], Option<f64>, u32)]) -> Vec<f64> {
    let mut sharing = Sharing::new(capacities.iter().copied().map(ByteRate));
    let ids: Vec<_> = classes
        .iter()
        .map(|(path, cap, _)| sharing.add_class(&links(path), &[], Terms::capped(cap.map(ByteRate))))
        .collect();
    for (&id, &(.., members)) in ids.iter().zip(classes) {
        sharing.set_members(id, members);
    }
    sharing.solve();
    ids.into_iter().map(|id| sharing.rate(id).0).collect()
}

fn check_rates(capacities: &[f64], flows: &[&[u32]], expected: &[f64]) {
    let classes: Vec<_> = flows.iter().map(|&path| (path, None, 1)).collect();
    check_close(&rates(capacities, &classes), expected);
}

/// The tolerance of the collection: 1e-12, some thousand roundings.
fn check_close(got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len());
    for (got, expected) in got.iter().zip(expected) {
        assert!((got - expected).abs() <= 1e-12 * expected, "{got} for {expected}");
    }
}

/// One link of this capacity in bytes per second.
fn one_link(capacity: f64) -> (Transfers<u32>, super::RouteId) {
    let mut network = Transfers::new([ByteRate(capacity)]);
    let route = network.add_route(&Route::along(links(&[0]), Span::ZERO), Terms::PLAIN);
    (network, route)
}

#[test]
fn n01_three_links_in_a_row() {
    check_rates(&[10.0; 3], &[&[0, 1, 2], &[0], &[1], &[2]], &[5.0; 4]);
}

#[test]
fn n02_three_levels() {
    let third = 1.0 / 3.0;
    check_rates(
        &[1.0, 1.0, 2.0],
        &[&[0, 1], &[0], &[1], &[1, 2], &[2]],
        &[third, 2.0 * third, third, third, 5.0 * third],
    );
}

#[test]
fn n03_two_links() {
    check_rates(&[10.0, 4.0], &[&[0, 1], &[0], &[1], &[0]], &[2.0, 4.0, 2.0, 4.0]);
}

#[test]
fn n04_own_caps() {
    let classes = [(&[0][..], Some(1.0), 1), (&[0], None, 1), (&[0], None, 1), (&[0], Some(4.0), 1)];
    check_close(&rates(&[10.0], &classes), &[1.0, 3.0, 3.0, 3.0]);
}

/// A flow of weight k counts as k flows: its rate is k times a member's.
#[test]
fn n05_weights_as_members() {
    let members = rates(&[12.0], &[(&[0], None, 1), (&[0], None, 2), (&[0], None, 3)]);
    check_close(&[members[0], 2.0 * members[1], 3.0 * members[2]], &[2.0, 4.0, 6.0]);
}

#[test]
fn n06_four_links() {
    check_rates(
        &[100.0, 40.0, 60.0, 30.0],
        &[&[0, 1], &[0, 2], &[1, 2], &[0], &[2, 3], &[3], &[1, 3]],
        &[15.0, 35.0, 15.0, 50.0, 10.0, 10.0, 10.0],
    );
}

/// 10 Gbit/s; 100 GB at 0 s, 50 GB at 20 s, 25 GB at 40 s.
#[test]
fn n07_finish_times() {
    let (mut network, route) = one_link(1.25e9);
    let plan = [(0, 100), (20, 50), (40, 25)].map(|(start, gigabytes)| PlannedTransfer {
        start: Time::from_seconds(start),
        route,
        bytes: Bytes(gigabytes * 1_000_000_000),
    });
    let finish = drive(&mut network, &plan);
    assert_eq!(finish, [140, 120, 100].map(Time::from_seconds));
}

#[test]
fn a_flow_without_links_runs_at_its_cap() {
    check_close(&rates(&[], &[(&[], Some(7.0), 3)]), &[7.0]);
}

#[test]
fn latency_is_paid_first_and_nothing_costs_latency_alone() {
    let mut network = Transfers::new([ByteRate(1e9)]);
    let far = network.add_route(&Route::along(links(&[0]), Span(3_000)), Terms::PLAIN);
    let near = network.add_route(&Route::along(links(&[0]), Span::ZERO), Terms::PLAIN);
    let plan = [(far, 500), (near, 4_000), (far, 0), (near, 0)].map(|(route, bytes)| PlannedTransfer {
        start: Time::ZERO,
        route,
        bytes: Bytes(bytes),
    });
    // Alone until 3,000 ns; then both at half rate: 500 B take 1,000 ns; the last 500 B take 500 ns.
    assert_eq!(drive(&mut network, &plan), [4_000, 4_500, 3_000, 0].map(Time));
    assert_eq!(network.in_flight(), 0);
}

#[test]
fn an_end_is_rounded_up_to_the_next_nanosecond() {
    let (mut network, route) = one_link(3e9);
    let plan = [1, 3, 10].map(|bytes| PlannedTransfer {
        start: Time::from_seconds(bytes),
        route,
        bytes: Bytes(bytes),
    });
    let spans = drive(&mut network, &plan).into_iter().zip(plan).map(|(end, p)| end.since(p.start).0);
    assert_eq!(spans.collect::<Vec<_>>(), [1, 1, 4]);
}

#[test]
fn ends_at_one_instant_come_in_the_order_of_starting() {
    let mut network = Transfers::new([ByteRate(1e9); 3]);
    let routes =
        [2, 0, 1].map(|link| network.add_route(&Route::along(links(&[link]), Span::ZERO), Terms::PLAIN));
    for (token, route) in [2, 0, 1, 0, 2, 1].into_iter().enumerate() {
        network.start(Time::ZERO, routes[route], Bytes(1_000), token);
    }
    let mut finished = Vec::new();
    assert_eq!(network.next_event(), Some(Time(2_000)));
    network.advance(Time(2_000), &mut finished);
    assert_eq!(finished, [0, 1, 2, 3, 4, 5]);
    assert_eq!(network.next_event(), None);
}

#[test]
fn a_link_without_capacity_holds_its_transfers() {
    let (mut network, route) = one_link(1e9);
    let mut finished = Vec::new();
    network.start(Time::ZERO, route, Bytes(4_000), 0);
    network.set_capacity(Time(1_000), LinkId(0), ByteRate(0.0));
    assert_eq!(network.next_event(), None);
    network.set_capacity(Time(9_000), LinkId(0), ByteRate(2e9));
    assert_eq!(network.next_event(), Some(Time(10_500)));
    network.advance(Time(10_500), &mut finished);
    assert_eq!(finished, [0]);
    check_close(&[network.carried(Time(20_000), LinkId(0))], &[4_000.0]);
}

/// The month bins of a simulation: a link's bytes between two readings.
#[test]
fn carried_bytes_are_the_integral_of_the_load() {
    let (mut network, route) = one_link(1e9);
    network.start(Time::from_seconds(1), route, Bytes(2_000_000_000), 0);
    let read =
        |network: &mut Transfers<u32>, seconds| network.carried(Time::from_seconds(seconds), LinkId(0));
    check_close(&[read(&mut network, 1), read(&mut network, 2)], &[0.0, 1e9]);
    network.advance(Time::from_seconds(3), &mut Vec::new());
    check_close(&[read(&mut network, 3), read(&mut network, 8)], &[2e9, 2e9]);
    assert!(network.ledger(Time::from_seconds(8)).relative_error() < 1e-15);
}

/// Two transfers of 1 TB always in flight: the class is never empty, its clock passes 2^40 B again and again, and
/// each takes 2 TB / 10 GB/s = 200 s, the first alone for half its length.
#[test]
fn a_class_that_is_never_empty_keeps_its_precision() {
    let (mut network, route) = one_link(1e10);
    let plan: Vec<_> = (0..200)
        .map(|k| PlannedTransfer {
            start: Time::from_seconds(100 * k),
            route,
            bytes: Bytes(if k == 0 { 1_500_000_000_000 } else { 1_000_000_000_000 }),
        })
        .collect();
    let finish = drive(&mut network, &plan);
    for (k, finish) in finish[..199].iter().enumerate() {
        let expected = Time::from_seconds(100 * k as u64 + 200);
        assert!(finish.since(expected).0 <= 1, "transfer {k} ends at {finish:?} for {expected:?}");
    }
    let ledger = network.ledger(Time::from_seconds(30_000));
    assert!(ledger.relative_error() < 1e-14 && ledger.injected == ledger.delivered, "{ledger:?}");
}

#[test]
#[should_panic(expected = "finished transfers are collected before time passes")]
fn an_end_that_was_not_collected_is_a_defect() {
    let (mut network, route) = one_link(1e9);
    network.start(Time::ZERO, route, Bytes(1_000), 0);
    network.start(Time(1_001), route, Bytes(1_000), 1);
}

#[test]
#[should_panic(expected = "a route crosses a link once")]
fn a_route_with_a_circle_is_refused() {
    Sharing::new([ByteRate(1.0); 2]).add_class(&links(&[0, 1, 0]), &[], Terms::PLAIN);
}

/// N05 again, by weights as the scenario has them.
#[test]
fn n05_weights() {
    let mut sharing = Sharing::new([ByteRate(12.0)]);
    let ids = [1, 2, 3].map(|weight| sharing.add_class(&links(&[0]), &[], Terms { cap: None, weight }));
    for &id in &ids {
        sharing.set_members(id, 1);
    }
    sharing.solve();
    check_close(&ids.map(|id| sharing.rate(id).0), &[2.0, 4.0, 6.0]);
}

/// SimGrid's anchor of its model LV08: 100 kB over one link of 1 Mbit/s and 10 ms. Latency counts 13.01 times, the
/// bandwidth 0.97 times, and with reverse traffic the same link carries the answers, 5 % of the rate.
#[test]
fn n08_lv08() {
    let link = [ByteRate(125_000.0 * 0.97)];
    for (thousandths, expected) in [(0, 0.954_842), (50, 0.996_079)] {
        let mut network = Transfers::with_reverse_traffic(link, thousandths);
        let route = Route { links: links(&[0]), latency: Span(130_100_000), back: links(&[0]) };
        let route = network.add_route(&route, Terms::PLAIN);
        let plan = [PlannedTransfer { start: Time::ZERO, route, bytes: Bytes(100_000) }];
        let end = drive(&mut network, &plan)[0];
        assert!((end.as_seconds() - expected).abs() < 1e-6, "{end:?} for {expected} s");
        assert!(network.ledger(end).relative_error() < 1e-12);
    }
}

/// A fibre is cut at 2 s and mended at 10 s; the transfer takes the other way from 5 s on, at half the rate.
#[test]
fn a_transfer_takes_another_way_with_what_is_left() {
    let mut network = Transfers::new([ByteRate(1e9), ByteRate(5e8)]);
    let [first, second] =
        [0, 1].map(|link| network.add_route(&Route::along(links(&[link]), Span::ZERO), Terms::PLAIN));
    network.start(Time::ZERO, first, Bytes(4_000_000_000), 0);
    network.set_capacity(Time::from_seconds(2), LinkId(0), ByteRate(0.0));
    network.reroute(Time::from_seconds(5), first, second);
    assert_eq!(network.next_event(), Some(Time::from_seconds(9)));
    assert!(network.ledger(Time::from_seconds(8)).relative_error() < 1e-15);
}

/// What begins again has sent in vain what it had sent, and what is called off too.
#[test]
fn lost_bytes_are_counted() {
    let (mut network, route) = one_link(1e9);
    network.start(Time::ZERO, route, Bytes(4_000_000_000), 0);
    network.restart(Time::from_seconds(3), route);
    assert_eq!(network.next_event(), Some(Time::from_seconds(7)));
    assert!(network.cancel(Time::from_seconds(5), route, 0));
    assert!(!network.cancel(Time::from_seconds(5), route, 0));
    let ledger = network.ledger(Time::from_seconds(6));
    check_close(&[ledger.lost, ledger.served], &[5e9, 5e9]);
    assert_eq!((ledger.cancelled, ledger.delivered, network.in_flight()), (4_000_000_000, 0, 0));
    assert!(ledger.relative_error() < 1e-15);
}
