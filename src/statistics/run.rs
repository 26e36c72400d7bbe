//! The statistics of one run: a sink that keeps sums, sketches and calendar bins, and the metrics made from them.
//!
//! Memory depends on sites, communities, links and months, never on the number of jobs or datasets.

use super::cell::{Cell, wait_of};
use super::endings::{EndingStatistics, EndingsMetrics, WaterfallsMetrics};
use super::metric::{Metrics, StorageMetrics};
use super::monthly_waits::MonthlyWaits;
use super::projects::{ProjectStatistics, ProjectsMetrics};
use super::steady_state::DailyWaits;
use super::storage::StorageSums;
use super::transfers::{TransferMetrics, TransferStatistics};
use crate::model::{CandidateSet, ClassId, CommunityId, CountryId, PartitionId, Scaling, SiteId, System};
use crate::records::{
    CopyRow, JobRow, LinkRow, Outcome, ProjectRow, Rejection, SegmentEnd, SegmentRow, Sink, StaffRow,
    StorageRow, TransferRow,
};
use crate::units::{AcceleratorTime, Bytes, Power, Span, Time};

/// A sink that makes the statistics of one run of one candidate set.
#[derive(Debug, Clone)]
pub struct RunStatistics<'a> {
    system: &'a System,
    set: &'a CandidateSet,
    window: (Time, Time),
    edges: Vec<Time>,
    /// `[site][community]`, with one more row for jobs sent nowhere.
    cells: Vec<Vec<Cell>>,
    /// `[partition]`.
    held_by_partition: Vec<AcceleratorTime>,
    /// `[site][community][month]`.
    held: Vec<Vec<Vec<AcceleratorTime>>>,
    monthly_waits: MonthlyWaits,
    /// `[community][reason]`.
    rejections: Vec<[(u64, AcceleratorTime); Rejection::ALL.len()]>,
    /// `[link][month]`, in bytes.
    links: Vec<Vec<f64>>,
    /// `[site]`.
    storages: Vec<StorageSums>,
    /// `[link][month]`: mean capacity in bytes per second.
    capacities: Vec<Vec<f64>>,
    transfers: TransferStatistics,
    endings: EndingStatistics,
    /// `[country]`.
    served_by_country: Vec<f64>,
    /// Where there are projects.
    projects: Option<ProjectStatistics>,
    /// Where it is asked how runs settle.
    daily_waits: Option<DailyWaits>,
}

/// A run of a job, whole or cut short.
struct Service {
    class: ClassId,
    partition: PartitionId,
    community: CommunityId,
    country: Option<CountryId>,
    worth: f64,
    held: u32,
    scaling: Scaling,
    times: (Time, Time),
    /// The share of the time that was not in vain.
    kept: f64,
}

/// The metrics of one run.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct RunMetrics {
    /// The whole network.
    pub network: Metrics,
    /// Each site of the system; sites outside the set have no jobs.
    pub sites: Vec<Metrics>,
    /// Each community.
    pub communities: Vec<Metrics>,
    /// `[community][reason]`: jobs and reference accelerator-hours.
    pub rejections: Vec<Vec<(f64, f64)>>,
    /// `[site][community][month]`: held over open accelerator-time; `NaN` where the site was not open.
    pub utilisation_by_month: Vec<Vec<Vec<f64>>>,
    /// `[site][month]`: mean wait in seconds of the jobs sent there, by the month of submission; `NaN` without one.
    pub wait_s_mean_by_month: Vec<Vec<f64>>,
    /// `[site]`: accelerator-hours held times the power of an accelerator, in kWh before PUE.
    pub energy_kwh: Vec<f64>,
    /// `[community][point]`: share of jobs that waited at most [`wait_grid_s`].
    pub wait_shares: Vec<Vec<f64>>,
    /// `[link][month]`: bytes carried over capacity times time.
    pub load_by_month: Vec<Vec<f64>>,
    /// `[link]`: the same over the whole window.
    pub load: Vec<f64>,
    /// `[link]`: bytes carried in the window.
    pub carried_bytes: Vec<f64>,
    /// Transfers by kind, in the order of [`transfer_kinds`](super::transfer_kinds).
    pub transfers: Vec<TransferMetrics>,
    /// The storages, where the system has datasets.
    pub storages: Option<StoragesMetrics>,
    /// What became of the hours held, where jobs may end early.
    pub endings: Option<EndingsMetrics>,
    /// From the hours that stood open to those that were useful.
    pub waterfall: WaterfallsMetrics,
    /// `[country]`: as `served_h`, of the jobs of its users.
    pub served_h_by_country: Vec<f64>,
    /// The projects, where jobs come by them.
    pub projects: Option<ProjectsMetrics>,
    /// Waits by community and day, where it is asked how runs settle.
    pub daily_waits: Option<DailyWaits>,
}

