//! A slow, obvious storage: one list of copies, searched from end to end, as the oracle of the fast one.

use super::{Answer, Storage};
use crate::model::{DatasetId, Eviction, SiteStorage};
use crate::units::Bytes;
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Copy {
    dataset: usize,
    is_here: bool,
    is_home: bool,
    users: usize,
    asked: usize,
    last_use: usize,
}

struct Slow {
    capacity: u64,
    eviction: Eviction,
    sizes: Vec<u64>,
    copies: Vec<Copy>,
    uses: usize,
    evicted: u64,
    came_in: u64,
    passed_through: u64,
}

impl Slow {
    fn find(&mut self, dataset: usize) -> Option<&mut Copy> {
        self.copies.iter_mut().find(|copy| copy.dataset == dataset)
    }

    fn sum(&self, test: impl Fn(&Copy) -> bool) -> u64 {
        self.copies.iter().filter(|copy| test(copy)).map(|copy| self.sizes[copy.dataset]).sum()
    }

    fn add(&mut self, dataset: usize, is_home: bool) {
        self.uses += 1;
        self.came_in += self.sizes[dataset];
        self.copies.push(Copy { dataset, is_here: true, is_home, users: 0, asked: 0, last_use: self.uses });
    }

    fn ask(&mut self, dataset: usize) -> Answer {
        if let Some(copy) = self.find(dataset) {
            copy.users += 1;
            copy.asked += 1;
            return if copy.is_here { Answer::Here } else { Answer::Coming };
        }
        let stays = self.sum(|copy| copy.users > 0 || copy.is_home || !copy.is_here);
        if stays + self.sizes[dataset] > self.capacity {
            return Answer::PassThrough;
        }
        while self.sum(|_| true) + self.sizes[dataset] > self.capacity {
            let goes = self.copies.iter().filter(|copy| copy.users == 0 && copy.is_here && !copy.is_home);
            let first = goes.min_by_key(|copy| match self.eviction {
                Eviction::LeastRecentlyUsed => (copy.last_use, 0),
                Eviction::LeastFrequentlyUsed => (copy.asked, copy.last_use),
            });
            let first = first.unwrap().dataset;
            self.evicted += self.sizes[first];
            self.copies.retain(|copy| copy.dataset != first);
        }
        self.copies.push(Copy { dataset, is_here: false, is_home: false, users: 1, asked: 1, last_use: 0 });
        Answer::Fetch
    }

    fn let_go(&mut self, dataset: usize) {
        self.uses += 1;
        let uses = self.uses;
        let copy = self.find(dataset).unwrap();
        copy.users -= 1;
        copy.last_use = uses;
    }
}

/// One step of those who use a storage.
#[derive(Debug, Clone, Copy)]
enum Step {
    Ask(usize),
    /// The n-th of those on their way comes.
    Arrive(usize),
    /// The n-th of those in use is let go of, be it here or on its way.
    LetGo(usize),
    /// The n-th of those here is read to be sent elsewhere.
    Hold(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0_usize..8).prop_map(Step::Ask),
        3 => any::<usize>().prop_map(Step::Arrive),
        3 => any::<usize>().prop_map(Step::LetGo),
        1 => any::<usize>().prop_map(Step::Hold),
    ];
    prop::collection::vec(step, 1..80)
}

/// The storage under test beside the slow one, with who waits and who uses.
struct Pair {
    fast: Storage,
    slow: Slow,
    coming: Vec<usize>,
    in_use: Vec<usize>,
}

impl Pair {
    fn new(capacity: u64, eviction: Eviction, sizes: &[u64], at_first: &[Option<bool>]) -> Self {
        let rule = SiteStorage { capacity: Bytes(capacity), eviction };
        let sizes = sizes.to_vec();
        let fast = Storage::new(Some(rule), sizes.iter().map(|&size| Bytes(size)));
        let slow = Slow {
            capacity,
            eviction,
            sizes,
            copies: Vec::new(),
            uses: 0,
            evicted: 0,
            came_in: 0,
            passed_through: 0,
        };
        let mut pair = Self { fast, slow, coming: Vec::new(), in_use: Vec::new() };
        for (dataset, is_home) in at_first.iter().enumerate() {
            let Some(is_home) = *is_home else { continue };
            if pair.slow.sum(|_| true) + pair.slow.sizes[dataset] <= capacity {
                pair.slow.add(dataset, is_home);
                let id = DatasetId(dataset as u32);
                if is_home { pair.fast.keep_at_home(id) } else { pair.fast.place(id) }
            }
        }
        pair
    }

