//! Programmes solved by hand. Hours are whole, so that only the solver can err.

use super::case::{Asked, Guest, Network, dataset, job, machine, network};
use crate::one_machine::{class, jobs_of};
use pleiade::model::{
    CalendarBlock, Checkpoint, CommunityId, DatasetHome, Flexibility, HeldLimit, JobClass, Malleable,
    Partition, Preemption, PreemptionMode, Quota, Residency, Scaling, SiteId, Speedup,
};
use pleiade::units::{ByteRate, Span, Time};

const H: u64 = 3_600;

#[track_caller]
fn check(network: &Network, jobs: &[Asked], bound_h: f64) {
    let seen = network.run(jobs);
    assert!((seen.bound_h / bound_h - 1.0).abs() < 1e-9, "bound {} h, by hand {bound_h} h", seen.bound_h);
    assert!(seen.done_h <= seen.bound_h * (1.0 + 1e-9), "{seen:?}");
}

fn work() -> JobClass {
    JobClass { scaling: Scaling::Work, ..class() }
}

fn hours(from: u64, to: u64) -> (Time, Time) {
    (Time::from_seconds(from * H), Time::from_seconds(to * H))
}

#[test]
fn a_job_that_fits_one_site_only_leaves_the_other_to_the_small() {
    let two = network(vec![machine(4, 1.0), machine(2, 1.0)], 10 * H);
    // 60 h fit only the first site, which has 40; 80 h fit nowhere; 15 h fit both.
    let mut jobs = vec![job(4, 5 * H); 3];
    jobs.push(job(8, 10 * H));
    jobs.extend([job(1, 3 * H); 5]);
    check(&two, &jobs, 40.0 + 15.0);
    // 30 h of the small are more than the 20 of the second site.
    jobs.extend([job(1, 3 * H); 5]);
    check(&two, &jobs, 60.0);
}

#[test]
fn work_goes_to_the_fast_and_wall_time_to_the_slow() {
    let mut two = network(vec![machine(1, 3.0), machine(1, 1.0)], 10 * H);
    two.classes.push(work());
    // First come is 10 h of wall time, which gains nothing by the fast accelerator; sent there they cost 30 h of work.
    let jobs = |hours: u64| {
        [job(1, 10 * H), Asked { class: 1, ..job(1, hours * H) }, Asked { class: 1, ..job(1, hours * H) }]
    };
    check(&two, &jobs(15), 10.0 + 30.0);
    check(&two, &jobs(20), 40.0);
    // 9 h of wall time leave an hour of the slow one to work.
    let mut shorter = jobs(20);
    shorter[0].run = 9 * H;
    check(&two, &shorter, 9.0 + 30.0 + 1.0);
}

#[test]
fn overload_is_bounded_by_what_the_calendar_leaves() {
    let mut one = network(vec![machine(5, 1.0)], 10 * H);
    one.window.0 = 2 * H;
    let block = |(from, to), nodes| CalendarBlock { from, to, nodes, least_nodes: 0 };
    // One hour of the first block is before the window.
    one.machines[0].partition.calendar = vec![block(hours(1, 3), 5), block(hours(6, 8), 2)];
    check(&one, &vec![Asked { at: 2 * H, ..job(1, 7 * H) }; 50], 5.0 * 8.0 - 5.0 - 4.0);
}

#[test]
fn a_late_site_serves_who_comes_when_it_is_open() {
    let mut two = network(vec![machine(1, 1.0), machine(3, 1.0)], 10 * H);
    two.machines[1].partition.opens = Time::from_seconds(6 * H);
    // Before, there is one accelerator for 9 x 2 h; then 3 x 4 h for what comes from then on, which is less.
    let mut jobs = vec![job(1, 2 * H); 9];
    check(&two, &jobs, 10.0);
    jobs.extend([Asked { at: 7 * H, ..job(2, 2 * H) }; 2]);
    check(&two, &jobs, 10.0 + 8.0);
    // Of a job that comes at 7 three hours are left.
    jobs.push(Asked { at: 7 * H, ..job(1, 9 * H) });
    check(&two, &jobs, 10.0 + 8.0 + 3.0);
}

#[test]
fn an_access_link_bounds_the_work_whose_input_it_carries() {
    let mut one = network(vec![machine(100, 1.0)], 10 * H);
    // 36 GB in ten hours.
    one.access = [1e6, 1e12];
    let read = |gigabytes: f64, country| Asked { input: (gigabytes * 1e9) as u64, country, ..job(1, H) };
    let mut jobs = vec![read(7.2, 0); 8];
    jobs.extend([read(7.2, 1); 3]);
    check(&one, &jobs, 5.0 + 3.0);
    // Half as many bytes for the same work come first.
    jobs.extend([read(3.6, 0); 4]);
    check(&one, &jobs, 4.0 + 3.0 + 3.0);
    // Two countries do not share what is their own, and what needs no input is not bounded.
    jobs.extend([job(1, H); 2]);
    check(&one, &jobs, 12.0);
}

