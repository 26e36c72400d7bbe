//! Progressive filling that begins again where a change can first be felt.
//!
//! The filling is a sequence of rounds. A round looks for the tightest link, the first of those with the least share,
//! fixes the classes whose cap is at most that share or, if there are none, all open classes on that link, and adds what
//! they get to the links they cross, class by class in ascending order. What a round does follows from the capacities,
//! and from the open weights and loads that the rounds before have left.
//!
//! **Rounds that stay.** Let some classes have other members, and some links, among them all that these classes cross,
//! another weight or capacity. Let `r` be the first round of the former solution
//!
//! - that fixed a changed class by its cap, or whose level reaches the cap that one has now; or
//! - whose tightest link is a changed link; or
//! - in which a changed link, as it is now, has a share below the level, or equal to it at an earlier place.
//!
//! Then the rounds before `r` are those of a full solution, to the last bit. None of them fixes a changed class: not by
//! its cap, and not on a link, since that would be a changed one. So, by induction, at the start of each of them every
//! link has the load of the former solution, the sum of the same terms in the same order; links that have not changed
//! have the same open weight, and those that have differ by the change of their weight, which is a whole number and
//! exact. So the tightest link and the level are the same, and the classes that are fixed.
//!
//! From round `r` on everything is computed anew; rates of the rounds before stay. Links are put back by their
//! [`Link::go_back`]. Of the rounds that follow, those that the module [`Former`] knows again take over their classes.
//! Where there were few rounds, all are done again: that gives the same, sooner.

use super::demand::Demand;
use super::fixing::Taking;
use super::former::Former;
use super::group::Group;
use super::link::{Link, NONE};

/// How far above its capacity, relatively, a link may be loaded by rounding. A load is a sum of at most some 1e4 terms,
/// each off by 2^-52: 1e-9 leaves room for three more orders of magnitude.
const CAPACITY_SLACK: f64 = 1e-9;

/// How many shares are compared side by side.
pub(super) const LANES: usize = 8;

/// A solution of so few rounds is sooner done again than gone on with. Counted in instructions: with a few flows it saves
/// half of what going on costs, with a hundred flows over 40 routes both are the same.
const FEW_ROUNDS: usize = 32;

/// What fixed a class: nothing yet, its cap, or else the link of this number less [`BY_LINK`].
const OPEN: u32 = 0;
pub(super) const BY_CAP: u32 = 1;
pub(super) const BY_LINK: u32 = 2;

/// What a round decided, and where things stood at its start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Round {
    /// The least share of all links; infinite if no flow is open on any.
    pub(super) level: f64,
    /// The place of the tightest link.
    pub(super) place: u32,
    /// The tightest link, if it is its classes that were fixed.
    pub(super) full: u32,
    /// Classes passed in the list of those with a cap.
    pub(super) passed: u32,
    /// Classes fixed by their caps.
    pub(super) by_cap: u32,
}

/// The last solution: rates, loads, and the rounds that led to them.
#[derive(Debug, Clone)]
pub(super) struct Filling {
    pub(super) links: Vec<Link>,
    /// Links that have members, or had some when places were last given; ascending.
    pub(super) places: Vec<u32>,
    /// By place: the share of the link. Filled up to whole lanes with infinity.
    pub(super) shares: Vec<f64>,
    /// By class.
    pub(super) fixed_by: Vec<u32>,
    /// By what fixes classes: the round in which it did.
    pub(super) round_of: Vec<u32>,
    /// By link: the classes that it fixed last.
    pub(super) groups: Vec<Group>,
    /// Classes fixed by their caps, in this order.
    pub(super) by_cap: Vec<u32>,
    /// The last of them fixes nothing.
    pub(super) rounds: Vec<Round>,
    pub(super) former: Former,
    /// Classes passed in the list of those with a cap.
    pub(super) passed: usize,
    /// Scratch: open classes on a full link, and room for one more.
    pub(super) open: Vec<u32>,
    /// Scratch.
    pub(super) taking: Taking,
    /// Up to so many rounds every solution is a full one.
    pub(super) few_rounds: usize,
    /// Rounds that the last solution kept.
    kept: usize,
}

impl Filling {
    /// Links of these capacities, in parts, numbered from 0.
    pub(super) fn new(capacities: impl Iterator<Item = f64>) -> Self {
        let links: Vec<Link> = capacities.map(Link::new).collect();
        let mut round_of = vec![NONE; links.len() + BY_LINK as usize];
        round_of[BY_CAP as usize] = 0;
        Self {
            places: Vec::with_capacity(links.len()),
            shares: Vec::with_capacity(links.len() + LANES),
            former: Former::new(links.len()),
            taking: Taking::new(links.len()),
            groups: vec![Group::default(); links.len()],
            round_of,
            links,
            fixed_by: Vec::new(),
            by_cap: Vec::new(),
            rounds: Vec::new(),
            passed: 0,
            open: vec![0],
            few_rounds: FEW_ROUNDS,
            kept: 0,
        }
    }

    /// Makes room for one more class.
    pub(super) fn add_class(&mut self) {
        self.fixed_by.push(OPEN);
        self.open.push(0);
        self.by_cap.reserve(self.open.len() - self.by_cap.len());
    }

    pub(super) fn set_capacity(&mut self, link: usize, capacity: f64) {
        self.links[link].capacity = capacity;
    }

    /// Bytes per second of each flow of a class; zero if it had no members.
    pub(super) fn rate(&self, demand: &Demand, class: u32) -> f64 {
        let fixed_by = self.fixed_by[class as usize];
        match self.round_of[fixed_by as usize] {
            NONE => 0.0,
            _ if fixed_by == BY_CAP => demand.cap(class).rate,
            round => self.rounds[round as usize].level * demand.class(class).weight,
        }
    }