/// The metrics of the storages of one run.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct StoragesMetrics {
    /// All sites of the set together.
    pub network: StorageMetrics,
    /// Each site of the system; those outside the set hold nothing.
    pub sites: Vec<StorageMetrics>,
}

/// The waits at which distribution functions are drawn: 0 and eight points a decade from 1 s to 10^8 s.
pub fn wait_grid_s() -> Vec<f64> {
    std::iter::once(0.0).chain((0..=64).map(|i| libm::pow(10.0, f64::from(i) / 8.0))).collect()
}

impl<'a> RunStatistics<'a> {
    /// An empty collection for one run of `set`.
    pub fn new(system: &'a System, set: &'a CandidateSet) -> Self {
        let window = (system.observation.warm_up, system.observation.end);
        let edges = system.calendar.month_edges(window.0, window.1);
        let communities = system.communities.len();
        let months = edges.len() - 1;
        Self {
            system,
            set,
            window,
            cells: vec![vec![Cell::default(); communities]; system.sites.len() + 1],
            held_by_partition: vec![AcceleratorTime::ZERO; system.partitions.len()],
            held: vec![vec![vec![AcceleratorTime::ZERO; months]; communities]; system.sites.len()],
            monthly_waits: MonthlyWaits::new(system.sites.len(), months),
            rejections: vec![[(0, AcceleratorTime::ZERO); Rejection::ALL.len()]; communities],
            links: vec![vec![0.0; months]; system.topology.links.len()],
            storages: vec![StorageSums::default(); system.sites.len()],
            capacities: system.topology.links.iter().map(|link| vec![link.capacity.0; months]).collect(),
            transfers: TransferStatistics::new(system),
            endings: EndingStatistics::new(system),
            served_by_country: vec![0.0; system.countries.len()],
            projects: ProjectStatistics::new(system),
            daily_waits: system.observation.steady_state.then(|| DailyWaits::new(communities, window.1)),
            edges,
        }
    }

    /// The metrics of everything seen.
    pub fn finish(&self) -> RunMetrics {
        let system = self.system;
        let whole = [self.window.0, self.window.1];
        let open: Vec<_> = system.sites.ids().map(|site| self.open_time(site, whole[0], whole[1])).collect();
        let merged = |cells: &mut dyn Iterator<Item = &Cell>| {
            cells.fold(Cell::default(), |mut sum, cell| {
                sum.merge(cell);
                sum
            })
        };
        let all_open = open.iter().copied().sum();
        let communities: Vec<Cell> = system
            .communities
            .ids()
            .map(|c| merged(&mut self.cells.iter().map(|row| &row[c.index()])))
            .collect();
        let site_cells = self.cells.iter().zip(&open);
        let grid = wait_grid_s();
        RunMetrics {
            network: merged(&mut communities.iter()).metrics(all_open),
            sites: site_cells.map(|(row, &open)| merged(&mut row.iter()).metrics(open)).collect(),
            rejections: self.rejections_in_hours(),
            utilisation_by_month: self.utilisation_by_month(),
            wait_s_mean_by_month: self.monthly_waits.means_s(),
            energy_kwh: system.sites.ids().map(|site| self.energy_kwh(site)).collect(),
            wait_shares: communities.iter().map(|cell| cell.waits.shares_within(&grid)).collect(),
            load_by_month: self.load_by_month(),
            load: self.load(),
            transfers: self.transfers.metrics(),
            carried_bytes: self.links.iter().map(|months| months.iter().sum()).collect(),
            communities: communities.iter().map(|cell| cell.metrics(all_open)).collect(),
            storages: (!system.datasets.is_empty()).then(|| self.storages()),
            endings: self.endings.endings(),
            waterfall: self.endings.waterfall(all_open),
            served_h_by_country: self.served_by_country.clone(),
            projects: self.projects.as_ref().map(ProjectStatistics::metrics),
            daily_waits: self.daily_waits.clone(),
        }
    }

