//! How long the users of a community wait before they go elsewhere.

use crate::engine::Distribution;

/// The patience of the users of a community, job by job. Who leaves takes the job elsewhere, to a commercial cloud or
/// nowhere: it is lost to the network.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Patience {
    /// The longest wait, in seconds, that a user who is promised it accepts; `None`: any.
    pub promised_s: Option<Distribution>,
    /// How long, in seconds, a user waits for the start of a job; `None`: for ever.
    pub waited_s: Option<Distribution>,
}
