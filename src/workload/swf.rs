//! The Standard Workload Format of the Parallel Workloads Archive (Chapin et al., JSSPP 1999).
//!
//! A line is a job of at least 18 columns separated by blanks, -1 for unknown; `;` starts a comment. Read here: 1 job,
//! 2 submit, 4 run, 5 processors allocated, 8 processors requested, 9 requested time, all whole numbers of seconds or
//! processors; further columns are passed over.
//!
//! The input filter, in this order, is that of the published schedules: drop a job larger than the machine; if only one
//! of allocated and requested processors is positive take it for both, if neither drop; drop a run time or a requested
//! time that is not positive; cut a run beyond its request to the request. Where the scheduler is told the true run times,
//! a job without a request keeps its run time as one: some logs have no requests at all.

use super::{Estimates, TraceJob};
use std::io::{self, BufRead};

/// Why a trace can't be read. Reads as the end of "failed to read the trace: ...".
#[derive(Debug, thiserror::Error)]
pub enum SwfError {
    /// The source failed; nothing is kept.
    #[error("line {line}: {source}")]
    Read {
        /// The line after which it failed.
        line: usize,
        /// What failed.
        source: io::Error,
    },
    /// A line has too few columns.
    #[error("line {line}: expected 18 columns, found {found}")]
    Columns {
        /// The line.
        line: usize,
        /// How many columns it has.
        found: usize,
    },
    /// A column is no whole number, negative where it must not be, or later than any clock here goes.
    #[error("line {line}, column {column}: expected a whole number of at most 5 billion, found {found:?}")]
    Number {
        /// The line.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// The text found.
        found: String,
    },
    /// No job is left.
    #[error(
        "no job is left of {lines} lines: {dropped} (a log without requested times replays with exact estimates)"
    )]
    Empty {
        /// The number of lines.
        lines: usize,
        /// What was dropped.
        dropped: Dropped,
    },
}

/// How many jobs the input filter dropped or changed, by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dropped {
    /// Asked for or held more processors than the machine has.
    pub too_large: usize,
    /// Neither allocated nor requested processors are positive.
    pub no_processors: usize,
    /// The run time is not positive.
    pub no_run: usize,
    /// The requested time is not positive.
    pub no_request: usize,
    /// Kept, with the run time cut to the requested time.
    pub cut: usize,
}

impl std::fmt::Display for Dropped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "dropped {} larger than the machine, {} without processors, {} without run time, {} without requested \
             time; cut {} to their request",
            self.too_large, self.no_processors, self.no_run, self.no_request, self.cut
        )
    }
}

/// The jobs of a trace that passed the filter, and what did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwfLog {
    /// The jobs, in the order of the file.
    pub jobs: Vec<TraceJob>,
    /// What the filter did.
    pub dropped: Dropped,
}

/// Reads a trace through the input filter for a machine of `processors`, for a scheduler that is told `estimates`.
///
/// # Errors
/// The first line that can't be read; or that no job is left.
pub fn read_swf(source: impl BufRead, processors: u32, estimates: Estimates) -> Result<SwfLog, SwfError> {
    let mut log = SwfLog { jobs: Vec::new(), dropped: Dropped::default() };
    let mut lines = 0;
    for (index, line) in source.lines().enumerate() {
        lines = index + 1;
        let line = line.map_err(|source| SwfError::Read { line: lines, source })?;
        let text = line.trim();
        if text.is_empty() || text.starts_with(';') {
            continue;
        }
        let mut job = parse(text, lines)?;
        if estimates == Estimates::Exact && job.requested <= 0 {
            job.requested = job.run;
        }
        log.jobs.extend(filter(&job, processors, &mut log.dropped));
    }
    if log.jobs.is_empty() {
        return Err(SwfError::Empty { lines, dropped: log.dropped });
    }
    Ok(log)
}

/// The latest submission and longest time in seconds, 158 years: sums of three stay within the clock's 584.
const LATEST_S: i64 = 5_000_000_000;

