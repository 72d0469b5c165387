//! An event's translation into what Cedar is given.
//!
//! Names of agents, users, servers and tools come from an untrusted peer: they become the identifiers of entities of a
//! type that the host chooses, whatever characters they hold.

use std::sync::Arc;

use cedar_policy::{Entities, EntityId, EntityTypeName, EntityUid, PolicyId, RestrictedExpression};

use super::context::ContextParts;
use super::entities::{Cast, EntityTable, Names};
use super::evaluation::Failure;
use super::facts::Flow;
use super::schema::CoreSchema;
use super::subject::{Call, Channel, Request, Subject};
use super::wanted::Wanted;
use crate::decision::Category;
use crate::vocabulary::Vocabulary;

/// Why an event could not be put as a Cedar request. The judge denies it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unbuildable {
    /// The facts hold a finding that no policy can read.
    #[error("a finding has the category `{0}`, which no stationed guard declares")]
    UndeclaredCategory(Category),
    /// An error of this program.
    #[error("the request could not be built: {0}")]
    Internal(String),
}

impl Unbuildable {
    /// For a forbid that matches and that nothing is known of.
    pub(super) fn stray(policy: &PolicyId) -> Self {
        Self::Internal(format!("nothing is known of the policy `{policy}`"))
    }

    /// For what Cedar refuses of something that this program made.
    pub(super) fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }
}

/// The arguments of one authorisation, as bare Cedar wants them, with all that is known of the event.
#[derive(Debug)]
pub struct CedarRequest {
    /// The agent.
    pub principal: EntityUid,
    /// What it does.
    pub action: EntityUid,
    /// To what.
    pub resource: EntityUid,
    /// The fields of the context.
    pub context: Vec<(String, RestrictedExpression)>,
    /// The principal, the resource and an action of a tool with what is known of them.
    pub(super) cast: Arc<Cast>,
}

impl CedarRequest {
    /// Who does what to what and what is known of it, but for what could not be represented.
    pub(super) fn new(scene: Scene, known: Known) -> Self {
        let Scene { principal, action, resource, cast } = scene;
        Self { principal, action, resource, context: known.context, cast }
    }

    /// The principal, the resource and an action of a tool with what is known of them.
    #[must_use]
    pub fn entities(&self) -> &Entities {
        &self.cast.entities
    }
}

/// Who does what to what.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) principal: EntityUid,
    pub(super) action: EntityUid,
    pub(super) resource: EntityUid,
    /// What is known of them.
    pub(super) cast: Arc<Cast>,
}

impl Scene {
    /// What scopes speak of.
    pub(super) fn scope(&self) -> [&EntityUid; 3] {
        [&self.principal, &self.action, &self.resource]
    }
}

/// What is known of an event.
#[derive(Debug)]
pub(super) struct Known {
    /// The fields of the context.
    pub(super) context: Vec<(String, RestrictedExpression)>,
    /// Policies that cannot be evaluated, whatever Cedar would say: they read what could not be put into the context.
    pub(super) lost: Vec<Failure>,
}

/// Where an argument comes from that is not there.
const ABSENT: &Flow = &Flow::EMPTY;

/// The parts of a request that are built once per generation.
#[derive(Debug)]
pub(super) struct RequestParts {
    context: ContextParts,
    entities: EntityTable,
    channels: Vec<EntityUid>,
    receive_input: EntityUid,
    send_output: EntityUid,
    take_note: EntityUid,
    define_tool: EntityUid,
    call_tool: EntityUid,
    accept_result: EntityUid,
}

impl RequestParts {
    /// Builds what is built once.
    pub(super) fn new(schema: &CoreSchema) -> Result<Self, Unbuildable> {
        let name = |text: &str| text.parse::<EntityTypeName>().map_err(Unbuildable::internal);
        let action_type = name("Guardhouse::Action")?;
        let channel_type = name("Guardhouse::Channel")?;
        let action = |id| EntityUid::from_type_name_and_id(action_type.clone(), EntityId::new(id));
        let channel = |c: &Channel| EntityUid::from_type_name_and_id(channel_type.clone(), EntityId::new(c.word()));
        Ok(Self {
            context: ContextParts::new(schema.categories())?,
            entities: EntityTable::new()?,
            channels: Channel::ALL.iter().map(channel).collect(),
            receive_input: action("receive_input"),
            send_output: action("send_output"),
            take_note: action("take_note"),
            define_tool: action("define_tool"),
            call_tool: action("call_tool"),
            accept_result: action("accept_result"),
        })
    }

    /// Who does what to what.
    pub(super) fn scene(&self, request: &Request<'_>) -> Result<Scene, Unbuildable> {
        let mut own_action = None;
        let (action, channel, tool) = match request.subject {
            Subject::Input(source) => (&self.receive_input, Some(source.into()), None),
            Subject::Output => (&self.send_output, Some(Channel::Output), None),
            Subject::Note(note) => (&self.take_note, Some(note.into()), None),
            Subject::Definition(tool, profile, _) => (&self.define_tool, None, Some((tool, profile))),
            Subject::Call(Call { tool, profile, typed }) => {
                own_action = typed.map(|typed| typed.tool.action());
                (own_action.unwrap_or(&self.call_tool), None, Some((tool, profile)))
            }
            Subject::Result(tool, profile) => (&self.accept_result, None, Some((tool, profile))),
        };
        let cast = self.entities.get(Names {
            agent: request.agent,
            user: request.user,
            tool,
            own_action: own_action.is_some(),
        })?;
        let channel = channel.and_then(|channel: Channel| self.channels.get(usize::from(channel.place())));
        let resource = channel.or(cast.resource.as_ref()).cloned();
        Ok(Scene {
            principal: cast.principal.clone(),
            action: action.clone(),
            resource: resource.ok_or_else(|| Unbuildable::internal("a channel has no entity"))?,
            cast,
        })
    }

    /// What is known of it, as far as it is wanted.
    pub(super) fn known(&self, request: &Request<'_>, wanted: &Wanted) -> Result<Known, Unbuildable> {
        self.context.declares(&request.facts.findings)?;
        let mut known = Known { context: Vec::with_capacity(3), lost: Vec::new() };
        if let Some(wanted) = wanted.member("core") {
            known.context.push(("core".to_owned(), self.context.core(request.facts, wanted)?));
        }
        // Of a tool that no policy reads nothing is known either: `args` would not be in its schema.
        if let Subject::Call(Call { typed: Some(call), .. }) = request.subject
            && call.tool.is_read()
        {
            if let Some(wanted) = wanted.member("args") {
                let arguments = call.tool.represent(call.arguments, wanted)?;
                known.lost = call.tool.readers_of_lost(&arguments);
                known.context.push(("args".to_owned(), arguments.values));
            }
            if let Some(wanted) = wanted.member("from") {
                let from = call.tool.arguments().map(|name| (name, call.from.get(name).unwrap_or(ABSENT)));
                known.context.push(("from".to_owned(), self.context.from(from, wanted)?));
            }
        }
        Ok(known)
    }

    /// The event as Cedar wants it, with all that is known of it.
    pub(super) fn whole(&self, request: &Request<'_>) -> Result<CedarRequest, Unbuildable> {
        Ok(CedarRequest::new(self.scene(request)?, self.known(request, &Wanted::Whole)?))
    }
}
