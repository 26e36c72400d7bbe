//! Limits of what may be held at once: by a partition's jobs, a community, a country's users in it, a consortium.
//!
//! Each is a group with a cap in units. A lane of the queue belongs to some groups, and what is left to it is the least
//! that is left in any of them. A job that exceeds what is left to its lane is passed over: it blocks nobody and has no
//! reservation, as Slurm does it with the limits of its qualities of service.

/// A group with its cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Group {
    cap: u64,
    held: u64,
}

/// The limits of one partition and who is under them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    groups: Vec<Group>,
    /// By lane.
    groups_of: Vec<Vec<usize>>,
}

impl Limits {
    /// No limits, for so many lanes.
    pub fn none(lanes: usize) -> Self {
        Self { groups: Vec::new(), groups_of: vec![Vec::new(); lanes] }
    }

    /// Caps what the jobs of all `lanes` hold together.
    pub fn add(&mut self, cap_units: u64, lanes: impl IntoIterator<Item = usize>) {
        self.groups.push(Group { cap: cap_units, held: 0 });
        for lane in lanes {
            self.groups_of[lane].push(self.groups.len() - 1);
        }
    }

    /// Whether nothing is limited.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    fn left_after(&self, lane: u32, taken: &[u64]) -> u32 {
        let left = self.groups_of[lane as usize].iter().map(|&index| {
            let Group { cap, held } = self.groups[index];
            cap.saturating_sub(held + taken[index])
        });
        left.min().map_or(u32::MAX, |left| u32::try_from(left).unwrap_or(u32::MAX))
    }

    /// For a decision: what is left as jobs are chosen one after another.
    pub fn tally(&self) -> Tally<'_> {
        Tally { limits: self, taken: vec![0; self.groups.len()] }
    }

    /// A job of the lane starts to hold units.
    pub fn hold(&mut self, lane: u32, units: u32) {
        for &group in &self.groups_of[lane as usize] {
            self.groups[group].held += u64::from(units);
        }
    }

    /// A job of the lane holds units no more.
    pub fn release(&mut self, lane: u32, units: u32) {
        for &group in &self.groups_of[lane as usize] {
            let held = &mut self.groups[group].held;
            *held = held.checked_sub(units.into()).expect("a lane releases what it holds");
        }
    }
}

/// What is left to the lanes once the jobs chosen so far have started.
#[derive(Debug, Clone)]
pub struct Tally<'a> {
    limits: &'a Limits,
    /// By group.
    taken: Vec<u64>,
}

impl Tally<'_> {
    /// Units left to a lane; the greatest number if it is under no limit.
    #[inline]
    pub fn left(&self, lane: u32) -> u32 {
        if self.taken.is_empty() { u32::MAX } else { self.limits.left_after(lane, &self.taken) }
    }

    /// A job of the lane is chosen.
    pub fn take(&mut self, lane: u32, units: u32) {
        if !self.taken.is_empty() {
            for &group in &self.limits.groups_of[lane as usize] {
                self.taken[group] += u64::from(units);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tightest_group_decides() {
        let mut limits = Limits::none(3);
        limits.add(10, [0, 1]);
        limits.add(4, [1]);
        let left = |limits: &Limits| [0, 1, 2].map(|lane| limits.tally().left(lane));
        assert_eq!(left(&limits), [10, 4, u32::MAX]);
        limits.hold(0, 7);
        assert_eq!(left(&limits), [3, 3, u32::MAX]);
        limits.hold(1, 3);
        limits.release(0, 7);
        assert_eq!(left(&limits), [7, 1, u32::MAX]);
        let mut tally = limits.tally();
        tally.take(0, 7);
        assert_eq!([tally.left(0), tally.left(1)], [0, 0]);
    }
}
