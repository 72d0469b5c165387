//! The judge: five verdicts out of ordinary Cedar.
//!
//! Let A(l) be Cedar's decision over all permits and only the forbids of a strength above l. The verdict is the least l
//! for which A(l) allows, and deny if there is none. Two passes say as much as five: if the pass over all policies does
//! not allow, the strongest matching forbid is the level at which nothing forbids any more, and there A allows if and
//! only if some permit matches. That has to be asked by itself, because Cedar's answer to the first pass lists the same
//! forbids whether or not a permit matched; a verdict read off it would let a weak forbid through what nothing permits.
//!
//! Any evaluation error, of a permit or a forbid, denies: Cedar alone skips the policy, and may then allow.
//!
//! "All" are the policies whose scope the event meets (`index`): the others could neither match nor fail.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityUid, Policy, PolicyId, PolicySet, Response, SchemaFragment,
};

use super::defect::{PolicyDefect, PolicyDefects};
use super::evaluation::{Evaluation, Failure};
use super::index::{ScopeIndex, Slice};
use super::loading::load;
use super::policy::{Place, Policies, PolicyFile, Strength};
use super::request::{CedarRequest, Known, RequestParts, Scene, Unbuildable};
use super::schema::{CoreSchema, SchemaError};
use super::subject::{Call, Request, Subject};
use super::typed::TypedTool;
use crate::decision::{Category, ReasonCode};
use crate::event::ToolName;
use crate::tools::Shape;

/// The policies of one generation, ready to judge.
#[derive(Debug)]
pub struct Judge {
    authorizer: Authorizer,
    index: ScopeIndex,
    policies: Policies,
    parts: RequestParts,
    schema: CoreSchema,
}

impl Judge {
    /// Reads and validates policies against the core schema for the `categories` that the stationed guards declare.
    ///
    /// Policies on the action of a tool are validated against its definition, by the shape of its arguments, where it is
    /// `pinned`; else when a definition arrives ([`type_tool`](Self::type_tool)).
    ///
    /// No policies at all is a valid choice: everything is then denied with `no-permit`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the policies, or that there are more than 256 categories.
    pub fn load(
        files: &[PolicyFile],
        categories: impl IntoIterator<Item = Category>,
        pinned: &BTreeMap<ToolName, Arc<Shape>>,
    ) -> Result<Self, JudgeError> {
        let schema = CoreSchema::new(categories.into_iter().collect())?;
        let (all, policies) = load(files, &schema, pinned)?;
        let index = ScopeIndex::new(all).map_err(|error| JudgeError::Internal(error.to_string()))?;
        let parts = RequestParts::new(&schema).map_err(|error| JudgeError::Internal(error.to_string()))?;
        Ok(Self { authorizer: Authorizer::new(), index, policies, parts, schema })
    }

    /// What is odd about the policies, but no error.
    #[must_use]
    pub fn lints(&self) -> &[PolicyDefect] {
        &self.policies.lints
    }

    /// The core schema as text, with the categories filled in: what an author's editor validates against.
    #[must_use]
    pub fn schema(&self) -> &str {
        self.schema.text()
    }

    /// The categories that policies can read.
    #[must_use]
    pub fn categories(&self) -> &BTreeSet<Category> {
        self.schema.categories()
    }

    /// How many policies there are.
    #[must_use]
    pub fn policy_count(&self) -> usize {
        self.index.all().num_of_policies()
    }

    /// A tool as policies see its calls under a definition by which its arguments have this shape: validates the policies
    /// on its action. Where one does not fit, the tool is refused and nothing else: [`TypedTool::misfits`] says why.
    ///
    /// Costs about a millisecond where there are such policies, so keep it.
    ///
    /// # Errors
    ///
    /// An error of this program.
    pub fn type_tool(&self, tool: &ToolName, shape: &Arc<Shape>) -> Result<Arc<TypedTool>, JudgeError> {
        let Policies { tools, places, pinned, .. } = &self.policies;
        if let Some(pinned) = pinned.get(tool).filter(|typed| typed.has_shape(shape)) {
            return Ok(Arc::clone(pinned));
        }
        let typed = match tools.get(tool) {
            None => TypedTool::untouched(tool, shape),
            Some(policies) => TypedTool::fit(tool, shape, policies, &self.schema, places)
                .or_else(|misfits| TypedTool::refused(tool, misfits)),
        };
        typed.map(Arc::new).map_err(|error| JudgeError::Internal(error.to_string()))
    }

