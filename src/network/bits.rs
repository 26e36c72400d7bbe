//! A set of small numbers as bits, visited in ascending order without allocation.

/// A set of indices below the length it was grown to.
#[derive(Debug, Clone, Default)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// Makes room for indices below `length`; the new ones are not in the set.
    pub(super) fn grow(&mut self, length: usize) {
        self.0.resize(length.div_ceil(64), 0);
    }

    /// Puts `index` in.
    pub(super) fn insert(&mut self, index: usize) {
        self.0[index / 64] |= 1 << (index % 64);
    }

    /// Takes `index` out.
    pub(super) fn remove(&mut self, index: usize) {
        self.0[index / 64] &= !(1 << (index % 64));
    }

    /// Whether `index` is in.
    pub(super) fn contains(&self, index: usize) -> bool {
        self.0[index / 64] >> (index % 64) & 1 == 1
    }

    /// Becomes equal to `other`, of the same length.
    pub(super) fn copy_from(&mut self, other: &Self) {
        self.0.copy_from_slice(&other.0);
    }

    /// The number of words of 64 indices.
    pub(super) fn words(&self) -> usize {
        self.0.len()
    }

    /// Takes out all indices of word `word` that are also in `other`, and returns them.
    pub(super) fn take_common(&mut self, other: &Self, word: usize) -> Ones {
        let common = self.0[word] & other.0[word];
        self.0[word] ^= common;
        Ones { bits: common, base: word * 64 }
    }

    /// Takes out all indices of word `word`, and returns them.
    pub(super) fn take(&mut self, word: usize) -> Ones {
        Ones { bits: std::mem::take(&mut self.0[word]), base: word * 64 }
    }

    /// All indices in the set, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(word, &bits)| Ones { bits, base: word * 64 })
    }
}

/// The indices of one word, ascending.
pub(super) struct Ones {
    bits: u64,
    base: usize,
}

impl Iterator for Ones {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.bits == 0 {
            return None;
        }
        let index = self.base + self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        Some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_visited_in_order() {
        let (mut set, mut other) = (Bits::default(), Bits::default());
        set.grow(130);
        other.grow(130);
        for index in [129, 0, 64, 63] {
            set.insert(index);
        }
        set.remove(63);
        other.insert(64);
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 64, 129]);
        assert!(set.contains(129) && !set.contains(63));
        assert_eq!(set.take_common(&other, 1).collect::<Vec<_>>(), [64]);
        assert_eq!(set.take(0).collect::<Vec<_>>(), [0]);
        assert_eq!(set.iter().collect::<Vec<_>>(), [129]);
        assert_eq!(set.words(), 3);
    }
}
