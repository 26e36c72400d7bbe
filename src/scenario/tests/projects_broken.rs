//! What breaks the rules of projects, access modes and people.

use super::broken::check_text;
use super::load_text;
use super::projects::text;
use crate::scenario::Color;
use proptest::prelude::*;

/// `from` replaced by `to`, with one error at each `|` within `to`.
#[track_caller]
fn slip(from: &str, to: &str, words: &[&str]) {
    let text = text();
    assert!(text.contains(from), "{from}");
    check_text(&text.replacen(from, to, 1), words);
}

const RATES: &str = "jobs_per_day = 8.0\nprojects_per_year = 24\nprojects = { programme = 1 }\n";

#[test]
fn communities_that_cannot_be() {
    let begin = "[[community]]\nid = \"researchers\"\n";
    let none = "expected at least one of `jobs_per_day`, `closed` and `projects_per_year`";
    slip(&format!("{begin}{RATES}"), &format!("|{begin}"), &[none]);
    let rates = |rates: &str, words: &[&str]| slip(RATES, rates, words);
    rates(
        "jobs_per_day = 8\nprojects = |{ programme = 1 }\n",
        &["community.researchers.projects: none of them come"],
    );
    rates(
        "jobs_per_day = 8\nprojects_per_year = 24\nprojects = { |programm = 1 }\n",
        &["there is no project `programm`, did you mean `programme`?"],
    );
    rates(
        "projects_per_year = 24\nprojects = |{ programme = 0 }\n",
        &["at least one weight must be above zero"],
    );
    rates(
        "projects_per_year = |-24\nprojects = { programme = 1 }\n",
        &["projects_per_year: must be at least 0"],
    );
    let countries = "countries = { FI = 5, IT = 2, ES = 3 }\n";
    let classes = "classes = { fine-tune = 1, training = 1 }\n";
    slip(
        &format!("{begin}{RATES}{countries}{classes}"),
        &format!("|{begin}jobs_per_day = 8\n{countries}"),
        &["missing key `classes`"],
    );
    slip(
        &format!("{begin}{RATES}"),
        &format!("|{begin}jobs_per_day = 8\nprojects_per_year = 24\n"),
        &["missing key `projects`"],
    );
    slip(
        "marks = { computing = 8,",
        "marks = { computing = |-8,",
        &["site.south.marks.computing: must be at least 0"],
    );
    slip("marks = { computing = 8,", "marks = |{", &["missing key `computing`"]);
}

#[test]
fn access_modes_that_cannot_be() {
    let regular = |from: &str, to: &str, words: &[&str]| slip(from, to, words);
    regular(
        "{ least = 100, most = 2e6 }",
        "{ least = |1e7, most = 2e6 }",
        &["regular.accelerator_hours.least: the least"],
    );
    regular("{ most = 5000 }", "{ most = |0 }", &["must be above 0"]);
    regular("communities = [\"startups\"]", "communities = [|\"startup\"]", &["did you mean `startups`?"]);
    regular("[\"IT\", \"FI\", \"FI\"]", "[|\"IR\"]", &["there is no country `IR`"]);
    regular(
        "by = \"panel\", work = \"8 h\"",
        "by = |\"pannel\", work = \"8 h\"",
        &["no reviewers `pannel`, did you mean `panel`?"],
    );
    regular(
        "by = \"panel\", work = \"8 h\"",
        "by = |\"porters\", work = \"8 h\"",
        &["there is no reviewers `porters`"],
    );
    regular("work = \"8 h\" }", "work = |\"0 h\" }", &["access.regular.review.work: must be above zero"]);
    regular("least_score = 0.4", "least_score = |1.4", &["at least 0 and at most 1"]);
    regular("share = 0.25, period", "share = |0, period", &["must be above 0 and at most 1"]);
    regular(
        "share = 0.25, period",
        "share = 0.25, |accelerator_hours = 4, period",
        &["exactly one of `accelerator_hours` and `share`"],
    );
    regular("budget = { share = 0.25, ", "budget = |{ ", &["exactly one of `accelerator_hours` and `share`"]);
    regular("period = \"91 d\"", "period = |\"1 h\"", &["a period lasts at least a day, found 1 h"]);
    regular("allocation = \"site\"", "allocation = |\"sites\"", &["did you mean `site`?"]);
    regular(
        "allocation = \"site\"\nchoices = 2",
        "allocation = \"pooled\"\nchoices = |2",
        &["`choices` is for"],
    );
    regular("choices = 2", "choices = |0", &["must be at least 1"]);
    regular(
        "share = 0.5, after",
        "share = |1, after",
        &["again.share: must be at least 0 and below 1, found 1"],
    );
    regular("after = \"30 d\"", "after = |\"0 d\"", &["again.after: must be above zero"]);
    regular("validity = \"365 d\"", "validity = |\"0 d\"", &["must be above zero"]);
    let communities = "communities = [\"startups\"]";
    slip(communities, "communities = |[\"researchers\"]", &["admits nobody of those who apply: startups"]);
    let countries = "countries = [\"IT\", \"FI\", \"FI\"]";
    let only_spain = "FI = 5, IT = 2, ES = 3";
    let text =
        text().replacen(countries, "countries = |[\"IT\"]", 1).replacen(only_spain, "FI = 5, ES = 3", 1);
    check_text(&text, &["access.regular.countries: it admits nobody of those who apply: researchers"]);
}

