//! What an access mode may still grant: hours in each period, of the network or of each site.
//!
//! Periods are of equal length from time zero; the end of the observation cuts the last one. What is left of a period is
//! lost. A share of a period is that part of what the open machines can do in it: accelerators × their speed relative to the
//! reference × the time from their opening on, maintenance included, rounded down to the accelerator-nanosecond.

use crate::model::{AccessMode, Allocation, CandidateSet, GrantAmount, GrantBudget, SiteId, System};
use crate::units::{AcceleratorTime, Time};

/// The books of one access mode in one run: one for the network, but for shares of allocations bound to a site, of which each
/// site of the set has its own.
#[derive(Debug, Clone)]
pub struct Ledger {
    budget: GrantBudget,
    observed: Time,
    books: Vec<Book>,
}

/// What may be granted of some machines.
#[derive(Debug, Clone)]
struct Book {
    /// The site alone to which it belongs; `None`: the network.
    site: Option<SiteId>,
    machines: Vec<Machine>,
    /// The number of the period that it is of, if one has begun.
    period: Option<u64>,
    left: AcceleratorTime,
}

/// Equal accelerators.
#[derive(Debug, Clone, Copy)]
struct Machine {
    accelerators: u32,
    speed: f64,
    opens: Time,
}

impl Ledger {
    /// The ledger of a mode, before anything is granted; `None` where everything is.
    pub fn new(system: &System, set: &CandidateSet, mode: &AccessMode) -> Option<Self> {
        let budget = mode.budget?;
        let is_bound = matches!(mode.allocation, Allocation::Site { .. });
        let books = if is_bound && matches!(budget.amount, GrantAmount::Share(_)) {
            set.sites.iter().map(|&site| Book::new(Some(site), machines(system, &[site]))).collect()
        } else {
            vec![Book::new(None, machines(system, &set.sites))]
        };
        Some(Self { budget, observed: system.observation.end, books })
    }

    /// Grants hours on the reference accelerator if they fit what is left of the present period, whole or not at all, and
    /// says whether it did. `site` is the site of the set that they are bound to. Time runs forward.
    pub fn grant(&mut self, now: Time, site: Option<SiteId>, hours: AcceleratorTime) -> bool {
        let book = self.book(now, site);
        let rest = book.left.0.checked_sub(hours.0);
        if let Some(rest) = rest {
            book.left = AcceleratorTime(rest);
        }
        rest.is_some()
    }

    /// The book from which allocations bound to a site, or to none, are granted, in the period of `now`. O(log sites).
    fn book(&mut self, now: Time, site: Option<SiteId>) -> &mut Book {
        let place = match self.books.as_slice() {
            [Book { site: None, .. }] => 0,
            books => books
                .binary_search_by_key(&site, |book| book.site)
                .expect("an allocation is bound to a site of the set where each has its own budget"),
        };
        let book = &mut self.books[place];
        book.turn(self.budget, self.observed, now);
        book
    }
}

impl Book {
    fn new(site: Option<SiteId>, machines: Vec<Machine>) -> Self {
        Self { site, machines, period: None, left: AcceleratorTime::ZERO }
    }

    /// Begins the period of `now`, unless it has begun.
    fn turn(&mut self, budget: GrantBudget, observed: Time, now: Time) {
        let period = Some(now.0 / budget.every.0);
        assert!(self.period <= period, "time runs forward");
        if self.period < period {
            let begin = Time(now.0 - now.0 % budget.every.0);
            let end = begin.saturating_add(budget.every).min(observed);
            self.period = period;
            self.left = match budget.amount {
                GrantAmount::Hours(hours) => hours,
                GrantAmount::Share(share) => {
                    let can_do: f64 = self.machines.iter().map(|machine| machine.between(begin, end)).sum();
                    AcceleratorTime((share * can_do).floor() as u128)
                }
            };
        }
    }
}

impl Machine {
    /// Accelerator-nanoseconds on the reference accelerator that it can do between two instants.
    fn between(&self, begin: Time, end: Time) -> f64 {
        let open_ns = end.0.saturating_sub(begin.max(self.opens).0);
        f64::from(self.accelerators) * open_ns as f64 * self.speed
    }
}