    /// Whether there are policies on the action of this tool, so that its definition matters.
    #[must_use]
    pub fn types(&self, tool: &ToolName) -> bool {
        self.policies.tools.contains_key(tool)
    }

    /// The names of all forbids, `<file>:<@id>`, in order.
    #[must_use]
    pub fn forbids(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.policies.forbids.values().map(|forbid| forbid.id()).collect();
        names.sort_unstable();
        names
    }

    /// Judges one event.
    #[must_use]
    pub fn evaluate(&self, request: &Request<'_>) -> Evaluation {
        match self.pass(request) {
            Ok(evaluation) => evaluation,
            Err(error) => Evaluation::failed(vec![Failure::of_request(&error)]),
        }
    }

    fn pass(&self, request: &Request<'_>) -> Result<Evaluation, Unbuildable> {
        let refused = self.refused(request.subject);
        if !refused.is_empty() {
            return Ok(Evaluation::failed(refused));
        }
        let Prepared { scene, slice, known } = self.prepared(request)?;
        if !known.lost.is_empty() {
            return Ok(Evaluation::failed(known.lost));
        }
        let Scene { principal, action, resource, cast } = scene;
        let context = Context::from_pairs(known.context).map_err(Unbuildable::internal)?;
        // Not checked against the schema on every event: that it always conforms is a property test.
        let request =
            cedar_policy::Request::new(principal, action, resource, context, None).map_err(Unbuildable::internal)?;
        let answer = self.authorizer.is_authorized(&request, &slice.all, &cast.entities);
        let failures: Vec<_> = answer.diagnostics().errors().map(Failure::of_policy).collect();
        if !failures.is_empty() {
            return Ok(Evaluation::failed(failures));
        }
        if answer.decision() == Decision::Allow {
            return Ok(Evaluation::allowed(answer.diagnostics().reason().cloned().collect()));
        }
        // The reasons of a deny are the forbids that match, whether or not a permit does.
        let forbid = |id| self.policies.forbids.get(id).cloned().ok_or_else(|| Unbuildable::stray(id));
        let matched = answer.diagnostics().reason().map(forbid).collect::<Result<Vec<_>, _>>()?;
        if matched.iter().any(|forbid| forbid.strength() == Strength::Deny) {
            return Ok(Evaluation::decided(matched));
        }
        // With no forbid that matches, it was the lack of a permit that denied.
        let permitted = !matched.is_empty() && {
            let permits = self.authorizer.is_authorized(&request, &slice.permits, &cast.entities);
            permits.decision() == Decision::Allow
        };
        Ok(if permitted { Evaluation::decided(matched) } else { Evaluation::unpermitted() })
    }

    /// Who does what to what, the policies that can apply to it, and what they read.
    fn prepared(&self, request: &Request<'_>) -> Result<Prepared, Unbuildable> {
        let scene = self.parts.scene(request)?;
        let slice = self.index.slice(scene.scope(), &scene.cast.entities).map_err(Unbuildable::internal)?;
        let known = self.parts.known(request, &slice.wanted)?;
        Ok(Prepared { scene, slice, known })
    }

    /// Why a tool is refused whatever its policies would say: one of them cannot be read as it was meant.
    fn refused(&self, subject: Subject<'_>) -> Vec<Failure> {
        match subject {
            Subject::Definition(_, _, Some(typed)) => typed.refusal(),
            Subject::Call(Call { typed: Some(typed), .. }) => typed.tool.refusal(),
            Subject::Call(Call { tool, typed: None, .. }) if self.types(tool) => {
                let message =
                    format!("there are policies on the arguments of `{tool}`, and no definition to read them by");
                vec![Failure { code: ReasonCode::NoDefinition, policy: None, message }]
            }
            _ => Vec::new(),
        }
    }

