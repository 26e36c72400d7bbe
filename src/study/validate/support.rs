//! Q24 and more of its kind: support staff and the projects that ask them, through the desks of the simulator and the real
//! event queue. Questions come at random and are of several kinds; who works does so around the clock, as the theory wants.

use super::theory::{mg1_wait, mmc_wait, skilled_waits};
use super::{Effort, STANDARD_ERRORS, Verdict, arrivals::judge, erlang_c};
use crate::access::{Begun, Desks, Task};
use crate::engine::{Distribution, EventQueue, Universe, entity_key};
use crate::model::{PoolId, StaffPool, StaffWork};
use crate::statistics::BatchMeans;
use crate::units::{Span, Time};

/// Days of work that a question takes.
const WORK_D: f64 = 3.0;
/// People busy in the mean.
const OFFERED: f64 = 4.5;
const DESKS: [u32; 4] = [5, 6, 7, 8];
/// The desk whose waits are looked at more closely, and the share of them that may be longer than the 95th percentile.
const LOOKED_AT: u32 = 6;
const BEYOND: f64 = 0.05;

/// One person with skill and language for everything, who works at a distance, and one at home for some questions.
const SKILLED: Skilled = Skilled { asks_per_d: [0.5, 0.4], answers_per_d: [0.8, 1.0] };

/// A batch of the statistics spans dozens of relaxation times of the slowest desk, 342 questions (Morse 1955).
const BATCHES: u64 = 40;

/// A person who answers all questions and one who answers those of the first kind only, and is asked first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Skilled {
    /// Questions of the first kind and of the second.
    pub(super) asks_per_d: [f64; 2],
    /// Answers of the person for all and of the one for some.
    pub(super) answers_per_d: [f64; 2],
}

/// A desk and who asks it.
struct Support {
    name: String,
    /// The people of each pool.
    people: Vec<u32>,
    asks_per_d: f64,
    /// Days at efficiency 1.
    work: Distribution,
    /// For each kind of question its share of all and who answers it.
    kinds: Vec<(f64, Vec<(PoolId, f64)>)>,
}

/// The kind of each question, in the order of asking, and how many days it waited.
type Waits = Vec<(usize, f64)>;

/// One of the cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// So many people.
    Desk(u32),
    General,
    Skilled,
}

impl Case {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        DESKS.map(Self::Desk).into_iter().chain([Self::General, Self::Skilled])
    }

    pub(super) fn run(self, effort: Effort) -> Vec<Verdict> {
        let customers = effort.customers() / 4;
        match self {
            Self::Desk(people) => {
                judge_desk(people, OFFERED, &waits(&desk(people, OFFERED / WORK_D), customers))
            }
            Self::General => vec![judge_general(&waits(&general(GENERAL_LOAD), customers))],
            Self::Skilled => judge_skilled(&SKILLED, &waits(&skilled(&SKILLED), customers)),
        }
    }
}

/// So many people who are all alike.
fn desk(people: u32, asks_per_d: f64) -> Support {
    Support {
        name: format!("M/M/{people}"),
        people: vec![people],
        asks_per_d,
        work: Distribution::Exponential { mean: WORK_D },
        kinds: vec![(1.0, vec![(PoolId(0), 1.0)])],
    }
}

fn judge_desk(people: u32, offered: f64, waits: &Waits) -> Vec<Verdict> {
    let name = format!("{people} people, 4.5 busy");
    let mean = means(waits, |_, wait_d| Some(wait_d));
    let exact = WORK_D * mmc_wait(people, offered);
    let mut verdicts = vec![judge("Q24", &format!("mean wait for support, d, {name}"), exact, &mean)];
    if people == LOOKED_AT {
        let share = means(waits, |_, wait_d| Some(f64::from(u8::from(wait_d > 0.0))));
        let exact = erlang_c(people, offered);
        verdicts.push(judge("Q24", &format!("share who wait for support, {name}"), exact, &share));
        verdicts.push(judge_percentile(people, offered, &name, waits));
    }
    verdicts
}

/// The 95th percentile of the wait, which exceeds t with chance C exp(-(c - a) t / S). Its standard error is that of the
/// share of waits beyond it over their density there.
fn judge_percentile(people: u32, offered: f64, name: &str, waits: &Waits) -> Verdict {
    let fall_per_d = (f64::from(people) - offered) / WORK_D;
    let exact = libm::log(erlang_c(people, offered) / BEYOND) / fall_per_d;
    let beyond = means(waits, |_, wait_d| Some(f64::from(u8::from(wait_d > exact))));
    let error = beyond.mean_and_error().1 / (BEYOND * fall_per_d);
    let mut sorted: Vec<f64> = waits[waits.len() / 10..].iter().map(|&(_, wait_d)| wait_d).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let simulated = sorted[(sorted.len() as f64 * (1.0 - BEYOND)) as usize];
    let quantity = format!("95th percentile of the wait for support, d, {name}");
    Verdict::new("Q24", &quantity, exact, simulated, STANDARD_ERRORS * error, beyond.count())
}

