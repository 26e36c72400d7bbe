//! The running jobs of a partition by expected end: what a policy plans with.

use crate::units::Time;

/// Expected ends and units of the running jobs, latest end first, so that the next end is at the back.
///
/// Insert and remove are a binary search and a move of the jobs that end earlier.
#[derive(Debug, Clone, Default)]
pub struct RunningSet {
    ends: Vec<(Time, u32)>,
}

impl RunningSet {
    /// Adds a job.
    #[inline]
    pub fn insert(&mut self, expected_end: Time, units: u32) {
        let place = self.ends.partition_point(|&(end, _)| end > expected_end);
        self.ends.insert(place, (expected_end, units));
    }

    /// Removes a job with this end and size; one must be there.
    #[inline]
    pub fn remove(&mut self, expected_end: Time, units: u32) {
        let first = self.ends.partition_point(|&(end, _)| end > expected_end);
        let equal = self.ends[first..].iter().take_while(|&&(end, _)| end == expected_end);
        let offset = equal.map(|&(_, size)| size).position(|size| size == units);
        self.ends.remove(first + offset.expect("a job that ends was running"));
    }

    /// Whether a job with this end and size is there.
    pub fn contains(&self, expected_end: Time, units: u32) -> bool {
        let first = self.ends.partition_point(|&(end, _)| end > expected_end);
        self.ends[first..].iter().take_while(|&&(end, _)| end == expected_end).any(|&(_, size)| size == units)
    }

    /// Removes and returns a job whose expected end is not after `now`.
    pub fn pop_overdue(&mut self, now: Time) -> Option<u32> {
        self.ends.pop_if(|(end, _)| *end <= now).map(|(_, units)| units)
    }

    /// How many jobs run.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Expected ends with their units, earliest first.
    pub fn by_end(&self) -> impl Iterator<Item = (Time, u32)> + '_ {
        self.ends.iter().rev().copied()
    }

    /// Whether nothing runs.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The earliest time at which `units` are free by the expected ends, given `free` now, and the units that are then
    /// free in all: every job that ends at that very time is counted. `None` if there are never enough.
    pub fn earliest_fit(&self, free: u32, units: u32) -> Option<(Time, u32)> {
        let (mut sum, mut fit) = (free, None);
        for &(end, freed) in self.ends.iter().rev() {
            if fit.is_some_and(|fit| fit < end) {
                break;
            }
            sum += freed;
            if sum >= units {
                fit = Some(end);
            }
        }
        fit.map(|end| (end, sum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_equal_ends_count() {
        let mut running = RunningSet::default();
        for (end, units) in [(10, 2), (20, 3), (10, 1), (30, 4)] {
            running.insert(Time(end), units);
        }
        assert_eq!(running.earliest_fit(0, 1), Some((Time(10), 3)));
        assert_eq!(running.earliest_fit(0, 4), Some((Time(20), 6)));
        assert_eq!(running.earliest_fit(0, 11), None);
        running.remove(Time(10), 2);
        assert_eq!(running.earliest_fit(1, 2), Some((Time(10), 2)));
    }
}