/// The machines of some sites. Partitions on the nodes of others add none.
fn machines(system: &System, sites: &[SiteId]) -> Vec<Machine> {
    let ids = sites.iter().flat_map(|&site| &system.sites[site].partitions);
    let machine = |&id: &_| {
        let partition = &system.partitions[id];
        Machine { accelerators: partition.accelerators(), speed: system.speed_of(id), opens: partition.opens }
    };
    ids.map(machine).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Distribution;
    use crate::model::{EventOrder, IdVec, LocalPolicy, NodesAre, Partition, Projects, Taken};
    use crate::study::SinglePartition;
    use crate::units::Span;

    const PERIOD_S: u64 = 100;

    /// Site 0 has 10 accelerators, and a partition that runs on them; site 1 has 4 of speed 2.5 from 150 s on. Observed are
    /// three periods and a half.
    fn system(amount: Option<GrantAmount>, allocation: Allocation) -> System {
        let one = SinglePartition {
            accelerators: 10,
            policy: LocalPolicy::FCFS,
            event_order: EventOrder::EndsFirst,
            max_queued: None,
            end: Time::from_seconds(350),
            warm_up: Time::ZERO,
            demand: None,
        };
        let mut system = one.system();
        let reference = system.accelerators[system.reference_accelerator].clone();
        let fast = system.accelerators.push(crate::model::AcceleratorKind { speed: 2.5, ..reference });
        let own = system.partitions.iter().next().unwrap().clone();
        let guest = system.partitions.push(Partition { nodes_are: NodesAre::Shared, ..own.clone() });
        let first = system.sites.ids().next().unwrap();
        system.sites[first].partitions.push(guest);
        let mut second = system.sites[first].clone();
        let opens = Time::from_seconds(150);
        second.partitions =
            vec![system.partitions.push(Partition { nodes: 4, accelerator: fast, opens, ..own })];
        let second = system.sites.push(second);
        system.sets[0].sites.push(second);
        let budget = amount.map(|amount| GrantBudget { amount, every: Span::from_seconds(PERIOD_S) });
        let modes = [mode(budget, allocation)].into_iter().collect();
        system.projects = Projects { modes, kinds: IdVec::default(), pools: IdVec::default() };
        system
    }

    fn mode(budget: Option<GrantBudget>, allocation: Allocation) -> AccessMode {
        AccessMode {
            id: "mode".to_owned(),
            name: "Mode".to_owned(),
            communities: None,
            countries: None,
            hours: [AcceleratorTime::ZERO, seconds(1_000_000)],
            taken: Taken::AtOnce,
            review: None,
            least_score: 0.0,
            budget,
            allocation,
            validity: Span::from_seconds(1),
            again: 0.0,
            again_after_s: Distribution::Constant(0.0),
        }
    }

    fn seconds(accelerator_seconds: u64) -> AcceleratorTime {
        AcceleratorTime::of(accelerator_seconds, Span::from_seconds(1))
    }

    fn ledger(system: &System) -> Ledger {
        let mode = system.projects.modes.iter().next().unwrap();
        Ledger::new(system, &system.sets[0], mode).unwrap()
    }

    /// What may be granted in each period, in accelerator-seconds: so much and no nanosecond more.
    #[track_caller]
    fn check(system: &System, site: Option<u32>, expected: &[u64]) {
        let (mut ledger, site) = (ledger(system), site.map(SiteId));
        for (period, &expected) in (0..).zip(expected) {
            let now = Time::from_seconds(period * PERIOD_S);
            let more = AcceleratorTime(seconds(expected).0 + 1);
            assert!(!ledger.grant(now, site, more), "period {period}");
            assert!(ledger.grant(now, site, seconds(expected)), "period {period}");
        }
    }

    #[test]
    fn a_share_is_of_what_is_open_in_the_period() {
        let pooled = system(Some(GrantAmount::Share(0.5)), Allocation::Pooled);
        check(&pooled, None, &[500, 750, 1_000, 500, 0]);
        let bound = system(Some(GrantAmount::Share(0.5)), Allocation::Site { choices: 2 });
        check(&bound, Some(0), &[500, 500, 500, 250, 0]);
        check(&bound, Some(1), &[0, 250, 500, 250, 0]);
    }

    #[test]
    fn hours_are_of_the_network_wherever_they_are_bound() {
        let mut bound = system(Some(GrantAmount::Hours(seconds(40))), Allocation::Site { choices: 2 });
        check(&bound, Some(0), &[40; 4]);
        let mut books = ledger(&bound);
        assert!(books.grant(Time::ZERO, Some(SiteId(0)), seconds(30)));
        assert!(!books.grant(Time::ZERO, Some(SiteId(1)), seconds(11)));
        assert!(books.grant(Time::ZERO, Some(SiteId(1)), seconds(10)));
        // A set without the second site grants as many.
        bound.sets[0].sites.pop();
        check(&bound, Some(0), &[40; 4]);
    }

    #[test]
    fn hours_are_granted_whole_or_not_at_all_and_what_is_left_is_lost() {
        let bound = system(Some(GrantAmount::Share(0.5)), Allocation::Site { choices: 1 });
        let mut books = ledger(&bound);
        let (home, other) = (Some(SiteId(0)), Some(SiteId(1)));
        assert!(books.grant(Time::ZERO, home, seconds(499)));
        assert!(!books.grant(Time::ZERO, home, seconds(2)));
        assert!(books.grant(Time::ZERO, home, seconds(1)));
        assert!(!books.grant(Time(PERIOD_S * 1_000_000_000 - 1), home, AcceleratorTime(1)));
        assert!(!books.grant(Time::from_seconds(PERIOD_S), home, seconds(501)));
        assert!(books.grant(Time::from_seconds(PERIOD_S), other, seconds(250)));
        assert!(books.grant(Time::from_seconds(3 * PERIOD_S), home, seconds(250)));
    }

    #[test]
    fn the_smallest_unit_is_rounded_down() {
        // A third of 1000 accelerator-seconds.
        let pooled = system(Some(GrantAmount::Share(1.0 / 3.0)), Allocation::Pooled);
        let mut books = ledger(&pooled);
        assert!(!books.grant(Time::ZERO, None, AcceleratorTime(333_333_333_334)));
        assert!(books.grant(Time::ZERO, None, AcceleratorTime(333_333_333_333)));
    }

    #[test]
    fn without_a_budget_there_is_no_ledger() {
        let unbounded = system(None, Allocation::Site { choices: 1 });
        let mode = unbounded.projects.modes.iter().next().unwrap();
        assert!(Ledger::new(&unbounded, &unbounded.sets[0], mode).is_none());
    }
}
