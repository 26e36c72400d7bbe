//! The usage of an account, in unit-seconds, which decays while the account holds units.
//!
//! With half-life `H` and `h` units held, `dU/dt = -ln2/H U + h`, so that after a time `d`
//!
//! ```text
//! U(t + d) = U(t) 2^(-d/H) + h (H/ln2) (1 - 2^(-d/H))        without a half-life: U(t) + h d
//! ```
//!
//! This is the usage of Slurm's multifactor plugin (PriorityDecayHalfLife, PriorityCalcPeriod) but for one thing: Slurm
//! adds what was used in a period undecayed at its end, here it decays from the moment of use. Both terms are positive
//! and the second comes from `expm1`, so that a short `d` loses no digits.
//!
//! The state moves only when the units held change. Reading leaves it as it is: what is read does not depend on how
//! often one reads. Every call is O(1).

use crate::model::Decay;
use crate::units::{Span, Time};
use std::f64::consts::LN_2;

impl Decay {
    /// The last instant, not after `now`, at which usage was looked at.
    pub fn last_recalculation(self, now: Time) -> Time {
        if self.period == Span::ZERO { now } else { Time(now.0 - now.0 % self.period.0) }
    }
}

/// The decaying usage of one account and the units it holds.
///
/// ```
/// use pleiade::model::Decay;
/// use pleiade::scheduling::DecayedUsage;
/// use pleiade::units::{Span, Time};
/// let decay = Decay { half_life: None, period: Span::from_seconds(300) };
/// let mut usage = DecayedUsage::new(decay, 0.0);
/// usage.hold(Time::from_seconds(100), 4);
/// usage.release(Time::from_seconds(400), 4);
/// assert_eq!(usage.usage_at(Time::from_seconds(400)), 1_200.0);
/// assert_eq!(usage.snapshot_at(Time::from_seconds(400)), 800.0); // as it stood after 300 s
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct DecayedUsage {
    decay: Decay,
    /// When the units held last changed.
    changed: Time,
    held: u64,
    /// Usage at `changed`.
    usage: f64,
    /// Usage at the last recalculation not after `changed`.
    snapshot: f64,
}

impl DecayedUsage {
    /// An account with `usage` unit-seconds at the start of the scenario, holding nothing.
    pub fn new(decay: Decay, usage: f64) -> Self {
        assert!(decay.half_life != Some(Span::ZERO), "a half-life is longer than zero");
        assert!(usage.is_finite() && usage >= 0.0, "usage is finite and not negative: {usage}");
        Self { decay, changed: Time::ZERO, held: 0, usage, snapshot: usage }
    }

    /// From `now` on the account holds `units` more.
    pub fn hold(&mut self, now: Time, units: u32) {
        self.advance(now);
        self.held += u64::from(units);
    }

    /// From `now` on the account holds `units` less; it must hold so many.
    pub fn release(&mut self, now: Time, units: u32) {
        self.advance(now);
        self.held = self.held.checked_sub(u64::from(units)).expect("an account releases what it holds");
    }

    /// Units held since the last change.
    pub fn held(&self) -> u64 {
        self.held
    }

    /// Usage at `now`, in unit-seconds; `now` is not before the last change.
    pub fn usage_at(&self, now: Time) -> f64 {
        let span = now.since(self.changed);
        let held = self.held as f64;
        match self.decay.half_life {
            None => self.usage + held * span.as_seconds(),
            Some(half_life) => {
                let halvings = span.0 as f64 / half_life.0 as f64;
                let mean_life = half_life.as_seconds() / LN_2;
                self.usage * libm::exp2(-halvings) - held * mean_life * libm::expm1(-LN_2 * halvings)
            }
        }
    }

    /// Usage at the last recalculation not after `now`, in unit-seconds; `now` is not before the last change.
    pub fn snapshot_at(&self, now: Time) -> f64 {
        assert!(now >= self.changed, "time runs forward");
        let looked_at = self.decay.last_recalculation(now);
        // If none was due since the last change, the one before that change still stands.
        if looked_at > self.changed { self.usage_at(looked_at) } else { self.snapshot }
    }

