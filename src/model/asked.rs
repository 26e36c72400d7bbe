//! The jobs that streams ask for, from means alone: what loads, bounds of demand and warnings are reckoned from.
//!
//! A stream of jobs brings one for each arrival, at once. A stream of projects brings, for each project that may apply, as
//! many jobs as would use up what it asks for in the mean, at most what its access mode grants; they come at a steady rate
//! from the application on, for the part of the validity in which the project would use its hours. So this is what is asked
//! for and not what is granted: no time passes with reviews and onboarding, and nobody is refused for a score or a budget.
//! The hour, the day of the week and holidays average out over a validity: of projects, growth alone counts.

use super::demand::{ArrivalStream, Asks};
use super::ids::{ClassId, CommunityId, CountryId, ProjectKindId};
use super::project::{AccessMode, ProjectKind};
use super::system::System;
use crate::units::Time;

/// Jobs of one mix of classes that a stream asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JobsAsked<'a> {
    stream: &'a ArrivalStream,
    /// The kind of the projects that bring them.
    pub kind: Option<ProjectKindId>,
    /// Their classes with the share of each; shares add up to 1.
    pub classes: &'a [(ClassId, f64)],
    /// Jobs for each arrival of the stream.
    pub per_arrival: f64,
    /// How long after the arrival they come, in seconds, all times alike; 0: at once.
    pub spread_s: f64,
}

impl System {
    /// What a stream asks for: one mix of classes, or one for each kind of its projects.
    pub fn jobs_asked<'a>(&'a self, stream: &'a ArrivalStream) -> Vec<JobsAsked<'a>> {
        let community = &self.communities[stream.community];
        if stream.asks == Asks::Jobs {
            let classes = &community.classes;
            return vec![JobsAsked { stream, kind: None, classes, per_arrival: 1.0, spread_s: 0.0 }];
        }
        let asked = community.projects.iter().filter_map(|&(kind, share)| {
            let (of, mode) = self.kind_and_mode(kind);
            let jobs = share * self.jobs_of_project(kind);
            let comes = mode.is_for(stream.community, stream.country) && jobs > 0.0;
            // At least a second, so that nothing is divided by what rounding made of a moment.
            let spread_s = (mode.validity.as_seconds() * of.sessions.pace).max(1.0);
            let classes = &of.classes;
            comes.then_some(JobsAsked { stream, kind: Some(kind), classes, per_arrival: jobs, spread_s })
        });
        asked.collect()
    }

    /// The jobs that would use up what a project of a kind asks for in the mean, at most what its mode grants. None where
    /// its jobs have no finite mean.
    pub fn jobs_of_project(&self, kind: ProjectKindId) -> f64 {
        let (of, mode) = self.kind_and_mode(kind);
        let hours = of.hours.mean().min(mode.hours[1].as_hours());
        let jobs = hours * 3_600.0 / self.mean_work_s(of);
        if jobs.is_finite() { jobs } else { 0.0 }
    }

    /// The mean work of the jobs of a kind of project, in accelerator-seconds on the reference accelerator.
    pub fn mean_work_s(&self, kind: &ProjectKind) -> f64 {
        kind.classes.iter().map(|&(class, share)| share * self.classes[class].mean_work_s()).sum()
    }

    fn kind_and_mode(&self, kind: ProjectKindId) -> (&ProjectKind, &AccessMode) {
        let of = &self.projects.kinds[kind];
        (of, &self.projects.modes[of.mode])
    }
}

impl AccessMode {
    /// Whether a community may apply from a country.
    pub fn is_for(&self, community: CommunityId, country: CountryId) -> bool {
        self.communities.as_ref().is_none_or(|those| those.contains(&community))
            && self.countries.as_ref().is_none_or(|those| those.contains(&country))
    }
}

/// No step of the sum over a period of jobs that come later is longer: at a continuous growth of g a year Simpson's rule
/// errs by (g / 73)⁴ / 2880 of the whole, 1e-10 where demand is four times as high each year.
const STEP_S: f64 = 5.0 * 86_400.0;

