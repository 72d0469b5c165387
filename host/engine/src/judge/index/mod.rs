//! The scope index: the policies that can apply to a request, found without a look at those that cannot.
//!
//! Cedar evaluates a policy as one conjunction: what the scope says of the principal, of the action and of the resource,
//! and last the conditions. A scope compares entities, their types and their ancestors with names that are written in
//! it; none of that can fail, whether or not the entities are known. So a policy whose scope a request does not meet is
//! false before anything in it can raise an error, and to leave it out changes neither the decision nor the policies
//! that determine it nor the errors. That is a property test (`tests/index.rs`), and a test on Cedar's own corpus where
//! that is at hand (`tests/corpus.rs`). The one exception is out of a request's reach: Cedar refuses to evaluate
//! anything, scopes too, on a stack that is all but used up, and a judge on such a stack says so of what is in the slice
//! alone.
//!
//! * Each thing that scopes ask of a position (`position`) has a number there, and a policy is filed under the numbers
//!   of its three constraints.
//! * What a request meets of these is its [`Signature`]. Names that no policy mentions are no part of it, so a peer
//!   that makes up names makes up no signatures.
//! * A slice is made once for a signature and then kept for a while (`kept`). Only then are the policies looked up,
//!   under every combination of the numbers.

mod kept;
mod position;

use std::collections::HashMap;
use std::sync::Arc;

use cedar_policy::{Effect, Entities, EntityUid, Policy, PolicyId, PolicySet, PolicySetError};

use self::kept::KeptSlices;
use self::position::{Key, Position};
use super::reads::Reads;
use super::wanted::Wanted;

/// What a policy in a kept slice is taken to cost, in bytes, besides its text: Cedar's records of it in the tables of a
/// set and their share of the tables, counted generously. The parsed policy itself is shared.
const POLICY_BYTES: usize = 2_048;

/// The policies that can apply to a request.
#[derive(Debug)]
pub(super) struct Slice {
    /// All of them, in the order in which they were loaded.
    pub(super) all: PolicySet,
    /// The permits alone.
    pub(super) permits: PolicySet,
    /// What they read of the context.
    pub(super) wanted: Wanted,
}

impl Slice {
    /// Takes the permits out of a set of policies, which read this.
    fn of(all: PolicySet, wanted: Wanted) -> Result<Self, Box<PolicySetError>> {
        let permits = all.policies().filter(|policy| policy.effect() == Effect::Permit).cloned();
        let permits = PolicySet::from_policies(permits)?;
        Ok(Self { all, permits, wanted })
    }
}

/// The principal, the action and the resource of a request.
type Scope<'r> = [&'r EntityUid; 3];

/// What a request meets of all that scopes ask of the principal, of the action and of the resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Signature([Vec<Key>; 3]);

/// The policies of one generation, by their scopes.
#[derive(Debug)]
pub(super) struct ScopeIndex {
    principals: Position,
    actions: Position,
    resources: Position,
    /// The places in `policies` of those with these keys. A policy with `action in [a, b]` is under both.
    filed: HashMap<[Key; 3], Vec<usize>>,
    policies: Vec<Filed>,
    whole: Arc<Slice>,
    kept: KeptSlices,
}

/// A policy of the index.
#[derive(Debug)]
struct Filed {
    id: PolicyId,
    /// What it reads; `None` if that is not known.
    reads: Option<Reads>,
    /// About what it costs to have it in a slice.
    bytes: usize,
}

impl ScopeIndex {
    /// Files policies by their scopes.
    ///
    /// # Errors
    ///
    /// If a policy is linked to a template.
    pub(super) fn new(all: PolicySet) -> Result<Self, Box<PolicySetError>> {
        let mut wanted = Wanted::NOTHING;
        let read: Vec<_> = all.policies().map(Reads::of).collect();
        for reads in &read {
            wanted.add(reads.as_ref());
        }
        let whole = Arc::new(Slice::of(all, wanted)?);
        let mut index = Self {
            principals: Position::default(),
            actions: Position::default(),
            resources: Position::default(),
            filed: HashMap::new(),
            policies: Vec::new(),
            whole: Arc::clone(&whole),
            kept: KeptSlices::default(),
        };
        for (policy, reads) in whole.all.policies().zip(read) {
            index.file(policy, reads);
        }
        Ok(index)
    }

