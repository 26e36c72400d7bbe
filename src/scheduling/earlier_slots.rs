//! Where the search for a slot may begin, from the slots given before on the same profile.
//!
//! While capacity is only taken away, the earliest slot is monotone: a job that is at least as wide and as long as one
//! placed before cannot start before it. Queues hold many jobs of few sizes, so most searches skip most of the profile.

use crate::units::{Span, Time};

/// The slots given so far.
#[derive(Debug, Clone, Default)]
pub(super) struct EarlierSlots {
    slots: Vec<(u32, Span, Time)>,
}

impl EarlierSlots {
    /// Forgets all: the profile is new.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
    }

    /// No slot of a job of so many units for this length begins before; `now` if nothing is known.
    pub(super) fn bound(&self, units: u32, length: Span, now: Time) -> Time {
        let smaller = self.slots.iter().filter(|(other, time, _)| *other <= units && *time <= length);
        smaller.map(|(_, _, slot)| *slot).max().unwrap_or(now).max(now)
    }

    /// A slot was the earliest one of a job, and is taken.
    pub(super) fn note(&mut self, units: u32, length: Span, slot: Time) {
        // Wider and longer jobs with an earlier slot say nothing new.
        self.slots.retain(|&(other, time, before)| !(other >= units && time >= length && before <= slot));
        self.slots.push((units, length, slot));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduling::Profile;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Searching from the bound finds the same slots as searching from the start.
        #[test]
        fn the_bound_hides_no_slot(
            running in prop::collection::vec((1_u64..50, 1_u32..8), 0..12),
            jobs in prop::collection::vec((1_u32..9, 1_u64..40), 1..30),
        ) {
            let mut profile = Profile::new(Time(0), 40);
            for (end, units) in running {
                profile.take(Time(0), Time(end), units.min(3));
            }
            let mut earlier = EarlierSlots::default();
            for (units, length) in jobs {
                let slot = profile.earliest(Time(0), units, Span(length)).unwrap();
                let bound = earlier.bound(units, Span(length), Time(0));
                prop_assert_eq!(profile.earliest(bound, units, Span(length)), Some(slot));
                profile.take(slot, slot.saturating_add(Span(length)), units);
                earlier.note(units, Span(length), slot);
            }
        }
    }
}
