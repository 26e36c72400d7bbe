//! A set of candidates as bits of one word.

use std::ops::{BitAnd, BitOr, Sub};

/// A set of candidates: bit i is candidate i.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Mask(pub u64);

impl Mask {
    /// Nobody.
    pub const EMPTY: Self = Self(0);

    /// The most candidates that a mask can tell apart.
    pub const MOST: usize = 64;

    /// Candidate `bit` alone.
    pub fn of(bit: u32) -> Self {
        Self(1 << bit)
    }

    /// The first `count` candidates, at most 64.
    pub fn all(count: usize) -> Self {
        assert!(count <= Self::MOST, "a mask has 64 bits");
        Self(if count == Self::MOST { u64::MAX } else { (1 << count) - 1 })
    }

    /// Whether candidate `bit` is there.
    pub fn contains(self, bit: u32) -> bool {
        self.0 >> bit & 1 == 1
    }

    /// This set and candidate `bit`.
    pub fn with(self, bit: u32) -> Self {
        self | Self::of(bit)
    }

    /// This set without candidate `bit`.
    pub fn without(self, bit: u32) -> Self {
        self - Self::of(bit)
    }

    /// Whether all of this set belong to `other`.
    pub fn is_within(self, other: Self) -> bool {
        self - other == Self::EMPTY
    }

    /// How many there are.
    pub fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The candidates, in rising order.
    pub fn iter(self) -> impl Iterator<Item = u32> + Clone {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let bit = (rest != 0).then(|| rest.trailing_zeros())?;
            rest &= rest - 1;
            Some(bit)
        })
    }
}

impl BitOr for Mask {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Mask {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// Those of the first set that are not in the second.
impl Sub for Mask {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl FromIterator<u32> for Mask {
    fn from_iter<I: IntoIterator<Item = u32>>(bits: I) -> Self {
        bits.into_iter().fold(Self::EMPTY, Self::with)
    }
}
