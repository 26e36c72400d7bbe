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
//! One solution costs O(rounds x (links in use + classes / 64) + links of active classes), whatever the number of
//! flows; it allocates nothing. Classes and links are visited in ascending order, so the rates depend on nothing but
//! the present members, and a part of the network that a change doesn't touch keeps its rates to the last bit.
//!
//! Refused (assertions): a negative or infinite capacity, a cap that is not positive, a weight of zero, a class with
//! neither links nor cap, a class that crosses a link twice.

use super::bits::Bits;
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

/// How far above its capacity, relatively, a link may be loaded by rounding. A load is a sum of at most some 1e4 terms,
/// each off by 2^-52: 1e-9 leaves room for three more orders of magnitude.
const CAPACITY_SLACK: f64 = 1e-9;

/// How many shares are compared side by side.
const LANES: usize = 8;

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

/// A link that a class crosses.
#[derive(Debug, Clone, Copy)]
struct Hop {
    link: u32,
    /// Parts of a flow's rate that the link carries, of `unit` parts.
    parts: f64,
}

#[derive(Debug, Clone)]
struct Class {
    /// Where its links start and end in `paths`.
    path: (usize, usize),
    /// Flows.
    members: f64,
    weight: f64,
    /// Bytes per second of each flow; infinite where there is none.
    cap: f64,
    /// The level at which its flows reach their cap.
    cap_level: f64,
    /// Bytes per second of each flow, from the last solution.
    rate: f64,
}

/// A link while it is filled. The counts are whole numbers in f64, exact up to 2^53.
#[derive(Debug, Clone)]
struct Filling {
    /// In parts, as all that follows.
    capacity: f64,
    /// Weight of the flows on it.
    members: f64,
    /// Weight of the flows on it without a rate yet.
    open: f64,
    /// Rate given so far.
    load: f64,
    /// Its place among the links in use, in `shares`.
    place: usize,
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
    links: Vec<Filling>,
    classes: Vec<Class>,
    /// The links of all classes, one class after another.
    paths: Vec<Hop>,
    /// Into how many parts a rate is divided, so that what reverse traffic takes is a whole number of them.
    unit: f64,
    /// The parts of a flow's rate that its way back carries.
    reverse_parts: f64,
    /// By link: the classes that cross it, active or not.
    crossing: Vec<Bits>,
    /// Classes with members.
    active: Bits,
    /// Active classes with a cap, by (level of the cap, class).
    capped: Vec<u32>,
    /// Links with members.
    in_use: Bits,
    /// Links with members at the last solution: only these have a load.
    loaded: Vec<u32>,
    /// Scratch: active classes without a rate yet.
    unfixed: Bits,
    /// Scratch: links whose share has to be computed again.
    stale: Bits,
    /// Scratch: by place in `loaded`, what each open flow of the link would get by unit of weight:
    /// `(capacity - load) / open`; infinite once no flow is open. Filled up to whole lanes with infinity.
    shares: Vec<f64>,
}

impl Sharing {
    /// Links of these capacities, numbered from 0, and no class.
    pub fn new(capacities: impl IntoIterator<Item = ByteRate>) -> Self {
        let fill = |rate| Filling { capacity: checked(rate), members: 0.0, open: 0.0, load: 0.0, place: 0 };
        let links: Vec<Filling> = capacities.into_iter().map(fill).collect();
        let mut in_use = Bits::default();
        in_use.grow(links.len());
        Self {
            crossing: vec![Bits::default(); links.len()],
            shares: Vec::with_capacity(links.len() + LANES),
            loaded: Vec::with_capacity(links.len()),
            stale: in_use.clone(),
            in_use,
            links,
            classes: Vec::new(),
            paths: Vec::new(),
            unit: 1.0,
            reverse_parts: 0.0,
            active: Bits::default(),
            unfixed: Bits::default(),
            capped: Vec::new(),
        }
    }

    /// As [`Sharing::new`], with every flow loading its way back by so many thousandths of its rate: 50 in SimGrid's
    /// model LV08 (`network/crosstraffic`).
    pub fn with_reverse_traffic(capacities: impl IntoIterator<Item = ByteRate>, thousandths: u32) -> Self {
        let mut sharing = Self::new(capacities);
        (sharing.unit, sharing.reverse_parts) = (1_000.0, thousandths.into());
        for link in &mut sharing.links {
            link.capacity *= sharing.unit;
        }
        sharing
    }

