//! Rules of staff and reviewers: ids apart, never fewer than nobody, hours within the day on some clock, and somebody to serve.

use super::build_staff::second_of_day;
use super::check::sound;
use super::diagnostics::Report;
use super::draft::Draft;
use super::problem::{Near, Problem};
use super::staff_format::{Staff, StaffChange, WorkingHours};
use super::tree::Node;
use std::collections::BTreeSet;

/// Reports every broken rule of staff and reviewers.
pub(super) fn check_staff(tree: &Node, draft: &Draft, report: &mut Report) {
    let mut rules = Rules { tree, report };
    let languages: BTreeSet<&str> =
        sound(&draft.countries).flat_map(|(_, country)| &country.languages).map(String::as_str).collect();
    let all_countries = draft.countries.iter().all(|country| country.value.is_some());
    for (path, staff) in sound(&draft.staff) {
        rules.people(path, staff.people, &staff.changes);
        rules.hours(path, staff.working_hours.as_ref(), staff.site.is_some());
        rules.serves(path, staff);
        if all_countries {
            rules.languages(path, staff, &languages);
        }
    }
    for (path, reviewers) in sound(&draft.reviewers) {
        rules.people(path, reviewers.people, &reviewers.changes);
        rules.hours(path, reviewers.working_hours.as_ref(), false);
        if sound(&draft.staff).any(|(_, staff)| staff.id == reviewers.id) {
            let text = "support staff have this id: people are known by it, say another";
            rules.rule(&format!("{path}.id"), text);
        }
    }
}

struct Rules<'a> {
    tree: &'a Node,
    report: &'a mut Report,
}

impl Rules<'_> {
    fn rule(&mut self, path: &str, text: impl Into<String>) {
        self.report.rule(self.tree, path, text);
    }

    /// At the end of each day on which some go there is nobody missing.
    fn people(&mut self, path: &str, people: u32, changes: &[StaffChange]) {
        let mut by_date: Vec<(usize, &StaffChange)> = changes.iter().enumerate().collect();
        by_date.sort_by_key(|(_, change)| change.date);
        let mut now = i64::from(people);
        for day in by_date.chunk_by(|one, other| one.1.date == other.1.date) {
            let before = now;
            now += day.iter().map(|(_, change)| i64::from(change.people)).sum::<i64>();
            if let Some((index, change)) = day.iter().find(|(_, change)| now < 0 && change.people < 0) {
                let text = format!("{} go on {}, and {before} are there", before - now, change.date);
                return self.rule(&format!("{path}.changes.{index}.people"), text);
            }
            if let Some((_, change)) = day.iter().find(|_| now > i64::from(u32::MAX)) {
                return self.rule(
                    &format!("{path}.changes"),
                    format!("{now} people on {} are too many", change.date),
                );
            }
        }
    }

    fn hours(&mut self, path: &str, hours: Option<&WorkingHours>, at_site: bool) {
        let Some(hours) = hours else { return };
        let path = format!("{path}.working_hours");
        let within = |hour: f64| (0.0..=24.0).contains(&hour);
        if within(hours.from) && within(hours.to) && second_of_day(hours.from) >= second_of_day(hours.to) {
            let text = format!("a day's work ends after its beginning at {}, found {}", hours.from, hours.to);
            self.rule(&format!("{path}.to"), text);
        }
        if hours.country.is_none() && !at_site {
            self.rule(
                &path,
                "say the `country` whose clock they have: only staff of a `site` have that of its country",
            );
        }
    }

    fn serves(&mut self, path: &str, staff: &Staff) {
        if staff.site.is_none() && staff.countries.is_empty() && staff.remote_efficiency <= 0.0 {
            let text = "they help nobody: say `site` or `countries` for projects that are their own, or \
                        `remote_efficiency` for others";
            self.rule(path, text);
        }
    }

    /// A language of staff is that of some country, unless no country says any.
    fn languages(&mut self, path: &str, staff: &Staff, known: &BTreeSet<&str>) {
        let spoken = staff.languages.iter().flatten().enumerate();
        for (index, id) in spoken.filter(|(_, id)| !known.is_empty() && !known.contains(id.as_str())) {
            let near = Near::new(id, known.iter().copied());
            let problem = Problem::UnknownReference { kind: "language".to_owned(), id: id.clone(), near };
            self.report.in_tree(self.tree, &format!("{path}.languages.{index}"), problem);
        }
    }
}
