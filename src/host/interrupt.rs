//! Ctrl-C: the first one asks a study to stop after the runs in hand, the second one ends the program at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether somebody asked for an end.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens to Ctrl-C and the termination signal, for the rest of the program's life; `on_first` is called at the first one.
    ///
    /// Where the system takes no listener, Ctrl-C ends the program at once, as it does without one.
    pub fn listen(on_first: impl Fn() + Send + 'static) -> Self {
        let interrupt = Self::default();
        let asked = Arc::clone(&interrupt.0);
        let _ = ctrlc::set_handler(move || {
            if asked.swap(true, Ordering::Relaxed) {
                // What is finished is kept; nothing of what is not is ever read.
                std::process::exit(1);
            }
            on_first();
        });
        interrupt
    }

    /// Whether it was asked for.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