#[test]
fn cut_offs_that_cannot_be() {
    let cut_offs = |to: &str, words: &[&str]| {
        slip("{ first = 2025-12-20, every = \"14 d\", last = 2026-02-28 }", to, words);
    };
    cut_offs("|{ last = 2026-02-28 }", &["exactly one of `first` and `dates`, found 0"]);
    cut_offs("|{ first = 2026-02-28 }", &["missing key `every`"]);
    cut_offs(
        "{ first = 2026-01-01, |dates = [2026-01-01] }",
        &["exactly one of `first` and `dates`, found 2"],
    );
    cut_offs(
        "{ first = 2026-01-01, every = |\"12 h\" }",
        &["at least a day lies between two cut-offs, found 12 h"],
    );
    cut_offs(
        "{ first = 2026-02-01, every = \"7 d\", last = |2026-01-01 }",
        &["lies before the first, 2026-02-01"],
    );
    cut_offs("{ dates = [2026-02-01, |2026-02-01] }", &["dates.1: the days are in order"]);
    cut_offs("{ dates = [2026-02-01], every = |\"7 d\" }", &["is for those that follow a `first`"]);
    cut_offs("{ dates = [2026-02-01], last = |2026-02-02 }", &["only what has a `first`"]);
    cut_offs(
        "|{ dates = [2025-02-01, 2027-01-01] }",
        &["none lies within the observation, from 2026-01-01 to 2027"],
    );
    cut_offs("|{ first = 2025-02-01, every = \"7 d\", last = 2025-12-31 }", &["none lies within"]);
    cut_offs("{ dates = |[] }", &["expected at least 1 items"]);
}

