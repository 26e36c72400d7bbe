//! The projects of one run: what was granted to them, how long they took to their first accelerator, and whom they asked.
//! Those count that applied for the first time inside the window.

use super::metric::metrics;
use super::sketch::WaitSketch;
use crate::model::{SiteId, StaffPool, StaffWork, System};
use crate::records::{ProjectOutcome, ProjectRow, Refusal, StaffRow};
use crate::units::{AcceleratorTime, Span, Time};

metrics! {
    /// A metric of the projects of the network, of a community, or of those bound to a site, in one run that has projects.
    ProjectMetric {
        /// Projects that applied for the first time inside the window; all other metrics are about these.
        Projects: "projects", "projects";
        /// Their applications, repeated ones included.
        Applications: "applications", "applications";
        /// Projects that were granted hours.
        Granted: "projects_granted", "projects";
        /// Projects that were refused for good; the next five are the reasons.
        Refused: "projects_refused", "projects";
        /// Their mode is not for their community or country.
        NotEligible: "refused_not_eligible", "projects";
        /// They asked for less or more than their mode grants.
        Size: "refused_size", "projects";
        /// Their score was too low.
        Score: "refused_score", "projects";
        /// The budget was used up.
        Budget: "refused_budget", "projects";
        /// No site of the set was open, or within reach.
        NoSite: "refused_no_site", "projects";
        /// Projects that were not decided when the observation ended.
        Undecided: "projects_undecided", "projects";
        /// Projects not refused of which no job had started when they or the observation ended.
        Unstarted: "projects_unstarted", "projects";
        /// What the projects asked for.
        AskedH: "project_asked_h", "h";
        /// What was granted to them. Granted and overdrawn hours are those used, expired and left.
        GrantedH: "project_granted_h", "h";
        /// What their jobs held, counted as on the reference accelerator.
        UsedH: "project_used_h", "h";
        /// What was left when the project ended.
        ExpiredH: "project_expired_h", "h";
        /// What was left, and still valid, when the observation ended.
        LeftH: "project_left_h", "h";
        /// What their jobs held beyond what was granted.
        OverdrawnH: "project_overdrawn_h", "h";
        /// Hours granted over hours asked for.
        GrantedOfAsked: "granted_of_asked", "share";
        /// Hours used over hours granted and overdrawn.
        UsedOfGranted: "used_of_granted", "share";
        /// Hours used over hours asked for: the share served.
        UsedOfAsked: "used_of_asked", "share";
        /// Mean time from the application to the grant. It and the next two add up to the mean time to the first accelerator and are about the same projects; what a project had not reached counts with its time so far.
        AccessSMean: "access_s_mean", "s";
        /// Mean time from the grant until the first job was handed in: but for small ones, until the end of the onboarding.
        SupportSMean: "support_s_mean", "s";
        /// Mean time from there to the first start of a job: staging and queue.
        QueueSMean: "first_queue_s_mean", "s";
        /// Mean time to the first accelerator: from the first application to the first start of a job. Refused projects do not count; one that never started counts with its time until the observation ended, so the true mean is no less.
        FirstAcceleratorSMean: "first_accelerator_s_mean", "s";
        /// Its median; like the next within 1 %.
        FirstAcceleratorSP50: "first_accelerator_s_p50", "s";
        /// Its 90 % quantile.
        FirstAcceleratorSP90: "first_accelerator_s_p90", "s";
        /// Mean time that a project with a grant lost to support: its onboarding, as `support_s_mean` counts it, and the time in which it handed in nothing, waiting for answers.
        SupportLostSMean: "support_lost_s_mean", "s";
        /// Working time of staff that the projects were helped with.
        SupportedH: "supported_staff_h", "staff-h";
        /// Questions asked after failures that some staff could answer.
        Tickets: "tickets", "tickets";
        /// Mean time that a project handed in nothing, waiting for the answer to one.
        TicketWaitSMean: "ticket_wait_s_mean", "s";
        /// Tasks that no staff within reach could take.
        Unsupported: "unsupported_tasks", "tasks";
        /// Support staff with a task over support staff employed, in their working hours of the whole run; of a site, its own.
        StaffBusy: "support_staff_busy", "share";
        /// The same of all reviewers, for the network.
        ReviewersBusy: "reviewers_busy", "share";
        /// Jobs that the projects handed in.
        Jobs: "project_jobs", "jobs";
        /// Those of them that failed by a mistake.
        JobsFailed: "project_jobs_failed", "jobs";
    }
    /// The values of all metrics of the projects of one scope; `NaN` where there is none (the mean time of nobody).
    ProjectMetrics
}

