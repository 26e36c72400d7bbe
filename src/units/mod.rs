//! Integer time, bytes, rates, accelerator-hours, energy, money and the calendar; parsed and printed exactly.
//!
//! Everything here is a newtype, so that adding unlike units does not compile. Nothing here knows the domain.
//! Human text such as `"36 h"`, `"400 Gbit/s"` or `"30 PB"` is read by the `FromStr` of each type without passing
//! through a float: a value that the type can't hold exactly is refused.

mod calendar;
mod decimal;
mod energy;
mod money;
mod quantity;
mod time;

pub use calendar::{Calendar, Date, YEAR, date};
pub use decimal::UnitError;
pub use energy::{Carbon, Energy, Power};
pub use money::Money;
pub use quantity::{AcceleratorTime, ByteRate, Bytes};
pub use time::{Span, Time};