impl JobsAsked<'_> {
    /// Jobs per second at an instant, in the mean of a week without holidays.
    pub fn per_s(&self, time: Time) -> f64 {
        let (stream, now) = (self.stream, time.as_seconds());
        if self.spread_s <= 0.0 {
            return stream.rate_per_s * stream.growth.at(now) * self.per_arrival;
        }
        self.spread_per_s(now)
    }

    /// Those of all who applied so recently that they are still at it.
    fn spread_per_s(&self, now: f64) -> f64 {
        let stream = self.stream;
        let since = (now - self.spread_s).max(stream.starts.as_seconds());
        if now <= since {
            return 0.0;
        }
        stream.rate_per_s * stream.growth.integral(since, now) * self.per_arrival / self.spread_s
    }

    /// Jobs expected from one instant to another. Of projects, by Simpson's rule between the bends of the rate: exact where
    /// nothing grows.
    pub fn between(&self, from: Time, to: Time) -> f64 {
        if self.spread_s <= 0.0 {
            return self.stream.expected(from, to) * self.per_arrival;
        }
        let starts = self.stream.starts.as_seconds();
        let (from, to) = (from.as_seconds(), to.as_seconds());
        let bend = |at: f64| at.clamp(from, to.max(from));
        let edges = [from, bend(starts), bend(starts + self.spread_s), bend(to)];
        edges.windows(2).map(|piece| self.simpson(piece[0], piece[1])).sum()
    }

    fn simpson(&self, from: f64, to: f64) -> f64 {
        let steps = ((to - from) / STEP_S).ceil();
        let step = (to - from) / steps.max(1.0);
        let at = |place: f64| self.spread_per_s(from + step * place);
        let each = (0..steps as u32).map(f64::from).map(|k| at(k) + 4.0 * at(k + 0.5) + at(k + 1.0));
        each.sum::<f64>() * step / 6.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{EXAMPLE, MemoryLoader, Override, load};
    use crate::units::Span;

    /// The example whose startups apply 365.2425 times a year for hours with this distribution, of which a mode grants 500
    /// at most, for 100 d, used in half of them. Of their jobs 3 of 4 take 8 accelerators for 8 h.
    fn system(more: &str) -> System {
        let text = EXAMPLE
            .replacen("jobs_per_day = 12.0 ", "projects_per_year = 365.2425\nprojects = { some = 1 } ", 1)
            .replacen("classes = { fine-tune = 1 }\n", "", 1);
        let text = text
            + "[[access]]\nid = \"open\"\naccelerator_hours = { most = 500 }\nallocation = \"pooled\"\nvalidity = \"100 d\"\n\
               [[project]]\nid = \"some\"\naccess = \"open\"\nclasses = { fine-tune = 3, training = 1 }\n\
               accelerator_hours = { kind = \"exponential\", mean = 352 }\nsessions = { pace = 0.5 }\n";
        let files = MemoryLoader::new(&[("scenario.toml", &text)]);
        let overrides: Vec<Override> = more.split_whitespace().map(|one| Override(one.to_owned())).collect();
        load("scenario.toml", &files, &overrides).unwrap_or_else(|problems| panic!("{problems}")).system
    }

    /// What the projects of startups in Finland ask for; they are 0.4 of all.
    fn in_finland(system: &System) -> JobsAsked<'_> {
        let stream = system.streams.iter().find(|stream| stream.key == "startups/FI/projects").unwrap();
        let [asked] = system.jobs_asked(stream)[..] else { panic!() };
        asked
    }

    fn day(days: f64) -> Time {
        Time::ZERO + Span::from_seconds_round(days * 86_400.0)
    }

    #[track_caller]
    fn close(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-9, "{found} instead of {expected}");
    }

    #[test]
    fn by_hand() {
        // 3/4 of 64 h and 1/4 of 160 h are 88 h: four jobs a project, 0.4 projects a day, over 50 d.
        let system = system("");
        let asked = in_finland(&system);
        close(asked.per_arrival, 4.0);
        close(asked.spread_s, 50.0 * 86_400.0);
        for (days, per_day) in [(25.0, 0.8), (50.0, 1.6), (300.0, 1.6)] {
            close(asked.per_s(day(days)) * 86_400.0, per_day);
        }
        assert!(asked.per_s(Time::ZERO) <= 0.0);
        close(asked.between(day(0.0), day(50.0)), 40.0);
        close(asked.between(day(20.0), day(120.0)), 0.5 * (0.64 + 1.6) * 30.0 + 1.6 * 70.0);
        assert!(asked.between(day(50.0), day(50.0)) <= 0.0);
        // A stream of jobs brings them as they arrive.
        let stream = system.streams.iter().find(|stream| stream.key == "researchers/FI").unwrap();
        let [asked] = system.jobs_asked(stream)[..] else { panic!() };
        close(asked.between(day(3.0), day(13.0)), 40.0);
        close(asked.per_s(day(3.0)) * 86_400.0, 4.0);
    }

    #[test]
    fn limits_of_modes() {
        // Two mean jobs are all that is granted, and nobody from Finland may ask.
        close(in_finland(&system("access.open.accelerator_hours.most=176")).per_arrival, 2.0);
        let system = system("access.open.countries=['ES']");
        for stream in &system.streams {
            let is_asked = stream.asks == Asks::Jobs || stream.key == "startups/ES/projects";
            assert_eq!(system.jobs_asked(stream).len(), usize::from(is_asked), "{}", stream.key);
        }
    }

    /// With growth, against a sum over days of application and a finer one over the days of the jobs.
    #[test]
    fn growth_is_spread_too() {
        const PARTS: u32 = 20_000;
        let system = system("community.startups.growth_per_year=3.0");
        let asked = in_finland(&system);
        let (from, to) = (30.0, 200.0);
        let part = to / f64::from(PARTS);
        let slow: f64 = (0..PARTS)
            .map(|k| {
                let applied = (f64::from(k) + 0.5) * part;
                let projects = 0.4 * part * libm::pow(4.0, applied / 365.242_5);
                let within = (applied + 50.0).min(to) - applied.max(from);
                projects * 4.0 * within.max(0.0) / 50.0
            })
            .sum();
        let found = asked.between(day(from), day(to));
        // The slow sum errs by its midpoint rule at the two bends: a part in so many.
        assert!((found / slow - 1.0).abs() < 1e-6, "{found} instead of {slow}");
        let halves = asked.between(day(from), day(77.0)) + asked.between(day(77.0), day(to));
        close(halves, found);
    }
}
