//! The designs of a sweep and their sizes: how many points each takes.

/// Which points of the space of axes are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Design {
    /// Every combination of the values of all axes.
    Product,
    /// The scenario as it is, and each axis by itself at its low and at its high end.
    OneAtATime,
    /// A Latin hypercube: each axis is cut into as many strata as there are points, and each stratum is met once.
    LatinHypercube {
        /// Points.
        points: u32,
    },
    /// Morris' trajectories (1991): walks through a grid that move one axis at a time.
    Morris {
        /// Trajectories; each has a point more than there are axes.
        trajectories: u32,
        /// Levels of each axis; an even number.
        levels: u32,
    },
    /// Saltelli's matrices A, B and AB for Sobol's indices.
    Sobol {
        /// Rows of A; with k axes there are k + 2 times as many points.
        rows: u32,
    },
}

impl Design {
    /// How many points it has over axes with so many values each; the numbers of values count for the product only.
    pub fn points(self, values: &[u32]) -> u64 {
        let axes = values.len() as u64;
        match self {
            Self::Product => {
                values.iter().fold(1, |product: u64, &values| product.saturating_mul(values.into()))
            }
            Self::OneAtATime => 2 * axes + 1,
            Self::LatinHypercube { points } => points.into(),
            Self::Morris { trajectories, .. } => u64::from(trajectories) * (axes + 1),
            Self::Sobol { rows } => u64::from(rows) * (axes + 2),
        }
    }

    /// Its name in scenarios and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::OneAtATime => "one-at-a-time",
            Self::LatinHypercube { .. } => "latin-hypercube",
            Self::Morris { .. } => "morris",
            Self::Sobol { .. } => "sobol",
        }
    }

    /// Whether its points are spread over all that the axes may be, so that shares of them mean something.
    pub fn covers_the_space(self) -> bool {
        matches!(self, Self::Product | Self::LatinHypercube { .. })
    }
}
