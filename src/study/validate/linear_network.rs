//! N10: two links in a row, flows over both and over each alone, that come at random and share max-min fairly. The
//! transfers are those of the simulator; arrivals and sizes are drawn here.

use super::{Effort, STANDARD_ERRORS, Verdict};
use crate::engine::{Stream, Universe, entity_key};
use crate::model::LinkId;
use crate::network::{Route, RouteId, Terms, Transfers};
use crate::statistics::BatchMeans;
use crate::units::{ByteRate, Bytes, Span, Time};

/// A link carries one mean flow a second.
const BYTES_PER_S: f64 = 1e9;
/// The links of each class of flows, and how many come a second.
const CLASSES: [(&[u32], f64); 3] = [(&[0, 1], 0.2), (&[0], 0.3), (&[1], 0.3)];
/// The mean time of a flow of each class, from the stationary distribution of the chain of flows present, cut off at 27
/// of each class.
const EXACT_TIME_S: [f64; 3] = [2.606_696, 2.057_341, 2.057_341];
/// A batch spans thousands of relaxation times.
const BATCHES: u64 = 40;

/// What a transfer is known by: its class and its number.
type Flow = (usize, u64);

struct Class {
    route: RouteId,
    key: u64,
    rate_per_s: f64,
    /// The next flow, and when it comes.
    next: u64,
    at: Time,
    times: BatchMeans,
}

/// Runs the flows and judges the mean time of each class.
pub(super) fn run(effort: Effort) -> Vec<Verdict> {
    let means = mean_times(effort.customers() / 2, CLASSES.map(|(_, rate)| rate));
    let verdict = |(class, (times, exact)): (usize, (BatchMeans, f64))| {
        let (mean, error) = times.mean_and_error();
        let quantity = format!("time of a flow over links {:?} of two, s", CLASSES[class].0);
        Verdict::new("N10", &quantity, exact, mean, STANDARD_ERRORS * error, times.count())
    };
    means.into_iter().zip(EXACT_TIME_S).enumerate().map(verdict).collect()
}

/// The times of the flows of each class, which come at these rates, so many of them in all.
fn mean_times(flows: u64, rates: [f64; 3]) -> Vec<BatchMeans> {
    let universe = Universe::new(10, 0);
    let mut network = Transfers::new([ByteRate(BYTES_PER_S); 2]);
    let total: f64 = rates.iter().sum();
    let mut classes: Vec<Class> = CLASSES
        .iter()
        .zip(rates)
        .enumerate()
        .map(|(index, (&(links, _), rate_per_s))| {
            let links = links.iter().map(|&link| LinkId(link)).collect();
            let own = (flows as f64 * rate_per_s / total) as u64;
            let key = entity_key("class", &index.to_string());
            Class {
                route: network.add_route(&Route::along(links, Span::ZERO), Terms::PLAIN),
                key,
                rate_per_s,
                next: 0,
                at: Time::ZERO + gap(rate_per_s, &mut universe.stream(key, 0, 0)),
                times: BatchMeans::new(own, BATCHES),
            }
        })
        .collect();
    let mut started: Vec<Vec<Time>> = vec![Vec::new(); classes.len()];
    let (mut finished, mut done) = (Vec::<Flow>::new(), 0);
    while done < flows + flows / 50 {
        let first = (0..classes.len()).min_by_key(|&class| classes[class].at).expect("there are classes");
        let arrival = classes[first].at;
        let now = network.next_event().map_or(arrival, |end| end.min(arrival));
        network.advance(now, &mut finished);
        for (class, number) in finished.drain(..) {
            let time = now.since(started[class][number as usize]).as_seconds();
            classes[class].times.add(number, time);
            done += 1;
        }
        if now == arrival {
            let class = &mut classes[first];
            let size = -libm::log(1.0 - universe.stream(class.key, class.next, 1).uniform()) * BYTES_PER_S;
            network.start(now, class.route, Bytes(size.ceil() as u64), (first, class.next));
            started[first].push(now);
            class.next += 1;
            class.at = now + gap(class.rate_per_s, &mut universe.stream(class.key, class.next, 0));
        }
    }
    classes.into_iter().map(|class| class.times).collect()
}

fn gap(rate_per_s: f64, stream: &mut Stream) -> Span {
    Span::from_seconds_ceil(-libm::log(1.0 - stream.uniform()) / rate_per_s)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tenth more of flows over both links is found out.
    #[test]
    fn other_rates_are_found_out() {
        let flows = 200_000;
        let judge = |rates: [f64; 3]| {
            let times = mean_times(flows, rates);
            times.iter().zip(EXACT_TIME_S).all(|(times, exact)| {
                let (mean, error) = times.mean_and_error();
                (mean - exact).abs() <= STANDARD_ERRORS * error
            })
        };
        assert!(judge([0.2, 0.3, 0.3]));
        assert!(!judge([0.22, 0.3, 0.3]));
    }
}
