//! Rules of jobs that have several sizes, run in segments, or in parts at several sites.

use super::demand_format::JobClass;
use super::diagnostics::Report;
use super::flexibility_format::{CrossSite, CrossSiteMode};
use super::tree::Node;
use crate::units::Span;

/// Each part that gives up costs a few events.
const SHORTEST_HOLD: Span = Span(60_000_000_000);

/// Reports what is wrong with the sizes and segments of the class at `path`.
pub(super) fn check_flexibility(tree: &Node, (path, class): (&str, &JobClass), report: &mut Report) {
    let mut rule = |key: &str, text: String| report.rule(tree, &format!("{path}.{key}"), text);
    if let (Some(_), Some(_)) = (&class.moldable, &class.malleable) {
        let text = "a job that changes its size while it runs needs no choice of it before: say `moldable` or `malleable`";
        rule("malleable", text.to_owned());
    }
    if let Some(malleable) = &class.malleable {
        if malleable.minimum > malleable.maximum {
            rule("malleable.maximum", format!("less than the minimum, {}", malleable.minimum));
        }
        if class.segment.is_some() {
            rule("segment", "jobs that change their size while they run do not run in segments".to_owned());
        }
    }
    if let Some(CrossSite { mode: CrossSiteMode::Synchronous { hold }, .. }) = class.cross_site
        && hold < SHORTEST_HOLD
    {
        let text = format!("parts would give up and come back all the time: at least {SHORTEST_HOLD}");
        rule("cross_site.mode.hold", text);
    }
    if class.cross_site.is_some() {
        let others = [
            ("moldable", class.moldable.is_some()),
            ("malleable", class.malleable.is_some()),
            ("segment", class.segment.is_some()),
        ];
        for (key, _) in others.into_iter().filter(|(_, is_said)| *is_said) {
            let text = format!(
                "jobs with `{key}` do not train across sites: their parts keep their size to the end"
            );
            rule("cross_site", text);
        }
    }
    let Some(segment) = class.segment else { return };
    match class.checkpoint {
        None => rule(
            "segment",
            "a segment goes on from the checkpoint of the one before: give the class a `checkpoint`"
                .to_owned(),
        ),
        Some(saved) if segment.0 <= saved.cost.0.saturating_add(saved.restart.0) => {
            let overhead = Span(saved.cost.0.saturating_add(saved.restart.0));
            let text =
                format!("must be longer than the restart and the checkpoint of each segment, {overhead}");
            rule("segment", text);
        }
        Some(_) => {}
    }
}
