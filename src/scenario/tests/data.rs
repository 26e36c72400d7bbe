//! Datasets, groups, storages and the classes that read, with what breaks their rules.

use super::broken::check;
use super::load_text;
use crate::model::{
    CountryId, DatasetHome, DatasetId, Eviction, Residency, ResultsGo, SiteId, SiteStorage, StagingPlace,
    System,
};
use crate::scenario::EXAMPLE;
use crate::units::Bytes;

const DATA: &str = "
[[dataset]]
id = 'corpus'
size = '40 TB'
home_site = 'south'
residency = 'eu'
replicas = ['west', 'south', 'west']
licence = 'CC BY 4.0'
popularity = 3
[[dataset]]
id = 'register'
name = 'A register'
size = '2 TB'
home_country = 'FI'
residency = 'country'
source = 'somebody'
[[dataset_group]]
id = 'images'
count = 12
size = { kind = 'uniform', low = '1 TB', high = '2 TB' }
home_country = 'ES'
zipf = 2.0
";

fn system(overrides: &[&str]) -> System {
    load_text(&format!("{EXAMPLE}{DATA}"), overrides).unwrap_or_else(|problems| panic!("{problems}")).system
}

#[test]
fn datasets_resolve() {
    let system = system(&[
        "site.south.storage={ capacity = \"50 TB\", eviction = \"lfu\" }",
        "country.ES.union=false",
        "dataset.corpus.replicas=[\"south\", \"north\", \"north\"]",
    ]);
    let ids: Vec<&str> = system.datasets.iter().map(|dataset| dataset.id.as_str()).collect();
    assert_eq!(
        (ids[0], ids[1], ids[12], ids[13], ids.len()),
        ("corpus", "images-01", "images-12", "register", 14)
    );
    let corpus = &system.datasets[DatasetId(0)];
    assert_eq!((corpus.home, corpus.country), (DatasetHome::Site(SiteId(1)), CountryId(2)));
    assert_eq!((corpus.residency, corpus.replicas.as_slice()), (Residency::Union, [SiteId(0)].as_slice()));
    assert_eq!((corpus.size, corpus.licence.as_str()), (Bytes(40_000_000_000_000), "CC BY 4.0"));
    let register = &system.datasets[DatasetId(13)];
    assert_eq!((register.home, register.residency), (DatasetHome::Country(CountryId(1)), Residency::Country));
    let image = &system.datasets[DatasetId(3)];
    assert!((Bytes(1_000_000_000_000)..=Bytes(2_000_000_000_000)).contains(&image.size));
    assert_ne!(image.size, system.datasets[DatasetId(4)].size);
    let rule = SiteStorage { capacity: Bytes(50_000_000_000_000), eviction: Eviction::LeastFrequentlyUsed };
    assert_eq!(system.sites.iter().map(|site| site.storage).collect::<Vec<_>>(), [None, Some(rule), None]);
    assert_eq!(
        system.countries.iter().map(|country| country.in_union).collect::<Vec<_>>(),
        [false, true, true]
    );
    let facts: Vec<&str> = system.facts.iter().map(|fact| fact.path.as_str()).collect();
    assert!(facts.ends_with(&["dataset.corpus", "dataset.register", "dataset_group.images"]), "{facts:?}");
}

/// A class's shares are in the order of ids and add up to 1; a group has the weight of one dataset, shared out by Zipf's
/// law; what nobody reads changes no size and no share.
#[test]
fn shares_follow_popularity() {
    let read = "class.training.datasets=[\"images\", \"corpus\"]";
    let all = system(&[read, "class.fine-tune.staging=\"while-queued\""]);
    let [tuning, training] = [0, 1].map(|index| all.classes.iter().nth(index).unwrap());
    assert_eq!((tuning.datasets.len(), tuning.staging), (0, StagingPlace::WhileQueued));
    assert_eq!((training.datasets.len(), training.staging), (13, StagingPlace::BeforeQueue));
    let share = |index: usize| {
        training.datasets[index].1 - if index == 0 { 0.0 } else { training.datasets[index - 1].1 }
    };
    assert!((share(0) - 0.75).abs() < 1e-12 && (training.datasets[12].1 - 1.0).abs() < 1e-12);
    assert!((share(1) / share(3) - 9.0).abs() < 1e-9, "{:?}", training.datasets);
    let more = load_text(
        &format!("{EXAMPLE}{DATA}[[dataset]]\nid = 'aaa'\nsize = '1 GB'\nhome_country = 'FI'\n"),
        &[read],
    );
    let more = more.unwrap().system;
    let named = |system: &System| {
        let class = system.classes.iter().nth(1).unwrap();
        let read = class
            .datasets
            .iter()
            .map(|&(id, share)| (system.datasets[id].id.clone(), system.datasets[id].size, share.to_bits()));
        read.collect::<Vec<_>>()
    };
    assert_eq!(named(&more), named(&all));
}

