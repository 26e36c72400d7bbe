//! Keyed random streams: every draw is named by who uses it, never by when it is drawn.
//!
//! The generator is Philox4x32 with 10 rounds (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2,
//! 3", SC'11), a counter-based function: the key is (seed, replication), the counter is (entity, ordinal, purpose,
//! block). Opening a stream costs nothing, and adding an entity changes no number of another one. The algorithm is
//! pinned here by the authors' published test vectors; it depends on no library version.

use rand::TryRng;
use std::convert::Infallible;

/// One numbered random universe: replication `replication` under master seed `seed`. All candidate sets share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Universe {
    key: [u32; 2],
}

/// What a number is drawn for: part of the stream's key.
pub type Purpose = u16;

/// A stream of numbers for one (entity, ordinal, purpose); it gives 2^16 blocks of two 64-bit numbers.
#[derive(Debug, Clone)]
pub struct Stream {
    key: [u32; 2],
    counter: [u32; 4],
    spare: Option<u64>,
}

/// The 64-bit key of an entity from its kind and name: FNV-1a, finished by SplitMix64's mixer.
pub fn entity_key(kind: &str, name: &str) -> u64 {
    let bytes = kind.bytes().chain(std::iter::once(0xff)).chain(name.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    mix(hash)
}

/// The 64-bit key of member `number` of an entity, whose draws are its own.
pub fn member_key(entity: u64, number: u64) -> u64 {
    mix(entity ^ mix(number))
}

/// SplitMix64's finaliser (Steele, Lea, Flood 2014): a bijection that spreads every bit.
fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Universe {
    /// The universe of one replication.
    pub fn new(seed: u64, replication: u32) -> Self {
        let key = mix(mix(seed) ^ u64::from(replication));
        Self { key: [key as u32, (key >> 32) as u32] }
    }

    /// The stream of (entity, ordinal, purpose). The ordinal must stay below 2^32.
    pub fn stream(&self, entity: u64, ordinal: u64, purpose: Purpose) -> Stream {
        let ordinal = u32::try_from(ordinal).expect("an entity has fewer than 2^32 ordinals");
        let counter = [u32::from(purpose) << 16, ordinal, entity as u32, (entity >> 32) as u32];
        Stream { key: self.key, counter, spare: None }
    }
}

impl Stream {
    /// The next number, uniform on the open interval (0, 1): the midpoints of 2^52 equal cells, all exact.
    pub fn uniform(&mut self) -> f64 {
        let Ok(bits) = self.try_next_u64();
        ((bits >> 12) as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0)
    }

    fn block(&mut self) -> [u32; 4] {
        let block = philox4x32_10(self.counter, self.key);
        assert!(self.counter[0] & 0xffff < 0xffff, "a stream gives at most 2^16 blocks");
        self.counter[0] += 1;
        block
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|bits| (bits >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        if let Some(spare) = self.spare.take() {
            return Ok(spare);
        }
        let [a, b, c, d] = self.block();
        self.spare = Some(u64::from(c) | (u64::from(d) << 32));
        Ok(u64::from(a) | (u64::from(b) << 32))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let Ok(bits) = self.try_next_u64();
            chunk.copy_from_slice(&bits.to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

fn philox4x32_10(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    const MULTIPLIERS: [u64; 2] = [0xd251_1f53, 0xcd9e_8d57];
    const WEYL: [u32; 2] = [0x9e37_79b9, 0xbb67_ae85];
    for _ in 0..10 {
        let first = MULTIPLIERS[0] * u64::from(counter[0]);
        let second = MULTIPLIERS[1] * u64::from(counter[2]);
        counter = [
            (second >> 32) as u32 ^ counter[1] ^ key[0],
            second as u32,
            (first >> 32) as u32 ^ counter[3] ^ key[1],
            first as u32,
        ];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers of the Random123 distribution for philox4x32-10.
    #[test]
    fn published_vectors() {
        let cases = [
            ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([u32::MAX; 4], [u32::MAX; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (counter, key, expected) in cases {
            assert_eq!(philox4x32_10(counter, key), expected);
        }
    }

    /// Golden values: a change here changes every published result.
    #[test]
    fn keys_are_pinned() {
        assert_eq!(entity_key("stream", "startups/FI"), entity_key("stream", "startups/FI"));
        assert_ne!(entity_key("stream", "startups/FI"), entity_key("streams", "tartups/FI"));
        let mut stream = Universe::new(1, 0).stream(entity_key("stream", "a"), 0, 0);
        let first: Vec<u64> = (0..3)
            .map(|_| {
                let Ok(x) = stream.try_next_u64();
                x
            })
            .collect();
        assert_eq!(first, GOLDEN);
    }

    const GOLDEN: [u64; 3] =
        [15_467_087_756_955_451_456, 18_169_301_124_756_981_245, 8_608_855_177_694_055_185];
}
