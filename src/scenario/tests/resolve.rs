//! What a right scenario becomes.

use super::{example, load_text};
use crate::engine::Distribution;
use crate::model::{BrokerPolicy, Confidence, Id, LinkKind, Scaling, SiteId, System};
use crate::scenario::{EXAMPLE, MemoryLoader, json_schema, load};
use crate::units::{Bytes, Span, Time};
use proptest::prelude::*;

/// Mean accelerators that the demand of a country keeps busy at `site`, over the accelerators it has.
fn load_at_home(system: &System, country: &str, site: SiteId) -> f64 {
    let partition = system.sites[site].partitions[0];
    let speed = system.speed_of(partition);
    let demand: f64 = system
        .streams
        .iter()
        .filter(|stream| system.countries[stream.country].id == country)
        .map(|stream| {
            let classes = system.communities[stream.community].classes.iter();
            let work = classes.map(|&(class, share)| {
                let class = &system.classes[class];
                let speed = if class.scaling == Scaling::Work { speed } else { 1.0 };
                share * class.mean_work_s() / speed
            });
            stream.rate_per_s * work.sum::<f64>()
        })
        .sum();
    demand / f64::from(system.partitions[partition].accelerators())
}

#[test]
fn the_example_is_a_loaded_system_of_moderate_size() {
    let system = example(&[]).system;
    for (country, site) in [("FI", 0), ("IT", 1), ("ES", 2)] {
        let load = load_at_home(&system, country, SiteId::from_index(site));
        assert!((0.55..0.8).contains(&load), "{country}: {load}");
    }
    let rate: f64 = system.streams.iter().map(|stream| stream.rate_per_s).sum();
    let jobs = rate * system.observation.end.as_seconds();
    assert!((1e3..1e4).contains(&jobs), "{jobs} jobs a run");
}

#[test]
fn the_example_resolves_to_what_it_says() {
    let system = example(&[]).system;
    assert_eq!(system.observation.end, Time::from_seconds(365 * 86_400));
    assert_eq!(system.broker, BrokerPolicy::Home { overflow_wait: Some(Span::from_seconds(43_200)) });
    let ids = |system: &System| system.sites.iter().map(|site| site.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&system), ["north", "south", "west"]);
    assert_eq!(system.partitions.iter().map(|part| part.nodes).collect::<Vec<_>>(), [12, 12, 8]);
    let keys: Vec<_> = system.streams.iter().map(|stream| stream.key.as_str()).collect();
    let expected = ["startups/ES", "startups/FI", "startups/IT", "researchers/ES", "researchers/FI"];
    assert_eq!(keys[..5], expected);
    assert_eq!(system.sets[1].sites, [SiteId(0), SiteId(2)]);
    assert_eq!(system.classes.iter().next().unwrap().input_bytes, Distribution::Constant(2e11));
    assert_eq!("200 GB".parse(), Ok(Bytes(200_000_000_000)));
}

#[test]
fn rates_and_amounts_are_in_base_units() {
    let system =
        example(&["community.startups.growth_per_year=0.35", "class.training.requested={ factor = 2 }"])
            .system;
    let stream = system.streams.iter().next().unwrap();
    assert!((stream.rate_per_s * 86_400.0 - 12.0 * 0.3).abs() < 1e-12);
    let year = stream.growth.at(365.2425 * 86_400.0);
    assert!((year - 1.35).abs() < 1e-12, "{year}");
    let training = system.classes.iter().nth(1).unwrap();
    assert_eq!(training.scaling, Scaling::Work);
    assert!((training.mean_work_s() - 160.0 * 3_600.0).abs() < 1e-6);
    assert_eq!(training.requested.factor, Distribution::Constant(2.0));
    assert_eq!(training.accelerators, [(8, 0.5), (16, 0.5)]);
    let speeds: Vec<_> = system.accelerators.iter().map(|kind| kind.speed).collect();
    assert_eq!(speeds, [312.0 / 989.0, 1.0]);
}

#[test]
fn the_network_hangs_together() {
    let topology = example(&[]).system.topology;
    let links: Vec<_> = topology.links.iter().map(|link| link.name.as_str()).collect();
    assert_eq!(
        links[..4],
        ["helsinki-milan", "milan-helsinki", "ES up", "ES down"],
        "routers, links, countries, sites"
    );
    assert!(links.ends_with(&["milan-west", "west-milan", "west in", "west out"]));
    let backbone = topology.links.iter().find(|link| link.kind == LinkKind::Backbone).unwrap();
    // About 1,950 km from Helsinki to Milan, times 1.5 over 204 km/ms: 14.3 ms.
    assert!((backbone.latency.as_seconds() - 0.0143).abs() < 0.0002, "{}", backbone.latency);
}

