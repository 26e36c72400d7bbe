//! A link as it fills, round by round, with what is needed to go back to the start of any round.
//!
//! Going back restores kept values and computes none, so it is exact.

/// No round, no link, no place.
pub(super) const NONE: u32 = u32::MAX;

/// What a link shows from the start of a round until its next moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// Weight of the flows on it without a rate yet, in parts; a whole number.
    open: f64,
    /// Rate given so far, in parts.
    load: f64,
    /// What each open flow would get by unit of weight.
    share: f64,
    /// The round from whose start on it holds.
    round: u32,
}

/// A link while it is filled; rates and weights in parts.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) capacity: f64,
    /// Weight of the flows on it without a rate yet.
    pub(super) open: f64,
    /// Rate given so far.
    pub(super) load: f64,
    /// Its place among the links that are looked at.
    pub(super) place: u32,
    /// Open weight that the present round is about to take.
    pub(super) taken: f64,
    /// The first holds from the beginning.
    trail: Vec<Moment>,
}

impl Link {
    /// A link of this capacity, in parts, on which there is no flow.
    pub(super) fn new(capacity: f64) -> Self {
        Self { capacity, open: 0.0, load: 0.0, place: NONE, taken: 0.0, trail: Vec::new() }
    }

    /// What each open flow would get by unit of weight: `(capacity - load) / open`; infinite once no flow is open.
    /// Rounding may load a link above its capacity by a last bit: never a negative share.
    fn share(&self) -> f64 {
        if self.open > 0.0 { (self.capacity - self.load).max(0.0) / self.open } else { f64::INFINITY }
    }

    /// Before the first round, with flows of this weight in all; gives the share.
    pub(super) fn begin(&mut self, weight: f64) -> f64 {
        self.trail.clear();
        (self.open, self.load) = (weight, 0.0);
        self.mark(0)
    }

    /// Keeps what it shows from the start of `round` on; gives the share.
    pub(super) fn mark(&mut self, round: u32) -> f64 {
        let share = self.share();
        self.trail.push(Moment { open: self.open, load: self.load, share, round });
        share
    }

    /// Back to the start of `round`; gives the share.
    pub(super) fn go_back(&mut self, round: u32) -> f64 {
        while let [.., _, last] = self.trail[..]
            && last.round > round
        {
            self.trail.pop();
        }
        let Some(&Moment { open, load, share, .. }) = self.trail.last() else { return f64::INFINITY };
        (self.open, self.load) = (open, load);
        share
    }

    /// Has all flows on it, of this weight, and the capacity that it has now, in all moments up to the start of round
    /// `keep`, as long as `is_felt(share, from, to)` gives none of the rounds `from..to` between two moments; it gives
    /// the first round in which the link is felt, or else `keep`.
    pub(super) fn change(
        &mut self,
        weight: f64,
        mut keep: usize,
        is_felt: impl Fn(f64, usize, usize) -> Option<usize>,
    ) -> usize {
        let Some(change) = self.trail.first().map(|first| weight - first.open) else { return keep };
        for index in 0..self.trail.len() {
            let from = self.trail[index].round as usize;
            if from > keep {
                break;
            }
            let to = self.trail.get(index + 1).map_or(keep, |next| keep.min(next.round as usize));
            (self.open, self.load) = (self.trail[index].open + change, self.trail[index].load);
            let share = self.share();
            (self.trail[index].open, self.trail[index].share) = (self.open, share);
            keep = is_felt(share, from, to).unwrap_or(keep);
        }
        keep
    }
}
