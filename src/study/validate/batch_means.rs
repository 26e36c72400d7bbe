//! Batch means: the standard error of a steady-state mean from one long run.

/// Batches of equal size in the order of customers, after a warm-up of a tenth of the run.
#[derive(Debug, Clone)]
pub struct BatchMeans {
    warm_up: u64,
    batch_size: u64,
    batches: Vec<(f64, u64)>,
}

impl BatchMeans {
    /// For a run of `customers`, cut into `batches` after its first tenth.
    pub fn new(customers: u64, batches: u64) -> Self {
        let warm_up = customers / 10;
        let batch_size = (customers - warm_up).div_ceil(batches);
        Self { warm_up, batch_size, batches: vec![(0.0, 0); batches as usize] }
    }

    /// Adds the value of customer `ordinal`; those of the warm-up and beyond the run are left out.
    pub fn add(&mut self, ordinal: u64, value: f64) {
        let Some(after) = ordinal.checked_sub(self.warm_up) else { return };
        if let Some((sum, count)) = self.batches.get_mut((after / self.batch_size) as usize) {
            *sum += value;
            *count += 1;
        }
    }

    /// Customers counted after the warm-up.
    pub fn count(&self) -> u64 {
        self.batches.iter().map(|(_, count)| count).sum()
    }

    /// The mean after the warm-up and its standard error, from the ratio of batch sums to batch counts.
    pub fn mean_and_error(&self) -> (f64, f64) {
        let batches = &self.batches;
        let (sum, count) =
            batches.iter().fold((0.0, 0), |(sum, count), batch| (sum + batch.0, count + batch.1));
        let mean = sum / count as f64;
        let size = count as f64 / batches.len() as f64;
        let squares: f64 = batches.iter().map(|&(sum, n)| ((sum - mean * n as f64) / size).powi(2)).sum();
        (mean, (squares / (batches.len() - 1) as f64 / batches.len() as f64).sqrt())
    }
}