#[test]
fn a_link_carries_what_it_could_as_it_was_out_and_upgraded() {
    let mut one = network(vec![machine(100, 1.0)], 10 * H);
    one.access = [1e6, 1e15];
    // Three hours of 3.6 GB, then five of twice as much: 46.8 GB, of which headers take a tenth.
    one.cables[0].outages = vec![hours(2, 4)];
    one.cables[0].upgrades = vec![(hours(5, 5).0, ByteRate(2e6))];
    let jobs = vec![Asked { input: 7_200_000_000, ..job(1, H) }; 8];
    check(&one, &jobs, 6.5);
    one.rules.transfers.efficiency = 0.9;
    check(&one, &jobs, 0.9 * 6.5);
}

#[test]
fn input_that_takes_long_leaves_less_time() {
    let mut one = network(vec![machine(9, 1.0)], 10 * H);
    one.access = [1e6, 1e6];
    // 28.8 GB take eight hours: two are left of five, on three accelerators.
    check(&one, &[Asked { input: 28_800_000_000, ..job(3, 5 * H) }], 6.0);
}

#[test]
fn what_the_warm_up_left_is_there() {
    let mut one = network(vec![machine(4, 1.0)], 10 * H);
    one.window.0 = 4 * H;
    // Of 2 x 6 h four are done by 4, of 1 x 9 h as well; one is over; the last has all four before it.
    check(&one, &[job(2, 6 * H), job(1, 9 * H), job(1, 3 * H), job(4, H)], 4.0 + 5.0 + 4.0);
}

/// Two nodes on which jobs of community 1 push out those of community 0.
fn pushing_out(end: u64) -> Network {
    let mut one = network(vec![machine(2, 1.0)], end);
    let owner = &mut one.machines[0];
    owner.partition.preemption = Some(Preemption { mode: PreemptionMode::Requeue, exempt: Span::ZERO });
    owner.partition.admits = Some(vec![CommunityId(0)]);
    owner.guest = Some(Guest { tier: 1, opens: Time::ZERO, admits: Some(vec![CommunityId(1)]) });
    one
}

#[test]
fn what_is_done_again_is_not_carried_in() {
    let mut one = pushing_out(20 * H);
    one.window.0 = 4 * H;
    // It has run for six hours when it is pushed out, without a checkpoint: all eight are still to be done.
    let jobs = [job(2, 8 * H), Asked { at: 6 * H, community: 1, ..job(1, 2 * H) }];
    check(&one, &jobs, 16.0 + 2.0);
    let seen = one.run(&jobs);
    assert!((seen.done_h - 18.0).abs() < 1e-9, "{seen:?}");
}

#[test]
fn a_restart_under_way_at_the_end_is_not_work() {
    let mut one = pushing_out(7 * H);
    let [hour, restart] = [1, 2].map(|hours| Span::from_seconds(hours * H));
    one.classes[0].checkpoint = Some(Checkpoint { interval: hour, cost: Span::ZERO, restart });
    // Four hours, then two of the other, and one of the restart.
    let jobs = [job(2, 8 * H), Asked { at: 4 * H, community: 1, ..job(2, 2 * H) }];
    check(&one, &jobs, 14.0);
    assert!((one.run(&jobs).done_h - 12.0).abs() < 1e-9);
}

#[test]
fn runs_are_rounded_up_and_the_bound_with_them() {
    let mut one = network(vec![machine(1, 3.0)], 10 * H);
    one.classes[0] = work();
    // A third of a second is a nanosecond longer than the job: two thirds of one on the reference accelerator.
    let seen = one.run(&[job(1, 1)]);
    assert!(seen.done_h * 3_600.0 > 1.0 + 1e-9 && seen.done_h <= seen.bound_h, "{seen:?}");
    assert!(seen.bound_h * 3_600.0 < 1.0 + 1e-8, "{seen:?}");
}

#[test]
fn who_is_killed_did_what_it_asked_for() {
    let mut one = network(vec![machine(2, 1.0)], 10 * H);
    one.machines[0].partition.grace = Span::from_seconds(H / 2);
    check(&one, &[Asked { requested: 2 * H, ..job(2, 5 * H) }], 2.0 * 2.5);
}

#[test]
fn limits_and_quotas_bound_those_they_are_about() {
    let mut one = network(vec![machine(10, 1.0)], 10 * H);
    one.machines[0].partition.limits = vec![HeldLimit::of_nodes(jobs_of(1), 2)];
    let of = |community, count| vec![Asked { community, ..job(1, 5 * H) }; count];
    let jobs = [of(0, 7), of(1, 30)].concat();
    check(&one, &jobs, 35.0 + 20.0);
    let Partition { limits, quotas, .. } = &mut one.machines[0].partition;
    limits.clear();
    // Community 1 owns three nodes and may borrow one; who has no quota has the seven of nobody.
    *quotas = vec![Quota { askers: jobs_of(1), nodes: 3, borrow: 1, lend: 0 }];
    check(&one, &jobs, 35.0 + 40.0);
    check(&one, &of(0, 30), 70.0);
}

