//! Policies on the actions of tools, and the tools as these policies see them.
//!
//! Such a policy reads a tool's arguments by their types, which come from the tool's definition. It is validated against
//! that tool's part of the schema alone, so that a definition which does not fit refuses this tool and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use cedar_policy::{EntityId, EntityTypeName, EntityUid, Policy, PolicyId, PolicySet};

use super::arguments::{Arguments, alternative_name, arguments};
use super::defect::PolicyDefect;
use super::evaluation::Failure;
use super::fault::Fault;
use super::fragment::fragment;
use super::policy::Places;
use super::reads::Reads;
use super::request::Unbuildable;
use super::schema::CoreSchema;
use super::validation::validate;
use super::wanted::Wanted;
use crate::decision::ReasonCode;
use crate::event::ToolName;
use crate::json::Object;
use crate::text::tame;
use crate::tools::{JsonType, Record, Shape};

/// Bytes of what Cedar says about a definition, and so of the definition, that a message of the log may have.
const LOGGED: usize = 512;

/// The policies on the action of one tool.
#[derive(Debug, Default)]
pub(super) struct ToolPolicies {
    set: PolicySet,
    readers: Vec<Reader>,
    /// All tools on whose actions these policies are.
    tools: BTreeSet<ToolName>,
}

/// A policy and what it reads.
#[derive(Debug, Clone)]
struct Reader {
    id: PolicyId,
    reads: Reads,
}

impl ToolPolicies {
    /// A policy that is on the actions of these tools.
    pub(super) fn add(&mut self, policy: &Policy, reads: &Reads, tools: &[ToolName]) -> Result<(), String> {
        self.tools.extend(tools.iter().cloned());
        self.set.add(policy.clone()).map_err(|error| error.to_string())?;
        self.readers.push(Reader { id: policy.id().clone(), reads: reads.clone() });
        Ok(())
    }

    /// The policies' names.
    pub(super) fn ids(&self) -> impl Iterator<Item = &PolicyId> {
        self.readers.iter().map(|reader| &reader.id)
    }
}

/// A tool with a definition, as policies see its calls.
#[derive(Debug)]
pub struct TypedTool {
    action: EntityUid,
    shape: Arc<Shape>,
    readers: Vec<Reader>,
    /// Policies that do not fit the definition: the tool is refused.
    misfits: Vec<PolicyDefect>,
}

impl TypedTool {
    /// A tool on whose action there is no policy.
    pub(super) fn untouched(tool: &ToolName, shape: &Arc<Shape>) -> Result<Self, Unbuildable> {
        Ok(Self { action: action(tool)?, shape: Arc::clone(shape), readers: Vec::new(), misfits: Vec::new() })
    }

    /// A tool whose policies fit its definition; or how they do not.
    pub(super) fn fit(
        tool: &ToolName,
        shape: &Arc<Shape>,
        policies: &ToolPolicies,
        schema: &CoreSchema,
        places: &Places,
    ) -> Result<Self, Vec<PolicyDefect>> {
        let fitted = || {
            let schema = schema.with(fragment(tool, record(shape), policies.tools.iter())?)?;
            Ok::<_, Unbuildable>((schema, action(tool)?))
        };
        let whole = |error: &Unbuildable| {
            let fault = |_: &PolicyId| Fault::Internal { message: format!("`{tool}`: {error}") };
            policies.ids().map(|id| PolicyDefect::of(places, id, None, fault(id))).collect::<Vec<_>>()
        };
        let (schema, action) = fitted().map_err(|error| whole(&error))?;
        let mut faults = validate(&policies.set, &schema);
        for Reader { id, reads } in &policies.readers {
            if let Some(fault) = unreadable(tool, shape, reads) {
                add_unreadable(&mut faults, id, fault);
            }
        }
        let defects: Vec<_> =
            faults.into_iter().map(|(id, span, fault)| PolicyDefect::of(places, &id, span, fault)).collect();
        let (readers, misfits) = (policies.readers.clone(), Vec::new());
        let errors = defects.iter().any(|defect| !defect.fault().is_lint());
        if errors { Err(defects) } else { Ok(Self { action, shape: Arc::clone(shape), readers, misfits }) }
    }

    /// A tool that is refused, for policies that do not fit its definition.
    pub(super) fn refused(tool: &ToolName, misfits: Vec<PolicyDefect>) -> Result<Self, Unbuildable> {
        for misfit in misfits.iter().filter(|misfit| !misfit.fault().is_lint()) {
            let (of, said) = (tame(&tool.to_string(), LOGGED), tame(&misfit.to_string(), LOGGED));
            let (file, line) = (misfit.file(), misfit.line());
            tracing::warn!(
                tool = of,
                file,
                line,
                misfit = said,
                "a policy does not fit what a server says of its tool"
            );
        }
        Ok(Self {
            action: action(tool)?,
            shape: Arc::new(Shape::Record(Record::default())),
            readers: Vec::new(),
            misfits,
        })
    }

    /// How policies do not fit the definition. Empty unless the tool is refused.
    #[must_use]
    pub fn misfits(&self) -> &[PolicyDefect] {
        &self.misfits
    }

    /// Whether some policy may read the arguments of a call.
    #[must_use]
    pub fn is_read(&self) -> bool {
        !self.readers.is_empty()
    }

    /// Whether some policy reads the arguments of a call, or where they come from: not only who calls what, and `context.core`.
    #[must_use]
    pub fn reads_arguments(&self) -> bool {
        let core = |chain: &[String]| chain.first().is_some_and(|first| first == "core");
        self.readers.iter().any(|reader| !reader.reads.chains().all(core))
    }

