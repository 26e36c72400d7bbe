//! Random changes of random networks: the filling that goes on from its last solution against one that is written from
//! the definition and begins anew each time. All rates and loads are equal to the last bit.

use super::slow::{self, Bundle};
use super::{RouteId, Sharing, Terms};
use crate::model::LinkId;
use crate::units::ByteRate;
use proptest::prelude::*;

/// A class: its links, those of its way back, its cap and weight.
#[derive(Debug, Clone)]
struct RandomClass {
    links: Vec<usize>,
    back: Vec<usize>,
    cap: Option<f64>,
    weight: u32,
}

#[derive(Debug, Clone)]
enum Change {
    Members(usize, u32),
    /// All flows of a class leave, and some come under another cap.
    Cap(usize, f64, u32),
    Capacity(usize, f64),
    /// Rates are asked for.
    Solve,
}

/// Few values and many ties, where a last bit decides which link is the tightest; or values without any.
fn rate() -> impl Strategy<Value = f64> {
    prop_oneof![(1_u32..7).prop_map(|units| f64::from(units) * 1e9), 1e8..1e10]
}

fn random_class(links: usize) -> impl Strategy<Value = RandomClass> {
    let path =
        move |least| proptest::sample::subsequence((0..links).collect::<Vec<_>>(), least..=links.min(4));
    (path(1), path(0), proptest::option::weighted(0.2, rate()), 1..4_u32)
        .prop_map(|(links, back, cap, weight)| RandomClass { links, back, cap, weight })
}

fn random_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => (0..40_usize, 0..3_u32).prop_map(|(class, members)| Change::Members(class, members)),
        1 => (0..40_usize, rate(), 0..3_u32).prop_map(|(class, cap, members)| Change::Cap(class, cap, members)),
        1 => (0..12_usize, prop_oneof![Just(0.0), rate()]).prop_map(|(link, rate)| Change::Capacity(link, rate)),
        6 => Just(Change::Solve),
    ]
}

fn random_network() -> impl Strategy<Value = (Vec<f64>, Vec<RandomClass>)> {
    (1..12_usize).prop_flat_map(|links| {
        (proptest::collection::vec(rate(), links), proptest::collection::vec(random_class(links), 1..40))
    })
}

fn ids(links: &[usize]) -> Vec<LinkId> {
    links.iter().map(|&link| LinkId(link as u32)).collect()
}

/// The network and what it is to be compared with.
struct Twins {
    sharing: Sharing,
    unit: f64,
    capacities: Vec<f64>,
    bundles: Vec<Bundle>,
}

impl Twins {
    fn new(capacities: Vec<f64>, classes: &[RandomClass], thousandths: u32) -> Self {
        let rates = capacities.iter().copied().map(ByteRate);
        let unit = if thousandths > 0 { 1_000.0 } else { 1.0 };
        let mut twins = Self {
            sharing: Sharing::with_reverse_traffic(rates, thousandths).always_goes_on(),
            unit,
            capacities,
            bundles: vec![],
        };
        for RandomClass { links, back, cap, weight } in classes {
            let terms = Terms { cap: cap.map(ByteRate), weight: *weight };
            twins.sharing.add_class(&ids(links), &ids(back), terms);
            let mut parts = vec![0.0; twins.capacities.len()];
            for &link in links {
                parts[link] += unit;
            }
            for &link in back {
                parts[link] += f64::from(thousandths);
            }
            let cap = cap.unwrap_or(f64::INFINITY);
            twins.bundles.push(Bundle { parts, members: 0.0, weight: (*weight).into(), cap });
        }
        twins
    }

