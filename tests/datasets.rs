//! Datasets in runs: what is fetched when and for whom, who may run where, and laws that hold whatever is drawn.

use crate::property::log_of;
use pleiade::engine::Universe;
use pleiade::model::{
    ClassId, CommunityId, CountryId, DatasetId, Job, JobId, Profile, Request, Scaling, SiteId, StreamId,
    System,
};
use pleiade::network::Routes;
use pleiade::records::{JobRow, LinkRow, Outcome, Rejection, Sink, StorageRow, TransferKind, TransferRow};
use pleiade::scenario::{self, EXAMPLE, MemoryLoader, Override};
use pleiade::simulation::simulate;
use pleiade::units::{Bytes, Span, Time};
use pleiade::workload::{Submission, Synthetic, Workload};
use proptest::prelude::*;

fn load(tables: &str, overrides: &[&str]) -> System {
    let text = format!("{EXAMPLE}{tables}");
    let overrides: Vec<Override> = overrides.iter().map(|&text| Override(text.to_owned())).collect();
    let files = MemoryLoader::new(&[("s.toml", text.as_str())]);
    scenario::load("s.toml", &files, &overrides).unwrap_or_else(|problems| panic!("{problems}")).system
}

/// Countries and sites of the example, in the order of their ids.
const ES: CountryId = CountryId(0);
const FI: CountryId = CountryId(1);
const IT: CountryId = CountryId(2);
const NORTH: SiteId = SiteId(0);
const SOUTH: SiteId = SiteId(1);
const WEST: SiteId = SiteId(2);

/// Jobs given one by one: submission, accelerators, run time in seconds, dataset.
type Asked = (u64, u32, u64, Option<DatasetId>);

struct Jobs<'a>(std::slice::Iter<'a, Asked>, u64);

impl Workload for Jobs<'_> {
    fn streams(&self) -> usize {
        1
    }

    fn next(&mut self, stream: StreamId) -> Option<Submission> {
        let &(submit, accelerators, run, dataset) = self.0.next()?;
        self.1 += 1;
        let requested = Span::from_seconds(run);
        let request = Request {
            startup: Span::ZERO,
            accelerators,
            requested,
            scaling: Scaling::WallTime,
            input: Bytes::ZERO,
        };
        let job = Job {
            id: JobId { stream, ordinal: self.1 - 1 },
            community: CommunityId(0),
            country: FI,
            class: ClassId(0),
            dataset,
            site: None,
            request,
            profile: Profile::done(requested),
        };
        Some(Submission { at: Time::from_seconds(submit), job })
    }
}

#[derive(Default)]
struct Seen {
    jobs: Vec<JobRow>,
    storages: Vec<StorageRow>,
}

impl Sink for Seen {
    fn job(&mut self, row: &JobRow) {
        self.jobs.push(*row);
    }
    fn link(&mut self, _: &LinkRow) {}
    fn storage(&mut self, row: &StorageRow) {
        self.storages.push(*row);
    }
}

impl Seen {
    /// The rows of the jobs in the order of submission.
    fn of(system: &System, jobs: &[Asked]) -> Self {
        let mut seen = Self::default();
        simulate(system, &system.sets[0], Universe::new(1, 0), Jobs(jobs.iter(), 0), &mut seen);
        seen.jobs.sort_by_key(|row| row.id);
        seen
    }

    fn queued_s(&self) -> Vec<u64> {
        self.jobs.iter().map(|row| row.queued.unwrap().0).collect()
    }

    fn starts_s(&self) -> Vec<u64> {
        self.jobs.iter().map(|row| row.start.unwrap().0 / 1_000_000_000).collect()
    }
}

const TWO: &str = "
[[dataset]]
id = 'a'
size = '5 TB'
home_country = 'FI'
[[dataset]]
id = 'b'
size = '5 TB'
home_country = 'FI'
";
const A: DatasetId = DatasetId(0);
const B: DatasetId = DatasetId(1);
const HOME: &str = "broker={ policy = \"home\" }";
const NO_WARM_UP: &str = "observation.warm_up=\"0 d\"";

