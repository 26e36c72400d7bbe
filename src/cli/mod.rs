//! The command line: arguments, terminal, exit codes.
//!
//! stdout is data, stderr is talk. Exit codes: 0 done, 1 the run failed, 2 the input or the command line is wrong.

mod arguments;
mod check;
mod conduct;
mod drawn;
mod engine;
mod failure;
mod init;
mod output;
mod people_warnings;
mod progress;
mod replay;
mod report;
mod results;
mod run;
mod select;
mod session;
mod study;
mod study_arguments;
mod sweep;
mod texts;
mod validate;
mod warnings;
mod workshop;

pub use arguments::{Arguments, Command};
pub use failure::Failure;

use clap::Parser;
use std::process::ExitCode;

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are data and no failure; clap gives 2 for a wrong command line.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    match dispatch(&arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn dispatch(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Init(options) => init::init(options),
        Command::Check(options) => check::check(options),
        Command::Run(options) => run::run(options),
        Command::Compare(options) => run::compare(options),
        Command::Select(options) => select::select(options),
        Command::Sweep(options) => sweep::sweep(options),
        Command::Replay(options) => replay::replay(options),
        Command::Study { command } => study::study(command),
        Command::Report(options) => report::report(options),
        Command::Validate(options) => validate::validate(options),
        Command::Schema { format } => texts::schema(*format),
        Command::Completions { shell } => texts::completions(*shell),
        Command::Man { directory } => texts::man(directory.as_deref()),
    }
}
