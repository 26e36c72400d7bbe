//! The storage of one site: copies of datasets within a capacity, and the order in which they are given up.
//!
//! Who asks for a dataset that is here, or on its way, uses the copy until it lets go; a copy in use is never given up,
//! nor is one that is at home here. For a dataset that is absent, room is made by giving up unused copies, the first in
//! the order of the eviction rule first. If even all of them would not make room enough, none goes: the caller reads the
//! dataset as it passes through, and nothing of it is kept. O(log copies) a call, and as much for each copy given up.

use crate::model::{DatasetId, Eviction, SiteStorage};
use crate::units::Bytes;
use std::collections::BTreeSet;

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A copy is here; the caller uses it now.
    Here,
    /// A copy is on its way; the caller uses it once it came.
    Coming,
    /// No copy is here, and room is kept for one: the caller sees to it that it comes, and uses it.
    Fetch,
    /// No copy is here and there is no room for one.
    PassThrough,
}

/// Where a copy stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Absent,
    Coming,
    Here,
    AtHome,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    size: u64,
    state: State,
    users: u32,
    /// How often it was asked for since it came.
    asked: u64,
    /// The tick of its last use.
    last_use: u64,
}

/// What came in and went, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Books {
    /// Came in: to be kept, those from the beginning included, or passing through.
    pub came_in: u128,
    /// Given up.
    pub evicted: u128,
    /// Read as they came and not kept.
    pub passed_through: u128,
}

/// The copies at one site.
#[derive(Debug, Clone)]
pub struct Storage {
    capacity: u64,
    eviction: Eviction,
    slots: Vec<Slot>,
    /// Bytes of the copies here and on their way.
    taken: u64,
    /// Bytes of the copies that may be given up.
    idle_bytes: u64,
    /// The copies that may be given up, the first to go first.
    idle: BTreeSet<(u64, u64, DatasetId)>,
    tick: u64,
    books: Books,
}

impl Storage {
    /// An empty storage under a rule, or without a bound, for datasets of these sizes.
    pub fn new(rule: Option<SiteStorage>, sizes: impl IntoIterator<Item = Bytes>) -> Self {
        Self {
            capacity: rule.map_or(u64::MAX, |rule| rule.capacity.0),
            eviction: rule.map_or(Eviction::default(), |rule| rule.eviction),
            slots: sizes.into_iter().map(|size| Slot { size: size.0, ..Slot::default() }).collect(),
            taken: 0,
            idle_bytes: 0,
            idle: BTreeSet::new(),
            tick: 0,
            books: Books::default(),
        }
    }

    /// The dataset is at home here, for good. There has to be room for it.
    pub fn keep_at_home(&mut self, dataset: DatasetId) {
        self.take_in(dataset, State::AtHome);
    }

    /// A copy is here from the beginning. There has to be room for it.
    pub fn place(&mut self, dataset: DatasetId) {
        self.take_in(dataset, State::Here);
        self.rest(dataset);
    }

    fn take_in(&mut self, dataset: DatasetId, state: State) {
        self.tick += 1;
        let slot = &mut self.slots[dataset.index()];
        assert_eq!(slot.state, State::Absent, "a copy is here once");
        (slot.state, slot.last_use) = (state, self.tick);
        self.books.came_in += u128::from(slot.size);
        self.taken = self.taken.checked_add(slot.size).filter(|&taken| taken <= self.capacity).expect(
            "what a storage holds from the beginning is checked against its capacity with the scenario",
        );
    }

    /// Whether a copy is here.
    #[inline]
    pub fn holds(&self, dataset: DatasetId) -> bool {
        matches!(self.slots[dataset.index()].state, State::Here | State::AtHome)
    }

    /// Whether a copy is on its way.
    #[inline]
    pub fn awaits(&self, dataset: DatasetId) -> bool {
        self.slots[dataset.index()].state == State::Coming
    }

