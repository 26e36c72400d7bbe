//! The places of the made-up study: its sites in thirty cities of Europe, its routers in eight.

use crate::study::{CountryPlace, LinkEnd, LinkPlace, Places, SitePlace};

/// Names and accelerators of the first ten sites; further ones take them again.
pub(super) const SITES: [(&str, u32); 10] = [
    ("LUMI AI Factory, Kajaani", 9640),
    ("BSC AI Factory, Barcelona", 4480),
    ("IT4LIA, Bologna", 8100),
    ("HammerHAI, Stuttgart", 2600),
    ("Meluxina-AI, Bissen", 2100),
    ("MIMER, Linköping", 1240),
    ("Pharos, Lavrion", 520),
    ("JUPITER AI Factory, Jülich", 24000),
    ("AI:AT, Wien", 768),
    ("PIAST-AI, Poznań", 1400),
];

/// Country, latitude and longitude of the sites, the first ten those of the names in the sample.
const CITIES: [(&str, f64, f64); 30] = [
    ("FI", 64.23, 27.69),
    ("ES", 41.39, 2.12),
    ("IT", 44.51, 11.36),
    ("DE", 48.74, 9.1),
    ("LU", 49.79, 6.07),
    ("SE", 58.39, 15.57),
    ("GR", 37.72, 24.05),
    ("DE", 50.91, 6.41),
    ("AT", 48.2, 16.37),
    ("PL", 52.41, 16.92),
    ("FR", 48.7, 2.2),
    ("CZ", 49.84, 18.16),
    ("NL", 52.36, 4.95),
    ("BE", 50.85, 4.35),
    ("LU", 49.61, 6.13),
    ("DE", 49.0, 8.4),
    ("DK", 55.68, 12.57),
    ("EE", 59.44, 24.75),
    ("LV", 56.95, 24.11),
    ("LT", 54.69, 25.28),
    ("PT", 41.44, -8.3),
    ("IE", 53.35, -6.26),
    ("SI", 46.56, 15.65),
    ("HU", 47.5, 19.04),
    ("SK", 48.15, 17.11),
    ("RO", 44.43, 26.1),
    ("BG", 42.7, 23.32),
    ("HR", 45.81, 15.98),
    ("CY", 35.17, 33.36),
    ("MT", 35.9, 14.51),
];
/// The routers, in the order of the sample's links.
const ROUTERS: [(&str, (f64, f64)); 8] = [
    ("Amsterdam", (52.37, 4.9)),
    ("Geneva", (46.2, 6.14)),
    ("Paris", (48.86, 2.35)),
    ("Frankfurt", (50.11, 8.68)),
    ("Milan", (45.46, 9.19)),
    ("Poznań", (52.41, 16.92)),
    ("Stockholm", (59.33, 18.07)),
    ("Madrid", (40.42, -3.7)),
];

fn end(node: String, (latitude, longitude): (f64, f64)) -> LinkEnd {
    LinkEnd { node, latitude, longitude }
}

/// The places of so many sites in so many sets: the first two are committed, every third is in no set but the first.
pub(super) fn places(names: &[(String, String, u32)], sets: usize) -> Places {
    let ids =
        |in_all: bool| (0..if in_all { sets } else { sets.min(1) }).map(|set| format!("set-{set}")).collect();
    let site = |(index, (id, name, accelerators)): (usize, &(String, String, u32))| {
        let (country, latitude, longitude) = CITIES[index % CITIES.len()];
        SitePlace {
            id: id.clone(),
            name: name.clone(),
            latitude,
            longitude,
            country: country.to_owned(),
            consortium: if index == 0 { vec!["NO".to_owned(), "EE".to_owned()] } else { Vec::new() },
            accelerators: *accelerators,
            committed: index < 2,
            sets: ids(index % 3 != 2),
        }
    };
    let sites: Vec<SitePlace> = names.iter().enumerate().map(site).collect();
    let countries = ["FI", "NO", "RO"].map(|code| CountryPlace {
        id: code.to_owned(),
        name: code.to_owned(),
        hosts_in: if code == "FI" { ids(true) } else { Vec::new() },
        takes_part_in: if code == "RO" { Vec::new() } else { ids(true) },
    });
    Places { links: links(&sites), sites, countries: countries.into() }
}

/// The links, in the order and by the names of the sample.
fn links(sites: &[SitePlace]) -> Vec<LinkPlace> {
    let router = |index: usize| end(format!("router:{index}"), ROUTERS[index % ROUTERS.len()].1);
    let mut links = Vec::new();
    for index in 0..ROUTERS.len() {
        let (from, to) = (router(index), router(index + 1));
        let (here, there) = (ROUTERS[index].0, ROUTERS[(index + 1) % ROUTERS.len()].0);
        let name = format!("{here}-{there}");
        links.push(LinkPlace { name, from: from.clone(), to: to.clone() });
        links.push(LinkPlace { name: format!("{there}-{here}"), from: to, to: from });
    }
    for (index, site) in sites.iter().enumerate() {
        let at = (site.latitude, site.longitude);
        let (gate, storage) = (end(format!("gate:{}", site.id), at), end(format!("site:{}", site.id), at));
        let country = end(format!("country:{}", site.country), (site.latitude + 1.0, site.longitude));
        let hops = [(router(index), gate.clone()), (gate, storage), (country, router(index))];
        let hops = hops.into_iter().enumerate();
        links.extend(hops.map(|(hop, (from, to))| LinkPlace {
            name: format!("site-{index}-{hop}"),
            from,
            to,
        }));
    }
    links
}
