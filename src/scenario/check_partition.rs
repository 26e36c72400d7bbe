//! Rules of the partitions of one site: whose nodes they run on and what is said there, tiers, limits, preemption.
//!
//! Conservative backfilling that keeps its reservations knows none of these: its plan is a promise.

use super::build_scheduler::local_policy;
use super::check::{check_scheduler, sound};
use super::check_calendar::check_calendar;
use super::demand_format::JobClass;
use super::diagnostics::Report;
use super::draft::Draft;
use super::format::Site;
use super::partition_format::{Partition, PreemptionMode, Unit};
use super::partition_nodes::{Room, open_nodes};
use super::problem::{Near, Problem};
use super::tree::Node;
use crate::model::Backfill;
use crate::units::Span;

/// What belongs to the nodes, besides their number.
const OF_THE_NODES: [&str; 10] = [
    "accelerator",
    "accelerators_per_node",
    "share",
    "unit",
    "scheduler",
    "max_queued",
    "quota",
    "calendar",
    "preemption",
    "accelerator_power",
];

/// Reports every broken rule of the partitions of the site at `path`.
pub(super) fn check_partitions(tree: &Node, draft: &Draft, (path, site): (&str, &Site), report: &mut Report) {
    for partition in &site.partition {
        let path = format!("{path}.partition.{}", partition.id);
        let mut rules = Rules { tree, draft, site, partition, path: &path, report };
        match &partition.shares_nodes_with {
            None => rules.nodes(),
            Some(owner) => rules.shared(owner),
        }
        rules.limits();
        rules.quotas();
        if let Some(room) = Room::new(site, partition) {
            rules.promises(room);
            rules.preemption(room);
            rules.packed(room);
        }
    }
}

struct Rules<'a> {
    tree: &'a Node,
    draft: &'a Draft,
    site: &'a Site,
    partition: &'a Partition,
    path: &'a str,
    report: &'a mut Report,
}