    /// Somebody wants to read a dataset. But for [`Answer::PassThrough`] the copy is used until [`Storage::let_go`].
    pub fn ask(&mut self, dataset: DatasetId) -> Answer {
        let slot = self.slots[dataset.index()];
        let answer = match slot.state {
            State::Here | State::AtHome => Answer::Here,
            State::Coming => Answer::Coming,
            State::Absent if !self.make_room(slot.size) => return Answer::PassThrough,
            State::Absent => {
                self.taken += slot.size;
                self.slots[dataset.index()].state = State::Coming;
                Answer::Fetch
            }
        };
        self.hold(dataset);
        self.slots[dataset.index()].asked += 1;
        answer
    }

    /// The copy that was on its way is here.
    pub fn arrive(&mut self, dataset: DatasetId) {
        let slot = &mut self.slots[dataset.index()];
        assert_eq!(slot.state, State::Coming, "only what was on its way arrives");
        slot.state = State::Here;
        self.books.came_in += u128::from(slot.size);
        if slot.users == 0 {
            self.rest(dataset);
        }
    }

    /// A dataset has come for somebody who was told [`Answer::PassThrough`].
    pub fn pass_through(&mut self, dataset: DatasetId) {
        let size = u128::from(self.slots[dataset.index()].size);
        self.books.came_in += size;
        self.books.passed_through += size;
    }

    /// One more user of a copy, who does not count as asking for it: it is read to be sent elsewhere.
    pub fn hold(&mut self, dataset: DatasetId) {
        let key = self.key(dataset);
        let slot = &mut self.slots[dataset.index()];
        assert!(slot.state != State::Absent, "only a copy is used");
        slot.users += 1;
        if self.idle.remove(&key) {
            self.idle_bytes -= slot.size;
        }
    }

    /// One user less.
    pub fn let_go(&mut self, dataset: DatasetId) {
        self.tick += 1;
        let slot = &mut self.slots[dataset.index()];
        slot.users = slot.users.checked_sub(1).expect("who lets go has used the copy");
        slot.last_use = self.tick;
        if slot.users == 0 {
            self.rest(dataset);
        }
    }

    /// Nobody uses a copy: it may be given up, unless it is at home or not here yet.
    fn rest(&mut self, dataset: DatasetId) {
        let slot = self.slots[dataset.index()];
        if slot.state == State::Here {
            self.idle.insert(self.key(dataset));
            self.idle_bytes += slot.size;
        }
    }

    /// The place of a copy in the order of giving up; unchanged while nobody uses it.
    fn key(&self, dataset: DatasetId) -> (u64, u64, DatasetId) {
        let slot = &self.slots[dataset.index()];
        match self.eviction {
            Eviction::LeastRecentlyUsed => (slot.last_use, 0, dataset),
            Eviction::LeastFrequentlyUsed => (slot.asked, slot.last_use, dataset),
        }
    }

    /// Gives up copies until so many bytes are free; none if that can't be.
    fn make_room(&mut self, size: u64) -> bool {
        let in_use = self.taken - self.idle_bytes;
        if in_use.checked_add(size).is_none_or(|needed| needed > self.capacity) {
            return false;
        }
        while self.capacity - self.taken < size {
            let (_, _, dataset) = self.idle.pop_first().expect("all unused copies together make room");
            let slot = &mut self.slots[dataset.index()];
            (slot.state, slot.asked) = (State::Absent, 0);
            self.taken -= slot.size;
            self.idle_bytes -= slot.size;
            self.books.evicted += u128::from(slot.size);
        }
        true
    }

    /// Bytes of the copies here and of the room kept for those on their way: never more than the capacity.
    #[inline]
    pub fn taken(&self) -> Bytes {
        Bytes(self.taken)
    }

    /// What came in and went so far.
    pub fn books(&self) -> Books {
        self.books
    }

    /// The law of the books: what came in is here, was given up, or passed through. O(datasets).
    pub fn balances(&self) -> bool {
        let here = self.slots.iter().filter(|slot| matches!(slot.state, State::Here | State::AtHome));
        let stored: u128 = here.map(|slot| u128::from(slot.size)).sum();
        self.books.came_in == stored + self.books.evicted + self.books.passed_through
    }
}
