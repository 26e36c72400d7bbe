//! What the tests share that show that a wrong system is found out.

use super::STANDARD_ERRORS;
use std::ops::Range;

/// Standard errors off: five must be found out; four more are the noise allowed to the run itself.
pub(super) const OFF: f64 = 5.0 + STANDARD_ERRORS;

/// The argument in `range` at which `answer`, which grows or falls throughout, takes `value`.
#[track_caller]
pub(super) fn argument_for(value: f64, range: Range<f64>, answer: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (range.start, range.end);
    let mut middle = f64::midpoint(low, high);
    let rises = answer(middle) < answer(f64::midpoint(middle, high));
    for _ in 0..60 {
        let found = answer(middle);
        if (found - value).abs() < 1e-7 * value.abs() {
            return middle;
        }
        *(if (found < value) == rises { &mut low } else { &mut high }) = middle;
        middle = f64::midpoint(low, high);
    }
    panic!("{value} is taken at no argument in {range:?}");
}