impl Rules<'_> {
    /// A broken rule at a key of the partition.
    fn rule(&mut self, key: &str, text: impl Into<String>) {
        self.report.rule(self.tree, &format!("{}.{key}", self.path), text);
    }

    /// A partition with nodes of its own.
    fn nodes(&mut self) {
        let partition = self.partition;
        check_scheduler(self.tree, &format!("{}.scheduler", self.path), &partition.scheduler, self.report);
        let (Some(nodes), share) = (partition.nodes, partition.share) else { return };
        if share > 0.0 && open_nodes(partition) == 0 {
            self.rule("share", format!("a share of {share} of {nodes} nodes leaves no whole node"));
        }
        let each = partition.accelerators_per_node.unwrap_or(1);
        if nodes.checked_mul(each).is_none() {
            self.rule("nodes", "more accelerators than 4,294,967,295 in one partition");
        }
        check_calendar(self.tree, self.draft.observation.as_ref(), (self.path, partition), self.report);
    }

    /// A partition on the nodes of another.
    fn shared(&mut self, owner: &str) {
        let others = self.site.partition.iter().filter(|other| other.id != self.partition.id);
        let owners = others.filter(|other| other.shares_nodes_with.is_none());
        let owners: Vec<&str> = owners.map(|other| other.id.as_str()).collect();
        if !owners.contains(&owner) {
            let problem = self.no_owner(owner, &owners);
            let path = format!("{}.shares_nodes_with", self.path);
            self.report.in_tree(self.tree, &path, problem);
        }
        for key in OF_THE_NODES {
            if self.tree.nearest(self.path).get(key).is_some() {
                let text = format!("`{key}` belongs to the nodes: it is said at `{owner}`, whose they are");
                self.rule(key, text);
            }
        }
    }

    /// Why the partition of this name is no owner of nodes.
    fn no_owner(&self, owner: &str, owners: &[&str]) -> Problem {
        let named = self.site.partition.iter().find(|other| other.id == owner);
        match named.and_then(|other| other.shares_nodes_with.as_ref()) {
            _ if owner == self.partition.id => {
                Problem::Rule("a partition shares the nodes of another one, not its own".to_owned())
            }
            Some(first) => {
                Problem::Rule(format!("`{owner}` has no nodes of its own: it shares those of `{first}`"))
            }
            None => Problem::UnknownReference {
                kind: "partition with nodes of its own".to_owned(),
                id: owner.to_owned(),
                near: Near::new(owner, owners.iter().copied()),
            },
        }
    }

    /// Limits and budgets of communities that are let in, and limits of projects where there are any.
    fn limits(&mut self) {
        self.limits_of_projects();
        let Some(admitted) = &self.partition.communities else { return };
        let limits = self.partition.limit.iter().map(|limit| limit.community.as_ref()).enumerate();
        let budgets = self.partition.budget.iter().map(|budget| budget.community.as_ref()).enumerate();
        let limits = limits.map(|(index, community)| ("limit", index, community));
        let budgets = budgets.map(|(index, community)| ("budget", index, community));
        for (kind, index, community) in limits.chain(budgets) {
            if let Some(community) = community.filter(|&id| !admitted.contains(id)) {
                let text = format!("a {kind} for `{community}`, whose jobs this partition does not take");
                self.rule(&format!("{kind}.{index}.community"), text);
            }
        }
    }

    fn limits_of_projects(&mut self) {
        let admitted = self.partition.communities.as_ref();
        for (index, limit) in self.partition.limit.iter().enumerate().filter(|(_, limit)| limit.per.is_some())
        {
            let is_about = |id: &String| {
                limit.community.as_ref().is_none_or(|only| only == id)
                    && admitted.is_none_or(|admitted| admitted.contains(id))
            };
            // Whether one that is not sound has projects is not known.
            let mut communities = self.draft.communities.iter().map(|item| item.value.as_ref());
            let has_projects = communities.any(|community| {
                community.is_none_or(|community| is_about(&community.id) && community.asks_projects())
            });
            if !has_projects {
                let text = "a limit of each project, and nobody whom it is about has projects: give a community \
                            `projects_per_year`, or leave `per` out";
                self.rule(&format!("limit.{index}.per"), text);
            }
        }
    }

    /// Quotas share out no more than there is.
    fn quotas(&mut self) {
        let open = u64::from(open_nodes(self.partition));
        let owned: u64 = self.partition.quota.iter().map(|quota| u64::from(quota.nodes)).sum();
        if owned > open && self.partition.nodes.is_some() {
            self.rule("quota", format!("quotas of {owned} nodes in all, of {open} that are open"));
        }
        for (index, quota) in self.partition.quota.iter().enumerate() {
            if quota.lend.is_some_and(|lend| lend > quota.nodes) {
                let text = format!("more than the {} nodes of the quota", quota.nodes);
                self.rule(&format!("quota.{index}.lend"), text);
            }
        }
    }

    /// What a plan that keeps its reservations knows nothing of.
    fn promises(&mut self, room: Room<'_>) {
        if !local_policy(&room.owner.scheduler).keeps_reservations() {
            return;
        }
        let partition = self.partition;
        let own = |other: &Partition| other.id == partition.id;
        let resizes = self.asked(room, own).iter().any(|class| class.malleable.is_some());
        let found = [
            ("scheduler", "malleable jobs need", resizes),
            ("limit", "limits need", !partition.limit.is_empty()),
            ("budget", "budgets need", !partition.budget.is_empty()),
            ("quota", "quotas need", !partition.quota.is_empty()),
            ("grace", "a grace needs", partition.grace > Span::ZERO),
            ("calendar", "a calendar needs", !partition.calendar.is_empty()),
            ("preemption", "preemption needs", partition.preemption.is_some()),
            ("tier", "several tiers need", partition.tier != room.owner.tier),
        ];
        for (key, need, _) in found.into_iter().filter(|(.., is_there)| *is_there) {
            let text = format!(
                "{need} a policy that plans anew, and the one of `{}` keeps its reservations: say there \
                 `scheduler = {{ backfill = {{ kind = \"conservative\", compression = \"replan\" }} }}`, or `easy`",
                room.owner.id
            );
            self.rule(key, text);
        }
    }

    /// What shared nodes go with: which accelerators come free is known for one job at a time.
    fn packed(&mut self, room: Room<'_>) {
        if room.owner.unit != Unit::Packed {
            return;
        }
        let partition = self.partition;
        let plans = match local_policy(&partition.scheduler).backfill {
            Backfill::None | Backfill::FirstFit => false,
            Backfill::Easy(easy) => easy.reservations > 1,
            Backfill::Conservative(_) | Backfill::Cycle(_) => true,
        };
        let found = [
            ("scheduler", "in order, by `first-fit` or under `easy` with one reservation", plans),
            ("calendar", "without a calendar", !partition.calendar.is_empty()),
            ("preemption", "without preemption", partition.preemption.is_some()),
        ];
        for (key, how, _) in found.into_iter().filter(|(.., is_there)| *is_there) {
            self.rule(key, format!("`packed` accelerators of shared nodes are given out {how}"));
        }
        let own = |other: &Partition| other.id == partition.id;
        let resizing = self.asked(room, own).into_iter().find(|class| class.malleable.is_some());
        if let Some(class) = resizing {
            let text =
                format!("jobs of `{}` change their size, and `packed` jobs keep their place", class.id);
            self.rule("unit", text);
        }
    }

    fn preemption(&mut self, room: Room<'_>) {
        let Some(preemption) = self.partition.preemption else { return };
        let tiers: Vec<i32> = room.on_its_nodes().map(|partition| partition.tier).collect();
        let highest = tiers.iter().copied().max().unwrap_or(0);
        let is_shared_out = !self.partition.quota.is_empty();
        if tiers.iter().all(|&tier| tier == highest) && !is_shared_out {
            let text = "all jobs on these nodes have one tier and there is no `quota`: nobody is pushed out; a \
                        partition with another `tier` has to share them";
            self.rule("preemption", text);
        }
        // Whoever borrows can be pushed out, whatever the tier.
        let safe_from = if is_shared_out { i32::MAX } else { highest };
        let without = self.without_checkpoint(room, safe_from);
        if preemption.mode == PreemptionMode::CheckpointThenRequeue && !without.is_empty() {
            let text = format!(
                "jobs of {} can be pushed out and have no `checkpoint` to write: give one to the class",
                without.join(", ")
            );
            self.rule("preemption.mode", text);
        }
    }

    /// The classes of jobs below a tier that write no checkpoints and do not change their size either.
    fn without_checkpoint(&self, room: Room<'_>, safe_from: i32) -> Vec<String> {
        let asked = self.asked(room, |partition| partition.tier < safe_from).into_iter();
        let without = asked.filter(|class| class.checkpoint.is_none() && class.malleable.is_none());
        without.map(|class| format!("`{}`", class.id)).collect()
    }

    /// The classes of the jobs that come to some of the partitions on the same nodes.
    fn asked(&self, room: Room<'_>, which: impl Fn(&Partition) -> bool) -> Vec<&JobClass> {
        let partitions: Vec<&Partition> = room.on_its_nodes().filter(|partition| which(partition)).collect();
        let admitted = |id: &String| {
            partitions
                .iter()
                .any(|partition| partition.communities.as_ref().is_none_or(|ids| ids.contains(id)))
        };
        let asks = |class: &JobClass| {
            sound(&self.draft.communities).any(|(_, community)| {
                let weight = community.classes.get(&class.id);
                community.asks() && weight.is_some_and(|weight| weight.0 > 0.0) && admitted(&community.id)
            })
        };
        sound(&self.draft.classes).map(|(_, class)| class).filter(|class| asks(class)).collect()
    }
}
