//! Known answers of theory, through the real simulator.

use pleiade::study::Launcher;
use pleiade::study::validate::{Effort, validate};

/// Runs cells on the two halves of a thread pool by turns; the host has its own.
struct Threads;

impl Launcher for Threads {
    fn launch<T: Send, F: Fn(usize) -> T + Send + Sync>(&self, cells: usize, work: F) -> Vec<T> {
        use rayon::prelude::*;
        (0..cells).into_par_iter().map(work).collect()
    }
}

#[test]
fn every_built_in_case_passes() {
    let verdicts = validate(Effort::Quick, &Threads);
    for verdict in &verdicts {
        println!(
            "{:5} {:50} exact {:.6} simulated {:.6} allowed {:.6}",
            verdict.case, verdict.quantity, verdict.exact, verdict.simulated, verdict.allowed
        );
    }
    let failed: Vec<_> = verdicts.iter().filter(|verdict| !verdict.passed).collect();
    assert!(failed.is_empty() && verdicts.len() > 50, "{failed:#?}");
}
