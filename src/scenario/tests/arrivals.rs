//! Growth toward a ceiling, rhythm, bursts and batches; with what breaks their rules.

use super::broken::check;
use super::{EXAMPLE, example, load_text};
use crate::engine::{CountDistribution, Distribution};
use crate::model::{ArrivalStream, Bursts, CommunityId, Growth, Hours, Patience, StreamId};
use crate::units::{Time, YEAR};

/// The first stream of the example, that of startups in Finland, with these overrides.
fn stream(overrides: &[&str]) -> ArrivalStream {
    let mut stream = example(overrides).system.streams[StreamId(0)].clone();
    assert_eq!(stream.key, "startups/ES");
    stream.starts = Time::ZERO;
    stream
}

/// Keys behind the rate of startups, with one error at each `|`.
#[track_caller]
fn slip(keys: &str, words: &[&str]) {
    check("jobs_per_day = 12.0 ", &format!("jobs_per_day = 12.0\n{keys}\n"), words);
}

/// Users are streams of their own, shared out by the weights: of 7, Finland has two thirds of what Spain has.
#[test]
fn closed_loops() {
    let closed = "community.startups.closed={ users = 7, think = { kind = 'exponential', mean = '2 d' } }";
    let text = EXAMPLE.replacen("jobs_per_day = 12.0 ", "", 1);
    let system = load_text(&text, &[closed]).unwrap_or_else(|problems| panic!("{problems}")).system;
    let startups: Vec<_> =
        system.streams.iter().filter(|stream| stream.community == CommunityId(0)).collect();
    assert_eq!(startups.len(), 7);
    for stream in startups {
        assert_eq!(stream.think_s, Some(Distribution::Exponential { mean: 172_800.0 }));
        assert!((stream.rate_per_s - 1.0 / 172_800.0).abs() < 1e-18);
    }
    assert!(system.has_closed_streams() && !example(&[]).system.has_closed_streams());
}

#[test]
fn closed_loops_that_cannot_be() {
    let closed = "closed = { users = 7, think = \"2 d\" }";
    slip(&format!("|{closed}"), &["`jobs_per_day` and `closed` exclude each other"]);
    let alone = |keys: &str, words: &[&str]| check("jobs_per_day = 12.0 ", &format!("{keys}\n"), words);
    alone("closed = { users = |0, think = \"2 d\" }", &["closed.users: must be at least 1"]);
    alone("closed = { users = 7, think = |\"0 d\" }", &["closed.think: must be above zero"]);
    alone(
        &format!("{closed}\nbursts = |{{ branching = 0.5, mean_delay = \"1 h\" }}"),
        &["bursts: is for streams"],
    );
}

#[test]
fn patience() {
    let patience = |keys: &str| {
        let key = format!("community.startups.patience={{ {keys} }}");
        example(&[&key]).system.communities[CommunityId(0)].patience.clone().unwrap()
    };
    let days = |days: f64| Some(Distribution::Constant(days * 86_400.0));
    assert_eq!(patience("promised = '3 d'"), Patience { promised_s: days(3.0), waited_s: None });
    let mean = Distribution::Exponential { mean: 5.0 * 86_400.0 };
    assert_eq!(
        patience("promised = '3 d', waited = { kind = 'exponential', mean = '5 d' }"),
        Patience { promised_s: days(3.0), waited_s: Some(mean) }
    );
    slip("patience = |{ }", &["community.startups.patience: say `promised`, `waited` or both"]);
    slip("patience = { waited = |\"0 s\" }", &["patience.waited: must be above zero"]);
    slip("patience = { |waitd = \"3 d\" }", &["unknown key `waitd`, did you mean `waited`?"]);
}

#[test]
fn growth_toward_a_ceiling() {
    let growth =
        stream(&["community.startups.growth={ kind = 'logistic', ceiling = 9, per_year = 1.5 }"]).growth;
    assert_eq!(growth, Growth::Logistic { ceiling: 9.0, per_s: 1.5 / YEAR.as_seconds() });
    let bass =
        "community.startups.growth={ kind = 'bass', ceiling = 20, innovation = 0.03, imitation = 0.4 }";
    let Growth::Bass { ceiling, innovation_per_s, imitation_per_s } = stream(&[bass]).growth else {
        panic!()
    };
    assert!((ceiling - 20.0).abs() < 1e-12 && (imitation_per_s * YEAR.as_seconds() - 0.4).abs() < 1e-12);
    assert!((innovation_per_s * YEAR.as_seconds() - 0.03).abs() < 1e-12);
    let logistic = "growth = |{ kind = \"logistic\", ceiling = 9, per_year = 1 }\ngrowth_per_year = 0.5";
    slip(logistic, &["community.startups.growth: a curve of growth says all"]);
    slip("growth = |\"logistic\"", &["expected a table of one of the kinds logistic, bass, found a text"]);
    slip("growth = { kind = \"logistic\", ceiling = |1, per_year = 1 }", &["ceiling: must be above 1"]);
    slip("growth = { kind = |\"logistc\", ceiling = 3, per_year = 1 }", &["did you mean `logistic`?"]);
    let bass = "growth = { kind = \"bass\", ceiling = 3, innovation = |0.0, imitation = 1 }";
    slip(bass, &["growth.innovation: must be above 0"]);
}

