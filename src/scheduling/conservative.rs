//! Conservative backfilling (Mu'alem and Feitelson 2001): each job has a reservation from when it comes, at the earliest
//! slot that delays none before it; where requested times are upper bounds, none starts later than first reserved.
//!
//! When a job ends early, the reservations are compressed: each job in turn is taken out and placed again, and may only
//! move earlier. With a depth, only so many jobs have reservations; the others get theirs as places come free.
//!
//! A compression looks at every reservation but searches for few. A job can only move to a slot that was not free at
//! its last turn, so its slot must touch what came free since; and it must fit the most units free there. Both tests
//! are O(1), the search is O(B) with B steps of the profile before the reservation. So O(D) an early end with D
//! reservations, and O(B) for each that may move.

use super::Profile;
use super::policy::{Decision, Policy, Setting, View, empty_profile};
use super::queue::{From, Place, Waiting};
use crate::model::{Compression, Conservative, Order};
use crate::units::{Span, Time};

/// A job with its reservation.
#[derive(Debug, Clone, Copy)]
struct Planned {
    place: Place,
    job: u32,
    units: u32,
    requested: Span,
    start: Time,
    /// The order in which the reservations were made: jobs due at one instant start in it.
    made: u64,
}

impl Planned {
    fn end(&self) -> Time {
        self.start.saturating_add(self.requested)
    }
}

/// An interval that covers everything that came free.
#[derive(Debug, Clone, Copy)]
struct Freed {
    from: Time,
    to: Time,
}

impl Freed {
    /// An interval that covers both.
    fn union(a: Option<Self>, b: Option<Self>) -> Option<Self> {
        match (a, b) {
            (Some(a), Some(b)) => Some(Self { from: a.from.min(b.from), to: a.to.max(b.to) }),
            (one, other) => one.or(other),
        }
    }
}

/// Conservative backfilling that keeps its reservations.
#[derive(Debug)]
pub(super) struct Reserved {
    order: Order,
    /// Whether newcomers come last.
    in_turn: bool,
    compression: Compression,
    depth: usize,
    profile: Profile,
    /// In queue order.
    planned: Vec<Planned>,
    /// By the caller's name of a job.
    has_reservation: Vec<bool>,
    /// Whether something happened that asks for a compression.
    compression_due: bool,
    /// What came free since the last compression.
    freed: Option<Freed>,
    /// What came free during the last compression, after the turn of some jobs.
    freed_before: Option<Freed>,
    wake: Option<Time>,
    made: u64,
    /// Reused by compressions.
    turns: Vec<usize>,
    /// Reused by starts.
    due: Vec<(u64, Place)>,
}

impl Reserved {
    pub(super) fn new(order: Order, rule: Conservative, setting: Setting) -> Self {
        Self {
            order,
            in_turn: order == Order::Submission && setting == Setting::Plain,
            compression: rule.compression,
            depth: rule.depth.map_or(usize::MAX, |depth| depth as usize),
            profile: empty_profile(),
            planned: Vec::new(),
            has_reservation: Vec::new(),
            compression_due: false,
            freed: None,
            freed_before: None,
            wake: None,
            made: 0,
            turns: Vec::new(),
            due: Vec::new(),
        }
    }

    fn free_again(&mut self, from: Time, to: Time, units: u32) {
        self.profile.give(from, to, units);
        self.freed = Freed::union(Some(Freed { from, to }), self.freed);
        self.compression_due = self.compression != Compression::None;
    }

    /// Takes each job out and places it again, in the order of the compression.
    fn compress(&mut self, now: Time) {
        if !std::mem::take(&mut self.compression_due) {
            return;
        }
        let Some(freed) = Freed::union(self.freed.take(), self.freed_before.take()) else { return };
        let from = freed.from.max(now);
        if from >= freed.to {
            return;
        }
        // A job that moves frees only what lies after the begin of what came free before.
        let mut most = self.profile.most(from, freed.to);
        let mut turns = std::mem::take(&mut self.turns);
        turns.clear();
        turns.extend(0..self.planned.len());
        if self.compression == Compression::ReservationOrder {
            turns.sort_by_key(|&index| self.planned[index].start);
        }
        for &index in &turns {
            let job = self.planned[index];
            if job.start <= from || i64::from(job.units) > most {
                continue;
            }
            if let Some(earlier) = self.profile.earliest_before(now, job.units, job.requested, job.start) {
                self.profile.give(job.start, job.end(), job.units);
                self.profile.take(earlier, earlier.saturating_add(job.requested), job.units);
                let moved = Freed { from: job.start, to: job.end() };
                most = most.max(self.profile.most(moved.from, moved.to));
                self.freed_before = Freed::union(Some(moved), self.freed_before);
                self.made += 1;
                (self.planned[index].start, self.planned[index].made) = (earlier, self.made);
            }
        }
        self.turns = turns;
    }

