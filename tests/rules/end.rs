//! How runs end: with their job, at their limit, at the end of a segment, or once a checkpoint is written.

use super::naive::{Machine, Run};
use super::seen::{Cut, Ended};
use pleiade::model::Checkpoint;
use pleiade::records::SegmentEnd;
use pleiade::units::{Span, Time};

impl Machine<'_> {
    /// The checkpoint of a job's class; one that costs nothing where it has none.
    pub(super) fn checkpoint(&self, number: usize) -> Checkpoint {
        let none = Checkpoint { interval: Span::MAX, cost: Span::ZERO, restart: Span::ZERO };
        self.class(number).checkpoint.unwrap_or(none)
    }

    /// The longest segment of a job, where it may run as a chain.
    pub(super) fn longest_segment(&self, number: usize) -> Option<Span> {
        let longest = self.class(number).segment?.min(self.guest(number).max_requested);
        let Checkpoint { cost, restart, .. } = self.checkpoint(number);
        Some(longest).filter(|&longest| longest > cost + restart)
    }

    /// Ends all runs that are over. Whether there were any.
    pub(super) fn end_runs(&mut self, now: Time) -> bool {
        let mut over: Vec<(u64, usize)> = self
            .running()
            .filter(|&(job, run)| self.is_over(job.number, run, now))
            .map(|(job, run)| (run.turn, job.number))
            .collect();
        over.sort_unstable();
        for &(_, number) in &over {
            self.end_run(number, now);
        }
        !over.is_empty()
    }

    fn is_over(&self, number: usize, run: Run, now: Time) -> bool {
        let written = run.asked_to_go.is_some_and(|asked| now.since(asked) >= self.checkpoint(number).cost);
        written || now.since(run.start) >= self.job(number).holds()
    }

    fn end_run(&mut self, number: usize, now: Time) {
        let job = self.job(number);
        let run = job.run.unwrap();
        if let Some(asked) = run.asked_to_go {
            let kept = job.got_on(run, asked);
            self.cut(number, now, kept, SegmentEnd::PushedOut);
            self.job_mut(number).restart = self.checkpoint(number).restart;
        } else if now.since(run.start) >= job.restart + job.work {
            self.leave(number, Ended::Completed, now);
        } else if job.later > Span::ZERO {
            self.end_segment(number, now);
        } else {
            self.leave(number, Ended::Killed, now);
        }
    }

    /// The next segment of a chain joins the end of the queue; the last seconds of this one went to its checkpoint.
    fn end_segment(&mut self, number: usize, now: Time) {
        let Checkpoint { cost, restart, .. } = self.checkpoint(number);
        let longest = self.longest_segment(number).unwrap();
        let job = self.job(number);
        let run = job.run.unwrap();
        let worked = Time(now.0 - cost.0.min(now.since(run.start).0));
        let kept = job.got_on(run, worked);
        self.cut(number, now, kept, SegmentEnd::Chain);
        self.sequences += 1;
        let sequence = self.sequences;
        let job = self.job_mut(number);
        let left = job.later;
        (job.sequence, job.restart) = (sequence, restart);
        (job.requested, job.later) = if left + restart <= longest {
            (left + restart, Span::ZERO)
        } else {
            (longest, Span(left.0 - (longest.0 - restart.0 - cost.0)))
        };
    }

    /// Ends a run before its job; so much work of it is kept.
    pub(super) fn cut(&mut self, number: usize, now: Time, kept: Span, by: SegmentEnd) {
        let job = self.job_mut(number);
        let run = job.run.take().unwrap();
        if by == SegmentEnd::PushedOut {
            job.pushed_out = Some(now);
        }
        job.work = Span(job.work.0 - kept.0);
        let lost = Span(now.since(run.start).0 - kept.0);
        self.fates[number].cuts.push(Cut { from: run.start, to: now, lost, by });
    }
}
