//! Mean time in system of the multiserver-job model (see [`super::multiserver_job`]) with Poisson arrivals.
//!
//! A state is a phase with the number of jobs in line. The line is cut at a length, where arrivals are lost, and the
//! length is doubled until the mean moves by less than [`TOLERANCE`] of itself. Probabilities fall geometrically with
//! the length, so what is then left out is far smaller still.

use super::chain::{Transition, stationary};
use super::multiserver_job::{MultiserverJobs, Phase};
use super::multiserver_saturation;
use std::collections::{BTreeMap, BTreeSet};

/// Relative change of the mean at which the line is long enough.
const TOLERANCE: f64 = 1e-10;

/// Mean time in system in seconds, waiting and service, over all jobs; relative error below 1e-9.
///
/// Jobs must arrive, and slower than the saturated system completes jobs. Meant for few servers: with p phases and c
/// servers the time grows as p^3 c times the length of the line, and that as 1 / (1 - load).
pub fn multiserver_time(system: &MultiserverJobs, arrivals_per_s: f64) -> f64 {
    let saturation = multiserver_saturation(system);
    assert!(arrivals_per_s > 0.0, "jobs arrive");
    assert!(arrivals_per_s < saturation.throughput_per_s, "the system is stable");
    let mut line = 2 * system.never_all();
    let mut coarse = cut_time(system, arrivals_per_s, line);
    loop {
        line *= 2;
        let fine = cut_time(system, arrivals_per_s, line);
        if (fine - coarse).abs() <= TOLERANCE * fine {
            return fine;
        }
        coarse = fine;
    }
}

/// Mean jobs in a system whose line holds at most `longest` jobs, over the arrival rate (Little 1961).
fn cut_time(system: &MultiserverJobs, arrivals_per_s: f64, longest: usize) -> f64 {
    let states = States::new(system, longest);
    let mut transitions = Vec::new();
    for (from, (phase, waiting)) in states.all().enumerate() {
        let arrivals = states.after_arrival(phase, waiting).into_iter();
        let completions = states.after_completion(phase, waiting).into_iter();
        let steps = arrivals.map(|(to, chance)| (to, arrivals_per_s * chance)).chain(completions);
        transitions.extend(steps.map(|(to, rate)| Transition { from, to, rate }));
    }
    let probabilities = stationary(states.all().count(), &transitions);
    let jobs = states.all().map(|(phase, waiting)| in_service(phase) as usize + waiting);
    let mean_jobs: f64 = jobs.zip(probabilities).map(|(jobs, chance)| jobs as f64 * chance).sum();
    mean_jobs / arrivals_per_s
}

/// The states in order: first those without a line, then the blocked phases with a line of 1, of 2 and so on.
struct States<'a> {
    system: &'a MultiserverJobs,
    longest: usize,
    free: Vec<Phase>,
    blocked: Vec<Phase>,
    place: BTreeMap<Phase, usize>,
}

impl<'a> States<'a> {
    fn new(system: &'a MultiserverJobs, longest: usize) -> Self {
        let admitted =
            (0..system.never_all()).flat_map(|jobs| system.admit(system.nobody(), jobs).into_keys());
        let free: BTreeSet<Phase> = admitted.filter(|(_, head)| head.is_none()).collect();
        let free: Vec<Phase> = free.into_iter().collect();
        let blocked = system.blocked_phases();
        let place = free.iter().cloned().zip(0..).chain(blocked.iter().cloned().zip(0..)).collect();
        Self { system, longest, free, blocked, place }
    }

    fn all(&self) -> impl Iterator<Item = (&Phase, usize)> {
        let lines =
            (1..=self.longest).flat_map(|waiting| self.blocked.iter().map(move |phase| (phase, waiting)));
        self.free.iter().map(|phase| (phase, 0)).chain(lines)
    }

    fn index(&self, phase: &Phase, waiting: usize) -> usize {
        let before = waiting.checked_sub(1).map_or(0, |lines| self.free.len() + lines * self.blocked.len());
        before + self.place[phase]
    }