    /// The core schema, to be taken apart.
    pub(super) fn core_fragment(&self) -> &SchemaFragment {
        self.schema.fragment()
    }

    /// What Cedar is given for an event, as far as it is not the policies.
    pub(super) fn cedar_request(&self, request: &Request<'_>) -> Result<CedarRequest, Unbuildable> {
        self.parts.whole(request)
    }

    /// The policies whose scope is met by who does what to what, in the order in which they were loaded.
    pub(super) fn in_scope(&self, scope: [&EntityUid; 3], entities: &Entities) -> impl Iterator<Item = &Policy> {
        self.index.in_scope(scope, entities)
    }

    /// Every policy.
    #[cfg(test)]
    pub(super) fn every_policy(&self) -> impl Iterator<Item = &Policy> {
        self.index.all().policies()
    }

    /// The policy of this name.
    pub(super) fn policy(&self, id: &PolicyId) -> Option<&Policy> {
        self.index.all().policy(id)
    }

    /// Where a policy is written.
    pub(super) fn place(&self, id: &PolicyId) -> Option<&Place> {
        self.policies.places.get(id)
    }

    /// The strength of a forbid; `None` for a permit.
    pub(super) fn strength(&self, id: &PolicyId) -> Option<Strength> {
        self.policies.forbids.get(id).map(|forbid| forbid.strength())
    }

    /// Cedar's answer to an event by these policies alone.
    pub(super) fn authorize(
        &self,
        request: &cedar_policy::Request,
        policies: &PolicySet,
        entities: &Entities,
    ) -> Response {
        self.authorizer.is_authorized(request, policies, entities)
    }

    /// The core schema as Cedar reads it.
    #[cfg(test)]
    pub(super) fn cedar_schema(&self) -> &cedar_policy::Schema {
        self.schema.cedar()
    }

    /// What Cedar is given for an event, but for the scope index: all policies, and the arguments of one authorisation.
    ///
    /// Only for measuring the judge against bare Cedar on the very same input, and for checking that input against the
    /// schema.
    ///
    /// # Errors
    ///
    /// Why there is no such input; [`evaluate`](Self::evaluate) would deny with it.
    #[doc(hidden)]
    pub fn bare(&self, request: &Request<'_>) -> Result<(&PolicySet, CedarRequest), String> {
        let bare = self.parts.whole(request).map_err(|error| error.to_string())?;
        Ok((self.index.all(), bare))
    }

    /// The context that an event is judged by. Only for measuring.
    ///
    /// # Errors
    ///
    /// As [`bare`](Self::bare).
    #[doc(hidden)]
    pub fn context(&self, request: &Request<'_>) -> Result<Context, String> {
        let prepared = self.prepared(request).map_err(|error| error.to_string())?;
        Context::from_pairs(prepared.known.context).map_err(|error| error.to_string())
    }

    /// What Cedar is given for an event: the policies that can apply, and the arguments of one authorisation with as much of
    /// the context as these read. Only for measuring.
    ///
    /// # Errors
    ///
    /// As [`bare`](Self::bare).
    #[doc(hidden)]
    pub fn sliced(&self, request: &Request<'_>) -> Result<(PolicySet, CedarRequest), String> {
        let Prepared { scene, slice, known } = self.prepared(request).map_err(|error| error.to_string())?;
        Ok((slice.all.clone(), CedarRequest::new(scene, known)))
    }
}

/// An event, ready for Cedar.
struct Prepared {
    scene: Scene,
    slice: Arc<Slice>,
    known: Known,
}

/// Why there is no judge.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum JudgeError {
    /// The categories make no schema.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Schema(#[from] SchemaError),
    /// The policies are wrong.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Policies(#[from] PolicyDefects),
    /// An error of this program.
    #[error("the judge could not be made ready: {0}")]
    Internal(String),
}