    fn apply(&mut self, change: &Change) {
        match *change {
            Change::Members(class, members) => {
                let class = class % self.bundles.len();
                self.sharing.set_members(RouteId(class as u32), members);
                self.bundles[class].members = members.into();
            }
            Change::Cap(class, cap, members) => {
                let class = class % self.bundles.len();
                self.apply(&Change::Members(class, 0));
                self.sharing.set_cap(RouteId(class as u32), ByteRate(cap));
                self.bundles[class].cap = cap;
                self.apply(&Change::Members(class, members));
            }
            Change::Capacity(link, rate) => {
                let link = link % self.capacities.len();
                self.sharing.set_capacity(LinkId(link as u32), ByteRate(rate));
                self.capacities[link] = rate;
            }
            Change::Solve => self.compare(),
        }
    }

    fn compare(&mut self) {
        self.sharing.solve();
        let capacities: Vec<f64> = self.capacities.iter().map(|capacity| capacity * self.unit).collect();
        let (rates, loads) = slow::filling(&capacities, &self.bundles);
        for (class, rate) in rates.into_iter().enumerate() {
            let found = self.sharing.rate(RouteId(class as u32)).0;
            assert_eq!(found.to_bits(), rate.to_bits(), "class {class}: {found:e} for {rate:e}");
        }
        for (link, load) in loads.into_iter().enumerate() {
            let found = self.sharing.load(LinkId(link as u32)).0;
            assert_eq!(found.to_bits(), (load / self.unit).to_bits(), "link {link}: {found:e} for {load:e}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_solution_that_goes_on_is_a_full_one(
        (capacities, classes) in random_network(),
        thousandths in prop_oneof![Just(0_u32), Just(50)],
        mut changes in proptest::collection::vec(random_change(), 1..60),
    ) {
        changes.push(Change::Solve);
        let mut twins = Twins::new(capacities, &classes, thousandths);
        for change in &changes {
            twins.apply(change);
        }
        let rates = |sharing: &Sharing| -> Vec<u64> {
            (0..classes.len()).map(|class| sharing.rate(RouteId(class as u32)).0.to_bits()).collect()
        };
        let gone_on = rates(&twins.sharing);
        twins.sharing.solve_in_full();
        prop_assert_eq!(rates(&twins.sharing), gone_on);
    }
}

/// Two links of their own class each, and both with a third class: what changes on the wide link is not felt on the
/// narrow one, what changes on the narrow one is.
#[test]
fn rounds_before_a_change_stay() {
    let mut sharing = Sharing::new([ByteRate(10.0), ByteRate(90.0)]).always_goes_on();
    let narrow = sharing.add_class(&[LinkId(0)], &[], Terms::PLAIN);
    let wide = sharing.add_class(&[LinkId(1)], &[], Terms::PLAIN);
    let both = sharing.add_class(&[LinkId(0), LinkId(1)], &[], Terms::PLAIN);
    let rates = |sharing: &Sharing| [narrow, both, wide].map(|class| sharing.rate(class).0);
    for class in [narrow, wide, both] {
        sharing.set_members(class, 1);
    }
    sharing.solve();
    assert_eq!((rates(&sharing), sharing.rounds()), ([5.0, 5.0, 85.0], (2, 0)));
    sharing.set_members(wide, 5);
    sharing.solve();
    assert_eq!((rates(&sharing), sharing.rounds()), ([5.0, 5.0, 17.0], (2, 1)));
    sharing.solve();
    assert_eq!(sharing.rounds(), (2, 2));
    // At 85 flows the wide link is as tight as the narrow one, and behind it; at 100 it is before it.
    sharing.set_members(wide, 17);
    sharing.solve();
    assert_eq!((rates(&sharing), sharing.rounds()), ([5.0, 5.0, 5.0], (2, 1)));
    sharing.set_members(wide, 29);
    sharing.solve();
    assert_eq!((rates(&sharing), sharing.rounds()), ([7.0, 3.0, 3.0], (2, 0)));
    sharing.set_members(narrow, 2);
    sharing.solve();
    assert_eq!((rates(&sharing), sharing.rounds()), ([3.5, 3.0, 3.0], (2, 1)));
}
