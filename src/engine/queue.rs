//! The event queue: a 4-ary heap over the total key (time, round, phase, sequence), with the clock.
//!
//! Events at one instant run in rounds. What a handler schedules at the present time joins the next round; within a
//! round the phase decides, then the order of scheduling. Time never goes back: both push and pop assert it. A
//! cancelled event stays in the heap and dies at its head. Push and pop are O(log n), cancel is O(1).

use crate::units::Time;
use dary_heap::QuaternaryHeap;
use std::cmp::Ordering;

/// The total key of an event, smallest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// When.
    pub time: Time,
    /// Which round at that instant: 0 unless it was scheduled at the instant itself.
    pub round: u32,
    /// The order within the round.
    pub phase: u8,
    /// The order of scheduling.
    pub sequence: u64,
}

/// Names a scheduled event, to cancel it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventHandle {
    slot: u32,
    generation: u32,
}

/// Rounds take 16 bits of the packed key, phases 8, sequence numbers 40: a trillion events.
const SEQUENCE_BITS: u32 = 40;

#[derive(Debug, Clone, Copy)]
struct Entry {
    time: u64,
    /// round, phase and sequence, packed in this order.
    order: u64,
    slot: u32,
}

impl Entry {
    fn key(&self) -> u128 {
        (u128::from(self.time) << 64) | u128::from(self.order)
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}
impl Eq for Entry {}
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Entry {
    /// Reversed, since the heap gives its greatest first.
    fn cmp(&self, other: &Self) -> Ordering {
        other.key().cmp(&self.key())
    }
}

#[derive(Debug, Clone)]
struct Slot<E> {
    generation: u32,
    event: Option<E>,
}

/// The queue of pending events and the clock.
///
/// ```
/// use pleiade::engine::EventQueue;
/// use pleiade::units::Time;
/// let mut queue = EventQueue::new();
/// queue.schedule(Time::from_seconds(2), 0, "late");
/// let cancelled = queue.schedule(Time::from_seconds(1), 0, "never");
/// queue.schedule(Time::from_seconds(1), 1, "second phase");
/// assert_eq!(queue.cancel(cancelled), Some("never"));
/// assert_eq!(queue.pop(), Some("second phase"));
/// assert_eq!(queue.now(), Time::from_seconds(1));
/// assert_eq!(queue.pop(), Some("late"));
/// assert_eq!(queue.pop(), None);
/// ```
#[derive(Debug, Clone)]
pub struct EventQueue<E> {
    heap: QuaternaryHeap<Entry>,
    slots: Vec<Slot<E>>,
    free: Vec<u32>,
    /// Cancelled events that are still in the heap.
    cancelled: usize,
    now: Time,
    round: u32,
    sequence: u64,
    popped: bool,
}

impl<E> Default for EventQueue<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> EventQueue<E> {
    /// An empty queue at time zero.
    pub fn new() -> Self {
        Self {
            heap: QuaternaryHeap::new(),
            slots: Vec::new(),
            free: Vec::new(),
            cancelled: 0,
            now: Time::ZERO,
            round: 0,
            sequence: 0,
            popped: false,
        }
    }