    fn advance(&mut self, now: Time) {
        (self.snapshot, self.usage) = (self.snapshot_at(now), self.usage_at(now));
        self.changed = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn halving_in(half_life_s: u64, period_s: u64) -> Decay {
        let half_life = Some(Span::from_seconds(half_life_s));
        Decay { half_life, period: Span::from_seconds(period_s) }
    }

    #[test]
    fn validation_case_s9() {
        let usage = DecayedUsage::new(halving_in(7 * 86_400, 0), 1_000.0);
        let after = usage.usage_at(Time::from_seconds(7 * 43_200));
        assert!((after - 707.106_781).abs() < 1e-6, "{after}");
    }

    #[test]
    fn a_long_hold_settles_at_units_times_mean_life() {
        let mut usage = DecayedUsage::new(halving_in(100, 0), 5.0);
        usage.hold(Time::ZERO, 3);
        let settled = 300.0 / LN_2;
        // After 60 half-lives the distance is below the spacing of floats.
        assert!((usage.usage_at(Time::from_seconds(6_000)) / settled - 1.0).abs() < 1e-15);
    }

    #[test]
    fn a_nanosecond_is_not_lost() {
        let mut usage = DecayedUsage::new(halving_in(7 * 86_400, 0), 0.0);
        usage.hold(Time::ZERO, 1);
        // Half of what decays of one nanosecond's usage is 6e-16 of it, beyond the last digits compared.
        assert!((usage.usage_at(Time(1)) / 1e-9 - 1.0).abs() < 1e-14);
    }

    #[test]
    #[should_panic(expected = "releases what it holds")]
    fn more_than_held_is_not_released() {
        let mut usage = DecayedUsage::new(halving_in(100, 0), 0.0);
        usage.hold(Time::ZERO, 2);
        usage.release(Time(1), 3);
    }

    /// A history of changes: seconds since the change before, and the units held from then on.
    fn histories() -> impl Strategy<Value = Vec<(u64, u32)>> {
        prop::collection::vec((0_u64..2_000, 0_u32..50), 1..8)
    }

    fn change_to(usage: &mut DecayedUsage, now: Time, units: u32) {
        let held = usage.held() as u32;
        if units > held { usage.hold(now, units - held) } else { usage.release(now, held - units) }
    }

    /// The classical Runge-Kutta method on the differential equation.
    fn integrate(usage: f64, held: f64, rate: f64, seconds: f64) -> f64 {
        let steps = 2_000;
        let step = seconds / f64::from(steps);
        let slope = |usage: f64| held - rate * usage;
        (0..steps).fold(usage, |usage, _| {
            let first = slope(usage);
            let second = slope(usage + step / 2.0 * first);
            let third = slope(usage + step / 2.0 * second);
            let fourth = slope(usage + step * third);
            usage + step / 6.0 * (first + 2.0 * second + 2.0 * third + fourth)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn agrees_with_numerical_integration(history in histories(), half_life_s in 200_u64..5_000) {
            let mut usage = DecayedUsage::new(halving_in(half_life_s, 0), 1_000.0);
            let rate = LN_2 / half_life_s as f64;
            let (mut now, mut expected) = (Time::ZERO, 1_000.0);
            for (gap_s, units) in history {
                expected = integrate(expected, usage.held() as f64, rate, gap_s as f64);
                now = now + Span::from_seconds(gap_s);
                // A step is at most x = ln2 2000 / (200 * 2000) = 0.0035 mean lives: with x^4 / 120 a mean life over at
                // most 49 mean lives the method errs by 6e-11; a few 2^-53 of rounding in each of 14000 steps make
                // less than 1e-11.
                prop_assert!((usage.usage_at(now) / expected - 1.0).abs() < 1e-10);
                change_to(&mut usage, now, units);
            }
        }

        #[test]
        fn a_snapshot_is_the_value_at_its_boundary(
            history in histories(), period_s in 1_u64..5_000, forgets: bool,
        ) {
            let half_life = forgets.then_some(Span::from_seconds(1_000));
            let decay = Decay { half_life, period: Span::from_seconds(period_s) };
            let mut usage = DecayedUsage::new(decay, 1_000.0);
            let mut changes: Vec<(Time, u32)> = Vec::new();
            let mut now = Time::ZERO;
            for (gap_s, units) in history {
                now = now + Span::from_seconds(gap_s);
                let boundary = Time::from_seconds(now.0 / 1_000_000_000 / period_s * period_s);
                // The same changes again, up to the boundary only.
                let mut until = DecayedUsage::new(Decay { half_life, period: Span::ZERO }, 1_000.0);
                for &(time, units) in changes.iter().filter(|(time, _)| *time <= boundary) {
                    change_to(&mut until, time, units);
                }
                prop_assert_eq!(usage.snapshot_at(now).to_bits(), until.usage_at(boundary).to_bits());
                change_to(&mut usage, now, units);
                prop_assert_eq!(usage.snapshot_at(now).to_bits(), until.usage_at(boundary).to_bits());
                changes.push((now, units));
            }
        }
    }
}
