//! The metrics of a run: names, units and formulas in one place, values as an array indexed by [`Metric`], those of
//! storages by [`StorageMetric`].

macro_rules! metrics {
    ($(#[doc = $about:literal])* $kind:ident { $($(#[doc = $doc:literal])* $name:ident: $text:literal, $unit:literal;)* }) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $kind {
            $($(#[doc = $doc])* $name,)*
        }

        impl $kind {
            /// All metrics, in the order of their indices.
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$name),*];

            /// Its name in files.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Its unit: `jobs`, `runs`, `changes`, `copies`, `h` (accelerator-hours, those of work on the reference accelerator), `share` (0 to 1), `s` or `TB`.
            pub fn unit(self) -> &'static str {
                match self { $(Self::$name => $unit,)* }
            }

            /// What it is and how it comes about: the documentation of its variant, for tables.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),*).trim_ascii(),)* }
            }
        }
    };
}

metrics! {
    /// A metric of one scope (the network, a site or a community) of one run.
    Metric {
        /// Jobs submitted inside the window.
        Jobs: "jobs", "jobs";
        /// Of them, jobs rejected.
        JobsRejected: "jobs_rejected", "jobs";
        /// Of them, jobs accepted that had not started when the observation ended.
        JobsUnstarted: "jobs_unstarted", "jobs";
        /// Sum of accelerators x run time on the reference accelerator, of jobs submitted inside the window.
        OfferedH: "offered_h", "h";
        /// Sum of accelerators x time inside the window, x speed for work-scaled jobs; a job of several sizes counts the accelerators of the size asked for that would do the same work.
        ServedH: "served_h", "h";
        /// The same without what was in vain, which counts as spread evenly over the stretch of time in which it fell: work that is not done again.
        DoneH: "done_h", "h";
        /// The fluid bound: the most `done_h` of the whole network that any policy could reach with the jobs of this run and what the warm-up left of them.
        BoundH: "bound_h", "h";
        /// `done_h` over `bound_h`, at most 1.
        DoneOfBound: "done_of_bound", "share";
        /// Work of the jobs rejected.
        RejectedH: "rejected_h", "h";
        /// Accelerators held x time over accelerators open x time, inside the window.
        Utilisation: "utilisation", "share";
        /// Mean of start - submit; a job that never started counts with its wait so far.
        WaitSMean: "wait_s_mean", "s";
        /// Median of the wait; like the other quantiles within 1 % (2 significant digits).
        WaitSP50: "wait_s_p50", "s";
        /// 90 % quantile of the wait.
        WaitSP90: "wait_s_p90", "s";
        /// 95 % quantile of the wait.
        WaitSP95: "wait_s_p95", "s";
        /// 99 % quantile of the wait.
        WaitSP99: "wait_s_p99", "s";
        /// Mean of queued - submit of the jobs whose input arrived.
        StagingSMean: "staging_s_mean", "s";
        /// Mean part of the wait in which the input was on the way; this and the next four add up to the mean wait.
        WaitStagingSMean: "wait_staging_s_mean", "s";
        /// Mean part of the wait in which a limit or quota held the job back.
        WaitLimitSMean: "wait_limit_s_mean", "s";
        /// Mean part of the wait in which not enough was free.
        WaitCapacitySMean: "wait_capacity_s_mean", "s";
        /// Mean part of the wait in which maintenance, a course or a day for large jobs kept the job away.
        WaitCalendarSMean: "wait_calendar_s_mean", "s";
        /// Mean part of the wait in which the job would have fitted, but others came first.
        WaitBehindSMean: "wait_behind_s_mean", "s";
        /// Mean of predicted - true start, of the jobs that started and whose start the broker predicted: how late it erred; a job whose input came later than predicted counts from there.
        PredictionErrorSMean: "prediction_error_s_mean", "s";
        /// Mean of the same without sign.
        PredictionAbsoluteErrorSMean: "prediction_absolute_error_s_mean", "s";
        /// Runs of jobs that were pushed out, to be continued or for good.
        RunsCutShort: "runs_cut_short", "runs";
        /// Changes of size of malleable jobs.
        Resizes: "resizes", "changes";
        /// Accelerators x time held in vain: work done again, restarts, checkpoints on demand, changes of size.
        LostH: "lost_h", "h";
        /// Copies of jobs of the window that were taken back when another copy started, or that found their queue full.
        CopiesTakenBack: "copies_taken_back", "copies";
        /// Jobs of the window that trained, or train, at several sites at once; they count where their last part ran.
        JobsAcrossSites: "jobs_across_sites", "jobs";
    }
}

metrics! {
    /// A metric of the datasets at a site, or at all sites of a set, in one run that has datasets.
    StorageMetric {
        /// Jobs sent there inside the window whose dataset was there.
        Hits: "dataset_hits", "jobs";
        /// Jobs whose dataset was on its way there already: one transfer serves them all.
        Shared: "dataset_shared", "jobs";
        /// Jobs for which their dataset had to be fetched.
        Misses: "dataset_misses", "jobs";
        /// Hits over hits, shared and misses.
        HitRatio: "dataset_hit_ratio", "share";
        /// Bytes of datasets that came inside the window, once for each transfer.
        CameInTb: "dataset_came_in_tb", "TB";
        /// Of them, bytes that were streamed by single jobs and not kept, since there was no room.
        PassedThroughTb: "dataset_passed_through_tb", "TB";
        /// Bytes of copies given up to make room.
        EvictedTb: "dataset_evicted_tb", "TB";
        /// Time-weighted mean of the bytes of copies there and of the room kept for those on their way.
        UsedTb: "storage_used_tb", "TB";
        /// The same over the storage's capacity, where it has one.
        Used: "storage_used", "share";
    }
}

/// The values of all metrics of one storage; `NaN` where there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StorageMetrics(pub [f64; StorageMetric::ALL.len()]);

impl StorageMetrics {
    /// The value of `metric`.
    pub fn get(&self, metric: StorageMetric) -> f64 {
        self.0[metric as usize]
    }
}

impl Metric {
    /// Whether sites and communities have it too, not only the whole network.
    pub fn is_of_parts(self) -> bool {
        !matches!(self, Self::BoundH | Self::DoneOfBound)
    }
}

/// The values of all metrics of one scope; `NaN` where there is none (the mean wait of nobody).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metrics(pub [f64; Metric::ALL.len()]);

impl Metrics {
    /// The value of `metric`.
    pub fn get(&self, metric: Metric) -> f64 {
        self.0[metric as usize]
    }

    /// Sets the value of a metric that does not come from the rows.
    pub fn set(&mut self, metric: Metric, value: f64) {
        self.0[metric as usize] = value;
    }
}
