//! Rules of a choice: bounds in order, pairs of two sites, nothing that the committed sites already break, and at least one set
//! that meets all of them.

use super::build_choice::{Board, Part, Standing, hosts, takes_part};
use super::check::sound;
use super::choice_format::{Choice, CountryNumbers, SitePair};
use super::diagnostics::Report;
use super::draft::Draft;
use super::format::{Site, Status};
use super::tree::Node;
use crate::model::Mask;

/// Reports every broken rule of the choice and of the rounds of sites.
pub(super) fn check_choice(tree: &Node, draft: &Draft, report: &mut Report) {
    for (path, site) in sound(&draft.sites) {
        if site.status == Status::Committed && site.round.is_some() {
            let text = "a committed site is decided: only candidates have a round";
            report.rule(tree, &format!("{path}.round"), text);
        }
    }
    let Some(choice) = &draft.choice else { return };
    // What can't be read or named would look like a clash.
    if report.touches(&["choice"]) || draft.sites.iter().any(|site| site.value.is_none()) {
        return;
    }
    let sites: Vec<&Site> = sound(&draft.sites).map(|(_, site)| site).collect();
    let board = Board::new(choice, sites.iter().copied());
    let mut rules = Rules { tree, choice, board, report };
    rules.excluded(&sites);
    rules.numbers();
    rules.pairs();
    if !rules.report.touches(&["choice"]) {
        rules.candidates();
    }
}

struct Rules<'a> {
    tree: &'a Node,
    choice: &'a Choice,
    board: Board<'a>,
    report: &'a mut Report,
}

impl Rules<'_> {
    fn rule(&mut self, key: &str, text: impl Into<String>) {
        self.report.rule(self.tree, &format!("choice.{key}"), text);
    }

    fn excluded(&mut self, sites: &[&Site]) {
        for (index, id) in self.choice.excluded.iter().enumerate() {
            if sites.iter().any(|site| site.id == *id && site.status == Status::Committed) {
                self.rule(&format!("excluded.{index}"), format!("`{id}` is committed: every set has it"));
            }
        }
    }

    fn numbers(&mut self) {
        if let Some(numbers) = self.choice.sites {
            self.in_order("sites", (numbers.least, numbers.most));
        }
        self.by_country("countries", &self.choice.countries, hosts, "hosts");
        self.by_country("consortia", &self.choice.consortia, takes_part, "has a part in");
    }

    fn in_order(&mut self, path: &str, (least, most): (Option<u32>, Option<u32>)) {
        if let Some((least, most)) = least.zip(most).filter(|(least, most)| least > most) {
            self.rule(&format!("{path}.least"), format!("the least, {least}, exceeds the most, {most}"));
        }
    }

    fn by_country(
        &mut self,
        key: &str,
        list: &[CountryNumbers],
        counts: fn(&Site, &str) -> bool,
        verb: &str,
    ) {
        for (index, numbers) in list.iter().enumerate() {
            let (path, country) = (format!("{key}.{index}"), &numbers.country);
            if list[..index].iter().any(|earlier| earlier.country == *country) {
                self.rule(&path, format!("`{country}` has its numbers above: say both bounds at one place"));
                continue;
            }
            self.in_order(&path, (numbers.least, numbers.most));
            let committed = self.board.committed.iter().filter(|site| counts(site, country)).count();
            if numbers.most.is_some_and(|most| committed > most as usize) {
                let text = format!("{country} {verb} {committed} of the committed sites already");
                self.rule(&format!("{path}.most"), text);
            }
        }
    }

    fn pairs(&mut self) {
        for (index, pair) in self.choice.not_both.iter().enumerate() {
            let path = format!("not_both.{index}");
            if self.are_two(&path, pair)
                && pair.0.iter().all(|id| self.board.standing(id) == Standing::Committed)
            {
                let SitePair([one, other]) = pair;
                self.rule(&path, format!("`{one}` and `{other}` are both committed: every set has both"));
            }
        }
        for (index, pair) in self.choice.only_with.iter().enumerate() {
            let (path, SitePair([one, needed])) = (format!("only_with.{index}"), pair);
            let standings = (self.board.standing(one), self.board.standing(needed));
            if self.are_two(&path, pair) && standings == (Standing::Committed, Standing::Excluded) {
                self.rule(&path, format!("`{one}` is committed and `{needed}` is excluded: no set has both"));
            }
        }
    }

    fn are_two(&mut self, path: &str, SitePair([one, other]): &SitePair) -> bool {
        if one == other {
            self.rule(path, format!("a pair is of two sites, and both are `{one}`"));
        }
        one != other
    }

    fn candidates(&mut self) {
        let count = self.board.candidates.len();
        if count == 0 {
            return self.report.rule(
                self.tree,
                "choice",
                "there is nothing to choose: every site is committed or excluded",
            );
        }
        if count > Mask::MOST {
            let text = format!(
                "at most {} candidates can be chosen from, and there are {count}: commit or exclude some",
                Mask::MOST
            );
            return self.report.rule(self.tree, "choice", text);
        }
        self.clash();
    }

    /// Reports rules that no set meets, as few as already clash: each that can be left out without a set coming into reach is.
    fn clash(&mut self) {
        let parts = self.board.parts(self.choice);
        let possible = |parts: &[&(String, Part)]| {
            self.board.rules(parts.iter().map(|(_, part)| part)).sets().next().is_some()
        };
        let mut clashing: Vec<&(String, Part)> = parts.iter().collect();
        if possible(&clashing) {
            return;
        }
        for part in &parts {
            let without: Vec<_> = clashing.iter().copied().filter(|kept| kept.0 != part.0).collect();
            if !possible(&without) {
                clashing = without;
            }
        }
        let paths: Vec<String> = clashing.iter().map(|(path, _)| format!("`{path}`")).collect();
        let Some((last, first)) = paths.split_last() else { return };
        let text = match first {
            [] => "no set of the candidates meets this rule".to_owned(),
            first => format!("no set of the candidates meets {} and {last} together", first.join(", ")),
        };
        let path = clashing[0].0.clone();
        self.rule(&path, text);
    }
}