/// What is summed of the projects of one community bound to one site, or to none.
#[derive(Debug, Clone, Default)]
struct Sums {
    projects: u64,
    applications: u64,
    granted: u64,
    refused: [u64; Refusal::ALL.len()],
    undecided: u64,
    unstarted: u64,
    asked_time: AcceleratorTime,
    granted_time: AcceleratorTime,
    used: AcceleratorTime,
    expired: AcceleratorTime,
    left: AcceleratorTime,
    overdrawn: AcceleratorTime,
    /// Nanoseconds of access, support and queue.
    parts_ns: [u128; 3],
    /// From application to first start: the sum of the parts.
    times: WaitSketch,
    supported_ns: u128,
    tickets: u64,
    tickets_waited_ns: u128,
    unsupported: u64,
    jobs: u64,
    failed: u64,
}

impl Sums {
    fn count(&mut self, row: &ProjectRow, end: Time) {
        self.projects += 1;
        self.applications += u64::from(row.applications);
        self.asked_time += row.asked;
        self.granted_time += row.granted;
        self.used += row.used;
        self.expired += row.expired;
        self.left += row.left;
        self.overdrawn += row.overdrawn;
        self.supported_ns += u128::from(row.supported.0);
        self.tickets += u64::from(row.tickets);
        self.tickets_waited_ns += u128::from(row.tickets_waited.0);
        self.unsupported += u64::from(row.unsupported);
        self.jobs += row.jobs;
        self.failed += row.failed;
        if let ProjectOutcome::Refused(reason) = row.outcome {
            self.refused[reason as usize] += 1;
            return;
        }
        self.undecided += u64::from(row.outcome == ProjectOutcome::Applying);
        self.granted += u64::from(row.outcome != ProjectOutcome::Applying);
        self.unstarted += u64::from(row.first_start.is_none());
        let parts = way_to_first_accelerator(row, end);
        for (sum, part) in self.parts_ns.iter_mut().zip(parts) {
            *sum += u128::from(part.0);
        }
        self.times.record(parts[0] + parts[1] + parts[2]);
    }

    fn merged(mut self, other: &Self) -> Self {
        self.projects += other.projects;
        self.applications += other.applications;
        self.granted += other.granted;
        for (sum, refused) in self.refused.iter_mut().zip(other.refused) {
            *sum += refused;
        }
        self.undecided += other.undecided;
        self.unstarted += other.unstarted;
        self.asked_time += other.asked_time;
        self.granted_time += other.granted_time;
        self.used += other.used;
        self.expired += other.expired;
        self.left += other.left;
        self.overdrawn += other.overdrawn;
        for (sum, part) in self.parts_ns.iter_mut().zip(other.parts_ns) {
            *sum += part;
        }
        self.times.merge(&other.times);
        self.supported_ns += other.supported_ns;
        self.tickets += other.tickets;
        self.tickets_waited_ns += other.tickets_waited_ns;
        self.unsupported += other.unsupported;
        self.jobs += other.jobs;
        self.failed += other.failed;
        self
    }

