//! The event queue: a 4-ary heap over the total key (time, round, phase, sequence), with the clock.
//!
//! Events at one instant run in rounds. What a handler schedules at the present time joins the next round; within a
//! round the phase decides, then the order of scheduling. Time never goes back: both push and pop assert it. A
//! cancelled event stays in the heap and dies at its head. Push, pop and cancel are O(log n).

use crate::units::Time;
use dary_heap::QuaternaryHeap;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

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

/// Names a scheduled event, to cancel it. It can't be copied, so that nothing is cancelled twice.
#[derive(Debug, PartialEq, Eq)]
pub struct EventHandle {
    key: u128,
}

/// Rounds take 16 bits of the packed key, phases 8, sequence numbers 40: a trillion events.
const SEQUENCE_BITS: u32 = 40;

/// Below so many cancelled events nothing is swept.
const FEW: usize = 64;

/// An event in the heap. The key is time, round, phase and sequence, packed in this order.
#[derive(Debug, Clone, Copy)]
struct Entry<E> {
    time: u64,
    order: u64,
    event: E,
}

impl<E> Entry<E> {
    fn key(&self) -> u128 {
        (u128::from(self.time) << 64) | u128::from(self.order)
    }
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}
impl<E> Eq for Entry<E> {}
impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<E> Ord for Entry<E> {
    /// Reversed, since the heap gives its greatest first.
    fn cmp(&self, other: &Self) -> Ordering {
        other.key().cmp(&self.key())
    }
}

/// The queue of pending events and the clock. An event is a small value that names what it is about.
///
/// ```
/// use pleiade::engine::EventQueue;
/// use pleiade::units::Time;
/// let mut queue = EventQueue::new();
/// queue.schedule(Time::from_seconds(2), 0, "late");
/// let cancelled = queue.schedule(Time::from_seconds(1), 0, "never");
/// queue.schedule(Time::from_seconds(1), 1, "second phase");
/// assert!(queue.cancel(cancelled));
/// assert_eq!(queue.pop(), Some("second phase"));
/// assert_eq!(queue.now(), Time::from_seconds(1));
/// assert_eq!(queue.pop(), Some("late"));
/// assert_eq!(queue.pop(), None);
/// ```
#[derive(Debug, Clone)]
pub struct EventQueue<E> {
    heap: QuaternaryHeap<Entry<E>>,
    /// The head of the heap was popped and is still there: the next event scheduled takes its place at the price of one
    /// sift instead of two. Most handlers schedule something.
    head_is_popped: bool,
    /// Keys of cancelled events that are still in the heap, least first.
    cancelled: BinaryHeap<Reverse<u128>>,
    now: Time,
    round: u32,
    /// Round, phase and sequence of the last event popped.
    last_order: u64,
    sequence: u64,
    popped: bool,
}

impl<E: Copy> Default for EventQueue<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: Copy> EventQueue<E> {
    /// An empty queue at time zero.
    pub fn new() -> Self {
        Self {
            heap: QuaternaryHeap::new(),
            head_is_popped: false,
            cancelled: BinaryHeap::new(),
            now: Time::ZERO,
            round: 0,
            last_order: 0,
            sequence: 0,
            popped: false,
        }
    }

    /// The present instant: that of the last event popped.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The number of pending events.
    pub fn len(&self) -> usize {
        self.heap.len() - self.cancelled.len() - usize::from(self.head_is_popped)
    }

    /// Whether nothing is pending.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds an event at `time`, which must not lie in the past.
    pub fn schedule(&mut self, time: Time, phase: u8, event: E) -> EventHandle {
        assert!(time >= self.now, "time never goes back: {time:?} is before {:?}", self.now);
        // Before the first pop nothing is present yet, so everything belongs to round 0 of its instant.
        let round = if time == self.now && self.popped { self.round + 1 } else { 0 };
        assert!(round < 1 << 16, "no more than 65,536 rounds at one instant");
        let order = (u64::from(round) << 48) | (u64::from(phase) << SEQUENCE_BITS) | self.sequence;
        self.sequence += 1;
        assert!(self.sequence < 1 << SEQUENCE_BITS, "a run has fewer than 2^40 events");
        let entry = Entry { time: time.0, order, event };
        if self.head_is_popped
            && let Some(mut head) = self.heap.peek_mut()
        {
            *head = entry;
            self.head_is_popped = false;
        } else {
            self.heap.push(entry);
        }
        EventHandle { key: entry.key() }
    }

