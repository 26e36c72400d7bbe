//! From the rules of a choice as written to those over bits, one part for each rule, so that it can be said which ones clash.

use super::build::named;
use super::choice_format::{Choice, CountryNumbers, SitePair};
use super::format::{ScenarioFile, Site, Status};
use crate::model::{self, Candidate, GroupRule, Mask, SetRules, System};
use crate::units::Money;

/// Rounds begin with this one.
const FIRST_ROUND: u32 = 1;

/// The choice of a file that has no problem, if it asks for one.
pub(super) fn choice(file: &ScenarioFile, system: &System) -> Option<model::Choice> {
    let choice = file.choice.as_ref()?;
    let board = Board::new(choice, &file.site);
    let id = |site: &&Site| named(&system.sites, |one| one.id == site.id);
    let mut excluded: Vec<_> = file.site.iter().filter(|site| choice.excluded.contains(&site.id)).collect();
    excluded.sort_by_key(|site| &site.id);
    Some(model::Choice {
        candidates: board.candidates.iter().map(|site| candidate(site, id(site))).collect(),
        committed: board.committed.iter().map(id).collect(),
        excluded: excluded.iter().map(id).collect(),
        rules: board.rules(board.parts(choice).iter().map(|(_, part)| part)),
    })
}

fn candidate(site: &Site, id: model::SiteId) -> Candidate {
    Candidate { site: id, cost: site.cost, round: site.round.unwrap_or(FIRST_ROUND) }
}

/// Who can be chosen, in the order of the bits, and who is there anyway.
pub(super) struct Board<'a> {
    pub(super) candidates: Vec<&'a Site>,
    pub(super) committed: Vec<&'a Site>,
}

/// What one rule asks of a set of candidates.
pub(super) enum Part {
    Budget(Money),
    Group(GroupRule),
    NotBoth(u32, u32),
    OnlyWith(u32, u32),
    Must(u32),
    Never(u32),
}

/// Where a site stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Candidate(u32),
    Committed,
    Excluded,
}

impl<'a> Board<'a> {
    pub(super) fn new(choice: &Choice, sites: impl IntoIterator<Item = &'a Site>) -> Self {
        let open = sites.into_iter().filter(|site| !choice.excluded.contains(&site.id));
        let (mut committed, mut candidates): (Vec<&Site>, Vec<&Site>) =
            open.partition(|site| site.status == Status::Committed);
        committed.sort_by_key(|site| &site.id);
        candidates.sort_by_key(|site| &site.id);
        Self { candidates, committed }
    }

    pub(super) fn standing(&self, id: &str) -> Standing {
        if self.committed.iter().any(|site| site.id == id) {
            return Standing::Committed;
        }
        let bit = self.candidates.iter().position(|site| site.id == id);
        bit.map_or(Standing::Excluded, |bit| Standing::Candidate(bit as u32))
    }

    /// The rules of `choice` with the paths where they are written. At most 64 candidates.
    pub(super) fn parts(&self, choice: &Choice) -> Vec<(String, Part)> {
        let mut parts = Vec::new();
        parts.extend(choice.budget.map(|budget| ("budget".to_owned(), Part::Budget(budget))));
        if let Some(numbers) = choice.sites {
            let all = Mask::all(self.candidates.len());
            parts.extend(bounds("sites", all, 0, (numbers.least, numbers.most)));
        }
        for (index, numbers) in choice.countries.iter().enumerate() {
            parts.extend(self.group(&format!("countries.{index}"), numbers, hosts));
        }
        for (index, numbers) in choice.consortia.iter().enumerate() {
            parts.extend(self.group(&format!("consortia.{index}"), numbers, takes_part));
        }
        for (index, pair) in choice.not_both.iter().enumerate() {
            parts.extend(self.not_both(pair).map(|part| (format!("not_both.{index}"), part)));
        }
        for (index, pair) in choice.only_with.iter().enumerate() {
            parts.extend(self.only_with(pair).map(|part| (format!("only_with.{index}"), part)));
        }
        parts
    }

