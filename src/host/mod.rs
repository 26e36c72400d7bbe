//! The outside world: files, threads, the clock. With `cli` the only layer that touches it.

mod chunks;
mod cluster;
mod elsewhere;
mod files;
mod interrupt;
mod local;
mod shell;
mod study_folder;
mod threads;
mod watch;
mod whole;
mod work;

pub use chunks::{BUILD, Chunks};
pub use cluster::{Cluster, HyperQueue, Queue, QueueOptions, Slurm, Task};
pub use elsewhere::{Carrier, ChunkSize, Elsewhere, Unmade};
pub use files::{FileLoader, ResultFolder, open_trace};
pub use interrupt::Interrupt;
pub use local::LocalEngine;
pub use shell::shell_word;
pub use study_folder::StudyFolder;
pub use threads::Threads;
pub use watch::{Stopwatch, host_name, this_program, wants_color};
pub use whole::{NewFile, write_whole};
pub use work::{Work, Worked};