#[test]
fn rhythm_has_mean_one_on_the_clock_of_the_country() {
    let text = EXAMPLE.replace("name = \"Spain\"", "name = \"Spain\", utc_offset = 1, summer_time = true");
    let text = text.replacen(
        "jobs_per_day = 12.0 ",
        "rhythm = { hours = [1, 1, 1, 1, 1, 1, 1, 1, 1, 4, 4, 4, 4, 4, 4, 4, 4, 4, 1, 1, 1, 1, 1, 1], \
         weekdays = [3, 3, 3, 3, 3, 1, 1], holidays = [{ date = 2026-01-06, factor = 0.5, countries = [\"ES\"] }, \
         { date = 2026-12-24, days = 3, factor = 0.25 }, { date = 2026-12-25, factor = 0 }] }\njobs_per_day = 12.0 ",
        1,
    );
    let system = load_text(&text, &[]).unwrap_or_else(|diagnostics| panic!("{diagnostics}")).system;
    let activity = |place: u32| system.streams[StreamId(place)].activity.clone().unwrap();
    let (spain, finland) = (activity(0), activity(1));
    assert_eq!(spain.holidays, [(5, 0.5), (357, 0.25), (358, 0.0), (359, 0.25)]);
    assert_eq!(finland.holidays[0], (357, 0.25));
    let Hours::Each(hours) = &spain.hours else { panic!() };
    assert!(
        (hours.iter().sum::<f64>() / 24.0 - 1.0).abs() < 1e-12 && (hours[9] / hours[8] - 4.0).abs() < 1e-12
    );
    assert!((spain.weekdays.iter().sum::<f64>() / 7.0 - 1.0).abs() < 1e-12);
    assert_eq!((spain.clock.offset_s, spain.clock.summers.len(), spain.clock.first_weekday), (3_600, 1, 3));
    assert_eq!((finland.clock.offset_s, finland.clock.summers.len()), (0, 0));
    let waves = "community.startups.rhythm={ waves = [{ amplitude = 0.42, peak = 16.6 }] }";
    assert_eq!(stream(&[waves]).activity.unwrap().hours, Hours::Waves(vec![(0.42, 16.6)]));
}

#[test]
fn rhythms_that_cannot_be() {
    slip("rhythm = { hours = |[1, 2] }", &["rhythm.hours: expected 24 items, found an array of 2 items"]);
    slip(
        "rhythm = { weekdays = |[0, 0, 0, 0, 0, 0, 0] }",
        &["weekdays: at least one weight must be above zero"],
    );
    slip("rhythm = { weekdays = [|-1, 1, 1, 1, 1, 1, 1] }", &["weekdays.0: must be at least 0"]);
    let hours = vec!["1"; 24].join(", ");
    let both = format!("rhythm = {{ hours = [{hours}], waves = |[{{ amplitude = 0.1, peak = 3 }}] }}");
    slip(&both, &["rhythm.waves: the day has a shape already"]);
    let nothing = vec!["0"; 24].join(", ");
    slip(&format!("rhythm = {{ hours = |[{nothing}] }}"), &["rhythm.hours: at least one weight"]);
    let waves = "{ amplitude = 0.7, peak = 3 }, { amplitude = 0.4, peak = 3 }";
    slip(&format!("rhythm = {{ waves = |[{waves}] }}"), &["waves: the amplitudes must add up to at most 1"]);
    slip(
        "rhythm = { holidays = [{ date = 2026-12-25, factor = 0.1, countries = [|\"FR\"] }] }",
        &["there is no country `FR`"],
    );
    slip("rhythm = { holidays = [{ date = |\"Easter\", factor = 0.1 }] }", &["expected a date such as"]);
    check(
        "name = \"Finland\"",
        "name = \"Finland\", utc_offset = |20",
        &["country.FI.utc_offset: must be at least -12 and at most 14, found 20"],
    );
}

#[test]
fn bursts_and_batches() {
    let bursts = stream(&["community.startups.bursts={ branching = 0.6, mean_delay = '1 h' }"]).bursts;
    assert_eq!(bursts, Some(Bursts { branching: 0.6, mean_delay_s: 3_600.0 }));
    slip("bursts = { branching = |1.0, mean_delay = \"1 h\" }", &["at least 0 and at most 0.95, found 1"]);
    slip("bursts = { branching = 0.5, mean_delay = |\"0 h\" }", &["mean_delay: must be above zero"]);
    let batch = |text: &str| {
        let system = example(&[&format!("class.fine-tune.batch={text}")]).system;
        system.classes.iter().find(|class| class.id == "fine-tune").unwrap().batch.clone().unwrap()
    };
    assert_eq!(batch("20"), CountDistribution::Constant(20));
    assert_eq!(
        batch("{ kind = 'uniform', low = 10, high = 200 }"),
        CountDistribution::uniform(10, 200).unwrap()
    );
    let table = "[{ count = 10, weight = 3 }, { count = 50, weight = 1 }]";
    assert_eq!(batch(table), CountDistribution::Table(vec![(10, 0.75), (50, 1.0)]));
    let slip =
        |key: &str, words: &[&str]| check("id = \"fine-tune\"", &format!("id = \"fine-tune\"\n{key}"), words);
    slip(
        "batch = |{ kind = \"uniform\", low = 9, high = 3 }",
        &["class.fine-tune.batch: low 9 exceeds high 3"],
    );
    slip("batch = |{ kind = \"log-uniform\", low = 9, high = 3 }", &["batch: low 9 exceeds high 3"]);
    slip("batch = |0", &["batch: must be at least 1"]);
    slip("batch = |[{ count = 10, weight = 0 }]", &["batch: at least one weight must be above zero"]);
    slip("batch = { kind = |\"geometrc\", mean = 4 }", &["did you mean `geometric`?"]);
    slip("batch = |\"4\"", &["batch: expected a whole number or an array or a table of one of the kinds"]);
}