    fn metrics(&self) -> ProjectMetrics {
        let (asked, granted, used) =
            (self.asked_time.as_hours(), self.granted_time.as_hours(), self.used.as_hours());
        let overdrawn = self.overdrawn.as_hours();
        let seconds = |ns: u128| ns as f64 / 1e9;
        let part = |index: usize| seconds(self.parts_ns[index]) / self.times.count() as f64;
        let refused = |reason: Refusal| self.refused[reason as usize] as f64;
        let value = |metric| match metric {
            ProjectMetric::Projects => self.projects as f64,
            ProjectMetric::Applications => self.applications as f64,
            ProjectMetric::Granted => self.granted as f64,
            ProjectMetric::Refused => self.refused.iter().sum::<u64>() as f64,
            ProjectMetric::NotEligible => refused(Refusal::NotEligible),
            ProjectMetric::Size => refused(Refusal::Size),
            ProjectMetric::Score => refused(Refusal::Score),
            ProjectMetric::Budget => refused(Refusal::Budget),
            ProjectMetric::NoSite => refused(Refusal::NoSite),
            ProjectMetric::Undecided => self.undecided as f64,
            ProjectMetric::Unstarted => self.unstarted as f64,
            ProjectMetric::AskedH => asked,
            ProjectMetric::GrantedH => granted,
            ProjectMetric::UsedH => used,
            ProjectMetric::ExpiredH => self.expired.as_hours(),
            ProjectMetric::LeftH => self.left.as_hours(),
            ProjectMetric::OverdrawnH => overdrawn,
            ProjectMetric::GrantedOfAsked => granted / asked,
            ProjectMetric::UsedOfGranted => used / (granted + overdrawn),
            ProjectMetric::UsedOfAsked => used / asked,
            ProjectMetric::AccessSMean => part(0),
            ProjectMetric::SupportSMean => part(1),
            ProjectMetric::QueueSMean => part(2),
            ProjectMetric::FirstAcceleratorSMean => self.times.mean_s(),
            ProjectMetric::FirstAcceleratorSP50 => self.times.quantile_s(0.5),
            ProjectMetric::FirstAcceleratorSP90 => self.times.quantile_s(0.9),
            ProjectMetric::SupportLostSMean => {
                seconds(self.parts_ns[1] + self.tickets_waited_ns) / self.granted as f64
            }
            ProjectMetric::SupportedH => seconds(self.supported_ns) / 3_600.0,
            ProjectMetric::Tickets => self.tickets as f64,
            ProjectMetric::TicketWaitSMean => seconds(self.tickets_waited_ns) / self.tickets as f64,
            ProjectMetric::Unsupported => self.unsupported as f64,
            // Added for the scopes that have people.
            ProjectMetric::StaffBusy | ProjectMetric::ReviewersBusy => f64::NAN,
            ProjectMetric::Jobs => self.jobs as f64,
            ProjectMetric::JobsFailed => self.failed as f64,
        };
        ProjectMetrics(ProjectMetric::ALL.map(value))
    }
}

/// Access, support and queue on the way to the first accelerator, or as far as the project came until the observation ended.
/// Nothing but the onboarding keeps a project that has its hours from handing in its first job, and a small job not even that.
fn way_to_first_accelerator(row: &ProjectRow, end: Time) -> [Span; 3] {
    let there = row.first_start.unwrap_or(end);
    let decided = row.decided.unwrap_or(there).min(there);
    let handed_in = row.first_job.or(row.onboarded).unwrap_or(there).clamp(decided, there);
    [decided.since(row.applied), handed_in.since(decided), there.since(handed_in)]
}

/// The metrics of the projects of one run.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ProjectsMetrics {
    /// The whole network.
    pub network: ProjectMetrics,
    /// Each community.
    pub communities: Vec<ProjectMetrics>,
    /// Each site of the system: the projects whose hours are bound to it.
    pub sites: Vec<ProjectMetrics>,
}

/// The sums of one run.
#[derive(Debug, Clone)]
pub(super) struct ProjectStatistics {
    window: (Time, Time),
    /// `[site][community]`, with one more row for projects bound to none.
    sums: Vec<Vec<Sums>>,
    /// `[site]` support staff, with one more for those of no site; at last the reviewers.
    people: Vec<AtWork>,
    /// `[pool]`: its place among them.
    place_of: Vec<usize>,
}

/// Working hours of people, in person-nanoseconds.
#[derive(Debug, Clone, Copy, Default)]
struct AtWork {
    worked: u128,
    staffed: u128,
}

impl AtWork {
    fn and(self, other: &Self) -> Self {
        Self { worked: self.worked + other.worked, staffed: self.staffed + other.staffed }
    }

    /// `NaN` of nobody.
    fn busy(self) -> f64 {
        self.worked as f64 / self.staffed as f64
    }
}

impl ProjectStatistics {
    /// For a system with projects; `None` for others.
    pub(super) fn new(system: &System) -> Option<Self> {
        let window = (system.observation.warm_up, system.observation.end);
        let sums = vec![vec![Sums::default(); system.communities.len()]; system.sites.len() + 1];
        let sites = system.sites.len();
        let place = |pool: &StaffPool| match pool.work {
            StaffWork::Support => pool.site.map_or(sites, SiteId::index),
            StaffWork::Review => sites + 1,
        };
        let place_of = system.projects.pools.iter().map(place).collect();
        let people = vec![AtWork::default(); sites + 2];
        system.has_projects().then_some(Self { window, sums, people, place_of })
    }

    pub(super) fn count_staff(&mut self, row: &StaffRow) {
        let people = &mut self.people[self.place_of[row.pool.index()]];
        *people = people.and(&AtWork { worked: row.worked, staffed: row.staffed });
    }

    pub(super) fn count(&mut self, row: &ProjectRow) {
        if row.applied < self.window.0 {
            return;
        }
        let place = row.site.map_or(self.sums.len() - 1, SiteId::index);
        self.sums[place][row.community.index()].count(row, self.window.1);
    }

