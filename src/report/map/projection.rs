//! The Lambert azimuthal equal-area projection about 52° N 10° E, in which the European Union's statistical maps are
//! drawn (ETRS89-LAEA), on a sphere of 6,371 km. Lengths in km, x to the east, y to the north.
//!
//! With latitude φ, longitude λ and the centre (φ₀, λ₀):
//!
//! ```text
//! k = sqrt(2 / (1 + sin φ₀ sin φ + cos φ₀ cos φ cos(λ - λ₀)))
//! x = R k cos φ sin(λ - λ₀)
//! y = R k (cos φ₀ sin φ - sin φ₀ cos φ cos(λ - λ₀))
//! ```
//!
//! Source: Snyder, Map Projections: A Working Manual (USGS Professional Paper 1395, 1987), equations 22-4, 22-5, 24-2.

use crate::report::drawing::{Area, Point};

const CENTRE_DEGREES: (f64, f64) = (52.0, 10.0);
const RADIUS_KM: f64 = 6_371.0;

/// What the map shows, in km: from Portugal and Iceland to Cyprus and the east of Ukraine. Its `top` is the northern end,
/// the greater number.
pub const WINDOW: Area = Area { left: -1_900.0, top: 2_270.0, right: 2_300.0, bottom: -1_900.0 };

/// The place of a latitude and a longitude, in degrees, on the projection's plane, in km. The point opposite to the
/// centre has no place: it comes out far away.
pub fn project(latitude: f64, longitude: f64) -> Point {
    let (sine, cosine) = (libm::sin(latitude.to_radians()), libm::cos(latitude.to_radians()));
    let (sine_centre, cosine_centre) =
        (libm::sin(CENTRE_DEGREES.0.to_radians()), libm::cos(CENTRE_DEGREES.0.to_radians()));
    let east = (longitude - CENTRE_DEGREES.1).to_radians();
    let nearness = 1.0 + sine_centre * sine + cosine_centre * cosine * libm::cos(east);
    let scale = RADIUS_KM * (2.0 / nearness.max(1e-12)).sqrt();
    let x = scale * cosine * libm::sin(east);
    let y = scale * (cosine_centre * sine - sine_centre * cosine * libm::cos(east));
    (x, y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Position;
    use proptest::prelude::*;

    #[test]
    fn places_known_exactly() {
        // A right angle from the centre, due east on the equator: there k is the square root of 2.
        let (x, y) = project(0.0, 100.0);
        assert!((x - RADIUS_KM * 2.0_f64.sqrt()).abs() < 1e-9 && y.abs() < 1e-9);
        assert_eq!(project(52.0, 10.0), (0.0, 0.0));
    }

    proptest! {
        /// The distance from the centre on the plane is the chord through the sphere, by the great-circle formula of the
        /// model.
        #[test]
        fn the_plane_keeps_chords_from_the_centre(latitude in -80.0..89.0_f64, longitude in -150.0..170.0_f64) {
            let centre = Position { latitude: CENTRE_DEGREES.0, longitude: CENTRE_DEGREES.1 };
            let arc = centre.distance_km(Position { latitude, longitude }) / RADIUS_KM;
            let (x, y) = project(latitude, longitude);
            let chord = 2.0 * RADIUS_KM * libm::sin(arc / 2.0);
            prop_assert!((libm::hypot(x, y) - chord).abs() < 1e-4);
        }

        /// Equal areas: a small cell of degrees has the area on the plane that it has on the sphere.
        #[test]
        fn the_plane_keeps_areas(latitude in 30.0..75.0_f64, longitude in -30.0..50.0_f64) {
            let side = 0.01_f64;
            let corner = |down: f64, along: f64| project(latitude + down * side, longitude + along * side);
            let ring = [corner(0.0, 0.0), corner(0.0, 1.0), corner(1.0, 1.0), corner(1.0, 0.0)];
            let cross = |index: usize| {
                let (from, to) = (ring[index], ring[(index + 1) % 4]);
                from.0 * to.1 - to.0 * from.1
            };
            let area = (0..4).map(cross).sum::<f64>() / 2.0;
            let band = libm::sin((latitude + side).to_radians()) - libm::sin(latitude.to_radians());
            let true_area = RADIUS_KM * RADIUS_KM * side.to_radians() * band;
            prop_assert!((area / true_area - 1.0).abs() < 1e-4);
        }
    }
}
