//! The fluid bound: programmes solved by hand, and no run that beats it; fractions for a broker from the same programme.

mod by_hand;
pub(crate) mod case;
mod plan;
mod random;
mod random_data;
mod study;
