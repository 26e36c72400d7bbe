//! The storage of a site as a cache: hit ratios of equal datasets asked for independently, through the storage of the
//! simulator. Each request is let go of at once, so nothing is in use when the next one comes.

use super::theory::{lru_hit_ratio, zipf};
use super::{Effort, STANDARD_ERRORS, Verdict};
use crate::data::{Answer, Storage};
use crate::engine::{Universe, entity_key};
use crate::model::{DatasetId, Eviction, SiteStorage};
use crate::statistics::BatchMeans;
use crate::units::Bytes;

/// More requests would take time and settle nothing.
const MOST_REQUESTS: u64 = 2_000_000;

/// The contents of so small a storage are forgotten within hundreds of requests: a batch spans thousands.
const BATCHES: u64 = 40;

/// Datasets with their probabilities, and how many of them a storage holds.
#[derive(Debug, Clone)]
pub(super) struct Cache {
    name: String,
    p: Vec<f64>,
    capacity: usize,
}

/// All caches.
pub(super) fn caches() -> Vec<Cache> {
    let p = vec![0.4, 0.3, 0.2, 0.1];
    let four = (1..=3).map(|capacity| Cache { name: format!("{capacity} of 4"), p: p.clone(), capacity });
    let eight = Cache { name: "3 of 8 by Zipf's law".to_owned(), p: zipf(8, 1.0), capacity: 3 };
    four.chain([eight]).collect()
}

impl Cache {
    /// Asks for datasets and judges how often they were there.
    pub(super) fn run(&self, effort: Effort) -> Vec<Verdict> {
        let hits = self.hits(Eviction::LeastRecentlyUsed, effort.customers().min(MOST_REQUESTS));
        vec![self.judge(&hits)]
    }

    fn judge(&self, hits: &BatchMeans) -> Verdict {
        let (mean, error) = hits.mean_and_error();
        let quantity = format!("hit ratio, LRU, {}", self.name);
        let exact = lru_hit_ratio(&self.p, self.capacity);
        Verdict::new("N11", &quantity, exact, mean, STANDARD_ERRORS * error, hits.count())
    }

    fn hits(&self, eviction: Eviction, requests: u64) -> BatchMeans {
        const SIZE: u64 = 1_000;
        let capacity = Bytes(SIZE * self.capacity as u64);
        let mut storage =
            Storage::new(Some(SiteStorage { capacity, eviction }), self.p.iter().map(|_| Bytes(SIZE)));
        let universe = Universe::new(entity_key("N11", &self.name), 0);
        let mut hits = BatchMeans::new(requests, BATCHES);
        for request in 0..requests {
            let dataset = self.pick(universe.stream(0, request, 0).uniform());
            let answer = storage.ask(dataset);
            if answer == Answer::Fetch {
                storage.arrive(dataset);
            }
            storage.let_go(dataset);
            hits.add(request, f64::from(u8::from(answer == Answer::Here)));
        }
        hits
    }

    fn pick(&self, uniform: f64) -> DatasetId {
        let mut left = uniform;
        let place = self.p.iter().position(|&p| {
            left -= p;
            left < 0.0
        });
        DatasetId(place.unwrap_or(self.p.len() - 1) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The judgement has teeth: the same requests under another rule of eviction fail it, and so does a storage that
    /// holds one dataset more.
    #[test]
    fn other_storages_fail() {
        for cache in caches().into_iter().filter(|cache| cache.capacity > 1) {
            let right = cache.hits(Eviction::LeastRecentlyUsed, 400_000);
            assert!(cache.judge(&right).passed, "{cache:?}");
            let by_frequency = cache.hits(Eviction::LeastFrequentlyUsed, 400_000);
            assert!(!cache.judge(&by_frequency).passed, "{cache:?}: {:?}", cache.judge(&by_frequency));
            let larger = Cache { capacity: cache.capacity + 1, ..cache.clone() };
            assert!(!cache.judge(&larger.hits(Eviction::LeastRecentlyUsed, 400_000)).passed, "{cache:?}");
        }
    }
}
