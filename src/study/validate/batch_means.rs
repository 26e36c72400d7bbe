//! Batch means: the standard error of a steady-state mean from one long run.

/// Batches of equal size in the order of customers, after a warm-up of a tenth of the run.
#[derive(Debug, Clone)]
pub struct BatchMeans {
    warm_up: u64,
    batch_size: u64,
    batches: Vec<Batch>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Batch {
    sum: f64,
    weight: f64,
    count: u64,
}

impl BatchMeans {
    /// For a run of `customers`, cut into `batches` after its first tenth.
    pub fn new(customers: u64, batches: u64) -> Self {
        let warm_up = customers / 10;
        let batch_size = (customers - warm_up).div_ceil(batches);
        Self { warm_up, batch_size, batches: vec![Batch::default(); batches as usize] }
    }

    /// Adds the value of customer `ordinal`; those of the warm-up and beyond the run are left out.
    pub fn add(&mut self, ordinal: u64, value: f64) {
        self.add_part(ordinal, value, 1.0);
    }

    /// Adds what customer `ordinal` contributes to the two sums whose ratio is the mean: jobs and the seconds they
    /// took, say, for a throughput.
    pub fn add_part(&mut self, ordinal: u64, value: f64, weight: f64) {
        let Some(after) = ordinal.checked_sub(self.warm_up) else { return };
        if let Some(batch) = self.batches.get_mut((after / self.batch_size) as usize) {
            batch.sum += value;
            batch.weight += weight;
            batch.count += 1;
        }
    }

    /// Customers counted after the warm-up.
    pub fn count(&self) -> u64 {
        self.batches.iter().map(|batch| batch.count).sum()
    }

    /// The mean after the warm-up and its standard error, from the ratio of batch sums to batch weights.
    pub fn mean_and_error(&self) -> (f64, f64) {
        let batches = &self.batches;
        let sum: f64 = batches.iter().map(|batch| batch.sum).sum();
        let weight: f64 = batches.iter().map(|batch| batch.weight).sum();
        let mean = sum / weight;
        let size = weight / batches.len() as f64;
        let squares: f64 =
            batches.iter().map(|batch| ((batch.sum - mean * batch.weight) / size).powi(2)).sum();
        (mean, (squares / (batches.len() - 1) as f64 / batches.len() as f64).sqrt())
    }
}