    /// Open accelerators times time of a site of the set within `[from, to)`; zero for other sites.
    fn open_time(&self, site: SiteId, from: Time, to: Time) -> AcceleratorTime {
        if !self.set.contains(site) {
            return AcceleratorTime::ZERO;
        }
        let partitions = self.system.sites[site].partitions.iter().map(|&p| &self.system.partitions[p]);
        partitions
            .map(|p| AcceleratorTime::of(p.accelerators().into(), overlap((p.opens, to), (from, to))))
            .sum()
    }

    fn utilisation_by_month(&self) -> Vec<Vec<Vec<f64>>> {
        let months: Vec<(Time, Time)> = self.edges.windows(2).map(|pair| (pair[0], pair[1])).collect();
        let sites = self.system.sites.ids();
        sites
            .map(|site| {
                let open: Vec<f64> =
                    months.iter().map(|&(from, to)| self.open_time(site, from, to).as_hours()).collect();
                let share = |held: &Vec<AcceleratorTime>| {
                    held.iter().zip(&open).map(|(held, open)| held.as_hours() / open).collect()
                };
                self.held[site.index()].iter().map(share).collect()
            })
            .collect()
    }

    fn energy_kwh(&self, site: SiteId) -> f64 {
        let partitions = self.system.sites[site].partitions.iter();
        let energy = |&p: &PartitionId| {
            let hours = self.held_by_partition[p.index()].as_hours();
            // A power of 0 W says that nobody stated it: the energy is unknown, not nothing.
            match self.system.partitions[p].accelerator_power {
                Power(0) if hours > 0.0 => f64::NAN,
                power => power.over_hours(hours).0,
            }
        };
        partitions.map(energy).sum()
    }

    fn rejections_in_hours(&self) -> Vec<Vec<(f64, f64)>> {
        let hours = |&(jobs, work): &(u64, AcceleratorTime)| (jobs as f64, work.as_hours());
        self.rejections.iter().map(|reasons| reasons.iter().map(hours).collect()).collect()
    }

    fn load_by_month(&self) -> Vec<Vec<f64>> {
        let lengths: Vec<f64> =
            self.edges.windows(2).map(|pair| pair[1].since(pair[0]).as_seconds()).collect();
        let links = self.links.iter().zip(&self.capacities);
        links
            .map(|(months, capacities)| {
                let months = months.iter().zip(&lengths).zip(capacities);
                months.map(|((bytes, s), capacity)| bytes / s / capacity).collect()
            })
            .collect()
    }

    fn storages(&self) -> StoragesMetrics {
        let sites = &self.system.sites;
        let capacity = |site: SiteId| sites[site].storage.map(|storage| storage.capacity);
        let network = self.storages.iter().fold(StorageSums::default(), StorageSums::merged);
        let together: Option<Vec<Bytes>> = self.set.sites.iter().map(|&site| capacity(site)).collect();
        StoragesMetrics {
            network: network.metrics(together.map(|each| each.into_iter().sum())),
            sites: sites.ids().zip(&self.storages).map(|(id, sums)| sums.metrics(capacity(id))).collect(),
        }
    }

    fn load(&self) -> Vec<f64> {
        let length = self.window.1.since(self.window.0).as_seconds();
        let links = self.links.iter().zip(&self.capacities);
        links
            .map(|(months, by_month)| months.iter().sum::<f64>() / length / self.mean_capacity(by_month))
            .collect()
    }

    /// The mean over the window of a capacity by month; one that never changes as it is, to the last bit.
    fn mean_capacity(&self, by_month: &[f64]) -> f64 {
        if by_month.windows(2).all(|pair| pair[0].to_bits() == pair[1].to_bits()) {
            return by_month[0];
        }
        let months = self.edges.windows(2).map(|pair| pair[1].since(pair[0]).as_seconds());
        let bytes: f64 = by_month.iter().zip(months).map(|(capacity, s)| capacity * s).sum();
        bytes / self.window.1.since(self.window.0).as_seconds()
    }

