//! The borders that the map draws are those of Natural Earth's countries (public domain), derived here from the same file:
//! `PLEIADE_BLESS=1 cargo test --release borders` writes them anew and fails on purpose.
//!
//! The input is `countries-50m.json` of the npm package world-atlas 2.0.2, TopoJSON. Its arcs, each shared by the countries on its two
//! sides, are thinned one by one, so that neighbours still fit. Rings are clipped at a window larger than the map, and
//! small islands left out. A line of the output is one ring, the greatest first, so that a country within another is
//! drawn over it: the country's ISO 3166-1 code, then longitudes and latitudes by turns, in hundredths of a degree.

use crate::program::project;
use crate::shared;
use serde_json::Value;

/// West, south, east and north end of what is kept, in degrees: all that the map's window shows, and more.
const WINDOW: [f64; 4] = [-40.0, 28.0, 64.0, 75.0];
/// How far a thinned line may stray from the true one, in km.
const TOLERANCE_KM: f64 = 4.0;
/// Islands smaller than this are left out, unless they are all that a country has in the window.
const LEAST_KM2: f64 = 60.0;
const KM_PER_DEGREE: f64 = 111.2;

/// ISO 3166-1: number and letters of the countries that may be seen. Kosovo, which has no number, goes by its customary
/// letters; the north of Cyprus belongs to Cyprus, as for the European Union, and Åland to Finland.
const CODES: &str = "\
    004=AF 008=AL 012=DZ 020=AD 031=AZ 040=AT 048=BH 051=AM 056=BE 070=BA 100=BG 112=BY 191=HR 196=CY \
    203=CZ 208=DK 233=EE 234=FO 246=FI 248=FI 250=FR 268=GE 275=PS 276=DE 300=GR 304=GL 336=VA 348=HU \
    352=IS 364=IR 368=IQ 372=IE 376=IL 380=IT 398=KZ 400=JO 414=KW 422=LB 428=LV 434=LY 438=LI 440=LT \
    442=LU 470=MT 492=MC 498=MD 499=ME 504=MA 528=NL 578=NO 586=PK 616=PL 620=PT 642=RO 643=RU 674=SM \
    682=SA 688=RS 703=SK 705=SI 724=ES 752=SE 756=CH 760=SY 788=TN 792=TR 795=TM 804=UA 807=MK 818=EG \
    826=GB 831=GG 832=JE 833=IM 860=UZ";

type Point = (f64, f64);

#[test]
fn borders_are_those_of_natural_earth() {
    let Some(text) = shared::text("map/countries-50m.json.gz") else { return };
    let derived = derived(&serde_json::from_str(&text).unwrap());
    let file = project("src/report/map/borders.txt");
    if std::env::var("PLEIADE_BLESS").is_ok_and(|value| value == "1") {
        std::fs::write(&file, derived).unwrap();
        panic!("wrote the borders: run again without PLEIADE_BLESS");
    }
    assert!(derived == std::fs::read_to_string(file).unwrap(), "borders.txt is not what the data gives");
}

/// A line for each ring, the greatest first.
fn derived(topology: &Value) -> String {
    let arcs: Vec<Vec<Point>> = arcs(topology).iter().map(|arc| thinned(arc)).collect();
    let mut lines = Vec::new();
    for country in topology["objects"]["countries"]["geometries"].as_array().unwrap() {
        let mut rings: Vec<Vec<Point>> = rings(country).iter().map(|ring| joined(ring, &arcs)).collect();
        rings = rings.iter().map(|ring| clipped(ring)).filter(|ring| ring.len() > 2).collect();
        let greatest = rings.iter().map(|ring| area_km2(ring)).fold(0.0, f64::max);
        rings.retain(|ring| area_km2(ring) >= LEAST_KM2.min(greatest));
        if rings.is_empty() {
            continue;
        }
        let code = code(country).unwrap_or_else(|| panic!("no code for {country:.200}"));
        lines.extend(rings.iter().map(|ring| (area_km2(ring), line(code, ring))));
    }
    lines.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    lines.into_iter().map(|(_, line)| line).collect()
}

/// The letters of a country, by its number or its name.
fn code(country: &Value) -> Option<&'static str> {
    let Some(number) = country["id"].as_str() else {
        return match country["properties"]["name"].as_str()? {
            "Kosovo" => Some("XK"),
            "N. Cyprus" => Some("CY"),
            _ => None,
        };
    };
    CODES
        .split(' ')
        .find_map(|pair| pair.split_once('=').filter(|(known, _)| *known == number))
        .map(|(_, code)| code)
}

