//! The fluid bound: programmes solved by hand, and no run that beats it.

mod by_hand;
pub(crate) mod case;
mod random;
mod study;
