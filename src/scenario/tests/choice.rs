//! The choice of sites, from keys to rules over bits, and each broken rule.

use super::broken::check_text;
use super::{EXAMPLE, example, load_text};
use crate::model::{Candidate, GroupRule, Mask, SiteId};
use crate::units::Money;

/// The example with a choice of these keys, what it costs at each site, and `south` with a partner.
fn with(keys: &str) -> String {
    let text = EXAMPLE
        .replacen("id = \"south\"", "id = \"south\"\ncost = \"40 MEUR\"\nconsortium = [\"ES\"]", 1)
        .replacen("id = \"west\"", "id = \"west\"\ncost = \"70 MEUR\"\nround = 2", 1);
    format!("{text}\n[choice]\n{keys}\n")
}

#[track_caller]
fn choice(keys: &str) -> crate::model::Choice {
    let scenario = load_text(&with(keys), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(scenario.choice, load_text(&scenario.resolved_toml, &[]).unwrap().choice);
    scenario.choice.unwrap()
}

/// Keys with an error at each `|`.
#[track_caller]
fn wrong(keys: &str, words: &[&str]) {
    check_text(&with(keys), words);
}

#[test]
fn a_choice_is_read() {
    assert_eq!(example(&[]).choice, None);
    let free = choice("");
    let candidate = |site, cost, round| Candidate { site: SiteId(site), cost: Money(cost), round };
    assert_eq!(free.candidates, [candidate(1, 4_000_000_000, 1), candidate(2, 7_000_000_000, 2)]);
    assert_eq!((&free.committed[..], &free.excluded[..]), (&[SiteId(0)][..], &[][..]));
    assert_eq!((free.rules.count(), free.rules.groups.len()), (Some(4), 0));
    assert_eq!((free.rounds(), free.decided_by(1)), (vec![1, 2], Mask(0b01)));
    assert_eq!(free.sites(Mask(0b10)), [SiteId(0), SiteId(2)]);
    assert_eq!(free.mask_of(&[SiteId(2), SiteId(0)]), Some(Mask(0b10)));
    assert_eq!((free.mask_of(&[SiteId(2)]), free.cost(Mask(0b11))), (None, Money(11_000_000_000)));
    let allowed = |keys: &str| choice(keys).rules.sets().map(|set| set.0).collect::<Vec<_>>();
    assert_eq!(allowed("budget = \"69.99 MEUR\""), [0b00, 0b01]);
    assert_eq!(allowed("sites = { least = 1, most = 1 }"), [0b01, 0b10]);
    // The committed site counts for its country, not for the number; Spain has a part in both candidates.
    assert_eq!(allowed("countries = [{ country = \"FI\", least = 1, most = 1 }]"), [0b00, 0b01, 0b10, 0b11]);
    assert_eq!(allowed("countries = [{ country = \"ES\", least = 1 }]"), [0b10, 0b11]);
    assert_eq!(allowed("consortia = [{ country = \"ES\", most = 1 }]"), [0b00, 0b01, 0b10]);
    assert_eq!(allowed("not_both = [[\"south\", \"west\"]]"), [0b00, 0b01, 0b10]);
    assert_eq!(allowed("not_both = [[\"south\", \"north\"]]"), [0b00, 0b10]);
    assert_eq!(allowed("only_with = [[\"west\", \"south\"]]"), [0b00, 0b01, 0b11]);
    assert_eq!(allowed("only_with = [[\"north\", \"south\"]]"), [0b01, 0b11]);
    assert_eq!(allowed("excluded = [\"south\"]\nonly_with = [[\"west\", \"south\"]]"), [0b0]);
    let rules = choice("sites = { least = 1, most = 2 }").rules;
    assert_eq!(rules.groups, [GroupRule { members: Mask(0b11), least: 1, most: 2 }]);
}

/// A set without any site could not run.
#[test]
fn somebody_is_chosen() {
    let text = with("budget = \"100 MEUR\"").replacen("status = \"committed\"", "status = \"candidate\"", 1);
    let rules = load_text(&text, &[]).unwrap().choice.unwrap().rules;
    assert_eq!((rules.count(), rules.allows(Mask::EMPTY)), (Some(5), false));
}

#[test]
fn choices_that_cannot_be() {
    wrong("excluded = [|\"north\"]", &["choice.excluded.0: `north` is committed"]);
    wrong("excluded = [|\"nroth\"]", &["there is no site `nroth`, did you mean `north`?"]);
    wrong("budget = |70", &["choice.budget", "an amount such as"]);
    wrong("sites = { least = |3, most = 2 }", &["choice.sites.least: the least, 3, exceeds the most, 2"]);
    wrong("sites = |{ }", &["expected at least one of `least` and `most`"]);
    wrong("sites = { least = |-1 }", &["must be at least 0"]);
    wrong("countries = [|{ country = \"ES\" }]", &["expected at least one of `least` and `most`"]);
    wrong("countries = [{ country = |\"EX\", most = 1 }]", &["there is no country `EX`"]);
    wrong("countries = [{ country = \"ES\", least = |2, most = 1 }]", &["choice.countries.0.least"]);
    wrong("countries = [{ country = \"FI\", most = |0 }]", &["FI hosts 1 of the committed sites already"]);
    wrong(
        "consortia = [{ country = \"FI\", most = |0 }]",
        &["choice.consortia.0.most: FI has a part in 1 of the committed sites already"],
    );
    wrong(
        "countries = [{ country = \"ES\", most = 1 }, |{ country = \"ES\", least = 1 }]",
        &["choice.countries.1: `ES` has its numbers above"],
    );
    wrong("not_both = [|[\"south\", \"south\"]]", &["choice.not_both.0: a pair is of two sites"]);
    wrong("not_both = [|[\"south\"]]", &["expected 2 items"]);
    wrong("only_with = [[\"south\", |\"wset\"]]", &["there is no site `wset`, did you mean `west`?"]);
    wrong(
        "excluded = [\"west\"]\nonly_with = [|[\"north\", \"west\"]]",
        &["`north` is committed and `west` is excluded"],
    );
    let both = with("not_both = [|[\"north\", \"south\"]]").replacen(
        "id = \"south\"",
        "id = \"south\"\nstatus = \"committed\"",
        1,
    );
    check_text(&both, &["choice.not_both.0: `north` and `south` are both committed"]);
    check_text(&with("").replacen("round = 2", "round = |0", 1), &["site.west.round: must be at least 1"]);
    let decided = EXAMPLE.replacen("id = \"north\"", "id = \"north\"\nround = |1", 1);
    check_text(&decided, &["site.north.round: a committed site is decided"]);
    let nobody = format!("{EXAMPLE}\n|[choice]\nexcluded = [\"south\", \"west\"]\n");
    check_text(&nobody, &["choice: there is nothing to choose"]);
}

/// Of all rules, those that clash are named, and no others.
#[test]
fn rules_that_clash() {
    let more = "countries = [{ country = \"IT\", most = 1 }]\nnot_both = [[\"north\", \"west\"]]";
    wrong(
        &format!("sites = {{ least = |3 }}\n{more}"),
        &["choice.sites.least: no set of the candidates meets this rule"],
    );
    wrong(
        &format!("budget = |\"100 MEUR\"\nsites = {{ least = 2 }}\n{}", &more[..more.find('\n').unwrap()]),
        &["choice.budget: no set of the candidates meets `budget` and `sites.least` together"],
    );
    wrong(
        &format!("budget = \"200 MEUR\"\nsites = {{ least = |2 }}\n{more}"),
        &["choice.sites.least: no set of the candidates meets `sites.least` and `not_both.0` together"],
    );
}

#[test]
fn too_many_candidates() {
    let site = |number: usize| {
        format!(
            "[[site]]\nid = \"s{number}\"\ncountry = \"ES\"\nlatitude = 41.4\nlongitude = 2.1\nrouter = \"milan\"\n\
             uplink = \"10 Gbit/s\"\ntransfer_nodes = \"10 Gbit/s\"\npartition = [{{ id = \"gpu\", accelerator = \"h100\", \
             nodes = 16, accelerators_per_node = 4 }}]\n"
        )
    };
    let sites = |count: usize| (0..count).map(site).collect::<String>();
    let text = format!("{EXAMPLE}\n{}\n|[choice]\n", sites(63));
    check_text(&text, &["at most 64 candidates can be chosen from, and there are 65"]);
    let text = format!("{EXAMPLE}\n{}\n[choice]\nsites = {{ most = 5 }}\n", sites(62));
    assert_eq!(load_text(&text, &[]).unwrap().choice.unwrap().candidates.len(), 64);
}