/// The example with these tables before its communities, with one error at each `|`.
#[track_caller]
fn slip(tables: &str, words: &[&str]) {
    let first = "[[community]]\nid = \"startups\"";
    check(first, &format!("{tables}\n{first}"), words);
}

#[test]
fn datasets_that_cannot_be() {
    slip(
        "|[[dataset]]\nid = 'a'\nsize = '1 TB'",
        &["dataset.a: expected exactly one of `home_site` and `home_country`, found 0"],
    );
    slip(
        "[[dataset]]\nid = 'a'\nsize = '1 TB'\nhome_site = 'west'\n|home_country = 'FI'",
        &["dataset.a: expected exactly one of `home_site` and `home_country`, found 2"],
    );
    slip(
        "[[dataset]]\nid = 'a'\nsize = |'0 TB'\nhome_country = 'FI'",
        &["dataset.a.size: must be above zero"],
    );
    slip(
        "[[dataset]]\nid = 'a'\nsize = '1 TB'\nhome_country = |'FO'",
        &["there is no country `FO`, did you mean `FI`?"],
    );
    slip(
        "[[dataset]]\nid = 'a'\nsize = '1 TB'\nhome_site = |'wset'\nreplicas = [|'nort']",
        &["there is no site `wset`, did you mean `west`?", "there is no site `nort`, did you mean `north`?"],
    );
    slip(
        "[[dataset]]\nid = 'a'\nsize = '1 TB'\nhome_country = 'FI'\nresidency = |'EU'\npopularity = |-1",
        &["unknown residency `EU`, did you mean `eu`?", "must be at least 0"],
    );
    slip(
        "[[dataset]]\nid = 'a'\nsize = '1 TB'\nhome_country = 'FI'\nresidency = 'country'\nreplicas = ['north', |'west']",
        &["dataset.a.replicas.1: the residency of `a` keeps it out of `ES`, where `west` is"],
    );
    slip(
        "[[dataset_group]]\nid = 'a'\ncount = |0\nsize = '1 TB'\nhome_country = 'FI'\nzipf = |-1.0",
        &["at least 1", "at least 0"],
    );
    slip(
        "[[dataset_group]]\nid = 'a'\ncount = 3\nsize = |{ kind = 'uniform', low = '3 TB', high = '1 TB' }\nhome_country = 'FI'",
        &["dataset_group.a.size: low 3000000000000 exceeds high 1000000000000"],
    );
    slip(
        "[[dataset_group]]\nid = 'a'\ncount = 3\nsize = |'0 TB'\nhome_country = 'FI'",
        &["dataset_group.a.size: must be above zero"],
    );
    slip(
        "[[dataset]]\nid = 'a-2'\nsize = '1 TB'\nhome_country = 'FI'\n\
         |[[dataset_group]]\nid = 'a'\ncount = 3\nsize = '1 TB'\nhome_country = 'FI'",
        &["dataset_group.a: `a-2` is the name of another dataset or group: rename one"],
    );
}

#[test]
fn residency_follows_membership() {
    let from = "access = \"100 Gbit/s\" },\n    { id = \"IT\"";
    let outside = "access = \"100 Gbit/s\", union = false },\n    { id = \"IT\"";
    let with = |dataset: &str| {
        let first = "[[community]]\nid = \"startups\"";
        EXAMPLE.replacen(from, outside, 1).replacen(first, &format!("{dataset}\n{first}"), 1)
    };
    let home = "[[dataset]]\nid = 'a'\nsize = '1 TB'\nhome_country = 'FI'\nresidency = 'eu'";
    let text = load_text(&with(home), &[]).unwrap_err().to_string();
    assert!(
        text.contains("dataset.a.residency: a dataset that stays in the Union has its home in `FI`, outside"),
        "{text}"
    );
    let copy =
        "[[dataset]]\nid = 'a'\nsize = '1 TB'\nhome_country = 'ES'\nresidency = 'eu'\nreplicas = ['north']";
    let text = load_text(&with(copy), &[]).unwrap_err().to_string();
    assert!(
        text.contains("dataset.a.replicas.0: the residency of `a` keeps it out of `FI`, where `north` is"),
        "{text}"
    );
    check(
        from,
        "access = \"100 Gbit/s\", union = |\"no\" },\n    { id = \"IT\"",
        &["country.FI.union: expected"],
    );
}

