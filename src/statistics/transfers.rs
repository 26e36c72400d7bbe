//! The transfers of one run by what they carried: counts, bytes and times within the observation.

use super::sketch::WaitSketch;
use crate::model::System;
use crate::records::{TransferKind, TransferRow};
use crate::units::Time;

/// What is counted of the transfers of one kind.
#[derive(Debug, Clone, Default)]
struct Cell {
    unfinished: u64,
    bytes: u128,
    times: WaitSketch,
}

/// The transfers of one kind in one run. Transfers count that were started after the warm-up.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct TransferMetrics {
    /// Transfers started.
    pub started: f64,
    /// Of them, those called off, or under way when the observation ended.
    pub unfinished: f64,
    /// Terabytes of those that finished.
    pub arrived_tb: f64,
    /// Mean time of those that finished, from start to last byte, in seconds; `NaN` without any.
    pub time_s_mean: f64,
    /// Its 95 % quantile, within 1 %.
    pub time_s_p95: f64,
}

/// Counts transfers by kind: inputs, results, then each plan of the scenario, datasets where there are any, averages of
/// trainings across sites, and checkpoints.
#[derive(Debug, Clone)]
pub(super) struct TransferStatistics {
    warm_up: Time,
    plans: usize,
    /// Where the averages of trainings stand.
    averages: usize,
    cells: Vec<Cell>,
}

impl TransferStatistics {
    pub(super) fn new(system: &System) -> Self {
        let cells = vec![Cell::default(); transfer_kinds(system).len()];
        let plans = system.transfers.len();
        let averages = 2 + plans + usize::from(!system.datasets.is_empty());
        Self { warm_up: system.observation.warm_up, plans, averages, cells }
    }

    pub(super) fn count(&mut self, row: &TransferRow) {
        if row.started < self.warm_up {
            return;
        }
        let place = self.place(row.kind);
        let cell = &mut self.cells[place];
        match row.ended {
            Some(ended) => {
                cell.bytes += u128::from(row.bytes.0);
                cell.times.record(ended.since(row.started));
            }
            None => cell.unfinished += 1,
        }
    }

    fn place(&self, kind: TransferKind) -> usize {
        match kind {
            TransferKind::Input => 0,
            TransferKind::Output => 1,
            TransferKind::Scheduled(plan) => 2 + plan as usize,
            TransferKind::Dataset => self.plans + 2,
            TransferKind::Averages => self.averages,
            TransferKind::Checkpoint => self.cells.len() - 1,
        }
    }

    pub(super) fn metrics(&self) -> Vec<TransferMetrics> {
        let metrics = |cell: &Cell| TransferMetrics {
            started: (cell.times.count() + cell.unfinished) as f64,
            unfinished: cell.unfinished as f64,
            arrived_tb: cell.bytes as f64 / 1e12,
            time_s_mean: cell.times.mean_s(),
            time_s_p95: cell.times.quantile_s(0.95),
        };
        self.cells.iter().map(metrics).collect()
    }
}

/// What transfers are counted by, in the order of the metrics: their names in tables.
pub fn transfer_kinds(system: &System) -> Vec<&str> {
    let plans = system.transfers.iter().map(|transfer| transfer.id.as_str());
    let datasets = (!system.datasets.is_empty()).then_some("datasets of jobs");
    let averages = system.has_cross_site_jobs().then_some("trainings across sites");
    let checkpoints = system.sends_checkpoints().then_some("checkpoints of jobs");
    let of_jobs = ["inputs of jobs", "results of jobs"].into_iter();
    of_jobs.chain(plans).chain(datasets).chain(averages).chain(checkpoints).collect()
}
