//! What a study found of projects.

use super::estimates::estimates;
use super::gather::Block;
use crate::statistics::{ProjectMetric, ProjectMetrics, ProjectsMetrics};

estimates! {
    /// The projects of a set, of a community, or bound to a site, of those that applied inside the window.
    ProjectSummary of ProjectMetric {
        projects: Projects,
        applications: Applications,
        projects_granted: Granted,
        projects_refused: Refused,
        refused_not_eligible: NotEligible,
        refused_size: Size,
        refused_score: Score,
        refused_budget: Budget,
        refused_no_site: NoSite,
        projects_undecided: Undecided,
        projects_unstarted: Unstarted,
        project_asked_h: AskedH,
        project_granted_h: GrantedH,
        project_used_h: UsedH,
        project_expired_h: ExpiredH,
        project_left_h: LeftH,
        project_overdrawn_h: OverdrawnH,
        granted_of_asked: GrantedOfAsked,
        used_of_granted: UsedOfGranted,
        used_of_asked: UsedOfAsked,
        access_s_mean: AccessSMean,
        support_s_mean: SupportSMean,
        first_queue_s_mean: QueueSMean,
        first_accelerator_s_mean: FirstAcceleratorSMean,
        first_accelerator_s_p50: FirstAcceleratorSP50,
        first_accelerator_s_p90: FirstAcceleratorSP90,
        support_lost_s_mean: SupportLostSMean,
        supported_staff_h: SupportedH,
        tickets: Tickets,
        ticket_wait_s_mean: TicketWaitSMean,
        unsupported_tasks: Unsupported,
        support_staff_busy: StaffBusy,
        reviewers_busy: ReviewersBusy,
        project_jobs: Jobs,
        project_jobs_failed: JobsFailed,
    }
}

/// The projects of a scope; `None` where jobs come without any.
pub(super) fn summarise_projects(
    runs: &Block,
    scope: impl Fn(&ProjectsMetrics) -> &ProjectMetrics,
) -> Option<ProjectSummary> {
    runs.first().projects.as_ref()?;
    Some(ProjectSummary::of(|metric| runs.over_some(|run| Some(scope(run.projects.as_ref()?).get(metric)))))
}
