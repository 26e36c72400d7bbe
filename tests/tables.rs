//! The published tables of the catalog: as digitised, their means as published, and draws by Kolmogorov and Smirnov.

use crate::program::project;
use crate::shared;
use pleiade::engine::{Distribution, Universe};
use pleiade::model::{Amount, System};
use pleiade::scenario::{self, EXAMPLE, MemoryLoader};
use std::collections::BTreeMap;

/// Draws of each table.
const DRAWS: u64 = 1_000_000;

/// The example with the tables of the catalog, whose jobs have the durations of one and the sizes of another.
fn system(durations: &str, sizes: &str) -> System {
    let text = format!("import = [\"workload-tables.toml\"]\n{EXAMPLE}")
        .replace(
            "{ kind = \"lognormal\", mean = \"8 h\", cv = 1.5 }",
            &format!("{{ kind = \"named\", table = \"{durations}\" }}"),
        )
        .replace("accelerators = 8\n", &format!("accelerators = {{ table = \"{sizes}\" }}\n"))
        .replace("accelerators_per_node = 4", "accelerators_per_node = 100");
    let catalog = std::fs::read_to_string(project("scenarios/catalog/workload-tables.toml")).unwrap();
    let files = MemoryLoader::new(&[("example.toml", &text), ("workload-tables.toml", &catalog)]);
    scenario::load("example.toml", &files, &[]).unwrap_or_else(|diagnostics| panic!("{diagnostics}")).system
}

/// The quantiles of a table of durations, in seconds.
fn durations(table: &str) -> Distribution {
    let system = system(table, "helios-sizes");
    let class = system.classes.iter().next().unwrap();
    let Amount::Drawn(distribution) = &class.amount else { panic!("{table}") };
    distribution.clone()
}

/// Tables of durations with the mean that interpolation gives, the published mean and by how much the one may miss the
/// other, as stated with the tables.
const MEANS: [(&str, f64, f64, f64); 5] = [
    ("philly", 18_136.0, 18_006.0, 0.008),
    ("pai", 4_801.0, 4_787.0, 0.003_5),
    ("helios", 6_407.0, 6_652.0, 0.04),
    ("acme-kalos", 1_364.0, 1_260.0, 0.09),
    ("acme-seren", 1_641.0, 1_414.0, 0.17),
];

#[test]
fn means_are_those_published_within_what_is_stated() {
    for (table, interpolated, published, off) in MEANS {
        let mean = durations(table).mean();
        assert!((mean - interpolated).abs() <= 0.5, "{table}: {mean}");
        assert!((mean / published - 1.0).abs() <= off, "{table}: {mean}");
    }
}

/// 10^6 draws: the mean within 4 standard errors, and the greatest distance from the distribution function within
/// sqrt(ln(2 / 10^-7) / (2 n)) = 2.9e-3, which chance exceeds once in ten million (Dvoretzky, Kiefer, Wolfowitz; Massart
/// 1990). The distribution function is computed here from the pairs as they stand.
#[test]
fn draws_follow_their_table() {
    let bound = (libm::log(2e7) / (2.0 * DRAWS as f64)).sqrt();
    let universe = Universe::new(17, 0);
    for (number, (table, ..)) in MEANS.into_iter().chain([("acme-seren-sft", 0.0, 0.0, 0.0)]).enumerate() {
        let distribution = durations(table);
        let Distribution::Empirical { quantiles } = &distribution else { panic!("{table}") };
        let mut draws: Vec<f64> =
            (0..DRAWS).map(|i| distribution.draw(&mut universe.stream(number as u64, i, 0))).collect();
        let n = DRAWS as f64;
        let mean = draws.iter().sum::<f64>() / n;
        let variance = draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / (n - 1.0);
        assert!((mean - distribution.mean()).abs() < 4.0 * (variance / n).sqrt(), "{table}: {mean}");
        draws.sort_by(f64::total_cmp);
        let function = |value: f64| {
            let after = quantiles.partition_point(|&(_, v)| v < value).clamp(1, quantiles.len() - 1);
            let ((p0, v0), (p1, v1)) = (quantiles[after - 1], quantiles[after]);
            p0 + (p1 - p0) * libm::log(value / v0) / libm::log(v1 / v0)
        };
        let distance = |(place, &draw): (usize, &f64)| {
            let expected = function(draw);
            (expected - place as f64 / n).abs().max(((place + 1) as f64 / n - expected).abs())
        };
        let greatest = draws.iter().enumerate().map(distance).fold(0.0, f64::max);
        println!("{table}: mean {mean:.1}, distance {greatest:.5} of {bound:.5}");
        assert!(greatest < bound, "{table}: {greatest}");
        // The test has teeth: durations three hundredths longer are found out.
        let longer = draws.iter().map(|draw| draw * 1.03).collect::<Vec<_>>();
        let greatest = longer.iter().enumerate().map(distance).fold(0.0, f64::max);
        assert!(greatest > bound, "{table}: {greatest}");
    }
}

/// The tables hold what was digitised, point by point and size by size; none is left out.
#[test]
fn tables_are_as_digitised() {
    let Some(text) = shared::text("cases/workload_tables.json") else { return };
    let digitised: serde_json::Value = serde_json::from_str(&text).unwrap();
    let names = |key: &str| {
        let [trace, class] = *key.split('_').collect::<Vec<_>>() else { return key.to_lowercase() };
        let class = match class {
            "Eval" => "-evaluation".to_owned(),
            "Pretrain" => "-pretraining".to_owned(),
            "MLLM" => "-multimodal".to_owned(),
            "GPU" => String::new(),
            other => format!("-{}", other.to_lowercase()),
        };
        format!("acme-{}{class}", trace.to_lowercase())
    };
    let curves = digitised["duration_cdf_at_2powk_seconds_percent"].as_object().unwrap();
    assert_eq!(curves.len(), 15);
    for (key, points) in curves {
        let Distribution::Empirical { quantiles } = durations(&names(key)) else { panic!("{key}") };
        for (power, percent) in points.as_array().unwrap().iter().enumerate() {
            let (value, share) = (f64::from(1 << power), percent.as_f64().unwrap() / 100.0);
            // Where nothing is shorter or longer, the table need not say so again.
            let inside = quantiles[0].1 < value && value < quantiles.last().unwrap().1;
            let found = quantiles.iter().find(|(_, v)| (v - value).abs() < 1e-9);
            assert!(found.is_some() || !inside, "{key}: {value} s");
            assert!(found.is_none_or(|(p, _)| (p - share).abs() < 1e-9), "{key}: {value} s");
        }
    }
    let jobs = digitised["gpus_per_job_cdf_percent"]["jobs"].as_object().unwrap();
    for (key, shares) in jobs {
        let name = if ["Seren", "Kalos"].contains(&key.as_str()) { "acme-" } else { "" };
        let system = system("pai", &format!("{name}{}-sizes", key.to_lowercase()));
        let mut sum = 0.0;
        let counts = system.classes.iter().next().unwrap().accelerators.clone();
        let ours: BTreeMap<u32, f64> = counts
            .into_iter()
            .map(|(count, share)| {
                sum += share;
                (count, sum)
            })
            .collect();
        for (count, percent) in shares.as_object().unwrap() {
            let upto =
                ours.range(..=count.parse::<u32>().unwrap()).next_back().map_or(0.0, |(_, share)| *share);
            assert!((upto - percent.as_f64().unwrap() / 100.0).abs() < 1e-9, "{key}: {count}");
        }
    }
}
