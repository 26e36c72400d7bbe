//! The slow obvious network, oracle of the fast one: every flow by itself, in f64 seconds and bytes.

/// A flow: the links it crosses, its own cap in bytes per second (infinite where there is none), when its bytes begin
/// to move (latency included) and how many they are.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    pub(super) links: Vec<usize>,
    pub(super) cap: f64,
    pub(super) start: f64,
    pub(super) bytes: f64,
}

/// Max-min fair rates by the definition: raise all rates together; a flow stops at a full link or at its own cap.
pub(super) fn rates(capacities: &[f64], flows: &[&Flow]) -> Vec<f64> {
    let mut rates = vec![None; flows.len()];
    while rates.contains(&None) {
        let share = |link: usize| {
            let crossing = (0..flows.len()).filter(|&f| flows[f].links.contains(&link));
            let (fixed, open): (Vec<usize>, Vec<usize>) = crossing.partition(|&f| rates[f].is_some());
            let given: f64 = fixed.iter().map(|&f| rates[f].unwrap()).sum();
            (capacities[link] - given).max(0.0) / open.len() as f64
        };
        let limits: Vec<f64> = (0..flows.len())
            .map(|f| match rates[f] {
                Some(_) => f64::INFINITY,
                None => flows[f].links.iter().map(|&link| share(link)).fold(flows[f].cap, f64::min),
            })
            .collect();
        let level = limits.iter().copied().fold(f64::INFINITY, f64::min);
        for (rate, limit) in rates.iter_mut().zip(limits) {
            if limit <= level {
                *rate = Some(level);
            }
        }
    }
    rates.into_iter().map(Option::unwrap).collect()
}

/// The finish time of each flow, stepping from event to event; `rates` gives the rates of the flows at these indices.
pub(super) fn finish_times(flows: &[Flow], mut rates: impl FnMut(&[usize]) -> Vec<f64>) -> Vec<f64> {
    let mut finish = vec![None; flows.len()];
    let mut remaining: Vec<f64> = flows.iter().map(|flow| flow.bytes).collect();
    let mut now = 0.0;
    while finish.contains(&None) {
        let active: Vec<usize> =
            (0..flows.len()).filter(|&f| finish[f].is_none() && flows[f].start <= now).collect();
        let rates = rates(&active);
        let ends = active.iter().zip(&rates).map(|(&f, rate)| now + remaining[f] / rate);
        let starts = flows.iter().map(|flow| flow.start).filter(|&start| start > now);
        let next = ends.chain(starts).fold(f64::INFINITY, f64::min);
        for (&f, rate) in active.iter().zip(&rates) {
            remaining[f] -= rate * (next - now);
            if remaining[f] <= 1e-12 * flows[f].bytes {
                finish[f] = Some(next);
            }
        }
        now = next;
    }
    finish.into_iter().map(Option::unwrap).collect()
}