    /// The present instant: that of the last event popped.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The number of entries in the heap, cancelled ones included until they reach its head.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing is pending.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Adds an event at `time`, which must not lie in the past.
    pub fn schedule(&mut self, time: Time, phase: u8, event: E) -> EventHandle {
        assert!(time >= self.now, "time never goes back: {time:?} is before {:?}", self.now);
        // Before the first pop nothing is present yet, so everything belongs to round 0 of its instant.
        let round = if time == self.now && self.popped { self.round + 1 } else { 0 };
        assert!(round < 1 << 16, "no more than 65,536 rounds at one instant");
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot { generation: 0, event: None });
            u32::try_from(self.slots.len() - 1).expect("fewer than 2^32 pending events")
        });
        let cell = &mut self.slots[slot as usize];
        cell.event = Some(event);
        let handle = EventHandle { slot, generation: cell.generation };
        let order = (u64::from(round) << 48) | (u64::from(phase) << SEQUENCE_BITS) | self.sequence;
        self.sequence += 1;
        assert!(self.sequence < 1 << SEQUENCE_BITS, "a run has fewer than 2^40 events");
        self.heap.push(Entry { time: time.0, order, slot });
        handle
    }

    /// Takes a pending event back; `None` if it was popped or cancelled before.
    pub fn cancel(&mut self, handle: EventHandle) -> Option<E> {
        let cell = &mut self.slots[handle.slot as usize];
        let event = if cell.generation == handle.generation { cell.event.take() } else { None };
        self.cancelled += usize::from(event.is_some());
        event
    }

    /// The key of the next event.
    pub fn peek(&mut self) -> Option<Key> {
        self.drop_cancelled();
        self.heap.peek().map(|entry| Key {
            time: Time(entry.time),
            round: (entry.order >> 48) as u32,
            phase: (entry.order >> SEQUENCE_BITS) as u8,
            sequence: entry.order & ((1 << SEQUENCE_BITS) - 1),
        })
    }

    /// Whether the next event belongs to the present instant and round.
    pub fn round_continues(&mut self) -> bool {
        self.drop_cancelled();
        let (now, round) = (self.now.0, u64::from(self.round));
        self.heap.peek().is_some_and(|entry| entry.time == now && entry.order >> 48 == round)
    }

    /// Removes the next event and moves the clock to it.
    pub fn pop(&mut self) -> Option<E> {
        self.drop_cancelled();
        self.pop_head()
    }

    /// As [`EventQueue::pop`], if the next event comes before `end`.
    pub fn pop_before(&mut self, end: Time) -> Option<E> {
        self.drop_cancelled();
        if self.heap.peek().is_some_and(|entry| entry.time < end.0) { self.pop_head() } else { None }
    }

    /// Pops the head, which was not cancelled.
    fn pop_head(&mut self) -> Option<E> {
        let entry = self.heap.pop()?;
        assert!(entry.time >= self.now.0, "time never goes back");
        self.now = Time(entry.time);
        self.round = (entry.order >> 48) as u32;
        self.popped = true;
        let event = self.release(entry.slot);
        Some(event.expect("cancelled events were dropped"))
    }

    /// Removes the cancelled events at the head. Most queues hold none, and that costs one comparison.
    #[inline]
    fn drop_cancelled(&mut self) {
        if self.cancelled > 0 {
            self.drop_cancelled_head();
        }
    }

    #[cold]
    fn drop_cancelled_head(&mut self) {
        while self.cancelled > 0
            && let Some(&Entry { slot, .. }) = self.heap.peek()
            && self.slots[slot as usize].event.is_none()
        {
            self.heap.pop();
            self.release(slot);
            self.cancelled -= 1;
        }
    }

    fn release(&mut self, slot: u32) -> Option<E> {
        let cell = &mut self.slots[slot as usize];
        cell.generation = cell.generation.wrapping_add(1);
        self.free.push(slot);
        cell.event.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_then_phases_then_sequence() {
        let mut queue = EventQueue::new();
        for (phase, name) in [(3, "d"), (0, "a"), (1, "b"), (1, "c")] {
            queue.schedule(Time(5), phase, name);
        }
        assert_eq!(queue.pop(), Some("a"));
        // Scheduled at the present instant with the lowest phase, it still waits for the round to end.
        queue.schedule(Time(5), 0, "next round");
        for expected in ["b", "c", "d", "next round"] {
            assert_eq!(queue.pop(), Some(expected));
        }
    }

    #[test]
    fn an_old_handle_cancels_nothing_new() {
        let mut queue = EventQueue::new();
        let first = queue.schedule(Time(1), 0, 1);
        assert_eq!(queue.pop(), Some(1));
        queue.schedule(Time(2), 0, 2);
        assert_eq!(queue.cancel(first), None);
        assert_eq!(queue.pop(), Some(2));
    }

    #[test]
    fn cancelled_events_hide_nothing_and_count_once() {
        let mut queue = EventQueue::new();
        let handles: Vec<_> = (1..=4).map(|time| queue.schedule(Time(time), 0, time)).collect();
        assert_eq!(queue.cancel(handles[0]), Some(1));
        assert_eq!(queue.cancel(handles[0]), None);
        assert_eq!(queue.cancel(handles[2]), Some(3));
        assert_eq!(queue.pop_before(Time(2)), None);
        assert_eq!(queue.pop_before(Time(3)), Some(2));
        assert_eq!(queue.pop_before(Time::MAX), Some(4));
        assert_eq!((queue.pop_before(Time::MAX), queue.len(), queue.cancelled), (None, 0, 0));
    }

    #[test]
    #[should_panic(expected = "time never goes back")]
    fn the_past_is_closed() {
        let mut queue = EventQueue::new();
        queue.schedule(Time(2), 0, ());
        queue.pop();
        queue.schedule(Time(1), 0, ());
    }
}