/// The way from the users in Finland to their site, whose transfer nodes sustain 5 GB/s: 1,000 s for 5 TB, and light.
fn light(system: &System) -> u64 {
    let (from, to) = (system.countries[FI].node, system.sites[NORTH].node);
    Routes::least_latency(&system.topology, from, to).unwrap().latency.0
}

/// The first job fetches the dataset, the second waits for the same transfer, the third finds the copy; the fourth finds
/// no room while the copy is in use, and streams; the sixth makes room once nobody uses it, and the seventh fetches the
/// first one again.
#[test]
fn one_transfer_serves_all_and_room_is_made() {
    let system = load(TWO, &[HOME, NO_WARM_UP, "site.north.storage={ capacity = \"8 TB\" }"]);
    let (second, light) = (1_000_000_000, light(&system));
    let jobs = [
        (0, 1, 9_000, Some(A)),
        (400, 1, 10, Some(A)),
        (2_000, 1, 10, Some(A)),
        (3_000, 1, 10, Some(B)),
        (3_500, 1, 10, None),
        (20_000, 1, 10, Some(B)),
        (30_000, 1, 10, Some(A)),
    ];
    let seen = Seen::of(&system, &jobs);
    let there = [1_000, 1_000, 2_000, 4_000, 3_500, 21_000, 31_000];
    let waits_for_light = [1, 1, 0, 1, 0, 1, 1];
    let expected: Vec<u64> =
        there.iter().zip(waits_for_light).map(|(there, travels)| there * second + travels * light).collect();
    assert_eq!(seen.queued_s(), expected);
    let rows = seen.storages.iter().filter(|row| row.site == NORTH);
    let sums = rows.fold([0; 6], |sum, row| {
        let row = [
            row.hits.into(),
            row.shared.into(),
            row.misses.into(),
            row.came_in,
            row.passed_through,
            row.evicted,
        ];
        std::array::from_fn(|index| sum[index] + row[index])
    });
    let terabytes = 1_000_000_000_000;
    assert_eq!(sums, [1, 1, 4, 20 * terabytes, 5 * terabytes, 10 * terabytes]);
    // From the first request on one copy's room is taken, whatever it is a copy of.
    let taken: u128 = seen.storages.iter().map(|row| row.taken).sum();
    assert_eq!(taken, 5 * terabytes * u128::from(system.observation.end.0));
}

/// A dataset comes from the nearest copy: that in the south is reached over other links than the one in the west.
#[test]
fn the_nearest_copy_is_sent() {
    let far = "[[dataset]]\nid = 'a'\nsize = '1 TB'\nhome_site = 'west'\nreplicas = ['south']\n";
    let fetched = |overrides: &[&str]| {
        let system = load(far, overrides);
        let seen = Seen::of(&system, &[(0, 1, 10, Some(A))]);
        let route = |from: SiteId| {
            let nodes = (system.sites[from].node, system.sites[NORTH].node);
            Routes::least_latency(&system.topology, nodes.0, nodes.1).unwrap().latency.0
        };
        (seen.queued_s()[0], route(SOUTH), route(WEST))
    };
    // 5 GB/s from the south, 1.25 GB/s from the west.
    let (queued, south, west) = fetched(&[HOME]);
    assert!(south < west);
    assert_eq!(queued, 200 * 1_000_000_000 + south);
    let (queued, _, west) = fetched(&[HOME, "dataset.a.replicas=[]"]);
    assert_eq!(queued, 800 * 1_000_000_000 + west);
}