    /// Adds a class without members: its links, those of its way back, which matter only with reverse traffic, and its
    /// terms.
    pub fn add_class(&mut self, links: &[LinkId], back: &[LinkId], terms: Terms) -> RouteId {
        let index = self.classes.len();
        let id = RouteId(u32::try_from(index).expect("fewer than 2^32 routes"));
        let cap = terms.cap.map_or(f64::INFINITY, |cap| cap.0);
        assert!(cap > 0.0, "the cap of a flow is positive");
        assert!(terms.weight > 0, "the weight of a flow is positive");
        assert!(!links.is_empty() || cap.is_finite(), "a route without links has a cap");
        for bits in self.crossing.iter_mut().chain([&mut self.active, &mut self.unfixed]) {
            bits.grow(index + 1);
        }
        let start = self.paths.len();
        for link in links {
            assert!(!self.crossing[link.index()].contains(index), "a route crosses a link once");
            self.crossing[link.index()].insert(index);
            self.paths.push(Hop { link: link.0, parts: self.unit });
        }
        if self.reverse_parts > 0.0 {
            self.load_way_back(index, start, back);
        }
        let (path, weight) = ((start, self.paths.len()), f64::from(terms.weight));
        self.classes.push(Class { path, members: 0.0, weight, cap, cap_level: cap / weight, rate: 0.0 });
        self.capped.reserve(self.classes.len());
        id
    }

    fn load_way_back(&mut self, class: usize, start: usize, back: &[LinkId]) {
        for link in back {
            if let Some(hop) = self.paths[start..].iter_mut().find(|hop| hop.link == link.0) {
                hop.parts += self.reverse_parts;
            } else {
                self.crossing[link.index()].insert(class);
                self.paths.push(Hop { link: link.0, parts: self.reverse_parts });
            }
        }
    }

    /// Sets the number of flows of a class. Rates stay as they are until [`Sharing::solve`].
    pub fn set_members(&mut self, class: RouteId, members: u32) {
        let index = class.index();
        let class = &mut self.classes[index];
        let (before, after) = (class.members, f64::from(members));
        class.members = after;
        let (path, change) = (class.path, (after - before) * class.weight);
        for &Hop { link, parts } in &self.paths[path.0..path.1] {
            let link = link as usize;
            self.links[link].members += change * parts;
            if self.links[link].members > 0.0 {
                self.in_use.insert(link);
            } else {
                self.in_use.remove(link);
            }
        }
        match (before > 0.0, after > 0.0) {
            (false, true) => self.activate(index),
            (true, false) => self.deactivate(index),
            _ => {}
        }
    }

    /// Sets the cap of each flow of a class that has no members.
    pub fn set_cap(&mut self, class: RouteId, cap: ByteRate) {
        let class = &mut self.classes[class.index()];
        assert!(cap.0 > 0.0, "the cap of a flow is positive");
        assert!(class.members <= 0.0, "a cap changes while nobody is served by it");
        (class.cap, class.cap_level) = (cap.0, cap.0 / class.weight);
    }

    /// Sets the capacity of a link; zero makes its flows stand still.
    pub fn set_capacity(&mut self, link: LinkId, capacity: ByteRate) {
        self.links[link.index()].capacity = checked(capacity) * self.unit;
    }

    /// Computes all rates and loads for the present members, caps and capacities.
    ///
    /// # Panics
    /// If a link were loaded above its capacity by more than rounding: a defect of this function.
    pub fn solve(&mut self) {
        self.empty_links();
        self.unfixed.copy_from(&self.active);
        let mut next_capped = 0;
        loop {
            let tightest = self.tightest();
            let level = tightest.map_or(f64::INFINITY, |place| self.shares[place]);
            // Giving a flow less than the level only raises the shares of links, so every cap up to it binds.
            if self.fix_capped(&mut next_capped, level) == 0 {
                let Some(place) = tightest else { break };
                self.fix_crossing(self.loaded[place] as usize, level);
            }
            self.refresh_shares();
        }
        for &link in &self.loaded {
            let Filling { capacity, load, .. } = self.links[link as usize];
            assert!(load <= capacity * (1.0 + CAPACITY_SLACK), "no link carries more than its capacity");
        }
    }

    /// The rate of each flow of `class` from the last solution; meaningless for a class that had no members.
    pub fn rate(&self, class: RouteId) -> ByteRate {
        ByteRate(self.classes[class.index()].rate)
    }

    /// The sum of rates on `link` from the last solution.
    pub fn load(&self, link: LinkId) -> ByteRate {
        ByteRate(self.links[link.index()].load / self.unit)
    }

