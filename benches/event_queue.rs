//! The event queue under the hold model: pop the next event and schedule one a random time later, with a constant
//! number pending, against the standard library's binary heap with nothing around it.
//!
//! The bare heap orders by (time, sequence) alone: no clock, rounds, phases, handles or checks. In the form with cancel
//! each hold schedules two events and cancels one of them; the bare heap is given a flag for each event.

mod rounds;

use criterion::{BenchmarkId, Criterion};
use pleiade::engine::EventQueue;
use pleiade::units::{Span, Time};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;

const PENDING: [usize; 4] = [100, 1_000, 10_000, 100_000];
/// Holds in one timed piece of work.
const HOLDS: u32 = 100_000;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("hold");
    for pending in PENDING {
        let mut queue = OurQueue::filled(pending);
        group.bench_function(BenchmarkId::new("event_queue", pending), |b| b.iter(|| queue.hold()));
        let mut heap = BareHeap::filled(pending);
        group.bench_function(BenchmarkId::new("bare_heap", pending), |b| b.iter(|| heap.hold()));
    }
    group.finish();
    criterion.final_summary();
    check_order();
    for pending in PENDING {
        print_ratio("hold", pending, OurQueue::hold, BareHeap::hold);
        print_ratio("hold_cancel", pending, OurQueue::hold_and_cancel, BareHeap::hold_and_cancel);
    }
}

fn print_ratio(form: &str, pending: usize, ours: fn(&mut OurQueue) -> u32, bare: fn(&mut BareHeap) -> u32) {
    let (mut queue, mut heap) = (OurQueue::filled(pending), BareHeap::filled(pending));
    let names = (format!("event_queue_{form}_{pending}"), format!("bare_heap_{form}_{pending}"));
    let (a, b) = rounds::print_ratio(
        (&names.0, &names.1),
        10,
        || (0..HOLDS).map(|_| ours(&mut queue)).fold(0, u32::wrapping_add),
        || (0..HOLDS).map(|_| bare(&mut heap)).fold(0, u32::wrapping_add),
    );
    let ns = 1e9 / f64::from(HOLDS);
    println!("{form} at {pending} pending: {:.1} ns and {:.1} ns each", a * ns, b * ns);
}

/// Both give the same events in the same order.
fn check_order() {
    let (mut queue, mut heap) = (OurQueue::filled(1_000), BareHeap::filled(1_000));
    for _ in 0..10_000 {
        assert_eq!(queue.hold(), heap.hold());
        assert_eq!(queue.hold_and_cancel(), heap.hold_and_cancel());
    }
}

/// Times to the next event, up to some 18 minutes in nanoseconds (xorshift64, Marsaglia 2003).
struct Gaps(u64);

impl Gaps {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        1 + (self.0 >> 24)
    }
}

struct OurQueue {
    queue: EventQueue<u32>,
    gaps: Gaps,
    next: u32,
}

impl OurQueue {
    fn filled(pending: usize) -> Self {
        let mut filled = Self { queue: EventQueue::new(), gaps: Gaps(1), next: 0 };
        for _ in 0..pending {
            filled.schedule();
        }
        filled
    }

    fn schedule(&mut self) -> pleiade::engine::EventHandle {
        self.next = self.next.wrapping_add(1);
        let time = self.queue.now() + Span(self.gaps.next());
        self.queue.schedule(time, 0, self.next)
    }

    fn hold(&mut self) -> u32 {
        let event = self.queue.pop().expect("events are pending");
        self.schedule();
        event
    }

    fn hold_and_cancel(&mut self) -> u32 {
        let event = self.hold();
        let handle = self.schedule();
        black_box(self.queue.cancel(handle));
        debug_assert!(self.queue.now() > Time::ZERO);
        event
    }
}

/// (time, sequence, event); a cancelled event is marked by its sequence.
struct BareHeap {
    heap: BinaryHeap<Reverse<(u64, u64, u32)>>,
    /// By slot: whether the event in it was cancelled.
    cancelled: Vec<bool>,
    free: Vec<u32>,
    gaps: Gaps,
    now: u64,
    next: u32,
}

impl BareHeap {
    fn filled(pending: usize) -> Self {
        let mut filled = Self {
            heap: BinaryHeap::new(),
            cancelled: Vec::new(),
            free: Vec::new(),
            gaps: Gaps(1),
            now: 0,
            next: 0,
        };
        for _ in 0..pending {
            filled.schedule();
        }
        filled
    }

    fn schedule(&mut self) {
        self.next = self.next.wrapping_add(1);
        self.heap.push(Reverse((self.now + self.gaps.next(), u64::from(self.next), u32::MAX)));
    }

    fn hold(&mut self) -> u32 {
        let event = self.pop();
        self.schedule();
        event
    }

    fn pop(&mut self) -> u32 {
        loop {
            let Reverse((time, sequence, slot)) = self.heap.pop().expect("events are pending");
            if slot != u32::MAX {
                self.free.push(slot);
                if std::mem::take(&mut self.cancelled[slot as usize]) {
                    continue;
                }
            }
            self.now = time;
            return sequence as u32;
        }
    }

    fn hold_and_cancel(&mut self) -> u32 {
        let event = self.hold();
        let slot = self.free.pop().unwrap_or_else(|| {
            self.cancelled.push(false);
            self.cancelled.len() as u32 - 1
        });
        self.next = self.next.wrapping_add(1);
        self.heap.push(Reverse((self.now + self.gaps.next(), u64::from(self.next), slot)));
        self.cancelled[slot as usize] = true;
        event
    }
}
