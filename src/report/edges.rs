//! What every figure must bear: its labels stand apart and on the page, and odd results leave no odd text.

use super::choosing::sample::{choice, in_futures};
use super::choosing::{futures_figures, select_figures};
use super::drawing::{Area, Label};
use super::figure::Figure;
use super::html::{About, Study, page};
use super::sample::{Size, about, study};
use crate::statistics::Estimate;
use crate::study::select::SelectSummary;

/// Fails where a label leaves the page or stands over another.
pub(super) fn check_labels(figure: &Figure) {
    let labels: Vec<(&Label, Area)> = figure.drawing.labels().map(|label| (label, label.area())).collect();
    for (index, (label, area)) in labels.iter().enumerate() {
        let inside = area.left >= 0.0
            && area.right <= figure.drawing.width
            && area.top >= 0.0
            && area.bottom <= figure.drawing.height;
        assert!(inside, "{}: {:?} leaves the page at {area:?}", figure.name, label.text);
        for (other, other_area) in &labels[index + 1..] {
            let clash = area.overlaps(other_area);
            assert!(!clash, "{}: {:?} and {:?} overlap", figure.name, label.text, other.text);
        }
    }
}

/// Estimates at the edges: none, one run, nothing, tiny, huge, negative, vague, not a number.
pub(super) fn strange() -> Vec<Estimate> {
    vec![
        Estimate { mean: None, half_width: None, count: 0 },
        Estimate { mean: Some(0.5), half_width: None, count: 1 },
        Estimate { mean: Some(f64::NAN), half_width: Some(f64::INFINITY), count: 3 },
        Estimate { mean: Some(0.2), half_width: Some(1e9), count: 2 },
        about(0.0, 0.0),
        about(1e-300, 0.1),
        about(1e-9, 0.3),
        about(1e15, 0.3),
        about(1e300, 0.1),
        about(-3.0, 5.0),
    ]
}

#[test]
fn figures_of_choices_bear_strange_results() {
    let long = "Gemeinsames Höchstleistungsrechenzentrum der Länder ".repeat(6);
    let summary = study(&Size { sites: 1, sets: 1, months: 1 });
    for value in strange() {
        for (count, name) in [(1, "LUMI"), (3, &*long), (30, "LUMI AI Factory, Kajaani")] {
            let mut figures = select_figures(&choice(count, name, value));
            figures.extend(futures_figures(&summary, &in_futures(count.min(12), count.min(4), name, value)));
            assert_eq!(figures.len(), 3, "finalists, worth and regret");
            for figure in &figures {
                check_labels(figure);
                assert!(!figure.svg().contains("NaN"), "{}", figure.name);
            }
        }
    }
}

/// Whatever is a name in a choice or in futures stays one on the page, alone or beside the sets.
#[test]
fn pages_of_choices_bear_strange_results() {
    let (summary, about) = (study(&Size { sites: 1, sets: 1, months: 1 }), About::default());
    let markup = "</script><!--<script>alert(1)</script>";
    for value in strange() {
        let (select, futures) = (choice(3, markup, value), in_futures(2, 2, markup, value));
        let chosen = Some((&select, &about));
        let alone = page(Study { select: chosen, ..Study::default() });
        let sets = Some((&summary, &about));
        let both = page(Study { sets, futures: Some(&futures), select: chosen, sweep: None });
        for page in [alone, both] {
            assert_eq!(page.matches("<script").count(), 3);
            assert!(page.contains("\\u003c/script\\u003e") && page.contains("The choice"));
        }
    }
}

/// Without candidates nothing was chosen, and nothing stands where something might.
#[test]
fn a_choice_among_none_draws_none() {
    let figures = select_figures(&choice(0, "None", about(1.0, 0.1)));
    assert_eq!(figures.iter().map(|figure| figure.name.as_str()).collect::<Vec<_>>(), ["worth-one"]);
    figures.iter().for_each(check_labels);
}

/// A series without any value takes no line, and the others keep their colours and their names.
#[test]
fn a_series_without_values_takes_no_line() {
    let mut choice = choice(2, "LUMI", about(3.0, 0.1));
    let lines = |choice: &SelectSummary| -> Vec<String> {
        let figure = select_figures(choice).pop().unwrap();
        figure.drawing.labels().map(|label| label.text.clone()).collect()
    };
    assert!(lines(&choice).contains(&"added first".to_owned()));
    for one in &mut choice.worth[0].candidates {
        (one.first, one.shapley) = (Estimate { mean: None, half_width: None, count: 0 }, None);
    }
    let left = lines(&choice);
    assert!(left.contains(&"added last".to_owned()) && !left.contains(&"added first".to_owned()), "{left:?}");
    assert!(!left.contains(&"–".to_owned()), "{left:?}");
}