struct Line {
    number: i64,
    submit: i64,
    run: i64,
    allocated: i64,
    processors: i64,
    requested: i64,
}

fn parse(text: &str, line: usize) -> Result<Line, SwfError> {
    let columns: Vec<&str> = text.split_ascii_whitespace().collect();
    if columns.len() < 18 {
        return Err(SwfError::Columns { line, found: columns.len() });
    }
    let number = |column: usize| {
        let found = columns[column - 1];
        found.parse().map_err(|_| SwfError::Number { line, column, found: found.to_owned() })
    };
    let not_negative = |column: usize| match number(column)? {
        value if (0..=LATEST_S).contains(&value) => Ok(value),
        _ => Err(SwfError::Number { line, column, found: columns[column - 1].to_owned() }),
    };
    let at_most = |column: usize| match number(column)? {
        value if value <= LATEST_S => Ok(value),
        _ => Err(SwfError::Number { line, column, found: columns[column - 1].to_owned() }),
    };
    Ok(Line {
        number: not_negative(1)?,
        submit: not_negative(2)?,
        run: at_most(4)?,
        allocated: number(5)?,
        processors: number(8)?,
        requested: at_most(9)?,
    })
}

fn filter(line: &Line, machine: u32, dropped: &mut Dropped) -> Option<TraceJob> {
    let machine = i64::from(machine);
    let processors = if line.processors > 0 { line.processors } else { line.allocated };
    let reason = if line.allocated > machine || line.processors > machine {
        &mut dropped.too_large
    } else if processors <= 0 {
        &mut dropped.no_processors
    } else if line.run <= 0 {
        &mut dropped.no_run
    } else if line.requested <= 0 {
        &mut dropped.no_request
    } else {
        dropped.cut += usize::from(line.run > line.requested);
        return Some(TraceJob {
            number: line.number as u64,
            submit_s: line.submit as u64,
            run_s: line.run.min(line.requested) as u64,
            processors: processors as u32,
            requested_s: line.requested as u64,
        });
    };
    *reason += 1;
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "; header
1 0 -1 10 4 -1 -1 4 20 -1 1 1 1 1 1 1 -1 -1
2 5 -1 30 4 -1 -1 -1 20 -1 1 1 1 1 1 1 -1 -1
3 6 -1 30 400 -1 -1 -1 20 -1 1 1 1 1 1 1 -1 -1
4 7 -1 0 4 -1 -1 4 20 -1 1 1 1 1 1 1 -1 -1
";

    #[test]
    fn the_filter_counts_what_it_does() {
        let log = read_swf(TEXT.as_bytes(), 100, Estimates::Requested).unwrap();
        let kept: Vec<_> = log.jobs.iter().map(|job| (job.number, job.run_s, job.processors)).collect();
        assert_eq!(kept, [(1, 10, 4), (2, 20, 4)]);
        assert_eq!(log.dropped, Dropped { too_large: 1, no_run: 1, cut: 1, ..Dropped::default() });
    }

    #[test]
    fn exact_estimates_need_no_requests() {
        let text = TEXT.replace(" 20 -1 1 1", " -1 -1 1 1");
        assert!(read_swf(text.as_bytes(), 100, Estimates::Requested).is_err());
        let log = read_swf(text.as_bytes(), 100, Estimates::Exact).unwrap();
        assert_eq!(log.jobs.iter().map(|job| job.requested_s).collect::<Vec<_>>(), [10, 30]);
    }

    #[test]
    fn bad_lines_are_named() {
        let error =
            |text: &str| read_swf(text.as_bytes(), 100, Estimates::Requested).unwrap_err().to_string();
        assert_eq!(error("1 2 3"), "line 1: expected 18 columns, found 3");
        assert_eq!(
            error(&TEXT.replace("30 400", "x 400")),
            "line 4, column 4: expected a whole number of at most 5 billion, found \"x\""
        );
        assert!(error("; nothing").starts_with("no job is left of 1 lines"));
    }
}
