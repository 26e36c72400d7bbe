//! Batch means: the standard error of a steady-state mean from one long run.

/// Batches of equal size in the order of customers, after a warm-up if there is one.
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
        Self::after(customers / 10, customers, batches)
    }

    /// For a run of `customers` whose beginning was left out before.
    pub fn without_warm_up(customers: u64, batches: u64) -> Self {
        Self::after(0, customers, batches)
    }

    fn after(warm_up: u64, customers: u64, batches: u64) -> Self {
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

    /// The asymptotic variance of the mean, batch size times the variance of the batch means, and its standard error. Of
    /// batches that are full: the last one may not be, and is left out.
    pub fn asymptotic_variance_and_error(&self) -> (f64, f64) {
        let full = self.batches.iter().filter(|batch| batch.count == self.batch_size);
        let means: Vec<f64> = full.map(|batch| batch.sum / batch.weight).collect();
        let n = means.len() as f64;
        let mean = means.iter().sum::<f64>() / n;
        let squares: Vec<f64> = means.iter().map(|one| (one - mean) * (one - mean)).collect();
        let variance = squares.iter().sum::<f64>() / (n - 1.0);
        let spread = squares.iter().map(|square| (square - variance) * (square - variance)).sum::<f64>();
        let size = self.batch_size as f64;
        (variance * size, (spread / (n - 1.0) / n).sqrt() * size)
    }

    /// Von Neumann's ratio of the batch means: the mean squared difference of neighbours over the variance, 2 where they
    /// are independent; `NaN` where they do not vary.
    pub fn neighbours_ratio(&self) -> f64 {
        let means: Vec<f64> = self.batches.iter().map(|batch| batch.sum / batch.weight).collect();
        let n = means.len() as f64;
        let mean = means.iter().sum::<f64>() / n;
        let steps: f64 = means.windows(2).map(|pair| (pair[1] - pair[0]) * (pair[1] - pair[0])).sum();
        let squares: f64 = means.iter().map(|one| (one - mean) * (one - mean)).sum();
        (steps / (n - 1.0)) / (squares / n)
    }
}