    /// Takes a pending event back; whether it was still pending.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the handle is used up, so that nothing is cancelled twice"
    )]
    pub fn cancel(&mut self, handle: EventHandle) -> bool {
        let pending = !self.popped || handle.key > self.present_key();
        if pending {
            self.cancelled.push(Reverse(handle.key));
            if self.cancelled.len() > self.heap.len() / 2 && self.cancelled.len() >= FEW {
                self.sweep();
            }
        }
        pending
    }

    /// The key of the next event.
    pub fn peek(&mut self) -> Option<Key> {
        self.clean_head();
        self.heap.peek().map(|entry| Key {
            time: Time(entry.time),
            round: (entry.order >> 48) as u32,
            phase: (entry.order >> SEQUENCE_BITS) as u8,
            sequence: entry.order & ((1 << SEQUENCE_BITS) - 1),
        })
    }

    /// Whether the next event belongs to the present instant and round.
    pub fn round_continues(&mut self) -> bool {
        let (now, round) = (self.now.0, u64::from(self.round));
        let continues = |entry: &Entry<E>| entry.time == now && entry.order >> 48 == round;
        if self.head_is_popped && self.cancelled.is_empty() {
            // The next event is one of the popped head's four children: the head itself can stay.
            return self.heap.as_slice().iter().skip(1).take(4).any(continues);
        }
        self.clean_head();
        self.heap.peek().is_some_and(continues)
    }

    /// Removes the next event and moves the clock to it.
    pub fn pop(&mut self) -> Option<E> {
        self.clean_head();
        self.pop_head()
    }

    /// As [`EventQueue::pop`], if the next event comes before `end`.
    pub fn pop_before(&mut self, end: Time) -> Option<E> {
        self.clean_head();
        if self.heap.peek().is_some_and(|entry| entry.time < end.0) { self.pop_head() } else { None }
    }

    /// Pops the head, which is pending; its entry stays until something takes its place.
    #[inline]
    fn pop_head(&mut self) -> Option<E> {
        let entry = *self.heap.peek()?;
        assert!(entry.time >= self.now.0, "time never goes back");
        self.head_is_popped = true;
        self.now = Time(entry.time);
        self.round = (entry.order >> 48) as u32;
        self.last_order = entry.order;
        self.popped = true;
        Some(entry.event)
    }

    /// Rebuilds the heap without what was cancelled, so that far-off cancelled events don't pile up: O(n log n), after
    /// at least n/2 cancellations.
    #[cold]
    fn sweep(&mut self) {
        self.clean_head();
        let mut dead: Vec<u128> = self.cancelled.drain().map(|Reverse(key)| key).collect();
        dead.sort_unstable();
        self.heap.retain(|entry| dead.binary_search(&entry.key()).is_err());
    }

    /// The key of the last event popped.
    fn present_key(&self) -> u128 {
        (u128::from(self.now.0) << 64) | u128::from(self.last_order)
    }

    /// Makes the head of the heap the next pending event. Most queues hold nothing cancelled, and that costs one
    /// comparison.
    #[inline]
    fn clean_head(&mut self) {
        if self.head_is_popped {
            self.head_is_popped = false;
            self.heap.pop();
        }
        if !self.cancelled.is_empty() {
            self.drop_cancelled();
        }
    }

    #[cold]
    fn drop_cancelled(&mut self) {
        while let (Some(entry), Some(&Reverse(key))) = (self.heap.peek(), self.cancelled.peek())
            && entry.key() == key
        {
            self.heap.pop();
            self.cancelled.pop();
        }
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
        assert!(!queue.cancel(first));
        assert_eq!(queue.pop(), Some(2));
    }

    #[test]
    fn cancelled_events_hide_nothing_and_count_once() {
        let mut queue = EventQueue::new();
        let mut handles = (1..=4).map(|time| queue.schedule(Time(time), 0, time)).collect::<Vec<_>>();
        assert!(queue.cancel(handles.remove(2)));
        assert!(queue.cancel(handles.remove(0)));
        assert_eq!(queue.len(), 2);
        assert_eq!(queue.pop_before(Time(2)), None);
        assert_eq!(queue.pop_before(Time(3)), Some(2));
        assert_eq!(queue.pop_before(Time::MAX), Some(4));
        assert_eq!((queue.pop_before(Time::MAX), queue.len(), queue.cancelled.len()), (None, 0, 0));
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