/// Where jobs go where they are predicted to complete first, they go where their data are.
#[test]
fn jobs_go_to_their_data() {
    let tables = "[[dataset]]\nid = 'a'\nsize = '20 TB'\nhome_site = 'west'\n";
    let system = load(tables, &["broker={ policy = \"least-completion\" }"]);
    let site = |row: &JobRow| system.partitions[row.partition.unwrap()].site;
    let seen = Seen::of(&system, &[(0, 8, 100, None), (1, 8, 100, Some(A))]);
    assert_eq!(seen.jobs.iter().map(site).collect::<Vec<_>>(), [NORTH, WEST]);
    // With all of the west held for a week, the data travel: they come at 1.25 GB/s.
    let busy: [Asked; 4] =
        [(0, 48, 10, None), (1, 48, 600_000, None), (2, 32, 600_000, None), (3, 8, 100, Some(A))];
    let seen = Seen::of(&system, &busy);
    assert_eq!(seen.jobs.iter().map(site).collect::<Vec<_>>(), [NORTH, SOUTH, WEST, NORTH]);
    assert!(seen.jobs[3].start.unwrap() > Time::from_seconds(16_000));
}

/// With `while-queued` a job goes before those who came while its data were on the way, if they still wait then.
#[test]
fn a_place_is_kept_while_data_are_on_the_way() {
    for scheduler in
        ["easy", "fcfs", "first-fit", "{ backfill = { kind = \"conservative\", compression = \"replan\" } }"]
    {
        let scheduler = format!("site.north.partition.gpu.scheduler={scheduler}");
        let jobs: [Asked; 3] = [(0, 48, 5_000, None), (10, 48, 100, Some(A)), (20, 48, 1_000, None)];
        let starts = |staging: &str, jobs: &[Asked]| {
            let staging = format!("class.fine-tune.staging=\"{staging}\"");
            Seen::of(&load(TWO, &[HOME, &scheduler, &staging]), jobs).starts_s()
        };
        assert_eq!(starts("before-queue", &jobs), [0, 6_000, 5_000], "{scheduler}");
        let kept = starts("while-queued", &jobs);
        assert!(kept[1] < 5_061 && kept[2] >= kept[1] + 100 && kept[2] < 5_200, "{scheduler}: {kept:?}");
        // Whose turn comes before the data are there is passed by.
        let early: [Asked; 3] = [(0, 48, 500, None), (10, 48, 100, Some(A)), (20, 48, 1_000, None)];
        assert_eq!(starts("while-queued", &early)[2], 500, "{scheduler}");
    }
}

/// Who is out of residency everywhere is rejected for that reason, and for no other.
#[test]
fn residency_rejects() {
    let tables = "[[dataset]]\nid = 'a'\nsize = '1 GB'\nhome_country = 'IT'\nresidency = 'country'\n";
    let reasons = |overrides: &[&str], jobs: &[Asked]| {
        let system = load(tables, overrides);
        Seen::of(&system, jobs).jobs.iter().map(|row| row.outcome).collect::<Vec<_>>()
    };
    let jobs: [Asked; 3] = [(0, 8, 10, Some(A)), (0, 8, 10, None), (0, 900, 10, Some(A))];
    let rejected = Outcome::Rejected;
    assert_eq!(reasons(&[], &jobs), [Outcome::Completed, Outcome::Completed, rejected(Rejection::TooLarge)]);
    let without = "set.all-three.sites=[\"west\"]";
    let expected = [rejected(Rejection::Residency), Outcome::Completed, rejected(Rejection::Residency)];
    assert_eq!(reasons(&[without], &jobs), expected);
    let union = ["dataset.a.residency=\"eu\"", "country.FI.union=false", "country.ES.union=false", without];
    assert_eq!(reasons(&union, &jobs), expected);
    assert_eq!(reasons(&union[..2], &jobs)[0], Outcome::Completed);
}

