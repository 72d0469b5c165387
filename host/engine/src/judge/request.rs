//! An event's translation into what Cedar is given.
//!
//! Names of agents, users, servers and tools come from an untrusted peer: they become the identifiers of entities of a
//! type that the host chooses, whatever characters they hold.

use std::sync::Arc;

use cedar_policy::{Entities, EntityId, EntityTypeName, EntityUid, PolicyId, RestrictedExpression};

use super::context::ContextParts;
use super::entities::{Cast, EntityTable, Names};
use super::schema::CoreSchema;
use super::subject::{Channel, Request, Subject};
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

/// The arguments of one authorisation, as bare Cedar wants them.
#[derive(Debug)]
pub struct CedarRequest {
    /// The agent.
    pub principal: EntityUid,
    /// What it does.
    pub action: EntityUid,
    /// To what.
    pub resource: EntityUid,
    /// The fields of the context.
    pub context: [(String, RestrictedExpression); 1],
    /// The principal and the resource with what is known of them.
    pub(super) cast: Arc<Cast>,
}

impl CedarRequest {
    /// The principal and the resource with what is known of them.
    #[must_use]
    pub fn entities(&self) -> &Entities {
        &self.cast.entities
    }
}

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

    /// The event as Cedar wants it.
    pub(super) fn build(&self, request: &Request<'_>) -> Result<CedarRequest, Unbuildable> {
        let (action, channel, tool) = match request.subject {
            Subject::Input(source) => (&self.receive_input, Some(source.into()), None),
            Subject::Output => (&self.send_output, Some(Channel::Output), None),
            Subject::Note(note) => (&self.take_note, Some(note.into()), None),
            Subject::Definition(tool, profile) => (&self.define_tool, None, Some((tool, profile))),
            Subject::Call(tool, profile) => (&self.call_tool, None, Some((tool, profile))),
            Subject::Result(tool, profile) => (&self.accept_result, None, Some((tool, profile))),
        };
        let cast = self.entities.get(Names { agent: request.agent, user: request.user, tool })?;
        let channel = channel.and_then(|channel: Channel| self.channels.get(usize::from(channel.place())));
        let resource = channel.or(cast.resource.as_ref()).cloned();
        Ok(CedarRequest {
            principal: cast.principal.clone(),
            action: action.clone(),
            resource: resource.ok_or_else(|| Unbuildable::internal("a channel has no entity"))?,
            context: [("core".to_owned(), self.context.core(request.facts)?)],
            cast,
        })
    }
}
