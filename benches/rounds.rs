//! Ratios of two pieces of work, timed by turns so that a busy machine slows both alike.
//!
//! A ratio is that of the medians over all rounds; no test asserts one, since times depend on the machine.
#![expect(clippy::disallowed_types, reason = "a bench reads the wall clock")]

use std::hint::black_box;
use std::time::Instant;

/// Rounds of a full measurement; odd, so that the median is one of them.
const ROUNDS: usize = 9;

/// Whether everything is to run once only: `-- --test`, or not started by `cargo bench`.
pub(crate) fn is_smoke() -> bool {
    let arguments: Vec<String> = std::env::args().collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    has("--test") || !has("--bench")
}

/// Times `measured` and `minimum` by turns, `repeats` times each a round, and prints the ratio. Returns the median
/// seconds of one repeat of either.
pub(crate) fn print_ratio<A, B>(
    names: (&str, &str),
    repeats: u32,
    mut measured: impl FnMut() -> A,
    mut minimum: impl FnMut() -> B,
) -> (f64, f64) {
    let (rounds, repeats) = if is_smoke() { (1, 1) } else { (ROUNDS, repeats) };
    let (a, b) = medians(rounds, repeats, &mut measured, &mut minimum);
    let (name, base) = names;
    let (time, base_time) = (in_words(a), in_words(b));
    println!(
        "ratio {name} / {base} = {:.2} ({time} / {base_time}, median of {rounds} alternating rounds)",
        a / b
    );
    (a, b)
}

/// The median seconds of one repeat of each of two pieces of work, timed by turns.
pub(crate) fn medians<A, B>(
    rounds: usize,
    repeats: u32,
    measured: &mut impl FnMut() -> A,
    minimum: &mut impl FnMut() -> B,
) -> (f64, f64) {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        first.push(seconds(repeats, measured));
        second.push(seconds(repeats, minimum));
    }
    (median(first), median(second))
}

fn seconds<T>(repeats: u32, work: &mut impl FnMut() -> T) -> f64 {
    let begin = Instant::now();
    for _ in 0..repeats {
        black_box(work());
    }
    begin.elapsed().as_secs_f64() / f64::from(repeats)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

fn in_words(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.1} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.2} us", s * 1e6),
        s if s < 1.0 => format!("{:.1} ms", s * 1e3),
        s => format!("{s:.2} s"),
    }
}
