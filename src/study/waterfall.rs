//! What a study found of the way from the hours that stood open to those that were useful.

use super::estimates::estimates;
use super::gather::Block;
use crate::statistics::{WaterfallMetric, WaterfallMetrics, WaterfallsMetrics};

estimates! {
    /// The waterfall of a set, or of a community, which has nothing open or idle of its own.
    WaterfallSummary of WaterfallMetric {
        hours_open: OpenH,
        hours_idle: IdleH,
        hours_held: HeldH,
        hours_in_vain: VainH,
        hours_failed: FailedH,
        hours_killed: KilledH,
        hours_stopped: StoppedH,
        hours_inefficient: InefficientH,
        hours_useful: UsefulH,
        goodput: Goodput,
    }
}

/// The waterfall of a scope.
pub(super) fn summarise_waterfall(
    runs: &Block,
    scope: impl Fn(&WaterfallsMetrics) -> &WaterfallMetrics,
) -> WaterfallSummary {
    WaterfallSummary::of(|metric| runs.over(|run| scope(&run.waterfall).get(metric)))
}
