//! What is asked of the links: the classes of flows, their members, and what has changed since rates were computed.
//!
//! Weights and members are whole numbers in f64, exact up to 2^53. What a link carries is counted in parts, of which a
//! flow's rate has `unit`, so that its reverse traffic is a whole number of them.

use super::sharing::Terms;
use crate::model::LinkId;

/// A link that a class crosses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hop {
    pub(super) link: u32,
    /// Parts of a flow's rate that the link carries, of `unit` parts: a whole number below 2^24.
    pub(super) parts: f32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Class {
    /// Flows.
    pub(super) members: f64,
    pub(super) weight: f64,
    /// Where its links start and end in `paths`.
    path: (u32, u32),
}

/// Where a class stops by itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cap {
    /// Bytes per second of each flow; infinite where there is no cap.
    pub(super) rate: f64,
    /// The level at which its flows reach it.
    pub(super) level: f64,
}

/// Numbers that were noted once, in the order of noting.
#[derive(Debug, Clone, Default)]
struct Noted {
    list: Vec<u32>,
    is_noted: Vec<bool>,
}

impl Noted {
    /// Makes room for one more number.
    fn grow(&mut self) {
        self.is_noted.push(false);
        self.list.reserve(self.is_noted.len() - self.list.len());
    }

    fn note(&mut self, index: usize) {
        if !std::mem::replace(&mut self.is_noted[index], true) {
            self.list.push(index as u32);
        }
    }

    fn forget(&mut self) {
        for index in self.list.drain(..) {
            self.is_noted[index as usize] = false;
        }
    }
}

/// The classes, who is in them, and the links they load.
#[derive(Debug, Clone)]
pub(super) struct Demand {
    classes: Vec<Class>,
    caps: Vec<Cap>,
    /// The links of all classes, one class after another.
    paths: Vec<Hop>,
    /// Into how many parts a rate is divided.
    pub(super) unit: f32,
    /// The parts of a flow's rate that its way back carries.
    pub(super) reverse_parts: f32,
    /// By link: the weight of the flows on it, in parts.
    weights: Vec<f64>,
    /// By link: how many classes cross it, with members or without.
    crossing: Vec<usize>,
    /// By link: the classes with members that cross it, ascending.
    active: Vec<Vec<u32>>,
    /// Classes with members and a cap, by (level of the cap, class).
    capped: Vec<u32>,
    changed_classes: Noted,
    changed_links: Noted,
}

impl Demand {
    /// So many links, and no class.
    pub(super) fn new(links: usize) -> Self {
        let mut changed_links = Noted::default();
        (0..links).for_each(|_| changed_links.grow());
        Self {
            classes: Vec::new(),
            caps: Vec::new(),
            paths: Vec::new(),
            unit: 1.0,
            reverse_parts: 0.0,
            weights: vec![0.0; links],
            crossing: vec![0; links],
            active: vec![Vec::new(); links],
            capped: Vec::new(),
            changed_classes: Noted::default(),
            changed_links,
        }
    }

    /// Adds a class without members; gives its number.
    pub(super) fn add_class(&mut self, links: &[LinkId], back: &[LinkId], terms: Terms) -> usize {
        let rate = terms.cap.map_or(f64::INFINITY, |cap| cap.0);
        assert!(rate > 0.0, "the cap of a flow is positive");
        assert!(terms.weight > 0, "the weight of a flow is positive");
        assert!(!links.is_empty() || rate.is_finite(), "a route without links has a cap");
        let start = self.paths.len();
        for link in links {
            assert!(self.hop_at(start, *link).is_none(), "a route crosses a link once");
            self.add_hop(*link, self.unit);
        }
        if self.reverse_parts > 0.0 {
            self.load_way_back(start, back);
        }
        let weight = f64::from(terms.weight);
        self.caps.push(Cap { rate, level: rate / weight });
        self.classes.push(Class { members: 0.0, weight, path: (start as u32, self.paths.len() as u32) });
        self.capped.reserve(self.classes.len() - self.capped.len());
        self.changed_classes.grow();
        self.classes.len() - 1
    }