#[test]
fn kinds_that_cannot_be() {
    slip(
        "access = \"regular\"",
        "access = |\"reguler\"",
        &["there is no access `reguler`, did you mean `regular`?"],
    );
    slip(
        "accelerator_hours = 50_000",
        "accelerator_hours = |50",
        &["`regular` grants 100 to 2000000: it never asks"],
    );
    slip("accelerator_hours = 50_000", "accelerator_hours = |3e6", &["it never asks for that"]);
    slip("accelerator_hours = 50_000", "accelerator_hours = |0", &["must be above zero"]);
    slip("accelerator_hours = 50_000", "accelerator_hours = |\"50 h\"", &["expected a number"]);
    slip(
        "accelerator_hours = 50_000",
        "accelerator_hours = 50_000\nscore = |0.3",
        &["takes scores from 0.4 on"],
    );
    slip("small_job = 8\n", "small_job = |-8\n", &["must be at least 0"]);
    slip("classes = { fine-tune = 3,", "classes = { |fine-tuning = 3,", &["there is no class `fine-tuning`"]);
    slip(
        "classes = { fine-tune = 3, training = 1 }",
        "classes = |{ training = 0 }",
        &["at least one weight"],
    );
    slip("mean = 4 }, think", "mean = |0.5 }, think", &["sessions.jobs.mean: must be at least 1"]);
    slip(
        "{ kind = \"geometric\", mean = 4 }",
        "|{ kind = \"uniform\", low = 4, high = 2 }",
        &["low 4 exceeds high 2"],
    );
    slip(
        "think = \"15 min\"",
        "think = |{ kind = \"exponential\", mean = \"0 s\" }",
        &["sessions.think: mean must be"],
    );
    slip("feedback = 0.5", "feedback = |1.5", &["must be at least 0 and at most 1"]);
    slip("pace = 0.8", "pace = |0", &["must be above 0 and at most 1"]);
    slip(
        "work = \"4 h\" }]",
        "work = |\"0 h\" }]",
        &["project.prototype.onboarding.1.work: must be above zero"],
    );
    slip(
        "[{ skill = \"porting\"",
        "[{ skill = |\"portng\"",
        &["there is no skill `portng`, did you mean `porting`?"],
    );
    slip(
        "share = 0.3, skill = \"porting\"",
        "share = 0.3, skill = |\"advice\"",
        &["no skill `advice`, known: data, porting"],
    );
    slip("efficiency = 0.5,", "efficiency = |0,", &["must be above 0 and at most 1"]);
    slip("supported = \"80 h\"", "supported = |\"0 h\"", &["must be above zero"]);
    slip("first = 0.43,", "first = |1.43,", &["must be at least 0 and at most 1"]);
    slip("jobs = 50,", "jobs = |0,", &["must be above 0"]);
    slip(
        "after = { kind = \"exponential\", mean = \"20 min\"",
        "after = |{ kind = \"exponential\", mean = \"0 s\"",
        &["mean must be finite and above 0"],
    );
    slip("share = 0.3,", "share = |0,", &["mistakes.ticket.share: must be above 0"]);
}

#[test]
fn jobs_of_projects_that_fit_nowhere() {
    let cross_site = "id = \"training\"\ncross_site = { parameters = 7e9, step = \"2 s\", mode = { kind = \"synchronous\" } }";
    let programme = "accelerator_hours = 50_000\nclasses = { training = 1 }";
    let marked = "accelerator_hours = 50_000\nclasses = { training = |1 }";
    let crossing = text().replacen("id = \"training\"", cross_site, 1).replacen(programme, marked, 1);
    check_text(
        &crossing,
        &["project.programme.classes.training: jobs that train across sites", "\"pooled\""],
    );
    // Startups may hold a node each, which the fine-tuning of their projects exceeds.
    let limited = text()
        .replace("share = 0.5 }", "share = 0.5, limit = [{ community = \"startups\", nodes = 3 }] }")
        .replacen("{ prototype = 1 }", "{ prototype = |1 }", 1);
    check_text(
        &limited,
        &["community.startups.projects.prototype: of its jobs of the class `training`: a job of 16"],
    );
    // Jobs of startups that come without a project are under no limit of each project.
    check_text(
        &limited.replace(
            "{ community = \"startups\", nodes",
            "{ per = \"project\", community = \"startups\", nodes",
        ),
        &["community.startups.projects.prototype: of its jobs of the class `training`: a job of 16"],
    );
}