    fn step(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Ask(dataset) => self.ask(dataset)?,
            Step::Arrive(place) => {
                if let Some(dataset) = take(&mut self.coming, place) {
                    self.fast.arrive(DatasetId(dataset as u32));
                    self.slow.find(dataset).unwrap().is_here = true;
                    self.slow.came_in += self.slow.sizes[dataset];
                }
            }
            Step::LetGo(place) => {
                if let Some(dataset) = take(&mut self.in_use, place) {
                    self.fast.let_go(DatasetId(dataset as u32));
                    self.slow.let_go(dataset);
                }
            }
            Step::Hold(place) => {
                let mut here: Vec<usize> =
                    self.slow.copies.iter().filter(|copy| copy.is_here).map(|copy| copy.dataset).collect();
                if let Some(dataset) = take(&mut here, place) {
                    self.fast.hold(DatasetId(dataset as u32));
                    self.slow.find(dataset).unwrap().users += 1;
                    self.in_use.push(dataset);
                }
            }
        }
        Ok(())
    }

    fn ask(&mut self, dataset: usize) -> Result<(), TestCaseError> {
        let answer = self.fast.ask(DatasetId(dataset as u32));
        prop_assert_eq!(answer, self.slow.ask(dataset));
        match answer {
            Answer::PassThrough => {
                self.fast.pass_through(DatasetId(dataset as u32));
                self.slow.passed_through += self.slow.sizes[dataset];
                self.slow.came_in += self.slow.sizes[dataset];
            }
            Answer::Fetch => {
                self.coming.push(dataset);
                self.in_use.push(dataset);
            }
            Answer::Here | Answer::Coming => self.in_use.push(dataset),
        }
        Ok(())
    }

    /// Both hold the same, and the laws hold.
    fn judge(&self) -> Result<(), TestCaseError> {
        let (fast, slow) = (&self.fast, &self.slow);
        for dataset in 0..slow.sizes.len() {
            let copy = slow.copies.iter().find(|copy| copy.dataset == dataset);
            let id = DatasetId(dataset as u32);
            prop_assert_eq!(fast.holds(id), copy.is_some_and(|copy| copy.is_here), "holds {}", dataset);
            prop_assert_eq!(fast.awaits(id), copy.is_some_and(|copy| !copy.is_here), "awaits {}", dataset);
        }
        for &used in &self.in_use {
            let id = DatasetId(used as u32);
            prop_assert!(fast.holds(id) || fast.awaits(id), "{} is in use and gone", used);
        }
        prop_assert!(fast.taken().0 <= slow.capacity, "more than the capacity");
        prop_assert_eq!(fast.taken().0, slow.sum(|_| true));
        let books = fast.books();
        prop_assert_eq!(
            (books.came_in, books.evicted, books.passed_through),
            (slow.came_in.into(), slow.evicted.into(), slow.passed_through.into())
        );
        prop_assert_eq!(
            books.came_in,
            books.evicted + books.passed_through + u128::from(slow.sum(|copy| copy.is_here))
        );
        prop_assert!(fast.balances());
        Ok(())
    }
}

/// Takes the n-th item, counted round and round.
fn take(items: &mut Vec<usize>, place: usize) -> Option<usize> {
    (!items.is_empty()).then(|| items.swap_remove(place % items.len()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is asked for, comes and is let go of: the fast storage does what the slow one does; the capacity holds,
    /// what is in use or at home stays, and the books balance at every step.
    #[test]
    fn does_what_the_slow_storage_does(
        capacity in 0_u64..40,
        lfu in any::<bool>(),
        sizes in prop::collection::vec(0_u64..20, 8),
        at_first in prop::collection::vec(prop::option::weighted(0.3, any::<bool>()), 8),
        steps in steps(),
    ) {
        let eviction = if lfu { Eviction::LeastFrequentlyUsed } else { Eviction::LeastRecentlyUsed };
        let mut pair = Pair::new(capacity, eviction, &sizes, &at_first);
        let homes: Vec<usize> =
            pair.slow.copies.iter().filter(|copy| copy.is_home).map(|copy| copy.dataset).collect();
        pair.judge()?;
        for step in steps {
            pair.step(step)?;
            pair.judge()?;
            prop_assert!(homes.iter().all(|&home| pair.fast.holds(DatasetId(home as u32))));
        }
    }
}
