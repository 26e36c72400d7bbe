//! Which part of the simulator each case checks, so that a report can name the cases of the parts that its study leans on.

/// A part of the simulator with the cases that check it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// What it is about.
    pub what: &'static str,
    /// Its cases: the first and the last of each row of numbers, both included.
    pub cases: &'static [[&'static str; 2]],
    /// Where the known answers come from.
    pub answers: &'static str,
}

impl Part {
    /// Waits of jobs in queues.
    pub const QUEUES: Self = Self {
        what: "Waits of jobs in queues",
        cases: &[["Q01", "Q06"], ["Q09", "Q13"]],
        answers: "queueing theory",
    };
    /// Starts under the local policies.
    pub const SCHEDULES: Self = Self {
        what: "Starts under local policies",
        cases: &[["S1", "S7"]],
        answers: "schedules worked out by hand, to the second",
    };
    /// Fair shares and priorities.
    pub const FAIR_SHARES: Self = Self {
        what: "Fair shares and priorities",
        cases: &[["S8", "S9"]],
        answers: "the published rules, by hand",
    };
    /// How jobs are asked for.
    pub const DEMAND: Self = Self {
        what: "How jobs come: by day, in bursts, one after the other",
        cases: &[["Q15", "Q18"]],
        answers: "queueing theory and the laws of point processes",
    };
    /// The choice of a site.
    pub const BROKERS: Self = Self {
        what: "The choice of a site",
        cases: &[["Q19", "Q20"]],
        answers: "queueing theory of parallel queues",
    };
    /// Transfers over the network.
    pub const TRANSFERS: Self = Self {
        what: "Rates and times of transfers",
        cases: &[["N01", "N10"]],
        answers: "max-min shares by hand; the theory of a linear network",
    };
    /// Datasets in storage.
    pub const STORAGE: Self =
        Self { what: "Datasets in storage", cases: &[["N11", "N11"]], answers: "the theory of caches" };
    /// Support staff of projects.
    pub const SUPPORT: Self =
        Self { what: "Support staff of projects", cases: &[["Q24", "Q24"]], answers: "queueing theory" };
    /// Intervals, comparisons and indices.
    pub const STATISTICS: Self = Self {
        what: "Intervals, comparisons and indices",
        cases: &[["T06", "T11"]],
        answers: "worked by hand; asymptotic theory",
    };
    /// Ranking and selection.
    pub const SELECTION: Self = Self {
        what: "Ranking, selection and the search for sets",
        cases: &[["T01", "T05"], ["O01", "O01"]],
        answers: "published constants; the promised share of right choices",
    };

    /// Whether a case checks it. `Q02a` is a case of `Q02`.
    pub fn has(&self, case: &str) -> bool {
        let number = case.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
        self.cases
            .iter()
            .any(|[first, last]| number.len() == first.len() && (*first..=*last).contains(&number))
    }

    /// Its cases in words: `Q01 to Q06, Q09 to Q13`.
    pub fn cases_in_words(&self) -> String {
        let range = |[first, last]: &[&str; 2]| {
            if first == last { (*first).to_owned() } else { format!("{first} to {last}") }
        };
        self.cases.iter().map(range).collect::<Vec<_>>().join(", ")
    }
}

/// All parts. Cases without a number are laws that stand beside those of their part.
pub const PARTS: [Part; 10] = [
    Part::QUEUES,
    Part::SCHEDULES,
    Part::FAIR_SHARES,
    Part::DEMAND,
    Part::BROKERS,
    Part::TRANSFERS,
    Part::STORAGE,
    Part::SUPPORT,
    Part::STATISTICS,
    Part::SELECTION,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::validate::{SCHEDULE_CASES, fair_share, ranking, schedules, transfers};

    /// Each case that runs at once is of one part; the long ones are looked at where they run.
    #[test]
    fn each_case_checks_one_part() {
        let quick = [schedules::run(), fair_share::run(), transfers::run(), ranking::run()].concat();
        assert!(quick.len() > SCHEDULE_CASES.len());
        for verdict in &quick {
            let parts = PARTS.iter().filter(|part| part.has(&verdict.case)).count();
            assert_eq!(parts, 1, "{}", verdict.case);
        }
        assert!(Part::QUEUES.has("Q02a") && !Part::QUEUES.has("Q07") && !Part::QUEUES.has("law"));
        assert_eq!(Part::QUEUES.cases_in_words(), "Q01 to Q06, Q09 to Q13");
    }
}
