//! How the results of a page were computed, and the commands that compute them again.

use super::escape::html;
use super::page::{About, Study};
use crate::report::choosing;
use crate::report::format::number;
use crate::report::page::provenance;
use crate::report::sweep;
use crate::study::StudySummary;

/// What was run of each part of a study, and from which files.
pub(super) fn how(study: Study) -> String {
    let sets = study.sets.map(|(summary, about)| of_sets(summary, about));
    let select = study.select.map(|(found, about)| {
        let how = choosing::provenance(found);
        part("The choice", &how, "pleiade select select/scenario.resolved.toml --output again", about)
    });
    let sweep = study.sweep.map(|(found, about)| {
        let how = sweep::provenance(found);
        part("The sweep", &how, "pleiade sweep sweep/scenario.resolved.toml --output again", about)
    });
    let parts: String = [sets, select, sweep].into_iter().flatten().collect();
    format!(
        "<section id=\"how\" aria-label=\"How it was computed\">\n<h2>How it was computed</h2>\n{parts}</section>\n</main>\n"
    )
}

fn of_sets(summary: &StudySummary, about: &About) -> String {
    let command = if summary.sets.len() == 1 { "run" } else { "compare" };
    let how = format!(
        "{}. Every set runs in the same {} random universes. A mean stands with the half-width of its {} % interval by Student's t \
         over the replications. The statistics leave out what came before {}",
        provenance(summary, None),
        summary.replications,
        number(summary.confidence * 100.0, 0),
        summary.from,
    );
    part("", &how, &format!("pleiade {command} scenario.resolved.toml --output again"), about)
}

/// One part: how, the command that repeats it in this folder, version and files.
fn part(heading: &str, how: &str, command: &str, about: &About) -> String {
    let heading = if heading.is_empty() { String::new() } else { format!("<h3>{heading}</h3>\n") };
    let file = |(name, hash): &(String, String)| {
        format!("<li><code>{}</code> <span class=\"hash\">{}</span></li>\n", html(name), html(hash))
    };
    let inputs: String = about.inputs.iter().map(file).collect();
    format!(
        "{heading}<p>{}.</p>\n<p>Again, in this folder: <code>{}</code></p>\n\
         <p>Pléiade {}; resolved scenario <span class=\"hash\">{}</span>; read from:</p>\n<ul>\n{inputs}</ul>\n",
        html(how),
        html(command),
        html(&about.version),
        html(&about.resolved_sha256),
    )
}
