//! Waits by the day of submission, those of the warm-up too: how long runs take to settle, and the mean wait from there on.

use super::{BatchMeans, mser5};
use crate::records::{JobRow, Outcome};
use crate::statistics::{CONFIDENCE, Estimate, normal_quantile, student_t_quantile};
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// Batches a run, as in [`steady_state`](super::steady_state).
const BATCHES: usize = 20;
/// A day of whose jobs more than this share was still waiting at the end of the observation does not count, nor does any later one:
/// their waits are cut short, and runs that never settle would look as if they did.
const STILL_WAITING: f64 = 0.1;
/// Nanoseconds of a day.
const DAY_NS: u64 = 86_400_000_000_000;

/// The jobs submitted on one day.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Day {
    /// How many were accepted.
    pub jobs: f64,
    /// The sum of their waits in seconds; a job that never started counts with its wait so far, or until its user left.
    pub wait_s: f64,
    /// How many had neither started nor left at the end of the observation.
    pub waiting: f64,
}

impl Day {
    fn plus(self, other: Self) -> Self {
        Self {
            jobs: self.jobs + other.jobs,
            wait_s: self.wait_s + other.wait_s,
            waiting: self.waiting + other.waiting,
        }
    }
}

/// The waits of one run by community and day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DailyWaits {
    /// `[community][day]`, from the first day of the observation on.
    pub days: Vec<Vec<Day>>,
    /// The end of the observation: jobs that have not started have waited until then.
    end_ns: u64,
}

impl DailyWaits {
    /// Nothing seen yet, of so many communities until `end`.
    pub fn new(communities: usize, end: Time) -> Self {
        let days = end.0.div_ceil(DAY_NS) as usize;
        Self { days: vec![vec![Day::default(); days]; communities], end_ns: end.0 }
    }

    /// Counts a job.
    pub fn count(&mut self, row: &JobRow) {
        if matches!(row.outcome, Outcome::Rejected(_) | Outcome::Balked) {
            return;
        }
        let until = row.start.or(row.end);
        let wait = until.unwrap_or(Time(self.end_ns)).since(row.submit);
        if let Some(day) = self.days[row.community.index()].get_mut((row.submit.0 / DAY_NS) as usize) {
            let waiting = f64::from(u8::from(until.is_none()));
            *day = day.plus(Day { jobs: 1.0, wait_s: wait.as_seconds(), waiting });
        }
    }

    /// `[day]`: all communities together.
    pub fn together(&self) -> Vec<Day> {
        sums(self.days.iter().map(Vec::as_slice))
    }
}

/// Day by day the sums of several series of equal length.
fn sums<'d>(series: impl Iterator<Item = &'d [Day]>) -> Vec<Day> {
    let add = |mut sums: Vec<Day>, days: &[Day]| {
        sums.resize(days.len(), Day::default());
        for (sum, day) in sums.iter_mut().zip(days) {
            *sum = sum.plus(*day);
        }
        sums
    };
    series.fold(Vec::new(), add)
}

/// Where the runs of a system settle, and what they are like from there on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Settling {
    /// Days left out at the beginning; `None` where the runs do not settle within their first half.
    pub days_out: Option<u32>,
    /// The mean wait in seconds of the jobs submitted later, by batch means; its count is that of the batches of all runs.
    /// `None` where they do not settle, or where there are not two days for each batch of a run.
    pub wait_s: Option<Estimate>,
    /// Von Neumann's ratio of the batch means of a run, the mean over the runs: 2 where batches do not depend on each other.
    pub neighbours_ratio: Option<f64>,
    /// Whether that ratio is so low that batches surely depend on each other: the interval is too narrow then, and a longer
    /// run is needed.
    pub depends: bool,
}

/// Finds the beginning to leave out by MSER-5 on the mean wait by day over all `runs` (days without a job aside), which is smoother
/// than that of one, and the mean of the rest by twenty batches of days in each run. Runs are independent, and so are batches
/// if they are long enough: the variance of the mean is that of the batch means over how many there are in all, and
/// Student's t has 19 degrees of freedom a run.
pub fn settling(runs: &[Vec<Day>]) -> Settling {
    let nothing = Settling { days_out: None, wait_s: None, neighbours_ratio: None, depends: false };
    let mut all = sums(runs.iter().map(Vec::as_slice));
    all.truncate(all.iter().take_while(|day| day.waiting <= STILL_WAITING * day.jobs).count());
    let busy: Vec<usize> = (0..all.len()).filter(|&day| all[day].jobs > 0.0).collect();
    let series: Vec<f64> = busy.iter().map(|&day| all[day].wait_s / all[day].jobs).collect();
    let Some(found) = mser5(&series).filter(super::Truncation::has_settled) else { return nothing };
    let out = busy.get(found.values_out()).copied().unwrap_or(all.len());
    let settled = Settling { days_out: Some(out as u32), ..nothing };
    // Whole batches: what is more is left out at the beginning.
    let batch = (all.len() - out) / BATCHES;
    if batch < 2 {
        return settled;
    }
    let of_run = |days: &Vec<Day>| {
        let mut batches = BatchMeans::without_warm_up((batch * BATCHES) as u64, BATCHES as u64);
        for (ordinal, day) in days[all.len() - batch * BATCHES..all.len()].iter().enumerate() {
            batches.add_part(ordinal as u64, day.wait_s, day.jobs);
        }
        batches
    };
    let batches: Vec<BatchMeans> = runs.iter().map(of_run).collect();
    let n = runs.len() as f64;
    let means = batches.iter().map(BatchMeans::mean_and_error);
    let (mean, squares) =
        means.fold((0.0, 0.0), |sums, (mean, error)| (sums.0 + mean / n, sums.1 + error * error));
    let t = student_t_quantile(f64::midpoint(1.0, CONFIDENCE), n * (BATCHES - 1) as f64);
    let ratio = batches.iter().map(BatchMeans::neighbours_ratio).sum::<f64>() / n;
    Settling {
        wait_s: mean.is_finite().then(|| Estimate {
            mean: Some(mean),
            half_width: Some(t * squares.sqrt() / n),
            count: (runs.len() * BATCHES) as u32,
        }),
        neighbours_ratio: ratio.is_finite().then_some(ratio),
        depends: ratio < least_ratio(n),
        ..settled
    }
}

