//! `pleiade validate`: the built-in cases with known answers.

use super::arguments::ValidateOptions;
use super::failure::Failure;
use super::output::print_tables;
use crate::host::Threads;
use crate::report::plan_tables;
use crate::study::validate::{Effort, validate as run_cases};

pub(super) fn validate(options: &ValidateOptions) -> Result<(), Failure> {
    let effort = if options.full { Effort::Full } else { Effort::Quick };
    let verdicts = run_cases(effort, &Threads::new(options.threads)?);
    print_tables(&[plan_tables::validation(&verdicts)], options.format)?;
    let missed = verdicts.iter().filter(|verdict| !verdict.passed).count();
    if missed == 0 { Ok(()) } else { Err(Failure::Validation(missed)) }
}
