//! What an access mode may still grant: hours in each period, of the network or of each site.
//!
//! Periods are of equal length from time zero; the end of the observation cuts the last one. What is left of a period is
//! lost. A share of a period is that part of what the open machines can do in it: accelerators × their speed relative to the
//! reference × the time from their opening on, maintenance included, rounded down to the accelerator-nanosecond.

use crate::model::{Allocation, CandidateSet, GrantAmount, GrantBudget, ModeId, SiteId, System};
use crate::units::{AcceleratorTime, Time};

/// The books of one access mode in one run.
#[derive(Debug, Clone)]
pub struct Ledger {
    /// `None`: everything is granted.
    budget: Option<GrantBudget>,
    end: Time,
    accounts: Vec<Account>,
}

/// What may be granted of some machines.
#[derive(Debug, Clone)]
struct Account {
    /// The site alone to which it belongs; `None`: the network.
    site: Option<SiteId>,
    machines: Vec<Machine>,
    /// The number of the period that the books are of, if one has begun.
    period: Option<u64>,
    left: AcceleratorTime,
    granted: AcceleratorTime,
}

/// Equal accelerators.
#[derive(Debug, Clone, Copy)]
struct Machine {
    accelerators: u32,
    speed: f64,
    opens: Time,
}

impl Ledger {
    /// The books of a mode at time zero: one account for the network, but for shares of allocations bound to a site, of which
    /// each site of the set has its own.
    pub fn new(system: &System, set: &CandidateSet, mode: ModeId) -> Self {
        let mode = &system.projects.modes[mode];
        let by_site = matches!(
            (mode.budget, mode.allocation),
            (Some(GrantBudget { amount: GrantAmount::Share(_), .. }), Allocation::Site { .. })
        );
        let accounts = if by_site {
            set.sites.iter().map(|&site| Account::new(Some(site), machines(system, &[site]))).collect()
        } else {
            vec![Account::new(None, machines(system, &set.sites))]
        };
        Self { budget: mode.budget, end: system.observation.end, accounts }
    }

    /// Grants hours on the reference accelerator if they fit what is left of the present period, whole or not at all, and
    /// says whether it did. `site` is the site of the set that they are bound to. Time runs forward.
    pub fn grant(&mut self, now: Time, site: Option<SiteId>, hours: AcceleratorTime) -> bool {
        let left = self.left(now, site);
        let account = self.account(site);
        if let Some(left) = left {
            let Some(rest) = left.0.checked_sub(hours.0) else { return false };
            account.left = AcceleratorTime(rest);
        }
        account.granted += hours;
        true
    }

    /// What may still be granted at a site, or over the network, in the period of `now`; `None`: everything.
    pub fn left(&mut self, now: Time, site: Option<SiteId>) -> Option<AcceleratorTime> {
        let (budget, end) = (self.budget?, self.end);
        let account = self.account(site);
        account.turn(budget, end, now);
        Some(account.left)
    }

    /// All that was granted.
    pub fn granted(&self) -> AcceleratorTime {
        self.accounts.iter().map(|account| account.granted).sum()
    }

    /// The account from which allocations bound to a site, or to none, are granted. O(log sites).
    fn account(&mut self, site: Option<SiteId>) -> &mut Account {
        let place = match self.accounts.as_slice() {
            [Account { site: None, .. }] => 0,
            accounts => accounts
                .binary_search_by_key(&site, |account| account.site)
                .expect("an allocation is bound to a site of the set where each has its own budget"),
        };
        &mut self.accounts[place]
    }
}

impl Account {
    fn new(site: Option<SiteId>, machines: Vec<Machine>) -> Self {
        let none = AcceleratorTime::ZERO;
        Self { site, machines, period: None, left: none, granted: none }
    }

    /// Begins the period of `now`, unless it has begun.
    fn turn(&mut self, budget: GrantBudget, observed: Time, now: Time) {
        let period = Some(now.0 / budget.every.0);
        assert!(self.period <= period, "time runs forward");
        if self.period == period {
            return;
        }
        self.period = period;
        self.left = match budget.amount {
            GrantAmount::Hours(hours) => hours,
            GrantAmount::Share(share) => {
                let begin = Time(now.0 - now.0 % budget.every.0);
                let end = begin.saturating_add(budget.every).min(observed);
                let can_do: f64 = self.machines.iter().map(|machine| machine.between(begin, end)).sum();
                AcceleratorTime((share * can_do).floor() as u128)
            }
        };
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
    use crate::model::{AccessMode, EventOrder, IdVec, LocalPolicy, NodesAre, Partition, Projects, Taken};
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
        Ledger::new(system, &system.sets[0], ModeId(0))
    }

    /// What may be granted in each period, in accelerator-seconds.
    #[track_caller]
    fn check(system: &System, site: Option<u32>, expected: &[u64]) {
        let mut ledger = ledger(system);
        for (period, &expected) in (0..).zip(expected) {
            let now = Time::from_seconds(period * PERIOD_S);
            assert_eq!(ledger.left(now, site.map(SiteId)), Some(seconds(expected)), "period {period}");
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
        assert_eq!(books.left(Time::ZERO, Some(SiteId(1))), Some(seconds(10)));
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
        assert_eq!(books.granted(), seconds(1_000));
    }

    #[test]
    fn the_smallest_unit_is_rounded_down() {
        // A third of 1000 accelerator-seconds.
        let pooled = system(Some(GrantAmount::Share(1.0 / 3.0)), Allocation::Pooled);
        assert_eq!(ledger(&pooled).left(Time::ZERO, None), Some(AcceleratorTime(333_333_333_333)));
    }

    #[test]
    fn without_a_budget_everything_is_granted() {
        let unbounded = system(None, Allocation::Site { choices: 1 });
        let mut books = ledger(&unbounded);
        assert!(books.grant(Time::ZERO, Some(SiteId(1)), AcceleratorTime(u128::MAX / 2)));
        assert_eq!(books.left(Time::ZERO, Some(SiteId(1))), None);
        assert_eq!(books.granted(), AcceleratorTime(u128::MAX / 2));
    }
}
