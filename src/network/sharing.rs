//! Max-min fair sharing of links between classes of flows, by progressive filling.
//!
//! All flows of one class cross the same links on the same [`Terms`], so they have one rate (bytes per second). The
//! rates of all flows rise together, each in proportion to its weight; where a link is full, or a flow reaches its own
//! cap, the flows concerned stop (Bertsekas and Gallager, Data Networks, 6.5.2). The level at which a class is fixed is
//! the least of `(capacity - load) / open` over links, with `load` the rate given to fixed classes and `open` the weight
//! of the flows not fixed yet; its rate is that level times its weight, or its cap if that is less.
//!
//! A flow may also load the links of its way back with its acknowledgements, by a stated part of its rate
//! ([`Sharing::with_reverse_traffic`]); a link that it crosses both ways carries both.
//!
//! A full solution costs O(rounds x links in use + links of active classes), whatever the number of flows, and
//! [`Sharing::solve`] does again only the rounds in which a change can be felt; nothing is allocated once lists have
//! grown. Classes and links are visited in ascending order, so the rates depend on nothing but the present members, and
//! a part of the network that a change doesn't touch keeps its rates to the last bit.
//!
//! Refused (assertions): a negative or infinite capacity, a cap that is not positive, a weight of zero, a class with
//! neither links nor cap, a class that crosses a link twice.

use super::demand::Demand;
use super::filling::Filling;
use crate::model::LinkId;
use crate::units::ByteRate;

/// A route with an own cap: all transfers under one id have equal rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RouteId(pub u32);

impl RouteId {
    /// The position of this id, in the order of adding.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// On what terms the flows of a class are served.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// The most that each flow gets: a window over a round trip, a limit of streams, or a link that bounds each flow but
    /// is not shared (SimGrid's `fatpipe`).
    pub cap: Option<ByteRate>,
    /// Where flows share a link, each gets a rate in proportion to its weight; at least 1.
    pub weight: u32,
}

impl Terms {
    /// Weight 1 and no cap.
    pub const PLAIN: Self = Self { cap: None, weight: 1 };

    /// Weight 1, and a cap if there is one.
    pub fn capped(cap: Option<ByteRate>) -> Self {
        Self { cap, ..Self::PLAIN }
    }
}

/// The links, the classes, and their max-min fair rates.
///
/// ```
/// use pleiade::model::LinkId;
/// use pleiade::network::{Sharing, Terms};
/// use pleiade::units::ByteRate;
/// let mut sharing = Sharing::new([ByteRate(10.0), ByteRate(4.0)]);
/// let wide = sharing.add_class(&[LinkId(0)], &[], Terms::PLAIN);
/// let both = sharing.add_class(&[LinkId(0), LinkId(1)], &[], Terms::PLAIN);
/// sharing.set_members(wide, 2);
/// sharing.set_members(both, 2);
/// sharing.solve();
/// assert_eq!((sharing.rate(wide), sharing.rate(both)), (ByteRate(3.0), ByteRate(2.0)));
/// ```
#[derive(Debug, Clone)]
pub struct Sharing {
    demand: Demand,
    filling: Filling,
}

impl Sharing {
    /// Links of these capacities, numbered from 0, and no class.
    pub fn new(capacities: impl IntoIterator<Item = ByteRate>) -> Self {
        Self::with_reverse_traffic(capacities, 0)
    }

    /// As [`Sharing::new`], with every flow loading its way back by so many thousandths of its rate: 50 in SimGrid's
    /// model LV08 (`network/crosstraffic`).
    pub fn with_reverse_traffic(capacities: impl IntoIterator<Item = ByteRate>, thousandths: u32) -> Self {
        let capacities: Vec<f64> = capacities.into_iter().map(checked).collect();
        let mut demand = Demand::new(capacities.len());
        if thousandths > 0 {
            (demand.unit, demand.reverse_parts) = (1_000.0, thousandths as f32);
        }
        Self {
            filling: Filling::new(capacities.into_iter().map(|capacity| capacity * f64::from(demand.unit))),
            demand,
        }
    }

    /// Adds a class without members: its links, those of its way back, which matter only with reverse traffic, and its
    /// terms.
    pub fn add_class(&mut self, links: &[LinkId], back: &[LinkId], terms: Terms) -> RouteId {
        let index = self.demand.add_class(links, back, terms);
        self.filling.add_class();
        RouteId(u32::try_from(index).expect("fewer than 2^32 routes"))
    }

    /// Sets the number of flows of a class. Rates stay as they are until [`Sharing::solve`].
    pub fn set_members(&mut self, class: RouteId, members: u32) {
        self.demand.set_members(class.index(), members);
    }

    /// Sets the cap of each flow of a class that has no members.
    pub fn set_cap(&mut self, class: RouteId, cap: ByteRate) {
        self.demand.set_cap(class.index(), cap.0);
    }

    /// Sets the capacity of a link; zero makes its flows stand still.
    pub fn set_capacity(&mut self, link: LinkId, capacity: ByteRate) {
        self.filling.set_capacity(link.index(), checked(capacity) * f64::from(self.demand.unit));
        self.demand.note_link(link.index());
    }

    /// Computes all rates and loads for the present members, caps and capacities, beginning where the last solution can
    /// differ from them.
    ///
    /// # Panics
    /// If a link were loaded above its capacity by more than rounding: a defect of this function.
    pub fn solve(&mut self) {
        self.filling.solve(&self.demand);
        self.demand.settle();
    }

    /// As [`Sharing::solve`], from the beginning: the same rates and loads, to the last bit.
    pub fn solve_in_full(&mut self) {
        self.filling.forget();
        self.solve();
    }

    /// Goes on from its last solution however few rounds that had.
    #[cfg(test)]
    pub(super) fn always_goes_on(mut self) -> Self {
        self.filling.few_rounds = 0;
        self
    }

    /// The rate of each flow of `class` from the last solution; zero for a class that had no members.
    pub fn rate(&self, class: RouteId) -> ByteRate {
        ByteRate(self.filling.rate(&self.demand, class.0))
    }

    /// The sum of rates on `link` from the last solution.
    pub fn load(&self, link: LinkId) -> ByteRate {
        ByteRate(self.filling.load(link.index()) / f64::from(self.demand.unit))
    }

    /// The links that had members at the last solution, and some that had none any more; ascending.
    pub(super) fn loaded(&self) -> &[u32] {
        self.filling.places()
    }

    /// Rounds of the last solution, and how many of them it kept.
    pub(super) fn rounds(&self) -> (usize, usize) {
        self.filling.rounds()
    }

    /// The classes that a round gave their rates, with these.
    pub(super) fn fixed_in(&self, round: usize) -> impl Iterator<Item = (u32, f64)> + '_ {
        self.filling.fixed_in(&self.demand, round)
    }

    /// Bytes that the links carry for each byte of a class: how many links it crosses, and its share of those back.
    pub(super) fn carried_per_byte(&self, class: RouteId) -> f64 {
        let hops = self.demand.hops(self.demand.class(class.0));
        hops.iter().map(|hop| f64::from(hop.parts)).sum::<f64>() / f64::from(self.demand.unit)
    }
}

fn checked(capacity: ByteRate) -> f64 {
    assert!(capacity.0 >= 0.0 && capacity.0.is_finite(), "a capacity is finite and not negative");
    capacity.0
}
