//! Stationary probabilities of a finite Markov chain in continuous time: Grassmann, Taksar and Heyman (1985),
//! "Regenerative analysis and steady state distributions for Markov chains", Operations Research 33.
//!
//! States are censored from the last to the second. No subtraction occurs, so each probability has a relative error of
//! a few rounding errors for each step, whatever the rates. Rates fill no more than the band that they span: with n
//! states, d the longest step down and u the longest up, it takes n (d + 1) (u + 1) operations.

/// A possible step of the chain.
#[derive(Debug, Clone, Copy)]
pub(super) struct Transition {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) rate: f64,
}

/// The stationary probability of each state. The chain must be irreducible; rates of the same step add up, and steps
/// from a state to itself count for nothing.
pub(super) fn stationary(states: usize, transitions: &[Transition]) -> Vec<f64> {
    let mut band = Band::new(states, transitions);
    for last in (1..states).rev() {
        let (above, below) = (last.saturating_sub(band.up), last.saturating_sub(band.down));
        let out: f64 = (below..last).map(|to| band[(last, to)]).sum();
        assert!(out > 0.0, "every state of the chain leads to those before it");
        for from in above..last {
            let share = band[(from, last)] / out;
            band[(from, last)] = share;
            if share > 0.0 {
                (below..last).for_each(|to| band[(from, to)] += share * band[(last, to)]);
            }
        }
    }
    let mut weights = vec![1.0];
    for state in 1..states {
        let from = state.saturating_sub(band.up)..state;
        weights.push(from.map(|from| weights[from] * band[(from, state)]).sum());
    }
    let total: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / total).collect()
}

/// A square matrix that is zero beyond `down` places left and `up` places right of its diagonal.
struct Band {
    down: usize,
    up: usize,
    rates: Vec<f64>,
}

impl Band {
    fn new(states: usize, transitions: &[Transition]) -> Self {
        let longest = |step: fn(&Transition) -> usize| transitions.iter().map(step).max().unwrap_or(0);
        let down = longest(|step| step.from.saturating_sub(step.to));
        let up = longest(|step| step.to.saturating_sub(step.from));
        let mut band = Self { down, up, rates: vec![0.0; states * (down + up + 1)] };
        for step in transitions {
            band[(step.from, step.to)] += step.rate;
        }
        band
    }

    fn place(&self, (row, column): (usize, usize)) -> usize {
        row * (self.down + self.up + 1) + column + self.down - row
    }
}

impl std::ops::Index<(usize, usize)> for Band {
    type Output = f64;

    fn index(&self, at: (usize, usize)) -> &f64 {
        &self.rates[self.place(at)]
    }
}

impl std::ops::IndexMut<(usize, usize)> for Band {
    fn index_mut(&mut self, at: (usize, usize)) -> &mut f64 {
        let place = self.place(at);
        &mut self.rates[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(steps: &[(usize, usize, f64)]) -> Vec<Transition> {
        steps.iter().map(|&(from, to, rate)| Transition { from, to, rate }).collect()
    }

    /// Birth and death: ratios of rates, over thirty orders of magnitude.
    #[test]
    fn birth_and_death() {
        let chain: Vec<Transition> =
            (0..30).flat_map(|i| steps(&[(i, i + 1, 0.1), (i + 1, i, 1.0), (i, i, 7.0)])).collect();
        let probabilities = stationary(31, &chain);
        for (state, probability) in probabilities.iter().enumerate() {
            let exact = 0.9 * 0.1_f64.powi(state as i32);
            assert!((probability / exact - 1.0).abs() < 1e-13, "state {state}: {probability}");
        }
    }

    /// Flow in equals flow out in a chain with long steps both ways, whose elimination fills the band.
    #[test]
    fn flows_balance() {
        let chain: Vec<Transition> = (0..12_u8)
            .flat_map(|i| {
                let (at, rate) = (usize::from(i), 1.0 + f64::from(i));
                steps(&[(at, (at + 1) % 12, rate), (at, (at * 5 + 3) % 12, 0.3), (at, at / 3, 2.0 / rate)])
            })
            .collect();
        let probabilities = stationary(12, &chain);
        assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-14);
        for state in 0..12 {
            let flow = |end: fn(&Transition) -> usize| -> f64 {
                let meeting = chain.iter().filter(|step| end(step) == state);
                meeting.map(|step| probabilities[step.from] * step.rate).sum()
            };
            assert!((flow(|step| step.from) - flow(|step| step.to)).abs() < 1e-14, "state {state}");
        }
    }

    #[test]
    #[should_panic(expected = "every state of the chain leads to those before it")]
    fn a_trap_is_refused() {
        stationary(2, &steps(&[(0, 1, 1.0)]));
    }
}
