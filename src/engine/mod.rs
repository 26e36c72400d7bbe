//! The discrete-event engine: event queue with a total key, clock, keyed random streams, samplers.
//!
//! No domain word appears here: an event is a type parameter and a phase is a small number.

mod count;
mod queue;
mod sampler;
mod stream;

pub use count::{CountDistribution, CountError};
pub use queue::{EventHandle, EventQueue, Key};
pub use sampler::{Distribution, DistributionError, inverse_normal_cdf};
pub use stream::{Purpose, Stream, Universe, entity_key, member_key};
