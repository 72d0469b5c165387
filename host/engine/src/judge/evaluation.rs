//! What the judge makes of one event.

use std::collections::BTreeSet;
use std::sync::Arc;

use cedar_policy::{AuthorizationError, PolicyId};

use super::policy::{Forbid, Strength};
use super::request::Unbuildable;
use crate::decision::{Category, Reason, ReasonCode, Verdict};

/// What the judge makes of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation(Basis);

/// What the verdict rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Basis {
    /// These permits match, and no forbid.
    Allowed(Vec<PolicyId>),
    /// Some permit matches, or a forbid that means deny; and these are all the forbids that match, strongest first: at least
    /// one.
    Decided(Vec<Arc<Forbid>>),
    /// No permit matches.
    Unpermitted,
    /// Something could not be evaluated: at least one failure.
    Failed(Vec<Failure>),
}

/// Something that could not be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) code: ReasonCode,
    pub(super) policy: Option<String>,
    pub(super) message: String,
}

impl Failure {
    /// The longest message kept, in bytes: Cedar's may quote values.
    const MAX_MESSAGE: usize = 512;

    /// A policy's evaluation error.
    pub(super) fn of_policy(error: &AuthorizationError) -> Self {
        let AuthorizationError::PolicyEvaluationError(error) = error;
        let mut message = format!("the policy could not be evaluated: {}", error.inner());
        message.truncate(message.floor_char_boundary(Self::MAX_MESSAGE));
        Self { code: ReasonCode::PolicyError, policy: Some(error.policy_id().to_string()), message }
    }

    /// An event that could not be put to Cedar.
    pub(super) fn of_request(error: &Unbuildable) -> Self {
        Self { code: ReasonCode::PolicyError, policy: None, message: error.to_string() }
    }
}

impl Evaluation {
    pub(super) fn decided(mut matched: Vec<Arc<Forbid>>) -> Self {
        // Cedar's own order is that of a hash table.
        matched.sort_by(|a, b| b.strength().cmp(&a.strength()).then_with(|| a.id().cmp(b.id())));
        Self(Basis::Decided(matched))
    }

    pub(super) fn allowed(mut permits: Vec<PolicyId>) -> Self {
        permits.sort();
        Self(Basis::Allowed(permits))
    }

    pub(super) fn unpermitted() -> Self {
        Self(Basis::Unpermitted)
    }

    pub(super) fn failed(mut failures: Vec<Failure>) -> Self {
        failures.sort_by(|a, b| a.policy.cmp(&b.policy));
        Self(Basis::Failed(failures))
    }

    /// The verdict.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match &self.0 {
            Basis::Allowed(_) => Verdict::Allow,
            Basis::Decided(matched) => matched.first().map_or(Verdict::Allow, |strongest| strongest.strength().into()),
            Basis::Unpermitted | Basis::Failed(_) => Verdict::Deny,
        }
    }

    /// Why: every forbid that matches, the strongest first; or that nothing permits the event; or what could not be
    /// evaluated. Empty only if the verdict is allow.
    #[must_use]
    pub fn reasons(&self) -> Vec<Reason> {
        match &self.0 {
            Basis::Allowed(_) => Vec::new(),
            Basis::Decided(matched) => {
                matched.iter().map(|forbid| reason(forbid, ReasonCode::Policy, forbid.message().to_owned())).collect()
            }
            Basis::Unpermitted => {
                let message = "no policy permits this".to_owned();
                vec![Reason::of(ReasonCode::NoPermit, message)]
            }
            Basis::Failed(failures) => failures
                .iter()
                .map(|Failure { code, policy, message }| Reason {
                    code: *code,
                    policy: policy.clone(),
                    guard: None,
                    message: message.clone(),
                })
                .collect(),
        }
    }

    /// The forbids that match, the strongest first. Empty where nothing permits the event and where something could not
    /// be evaluated: the deny rests on that alone.
    #[must_use]
    pub fn matched(&self) -> &[Arc<Forbid>] {
        match &self.0 {
            Basis::Decided(matched) => matched,
            Basis::Allowed(_) | Basis::Unpermitted | Basis::Failed(_) => &[],
        }
    }

    /// The names of the policies that the verdict rests on, `<file>:<@id>`: the forbids that match, the strongest first, or
    /// where there are none the permits. Empty where nothing permits the event and where something could not be evaluated.
    #[must_use]
    pub fn determining(&self) -> Vec<&str> {
        match &self.0 {
            Basis::Allowed(permits) => permits.iter().map(AsRef::as_ref).collect(),
            _ => self.matched().iter().map(|forbid| forbid.id()).collect(),
        }
    }

    /// The categories whose findings have to be repaired before the event goes on, whatever the verdict short of deny:
    /// the union over the matching forbids of strength modify. Empty where the verdict is deny: a repair never rescues a
    /// deny.
    #[must_use]
    pub fn redact(&self) -> BTreeSet<Category> {
        if self.verdict() == Verdict::Deny {
            return BTreeSet::new();
        }
        self.matched().iter().flat_map(|forbid| forbid.redact()).cloned().collect()
    }

    /// Whether the repaired event may go on under the verdict of this, the evaluation of the original. `repaired` is
    /// the evaluation of the repaired event by the same judge; there is no third.
    ///
    /// What goes on goes on under the verdict and the reasons of the original: a repair discharges the repair and
    /// nothing else. In particular an escalate-forbid that matched the original still waits for its approval, even if
    /// it does not match what is left. (A warning that matches the repaired event only is in `repaired.reasons()`.)
    ///
    /// # Errors
    ///
    /// The reasons for which the event is denied instead, at least one:
    ///
    /// * the original was denied;
    /// * nothing permits the repaired event, or it could not be evaluated;
    /// * a forbid of strength modify still matches, or one of strength modify or above matches that did not match the
    ///   original: `cannot-redact`.
    pub fn after_repair(&self, repaired: &Self) -> Result<(), Vec<Reason>> {
        if self.verdict() == Verdict::Deny {
            return Err(self.reasons());
        }
        if matches!(repaired.0, Basis::Unpermitted | Basis::Failed(_)) {
            return Err(repaired.reasons());
        }
        let refused = |forbid: &&Arc<Forbid>| match forbid.strength() {
            Strength::Warn => false,
            Strength::Modify => true,
            Strength::Escalate | Strength::Deny => self.matched().iter().all(|known| known.id() != forbid.id()),
        };
        let reasons: Vec<_> = repaired.matched().iter().filter(refused).map(|forbid| cannot_redact(forbid)).collect();
        if reasons.is_empty() { Ok(()) } else { Err(reasons) }
    }
}

fn cannot_redact(forbid: &Forbid) -> Reason {
    let message = format!("it matches what is left after the repair: {}", forbid.message());
    reason(forbid, ReasonCode::CannotRedact, message)
}

fn reason(forbid: &Forbid, code: ReasonCode, message: String) -> Reason {
    Reason { code, policy: Some(forbid.id().to_owned()), guard: None, message }
}