#[test]
fn storages_and_readers_that_cannot_be() {
    let site = "latitude = 64.2";
    check(
        site,
        "storage = |{ eviction = \"lru\" }\nlatitude = 64.2",
        &["site.north.storage.capacity: missing key `capacity`"],
    );
    check(
        site,
        "storage = { capacity = \"1 PB\", eviction = |\"lruu\" }\nlatitude = 64.2",
        &["unknown eviction `lruu`, did you mean `lru`?"],
    );
    let first = "[[community]]\nid = \"startups\"";
    let full = EXAMPLE.replacen(site, "storage = { capacity = \"9 TB\" }\nlatitude = 64.2", 1).replacen(
        first,
        &format!(
            "[[dataset]]\nid = 'a'\nsize = '4 TB'\nhome_site = 'north'\n[[dataset]]\nid = 'b'\nsize = '3 TB'\nhome_country = 'IT'\n\
             replicas = ['north']\n[[dataset_group]]\nid = 'c'\ncount = 3\nsize = '1 TB'\nhome_site = 'north'\n{first}"
        ),
        1,
    );
    let text = load_text(&full, &[]).unwrap_err().to_string();
    assert!(
        text.contains(
            "site.north.storage.capacity: 10 TB of datasets lie here from the beginning, more than"
        ),
        "{text}"
    );
    let class = "accelerators = 8";
    check(
        class,
        "datasets = [|\"a\"]\naccelerators = 8",
        &["class.fine-tune.datasets: there is no dataset `a`, there are none"],
    );
    check(
        class,
        "staging = |\"queued\"\naccelerators = 8",
        &["class.fine-tune.staging: unknown staging `queued`"],
    );
    let unread = EXAMPLE.replacen(class, "datasets = [\"a\"]\naccelerators = 8", 1).replacen(
        first,
        &format!("[[dataset]]\nid = 'a'\nsize = '4 TB'\nhome_site = 'north'\npopularity = 0\n{first}"),
        1,
    );
    let text = load_text(&unread, &[]).unwrap_err().to_string();
    assert!(text.contains("class.fine-tune.datasets: at least one popularity must be above zero"), "{text}");
    let kept = EXAMPLE.replacen(class, "staging = \"while-queued\"\naccelerators = 8", 1);
    let scheduler = "site.south.partition.gpu.scheduler=\"conservative\"";
    let text = load_text(&kept, &[scheduler]).unwrap_err().to_string();
    assert!(
        text.contains("class.fine-tune.staging: conservative backfilling at `gpu` of `south` keeps its"),
        "{text}"
    );
    assert!(load_text(&kept, &[]).is_ok());
}

/// Results go to the archive where there is one.
#[test]
fn archives() {
    let archive = "class.training.results=\"archive\"";
    let found = system(&[archive, "archive={ site = \"west\" }"]);
    let results: Vec<ResultsGo> = found.classes.iter().map(|class| class.results).collect();
    assert_eq!(
        (found.archive, results.as_slice()),
        (Some(SiteId(2)), [ResultsGo::Home, ResultsGo::ToArchive].as_slice())
    );
    let class = "accelerators = 8";
    check(
        class,
        "results = |\"archive\"\naccelerators = 8",
        &["class.fine-tune.results: there is no archive: say where"],
    );
    check(class, "results = |\"tape\"\naccelerators = 8", &["unknown results `tape`, known: archive, home"]);
    check(
        "reference_accelerator",
        "archive = { site = |\"wst\" }\nreference_accelerator",
        &["there is no site `wst`"],
    );
}

/// A country that only holds a dataset has to be in reach, too.
#[test]
fn homes_are_in_reach() {
    let island = "router = [{ id = \"far\", latitude = 1.0, longitude = 1.0 }, ";
    let text = EXAMPLE.replacen("router = [", island, 1).replacen(
        "country = [",
        "country = [{ id = \"XX\", router = \"far\", access = \"1 Gbit/s\" },",
        1,
    );
    assert!(load_text(&text, &[]).is_ok());
    let held = format!("{text}[[dataset]]\nid = 'a'\nsize = '1 TB'\nhome_country = 'XX'\n");
    let problems = load_text(&held, &[]).unwrap_err().to_string();
    assert!(problems.contains("no route over the links leads to this site from XX"), "{problems}");
}
