//! Priority queues with Poisson arrivals and exponential service of one rate for all classes, first come first served
//! within a class.
//!
//! Waits without preemption: Cobham (1954), "Priority assignment in waiting line problems", Operations Research 2.
//! Times with preemption and resumption: White and Christie (1958), Operations Research 6. Both are also in Gross,
//! Shortle, Thompson and Harris, "Fundamentals of Queueing Theory".

use super::erlang_c;

/// A queue whose classes have priorities.
#[derive(Debug, Clone, PartialEq)]
pub struct PriorityQueue {
    /// Servers.
    pub servers: u32,
    /// Arrivals per second of each class, the most urgent first.
    pub arrivals_per_s: Vec<f64>,
    /// Services per second of one server, the same in all classes.
    pub service_per_s: f64,
}

impl PriorityQueue {
    /// For each class the share of the servers taken by more urgent classes, and by these and itself.
    fn loads(&self) -> impl Iterator<Item = (f64, f64)> {
        let full_per_s = f64::from(self.servers) * self.service_per_s;
        self.arrivals_per_s.iter().scan(0.0, move |load, arrivals| {
            let above = *load;
            *load += arrivals / full_per_s;
            Some((above, *load))
        })
    }
}

/// Mean wait in seconds of each class when nobody is interrupted (Cobham): with C the Erlang C probability of waiting
/// and s(i) the load of class i and those before it, W(i) = C / (c mu) / ((1 - s(i-1)) (1 - s(i))).
///
/// A class whose load with those before it reaches 1 has no mean wait; the total load must be below 1.
pub fn non_preemptive_waits(queue: &PriorityQueue) -> Vec<f64> {
    let offered = queue.arrivals_per_s.iter().sum::<f64>() / queue.service_per_s;
    assert!(offered < f64::from(queue.servers), "the load is below 1");
    let next_free_s = erlang_c(queue.servers, offered) / (f64::from(queue.servers) * queue.service_per_s);
    queue.loads().map(|(above, with)| next_free_s / ((1.0 - above) * (1.0 - with))).collect()
}

/// Mean time in system in seconds of each class when the more urgent interrupt, and the interrupted resume where they
/// were: with one server, T(i) = (1 / mu) / ((1 - s(i-1)) (1 - s(i))), since the exponential service makes
/// (1 / mu) / (1 - s(i-1)) + (s(i) / mu) / ((1 - s(i-1)) (1 - s(i))) of the general formula this.
///
/// One server only; the total load must be below 1.
pub fn preemptive_times(queue: &PriorityQueue) -> Vec<f64> {
    assert!(queue.servers == 1, "the formula is of one server");
    let time = |(above, with): (f64, f64)| {
        assert!(with < 1.0, "the load is below 1");
        1.0 / (queue.service_per_s * (1.0 - above) * (1.0 - with))
    };
    queue.loads().map(time).collect()
}

#[cfg(test)]
mod tests {
    use super::super::mmc_wait;
    use super::*;

    fn queue(servers: u32, arrivals_per_s: &[f64]) -> PriorityQueue {
        PriorityQueue { servers, arrivals_per_s: arrivals_per_s.to_vec(), service_per_s: 1.0 }
    }

    /// Half a unit of the sixth digit.
    #[track_caller]
    fn check(computed: &[f64], known: &[f64]) {
        assert_eq!(computed.len(), known.len());
        for (computed, known) in computed.iter().zip(known) {
            assert!((computed / known - 1.0).abs() < 5e-6, "{computed} is not {known}");
        }
    }

    /// Computed independently.
    #[test]
    fn known_digits() {
        let one = queue(1, &[0.2, 0.3, 0.3]);
        check(&non_preemptive_waits(&one), &[1.0, 2.0, 8.0]);
        check(&preemptive_times(&one), &[1.25, 2.5, 10.0]);
        let ten = queue(10, &[2.0, 3.0, 3.0]);
        check(&non_preemptive_waits(&ten), &[0.051_147_5, 0.102_295, 0.409_180]);
    }

    #[test]
    fn one_class_is_the_queue_without_priorities() {
        for (servers, offered) in [(1, 0.8), (10, 8.0), (100, 95.0)] {
            check(&non_preemptive_waits(&queue(servers, &[offered])), &[mmc_wait(servers, offered)]);
        }
        check(&preemptive_times(&queue(1, &[0.8])), &[1.0 + mmc_wait(1, 0.8)]);
    }

    /// The order of service moves waits between the classes only (Kleinrock's conservation law).
    #[test]
    fn the_mean_over_all_classes_does_not_depend_on_priorities() {
        for (servers, arrivals) in [(1, [0.2, 0.3, 0.3]), (10, [1.0, 6.0, 1.5])] {
            let queue = queue(servers, &arrivals);
            let total: f64 = arrivals.iter().sum();
            let mean = |times: &[f64]| times.iter().zip(arrivals).map(|(t, a)| t * a).sum::<f64>() / total;
            check(&[mean(&non_preemptive_waits(&queue))], &[mmc_wait(servers, total)]);
            if servers == 1 {
                check(&[mean(&preemptive_times(&queue))], &[1.0 + mmc_wait(1, total)]);
            }
        }
    }

    /// The most urgent class with preemption sees nobody else, and the rate of service sets the unit of time.
    #[test]
    fn urgency_and_units() {
        check(&preemptive_times(&queue(1, &[0.5, 0.4]))[..1], &[2.0]);
        let fast = PriorityQueue { servers: 2, arrivals_per_s: vec![2.0, 4.0], service_per_s: 4.0 };
        let slow = non_preemptive_waits(&queue(2, &[0.5, 1.0]));
        check(&non_preemptive_waits(&fast), &[slow[0] / 4.0, slow[1] / 4.0]);
    }

    #[test]
    fn another_order_of_classes_has_other_waits() {
        let waits = non_preemptive_waits(&queue(1, &[0.3, 0.3, 0.2]));
        assert!((waits[0] - 1.0).abs() > 0.1 && (waits[2] - 8.0).abs() > 0.1, "{waits:?}");
    }

    #[test]
    #[should_panic(expected = "the load is below 1")]
    fn overload_has_no_mean() {
        preemptive_times(&queue(1, &[0.5, 0.6]));
    }
}
