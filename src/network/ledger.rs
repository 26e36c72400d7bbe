//! The books of the network: bytes put in, bytes taken out, and the integrals of rates that must agree with them.

/// A running sum of f64 that keeps what rounding would lose: its error doesn't grow with the number of terms, so that
/// ten years of small contributions add up. What an addition loses is exact, whichever term is the greater (Knuth, The
/// Art of Computer Programming 2, 4.2.2, theorem B).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RunningSum {
    sum: f64,
    lost: f64,
}

impl RunningSum {
    pub(super) fn add(&mut self, term: f64) {
        let sum = self.sum + term;
        let added = sum - self.sum;
        self.lost += (self.sum - (sum - added)) + (term - added);
        self.sum = sum;
    }

    pub(super) fn total(self) -> f64 {
        self.sum + self.lost
    }
}

/// The state of the books at one instant, all in bytes.
///
/// Whole transfers are counted in integers (`u128`: ten years of a busy network pass the 18 EB of a `u64`). What the
/// rates moved is integrated in f64 by itself, once by transfer and once by link, so that the two laws are real checks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ledger {
    /// Bytes of all transfers ever started.
    pub injected: u128,
    /// Bytes of all transfers finished.
    pub delivered: u128,
    /// Bytes of all transfers that were called off before they finished.
    pub cancelled: u128,
    /// Bytes sent in vain: by transfers that were called off, or that began again.
    pub lost: f64,
    /// Bytes still to be served, of the transfers in flight: waiting for their latency, or on their way.
    pub remaining: f64,
    /// The integral of all transfers' rates over time.
    pub served: f64,
    /// The part of `served` that fell to transfers between their end and the next whole nanosecond.
    pub rounding: f64,
    /// The integral of all transfers' rates times the number of links they cross, with their share of those back.
    pub served_by_links: f64,
    /// The sum over links of the bytes they carried, integrated link by link.
    pub carried: f64,
}

impl Ledger {
    /// How far the books are off, relatively: the greater of two errors, near 1e-15 where all is right.
    ///
    /// - `injected - cancelled + lost = remaining + served - rounding`: what went in is out, or still to be served, and
    ///   what was sent in vain was sent beside it;
    /// - `carried = served_by_links`: each link carried the bytes of the transfers that cross it.
    pub fn relative_error(&self) -> f64 {
        let injected = self.injected as f64;
        let due = (self.injected - self.cancelled) as f64 + self.lost;
        let moved = (due - self.remaining - (self.served - self.rounding)).abs() / injected.max(1.0);
        let crossed = (self.carried - self.served_by_links).abs() / self.served_by_links.max(1.0);
        moved.max(crossed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_terms_are_not_lost() {
        let mut sum = RunningSum::default();
        sum.add(1e16);
        for _ in 0..1_000 {
            sum.add(0.125);
        }
        sum.add(-1e16);
        assert_eq!(sum.total().to_bits(), 125.0_f64.to_bits());
    }
}
