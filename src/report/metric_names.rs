//! The names of metrics for readers, from those in files: one place for tables and charts.

/// Names that no rule gives.
const NAMED: [(&str, &str); 8] = [
    ("first_accelerator_s_mean", "Time to first accelerator"),
    ("served_h", "Work served"),
    ("done_h", "Work done"),
    ("offered_h", "Work offered"),
    ("rejected_h", "Work rejected"),
    ("jobs_rejected", "Jobs rejected"),
    ("jobs_unstarted", "Not started"),
    ("project_used_h", "Granted hours used"),
];

/// A metric's name as words: `wait_s_p95` reads "95 % wait".
pub(super) fn metric_name(metric: &str) -> String {
    if let Some((_, name)) = NAMED.iter().find(|(key, _)| *key == metric) {
        return (*name).to_owned();
    }
    let (mut words, mut statistic): (Vec<&str>, String) = (Vec::new(), String::new());
    for word in metric.split('_') {
        let quantile = word.strip_prefix('p').filter(|rest| rest.parse::<u8>().is_ok());
        match (word, quantile) {
            ("s" | "h", _) => {}
            ("mean", _) => "mean ".clone_into(&mut statistic),
            (_, Some("50")) => "median ".clone_into(&mut statistic),
            (_, Some(share)) => statistic = format!("{share} % "),
            (word, None) => words.push(word),
        }
    }
    let text = statistic + &words.join(" ");
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_as_words() {
        assert_eq!(metric_name("wait_s_mean"), "Mean wait");
        assert_eq!(metric_name("wait_s_p95"), "95 % wait");
        assert_eq!(metric_name("first_accelerator_s_p50"), "Median first accelerator");
        assert_eq!(metric_name("wait_s_weighted_mean"), "Mean wait weighted");
        assert_eq!(metric_name("served_h"), "Work served");
        assert_eq!(metric_name("utilisation"), "Utilisation");
    }
}
