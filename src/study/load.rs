//! The load a scenario offers, from its means alone: what `check` prints before anything runs.

use crate::model::{
    AcceleratorId, ArrivalStream, CandidateSet, ClassId, IdVec, JobClass, Scaling, SiteId, System,
};
use crate::network::Routes;
use crate::scheduling::Preference;
use crate::units::{Date, Span, Time};
use serde::Serialize;

/// The offered load of a candidate set at one instant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OfferedLoad {
    /// The day.
    pub date: Date,
    /// Accelerators open at all sites of the set.
    pub accelerators: u32,
    /// Work asked for, in the mean of a week without holidays, over what the open accelerators can do; `None` while none is
    /// open.
    pub load: Option<f64>,
    /// The same for each site of the set, if every job stayed at its country's home.
    pub home_load: Vec<Option<f64>>,
}

/// The offered load of `set` every `step` from the start of the observation, and at its end.
pub fn offered_load(system: &System, set: &CandidateSet, step: Span) -> Vec<OfferedLoad> {
    let preference = Preference::new(system, set, |country, site| {
        let routes = Routes::from_node(&system.topology, system.countries[country].node);
        routes.to(system.sites[site].node).map(|route| route.latency)
    });
    let end = system.observation.end;
    let starts = (0..end.0.div_ceil(step.0)).map(|k| Time::ZERO + step * k);
    let instants = starts.chain([Time(end.0 - 1)]);
    instants.map(|time| load_at(system, set, &preference, time)).collect()
}

/// The number of jobs expected in one run, those that projects ask for among them (`model`'s `JobsAsked`).
pub fn expected_jobs(system: &System) -> f64 {
    let end = system.observation.end;
    let asked = system.streams.iter().flat_map(|stream| system.jobs_asked(stream));
    let jobs = asked.map(|asked| asked.between(Time::ZERO, end));
    // An empty sum of floats is -0.
    jobs.sum::<f64>().max(0.0)
}

/// The mean work of a job over what arrives in all streams at time zero, in reference accelerator-hours; `None` without
/// demand.
pub fn mean_work_h(system: &System) -> Option<f64> {
    let (mut work, mut rate) = (0.0, 0.0);
    for stream in &system.streams {
        for asked in system.jobs_asked(stream) {
            let jobs = stream.rate_per_s * asked.per_arrival;
            work += jobs * mean_held_s(system, asked.classes, |_| 1.0);
            rate += jobs;
        }
    }
    (rate > 0.0).then(|| work / rate / 3_600.0)
}

/// The work that a stream is expected to ask for inside the window, in reference accelerator-hours: that of its jobs, or of
/// those that its projects ask for.
pub(super) fn expected_work_h(system: &System, stream: &ArrivalStream) -> f64 {
    let (from, to) = (system.observation.warm_up, system.observation.end);
    let asked = system.jobs_asked(stream);
    let work =
        asked.into_iter().map(|asked| asked.between(from, to) * mean_held_s(system, asked.classes, |_| 1.0));
    work.sum::<f64>() / 3_600.0
}

fn load_at(system: &System, set: &CandidateSet, preference: &Preference, time: Time) -> OfferedLoad {
    let open: Vec<(f64, f64)> = set.sites.iter().map(|&site| open_at(system, site, time)).collect();
    let mut held = vec![0.0; set.sites.len()];
    let mut everywhere = 0.0;
    let (accelerators, speeds) =
        open.iter().fold((0.0, 0.0), |sum, site| (sum.0 + site.0, sum.1 + site.0 * site.1));
    for stream in &system.streams {
        let home = preference.sites(stream.country).iter().find_map(|site| {
            let place = set.sites.binary_search(site).ok()?;
            (open[place].0 > 0.0).then_some(place)
        });
        for asked in system.jobs_asked(stream) {
            let rate = asked.per_s(time);
            let all = |class: &JobClass| match &class.speeds {
                None => speeds / accelerators,
                Some(of_kinds) => mean_speed(system, &set.sites, time, of_kinds),
            };
            everywhere += rate * mean_held_s(system, asked.classes, all);
            if let Some(place) = home {
                let own = |class: &JobClass| match &class.speeds {
                    None => open[place].1,
                    Some(of_kinds) => mean_speed(system, &set.sites[place..=place], time, of_kinds),
                };
                held[place] += rate * mean_held_s(system, asked.classes, own);
            }
        }
    }
    let share = |held: f64, accelerators: f64| (accelerators > 0.0).then(|| held / accelerators);
    OfferedLoad {
        date: system.calendar.date_of(time).expect("the observation ends within the calendar"),
        accelerators: accelerators as u32,
        load: share(everywhere, accelerators),
        home_load: held.iter().zip(&open).map(|(&held, site)| share(held, site.0)).collect(),
    }
}

/// Open accelerators of a site and their mean speed.
fn open_at(system: &System, site: SiteId, time: Time) -> (f64, f64) {
    let partitions = system.sites[site].partitions.iter().filter(|&&p| system.partitions[p].opens <= time);
    let (count, speeds) = partitions.fold((0.0, 0.0), |(count, speeds), &partition| {
        let accelerators = f64::from(system.partitions[partition].accelerators());
        (count + accelerators, speeds + accelerators * system.speed_of(partition))
    });
    (count, if count > 0.0 { speeds / count } else { 1.0 })
}

/// The mean speed of the open accelerators of some sites, where each kind has a speed for a class.
fn mean_speed(system: &System, sites: &[SiteId], time: Time, of_kinds: &IdVec<AcceleratorId, f64>) -> f64 {
    let partitions = sites.iter().flat_map(|&site| &system.sites[site].partitions);
    let open = partitions.map(|&id| &system.partitions[id]).filter(|partition| partition.opens <= time);
    let (count, speeds) = open.fold((0.0, 0.0), |(count, speeds), partition| {
        let accelerators = f64::from(partition.accelerators());
        (count + accelerators, speeds + accelerators * of_kinds[partition.accelerator])
    });
    if count > 0.0 { speeds / count } else { 1.0 }
}

/// Mean accelerator-seconds that a job of a mix of classes holds on accelerators of the speed that they have for its class;
/// the time before work begins is left out.
fn mean_held_s(system: &System, classes: &[(ClassId, f64)], speed: impl Fn(&JobClass) -> f64) -> f64 {
    let held = classes.iter().map(|&(class, share)| {
        let class = &system.classes[class];
        let divisor = if class.scaling == Scaling::Work { speed(class) } else { 1.0 };
        share * class.mean_work_s() / divisor
    });
    held.sum()
}
