//! From communities of a checked file to streams of arrivals: growth, activity on the clock of each country, bursts.

use super::amount::{distribution, normalised};
use super::arrival_format::{Batch, BatchSizes, Closed, GrowthCurve, Holiday, Rhythm};
use super::build::named;
use super::check::projects_key;
use super::demand_format::{Community, Country as FileCountry, Weight};
use super::format::ScenarioFile;
use crate::engine::{CountDistribution, CountError};
use crate::model::{
    Activity, ArrivalStream, Asks, Bursts, CommunityId, Country, CountryId, Growth, Hours, Id, IdVec,
    LocalClock, StreamId,
};
use crate::units::{Calendar, Time, YEAR};
use std::collections::BTreeMap;

/// One stream for each community and country that asks for something: all those of jobs, then those of projects.
pub(super) fn streams(
    file: &ScenarioFile,
    countries: &IdVec<CountryId, Country>,
    calendar: Calendar,
) -> IdVec<StreamId, ArrivalStream> {
    let (mut jobs, mut projects) = (Vec::new(), Vec::new());
    for (index, community) in file.community.iter().enumerate() {
        let of = Asking { id: Id::from_index(index), community, file, countries, calendar };
        let weights = community.countries.iter().filter(|(_, weight)| weight.0 > 0.0);
        let weights = normalised(weights.map(|(id, weight)| (id.as_str(), weight.0)).collect());
        let of_projects = community.projects_per_year / YEAR.as_seconds();
        for &(country, share) in weights.iter().filter(|_| of_projects > 0.0) {
            let stream = of.stream(country, of_projects * share);
            let key = projects_key(&community.id, country);
            projects.push(ArrivalStream { key, asks: Asks::Projects, ..stream });
        }
        if let Some(closed) = &community.closed {
            jobs.extend(of.users(closed, &weights));
            continue;
        }
        let per_second = community.jobs_per_day / 86_400.0;
        for (country, share) in weights.into_iter().filter(|_| per_second > 0.0) {
            jobs.push(of.stream(country, per_second * share));
        }
    }
    jobs.into_iter().chain(projects).collect()
}

/// A community with what its streams depend on.
struct Asking<'a> {
    id: CommunityId,
    community: &'a Community,
    file: &'a ScenarioFile,
    countries: &'a IdVec<CountryId, Country>,
    calendar: Calendar,
}

impl Asking<'_> {
    /// The stream from a country, of so many jobs or projects a second.
    fn stream(&self, country: &str, rate_per_s: f64) -> ArrivalStream {
        let written = self.file.country.iter().find(|other| other.id == country);
        let written = written.expect("references are checked before the system is built");
        let rhythm = self.community.rhythm.as_ref();
        ArrivalStream {
            key: format!("{}/{country}", self.community.id),
            community: self.id,
            country: named(self.countries, |other| other.id == country),
            asks: Asks::Jobs,
            rate_per_s,
            growth: growth(self.community),
            activity: rhythm.map(|rhythm| activity(rhythm, written, self.calendar, self.file)),
            bursts: self.community.bursts.map(|bursts| Bursts {
                branching: bursts.branching,
                mean_delay_s: bursts.mean_delay.as_seconds(),
            }),
            starts: Time::ZERO,
            think_s: None,
        }
    }

    /// A stream for each user, whose rate nothing but the waits changes.
    fn users(&self, closed: &Closed, weights: &[(&str, f64)]) -> Vec<ArrivalStream> {
        let think = distribution(&closed.think).expect("distributions are checked before");
        let user = |country: &str, number: u32| {
            let stream = self.stream(country, 1.0 / think.mean());
            let key = format!("{}/{number}", stream.key);
            let (growth, think_s) = (Growth::NONE, Some(think.clone()));
            ArrivalStream { key, growth, activity: None, bursts: None, think_s, ..stream }
        };
        let shares = shared_out(closed.users, weights);
        let all = weights.iter().zip(shares);
        all.flat_map(|(&(country, _), users)| (0..users).map(move |number| (country, number)))
            .map(|(country, number)| user(country, number))
            .collect()
    }
}

