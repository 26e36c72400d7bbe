//! A case: the system as it runs with one candidate set. It knows which results are its own, so that finished runs can be
//! told from those of another system.

use super::recipe::{Fingerprint, Place};
use super::runs::RunKey;
use crate::bound::{FluidBound, keeps_bound, routing_plan};
use crate::engine::Universe;
use crate::model::{BrokerPolicy, CandidateSet, System};
use crate::records::Sink;
use crate::simulation::simulate;
use crate::statistics::{Measure, Metric, RunMetrics, RunStatistics};
use crate::workload::Synthetic;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::{self, Write as _};
use std::sync::Arc;

/// What came of one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// What was measured.
    pub metrics: RunMetrics,
    /// Events handled.
    pub events: u64,
}

/// A system in which candidate sets are tried.
#[derive(Debug, Clone)]
pub struct Setting {
    system: Arc<System>,
    place: Place,
    /// Of all that a run depends on beside the set.
    digest: String,
}

/// The system as it runs with one candidate set.
#[derive(Debug, Clone)]
pub struct Case {
    system: Arc<System>,
    place: Place,
    set: CandidateSet,
    fingerprint: Fingerprint,
}

impl Setting {
    /// The system of a scenario as it stands, as a setting for sets.
    pub fn new(system: Arc<System>) -> Self {
        Self::at(Place::Scenario, system)
    }

    /// The system at a place of a study, as a setting for sets.
    pub fn at(place: Place, system: Arc<System>) -> Self {
        let digest = digest_of(&system);
        Self { system, place, digest }
    }

    /// The system.
    pub fn system(&self) -> &System {
        &self.system
    }

    /// The case of `set`: with what that changes, and where jobs are routed by a plan, with its own.
    pub fn case(&self, set: &CandidateSet) -> Case {
        let (own, digest) = match &set.variant {
            None => (Arc::clone(&self.system), self.digest.clone()),
            Some(variant) => (Arc::clone(variant), digest_of(variant)),
        };
        let sites: Vec<&str> = set.sites.iter().map(|&site| own.sites[site].id.as_str()).collect();
        let whole = Sha256::new().chain_update(digest).chain_update(sites.join(" ")).finalize();
        let half = whole[..16].try_into().expect("a SHA-256 is longer than half of it");
        let fingerprint = Fingerprint(half);
        let system = match own.broker {
            BrokerPolicy::Fluid { .. } => {
                let plan = Some(routing_plan(&own, set));
                Arc::new(System { broker: BrokerPolicy::Fluid { plan }, ..(*own).clone() })
            }
            _ => own,
        };
        Case { system, place: self.place, set: set.clone(), fingerprint }
    }
}

impl Case {
    /// The case of the set at a place of a system.
    pub fn of(system: &System, set: usize) -> Self {
        Setting::new(Arc::new(system.clone())).case(&system.sets[set])
    }

    /// The system as it is run.
    pub fn system(&self) -> &System {
        &self.system
    }

    /// The set.
    pub fn set(&self) -> &CandidateSet {
        &self.set
    }

    /// Where in its study the system comes from.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Equal for cases whose runs are the same, and else not. Names, sources, the other sets and the number of replications
    /// are not among what it is of.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// What a replication of it is kept by.
    pub fn run_key(&self, replication: u32) -> RunKey {
        RunKey { case: self.fingerprint, replication }
    }

    /// The set's id, or its sites where it has none, and where the system comes from.
    pub fn name(&self) -> String {
        let set = &self.set;
        let sites = || set.sites.iter().map(|&site| self.system.sites[site].id.as_str()).collect::<Vec<_>>();
        let set =
            if set.id.is_empty() { format!("the set of {}", sites().join(", ")) } else { set.id.clone() };
        match self.place {
            Place::Scenario => set,
            Place::Future(future) => format!("{set} in future {future}"),
            Place::Point(point, 0) => format!("{set} at point {point} of the sweep"),
            Place::Point(point, future) => format!("{set} at point {point} of the sweep in future {future}"),
        }
    }

    /// Runs one replication. Replication r of all cases of a seed runs in the same random universe.
    pub fn run(&self, replication: u32) -> Outcome {
        let (system, set) = (&*self.system, &self.set);
        let universe = Universe::new(system.observation.seed, replication);
        let mut statistics = RunStatistics::new(system, set);
        let mut bound = FluidBound::new(system, set);
        let workload = Synthetic::new(system, universe);
        let report = simulate(system, set, universe, workload, (&mut statistics, &mut bound));
        let mut metrics = statistics.finish();
        note_bound(&mut metrics, bound.bound_h());
        Outcome { metrics, events: report.events }
    }

    /// Runs one replication for the rows that it emits.
    pub fn run_for(&self, replication: u32, sink: &mut impl Sink) {
        let (system, set) = (&*self.system, &self.set);
        let universe = Universe::new(system.observation.seed, replication);
        simulate(system, set, universe, Synthetic::new(system, universe), sink);
    }

    /// The value of a measure in an outcome of this case.
    pub fn value(&self, measure: &Measure, outcome: &Outcome) -> f64 {
        measure.of(&self.system, &self.set, &outcome.metrics)
    }
}

/// Adds the bound to the metrics of a run. Panics if the run did more: then work was made from nothing.
fn note_bound(metrics: &mut RunMetrics, bound_h: f64) {
    let done_h = metrics.network.get(Metric::DoneH);
    assert!(keeps_bound(done_h, bound_h), "no policy beats the bound: {done_h} h over {bound_h} h");
    metrics.network.set(Metric::BoundH, bound_h);
    metrics.network.set(Metric::DoneOfBound, done_h / bound_h);
}

/// A digest of the text that tells every field of a system, without what no run depends on.
fn digest_of(system: &System) -> String {
    let mut bare = System { name: String::new(), facts: Vec::new(), sets: Vec::new(), ..system.clone() };
    bare.observation.replications = 0;
    let mut digest = Hashed(Sha256::new());
    write!(digest, "{bare:?}").expect("a digest takes every text");
    hexadecimal(&digest.0.finalize())
}

/// Bytes as hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes every text");
        text
    })
}

/// A digest that texts are written to.
struct Hashed(Sha256);

impl fmt::Write for Hashed {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text);
        Ok(())
    }
}