/// The load of one person, whose work is a sum of so many exponentials.
const GENERAL_LOAD: f64 = 0.8;
const STEPS: u32 = 4;

fn general(load: f64) -> Support {
    let work = Distribution::Erlang { mean: WORK_D, shape: STEPS };
    Support { name: "M/G/1".to_owned(), work, ..desk(1, load / WORK_D) }
}

fn judge_general(waits: &Waits) -> Verdict {
    let exact = WORK_D * mg1_wait(GENERAL_LOAD, 1.0 / f64::from(STEPS));
    let mean = means(waits, |_, wait_d| Some(wait_d));
    judge("law", "mean wait for support, d, one person, gamma work of cv2 1/4", exact, &mean)
}

fn skilled(skilled: &Skilled) -> Support {
    let [for_all, for_some] = skilled.answers_per_d;
    let asks_per_d: f64 = skilled.asks_per_d.iter().sum();
    let [first, second] = skilled.asks_per_d.map(|asks| asks / asks_per_d);
    let all = (PoolId(0), for_all / for_some);
    Support {
        name: "skilled".to_owned(),
        people: vec![1, 1],
        asks_per_d,
        work: Distribution::Exponential { mean: 1.0 / for_some },
        kinds: vec![(first, vec![(PoolId(1), 1.0), all]), (second, vec![all])],
    }
}

fn judge_skilled(skilled: &Skilled, waits: &Waits) -> Vec<Verdict> {
    let verdict = |(kind, exact): (usize, f64)| {
        let mean = means(waits, |of, wait_d| (of == kind).then_some(wait_d));
        let who = ["both, one at 0.8", "one of two, at 0.8"][kind];
        judge("law", &format!("mean wait for support, d, by {who}"), exact, &mean)
    };
    skilled_waits(skilled.asks_per_d, skilled.answers_per_d).into_iter().enumerate().map(verdict).collect()
}

/// Batch means of what some of the questions show.
fn means(waits: &Waits, value: impl Fn(usize, f64) -> Option<f64>) -> BatchMeans {
    let mut means = BatchMeans::new(waits.len() as u64, BATCHES);
    for (&(kind, wait_d), ordinal) in waits.iter().zip(0..) {
        if let Some(value) = value(kind, wait_d) {
            means.add(ordinal, value);
        }
    }
    means
}

#[derive(Debug, Clone, Copy)]
enum Event {
    Ask,
    Finish(PoolId),
}

/// A question: its number, and its kind.
type Question = (u64, usize);

/// The waits of the first `customers` questions.
fn waits(support: &Support, customers: u64) -> Waits {
    let universe = Universe::new(entity_key("Q24", &support.name), 0);
    let key = entity_key("questions", "");
    let gap = Distribution::Exponential { mean: 1.0 / support.asks_per_d };
    let draw = |of: &Distribution, ordinal: u64, purpose: u16| {
        days(of.draw(&mut universe.stream(key, ordinal, purpose)))
    };
    let mut desks = Desks::new(&support.people.iter().map(|&people| pool(people)).collect(), |_| true);
    let mut queue = EventQueue::new();
    let mut waits: Waits = vec![(0, f64::NAN); customers as usize];
    let (mut asked, mut begun) = (0, 0);
    queue.schedule(Time::ZERO + draw(&gap, 0, 0), 1, Event::Ask);
    while begun < customers {
        let event = queue.pop().expect("somebody always asks next");
        let now = queue.now();
        let task: Option<Begun<Question>> = match event {
            Event::Finish(pool) => desks.finished(now, pool),
            Event::Ask => {
                let kind = kind(support, universe.stream(key, asked, 1).uniform());
                let work = draw(&support.work, asked, 2);
                let task = Task { of: (asked, kind), work, able: support.kinds[kind].1.clone() };
                asked += 1;
                queue.schedule(now + draw(&gap, asked, 0), 1, Event::Ask);
                desks.ask(now, task)
            }
        };
        let Some(Begun { of: (ordinal, kind), pool, asked, ends, .. }) = task else { continue };
        queue.schedule(ends, 0, Event::Finish(pool));
        if let Some(wait) = waits.get_mut(ordinal as usize) {
            *wait = (kind, now.since(asked).as_seconds());
            begun += 1;
        }
    }
    let law = desks.waits(queue.now());
    assert_eq!(law.by_clock, law.by_tasks, "Little's law of the questions waiting");
    waits
}

