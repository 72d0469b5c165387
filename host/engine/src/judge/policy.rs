//! Policies, as the levels and decisions speak of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use cedar_policy::PolicyId;
use miette::NamedSource;

use super::defect::PolicyDefect;
use super::typed::{ToolPolicies, TypedTool};
use crate::decision::{Category, Verdict};
use crate::event::ToolName;

/// One `*.cedar` file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFile {
    /// The file's name within the bundle; the first half of its policies' names.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// What a matching forbid means. Its order is the order of strictness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// 1: it goes on, and somebody should look.
    Warn,
    /// 2: it goes on repaired.
    Modify,
    /// 3: it waits for a person.
    Escalate,
    /// 4: it ends here. What a forbid means that says nothing else.
    Deny,
}

impl From<Strength> for Verdict {
    fn from(strength: Strength) -> Self {
        match strength {
            Strength::Warn => Self::Warn,
            Strength::Modify => Self::Modify,
            Strength::Escalate => Self::Escalate,
            Strength::Deny => Self::Deny,
        }
    }
}

/// A forbid, as decisions speak of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Forbid {
    pub(super) id: Arc<str>,
    pub(super) strength: Strength,
    pub(super) message: String,
    pub(super) redact: BTreeSet<Category>,
}

impl Forbid {
    /// Its name, `<file>:<@id>`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it means when it matches.
    #[must_use]
    pub fn strength(&self) -> Strength {
        self.strength
    }

    /// What to tell people: its `@message`, else its `@why`, else that it matches.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The categories of findings that it asks to repair: at least one for [`Strength::Modify`], none for others.
    #[must_use]
    pub fn redact(&self) -> &BTreeSet<Category> {
        &self.redact
    }
}

/// A file as diagnostics show it.
pub(super) type Source = NamedSource<Arc<str>>;

/// Where a policy is written.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The file.
    pub(super) source: Source,
    /// The word `permit` or `forbid`.
    pub(super) head: Range<usize>,
}

/// Where each policy is written, by its name.
pub(super) type Places = HashMap<PolicyId, Place>;

/// What is known of the policies of a generation besides what Cedar knows.
#[derive(Debug, Default)]
pub(super) struct Policies {
    /// What each forbid means.
    pub(super) forbids: HashMap<PolicyId, Arc<Forbid>>,
    /// Those on the actions of tools, by tool.
    pub(super) tools: BTreeMap<ToolName, ToolPolicies>,
    /// The tools among them whose definition is pinned.
    pub(super) pinned: BTreeMap<ToolName, Arc<TypedTool>>,
    /// Where each policy is written.
    pub(super) places: Places,
    /// What is odd about them, but no error.
    pub(super) lints: Vec<PolicyDefect>,
}
