//! The demand to be expected of the streams in a period, kind by kind: by their mean rates and the classes' means. Projects
//! count with what they ask for (`model`'s `JobsAsked`), wherever in the network it will be granted.

use super::capacity::Window;
use crate::model::{ArrivalStream, ClassId, JobClass, JobKind, Scaling, System};
use crate::units::{Span, Time};

/// Jobs of one kind that are expected in a period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Expected {
    pub(super) kind: JobKind,
    pub(super) scaling: Scaling,
    /// The time that one of mean work asks for.
    pub(super) time_asked: Span,
    /// The work of all of them, in reference accelerator-hours.
    pub(super) hours: f64,
    /// Input over work.
    pub(super) bytes_per_h: f64,
}

/// Calls `note` with every kind of job of which some are expected in a window, in order.
pub(super) fn expected(system: &System, window: Window, mut note: impl FnMut(Expected)) {
    for stream in &system.streams {
        for asked in system.jobs_asked(stream) {
            let jobs = asked.between(window.from, window.to);
            for &(class, share) in asked.classes {
                of_class(system, stream, class, jobs * share, &mut note);
            }
        }
    }
}

fn of_class(
    system: &System,
    stream: &ArrivalStream,
    id: ClassId,
    jobs: f64,
    note: &mut impl FnMut(Expected),
) {
    let class = &system.classes[id];
    for &(accelerators, weight) in &class.accelerators {
        let work_h = class.mean_work_of_size_s(accelerators) / 3_600.0;
        let run_s = class.mean_whole_work_s(accelerators) / f64::from(accelerators);
        let hours = jobs * weight * work_h;
        // A mean beyond all numbers says nothing about shares.
        if hours <= 0.0 || !hours.is_finite() {
            continue;
        }
        let (community, country) = (stream.community, stream.country);
        let kind = JobKind { community, country, class: id, dataset: None, accelerators };
        let of_kind = Expected {
            kind,
            scaling: class.scaling,
            time_asked: time_asked(class, run_s),
            hours,
            bytes_per_h: class.input_bytes.mean() / work_h,
        };
        if class.datasets.is_empty() {
            note(of_kind);
        }
        let mut before = 0.0;
        for &(dataset, up_to) in &class.datasets {
            let hours = hours * (up_to - before);
            before = up_to;
            note(Expected { kind: JobKind { dataset: Some(dataset), ..kind }, hours, ..of_kind });
        }
    }
}

/// The time that a job of mean run time asks for by a mean factor, rounded up as its users round it.
fn time_asked(class: &JobClass, run_s: f64) -> Span {
    let longest_s = (Time::MAX.0 / 4) as f64 / 1e9;
    let asked = Span::from_seconds_ceil((run_s * class.requested.factor.mean()).min(longest_s));
    let place = class.requested.round_up_to.partition_point(|&value| value < asked);
    class.requested.round_up_to.get(place).copied().unwrap_or(asked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{EXAMPLE, MemoryLoader, Override, load};
    use crate::study::{expected_jobs, mean_work_h};

    /// In all periods together as much is expected as the streams bring of mean jobs, with datasets and without.
    #[test]
    fn periods_add_up_to_the_means() {
        let data = [
            "dataset=[{ id = \"a\", size = \"1 TB\", home_country = \"FI\", residency = \"free\", popularity = 3 }, \
             { id = \"b\", size = \"1 TB\", home_country = \"FI\", residency = \"free\", popularity = 1 }]",
            "class.training.datasets=[\"a\", \"b\"]",
        ];
        // Of one kind, so that the mean work of jobs is the same at all times.
        let projects = [
            "access=[{ id = \"open\", allocation = \"pooled\", validity = \"100 d\" }]",
            "project=[{ id = \"some\", access = \"open\", accelerator_hours = 500, classes = { fine-tune = 3, training = 1 } }]",
            "community.startups.jobs_per_day=0",
            "community.startups.projects_per_year=100",
            "community.startups.projects={ some = 1 }",
            "community.researchers.jobs_per_day=0",
        ];
        let files = MemoryLoader::new(&[("scenario.toml", EXAMPLE)]);
        for overrides in [&data[..0], &data[..], &projects[..]] {
            let overrides: Vec<Override> = overrides.iter().map(|&text| Override(text.to_owned())).collect();
            let system = load("scenario.toml", &files, &overrides).unwrap().system;
            let end = system.observation.end;
            let middle = Time(end.0 / 3);
            let (mut hours, mut kinds) = (0.0, 0);
            for (from, to) in [(Time::ZERO, middle), (middle, end)] {
                expected(&system, Window { from, to }, |of_kind| {
                    hours += of_kind.hours;
                    kinds += 1;
                });
            }
            let means = expected_jobs(&system) * mean_work_h(&system).unwrap();
            assert!(
                kinds > 10 && (hours / means - 1.0).abs() < 1e-9,
                "{kinds} kinds, {hours} h of {means} h"
            );
        }
    }
}