#[test]
fn one_id_for_a_site_and_its_router_gives_unique_link_names() {
    let text = EXAMPLE.replace("\"milan\"", "\"west\"");
    let topology = load_text(&text, &[]).unwrap().system.topology;
    let mut names: Vec<_> = topology.links.iter().map(|link| link.name.clone()).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn overrides_reach_every_part() {
    let scenario = example(&[
        "observation.replications=3",
        "site.west.uplink=25 Gbit/s",
        "site.south.partition.gpu.share = 0.75",
        "class.training.work.mean=\"200 h\"",
        "community.startups.countries.FI=0",
        "network.detour=1.0",
        "broker.policy=random",
        "broker.overflow_wait=1 h",
        "broker={ policy = 'least-completion' }",
    ]);
    let system = scenario.system;
    assert_eq!(system.observation.replications, 3);
    assert_eq!(system.partitions.iter().map(|part| part.nodes).collect::<Vec<_>>(), [12, 18, 8]);
    assert_eq!(system.streams.len(), 5);
    assert_eq!(system.broker, BrokerPolicy::LeastCompletion);
    assert_eq!(scenario.sources.len(), 2);
    assert_eq!(scenario.sources[1].name, "--set");
}

#[test]
fn facts_carry_their_sources() {
    let text = EXAMPLE
        .replace("id = \"north\"\n", "id = \"north\"\nsource = \"its operator\"\nconfidence = \"firm\"\n");
    let facts = load_text(&text, &[]).unwrap().system.facts;
    let fact = |path: &str| facts.iter().find(|fact| fact.path == path).unwrap();
    assert_eq!(fact("site.north").source, "its operator");
    assert_eq!(fact("site.north").confidence, Confidence::Firm);
    assert_eq!(fact("site.north.partition.gpu").confidence, Confidence::Assumed);
    assert_eq!(fact("link.helsinki-milan").source, "this scenario");
}

#[test]
fn imports_give_the_same_system_as_one_file() {
    let (own, rest) = EXAMPLE.split_at(EXAMPLE.find("[[community]]").unwrap());
    let own = own.replacen("reference", "import = [\"parts/demand.toml\"]\nreference", 1);
    let loader = MemoryLoader::new(&[("x/a.toml", &own), ("x/parts/demand.toml", rest)]);
    let scenario = load("x/a.toml", &loader, &[]).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    assert_eq!(scenario.system, example(&[]).system);
    assert_eq!(scenario.sources.len(), 2);
}

#[test]
fn the_schema_documents_every_key() {
    fn undocumented(schema: &serde_json::Value, path: &str, found: &mut Vec<String>) {
        let Some(object) = schema.as_object() else { return };
        for (key, property) in object.get("properties").and_then(|p| p.as_object()).into_iter().flatten() {
            if property.get("description").is_none() && property.get("const").is_none() {
                found.push(format!("{path}/{key}"));
            }
        }
        for (key, value) in object {
            undocumented(value, &format!("{path}/{key}"), found);
            for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                undocumented(item, &format!("{path}/{key}/{index}"), found);
            }
        }
    }
    let schema = json_schema();
    let mut found = Vec::new();
    undocumented(&schema, "", &mut found);
    assert!(found.is_empty(), "{found:?}");
    assert!(!schema.to_string().contains("null"), "{schema:#}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// The resolved text runs as it is: it gives the same system, and itself.
    #[test]
    fn the_resolved_scenario_is_the_scenario(
        seed in any::<u64>(),
        share in 0.1_f64..1.0,
        latitude in -90.0_f64..90.0,
        minutes in 1_u32..100_000,
        weight in 0.0_f64..1e6,
        title in "\\PC*",
        policy in prop::sample::select(vec!["home", "random"]),
        scheduler in prop::sample::select(vec![
            "wfp3", "{ order = 'sjf' }", "{ backfill = { kind = 'conservative', depth = 9 } }", "slurm-like",
            "{ order = { kind = 'multifactor', size = 0.1 }, backfill = { kind = 'cycle', interval = '1 min' } }",
        ]),
        keys in prop::sample::select(vec![
            "tier = 0",
            "communities = ['startups', 'researchers'], limit = [{ nodes = 6 }, { countries = ['ES'], nodes = 4 }]",
            "calendar = [{ kind = 'course', from = 2025-12-31, duration = '2 d', nodes = 1, repeat = '30 d' }]",
            "preemption = { mode = 'suspend' } }, { id = 'urgent', shares_nodes_with = 'gpu', tier = 1",
        ]),
    ) {
        let title = toml::Value::String(title).to_string();
        let broker = format!("broker={{ policy = '{policy}' }}");
        let scenario = example(&[
            &format!("observation.seed={seed}"),
            &format!("site.north.partition.gpu.share={share:?}"),
            &format!("router.milan.latitude={latitude:?}"),
            &format!("class.fine-tune.duration={minutes} min"),
            &format!("class.training.requested={{ factor = 2, round_up_to = ['{minutes} min', '1 h'] }}"),
            &format!("community.startups.countries.ES={weight:?}"),
            &format!("title={title}"),
            &format!("site.south.partition.gpu.scheduler={scheduler}"),
            &format!("site.west.partition=[{{ id = 'gpu', accelerator = 'h100', nodes = 8, accelerators_per_node = 4, {keys} }}]"),
            &broker,
        ]);
        let again = load_text(&scenario.resolved_toml, &[]).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
        prop_assert_eq!(&again.system, &scenario.system);
        prop_assert_eq!(&again.title, &scenario.title);
        prop_assert_eq!(&again.resolved_toml, &scenario.resolved_toml);
    }

    /// A text with a piece cut out or another piece put in gives a scenario or diagnostics, never a panic.
    #[test]
    fn damaged_scenarios_are_refused_or_run(
        start in 0..EXAMPLE.len(),
        length in 0_usize..60,
        piece in prop::sample::select(vec!["", "0", "-1", "\"", "]", "x = 1\n", "{}", "[[site]]\n", "\u{e9}", "1e300"]),
    ) {
        let end = (start + length).min(EXAMPLE.len());
        let text = format!("{}{piece}{}", &EXAMPLE[..start], &EXAMPLE[end..]);
        match load_text(&text, &[]) {
            Ok(scenario) => {
                let again = load_text(&scenario.resolved_toml, &[]).unwrap_or_else(|found| panic!("{found}"));
                prop_assert_eq!(again.system, scenario.system);
            }
            Err(diagnostics) => {
                prop_assert!(!diagnostics.items.is_empty());
                prop_assert!(!diagnostics.render(crate::scenario::Color::Never).is_empty());
            }
        }
    }

    /// Any value in place of any other gives a scenario or diagnostics, never a panic.
    #[test]
    fn any_value_anywhere_is_refused_or_runs(
        path in prop::sample::select(vec![
            "name", "import", "observation", "observation.end", "observation.warm_up", "site", "site.west",
            "site.west.partition", "site.west.partition.gpu.nodes", "site.west.partition.gpu.share",
            "site.west.partition.gpu.scheduler", "site.west.partition.gpu.scheduler.backfill",
            "site.west.partition.gpu.opens", "site.west.partition.gpu.shares_nodes_with", "site.west.partition.gpu.tier",
            "site.west.partition.gpu.communities", "site.west.partition.gpu.limit", "site.west.partition.gpu.calendar",
            "site.west.partition.gpu.preemption", "site.west.partition.gpu.scheduler.order", "class.training.checkpoint",
            "site.west.partition.gpu.accelerators_per_node", "router",
            "link", "link.helsinki-milan.between", "class.training.work", "class.training.accelerators",
            "class.fine-tune.requested", "class.fine-tune.input", "community.startups.countries",
            "community.startups.growth_per_year", "community.startups.jobs_per_day", "set", "set.all-three.sites",
        ]),
        value in prop::sample::select(vec![
            "0", "1", "4294967295", "1e308", "0.001", "nan", "''", "'west'", "[]", "{}", "[{}]", "[[]]", "true",
            "9999-12-31", "0001-01-01", "['a', 'b']", "{ kind = 'lognormal', mean = '1 h', cv = 1e200 }",
            "{ kind = 'exponential', mean = 0 }", "'1 h'", "'20000 weeks'", "{ factor = 1 }", "[{ id = 'a' }]",
            "[{ nodes = 1 }]", "['startups']", "{ mode = 'cancel', exempt = '20000 weeks' }", "'fair-share'",
            "[{ kind = 'maintenance', from = 0001-01-01, duration = '20000 weeks', repeat = '20000 weeks' }]",
            "[{ kind = 'course', from = 2026-01-01, duration = '1 ns', repeat = '1 d', nodes = 1 }]",
            "'sjf'", "{ order = 'f2' }", "{ kind = 'easy', reservations = 3 }", "{ kind = 'conservative' }",
        ]),
    ) {
        match load_text(EXAMPLE, &[&format!("{path}={value}")]) {
            Ok(scenario) => {
                let again = load_text(&scenario.resolved_toml, &[]).unwrap_or_else(|found| panic!("{found}"));
                prop_assert_eq!(again.system, scenario.system);
            }
            Err(diagnostics) => prop_assert!(!diagnostics.render(crate::scenario::Color::Never).is_empty()),
        }
    }
}
