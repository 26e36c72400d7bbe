//! The metrics of a run: names, units and formulas in one place, values as an array indexed by [`Metric`], those of
//! storages by [`StorageMetric`], those of endings by [`EndingMetric`], those of the waterfall by [`WaterfallMetric`].

macro_rules! metrics {
    ($(#[doc = $about:literal])* $kind:ident { $($(#[doc = $doc:literal])* $name:ident: $text:literal, $unit:literal;)* }
     $(#[doc = $of:literal])* $values:ident) => {
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

            /// Its unit: `jobs`, `runs`, `changes`, `copies`, `projects`, `applications`, `tickets`, `tasks`, `h` (accelerator-hours, those of work on the reference accelerator), `staff-h` (hours of people), `share` (0 to 1), `ratio`, `s` or `TB`.
            pub fn unit(self) -> &'static str {
                match self { $(Self::$name => $unit,)* }
            }

            /// What it is and how it comes about: the documentation of its variant, for tables.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),*).trim_ascii(),)* }
            }
        }

        $(#[doc = $of])*
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct $values(pub [f64; $kind::ALL.len()]);

        impl serde::Serialize for $values {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.as_slice().serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $values {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let values: Vec<f64> = serde::Deserialize::deserialize(deserializer)?;
                let count = values.len();
                let values = values.try_into().map_err(|_| serde::de::Error::invalid_length(count, &"one value a metric"))?;
                Ok(Self(values))
            }
        }

        impl $values {
            /// The value of `metric`.
            pub fn get(&self, metric: $kind) -> f64 {
                self.0[metric as usize]
            }
        }
    };
}
pub(super) use metrics;

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
        /// Mean of start - submit; a job that never started counts with its wait so far, or until its user went elsewhere.
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
        /// Mean of max(1, (end - submit) / max(end - start, 10 s)) of the jobs of the window that started and ended before the observation did, however they ended; start is the first one.
        BoundedSlowdown10SMean: "bounded_slowdown_10s_mean", "ratio";
        /// The same with 10 min in place of 10 s, as suits trainings.
        BoundedSlowdown10MinMean: "bounded_slowdown_10min_mean", "ratio";
        /// Mean of (end - submit) / (end - start) of the same jobs, weighted by accelerators x (end - start).
        ExpansionFactor: "expansion_factor", "ratio";
        /// Mean wait weighted by work in reference accelerator-hours, of the jobs that `wait_s_mean` is about.
        WaitSWeightedMean: "wait_s_weighted_mean", "s";
        /// Work of the jobs of the window with an input or a dataset, of which it is known whether their data came within 24 h: those refused for another reason than residency or missing routes are left out, and those that left, or were still waiting for data when the observation ended, before the 24 h were over.
        DataH: "data_h", "h";
        /// The share of it whose data were there within 24 h after submission.
        DataReach24H: "data_reach_24h", "share";
        /// The share of it that was refused since no site within reach may hold its dataset.
        DataRefused: "data_refused_share", "share";
    }
    /// The values of all metrics of one scope; `NaN` where there is none (the mean wait of nobody).
    Metrics
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
    /// The values of all metrics of one storage; `NaN` where there is none.
    StorageMetrics
}

metrics! {
    /// A metric of what became of the hours that jobs held, of the network or a community, in one run in which jobs may end otherwise than by having done their work.
    EndingMetric {
        /// Jobs that ended inside the window with their work done.
        JobsCompleted: "jobs_completed", "jobs";
        /// Jobs that their users stopped inside the window.
        JobsStopped: "jobs_stopped", "jobs";
        /// Jobs that failed inside the window by a mistake of their users.
        JobsFailed: "jobs_failed", "jobs";
        /// Jobs that were killed at their requested time inside the window.
        JobsKilled: "jobs_killed", "jobs";
        /// Jobs submitted inside the window whose users were promised too long a wait and went elsewhere at once.
        JobsBalked: "jobs_balked", "jobs";
        /// Jobs submitted inside the window whose users had waited long enough for their start and went elsewhere.
        JobsReneged: "jobs_reneged", "jobs";
        /// Work of both, on the reference accelerator: lost to the network.
        LeftH: "left_h", "h";
        /// Accelerators held x time inside the window, by jobs that ended with their work done, without what was in vain; this and the next four add up to all that was held.
        CompletedH: "held_completed_h", "h";
        /// The same of jobs that their users stopped.
        StoppedH: "held_stopped_h", "h";
        /// The same of jobs that failed.
        FailedH: "held_failed_h", "h";
        /// The same of jobs that were killed at their requested time.
        KilledH: "held_killed_h", "h";
        /// What was held in vain (starts, restarts, work done again, checkpoints on demand), by jobs that were pushed out for good, and by jobs that had not ended.
        OtherH: "held_other_h", "h";
    }
    /// The values of all metrics of endings of one scope.
    EndingMetrics
}

metrics! {
    /// A step of the way from the hours that stood open to those that were useful, of the network or a community, in one run. Accelerators x time inside the window throughout.
    WaterfallMetric {
        /// Accelerators open x time: `hours_idle` and `hours_held` add up to it.
        OpenH: "hours_open", "h";
        /// What no job held, withdrawn nodes included.
        IdleH: "hours_idle", "h";
        /// What jobs held, whole nodes in full; this less the next five is what was useful.
        HeldH: "hours_held", "h";
        /// Held in vain: starts, restarts, work done again, checkpoints on demand, changes of size, parts waiting for each other, and all that jobs held that were pushed out for good. It counts as spread evenly over the stretch in which it fell; `lost_h` counts such stretches whole.
        VainH: "hours_in_vain", "h";
        /// Held by jobs that failed by a mistake of their users, without what was in vain.
        FailedH: "hours_failed", "h";
        /// The same of jobs that were killed at their requested time.
        KilledH: "hours_killed", "h";
        /// The same of jobs that their users stopped.
        StoppedH: "hours_stopped", "h";
        /// Of what remains, by jobs whose work was done and by those still there: the part that experts would not have needed, (1 - efficiency) x hours.
        InefficientH: "hours_inefficient", "h";
        /// What remains then.
        UsefulH: "hours_useful", "h";
        /// `hours_useful` over `hours_held`.
        Goodput: "goodput", "share";
    }
    /// The values of all steps of one scope; communities have nothing open or idle of their own: `NaN`.
    WaterfallMetrics
}

impl WaterfallMetric {
    /// Whether communities have it too, not only the whole network.
    pub fn is_of_parts(self) -> bool {
        !matches!(self, Self::OpenH | Self::IdleH)
    }
}

impl Metric {
    /// Whether sites and communities have it too, not only the whole network.
    pub fn is_of_parts(self) -> bool {
        !matches!(self, Self::BoundH | Self::DoneOfBound)
    }
}

impl Metrics {
    /// Sets the value of a metric that does not come from the rows.
    pub fn set(&mut self, metric: Metric, value: f64) {
        self.0[metric as usize] = value;
    }
}
