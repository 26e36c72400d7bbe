//! Two servers of which one serves everybody and the other some only, first come first served.

use super::chain::{Transition, stationary};

/// Tasks waiting at which the chain is cut off: with loads up to three quarters of each server and of both, more than that
/// have a chance below 1e-9.
const MOST: usize = 80;

/// A state of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The general server is free: whether the special one is busy.
    Free(bool),
    /// The general server is busy, the special one free; so many wait, all of the second kind.
    Second(usize),
    /// Both are busy. Of those who wait, so many from the head are known to be of the second kind, as the special server has
    /// passed them over; so many behind them are of either kind, independently of all else.
    Both(usize, usize),
}

/// Mean waits of tasks of the first kind, which both servers are able to do and for which the special one is asked first,
/// and of the second, which the general one alone is able to do: by the chain of servers and waiting tasks, and Little's law.
///
/// Arrivals are those of each kind; services those of the general and of the special server, exponential whatever the kind.
/// A server that becomes free takes the task that has waited longest among those that it is able to do. What the special
/// server has not yet passed over is as it came, of the first kind with its share of the arrivals (as in Adan and Weiss
/// 2012, "Exact FCFS matching rates for two infinite multitype sequences", Operations Research 60).
pub(in crate::study::validate) fn skilled_waits(arrivals: [f64; 2], services: [f64; 2]) -> [f64; 2] {
    let total: f64 = arrivals.iter().sum();
    let first = arrivals[0] / total;
    let states: Vec<State> = states().collect();
    let steps: Vec<Transition> = states.iter().flat_map(|&from| steps(from, arrivals, services)).collect();
    let probabilities = stationary(states.len(), &steps);
    let mut waiting = [0.0; 2];
    for (state, probability) in states.iter().zip(probabilities) {
        let (second, either) = match *state {
            State::Free(_) => (0, 0),
            State::Second(second) => (second, 0),
            State::Both(second, either) => (second, either),
        };
        waiting[0] += probability * either as f64 * first;
        waiting[1] += probability * (second as f64 + either as f64 * (1.0 - first));
    }
    [waiting[0] / arrivals[0], waiting[1] / arrivals[1]]
}

/// All states in the order of their numbers: by how many wait.
fn states() -> impl Iterator<Item = State> {
    let idle = [State::Free(false), State::Free(true)].into_iter();
    let waiting = |most: usize| {
        std::iter::once(State::Second(most))
            .chain((0..=most).map(move |second| State::Both(second, most - second)))
    };
    idle.chain((0..=MOST).flat_map(waiting))
}

fn number(state: State) -> usize {
    // With n waiting there are n + 2 states, after those of fewer.
    let before = |waiting: usize| 2 + waiting * (waiting + 3) / 2;
    match state {
        State::Free(special) => usize::from(special),
        State::Second(second) => before(second),
        State::Both(second, either) => before(second + either) + 1 + second,
    }
}

fn steps(from: State, arrivals: [f64; 2], services: [f64; 2]) -> Vec<Transition> {
    let (total, first) = (arrivals[0] + arrivals[1], arrivals[0] / (arrivals[0] + arrivals[1]));
    let mut steps = Vec::new();
    let mut step = |to: State, rate: f64| {
        steps.push(Transition { from: number(from), to: number(to), rate });
    };
    match from {
        State::Free(false) => {
            step(State::Free(true), arrivals[0]);
            step(State::Second(0), arrivals[1]);
        }
        State::Free(true) => {
            step(State::Both(0, 0), total);
            step(State::Free(false), services[1]);
        }
        State::Second(second) => {
            step(State::Both(second, 0), arrivals[0]);
            if second < MOST {
                step(State::Second(second + 1), arrivals[1]);
            }
            let next = if second > 0 { State::Second(second - 1) } else { State::Free(false) };
            step(next, services[0]);
        }
        State::Both(second, either) => {
            if second + either < MOST {
                step(State::Both(second, either + 1), total);
            }
            let next = match (second, either) {
                (0, 0) => State::Free(true),
                (0, _) => State::Both(0, either - 1),
                _ => State::Both(second - 1, either),
            };
            step(next, services[0]);
            // The special server passes over those of the second kind, up to the first of the first.
            let mut passed = 1.0;
            for over in 0..either {
                step(State::Both(second + over, either - over - 1), services[1] * passed * first);
                passed *= 1.0 - first;
            }
            step(State::Second(second + either), services[1] * passed);
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::super::{mg1_wait, mmc_wait};
    use super::*;

    #[track_caller]
    fn check(computed: f64, known: f64) {
        assert!((computed / known - 1.0).abs() < 1e-6, "{computed} is not {known}");
    }

    #[test]
    fn states_are_numbered_in_their_order() {
        for (place, state) in states().enumerate() {
            assert_eq!(number(state), place, "{state:?}");
        }
    }

    /// With hardly any of the second kind and equal servers it is one queue before two; with hardly any of the first, one
    /// before one.
    #[test]
    fn at_the_edges_it_is_one_queue() {
        check(skilled_waits([1.2, 1e-9], [1.0, 1.0])[0], mmc_wait(2, 1.2));
        check(skilled_waits([1e-9, 0.7], [1.0, 1.0])[1], mg1_wait(0.7, 1.0));
    }

    /// The second kind waits longer than the first, and both longer when it asks more often.
    #[test]
    fn the_few_who_can_are_waited_for() {
        let [first, second] = skilled_waits([0.5, 0.4], [0.8, 1.0]);
        let more = skilled_waits([0.5, 0.5], [0.8, 1.0]);
        assert!(first < second && first < more[0] && second < more[1]);
    }
}