    /// The names of the arguments that policies can ask for: `context.from` has each of them.
    pub fn arguments(&self) -> impl Iterator<Item = &str> {
        record(&self.shape).fields.keys().map(|name| &**name)
    }

    /// Whether this is the shape that it was made for.
    pub(super) fn has_shape(&self, shape: &Arc<Shape>) -> bool {
        Arc::ptr_eq(&self.shape, shape) || self.shape == *shape
    }

    /// The action of a call.
    pub(super) fn action(&self) -> &EntityUid {
        &self.action
    }

    /// A call's arguments, as far as they are wanted and can be represented.
    pub(super) fn represent(&self, found: &Object, wanted: &Wanted) -> Result<Arguments<'_>, Unbuildable> {
        arguments(record(&self.shape), found, wanted)
    }

    /// The tool is refused: why. Once for all places of a file that ask for the same. The reasons reach the agent, so they
    /// have none of the server's words.
    pub(super) fn refusal(&self) -> Vec<Failure> {
        let message = |misfit: &PolicyDefect| {
            let said = format!("a policy of `{}` does not fit the tool's definition", misfit.file());
            if misfit.fault().quotes_no_definition() { format!("{said}: {misfit}") } else { said }
        };
        let messages: BTreeSet<_> =
            self.misfits.iter().filter(|misfit| !misfit.fault().is_lint()).map(message).collect();
        let failure = |message| Failure { code: ReasonCode::PolicyDoesNotFitDefinition, policy: None, message };
        messages.into_iter().map(failure).collect()
    }

    /// The policies that read what could not be represented.
    pub(super) fn readers_of_lost(&self, represented: &Arguments<'_>) -> Vec<Failure> {
        if represented.lost.is_empty() {
            return Vec::new();
        }
        let of = |reader: &Reader| {
            let (name, why) = represented.lost.iter().find(|(name, _)| reader.reads.argument(name))?;
            let message = format!("the policy reads the argument `{name}`, which it cannot: {why}");
            Some(Failure { code: ReasonCode::PolicyError, policy: Some(reader.id.to_string()), message })
        };
        self.readers.iter().filter_map(of).collect()
    }
}

fn action(tool: &ToolName) -> Result<EntityUid, Unbuildable> {
    let action_type: EntityTypeName = "Guardhouse::Action".parse().map_err(Unbuildable::internal)?;
    Ok(EntityUid::from_type_name_and_id(action_type, EntityId::new(tool.to_string())))
}

/// The arguments of a tool, none where its schema is not that of an object.
pub(super) fn record(shape: &Shape) -> &Record {
    static NONE: Record = Record { fields: BTreeMap::new(), role: None };
    match shape {
        Shape::Record(record) => record,
        _ => &NONE,
    }
}

/// Adds that a policy reads an argument which it cannot read to what Cedar finds wrong with it. To Cedar `has` is merely
/// false of such an argument, so it may find nothing; or that the policy never matches, which follows.
fn add_unreadable(faults: &mut Vec<(PolicyId, Option<Range<usize>>, Fault)>, id: &PolicyId, fault: Fault) {
    faults.retain(|(of, _, known)| of != id || !matches!(known, Fault::Impossible { .. }));
    let known = faults.iter_mut().find_map(|(of, _, known)| match known {
        Fault::Invalid { help, .. } if of == id => Some(help),
        _ => None,
    });
    match (known, &fault) {
        // Cedar says where, and not why there is no such attribute.
        (Some(help), Fault::OpaqueArgument { found, because }) => {
            *help = Some(format!("no policy can read `{found}`: {because}"));
        }
        (Some(_), _) => {}
        (None, _) => faults.push((id.clone(), None, fault)),
    }
}

/// The first argument, or part of one, that a policy reads and that policies cannot read.
fn unreadable(tool: &ToolName, shape: &Shape, reads: &Reads) -> Option<Fault> {
    reads.chains().find_map(|chain| match chain {
        [args, rest @ ..] if args == "args" => unreadable_on(tool, shape, rest),
        [from, name, ..] if from == "from" => {
            let names = &record(shape).fields;
            (!names.contains_key(name.as_str())).then(|| unknown(tool, name, names.keys()))
        }
        _ => None,
    })
}

fn unreadable_on(tool: &ToolName, shape: &Shape, chain: &[String]) -> Option<Fault> {
    if let Shape::Opaque(opaque) = shape {
        return Some(Fault::OpaqueArgument { found: "args".to_owned(), because: opaque.because });
    }
    let mut at = shape;
    for (depth, name) in chain.iter().enumerate() {
        let found = || chain.get(..=depth).unwrap_or_default().join(".");
        at = match at {
            Shape::Record(record) => match record.fields.get(name.as_str()) {
                Some(field) => &field.shape,
                None => return Some(unknown(tool, &found(), record.fields.keys())),
            },
            Shape::Choice(choice) => {
                let named = |json_type: &JsonType| alternative_name(*json_type);
                match choice.shapes.iter().find(|(json_type, _)| named(json_type) == name) {
                    Some((_, shape)) => shape,
                    None => return Some(unknown(tool, &found(), choice.shapes.keys().map(named))),
                }
            }
            _ => return None,
        };
        let mut inner = at;
        while let Shape::Set(item) = inner {
            inner = item;
        }
        if let Shape::Opaque(opaque) = inner {
            return Some(Fault::OpaqueArgument { found: found(), because: opaque.because });
        }
    }
    None
}

fn unknown<N: AsRef<str>>(tool: &ToolName, found: &str, known: impl Iterator<Item = N>) -> Fault {
    let known = known.map(|name| name.as_ref().to_owned()).collect();
    Fault::UnknownArgument { tool: tool.to_string(), found: found.to_owned(), known }
}