    pub(super) fn load(&self, link: usize) -> f64 {
        self.links[link].load
    }

    /// The links that had members at the last solution, and some that had earlier; ascending.
    pub(super) fn places(&self) -> &[u32] {
        &self.places
    }

    /// Rounds of the last solution that fixed classes, and how many of them it kept from the one before.
    pub(super) fn rounds(&self) -> (usize, usize) {
        (self.rounds.len() - 1, self.kept)
    }

    /// The classes that a round fixed, each with its rate.
    pub(super) fn fixed_in<'a>(
        &'a self,
        demand: &'a Demand,
        round: usize,
    ) -> impl Iterator<Item = (u32, f64)> + 'a {
        let (Round { level, full, by_cap, .. }, next) = (self.rounds[round], self.rounds[round + 1]);
        let on_link = if full == NONE { &[] } else { &self.groups[full as usize].classes[..] };
        let capped = &self.by_cap[by_cap as usize..next.by_cap as usize];
        let on_link = on_link.iter().map(move |portion| (portion.of, level * portion.weight));
        on_link.chain(capped.iter().map(|&class| (class, demand.cap(class).rate)))
    }

    /// Forgets the last solution, so that the next is a full one.
    pub(super) fn forget(&mut self) {
        self.drop_rounds(0);
    }

    /// Computes rates and loads for what has changed since they were last computed.
    ///
    /// # Panics
    /// If a link were loaded above its capacity by more than rounding: a defect of this function.
    pub(super) fn solve(&mut self, demand: &Demand) {
        let (classes, links) = demand.changed();
        let is_short = self.rounds.len() <= self.few_rounds;
        if is_short || links.iter().any(|&link| self.lacks_place(demand, link)) {
            self.begin(demand);
        } else {
            self.kept = self.rounds_kept(demand);
            self.go_back();
        }
        for &class in classes {
            self.fixed_by[class as usize] = OPEN;
        }
        self.fill(demand);
        for &link in &self.places {
            let Link { capacity, load, .. } = &self.links[link as usize];
            assert!(*load <= capacity * (1.0 + CAPACITY_SLACK), "no link carries more than its capacity");
        }
    }

    fn lacks_place(&self, demand: &Demand, link: u32) -> bool {
        self.links[link as usize].place == NONE && demand.weights()[link as usize] > 0.0
    }

    /// Before the first round; the links with members have places, and no others.
    fn begin(&mut self, demand: &Demand) {
        self.forget();
        (self.passed, self.kept) = (0, 0);
        for &link in demand.changed().1 {
            if self.lacks_place(demand, link) {
                self.places.push(link);
            }
        }
        self.places.sort_unstable();
        self.shares.clear();
        self.places.retain(|&index| {
            let (link, weight) = (&mut self.links[index as usize], demand.weights()[index as usize]);
            let share = link.begin(weight);
            link.place = if weight > 0.0 { self.shares.len() as u32 } else { NONE };
            if weight > 0.0 {
                self.shares.push(share);
            }
            weight > 0.0
        });
        self.shares.resize(self.shares.len().next_multiple_of(LANES), f64::INFINITY);
    }

    /// How many rounds stay; brings what changed links showed in these up to date.
    fn rounds_kept(&mut self, demand: &Demand) -> usize {
        let (classes, links) = demand.changed();
        let mut keep = self.rounds.len() - 1;
        for &class in classes {
            keep = keep.min(self.round_by_cap(class).unwrap_or(keep));
            let cap = demand.cap(class).level;
            if cap.is_finite() && demand.class(class).members > 0.0 {
                keep = self.rounds[..keep].iter().position(|round| round.level >= cap).unwrap_or(keep);
            }
        }
        for &index in links {
            let link = &mut self.links[index as usize];
            let place = link.place;
            let is_felt = |share: f64, from: usize, to: usize| {
                let is_felt = |round: &Round| {
                    share < round.level
                        || round.place == place
                        || (share <= round.level && place < round.place)
                };
                self.rounds[from..to].iter().position(is_felt).map(|round| from + round)
            };
            if place != NONE {
                keep = link.change(demand.weights()[index as usize], keep, is_felt);
            }
        }
        keep
    }

    /// The round in which a class was fixed by its cap, if it was.
    fn round_by_cap(&self, class: u32) -> Option<usize> {
        if self.fixed_by[class as usize] != BY_CAP {
            return None;
        }
        let place = self.by_cap.iter().position(|&other| other == class)?;
        Some(self.rounds.partition_point(|round| round.by_cap as usize <= place) - 1)
    }

    /// To the start of the first round that does not stay.
    fn go_back(&mut self) {
        self.passed = self.rounds[self.kept].passed as usize;
        for (share, &link) in self.shares.iter_mut().zip(&self.places) {
            *share = self.links[link as usize].go_back(self.kept as u32);
        }
        self.drop_rounds(self.kept);
    }

    /// Drops the rounds from `first` on, whose classes are open again.
    fn drop_rounds(&mut self, first: usize) {
        self.former.begin(first);
        let Some(&Round { by_cap, .. }) = self.rounds.get(first) else { return };
        for (index, round) in self.rounds.drain(first..).enumerate().filter(|(_, round)| round.full != NONE) {
            self.round_of[(round.full + BY_LINK) as usize] = NONE;
            self.former.note(round.full, first + index);
        }
        for class in self.by_cap.drain(by_cap as usize..) {
            self.fixed_by[class as usize] = OPEN;
        }
    }
}
