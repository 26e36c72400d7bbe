//! Training across sites: one job in equal parts at several sites, which keep each other up to date over the network.
//!
//! Every `inner_steps` steps, the M sites average their P parameters of b bytes each around a ring: each sends
//! V = 2 (M − 1) / M · P · b bytes to the next one. So a round lasts H · t + max(0, V / rate + latency − overlap), with t
//! the time of a step and an overlap of H · t at most, and the part of it in which the accelerators get on is the efficiency. Training that
//! communicates at every step (H = 1) gives the same model as on one site; with many steps between two averages (DiLoCo:
//! Douillard and others 2023) it takes more data to become as good: κ of the work, the penalty.

use crate::units::{Bytes, Span};

/// How the jobs of a class train across sites, where that pays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrossSite {
    /// At how many sites at most; 1 says never.
    pub most_sites: u32,
    /// Parameters of the model, above zero.
    pub parameters: f64,
    /// Bytes sent for each of them.
    pub bytes_per_parameter: f64,
    /// Steps between two averages, at least 1.
    pub inner_steps: u32,
    /// The time of a step on the reference accelerator, on all accelerators of the job together; above zero.
    pub step: Span,
    /// How much of each transfer is hidden behind steps, all of these at most.
    pub overlap: Span,
    /// The additional work, relative to that on one site: not negative.
    pub penalty: f64,
    /// By how much more than it would take if the network were idle its users request, relatively.
    pub margin: f64,
    /// When its parts begin to train.
    pub begin: PartsBegin,
}

/// When the parts of a training across sites begin to train.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartsBegin {
    /// Each when it starts, on its own share of the data: who comes late ends late.
    EachWhenItStarts,
    /// All at once, when the last of them has started; those before it hold their accelerators in vain.
    AllTogether {
        /// The longest that a part holds its accelerators before it gives them back and joins the end of its queue.
        hold: Span,
    },
}

/// What one site sends to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Round {
    /// How long the steps between two averages take.
    pub steps_s: f64,
    /// From the begin of one average to the begin of the next.
    pub length_s: f64,
    /// Bytes sent in it.
    pub bytes: f64,
}

impl Round {
    /// The part of the time in which the accelerators get on.
    pub fn efficiency(&self) -> f64 {
        self.steps_s / self.length_s
    }
}

impl CrossSite {
    /// Bytes that each of so many sites sends to the next at every average: 2 (M − 1) / M · P · b.
    pub fn bytes_per_average(&self, sites: u32) -> Bytes {
        let sites = f64::from(sites);
        Bytes((2.0 * (sites - 1.0) / sites * self.parameters * self.bytes_per_parameter).ceil() as u64)
    }

    /// The rounds of one of so many sites where a step takes `step` and its bytes `transfer`, latency and all.
    pub fn round(&self, sites: u32, step: Span, transfer: Span) -> Round {
        let steps_s = f64::from(self.inner_steps) * step.as_seconds();
        let hidden_s = self.overlap.as_seconds().min(steps_s);
        let shown_s = (transfer.as_seconds() - hidden_s).max(0.0);
        Round { steps_s, length_s: steps_s + shown_s, bytes: self.bytes_per_average(sites).0 as f64 }
    }

    /// How much longer than on one site a training takes in rounds of this efficiency: (1 + κ) / efficiency.
    pub fn stretch(&self, efficiency: f64) -> f64 {
        (1.0 + self.penalty) / efficiency
    }

    /// The accelerators of each of so many parts: equal, but that the first ones have one more where that does not come out
    /// even.
    pub fn part_sizes(accelerators: u32, sites: u32) -> impl Iterator<Item = u32> {
        (0..sites).map(move |part| accelerators / sites + u32::from(part < accelerators % sites))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn training(inner_steps: u32, bytes_per_parameter: f64) -> CrossSite {
        CrossSite {
            most_sites: 2,
            parameters: 7e9,
            bytes_per_parameter,
            inner_steps,
            step: Span::from_seconds(2),
            overlap: Span::ZERO,
            penalty: 0.05,
            margin: 0.1,
            begin: PartsBegin::EachWhenItStarts,
        }
    }

    /// Two sites, 7e9 parameters, steps of 2 s: every step in 2 bytes at 100 and 400 Gbit/s, every 500 steps at 10 and 100
    /// Gbit/s, every 100 steps in 1 byte at 10 Gbit/s.
    #[test]
    fn efficiencies_known_by_hand() {
        let known = [
            (1, 2.0, 1e11, 0.641_026),
            (1, 2.0, 4e11, 0.877_193),
            (500, 2.0, 1e10, 0.988_924),
            (500, 2.0, 1e11, 0.998_881),
            (100, 1.0, 1e10, 0.972_763),
        ];
        for (inner_steps, bytes, bits_per_s, efficiency) in known {
            let training = training(inner_steps, bytes);
            let transfer = training.bytes_per_average(2).0 as f64 * 8.0 / bits_per_s;
            let round = training.round(2, training.step, Span::from_seconds_ceil(transfer));
            assert!((round.efficiency() - efficiency).abs() < 5e-7, "{round:?}");
            assert!((training.stretch(round.efficiency()) - 1.05 / round.efficiency()).abs() < 1e-12);
        }
        assert_eq!(training(1, 2.0).bytes_per_average(4), Bytes(21_000_000_000));
    }

    #[test]
    fn what_is_hidden_costs_nothing() {
        let training = CrossSite { overlap: Span::from_seconds(3), ..training(10, 2.0) };
        let round = |transfer| training.round(2, training.step, Span::from_seconds(transfer));
        assert!((round(3).efficiency() - 1.0).abs() < 1e-15);
        assert!((round(8).efficiency() - 0.8).abs() < 1e-15);
        // Of steps of 20 s a longer overlap hides 20 s at most.
        let longer = CrossSite { overlap: Span::from_seconds(100), ..training };
        let round = longer.round(2, longer.step, Span::from_seconds(40));
        assert!((round.efficiency() - 0.5).abs() < 1e-15);
    }

    #[test]
    fn parts_add_up() {
        assert_eq!(CrossSite::part_sizes(14, 4).collect::<Vec<_>>(), [4, 4, 3, 3]);
        assert_eq!(CrossSite::part_sizes(8, 2).collect::<Vec<_>>(), [4, 4]);
    }
}