    fn file(&mut self, policy: &Policy, reads: Option<Reads>) {
        let place = self.policies.len();
        let principals = self.principals.file(policy.principal_constraint().into());
        let actions = self.actions.file(policy.action_constraint().into());
        let resources = self.resources.file(policy.resource_constraint().into());
        for keys in combinations([&principals, &actions, &resources]) {
            self.filed.entry(keys).or_default().push(place);
        }
        let bytes = POLICY_BYTES + policy.to_string().len();
        let times = if policy.effect() == Effect::Permit { 2 } else { 1 };
        self.policies.push(Filed { id: policy.id().clone(), reads, bytes: times * bytes });
    }

    /// All policies.
    pub(super) fn all(&self) -> &PolicySet {
        &self.whole.all
    }

    /// The policies whose scope the request meets; where these are more than half of all, all.
    ///
    /// # Errors
    ///
    /// If Cedar does not put together again what it took apart: an error of this program.
    pub(super) fn slice(&self, scope: Scope<'_>, entities: &Entities) -> Result<Arc<Slice>, Box<PolicySetError>> {
        let signature = self.signature(scope, entities);
        if let Some(kept) = self.kept.get(&signature) {
            return Ok(kept);
        }
        let places = self.places(&signature);
        // A copy of nearly everything would take much memory to save little time.
        let (slice, bytes) = if places.len() > self.policies.len() / 2 {
            (Arc::clone(&self.whole), 0)
        } else {
            (Arc::new(self.made(&places)?), self.bytes(&places))
        };
        let Signature(keys) = &signature;
        let bytes = bytes + size_of::<Key>() * keys.iter().map(Vec::len).sum::<usize>();
        self.kept.keep(signature, &slice, bytes);
        Ok(slice)
    }

    /// The policies whose scope the request meets, however many these are, in the order in which they were loaded. A slice
    /// is quicker where it is asked for again.
    pub(super) fn in_scope(&self, scope: Scope<'_>, entities: &Entities) -> impl Iterator<Item = &Policy> {
        let places = self.places(&self.signature(scope, entities));
        places.into_iter().filter_map(|place| self.whole.all.policy(&self.policies.get(place)?.id))
    }

    /// These as a slice.
    #[cfg(test)]
    pub(super) fn exact(&self, scope: Scope<'_>, entities: &Entities) -> Option<Slice> {
        self.made(&self.places(&self.signature(scope, entities))).ok()
    }

    /// How many slices are kept.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.kept.len()
    }

    /// What the request meets.
    fn signature(&self, [principal, action, resource]: Scope<'_>, entities: &Entities) -> Signature {
        Signature([
            self.principals.met(principal, entities),
            self.actions.met(action, entities),
            self.resources.met(resource, entities),
        ])
    }

    /// The places of the policies with this signature, in order and none twice.
    fn places(&self, Signature(keys): &Signature) -> Vec<usize> {
        let [principals, actions, resources] = keys;
        let combined = principals.len().saturating_mul(actions.len()).saturating_mul(resources.len());
        let mut places: Vec<_> = if combined <= self.filed.len() {
            combinations([principals, actions, resources])
                .filter_map(|keys| self.filed.get(&keys))
                .flatten()
                .copied()
                .collect()
        } else {
            // An entity in more groups than policies tell apart.
            let met = |asked: &[Key; 3]| asked.iter().zip(keys).all(|(key, met)| met.binary_search(key).is_ok());
            self.filed.iter().filter(|(asked, _)| met(asked)).flat_map(|(_, places)| places).copied().collect()
        };
        places.sort_unstable();
        places.dedup();
        places
    }

    /// A slice of these policies.
    fn made(&self, places: &[usize]) -> Result<Slice, Box<PolicySetError>> {
        let filed = || places.iter().filter_map(|place| self.policies.get(*place));
        let mut wanted = Wanted::NOTHING;
        for policy in filed() {
            wanted.add(policy.reads.as_ref());
        }
        let policies = filed().filter_map(|filed| self.whole.all.policy(&filed.id));
        Slice::of(PolicySet::from_policies(policies.cloned())?, wanted)
    }

    /// About how much memory such a slice takes.
    fn bytes(&self, places: &[usize]) -> usize {
        places.iter().filter_map(|place| self.policies.get(*place)).map(|policy| policy.bytes).sum()
    }
}

/// One of each list, in every way.
fn combinations([principals, actions, resources]: [&[Key]; 3]) -> impl Iterator<Item = [Key; 3]> {
    principals.iter().flat_map(move |&principal| {
        actions.iter().flat_map(move |&action| resources.iter().map(move |&resource| [principal, action, resource]))
    })
}