/// The kind of a question by a uniform number.
fn kind(support: &Support, mut uniform: f64) -> usize {
    let last = support.kinds.len() - 1;
    let is_next = |(share, _): &(f64, Vec<_>)| {
        uniform -= share;
        uniform < 0.0
    };
    support.kinds.iter().position(is_next).unwrap_or(last)
}

/// A second stands for a day: so many days of millions of questions are more than the 584 years that there are, and these
/// people have no hours.
fn days(days: f64) -> Span {
    Span::from_seconds_round(days)
}

/// So many people at all hours, able to do everything.
fn pool(people: u32) -> StaffPool {
    StaffPool::always("desk", StaffWork::Support, people)
}

#[cfg(test)]
mod tests {
    use super::super::teeth::{OFF, argument_for};
    use super::*;

    const CUSTOMERS: u64 = 200_000;

    fn pass(verdicts: &[Verdict]) -> bool {
        verdicts.iter().all(|verdict| verdict.passed)
    }

    /// The standard error that a verdict rests on.
    fn error(verdict: &Verdict) -> f64 {
        verdict.allowed / STANDARD_ERRORS
    }

    #[test]
    fn wrong_rates_of_desks_fail() {
        let name = "95th percentile of the wait for support, d, ";
        for people in DESKS {
            let right = judge_desk(people, OFFERED, &waits(&desk(people, OFFERED / WORK_D), CUSTOMERS));
            assert!(pass(&right), "{right:#?}");
            let answer = |offered: f64| WORK_D * mmc_wait(people, offered);
            let off = OFF * error(&right[0]);
            for wrong in [right[0].exact - off, right[0].exact + off] {
                let offered = argument_for(wrong, 0.0..f64::from(people), answer);
                let measured = waits(&desk(people, offered / WORK_D), CUSTOMERS);
                let judged = judge_desk(people, OFFERED, &measured);
                println!("{people}: at {offered:.4} {:.4} for {:.4}", judged[0].simulated, judged[0].exact);
                assert!(!judged[0].passed, "{people} people pass at {offered} busy: {judged:#?}");
            }
        }
        // A percentile has a judgement of its own.
        let right = waits(&desk(LOOKED_AT, OFFERED / WORK_D), CUSTOMERS);
        let percentile = judge_percentile(LOOKED_AT, OFFERED, name, &right);
        for off in [-OFF * error(&percentile), OFF * error(&percentile)] {
            let answer = |offered| {
                let fall_per_d = (f64::from(LOOKED_AT) - offered) / WORK_D;
                libm::log(erlang_c(LOOKED_AT, offered) / BEYOND) / fall_per_d
            };
            let offered = argument_for(percentile.exact + off, 1.0..f64::from(LOOKED_AT), answer);
            let measured = waits(&desk(LOOKED_AT, offered / WORK_D), CUSTOMERS);
            assert!(!judge_percentile(LOOKED_AT, OFFERED, name, &measured).passed);
        }
    }

    #[test]
    fn other_work_and_other_skills_fail() {
        assert!(judge_general(&waits(&general(GENERAL_LOAD), CUSTOMERS)).passed);
        let exponential = desk(1, GENERAL_LOAD / WORK_D);
        assert!(!judge_general(&waits(&exponential, CUSTOMERS)).passed);
        let both = judge_skilled(&SKILLED, &waits(&skilled(&SKILLED), CUSTOMERS));
        assert!(pass(&both), "{both:#?}");
        // The remote person a little faster; and the first kind asks the remote person first.
        let faster = Skilled { answers_per_d: [0.84, 1.0], ..SKILLED };
        assert!(!pass(&judge_skilled(&SKILLED, &waits(&skilled(&faster), CUSTOMERS))));
        let mut other_first = skilled(&SKILLED);
        other_first.kinds[0].1.reverse();
        assert!(!pass(&judge_skilled(&SKILLED, &waits(&other_first, CUSTOMERS))));
    }

    /// Computed independently, to their last digits.
    #[test]
    fn the_answers_are_those_published() {
        let published = [4.574_959, 0.843_304, 0.260_665, 0.089_047_9];
        for (people, wait_d) in DESKS.into_iter().zip(published) {
            assert!((WORK_D * mmc_wait(people, OFFERED) / wait_d - 1.0).abs() < 3e-6);
        }
        let fall_per_d = (f64::from(LOOKED_AT) - OFFERED) / WORK_D;
        let exceeded = erlang_c(LOOKED_AT, OFFERED) * libm::exp(-fall_per_d * 4.264_315);
        assert!((exceeded - BEYOND).abs() < 1e-6);
    }
}