/// Results of classes that archive them go to the archive's site over the network, and nowhere from that site itself.
#[test]
fn results_go_to_the_archive() {
    let overrides = [
        "archive={ site = \"south\" }",
        "class.training.results=\"archive\"",
        "observation.end=2026-03-01",
        NO_WARM_UP,
    ];
    let carried = |overrides: &[&str]| {
        let system = load("", overrides);
        let universe = Universe::new(1, 0);
        let mut outputs = Outputs { system: &system, sent: [0; 3], home: [0; 3], archived: 0 };
        simulate(&system, &system.sets[0], universe, Synthetic::new(&system, universe), &mut outputs);
        (outputs.sent, outputs.home, outputs.archived)
    };
    let (sent, home, archived) = carried(&overrides);
    let [north, south, west] = sent;
    assert!(north > 0 && south > 0 && west > 0, "jobs with results end everywhere: {sent:?}");
    assert_eq!((home, archived), ([0; 3], north + west));
    let (sent, home, archived) = carried(&overrides[2..]);
    assert_eq!((sent, archived), (home, 0));
}

/// Results in bytes: by the site at which their job ended, by the site from which they went home, and archived.
struct Outputs<'a> {
    system: &'a System,
    sent: [u64; 3],
    home: [u64; 3],
    archived: u64,
}

impl Sink for Outputs<'_> {
    fn job(&mut self, row: &JobRow) {
        if row.outcome == Outcome::Completed {
            let site = self.system.partitions[row.partition.unwrap()].site;
            self.sent[site.index()] += row.output.0;
        }
    }

    fn link(&mut self, _: &LinkRow) {}

    fn transfer(&mut self, row: &TransferRow) {
        if row.kind == TransferKind::Output {
            let site = self.system.sites.position(|site| site.node == row.from).unwrap();
            let archive = self.system.sites[SOUTH].node;
            let sum = if row.to == archive { &mut self.archived } else { &mut self.home[site.index()] };
            *sum += row.bytes.0;
        }
    }
}

/// A dataset that nobody reads, a group, and storages change no byte of what others say, be there datasets that are read
/// or none.
#[test]
fn unused_datasets_change_nothing() {
    let short = "observation.end=2026-05-01";
    let unused = "[[dataset]]\nid = '0'\nsize = '9 TB'\nhome_site = 'north'\nreplicas = ['south']\n\
                  [[dataset_group]]\nid = 'z'\ncount = 9\nsize = '1 TB'\nhome_country = 'ES'\nresidency = 'country'\n";
    let with = |tables: &str, read: &[&str]| {
        let overrides: Vec<&str> = [short].into_iter().chain(read.iter().copied()).collect();
        log_of(&load(tables, &overrides))
    };
    assert_eq!(with("", &[]), with(unused, &["site.north.storage={ capacity = \"20 TB\" }"]));
    let read = ["class.training.datasets=[\"a\", \"b\"]"];
    let logged = with(TWO, &read);
    assert_eq!(logged, with(&format!("{TWO}{unused}"), &read));
    assert_ne!(logged, with(TWO, &[]), "datasets that are read change something");
}

