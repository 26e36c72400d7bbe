//! The search for the best set of candidates: which sets to value next, never how.
//!
//! Values come from a closure that is given many sets at once, so that its owner can find them side by side; [`Memo`] asks for
//! each set once. A greater value is better: who wants the least negates. A value that is no number is worse than any other.
//! Sets and their rules are those of [`Mask`] and [`SetRules`]: an exhaustive search is [`best_of_all`] over
//! [`SetRules::sets`].
//!
//! What each way promises: all sets, the best. [`BestFirst`] (branch and bound), the best by a bound that grows with the set.
//! [`greedy()`] by gain, at least 1 - 1/e of the best for a monotone submodular value under a bound on the number alone
//! (Nemhauser, Wolsey, Fisher, 1978); the better of greedy by gain per cost and [`best_single`], a constant part of it under a
//! budget alone (Khuller, Moss, Naor, 1999). Coverage is such a value, a mean wait is not: then these are starts for
//! [`improve()`], which promises nothing.

mod best_first;
mod greedy;
mod improve;
mod memo;

#[cfg(test)]
mod tests;

pub use best_first::BestFirst;
pub use greedy::{Greed, GreedyStep, best_single, greedy};
pub use improve::{ImproveRules, Improved, improve, neighbours};
pub use memo::{Memo, Valued, best_of_all};

use crate::model::{Mask, SetRules};