    /// Gives reservations to jobs that have none, in queue order, while the depth allows.
    fn admit(&mut self, view: &View<'_>) {
        // First come, first served admits in the order of coming: what has no reservation is behind all that have.
        let in_turn = self.in_turn;
        let (mut from, mut place_in_line) = match self.planned.last() {
            Some(last) if in_turn => (From::Behind(last.place), self.planned.len()),
            _ => (From::Start, 0),
        };
        while self.planned.len() < self.depth.min(view.queue.len()) {
            let Some((place, waiting)) = view.queue.following(from) else { return };
            from = From::Behind(place);
            if !in_turn && self.is_reserved(waiting.job) {
                place_in_line += 1;
                continue;
            }
            let Waiting { units, requested, job } = waiting;
            let Some(start) = self.profile.earliest(view.now, units, requested) else { return };
            self.made += 1;
            let planned = Planned { place, job, units, requested, start, made: self.made };
            self.profile.take(start, planned.end(), units);
            self.planned.insert(place_in_line, planned);
            place_in_line += 1;
            self.set_reserved(job, true);
        }
    }

    fn is_reserved(&self, job: u32) -> bool {
        self.has_reservation.get(job as usize).copied().unwrap_or(false)
    }

    fn set_reserved(&mut self, job: u32, value: bool) {
        if self.has_reservation.len() <= job as usize {
            self.has_reservation.resize(job as usize + 1, false);
        }
        self.has_reservation[job as usize] = value;
    }

    /// Brings the reservations into the order that the queue has now, where it changes with time, and finds jobs that
    /// have moved between lanes.
    fn sort_again(&mut self, view: &View<'_>) {
        if self.order.varies() || self.order.decay().is_some() {
            let mut turns: Vec<(u32, usize, Place)> = view
                .queue
                .iter()
                .zip(0..)
                .map(|((place, waiting), turn)| (waiting.job, turn, place))
                .collect();
            turns.sort_unstable_by_key(|(job, ..)| *job);
            let at = |job: u32| {
                let found = turns.binary_search_by_key(&job, |(job, ..)| *job);
                turns[found.expect("a job with a reservation waits")]
            };
            for planned in &mut self.planned {
                planned.place = at(planned.job).2;
            }
            self.planned.sort_by_key(|planned| at(planned.job).1);
        }
    }

    /// Starts the jobs whose reservation is now.
    fn start_due(&mut self, now: Time, starts: &mut Vec<Place>) {
        let mut wake = Time::MAX;
        let (has_reservation, due) = (&mut self.has_reservation, &mut self.due);
        due.clear();
        self.planned.retain(|planned| {
            if planned.start > now {
                wake = wake.min(planned.start);
                return true;
            }
            due.push((planned.made, planned.place));
            has_reservation[planned.job as usize] = false;
            false
        });
        self.wake = (wake < Time::MAX).then_some(wake);
        due.sort_unstable_by_key(|(made, _)| *made);
        starts.extend(due.iter().map(|(_, place)| *place));
    }
}

impl Policy for Reserved {
    fn decide(&mut self, view: &View<'_>, starts: &mut Vec<Place>) -> Decision {
        self.profile.advance(view.now);
        self.sort_again(view);
        self.compress(view.now);
        self.admit(view);
        self.start_due(view.now, starts);
        let waiting = view.queue.len() - starts.len();
        if starts.is_empty() || waiting == self.planned.len() { Decision::Done } else { Decision::AskAgain }
    }

    fn opened(&mut self, now: Time, units: u32) {
        self.profile.advance(now);
        self.free_again(now, Time::MAX, units);
    }

    fn started_alone(&mut self, now: Time, job: &Waiting) {
        self.profile.advance(now);
        self.profile.take(now, now.saturating_add(job.requested), job.units);
    }

    fn ended(&mut self, now: Time, expected_end: Time, units: u32) {
        self.compression_due |= self.compression == Compression::QueueOrderEachEnd;
        if expected_end > now {
            self.profile.advance(now);
            self.free_again(now, expected_end, units);
        }
    }

    fn turned_away(&mut self, now: Time, job: u32) {
        if let Some(index) = self.planned.iter().position(|planned| planned.job == job) {
            let planned = self.planned.remove(index);
            self.set_reserved(job, false);
            let (from, to) = (planned.start.max(now), planned.end());
            // The last of the queue kept nobody from an earlier slot.
            if index == self.planned.len() {
                self.profile.give(from, to, planned.units);
            } else {
                self.free_again(from, to, planned.units);
            }
        }
    }

    fn wake(&self) -> Option<Time> {
        self.wake
    }
}
