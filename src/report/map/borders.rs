//! The borders of the countries on the map: longitudes and latitudes in degrees, as `borders.txt` holds them.
//!
//! Source and licence stand in `NOTE.md` beside it.

use super::projection::project;
use crate::report::drawing::Point;
use std::sync::LazyLock;

/// One outline of a country: its mainland, or one of its islands.
#[derive(Debug, Clone, PartialEq)]
pub struct Border {
    /// ISO 3166-1, such as `FI`; `XK` for Kosovo.
    pub country: &'static str,
    /// The ring on the plane of [`project`], in km; the last point joins the first.
    pub ring: Vec<Point>,
}

/// All borders, the greatest first: a country within another comes after it.
pub fn borders() -> &'static [Border] {
    static BORDERS: LazyLock<Vec<Border>> =
        LazyLock::new(|| include_str!("borders.txt").lines().map(border).collect());
    &BORDERS
}

fn border(line: &'static str) -> Border {
    let mut words = line.split(' ');
    let country = words.next().expect("a line begins with a country");
    let mut degrees =
        words.map(|word| word.parse::<i32>().expect("a border is made of whole numbers")).map(f64::from);
    let mut ring = Vec::new();
    while let (Some(longitude), Some(latitude)) = (degrees.next(), degrees.next()) {
        ring.push(project(latitude / 100.0, longitude / 100.0));
    }
    Border { country, ring }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The members of the European Union, and others that take part in EuroHPC.
    const ASKED: &str = "AT BE BG HR CY CZ DE DK EE ES FI FR GR HU IE IT LT LU LV MT NL PL PT RO SE SI SK \
                         AL CH GB IL IS ME MK NO RS TR BA MD";

    #[test]
    fn every_country_that_takes_part_has_borders() {
        let known: BTreeSet<_> = borders().iter().map(|border| border.country).collect();
        let missing: Vec<_> = ASKED.split(' ').filter(|code| !known.contains(code)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(borders().iter().all(|border| border.ring.len() > 2 && border.country.len() == 2));
    }

    #[test]
    fn borders_enclose_the_published_areas() {
        let area = |country: &str| {
            let rings = borders().iter().filter(|border| border.country == country);
            let twice = rings.map(|Border { ring, .. }| {
                let next = ring.iter().skip(1).chain(ring.first());
                ring.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>().abs()
            });
            twice.sum::<f64>() / 2.0
        };
        // Square kilometres with inland waters (Eurostat reg_area3). Thinned lines move an area by a few hundred; the islands
        // left out are a fiftieth of Finland.
        for (country, km2) in
            [("DE", 357_600.0), ("FI", 338_400.0), ("AT", 83_900.0), ("PL", 311_900.0), ("BG", 111_000.0)]
        {
            let relative = area(country) / km2 - 1.0;
            assert!(relative.abs() < 0.03, "{country}: {} km2", area(country));
        }
        assert!((area("LU") / 2_595.0 - 1.0).abs() < 0.1, "LU: {} km2", area("LU"));
    }
}