/// So many users by weights that add up to 1: whole numbers, the rest to the largest remainders, the first of equals.
fn shared_out(users: u32, weights: &[(&str, f64)]) -> Vec<u32> {
    let exact: Vec<f64> = weights.iter().map(|(_, weight)| weight * f64::from(users)).collect();
    let mut shares: Vec<u32> = exact.iter().map(|share| share.floor() as u32).collect();
    let mut by_remainder: Vec<usize> = (0..exact.len()).collect();
    by_remainder.sort_by(|&a, &b| exact[b].fract().total_cmp(&exact[a].fract()));
    let left = users.saturating_sub(shares.iter().sum());
    for &place in by_remainder.iter().cycle().take(left as usize) {
        shares[place] += 1;
    }
    shares
}

fn growth(community: &Community) -> Growth {
    let per_s = |per_year: f64| per_year / YEAR.as_seconds();
    match community.growth {
        None => Growth::Exponential { per_s: libm::log1p(community.growth_per_year) / YEAR.as_seconds() },
        Some(GrowthCurve::Logistic { ceiling, per_year }) => {
            Growth::Logistic { ceiling, per_s: per_s(per_year) }
        }
        Some(GrowthCurve::Bass { ceiling, innovation, imitation }) => {
            Growth::Bass { ceiling, innovation_per_s: per_s(innovation), imitation_per_s: per_s(imitation) }
        }
    }
}

fn activity(rhythm: &Rhythm, country: &FileCountry, calendar: Calendar, file: &ScenarioFile) -> Activity {
    let hours = match &rhythm.waves {
        Some(waves) => Hours::Waves(waves.iter().map(|wave| (wave.amplitude, wave.peak)).collect()),
        None => Hours::Each(rhythm.hours.map_or([1.0; 24], with_mean_one)),
    };
    Activity {
        hours,
        weekdays: rhythm.weekdays.map_or([1.0; 7], with_mean_one),
        holidays: holidays(&rhythm.holidays, &country.id, calendar),
        clock: clock(file, country, calendar),
    }
}

/// The clock of a country over the observation.
pub(super) fn clock(file: &ScenarioFile, country: &FileCountry, calendar: Calendar) -> LocalClock {
    let end = calendar.time_of(file.observation.end);
    let summers = if country.summer_time { calendar.european_summers(end) } else { Vec::new() };
    LocalClock {
        offset_s: (country.utc_offset * 3_600.0).round() as i64,
        summers,
        first_weekday: calendar.first_weekday(),
    }
}

fn with_mean_one<const N: usize>(weights: [Weight; N]) -> [f64; N] {
    let mean = weights.iter().map(|weight| weight.0).sum::<f64>() / N as f64;
    weights.map(|weight| weight.0 / mean)
}

/// The factor of each day that a country keeps.
fn holidays(holidays: &[Holiday], country: &str, calendar: Calendar) -> Vec<(i64, f64)> {
    let mut by_day = BTreeMap::new();
    for holiday in holidays {
        let kept = holiday.countries.as_ref().is_none_or(|ids| ids.iter().any(|id| id == country));
        let first = calendar.days_to(holiday.date);
        let days = first..first + i64::from(holiday.days);
        by_day.extend(days.filter(|_| kept).map(|day| (day, holiday.factor)));
    }
    by_day.into_iter().collect()
}

/// The distribution of a batch, its parameters checked.
pub(super) fn batch(batch: &Batch) -> Result<CountDistribution, CountError> {
    match batch {
        Batch::One(count) => Ok(CountDistribution::Constant(*count)),
        Batch::Weighted(items) => {
            CountDistribution::table(items.iter().map(|item| (item.count, item.weight.0)))
        }
        Batch::Varied(BatchSizes::Uniform { low, high }) => CountDistribution::uniform(*low, *high),
        Batch::Varied(BatchSizes::LogUniform { low, high }) => CountDistribution::log_uniform(*low, *high),
        Batch::Varied(BatchSizes::Geometric { mean }) => Ok(CountDistribution::Geometric { mean: *mean }),
    }
}