    /// Where an arrival leads, with the probability of each.
    fn after_arrival(&self, phase: &Phase, waiting: usize) -> Vec<(usize, f64)> {
        if waiting == self.longest {
            return Vec::new();
        }
        if waiting > 0 {
            return vec![(self.index(phase, waiting + 1), 1.0)];
        }
        let started = self.system.admit(phase.0.clone(), 1).into_iter();
        started.map(|(next, chance)| (self.index(&next, usize::from(next.1.is_some())), chance)).collect()
    }

    /// Where completions lead, with the rate of each.
    fn after_completion(&self, phase: &Phase, waiting: usize) -> Vec<(usize, f64)> {
        let completions = self.system.completions(phase, waiting.saturating_sub(1)).into_iter();
        let index = |(next, rate): (Phase, f64)| {
            // One left service and those who follow came from the line.
            let started = in_service(&next) + 1 - in_service(phase);
            (self.index(&next, waiting - started as usize), rate)
        };
        completions.map(index).collect()
    }
}

fn in_service((jobs, _): &Phase) -> u32 {
    jobs.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::super::{MultiserverClass, mmc_wait};
    use super::*;

    fn time(servers: u32, classes: &[(u32, f64, f64)], arrivals_per_s: f64) -> f64 {
        let class = |&(need, share, service_per_s)| MultiserverClass { need, share, service_per_s };
        let system = MultiserverJobs { servers, classes: classes.iter().map(class).collect() };
        multiserver_time(&system, arrivals_per_s)
    }

    #[track_caller]
    fn check(found: f64, known: f64, tolerance: f64) {
        assert!((found - known).abs() <= tolerance, "{found} is not {known}");
    }

    const EQUAL: [(u32, f64, f64); 2] = [(1, 0.5, 1.0), (2, 0.5, 1.0)];

    /// Computed independently, to six decimals.
    #[test]
    fn known_digits() {
        check(time(2, &EQUAL, 0.5), 1.700_663, 5e-7);
        check(time(2, &EQUAL, 0.9), 4.446_081, 5e-7);
        check(time(2, &[(1, 2.0 / 3.0, 1.0), (2, 1.0 / 3.0, 0.5)], 0.6), 4.368_173, 5e-7);
    }

    #[test]
    fn jobs_of_one_need_are_a_queue_of_as_many_servers_as_they_fit() {
        let relative = 1e-9;
        for (servers, need, offered) in [(1, 1, 0.8), (3, 1, 2.4), (3, 3, 0.8), (5, 2, 1.9), (8, 2, 3.0)] {
            let exact = 1.0 + mmc_wait(servers / need, offered);
            check(time(servers, &[(need, 1.0, 1.0)], offered), exact, relative * exact);
        }
        // Classes that differ in name only, and another unit of time.
        let exact = 1.0 + mmc_wait(2, 1.5);
        check(time(4, &[(2, 0.3, 1.0), (2, 0.7, 1.0)], 1.5), exact, relative * exact);
        check(time(2, &[(1, 1.0, 4.0)], 6.0), exact / 4.0, relative * exact);
    }

    /// On two servers with all jobs of need 2 and two rates it is M/G/1 (Pollaczek-Khinchine).
    #[test]
    fn widest_jobs_come_one_at_a_time() {
        let (arrivals, mean, second_moment) = (0.4, 0.75 + 0.25 * 4.0, 2.0 * (0.75 + 0.25 * 16.0));
        let exact = mean + arrivals * second_moment / 2.0 / (1.0 - arrivals * mean);
        check(time(2, &[(2, 0.75, 1.0), (2, 0.25, 0.25)], arrivals), exact, 1e-9 * exact);
    }

    #[test]
    fn at_light_load_a_job_stays_for_its_service() {
        check(time(2, &[(1, 0.5, 1.0), (2, 0.5, 0.5)], 1e-7), 1.5, 1e-6);
    }

    #[test]
    fn other_parameters_have_other_values() {
        let other = [
            time(2, &EQUAL, 0.91),
            time(2, &[(1, 0.51, 1.0), (2, 0.49, 1.0)], 0.9),
            time(2, &[(1, 0.5, 1.0), (2, 0.5, 1.01)], 0.9),
        ];
        for found in other {
            assert!((found - 4.446_081).abs() > 1e-2, "{found}");
        }
    }

    #[test]
    #[should_panic(expected = "the system is stable")]
    fn arrivals_above_the_throughput_are_refused() {
        time(2, &EQUAL, 1.15);
    }
}
