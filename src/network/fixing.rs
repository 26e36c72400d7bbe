//! The rounds of a filling: finding the tightest link, and giving classes their rates.

use super::demand::{Demand, Hop};
use super::filling::{BY_CAP, BY_LINK, Filling, LANES, Round};
use super::group::Portion;
use super::link::{Link, NONE};

impl Filling {
    /// All rounds from here on.
    pub(super) fn fill(&mut self, demand: &Demand) {
        loop {
            let (level, place) = self.tightest();
            let round = self.rounds.len() as u32;
            let (passed, by_cap) = (self.passed as u32, self.by_cap.len() as u32);
            self.rounds.push(Round { level, place, full: NONE, passed, by_cap });
            // Giving a flow less than the level only raises the shares of links, so every cap up to it binds.
            if self.fix_capped(demand, level) {
                self.former.part();
                continue;
            }
            if place == NONE {
                break;
            }
            let full = self.places[place as usize];
            self.rounds[round as usize].full = full;
            // A changed link may have other classes than it had.
            if !self.former.is_again(full, round) || demand.is_changed(full as usize) {
                self.gather(demand, full);
            }
            self.fix_group(full, level);
            self.round_of[(full + BY_LINK) as usize] = round;
        }
    }

    /// The least share, and its place, the first of equals; infinite when no flow is open on any link.
    fn tightest(&self) -> (f64, u32) {
        let mut least = [f64::INFINITY; LANES];
        for shares in self.shares.chunks_exact(LANES) {
            for (least, &share) in least.iter_mut().zip(shares) {
                *least = if share < *least { share } else { *least };
            }
        }
        let least = least.into_iter().fold(f64::INFINITY, f64::min);
        if least.is_infinite() {
            return (least, NONE);
        }
        let has_least = |shares: &[f64]| shares.iter().filter(|&&share| share <= least).count() > 0;
        let chunk = self.shares.chunks_exact(LANES).position(has_least).expect("the least share is there");
        let within = self.shares[chunk * LANES..].iter().position(|&share| share <= least);
        (least, within.map_or(NONE, |within| (chunk * LANES + within) as u32))
    }

    /// Fixes open classes whose cap is at most `level`; whether there are any.
    fn fix_capped(&mut self, demand: &Demand, level: f64) -> bool {
        let before = self.by_cap.len();
        while let Some(&class) = demand.capped().get(self.passed) {
            let cap = demand.cap(class);
            if cap.level > level {
                break;
            }
            self.passed += 1;
            if self.round_of[self.fixed_by[class as usize] as usize] == NONE {
                self.fixed_by[class as usize] = BY_CAP;
                self.by_cap.push(class);
                self.put(demand, class, cap.rate);
            }
        }
        let round = self.rounds.len() as u32;
        for &index in self.taking.links() {
            let link = &mut self.links[index as usize];
            link.open -= std::mem::take(&mut link.taken);
            self.shares[link.place as usize] = link.mark(round);
        }
        self.taking.clear();
        self.by_cap.len() > before
    }

    /// Puts a class on its links at this rate.
    fn put(&mut self, demand: &Demand, class: u32, rate: f64) {
        let class = demand.class(class);
        let load = class.members * rate;
        for &Hop { link, parts } in demand.hops(class) {
            let parts = f64::from(parts);
            self.links[link as usize].load += load * parts;
            self.taking.take(&mut self.links, link, class.members * class.weight * parts);
        }
    }

    /// Finds the open classes on a full link, and what they take from which links.
    fn gather(&mut self, demand: &Demand, full: u32) {
        let (fixed_by, open) = (&mut self.fixed_by[..], &mut self.open[..]);
        let mut count = 0;
        for &class in demand.active_on(full as usize) {
            // Written in any case, counted if open: whether it is can't be foreseen.
            open[count] = class;
            count += usize::from(self.round_of[fixed_by[class as usize] as usize] == NONE);
        }
        let (group, links) = (&mut self.groups[full as usize], &mut self.links[..]);
        group.clear();
        for &of in &open[..count] {
            fixed_by[of as usize] = full + BY_LINK;
            let class = demand.class(of);
            let (members, weight) = (class.members, class.weight);
            for &Hop { link, parts } in demand.hops(class) {
                if link == full {
                    group.classes.push(Portion { of, parts, members, weight });
                } else {
                    group.elsewhere.push(Portion { of: link, parts, members, weight });
                    self.taking.take(links, link, members * weight * f64::from(parts));
                }
            }
        }
        let taken = |&link: &u32| (link, std::mem::take(&mut links[link as usize].taken));
        group.taken.extend(self.taking.links().iter().map(taken));
        group.taken.push((full, links[full as usize].open));
        self.taking.clear();
    }

    /// Fixes the classes that a full link was found to have.
    fn fix_group(&mut self, full: u32, level: f64) {
        let (group, links, shares) = (&self.groups[full as usize], &mut self.links[..], &mut self.shares[..]);
        let load = links[full as usize].load;
        links[full as usize].load =
            group.classes.iter().fold(load, |load, portion| load + portion.load_at(level));
        for portion in &group.elsewhere {
            links[portion.of as usize].load += portion.load_at(level);
        }
        let round = self.rounds.len() as u32;
        for &(link, taken) in &group.taken {
            let link = &mut links[link as usize];
            link.open -= taken;
            shares[link.place as usize] = link.mark(round);
        }
    }
}

/// The links from which the present round takes open weight.
#[derive(Debug, Clone)]
pub(super) struct Taking {
    /// With room for one more.
    links: Vec<u32>,
    count: usize,
}

impl Taking {
    /// For so many links.
    pub(super) fn new(links: usize) -> Self {
        Self { links: vec![0; links + 1], count: 0 }
    }

    fn links(&self) -> &[u32] {
        &self.links[..self.count]
    }

    fn clear(&mut self) {
        self.count = 0;
    }

    /// Notes that this much, more than nothing, is taken from a link.
    fn take(&mut self, links: &mut [Link], index: u32, open: f64) {
        let link = &mut links[index as usize];
        // Written in any case, counted the first time.
        self.links[self.count] = index;
        self.count += usize::from(link.taken <= 0.0);
        link.taken += open;
    }
}