    pub(super) fn metrics(&self) -> ProjectsMetrics {
        let sites = self.sums.split_last().map_or(&[][..], |(_, sites)| sites);
        let over = |sums: &mut dyn Iterator<Item = &Sums>| sums.fold(Sums::default(), Sums::merged).metrics();
        let communities = 0..self.sums.first().map_or(0, Vec::len);
        let mut network = over(&mut self.sums.iter().flatten());
        let mut of_sites: Vec<_> = sites.iter().map(|row| over(&mut row.iter())).collect();
        if let Some((reviewers, support)) = self.people.split_last() {
            network.0[ProjectMetric::ReviewersBusy as usize] = reviewers.busy();
            network.0[ProjectMetric::StaffBusy as usize] =
                support.iter().fold(AtWork::default(), AtWork::and).busy();
            for (site, people) in of_sites.iter_mut().zip(support) {
                site.0[ProjectMetric::StaffBusy as usize] = people.busy();
            }
        }
        ProjectsMetrics {
            network,
            communities: communities
                .map(|index| over(&mut self.sums.iter().map(|row| &row[index])))
                .collect(),
            sites: of_sites,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::by_hand::{day, hours, project, system};
    use super::*;
    use crate::model::CommunityId;
    use proptest::prelude::*;

    fn statistics() -> ProjectStatistics {
        let system = system();
        assert!(ProjectStatistics::new(&system).is_none(), "no projects, no statistics");
        let sums = vec![vec![Sums::default(); 2]; 3];
        let window = (system.observation.warm_up, system.observation.end);
        ProjectStatistics { window, sums, people: Vec::new(), place_of: Vec::new() }
    }

    fn check(metrics: &ProjectMetrics, expected: &[(ProjectMetric, f64)]) {
        for &(metric, value) in expected {
            let found = metrics.get(metric);
            assert!((found - value).abs() <= 1e-9 * value.abs(), "{}: {found}, not {value}", metric.name());
        }
    }

    /// Six projects, each of which ends the way to its first accelerator in another manner.
    #[test]
    fn times_by_hand() {
        let mut statistics = statistics();
        let bound = ProjectRow { site: Some(SiteId(1)), ..project() };
        // A small run starts three days after the grant, long before the onboarding is over.
        let small = ProjectRow {
            decided: Some(day(112)),
            onboarded: Some(day(150)),
            first_job: Some(day(112)),
            first_start: Some(day(115)),
            ..project()
        };
        let refused = ProjectRow {
            applications: 3,
            granted: AcceleratorTime::ZERO,
            used: AcceleratorTime::ZERO,
            left: AcceleratorTime::ZERO,
            first_job: None,
            first_start: None,
            ended: Some(day(120)),
            outcome: ProjectOutcome::Refused(Refusal::Score),
            ..project()
        };
        let applying = ProjectRow {
            applied: day(180),
            decided: None,
            onboarded: None,
            first_start: None,
            outcome: ProjectOutcome::Applying,
            ..refused.clone()
        };
        let applying = ProjectRow { ended: None, ..applying };
        let never = ProjectRow {
            decided: Some(day(111)),
            onboarded: Some(day(121)),
            first_job: None,
            first_start: None,
            used: AcceleratorTime::ZERO,
            expired: hours(800),
            left: AcceleratorTime::ZERO,
            ended: Some(day(171)),
            outcome: ProjectOutcome::Expired,
            ..project()
        };
        let before = ProjectRow { applied: day(99), ..project() };
        for row in [&bound, &small, &refused, &applying, &never, &before] {
            statistics.count(row);
        }
        let metrics = statistics.metrics();
        let days = 86_400.0;
        check(
            &metrics.network,
            &[
                (ProjectMetric::Projects, 5.0),
                (ProjectMetric::Applications, 9.0),
                (ProjectMetric::Granted, 3.0),
                (ProjectMetric::Refused, 1.0),
                (ProjectMetric::Score, 1.0),
                (ProjectMetric::Budget, 0.0),
                (ProjectMetric::Undecided, 1.0),
                (ProjectMetric::Unstarted, 2.0),
                (ProjectMetric::AskedH, 5_000.0),
                (ProjectMetric::GrantedH, 2_400.0),
                (ProjectMetric::UsedH, 1_000.0),
                (ProjectMetric::ExpiredH, 800.0),
                (ProjectMetric::LeftH, 600.0),
                (ProjectMetric::GrantedOfAsked, 0.48),
                (ProjectMetric::UsedOfGranted, 1_000.0 / 2_400.0),
                (ProjectMetric::UsedOfAsked, 0.2),
                // 10, 2, 20 and 1 days; 11, 0, 0 and 10; 9, 3, 0 and 79.
                (ProjectMetric::AccessSMean, 8.25 * days),
                (ProjectMetric::SupportSMean, 5.25 * days),
                (ProjectMetric::QueueSMean, 22.75 * days),
                (ProjectMetric::FirstAcceleratorSMean, 36.25 * days),
                (ProjectMetric::SupportLostSMean, (21.0 * days + 5.0 * 7_200.0) / 3.0),
                (ProjectMetric::SupportedH, 50.0),
                (ProjectMetric::TicketWaitSMean, 3_600.0),
                (ProjectMetric::JobsFailed, 15.0),
            ],
        );
        let p90 = metrics.network.get(ProjectMetric::FirstAcceleratorSP90);
        assert!((p90 / (90.0 * days) - 1.0).abs() < 0.01, "of 5, 20, 30 and 90 days the last: {p90}");
        check(
            &metrics.sites[1],
            &[(ProjectMetric::Projects, 1.0), (ProjectMetric::AccessSMean, 10.0 * days)],
        );
        assert!(metrics.sites[0].get(ProjectMetric::AccessSMean).is_nan());
        check(&metrics.communities[1], &[(ProjectMetric::Projects, 0.0)]);
    }

    fn any_project() -> impl Strategy<Value = ProjectRow> {
        let times = prop::collection::vec(0_u64..60, 5);
        (times, 0_u8..5, prop::collection::vec(0_u64..1_000, 3), 0_u32..2, 0_u32..4).prop_map(
            |(times, stage, used, community, site)| {
                let at = |place: usize| day(80 + times[..=place].iter().sum::<u64>().min(119));
                let reached = |least: u8, place: usize| (stage >= least).then(|| at(place));
                let is_decided = stage > 0;
                ProjectRow {
                    community: CommunityId(community),
                    site: (site < 2).then_some(SiteId(site)),
                    applied: at(0),
                    decided: reached(1, 1),
                    // Onboarding may end after the first start.
                    onboarded: reached(2, 3),
                    first_job: reached(3, 2),
                    first_start: reached(3, 2),
                    ended: reached(4, 4),
                    granted: hours(if is_decided { used.iter().sum() } else { 0 }),
                    used: hours(if is_decided { used[0] } else { 0 }),
                    expired: hours(if is_decided { used[1] } else { 0 }),
                    left: hours(if is_decided { used[2] } else { 0 }),
                    outcome: if is_decided { ProjectOutcome::Active } else { ProjectOutcome::Applying },
                    ..project()
                }
            },
        )
    }

    proptest! {
        /// The parts add up to the whole, hours are conserved, and the network is the sum of its communities.
        #[test]
        fn parts_and_hours_add_up(rows in prop::collection::vec(any_project(), 1..40)) {
            let mut statistics = statistics();
            for row in &rows {
                statistics.count(row);
            }
            let metrics = statistics.metrics();
            let counted: Vec<_> = rows.iter().filter(|row| row.applied >= day(100)).collect();
            prop_assert_eq!(metrics.network.get(ProjectMetric::Projects) as usize, counted.len());
            let of = |metric| metrics.network.get(metric);
            if !counted.is_empty() {
                let parts = of(ProjectMetric::AccessSMean) + of(ProjectMetric::SupportSMean) + of(ProjectMetric::QueueSMean);
                prop_assert!((parts - of(ProjectMetric::FirstAcceleratorSMean)).abs() < 1e-6);
                let slow = |row: &&&ProjectRow| row.first_start.unwrap_or(day(200)).since(row.applied).as_seconds();
                let mean = counted.iter().map(|row| slow(&row)).sum::<f64>() / counted.len() as f64;
                prop_assert!((mean - of(ProjectMetric::FirstAcceleratorSMean)).abs() < 1e-6);
            }
            let rest = of(ProjectMetric::UsedH) + of(ProjectMetric::ExpiredH) + of(ProjectMetric::LeftH);
            prop_assert!((of(ProjectMetric::GrantedH) + of(ProjectMetric::OverdrawnH) - rest).abs() < 1e-9);
            for metric in [ProjectMetric::Projects, ProjectMetric::UsedH, ProjectMetric::Unstarted, ProjectMetric::Tickets] {
                let communities: f64 = metrics.communities.iter().map(|one| one.get(metric)).sum();
                prop_assert!((communities - of(metric)).abs() < 1e-9);
            }
        }
    }
}
