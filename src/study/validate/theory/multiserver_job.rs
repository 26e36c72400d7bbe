//! The multiserver-job model under first come, first served: Grosof, Harchol-Balter and Scheller-Wolf (2020),
//! "Stability for two-class multiserver-job systems", arXiv 2010.00631.
//!
//! Each job holds as many servers as its class needs, all at once, for an exponential time. The job at the head of the
//! line waits until its servers are free, and all behind it wait too: servers stand idle although jobs wait.
//!
//! Classes of waiting jobs are drawn only when they come to the head, so a phase is the jobs in service by class and
//! the class of the blocked head, if a job waits.

use std::collections::BTreeMap;

/// A class of jobs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MultiserverClass {
    /// Servers that a job of the class holds.
    pub need: u32,
    /// Share of the arriving jobs; positive, and all shares add up to 1.
    pub share: f64,
    /// Completions per second of a job in service.
    pub service_per_s: f64,
}

/// Servers and the jobs that come to them.
#[derive(Debug, Clone, PartialEq)]
pub struct MultiserverJobs {
    /// Servers.
    pub servers: u32,
    /// The classes; none needs more than all servers.
    pub classes: Vec<MultiserverClass>,
}

/// The jobs in service by class, and the class of the first in line if one waits.
pub(super) type Phase = (Vec<u32>, Option<usize>);

impl MultiserverJobs {
    /// Panics on a system that the chains do not describe.
    pub(super) fn assert_valid(&self) {
        let needs = self.classes.iter().map(|class| class.need);
        assert!(needs.clone().min() >= Some(1) && needs.max() <= Some(self.servers), "each job fits");
        let positive = |class: &MultiserverClass| class.share > 0.0 && class.service_per_s > 0.0;
        assert!(self.classes.iter().all(positive), "shares and rates are positive");
        let shares: f64 = self.classes.iter().map(|class| class.share).sum();
        assert!((shares - 1.0).abs() < 1e-9, "shares add up to 1");
    }

    /// The phases in which the first in line is blocked.
    pub(super) fn blocked_phases(&self) -> Vec<Phase> {
        self.admit(self.nobody(), self.never_all()).into_keys().collect()
    }

    /// No jobs in service.
    pub(super) fn nobody(&self) -> Vec<u32> {
        vec![0; self.classes.len()]
    }

    /// A number of jobs that never fit all at once: a line so long never empties at one completion.
    pub(super) fn never_all(&self) -> usize {
        self.servers as usize + 1
    }

    /// What follows each completion in `phase`, with its rate per second; behind the first in line are `undrawn` jobs.
    pub(super) fn completions(&self, phase: &Phase, undrawn: usize) -> Vec<(Phase, f64)> {
        let (jobs, head) = phase;
        let mut next = Vec::new();
        for (class, of) in self.classes.iter().enumerate().filter(|&(class, _)| jobs[class] > 0) {
            let rate = f64::from(jobs[class]) * of.service_per_s;
            let mut left = jobs.clone();
            left[class] -= 1;
            let Some(head) = *head else {
                next.push(((left, None), rate));
                continue;
            };
            if self.fits(&left, head) {
                left[head] += 1;
                let admitted = self.admit(left, undrawn);
                next.extend(admitted.into_iter().map(|(phase, chance)| (phase, rate * chance)));
            } else {
                next.push(((left, Some(head)), rate));
            }
        }
        next
    }

    /// Draws the classes of up to `undrawn` jobs in line and starts each, until one does not fit; gives each phase that
    /// this can lead to, with its probability.
    pub(super) fn admit(&self, jobs: Vec<u32>, undrawn: usize) -> BTreeMap<Phase, f64> {
        let mut settled = BTreeMap::new();
        let mut open = BTreeMap::from([(jobs, 1.0)]);
        for _ in 0..undrawn {
            for (jobs, chance) in std::mem::take(&mut open) {
                for (class, of) in self.classes.iter().enumerate() {
                    if self.fits(&jobs, class) {
                        let mut more = jobs.clone();
                        more[class] += 1;
                        *open.entry(more).or_default() += chance * of.share;
                    } else {
                        settled.insert((jobs.clone(), Some(class)), chance * of.share);
                    }
                }
            }
        }
        settled.extend(open.into_iter().map(|(jobs, chance)| ((jobs, None), chance)));
        settled
    }

    fn fits(&self, jobs: &[u32], class: usize) -> bool {
        let held: u32 = jobs.iter().zip(&self.classes).map(|(count, class)| count * class.need).sum();
        held + self.classes[class].need <= self.servers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_servers() -> MultiserverJobs {
        let class = |need, share| MultiserverClass { need, share, service_per_s: f64::from(need) };
        MultiserverJobs { servers: 2, classes: vec![class(1, 0.75), class(2, 0.25)] }
    }

    /// From an empty system: a wide job and any behind it, a narrow one and a wide one behind it, or two narrow ones
    /// and any behind them.
    #[test]
    fn admission_stops_at_the_first_that_does_not_fit() {
        let admitted = two_servers().admit(vec![0, 0], 3);
        let expected = BTreeMap::from([
            ((vec![0, 1], Some(0)), 0.25 * 0.75),
            ((vec![0, 1], Some(1)), 0.25 * 0.25),
            ((vec![1, 0], Some(1)), 0.75 * 0.25),
            ((vec![2, 0], Some(0)), 0.75 * 0.75 * 0.75),
            ((vec![2, 0], Some(1)), 0.75 * 0.75 * 0.25),
        ]);
        assert_eq!(admitted, expected);
        let both = two_servers().admit(vec![0, 0], 1);
        assert_eq!(both, BTreeMap::from([((vec![1, 0], None), 0.75), ((vec![0, 1], None), 0.25)]));
    }

    #[test]
    fn a_completion_starts_the_head_only_if_it_fits() {
        let blocked = two_servers().completions(&(vec![2, 0], Some(1)), 5);
        assert_eq!(blocked, [((vec![1, 0], Some(1)), 2.0)]);
        let alone = two_servers().completions(&(vec![1, 0], Some(1)), 0);
        assert_eq!(alone, [((vec![0, 1], None), 1.0)]);
        let several = two_servers().completions(&(vec![0, 1], Some(0)), 1);
        assert_eq!(several, [((vec![1, 0], Some(1)), 2.0 * 0.25), ((vec![2, 0], None), 2.0 * 0.75)]);
    }
}