    fn count_submission(&mut self, row: &JobRow) {
        Cell::of(&mut self.cells, self.system, row.partition, row.community).count(row, self.window.1);
        if let Outcome::Rejected(reason) = row.outcome {
            let entry = &mut self.rejections[row.community.index()][reason as usize];
            entry.0 += 1;
            entry.1 += row.work;
        }
        if let (Some(partition), Some(wait)) = (row.partition, wait_of(row, self.window.1)) {
            let site = self.system.partitions[partition].site;
            self.monthly_waits.count(site, (row.submit, &self.edges), wait);
        }
    }

    fn count_service(&mut self, service: &Service) {
        let &Service { partition, community, times, .. } = service;
        let inside = overlap(times, self.window);
        let cell = Cell::of(&mut self.cells, self.system, Some(partition), community);
        let held = AcceleratorTime::of(service.held.into(), inside);
        cell.held += held;
        let speed = match service.scaling {
            Scaling::WallTime => 1.0,
            Scaling::Work => self.system.speed_for(service.class, partition),
        };
        let served_h = service.worth * inside.as_hours() * speed;
        cell.served_h += served_h;
        cell.done_h += served_h * service.kept;
        if let Some(country) = service.country {
            self.served_by_country[country.index()] += served_h;
        }
        self.held_by_partition[partition.index()] += held;
        let site = self.system.partitions[partition].site;
        let months = &mut self.held[site.index()][community.index()];
        let first = self.edges.partition_point(|&edge| edge <= times.0).saturating_sub(1);
        for (held, edges) in months[first..].iter_mut().zip(self.edges[first..].windows(2)) {
            if edges[0] >= times.1 {
                break;
            }
            *held += AcceleratorTime::of(service.held.into(), overlap(times, (edges[0], edges[1])));
        }
    }
}

impl Sink for RunStatistics<'_> {
    fn job(&mut self, row: &JobRow) {
        if row.submit >= self.window.0 {
            self.count_submission(row);
        }
        if let Some(waits) = &mut self.daily_waits {
            waits.count(row);
        }
        self.endings.job(row);
        if let (Some(partition), Some(start)) = (row.partition, row.last_start) {
            let end = row.end.unwrap_or(self.window.1);
            self.count_service(&Service {
                class: row.class,
                partition,
                community: row.community,
                country: Some(row.country),
                worth: row.worth,
                held: row.accelerators_held,
                scaling: row.scaling,
                times: (start, end),
                kept: 1.0,
            });
        }
    }

    fn segment(&mut self, row: &SegmentRow) {
        if row.to >= self.window.0 {
            let cell = Cell::of(&mut self.cells, self.system, Some(row.partition), row.community);
            cell.cut_short += u64::from(row.ended_by == SegmentEnd::PushedOut);
            cell.resizes += u64::from(row.ended_by == SegmentEnd::Resize);
            cell.lost += AcceleratorTime::of(row.accelerators_held.into(), row.lost);
        }
        self.endings.segment(row);
        self.count_service(&Service {
            class: row.class,
            partition: row.partition,
            community: row.community,
            country: self.system.streams.get(row.id.stream).map(|stream| stream.country),
            worth: row.worth,
            held: row.accelerators_held,
            scaling: row.scaling,
            times: (row.from, row.to),
            kept: row.kept_share(),
        });
    }

    fn copy(&mut self, row: &CopyRow) {
        if row.submit >= self.window.0 {
            let cell = Cell::of(&mut self.cells, self.system, Some(row.partition), row.community);
            cell.copies_taken_back += 1;
        }
    }

    fn link(&mut self, row: &LinkRow) {
        if let Ok(month) = self.edges[..self.edges.len() - 1].binary_search(&row.from) {
            self.links[row.link.index()][month] += row.bytes;
            self.capacities[row.link.index()][month] = row.capacity.0;
        }
    }

    fn storage(&mut self, row: &StorageRow) {
        self.storages[row.site.index()].add(row);
    }

    fn transfer(&mut self, row: &TransferRow) {
        self.transfers.count(row);
    }

    fn project(&mut self, row: &ProjectRow) {
        if let Some(projects) = &mut self.projects {
            projects.count(row);
        }
    }

    fn staff(&mut self, row: &StaffRow) {
        if let Some(projects) = &mut self.projects {
            projects.count_staff(row);
        }
    }
}

/// The length of the intersection of two half-open intervals.
fn overlap(a: (Time, Time), b: (Time, Time)) -> Span {
    let (from, to) = (a.0.max(b.0), a.1.min(b.1));
    if to > from { to.since(from) } else { Span::ZERO }
}
