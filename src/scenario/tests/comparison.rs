//! How sets are compared, as it is written.

use super::broken::check_text;
use super::load_text;
use crate::scenario::EXAMPLE;
use crate::statistics::{Adjustment, Against, ComparisonPlan};

/// The example with more at its end; the error is expected at the `|`, with all `words`.
#[track_caller]
fn check(more: &str, words: &[&str]) {
    check_text(&format!("{EXAMPLE}\n{more}"), words);
}

#[test]
fn plans() {
    let plan = |more: &str| load_text(&format!("{EXAMPLE}\n{more}"), &[]).unwrap().comparison;
    assert_eq!(plan(""), ComparisonPlan { adjust: Adjustment::Holm, against: Against::Base });
    let both = plan("[comparison]\nadjust = \"bonferroni\"\nagainst = \"all-pairs\"\n");
    assert_eq!(both, ComparisonPlan { adjust: Adjustment::Bonferroni, against: Against::AllPairs });
    assert_eq!(plan("[comparison]\nadjust = \"none\"\n").adjust, Adjustment::None);
}

#[test]
fn broken_plans() {
    check("[comparison]\nadjust = |\"holms\"\n", &["comparison.adjust", "did you mean `holm`?"]);
    check("[comparison]\nagainst = |\"pairs\"\n", &["comparison.against", "known: all-pairs, base"]);
    check("[comparison]\n|agianst = \"base\"\n", &["did you mean `against`?"]);
}
