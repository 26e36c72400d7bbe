//! Exact answers of queueing theory. Each is computed from its formula or its Markov chain and owes nothing to the
//! simulator, whose runs are judged by it. Times are in seconds when rates are per second, and in mean services where
//! the service has unit mean.

mod arrivals;
mod caching;
mod chain;
mod erlang;
mod multiserver_job;
mod multiserver_job_saturation;
mod multiserver_job_time;
mod priority;
mod routing;
mod size_based;
mod skills;

pub(super) use arrivals::{ClosedLoop, DailyWave, Hawkes, batch_time};
pub use caching::{che_hit_ratio, lru_hit_ratio, zipf};
pub use erlang::{erlang_b, erlang_c, mmck};
pub(super) use erlang::{mg1_wait, mmc_wait};
pub use multiserver_job::{MultiserverClass, MultiserverJobs};
pub use multiserver_job_saturation::{Saturation, multiserver_saturation};
pub use multiserver_job_time::multiserver_time;
pub use priority::{PriorityQueue, non_preemptive_waits, preemptive_times};
pub use routing::{shorter_queue_time, shortest_of_random_time};
pub use size_based::{longest_first_wait, shortest_first_wait, shortest_remaining_first_time};
pub(super) use skills::skilled_waits;
