//! Rules of jobs that have several sizes or run in segments.

use super::build_scheduler::local_policy;
use super::check::sound;
use super::demand_format::JobClass;
use super::diagnostics::Report;
use super::draft::Draft;
use super::tree::Node;
use crate::units::Span;

/// Reports what is wrong with the sizes and segments of the class at `path`.
pub(super) fn check_flexibility(
    tree: &Node,
    draft: &Draft,
    (path, class): (&str, &JobClass),
    report: &mut Report,
) {
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
        for (site, partition) in keeping_reservations(draft) {
            let text = format!(
                "malleable jobs need a policy that plans anew, and the one of `{partition}` of `{site}` keeps its \
                 reservations: say there `scheduler = {{ backfill = {{ kind = \"conservative\", compression = \
                 \"replan\" }} }}`, or `easy`"
            );
            rule("malleable", text);
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
            let text = format!("no longer than the restart and the checkpoint of each segment, {overhead}");
            rule("segment", text);
        }
        Some(_) => {}
    }
}

/// The partitions whose plans are promises, each with its site.
fn keeping_reservations(draft: &Draft) -> impl Iterator<Item = (&str, &str)> {
    let partitions =
        sound(&draft.sites).flat_map(|(_, site)| site.partition.iter().map(move |part| (site, part)));
    let keeping = partitions.filter(|(_, part)| {
        part.shares_nodes_with.is_none() && local_policy(&part.scheduler).keeps_reservations()
    });
    keeping.map(|(site, part)| (site.id.as_str(), part.id.as_str()))
}