#[test]
fn people_that_cannot_be() {
    slip("site = \"south\"", "site = |\"souht\"", &["there is no site `souht`, did you mean `south`?"]);
    slip("countries = [\"ES\", \"FI\"]", "countries = [\"ES\", |\"FR\"]", &["there is no country `FR`"]);
    slip("people = 6\n", "people = |-6\n", &["must be at least 0"]);
    slip(
        "people = -3 }",
        "people = |-8 }",
        &["porters.changes.2.people: 8 go on 2026-03-01, and 7 are there"],
    );
    slip(
        "to = 17.5",
        "to = |9.0",
        &["working_hours.to: a day's work ends after its beginning at 9, found 9"],
    );
    slip("to = 17.5", "to = |25", &["must be at least 0 and at most 24"]);
    slip(
        "working_hours = { country = \"FI\", ",
        "working_hours = |{ ",
        &["say the `country` whose clock they have"],
    );
    slip("[\"saturday\", \"monday\"]", "|[]", &["expected at least 1 items"]);
    slip("[\"saturday\", \"monday\"]", "[|\"saturdy\"]", &["did you mean `saturday`?"]);
    slip("days = 3 }", "days = |0 }", &["must be at least 1"]);
    slip("skills = [\"data\"]", "skills = |[]", &["expected at least 1 items"]);
    slip(
        "[\"it\", \"en\"]\nremote",
        "[\"it\", |\"eng\"]\nremote",
        &["there is no language `eng`, did you mean `en`?"],
    );
    slip("remote_efficiency = 0.8", "remote_efficiency = |1.8", &["must be at least 0 and at most 1"]);
    slip(
        "[[staff]]\nid = \"antenna\"\ncountries = [\"ES\"]",
        "|[[staff]]\nid = \"antenna\"",
        &["they help nobody"],
    );
    slip("id = \"antenna\"", "id = \"antenna\"\n|person = 1", &["unknown key `person`"]);
    let text = text()
        .replace("\"panel\"", "\"porters\"")
        .replace("]]\nid = \"porters\"\npeople = 12", "]]\nid = |\"porters\"\npeople = 12");
    check_text(&text, &["reviewers.porters.id: support staff have this id"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Any value in place of any other gives a scenario, which its resolved text gives again, or diagnostics; never a panic.
    #[test]
    fn any_value_anywhere_is_refused_or_runs(
        path in prop::sample::select(vec![
            "access", "access.regular", "access.regular.accelerator_hours", "access.regular.accelerator_hours.most",
            "access.regular.communities", "access.regular.cut_offs", "access.regular.cut_offs.first",
            "access.regular.cut_offs.every", "access.regular.cut_offs.last", "access.regular.review",
            "access.regular.review.work", "access.regular.budget", "access.regular.budget.period",
            "access.regular.choices", "access.regular.validity", "access.regular.again", "access.regular.again.share",
            "project", "project.prototype.access", "project.prototype.accelerator_hours", "project.prototype.score",
            "project.prototype.classes", "project.prototype.sessions", "project.prototype.sessions.jobs",
            "project.prototype.sessions.pace", "project.prototype.onboarding", "project.prototype.mistakes",
            "project.prototype.mistakes.jobs", "project.prototype.learning.supported", "project.prototype.small_job",
            "staff", "staff.porters.site", "staff.porters.people", "staff.porters.changes", "staff.porters.skills",
            "staff.porters.working_hours", "staff.porters.working_hours.to", "staff.porters.working_hours.holidays",
            "staff.porters.languages", "reviewers", "reviewers.panel.id", "reviewers.panel.working_hours.weekdays",
            "community.startups.projects", "community.startups.projects_per_year", "country.IT.languages",
            "observation.end", "site.south.marks",
        ]),
        value in prop::sample::select(vec![
            "0", "1", "-1", "4294967295", "1e308", "1e-300", "0.001", "nan", "''", "'panel'", "[]", "{}", "[{}]", "true",
            "9999-12-31", "0001-01-01", "['a', 'b']", "'1 ns'", "'20000 weeks'", "[{ id = 'a' }]",
            "{ kind = 'lognormal', mean = '1 h', cv = 1e200 }", "{ kind = 'lognormal', mean = 1e300, cv = 9 }",
            "{ dates = [0001-01-01, 2026-05-01, 9999-12-31] }", "{ first = 0001-01-01, every = '1 d' }",
            "{ share = 1, period = '20000 weeks' }", "{ prototype = 1 }", "{ fine-tune = 1e-300 }",
            "[{ date = 0001-01-01, people = 1000000 }, { date = 9999-12-31, people = -1000000 }]",
            "[{ date = 9999-12-31, days = 366 }]", "{ from = 0, to = 1e-9 }", "{ from = 23.9999, to = 24 }",
            "['monday', 'monday']", "[{ work = '20000 weeks' }]", "{ jobs = 100000, think = '20000 weeks', pace = 1e-300 }",
        ]),
    ) {
        match load_text(&text(), &[&format!("{path}={value}")]) {
            Ok(scenario) => {
                let again = load_text(&scenario.resolved_toml, &[]).unwrap_or_else(|found| panic!("{found}"));
                prop_assert_eq!(&again.system, &scenario.system);
                let jobs = crate::study::expected_jobs(&scenario.system);
                prop_assert!(jobs.is_finite(), "{} jobs", jobs);
            }
            Err(diagnostics) => prop_assert!(!diagnostics.render(Color::Never).is_empty()),
        }
    }
}