const DRAWN: &str = "
[[dataset]]
id = 'country'
size = '6 TB'
home_country = 'IT'
residency = 'country'
[[dataset]]
id = 'union'
size = '9 TB'
home_site = 'north'
residency = 'eu'
popularity = 2
[[dataset_group]]
id = 'free'
count = 8
size = { kind = 'uniform', low = '1 TB', high = '8 TB' }
home_country = 'ES'
";

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is read, stored and scheduled: waits by cause add up to the wait, no job runs where its dataset may not
    /// be, who may run nowhere is rejected for it, storages keep their capacity, and what came over the network is what
    /// the storages count. (Every run asserts the books of the network and of the storages.)
    #[test]
    fn every_run_obeys_the_laws(
        seed in 0_u64..1_000_000,
        broker in prop::sample::select(vec!["home", "least-completion", "random"]),
        scheduler in prop::sample::select(vec!["fcfs", "easy", "sjf", "slurm-like"]),
        eviction in prop::sample::select(vec!["lru", "lfu"]),
        capacity in 9_u64..40,
        staging in prop::sample::select(vec!["before-queue", "while-queued"]),
        union in any::<bool>(),
        south in any::<bool>(),
        queued in prop::option::of(0_u32..20),
        rate in 1.0_f64..40.0,
    ) {
        let mut overrides = vec![
            "observation.end=2026-03-01".to_owned(),
            NO_WARM_UP.to_owned(),
            format!("observation.seed={seed}"),
            format!("broker={{ policy = \"{broker}\" }}"),
            format!("site.north.partition.gpu.scheduler=\"{scheduler}\""),
            format!("site.north.storage={{ capacity = \"{capacity} TB\", eviction = \"{eviction}\" }}"),
            format!("site.west.storage={{ capacity = \"{} TB\" }}", capacity / 3),
            format!("class.fine-tune.staging=\"{staging}\""),
            "class.fine-tune.datasets=[\"country\", \"union\", \"free\"]".to_owned(),
            "class.training.datasets=[\"free\"]".to_owned(),
            format!("community.startups.jobs_per_day={rate}"),
            format!("country.ES.union={union}"),
        ];
        overrides.extend(queued.map(|places| format!("site.north.partition.gpu.max_queued={places}")));
        overrides.extend((!south).then(|| "set.all-three.sites=[\"west\"]".to_owned()));
        let overrides: Vec<&str> = overrides.iter().map(String::as_str).collect();
        let system = load(DRAWN, &overrides);
        let universe = Universe::new(seed, 0);
        let mut laws = Laws { system: &system, accepted: 0, asked: 0, inputs: [0.0; 3], came: [0.0; 3], carried: [0.0; 3] };
        simulate(&system, &system.sets[0], universe, Synthetic::new(&system, universe), &mut laws);
        prop_assert_eq!(laws.accepted, laws.asked);
        for site in 0..3 {
            // What is still on the way has been carried in part.
            let arrived = laws.inputs[site] + laws.came[site];
            prop_assert!(laws.carried[site] >= arrived * (1.0 - 1e-9), "{} of {arrived}", laws.carried[site]);
        }
    }
}

struct Laws<'a> {
    system: &'a System,
    /// Jobs with a dataset that were sent somewhere.
    accepted: u64,
    /// What storages were asked for.
    asked: u64,
    inputs: [f64; 3],
    came: [f64; 3],
    carried: [f64; 3],
}

impl Laws<'_> {
    /// By the names of things: where a dataset may be.
    fn may_be(&self, dataset: DatasetId, site: SiteId) -> bool {
        let country = self.system.sites[site].country;
        match self.system.datasets[dataset].id.as_str() {
            "country" => country == IT,
            "union" => country != ES || self.system.countries[ES].in_union,
            _ => true,
        }
    }
}

impl Sink for Laws<'_> {
    fn job(&mut self, row: &JobRow) {
        let dataset = row.dataset.unwrap();
        let sites = &self.system.sets[0].sites;
        let nowhere = !sites.iter().any(|&site| self.may_be(dataset, site));
        assert_eq!(row.outcome == Outcome::Rejected(Rejection::Residency), nowhere, "{row:?}");
        let Some(partition) = row.partition else { return };
        let site = self.system.partitions[partition].site;
        assert!(self.may_be(dataset, site), "{row:?}");
        self.accepted += 1;
        if let Some(start) = row.start {
            assert_eq!(row.waits.total(), start.since(row.submit), "{row:?}");
        }
        if let Some(queued) = row.queued {
            assert_eq!(row.waits.staging, queued.since(row.submit), "{row:?}");
            self.inputs[site.index()] += row.input.0 as f64;
        }
    }

    fn link(&mut self, row: &LinkRow) {
        let names = ["north in", "south in", "west in"];
        if let Some(site) = names.iter().position(|name| self.system.topology.links[row.link].name == *name) {
            self.carried[site] += row.bytes;
        }
    }

    fn storage(&mut self, row: &StorageRow) {
        self.asked += row.hits + row.shared + row.misses;
        self.came[row.site.index()] += row.came_in as f64;
        if let Some(storage) = self.system.sites[row.site].storage {
            let most = u128::from(storage.capacity.0) * u128::from(row.to.since(row.from).0);
            assert!(row.taken <= most, "{row:?}");
        }
    }
}
