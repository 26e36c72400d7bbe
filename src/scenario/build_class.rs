//! From the job classes of a checked file to those of the model.

use super::amount::{AsNumber, counts, distribution, normalised};
use super::build::or_id;
use super::build_data::{shares, staging};
use super::data_format::Results;
use super::demand_format::{Amount, JobClass as FileClass, Requested};
use super::flexibility_format::{CrossSite as FileCrossSite, CrossSiteMode, Speedup as FileSpeedup};
use super::format::ScenarioFile;
use crate::engine::Distribution;
use crate::model::{
    Checkpoint, CrossSite, Dataset, DatasetId, Flexibility, IdVec, JobClass, Malleable, PartsBegin,
    RequestedTime, ResultsGo, Scaling, Speedup,
};
use crate::units::Bytes;

fn valid<Q: AsNumber>(amount: &Amount<Q>) -> Distribution {
    distribution(amount).expect("distributions are checked before the system is built")
}

/// The job class of the model.
pub(super) fn job_class(
    file: &ScenarioFile,
    class: &FileClass,
    datasets: &IdVec<DatasetId, Dataset>,
) -> JobClass {
    let (amount, scaling) = match (&class.duration, &class.work) {
        (Some(duration), _) => (valid(duration), Scaling::WallTime),
        (None, Some(work)) => (valid(work), Scaling::Work),
        (None, None) => unreachable!("the walk found exactly one of duration and work"),
    };
    JobClass {
        id: class.id.clone(),
        name: or_id(class.name.as_ref(), &class.id),
        accelerators: normalised(counts(class)),
        amount,
        scaling,
        requested: requested(class.requested.as_ref()),
        deadline: class.deadline,
        checkpoint: class.checkpoint.map(|saved| Checkpoint {
            interval: saved.interval,
            cost: saved.cost,
            restart: saved.restart,
        }),
        checkpoint_bytes: class.checkpoint.map_or(Bytes::ZERO, |saved| saved.size),
        flexibility: flexibility(class),
        segment: class.segment,
        cross_site: class.cross_site.map(cross_site),
        datasets: shares(file, class, datasets),
        staging: staging(class.staging),
        results: match class.results {
            Results::Home => ResultsGo::Home,
            Results::Archive => ResultsGo::ToArchive,
        },
        input_bytes: valid(&class.input),
        output_bytes: valid(&class.output),
    }
}

fn flexibility(class: &FileClass) -> Flexibility {
    if let Some(moldable) = &class.moldable {
        let mut sizes = moldable.sizes.clone();
        sizes.sort_unstable();
        sizes.dedup();
        return Flexibility::Moldable { sizes, speedup: speedup(moldable.speedup) };
    }
    match &class.malleable {
        Some(malleable) => Flexibility::Malleable(Malleable {
            minimum: malleable.minimum,
            maximum: malleable.maximum,
            step: malleable.step,
            speedup: speedup(malleable.speedup),
            reconfiguration: malleable.reconfiguration,
        }),
        None => Flexibility::Rigid,
    }
}

fn cross_site(rule: FileCrossSite) -> CrossSite {
    let (inner_steps, penalty, begin) = match rule.mode {
        CrossSiteMode::Synchronous { hold } => (1, 0.0, PartsBegin::AllTogether { hold }),
        CrossSiteMode::LowCommunication { inner_steps, penalty } => {
            (inner_steps, penalty, PartsBegin::EachWhenItStarts)
        }
    };
    CrossSite {
        most_sites: rule.sites,
        parameters: rule.parameters,
        bytes_per_parameter: rule.bytes_per_parameter,
        inner_steps,
        step: rule.step,
        overlap: rule.overlap,
        penalty,
        margin: rule.margin,
        begin,
    }
}

fn speedup(speedup: FileSpeedup) -> Speedup {
    match speedup {
        FileSpeedup::Linear => Speedup::Linear,
        FileSpeedup::Amdahl { serial } => Speedup::Amdahl { serial },
        FileSpeedup::Downey { parallelism, sigma } => Speedup::Downey { parallelism, sigma },
        FileSpeedup::PowerLaw { gamma } => Speedup::PowerLaw { gamma },
    }
}

fn requested(requested: Option<&Requested>) -> RequestedTime {
    let Some(requested) = requested else {
        return RequestedTime { factor: Distribution::Constant(1.0), round_up_to: Vec::new() };
    };
    let mut round_up_to = requested.round_up_to.clone();
    round_up_to.sort_unstable();
    round_up_to.dedup();
    RequestedTime { factor: valid(&requested.factor), round_up_to }
}
