//! Rows made by hand, for tests: a system of two sites and two communities, observed over 200 days with a warm-up of 100.

use crate::model::{
    ClassId, CommunityId, CountryId, EventOrder, JobId, LocalPolicy, ModeId, PartitionId, ProjectKindId,
    Scaling, SiteId, StreamId, System,
};
use crate::records::{JobRow, Outcome, ProjectOutcome, ProjectRow, SegmentEnd, SegmentRow, WaitCauses};
use crate::study::SinglePartition;
use crate::units::{AcceleratorTime, Bytes, Span, Time};

pub(super) fn day(day: u64) -> Time {
    Time::from_seconds(day * 86_400)
}

pub(super) fn hours(hours: u64) -> AcceleratorTime {
    AcceleratorTime::of(hours, Span::from_seconds(3_600))
}

pub(super) fn system() -> System {
    let single = SinglePartition {
        accelerators: 1_000,
        policy: LocalPolicy::EASY,
        event_order: EventOrder::EndsFirst,
        max_queued: None,
        end: day(200),
        warm_up: day(100),
        demand: None,
    };
    let mut system = single.system();
    let (mut other, mut community) =
        (system.sites[SiteId(0)].clone(), system.communities[CommunityId(0)].clone());
    other.id.push_str("-2");
    other.partitions.clear();
    system.sites.push(other);
    community.id.push_str("-2");
    system.communities.push(community);
    system
}

/// A job on one accelerator that was submitted on day 110, started on day 111 and was done on day 115.
pub(super) fn job() -> JobRow {
    JobRow {
        id: JobId { stream: StreamId(0), ordinal: 0 },
        community: CommunityId(0),
        country: CountryId(0),
        class: ClassId(0),
        dataset: None,
        partition: Some(PartitionId(0)),
        accelerators_asked: 1,
        time_asked: Span::MAX,
        accelerators: 1,
        accelerators_held: 1,
        sites: 1,
        worth: 1.0,
        work: hours(96),
        efficiency: 1.0,
        scaling: Scaling::WallTime,
        submit: day(110),
        predicted: None,
        queued: Some(day(110)),
        start: Some(day(111)),
        last_start: Some(day(111)),
        waits: WaitCauses::default(),
        end: Some(day(115)),
        requested: Span::MAX,
        input: Bytes::ZERO,
        output: Bytes::ZERO,
        outcome: Outcome::Completed,
    }
}

/// A run of that job that was pushed out.
pub(super) fn segment() -> SegmentRow {
    SegmentRow {
        id: JobId { stream: StreamId(0), ordinal: 0 },
        class: ClassId(0),
        community: CommunityId(0),
        partition: PartitionId(0),
        accelerators_held: 1,
        worth: 1.0,
        scaling: Scaling::WallTime,
        from: day(110),
        to: day(111),
        lost: Span::ZERO,
        ended_by: SegmentEnd::PushedOut,
    }
}

/// A project that applied on day 110, was granted its hours on day 120, was onboarded on day 130 and started on day 140.
pub(super) fn project() -> ProjectRow {
    ProjectRow {
        stream: StreamId(0),
        ordinal: 0,
        community: CommunityId(0),
        country: CountryId(0),
        kind: ProjectKindId(0),
        mode: ModeId(0),
        site: None,
        applied: day(110),
        applications: 1,
        asked: hours(1_000),
        decided: Some(day(120)),
        granted: hours(800),
        onboarded: Some(day(130)),
        supported: Span::from_seconds(36_000),
        tickets: 2,
        tickets_waited: Span::from_seconds(7_200),
        unsupported: 1,
        jobs: 10,
        failed: 3,
        first_job: Some(day(131)),
        first_start: Some(day(140)),
        used: hours(500),
        expired: AcceleratorTime::ZERO,
        left: hours(300),
        overdrawn: AcceleratorTime::ZERO,
        ended: None,
        outcome: ProjectOutcome::Active,
    }
}
