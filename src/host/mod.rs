//! The outside world: files, threads, the clock. With `cli` the only layer that touches it.

mod chunks;
mod files;
mod threads;
mod watch;

pub use chunks::Chunks;
pub use files::{FileLoader, ResultFolder, open_trace, write_whole};
pub use threads::Threads;
pub use watch::{Stopwatch, host_name, wants_color};