#[test]
fn sizes_bound_by_the_best_of_them() {
    let mut one = network(vec![machine(4, 1.0)], 10 * H);
    one.machines[0].partition.accelerators_per_node = 4;
    let malleable = |minimum, maximum| Malleable {
        minimum,
        maximum,
        step: 1,
        speedup: Speedup::Amdahl { serial: 0.5 },
        reconfiguration: Span::ZERO,
    };
    // On one node it does as much as S(4) / S(2) = (4 / 2.5) / (2 / 1.5) = 1.2 of what it does on the two that it asks for,
    // but holds four: of 160 h the nodes offer, 160 x 2.4 / 4 are work.
    one.classes[0].flexibility = Flexibility::Malleable(malleable(2, 8));
    check(&one, &[job(2, 50 * H); 4], 96.0);
    // One alone grows to eight: 2 x S(8) / S(2) = 2 x (8 / 4.5) / (2 / 1.5) reference accelerators.
    check(&one, &[job(2, 50 * H)], 10.0 * 2.0 * (8.0 / 4.5) / (2.0 / 1.5));
    // A moldable one on three accelerators wastes one of four, on eight nothing but speed-up.
    one.classes[0].flexibility = Flexibility::Moldable { sizes: vec![3, 8], speedup: Speedup::Linear };
    check(&one, &[job(3, 90 * H); 9], 160.0);
    one.classes[0].flexibility = Flexibility::Moldable { sizes: vec![3], speedup: Speedup::Linear };
    check(&one, &[job(3, 90 * H); 9], 120.0);
}

/// Ten jobs of an hour that read each of so many datasets.
fn readers(datasets: u32) -> Vec<Asked> {
    (0..datasets).flat_map(|read| [Asked { dataset: Some(read), ..job(1, H) }; 10]).collect()
}

#[test]
fn registers_stay_in_their_country() {
    // The second site is in the second country.
    let mut two = network(vec![machine(100, 1.0), machine(1, 1.0)], 10 * H);
    two.datasets = vec![dataset(1, 1)];
    check(&two, &[readers(1), readers(1)].concat(), 20.0);
    two.datasets[0].residency = Residency::Country;
    check(&two, &[readers(1), readers(1)].concat(), 10.0);
    // Who reads nothing is not bound by it.
    check(&two, &[readers(1), readers(1), vec![job(1, H); 7]].concat(), 17.0);
}

#[test]
fn a_first_copy_crosses_the_uplink_once() {
    let mut one = network(vec![machine(100, 1.0)], 10 * H);
    one.uplink = 1e6;
    // Of four datasets of 14.4 GB two and a half come in ten hours, each for ten jobs or for a thousand.
    one.datasets = vec![dataset(14_400_000_000, 0); 4];
    check(&one, &readers(4), 25.0);
    // With a copy there from the beginning the others come: 2.5 of 3.
    one.datasets[0].replicas = vec![SiteId(0)];
    check(&one, &readers(4), 10.0 + 25.0);
    // What is at home there does not move.
    one.datasets[1].home = DatasetHome::Site(SiteId(0));
    check(&one, &readers(4), 40.0);
    // Inputs cross the same uplink: half an hour of it for each of these, and all hours are work.
    one.datasets = vec![dataset(14_400_000_000, 0); 2];
    let mut jobs = readers(2);
    jobs.extend([Asked { input: 1_800_000_000, ..job(1, H) }; 20]);
    check(&one, &jobs, 20.0 + 4.0);
}

#[test]
fn a_copy_leaves_its_home_once() {
    // Either site can do half of it; one copy leaves the country for both, and each uplink carries one.
    let mut two = network(vec![machine(1, 1.0), machine(1, 1.0)], 10 * H);
    two.access = [1e6, 1e15];
    two.datasets = vec![dataset(72_000_000_000, 0)];
    // It would take 20 hours to leave: half of the twenty hours.
    check(&two, &[readers(1), readers(1)].concat(), 10.0);
    // A site where it lies needs none, and the other gets it from there.
    two.datasets[0].replicas = vec![SiteId(1)];
    check(&two, &[readers(1), readers(1)].concat(), 20.0);
}

#[test]
fn what_no_node_could_do_is_no_reason_to_fetch() {
    // Ten hours of a hundred that ask: all ten need all of the copy, which takes 20 hours.
    let mut one = network(vec![machine(1, 1.0)], 10 * H);
    one.uplink = 1e6;
    one.datasets = vec![dataset(72_000_000_000, 0)];
    check(&one, &vec![Asked { dataset: Some(0), ..job(1, H) }; 100], 5.0);
}

#[test]
fn copies_may_come_before_the_window() {
    let mut one = network(vec![machine(100, 1.0)], 10 * H);
    (one.uplink, one.window.0) = (1e6, 5 * H);
    one.datasets = vec![dataset(36_000_000_000, 0); 2];
    let at = |at: u64, read: u32| vec![Asked { at: at * H, dataset: Some(read), ..job(1, H / 2) }; 10];
    // Nobody asked before: half of one comes within the window, for half of five hours.
    check(&one, &[at(6, 0), at(7, 1)].concat(), 2.5);
    // One was asked for at the begin, for ten hours, and may be there: that is all that the link can carry until the end.
    check(&one, &[at(0, 0), at(6, 0), at(7, 1)].concat(), 10.0);
}
