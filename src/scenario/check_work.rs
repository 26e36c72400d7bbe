//! Rules of what jobs do: operations, requests and jobs that end early.

use super::amount::distribution;
use super::build_work::by_size;
use super::check::{AboveZero, check_amount};
use super::demand_format::{Amount, JobClass};
use super::diagnostics::Report;
use super::tree::Node;
use super::work_format::{Flops, Share};
use crate::engine::Distribution;

/// Reports what is wrong with the work of the class at `path`; `reference` is the reference accelerator.
pub(super) fn check_work(
    tree: &Node,
    (path, class): (&str, &JobClass),
    reference: Option<&str>,
    report: &mut Report,
) {
    let mut rules = Rules { tree, path, report };
    if let Some(flops) = &class.flops {
        rules.flops(class, flops, reference);
    }
    rules.early(class);
    rules.requested(class);
}

/// Parameters times tokens: the largest models known are at some 1e26.
const MOST_OPERATIONS: f64 = 1e30;

struct Rules<'a> {
    tree: &'a Node,
    path: &'a str,
    report: &'a mut Report,
}

impl Rules<'_> {
    fn rule(&mut self, key: &str, text: &str) {
        self.report.rule(self.tree, &format!("{}.{key}", self.path), text);
    }

    fn positive(&mut self, key: &str, amount: &Amount<f64>) {
        let path = format!("{}.{key}", self.path);
        check_amount(self.tree, &path, amount, AboveZero::Required, self.report);
    }

    fn at_most_one(&mut self, key: &str, amount: &Amount<f64>) {
        if distribution(amount).is_ok_and(|found| found.greatest() > 1.0) {
            self.rule(key, "a share: no value may exceed 1");
        }
    }

    fn flops(&mut self, class: &JobClass, flops: &Flops, reference: Option<&str>) {
        self.positive("flops.parameters", &flops.parameters);
        self.positive("flops.tokens", &flops.tokens);
        self.positive("flops.utilisation", &flops.utilisation);
        self.at_most_one("flops.utilisation", &flops.utilisation);
        let mean = |amount: &Amount<f64>| distribution(amount).map_or(0.0, |found| found.mean());
        if mean(&flops.parameters) * mean(&flops.tokens) > MOST_OPERATIONS {
            self.rule(
                "flops",
                "more operations than all computers could do: parameters x tokens is at most 1e30",
            );
        }
        let near_zero = |found: Distribution| found.mean() > 0.0 && found.inverse_mean().is_infinite();
        if distribution(&flops.utilisation).is_ok_and(near_zero) {
            self.rule("flops.utilisation", "values near 0 would take for ever: say a range above 0");
        }
        let greatest = distribution(&flops.utilisation).map_or(0.0, |found| found.greatest());
        for (id, _) in flops.relative_utilisation.iter().filter(|(_, ratio)| greatest * ratio.0 > 1.0) {
            let text = "with the greatest utilisation this is more than the peak of the accelerator";
            self.rule(&format!("flops.relative_utilisation.{id}"), text);
        }
        let own = reference.and_then(|id| Some((id, flops.relative_utilisation.get(id)?)));
        if let Some((id, _)) = own.filter(|(_, ratio)| (ratio.0 - 1.0).abs() > 0.0) {
            let text = "the others are relative to this one, the reference accelerator: its ratio is 1";
            self.rule(&format!("flops.relative_utilisation.{id}"), text);
        }
        let Some(startup) = &flops.startup else { return };
        check_amount(
            self.tree,
            &format!("{}.flops.startup", self.path),
            startup,
            AboveZero::Free,
            self.report,
        );
        if class.cross_site.is_some() {
            let text = "jobs that train across sites begin with what `cross_site` says: their parts have no start of their own";
            self.rule("flops.startup", text);
        }
        if class.malleable.is_some() {
            let text = "jobs that change their size while they run say with `reconfiguration` how long each change takes";
            self.rule("flops.startup", text);
        }
        let greatest = distribution(startup).map_or(0.0, |found| found.greatest());
        if class.segment.is_some_and(|segment| segment.as_seconds() <= greatest) {
            self.rule("segment", "no longer than the longest `startup`: the first segment would get nowhere");
        }
    }

    fn early(&mut self, class: &JobClass) {
        if let Some(stopped) = &class.stopped {
            self.positive("stopped.at", &stopped.at);
            self.at_most_one("stopped.at", &stopped.at);
            self.sizes("stopped.share", &stopped.share);
        }
        if let Some(failed) = &class.failed {
            let path = format!("{}.failed.after", self.path);
            check_amount(self.tree, &path, &failed.after, AboveZero::Free, self.report);
            self.sizes("failed.share", &failed.share);
        }
        if let (Some(stopped), Some(failed)) = (&class.stopped, &class.failed) {
            let (stopped, failed) = (by_size(&stopped.share), by_size(&failed.share));
            if stopped.iter().chain(&failed).any(|(_, share)| !(0.0..=1.0).contains(share)) {
                return;
            }
            let at = |shares: &[(u32, f64)], size: u32| {
                shares.iter().rfind(|&&(from, _)| from <= size).map_or(0.0, |&(_, share)| share)
            };
            let mut sizes = stopped.iter().chain(&failed).map(|&(from, _)| from);
            // A hair more than 1 may come of adding decimals.
            if let Some(size) = sizes.find(|&size| at(&stopped, size) + at(&failed, size) > 1.0 + 1e-12) {
                let text = format!("of jobs of {size} accelerators more than all are stopped or fail");
                self.rule("failed.share", &text);
            }
        }
    }

    fn sizes(&mut self, key: &str, share: &Share) {
        let shares = by_size(share);
        if let Some(pair) = shares.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            self.rule(key, &format!("two shares are about jobs from {} accelerators on", pair[0].0));
        }
    }

    fn requested(&mut self, class: &JobClass) {
        let Some(requested) = &class.requested else { return };
        let are_shares = [requested.cut, requested.most].iter().all(|share| (0.0..=1.0).contains(share));
        if are_shares && requested.cut + requested.most > 1.0 + 1e-12 {
            self.rule("requested.most", "`cut` and `most` are shares of the jobs: together they exceed 1");
        }
        let is_whole = class.segment.is_none() && class.malleable.is_none() && class.cross_site.is_none();
        if requested.most > 0.0 && !is_whole {
            let text = "segments request what their partition allows by themselves, and jobs that change their size or \
                        train across sites request anew: `most` is for jobs that run in one piece, on one size, at \
                        one site";
            self.rule("requested.most", text);
        }
    }
}
