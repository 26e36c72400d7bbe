//! From what jobs do in a checked file to the model: operations, and which jobs end early.

use super::build_class::valid;
use super::demand_format::JobClass as FileClass;
use super::work_format::{Flops, Share};
use crate::engine::Distribution;
use crate::model::{AcceleratorId, AcceleratorKind, Early, IdVec, Operations};

/// The operations of a class and what it takes to do them on the reference accelerator.
pub(super) fn operations(flops: &Flops, reference: &AcceleratorKind) -> Operations {
    Operations {
        each: flops.operations,
        parameters: valid(&flops.parameters),
        tokens: valid(&flops.tokens),
        utilisation: valid(&flops.utilisation),
        gamma: flops.gamma,
        measured_on: flops.measured_on,
        peak_per_s: reference.peak_bf16_tflops * 1e12,
        startup_s: flops.startup.as_ref().map_or(Distribution::Constant(0.0), valid),
    }
}

/// The speed of each kind of accelerator for work of a class, where it is not that of their peaks.
pub(super) fn speeds(
    class: &FileClass,
    accelerators: &IdVec<AcceleratorId, AcceleratorKind>,
) -> Option<IdVec<AcceleratorId, f64>> {
    let relative = &class.flops.as_ref()?.relative_utilisation;
    let speed = |kind: &AcceleratorKind| relative.get(&kind.id).map_or(1.0, |ratio| ratio.0) * kind.speed;
    (!relative.is_empty()).then(|| accelerators.iter().map(speed).collect())
}

/// Which jobs of a class end early.
pub(super) fn early(class: &FileClass) -> Option<Early> {
    let (stopped, failed) = (class.stopped.as_ref(), class.failed.as_ref());
    if stopped.is_none() && failed.is_none() {
        return None;
    }
    Some(Early {
        stopped: stopped.map(|stopped| by_size(&stopped.share)).unwrap_or_default(),
        stopped_at: stopped.map_or(Distribution::Constant(1.0), |stopped| valid(&stopped.at)),
        failed: failed.map(|failed| by_size(&failed.share)).unwrap_or_default(),
        failed_after_s: failed.map_or(Distribution::Constant(0.0), |failed| valid(&failed.after)),
    })
}

/// Shares by the least size that each is about, ascending.
pub(super) fn by_size(share: &Share) -> Vec<(u32, f64)> {
    match share {
        Share::All(share) => vec![(1, *share)],
        Share::BySize(shares) => {
            let mut shares: Vec<(u32, f64)> = shares.iter().map(|one| (one.from, one.share)).collect();
            shares.sort_by_key(|&(from, _)| from);
            shares
        }
    }
}