/// The arcs in degrees: in the file they are steps on a grid.
fn arcs(topology: &Value) -> Vec<Vec<Point>> {
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    let transform = |key: &str, axis: usize| number(&topology["transform"][key][axis]);
    let arc = |steps: &Value| {
        let (mut x, mut y) = (0.0, 0.0);
        let place = |step: &Value| {
            (x, y) = (x + number(&step[0]), y + number(&step[1]));
            (
                x * transform("scale", 0) + transform("translate", 0),
                y * transform("scale", 1) + transform("translate", 1),
            )
        };
        steps.as_array().into_iter().flatten().map(place).collect()
    };
    topology["arcs"].as_array().into_iter().flatten().map(arc).collect()
}

/// The outer rings of a country, each a list of arcs. A hole is filled by the ring of the country in it.
fn rings(country: &Value) -> Vec<Vec<i64>> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let polygons = match country["type"].as_str() {
        Some("MultiPolygon") => list(&country["arcs"]),
        _ => vec![country["arcs"].clone()],
    };
    let rings = polygons.iter().map(|polygon| polygon[0].clone());
    rings.map(|ring| list(&ring).iter().filter_map(Value::as_i64).collect()).collect()
}

/// The points of a ring, the last of each arc being the first of the next; `!n` is arc `n` from its end.
fn joined(ring: &[i64], arcs: &[Vec<Point>]) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for &index in ring {
        points.pop();
        if index < 0 {
            points.extend(arcs[!index as usize].iter().rev());
        } else {
            points.extend(&arcs[index as usize]);
        }
    }
    points.pop();
    points
}

/// A point in km on a plane that is true near it.
fn plane((longitude, latitude): Point, parallel: f64) -> Point {
    (longitude * libm::cos(parallel.to_radians()) * KM_PER_DEGREE, latitude * KM_PER_DEGREE)
}

/// A line with fewer points that strays nowhere by more than the tolerance (Douglas and Peucker 1973).
fn thinned(arc: &[Point]) -> Vec<Point> {
    let mut kept = vec![false; arc.len()];
    let mut open = vec![(0, arc.len() - 1)];
    while let Some((first, last)) = open.pop() {
        (kept[first], kept[last]) = (true, true);
        let strays = |index: &usize| distance_km(arc[*index], arc[first], arc[last]);
        let Some(farthest) = (first + 1..last).max_by(|one, other| strays(one).total_cmp(&strays(other)))
        else {
            continue;
        };
        if strays(&farthest) > TOLERANCE_KM {
            open.extend([(first, farthest), (farthest, last)]);
        }
    }
    arc.iter().zip(kept).filter(|(_, kept)| *kept).map(|(point, _)| *point).collect()
}

/// The distance of a point from the straight line between two others, or from the one where both are the same.
fn distance_km(point: Point, from: Point, to: Point) -> f64 {
    let [point, from, to] = [point, from, to].map(|place| plane(place, point.1));
    let (along, away) = ((to.0 - from.0, to.1 - from.1), (point.0 - from.0, point.1 - from.1));
    let length = along.0 * along.0 + along.1 * along.1;
    let share =
        if length > 0.0 { ((away.0 * along.0 + away.1 * along.1) / length).clamp(0.0, 1.0) } else { 0.0 };
    libm::hypot(away.0 - share * along.0, away.1 - share * along.1)
}

/// The part of a ring within the window (Sutherland and Hodgman 1974), one side after the other.
fn clipped(ring: &[Point]) -> Vec<Point> {
    let [west, south, east, north] = WINDOW;
    let sides: [&dyn Fn(Point) -> f64; 4] =
        [&|point| point.0 - west, &|point| east - point.0, &|point| point.1 - south, &|point| {
            north - point.1
        }];
    let mut points = ring.to_vec();
    for inside in sides {
        let mut next = Vec::new();
        for (index, &to) in points.iter().enumerate() {
            let from = points[(index + points.len() - 1) % points.len()];
            let (before, after) = (inside(from), inside(to));
            if (before < 0.0) != (after < 0.0) {
                let share = before / (before - after);
                next.push((from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1)));
            }
            if after >= 0.0 {
                next.push(to);
            }
        }
        points = next;
    }
    points
}

/// The area of a ring (shoelace formula) on a plane that is true in its middle.
fn area_km2(ring: &[Point]) -> f64 {
    let parallel = ring.iter().map(|point| point.1).sum::<f64>() / ring.len() as f64;
    let next = ring.iter().skip(1).chain(ring.first());
    let twice = |(from, to): (&Point, &Point)| {
        let (from, to) = (plane(*from, parallel), plane(*to, parallel));
        from.0 * to.1 - to.0 * from.1
    };
    (ring.iter().zip(next).map(twice).sum::<f64>() / 2.0).abs()
}

fn line(code: &str, ring: &[Point]) -> String {
    let hundredths = |degrees: f64| (degrees * 100.0).round() as i32;
    let mut places: Vec<(i32, i32)> = ring.iter().map(|&(x, y)| (hundredths(x), hundredths(y))).collect();
    places.dedup();
    let numbers = places.iter().map(|(longitude, latitude)| format!(" {longitude} {latitude}"));
    format!("{code}{}\n", numbers.collect::<String>())
}
