//! Count, mean and sum of squares of values that come in blocks: what an estimate needs, in a memory that does not grow.

use super::estimate::{CONFIDENCE, Estimate};
use super::student::student_t_quantile;

/// Of the finite values among those seen; the others (a mean wait where nobody waited) are left out.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moments {
    count: u32,
    mean: f64,
    /// The sum of the squared distances from the mean.
    squares: f64,
}

impl Moments {
    /// Of one block, in two passes.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let values: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
        let count = values.len() as u32;
        if count == 0 {
            return Self::default();
        }
        let mean = values.iter().sum::<f64>() / f64::from(count);
        let squares = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        Self { count, mean, squares }
    }

    /// Of two blocks together (Chan, Golub and LeVeque 1983, The American Statistician 37, 242-247, eq. 1.5).
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        // One alone keeps its bits.
        match (self.count, other.count) {
            (_, 0) => return *self,
            (0, _) => return *other,
            _ => {}
        }
        let count = self.count + other.count;
        let [own, others, all] = [self.count, other.count, count].map(f64::from);
        let apart = other.mean - self.mean;
        Self {
            count,
            mean: self.mean + apart * (others / all),
            squares: self.squares + other.squares + apart * apart * (own * others / all),
        }
    }

    /// The mean with its interval.
    pub fn estimate(&self) -> Estimate {
        let &Self { count, mean, squares } = self;
        if count == 0 {
            return Estimate { mean: None, half_width: None, count };
        }
        let half_width = (count > 1).then(|| {
            let error = (squares / f64::from(count - 1) / f64::from(count)).sqrt();
            student_t_quantile(f64::midpoint(1.0, CONFIDENCE), f64::from(count - 1)) * error
        });
        Estimate { mean: Some(mean), half_width, count }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Blocks together are as all values at once, up to rounding: 2^-53 of the largest value for each addition, and its
        /// square for the squares.
        #[test]
        fn blocks_add_up(values in prop::collection::vec(prop_oneof![9 => -1e6..1e6, 1 => Just(f64::NAN)], 0..200), block in 1_usize..40) {
            let blocks = values.chunks(block).map(|block| Moments::of(block.iter().copied()));
            let sum = blocks.fold(Moments::default(), |sum, block| sum.and(&block));
            let whole = Moments::of(values.iter().copied());
            let rounding = f64::EPSILON * 4.0 * values.len() as f64;
            prop_assert_eq!(sum.count, whole.count);
            prop_assert!((sum.mean - whole.mean).abs() <= rounding * 1e6);
            prop_assert!((sum.squares - whole.squares).abs() <= rounding * 4e12 * values.len() as f64);
            if values.len() <= block {
                prop_assert_eq!(sum, whole);
            }
        }
    }
}