/// Below this the mean of the ratios of so many runs tells dependence: in one of twenty systems of independent batches.
///
/// Von Neumann's ratio of n independent normal values has mean 2 and variance 4 (n - 2) / (n² - 1) (von Neumann 1941, with the
/// variance over n - 1), close to normal for twenty.
fn least_ratio(runs: f64) -> f64 {
    let batches = BATCHES as f64;
    let variance = 4.0 * (batches - 2.0) / (batches * batches - 1.0);
    2.0 - normal_quantile(CONFIDENCE) * (variance / runs).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Universe, entity_key};

    /// Days of ten jobs whose mean wait is drawn about `mean` with a memory of `keeps` of the day before, from `first` on.
    fn days(run: u32, count: usize, (mean, first, keeps): (f64, f64, f64)) -> Vec<Day> {
        let mut stream = Universe::new(3, run).stream(entity_key("test", "days"), 0, 0);
        let mut off = first - mean;
        let mut day = || {
            off = keeps * off + normal_quantile(stream.uniform());
            Day { jobs: 10.0, wait_s: 10.0 * (mean + off), waiting: 0.0 }
        };
        (0..count).map(|_| day()).collect()
    }

    /// Independent days after a beginning that fades: the beginning goes, and in 400 systems of two runs the interval holds the
    /// mean as often as it says, within four standard errors.
    #[test]
    fn the_beginning_goes_and_the_mean_is_held() {
        const SYSTEMS: u32 = 400;
        let (mut held, mut depends) = (0, 0);
        for system in 0..SYSTEMS {
            let run = |run: u32| {
                let mut days = days(2 * system + run, 500, (20.0, 20.0, 0.0));
                (0..40).for_each(|day| days[day].wait_s += 200.0 * libm::exp(-(day as f64) / 10.0));
                days
            };
            let found = settling(&[run(0), run(1)]);
            assert!((15..=250).contains(&found.days_out.unwrap()), "{found:?}");
            let wait = found.wait_s.unwrap();
            assert_eq!(wait.count, 40);
            held += u32::from(wait.interval().is_some_and(|(low, high)| low <= 20.0 && 20.0 <= high));
            depends += u32::from(found.depends);
        }
        let allowed = 4.0 * (0.95 * 0.05 * f64::from(SYSTEMS)).sqrt();
        assert!((f64::from(held) - 0.95 * f64::from(SYSTEMS)).abs() < allowed, "{held}");
        assert!((f64::from(depends) - 0.05 * f64::from(SYSTEMS)).abs() < allowed, "{depends}");
    }

    #[test]
    fn what_can_not_be_told_is_not() {
        // A memory of many weeks: batches of three weeks depend on each other.
        let found = settling(&[days(0, 420, (50.0, 50.0, 0.995)), days(1, 420, (50.0, 50.0, 0.995))]);
        assert!(found.depends || found.days_out.is_none(), "{found:?}");
        // Waits that grow all the time never settle.
        let growing: Vec<Day> =
            (0..300).map(|day| Day { jobs: 1.0, wait_s: f64::from(day), waiting: 0.0 }).collect();
        assert_eq!(settling(&[growing]).days_out, None);
        // Nor do those that are cut short at the end, whoever would be taken in by them.
        let queue = |day: u32| f64::from(day.min(300 - day));
        let cut: Vec<Day> = (0..300)
            .map(|day| Day { jobs: 1.0, wait_s: queue(day), waiting: f64::from(u8::from(day >= 150)) })
            .collect();
        assert_eq!(settling(&[cut]).days_out, None);
        // Too short for batches, and nothing at all.
        let short = settling(&[days(0, 39, (20.0, 20.0, 0.0))]);
        assert_eq!(short.wait_s, None);
        assert_eq!(settling(&[vec![Day::default(); 100]]).days_out, None);
        // Days without a job are no zeros.
        let mut odd = days(0, 200, (20.0, 20.0, 0.0));
        odd.iter_mut().step_by(2).for_each(|day| *day = Day::default());
        let wait = settling(&[odd]).wait_s.unwrap();
        assert!((wait.mean.unwrap() - 20.0).abs() < 1.0, "{wait:?}");
    }
}