    fn load_way_back(&mut self, start: usize, back: &[LinkId]) {
        let parts = self.reverse_parts;
        for &link in back {
            match self.hop_at(start, link) {
                Some(hop) => hop.parts += parts,
                None => self.add_hop(link, parts),
            }
        }
    }

    fn hop_at(&mut self, start: usize, link: LinkId) -> Option<&mut Hop> {
        self.paths[start..].iter_mut().find(|hop| hop.link == link.0)
    }

    fn add_hop(&mut self, link: LinkId, parts: f32) {
        self.paths.push(Hop { link: link.0, parts });
        let index = link.index();
        self.crossing[index] += 1;
        let room = self.crossing[index] - self.active[index].len();
        self.active[index].reserve(room);
    }

    /// Sets the number of flows of a class.
    pub(super) fn set_members(&mut self, index: usize, members: u32) {
        let class = &mut self.classes[index];
        let before = std::mem::replace(&mut class.members, members.into());
        let (after, change) = (class.members, (class.members - before) * class.weight);
        self.changed_classes.note(index);
        let (start, end) = class.path;
        for &Hop { link, parts } in &self.paths[start as usize..end as usize] {
            let link = link as usize;
            self.changed_links.note(link);
            self.weights[link] += change * f64::from(parts);
            if (before > 0.0) != (after > 0.0) {
                toggle(&mut self.active[link], index as u32, u32::cmp);
            }
        }
        if (before > 0.0) != (after > 0.0) && self.caps[index].level.is_finite() {
            let caps = &self.caps;
            let level = |class: u32| caps[class as usize].level;
            toggle(&mut self.capped, index as u32, |a, b| level(*a).total_cmp(&level(*b)).then(a.cmp(b)));
        }
    }

    /// Sets the cap of each flow of a class that has no members.
    pub(super) fn set_cap(&mut self, index: usize, rate: f64) {
        assert!(rate > 0.0, "the cap of a flow is positive");
        let Class { members, weight, .. } = self.classes[index];
        assert!(members <= 0.0, "a cap changes while nobody is served by it");
        self.caps[index] = Cap { rate, level: rate / weight };
    }

    /// Says that the capacity of a link is another.
    pub(super) fn note_link(&mut self, link: usize) {
        self.changed_links.note(link);
    }

    /// Classes and links that have changed since [`Demand::settle`].
    pub(super) fn changed(&self) -> (&[u32], &[u32]) {
        (&self.changed_classes.list, &self.changed_links.list)
    }

    /// Whether the weight or the capacity of a link has changed.
    pub(super) fn is_changed(&self, link: usize) -> bool {
        self.changed_links.is_noted[link]
    }

    /// Rates have been computed for all changes.
    pub(super) fn settle(&mut self) {
        self.changed_classes.forget();
        self.changed_links.forget();
    }

    pub(super) fn class(&self, class: u32) -> Class {
        self.classes[class as usize]
    }

    pub(super) fn cap(&self, class: u32) -> Cap {
        self.caps[class as usize]
    }

    pub(super) fn hops(&self, class: Class) -> &[Hop] {
        &self.paths[class.path.0 as usize..class.path.1 as usize]
    }

    /// By link: the weight of the flows on it, in parts.
    pub(super) fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The classes with members that cross a link, ascending.
    pub(super) fn active_on(&self, link: usize) -> &[u32] {
        &self.active[link]
    }

    /// Classes with members and a cap, by (level of the cap, class).
    pub(super) fn capped(&self) -> &[u32] {
        &self.capped
    }
}

/// Puts a number into a sorted list, or takes it out if it is there.
fn toggle(list: &mut Vec<u32>, number: u32, order: impl Fn(&u32, &u32) -> std::cmp::Ordering) {
    match list.binary_search_by(|other| order(other, &number)) {
        Ok(place) => {
            list.remove(place);
        }
        Err(place) => list.insert(place, number),
    }
}
