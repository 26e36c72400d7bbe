//! How precise the objectives have to be, as it is written.

use super::{EXAMPLE, load_text, says};
use crate::statistics::Aim;

const OBJECTIVES: &str = "[[objective]]\nid = \"quick\"\nmetric = \"wait_s_mean\"\nwant = \"least\"\n\
                          [[objective]]\nid = \"served\"\nmetric = \"served_h\"\nwant = \"most\"\n";

fn with(text: &str) -> String {
    format!("{EXAMPLE}\n{OBJECTIVES}[precision]\n{text}\n")
}

#[track_caller]
fn wrong(text: &str, words: &[&str]) {
    says(&with(text), words);
}

#[test]
fn aims_are_read_in_their_units() {
    let plan = |text: &str| {
        load_text(&with(text), &[]).unwrap_or_else(|problems| panic!("{problems}")).precision.unwrap()
    };
    let both = plan("relative = 0.05\nhalf_width = { quick = \"2 h\" }\n");
    assert_eq!(both.aims, [Some(Aim::HalfWidth(7_200.0)), Some(Aim::Relative(0.05))]);
    assert_eq!((both.most, both.batch), (200, 10));
    let one = plan("half_width = { served = 1000.0 }\nmost = 30\nbatch = 5\n");
    assert_eq!(one.aims, [None, Some(Aim::HalfWidth(1_000.0))]);
    assert_eq!((one.most, one.batch), (30, 5));
    assert_eq!(load_text(EXAMPLE, &[]).unwrap().precision, None);
}

#[test]
fn aims_that_cannot_be() {
    wrong("most = 50", &["precision"]);
    wrong("relative = 0", &["precision.relative", "above 0"]);
    wrong("relative = 1.5", &["at most 1"]);
    wrong("relative = 0.1\nmost = 5", &["precision.most", "10 replications to begin with"]);
    wrong("relative = 0.1\nbatch = 0", &["precision.batch", "at least 1"]);
    wrong("relative = 0.1\nbtach = 3", &["did you mean `batch`?"]);
    wrong("half_width = { quik = \"2 h\" }", &["did you mean `quick`?"]);
    wrong("half_width = { quick = \"2 kg\" }", &["precision.half_width.quick", "a duration such as"]);
    wrong("half_width = { quick = \"0 h\" }", &["precision.half_width.quick", "above zero"]);
    wrong("half_width = { served = \"2 h\" }", &["precision.half_width.served", "expected a number in h"]);
}