    /// The classes that have members, ascending.
    pub fn active(&self) -> impl Iterator<Item = RouteId> + '_ {
        self.active.iter().map(|index| RouteId(index as u32))
    }

    /// The links that had members at the last solution, ascending.
    pub(super) fn loaded(&self) -> &[u32] {
        &self.loaded
    }

    /// Bytes that the links carry for each byte of a class: how many links it crosses, and its share of those back.
    pub(super) fn carried_per_byte(&self, class: RouteId) -> f64 {
        let (start, end) = self.classes[class.index()].path;
        self.paths[start..end].iter().map(|hop| hop.parts).sum::<f64>() / self.unit
    }

    fn activate(&mut self, index: usize) {
        self.active.insert(index);
        if self.classes[index].cap.is_finite() {
            let place = self.place_by_cap(index).expect_err("a class becomes active once");
            self.capped.insert(place, index as u32);
        }
    }

    fn deactivate(&mut self, index: usize) {
        self.active.remove(index);
        if self.classes[index].cap.is_finite() {
            let place = self.place_by_cap(index).expect("an active class with a cap is listed");
            self.capped.remove(place);
        }
    }

    fn place_by_cap(&self, index: usize) -> Result<usize, usize> {
        let level = |class: usize| self.classes[class].cap_level;
        self.capped.binary_search_by(|&other| {
            let other = other as usize;
            level(other).total_cmp(&level(index)).then(other.cmp(&index))
        })
    }

    /// Takes the loads of the last solution off, and starts all links with members afresh.
    fn empty_links(&mut self) {
        for link in self.loaded.drain(..) {
            self.links[link as usize].load = 0.0;
        }
        self.loaded.extend(self.in_use.iter().map(|link| link as u32));
        self.shares.clear();
        for &link in &self.loaded {
            let link = &mut self.links[link as usize];
            (link.open, link.place) = (link.members, self.shares.len());
            self.shares.push(link.capacity / link.open);
        }
        self.shares.resize(self.shares.len().next_multiple_of(LANES), f64::INFINITY);
    }

    /// The place of the least share, the first of equals; none when no flow is open on any link.
    fn tightest(&self) -> Option<usize> {
        let mut least = [f64::INFINITY; LANES];
        for shares in self.shares.chunks_exact(LANES) {
            for (least, &share) in least.iter_mut().zip(shares) {
                *least = if share < *least { share } else { *least };
            }
        }
        let least = least.into_iter().fold(f64::INFINITY, f64::min);
        self.shares.iter().position(|&share| share <= least && share < f64::INFINITY)
    }

    /// Fixes classes whose cap is at most `level`, from the cursor on; returns how many.
    fn fix_capped(&mut self, cursor: &mut usize, level: f64) -> u32 {
        let mut fixed = 0;
        while let Some(&class) = self.capped.get(*cursor) {
            let class = class as usize;
            let Class { cap, cap_level, .. } = self.classes[class];
            if cap_level > level {
                break;
            }
            *cursor += 1;
            if self.unfixed.contains(class) {
                self.unfixed.remove(class);
                self.fix(class, cap);
                fixed += 1;
            }
        }
        fixed
    }

    /// Fixes all open classes on a full link.
    fn fix_crossing(&mut self, link: usize, level: f64) {
        for word in 0..self.unfixed.words() {
            for class in self.unfixed.take_common(&self.crossing[link], word) {
                self.fix(class, level * self.classes[class].weight);
            }
        }
    }

    fn fix(&mut self, class: usize, rate: f64) {
        let class = &mut self.classes[class];
        class.rate = rate;
        let (open, load, path) = (class.members * class.weight, class.members * rate, class.path);
        for &Hop { link, parts } in &self.paths[path.0..path.1] {
            let link = link as usize;
            self.stale.insert(link);
            let link = &mut self.links[link];
            link.open -= open * parts;
            link.load += load * parts;
        }
    }

    fn refresh_shares(&mut self) {
        for word in 0..self.stale.words() {
            for link in self.stale.take(word) {
                let Filling { capacity, load, open, place, .. } = self.links[link];
                // Rounding may load a link above its capacity by a last bit: never a negative share.
                self.shares[place] =
                    if open > 0.0 { (capacity - load).max(0.0) / open } else { f64::INFINITY };
            }
        }
    }
}

fn checked(capacity: ByteRate) -> f64 {
    assert!(capacity.0 >= 0.0 && capacity.0.is_finite(), "a capacity is finite and not negative");
    capacity.0
}
