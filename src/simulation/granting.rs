//! From an application to its decision: cut-offs, reviews, scores and budgets.

use super::event::Event;
use super::projects::{Batch, ProjectSlot};
use super::run::Simulation;
use super::support::{About, Concern};
use crate::access::{Project, Task, mean_pause};
use crate::model::{
    Allocation, ClassId, CommunityId, CountryId, Job, JobId, ModeId, Profile, ProjectKind, Request, Scaling,
    SiteId, Taken,
};
use crate::records::{ProjectOutcome, Refusal, Sink};
use crate::units::{Bytes, Span, Time};
use crate::workload::Workload;

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// A project applies, for the first time or again.
    pub(super) fn apply(&mut self, slot: ProjectSlot) {
        let live = self.project(slot);
        live.timer = None;
        let row = &mut live.project.row;
        row.applications += 1;
        let (asked, community, country, mode_id) = (row.asked, row.community, row.country, row.mode);
        let mode = &self.system.projects.modes[mode_id];
        if !mode.is_for(community, country) {
            return self.refuse(slot, Refusal::NotEligible);
        }
        if asked < mode.hours[0] || asked > mode.hours[1] {
            return self.refuse(slot, Refusal::Size);
        }
        match mode.taken {
            Taken::AtOnce => self.review(slot, None),
            Taken::CutOffs(_) => self.projects_mut().waiting[mode_id].push(slot),
        }
    }

    /// Schedules the next cut-off of a mode that has any.
    pub(super) fn schedule_cut_off(&mut self, mode: ModeId) {
        let next = self.projects_mut().next_cut_off[mode];
        if let Taken::CutOffs(cut_offs) = &self.system.projects.modes[mode].taken
            && let Some(&at) = cut_offs.get(next)
        {
            self.projects_mut().next_cut_off[mode] += 1;
            self.schedule(at, Event::CutOff(mode));
        }
    }

    /// What has come since the last cut-off is taken up.
    pub(super) fn take_up(&mut self, mode: ModeId) {
        self.schedule_cut_off(mode);
        let projects = self.projects_mut();
        let members = std::mem::take(&mut projects.waiting[mode]);
        if members.is_empty() {
            return;
        }
        let batch = projects.next_batch;
        projects.next_batch += 1;
        projects.batches.insert(batch, Batch { left: members.len(), members: members.clone() });
        for slot in members {
            self.review(slot, Some(batch));
        }
    }

    /// An application is given to the reviewers of its mode, by itself or with others of its cut-off.
    fn review(&mut self, slot: ProjectSlot, batch: Option<u32>) {
        let mode = self.project(slot).project.row.mode;
        let Some(review) = &self.system.projects.modes[mode].review else {
            return self.reviewed(slot, batch);
        };
        let live = self.project(slot);
        let work = live.draws.review(last_application(&live.project), &review.work_s);
        let concern = Concern { slot, about: About::Review { batch }, work };
        self.ask(Task { of: concern, work, able: vec![(review.reviewers, 1.0)] });
    }

    /// The review of an application is done.
    pub(super) fn reviewed(&mut self, slot: ProjectSlot, batch: Option<u32>) {
        let Some(number) = batch else { return self.decide_on(&[slot]) };
        let batches = &mut self.projects_mut().batches;
        let batch = batches.get_mut(&number).expect("a cut-off is under review until the last is done");
        batch.left -= 1;
        if batch.left == 0 {
            let batch = batches.remove(&number).expect("it was there");
            self.decide_on(&batch.members);
        }
    }

    /// Decides on applications, the best first, of equals the earlier one; then by stream and number.
    fn decide_on(&mut self, members: &[ProjectSlot]) {
        let mut scored: Vec<_> = members.iter().map(|&slot| (self.score(slot), slot)).collect();
        scored.sort_by(|(a, _), (b, _)| a.0.total_cmp(&b.0).reverse().then(a.1.cmp(&b.1)));
        for ((score, _), slot) in scored {
            match self.decision(slot, score) {
                Ok(site) => self.grant(slot, site),
                Err(reason) => self.refuse(slot, reason),
            }
        }
    }

    /// The score of an application, with what decides between equals.
    fn score(&mut self, slot: ProjectSlot) -> (f64, (Time, u32, u64)) {
        let kind = self.kind_of(slot);
        let live = self.project(slot);
        let row = &live.project.row;
        let score = live.draws.score(last_application(&live.project), &kind.score);
        (score, (row.applied, row.stream.0, row.ordinal))
    }

    /// Where an application is granted its hours, or why not.
    fn decision(&mut self, slot: ProjectSlot, score: f64) -> Result<Option<SiteId>, Refusal> {
        let kind = self.kind_of(slot);
        let row = &self.project(slot).project.row;
        let (asked, community, country) = (row.asked, row.community, row.country);
        let first_job = JobId::of_project(row.stream, row.ordinal, 0);
        let mode = &self.system.projects.modes[kind.mode];
        if score < mode.least_score {
            return Err(Refusal::Score);
        }
        let sites = self.sites_for(kind, first_job, (community, country));
        if sites.is_empty() {
            return Err(Refusal::NoSite);
        }
        let now = self.queue.now();
        let ledger = &mut self.projects_mut().ledgers[kind.mode];
        let mut granted = |site| ledger.as_mut().is_none_or(|ledger| ledger.grant(now, site, asked));
        match mode.allocation {
            Allocation::Pooled => granted(None).then_some(None),
            Allocation::Site { choices } => {
                let mut named = sites.into_iter().take(choices as usize);
                named.find(|&site| granted(Some(site))).map(Some)
            }
        }
        .ok_or(Refusal::Budget)
    }

    /// The open sites where each class of a project has a size that fits, in the order in which its country would go there.
    fn sites_for(
        &self,
        kind: &ProjectKind,
        first_job: JobId,
        asker: (CommunityId, CountryId),
    ) -> Vec<SiteId> {
        let mut sites = self.preference.sites(asker.1).to_vec();
        for &(class_id, _) in &kind.classes {
            let class = &self.system.classes[class_id];
            let least = class.accelerators.iter().map(|&(count, _)| count).min().unwrap_or(1);
            sites = self.feasible_sites(&probe(first_job, class_id, least, asker), &sites);
        }
        sites
    }

    /// A project is granted what it asked for.
    fn grant(&mut self, slot: ProjectSlot, site: Option<SiteId>) {
        let (now, kind) = (self.queue.now(), self.kind_of(slot));
        let validity = self.system.projects.modes[kind.mode].validity;
        let mean_work_s = self.system.mean_work_s(kind);
        let project = &mut self.project(slot).project;
        project.grant(now, validity, site);
        project.pause = mean_pause(kind, project.row.granted, validity, mean_work_s);
        let expires = Event::Expires(slot);
        let until = project.valid_until;
        let handle = self.queue.schedule(until, expires.phase(self.system.event_order), expires);
        self.project(slot).expiry = Some(handle);
        let projects = self.projects_mut();
        projects.applying.subtract(now, 1);
        projects.active.add(now, 1);
        projects.onboarding.add(now, 1);
        self.onboard(slot, 0);
        self.begin_sessions(slot);
    }

    /// An application is refused; its applicant may apply again.
    fn refuse(&mut self, slot: ProjectSlot, reason: Refusal) {
        let now = self.queue.now();
        let for_good = matches!(reason, Refusal::NotEligible | Refusal::Size);
        let mode = &self.system.projects.modes[self.kind_of(slot).mode];
        let live = self.project(slot);
        let number = last_application(&live.project);
        let again = (!for_good).then(|| live.draws.again(number, mode.again, &mode.again_after_s)).flatten();
        if let Some(after) = again {
            // Not at the same instant, which has no room for many of them.
            let after = after.max(Span::STEP);
            return self.set_timer(slot, now.saturating_add(after), Event::AppliesAgain(slot));
        }
        live.project.row.decided = Some(now);
        self.end_project(slot, ProjectOutcome::Refused(reason));
    }
}

/// The least job of a class, for so many accelerators.
fn probe(
    id: JobId,
    class: ClassId,
    accelerators: u32,
    (community, country): (CommunityId, CountryId),
) -> Job {
    let (startup, input) = (Span::ZERO, Bytes::ZERO);
    let request = Request { accelerators, requested: Span::STEP, startup, scaling: Scaling::WallTime, input };
    let profile = Profile::done(Span::STEP);
    Job { id, community, country, class, dataset: None, site: None, request, profile }
}

/// The number of the application that a project has handed in last, from 0.
fn last_application(project: &Project) -> u64 {
    u64::from(project.row.applications) - 1
}
