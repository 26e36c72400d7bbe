//! Transfers as one writes them from the definition: every flow by itself, its rate solved anew at every change by
//! progressive filling over flows, every flow moved on at every change.

/// The flows in flight over links of some capacities.
pub(crate) struct PerFlow {
    capacities: Vec<f64>,
    routes: Vec<Vec<usize>>,
    /// Route and bytes left of each flow.
    flows: Vec<(usize, f64)>,
    now_s: f64,
}

impl PerFlow {
    /// Links of these capacities in bytes per second, and the links of each route.
    pub(crate) fn new(capacities: Vec<f64>, routes: Vec<Vec<usize>>) -> Self {
        Self { capacities, routes, flows: Vec::new(), now_s: 0.0 }
    }

    pub(crate) fn start(&mut self, route: usize, bytes: f64) {
        self.flows.push((route, bytes));
    }

    pub(crate) fn now_s(&self) -> f64 {
        self.now_s
    }

    /// Steps to the next end; how many flows ended there.
    pub(crate) fn step_to_end(&mut self) -> usize {
        let rates = self.rates();
        let ends = self.flows.iter().zip(&rates).map(|((_, left), rate)| left / rate);
        let step_s = ends.fold(f64::INFINITY, f64::min);
        for ((_, left), rate) in self.flows.iter_mut().zip(&rates) {
            *left -= rate * step_s;
        }
        self.now_s += step_s;
        let before = self.flows.len();
        self.flows.retain(|&(_, left)| left > 1e-3);
        before - self.flows.len()
    }

    fn rates(&self) -> Vec<f64> {
        let mut left = self.capacities.clone();
        let mut open = vec![0_u32; left.len()];
        for &(route, _) in &self.flows {
            self.routes[route].iter().for_each(|&link| open[link] += 1);
        }
        let mut rates = vec![f64::INFINITY; self.flows.len()];
        loop {
            let mut tightest = (f64::INFINITY, 0);
            for (link, &flows) in open.iter().enumerate().filter(|&(_, &flows)| flows > 0) {
                let share = left[link] / f64::from(flows);
                if share < tightest.0 {
                    tightest = (share, link);
                }
            }
            let (share, full) = tightest;
            if share.is_infinite() {
                return rates;
            }
            for (rate, &(route, _)) in rates.iter_mut().zip(&self.flows) {
                if rate.is_infinite() && self.routes[route].contains(&full) {
                    *rate = share;
                    for &link in &self.routes[route] {
                        open[link] -= 1;
                        left[link] = (left[link] - share).max(0.0);
                    }
                }
            }
        }
    }
}
