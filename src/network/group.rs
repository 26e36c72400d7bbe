//! The classes that stop together at a full link, and what they put on which links.
//!
//! They are laid out in the order in which they are added up, so that the round that fixes them can come again at another
//! level without looking anything up.

/// What the flows of a class put on a link.
#[derive(Debug, Clone, Copy)]
pub(super) struct Portion {
    /// The class, or the link, whichever the list doesn't say.
    pub(super) of: u32,
    /// Parts of a flow's rate.
    pub(super) parts: f32,
    /// Flows.
    pub(super) members: f64,
    pub(super) weight: f64,
}

impl Portion {
    /// The load at a level, in parts.
    pub(super) fn load_at(&self, level: f64) -> f64 {
        self.members * (level * self.weight) * f64::from(self.parts)
    }
}

/// The classes that were fixed when their link was the tightest.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    /// What each class puts on the full link, by class.
    pub(super) classes: Vec<Portion>,
    /// What they put on other links, by class.
    pub(super) elsewhere: Vec<Portion>,
    /// The open weight that they take from links, the full one among them.
    pub(super) taken: Vec<(u32, f64)>,
}

impl Group {
    pub(super) fn clear(&mut self) {
        self.classes.clear();
        self.elsewhere.clear();
        self.taken.clear();
    }
}
