//! The fluid bound: programmes solved by hand, and no run that beats it.

mod by_hand;
mod case;
mod random;
mod random_data;
mod study;