    fn group(
        &self,
        path: &str,
        numbers: &CountryNumbers,
        counts: fn(&Site, &str) -> bool,
    ) -> impl Iterator<Item = (String, Part)> + use<> {
        let counts = |site: &&Site| counts(site, &numbers.country);
        let members = self.candidates.iter().enumerate().filter(|(_, site)| counts(site));
        let members = members.map(|(bit, _)| bit as u32).collect();
        let committed = self.committed.iter().filter(|site| counts(site)).count() as u32;
        bounds(path, members, committed, (numbers.least, numbers.most))
    }

    fn not_both(&self, SitePair([one, other]): &SitePair) -> Option<Part> {
        match (self.standing(one), self.standing(other)) {
            (Standing::Candidate(one), Standing::Candidate(other)) => Some(Part::NotBoth(one, other)),
            (Standing::Candidate(bit), Standing::Committed)
            | (Standing::Committed, Standing::Candidate(bit)) => Some(Part::Never(bit)),
            _ => None,
        }
    }

    fn only_with(&self, SitePair([one, needed]): &SitePair) -> Option<Part> {
        match (self.standing(one), self.standing(needed)) {
            (Standing::Candidate(one), Standing::Candidate(needed)) => Some(Part::OnlyWith(one, needed)),
            (Standing::Candidate(one), Standing::Excluded) => Some(Part::Never(one)),
            (Standing::Committed, Standing::Candidate(needed)) => Some(Part::Must(needed)),
            _ => None,
        }
    }

    /// All these parts together. A set without any site can't run, so that one is chosen where none is committed.
    pub(super) fn rules<'p>(&self, parts: impl IntoIterator<Item = &'p Part>) -> SetRules {
        let mut rules = SetRules::free(self.candidates.iter().map(|site| site.cost).collect());
        if self.committed.is_empty() {
            rules.groups.push(GroupRule { members: rules.all(), least: 1, most: u32::MAX });
        }
        for part in parts {
            match *part {
                Part::Budget(budget) => rules.budget = Some(budget),
                Part::Group(group) => add_group(&mut rules.groups, group),
                Part::NotBoth(one, other) => rules.not_both.push((one, other)),
                Part::OnlyWith(one, needed) => rules.only_with.push((one, needed)),
                Part::Must(bit) => rules.must = rules.must.with(bit),
                Part::Never(bit) => rules.never = rules.never.with(bit),
            }
        }
        rules
    }
}

/// Bounds on the same candidates are one rule.
fn add_group(groups: &mut Vec<GroupRule>, new: GroupRule) {
    match groups.iter_mut().find(|group| group.members == new.members) {
        Some(group) => (group.least, group.most) = (group.least.max(new.least), group.most.min(new.most)),
        None => groups.push(new),
    }
}

/// A part for each bound; `committed` sites count and are there already.
fn bounds(
    path: &str,
    members: Mask,
    committed: u32,
    (least, most): (Option<u32>, Option<u32>),
) -> impl Iterator<Item = (String, Part)> + use<> {
    let least = least.map(|least| ("least", least.saturating_sub(committed), u32::MAX));
    let most = most.map(|most| ("most", 0, most.saturating_sub(committed)));
    let paths = [least, most].into_iter().flatten();
    let path = path.to_owned();
    paths.map(move |(key, least, most)| {
        (format!("{path}.{key}"), Part::Group(GroupRule { members, least, most }))
    })
}

/// Whether a country hosts a site.
pub(super) fn hosts(site: &Site, country: &str) -> bool {
    site.country == country
}

/// Whether a country hosts a site or is a partner of its consortium.
pub(super) fn takes_part(site: &Site, country: &str) -> bool {
    hosts(site, country) || site.consortium.iter().any(|partner| partner == country)
}
