//! An event's translation into what Cedar is given.
//!
//! Names of agents, users, servers and tools come from an untrusted peer: they become the identifiers of entities of a
//! type that the host chooses, whatever characters they hold, and none of them is remembered.

use cedar_policy::{Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicyId, RestrictedExpression};

use super::context::{ContextParts, WordValues};
use super::schema::CoreSchema;
use super::subject::{Channel, Effect, Request, Subject, ToolProfile};
use super::vocabulary::Vocabulary;
use crate::decision::Category;
use crate::event::{AgentName, ToolName, UserName};

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
    pub entities: Entities,
}

/// The parts of a request that are built once per generation.
#[derive(Debug)]
pub(super) struct RequestParts {
    context: ContextParts,
    agent: EntityTypeName,
    user: EntityTypeName,
    server: EntityTypeName,
    tool: EntityTypeName,
    channels: Vec<EntityUid>,
    effects: WordValues,
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
            agent: name("Guardhouse::Agent")?,
            user: name("Guardhouse::User")?,
            server: name("Guardhouse::Server")?,
            tool: name("Guardhouse::Tool")?,
            channels: Channel::ALL.iter().map(channel).collect(),
            effects: WordValues::new::<Effect>("Guardhouse::Effect")?,
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
        let agent = self.agent(request.agent, request.user)?;
        let principal = agent.uid();
        let core = self.context.core(request.facts)?;
        let (action, resource, tool) = match request.subject {
            Subject::Input(source) => (&self.receive_input, self.channel(source.into())?, None),
            Subject::Output => (&self.send_output, self.channel(Channel::Output)?, None),
            Subject::Note(note) => (&self.take_note, self.channel(note.into())?, None),
            Subject::Definition(tool, profile) => self.on_tool(&self.define_tool, tool, profile)?,
            Subject::Call(tool, profile) => self.on_tool(&self.call_tool, tool, profile)?,
            Subject::Result(tool, profile) => self.on_tool(&self.accept_result, tool, profile)?,
        };
        // A channel is nothing but its name, so it needs no entity; nor do a server and a user, which have no attributes
        // and, as far as this version knows, no groups.
        let entities =
            Entities::from_entities(std::iter::once(agent).chain(tool), None).map_err(Unbuildable::internal)?;
        Ok(CedarRequest { principal, action: action.clone(), resource, context: [("core".to_owned(), core)], entities })
    }

    fn agent(&self, name: &AgentName, user: Option<&UserName>) -> Result<Entity, Unbuildable> {
        let uid = EntityUid::from_type_name_and_id(self.agent.clone(), EntityId::new(name.as_str()));
        let user = user.map(|user| {
            let uid = EntityUid::from_type_name_and_id(self.user.clone(), EntityId::new(user.as_str()));
            ("user".to_owned(), RestrictedExpression::new_entity_uid(uid))
        });
        Entity::new_with_tags(uid, user, [], []).map_err(Unbuildable::internal)
    }

    fn on_tool<'s>(
        &self,
        action: &'s EntityUid,
        tool: &ToolName,
        profile: ToolProfile,
    ) -> Result<(&'s EntityUid, EntityUid, Option<Entity>), Unbuildable> {
        let server = EntityUid::from_type_name_and_id(self.server.clone(), EntityId::new(tool.server.as_str()));
        // One reading only: a server's name has no `/`.
        let id = EntityId::new(tool.to_string());
        let uid = EntityUid::from_type_name_and_id(self.tool.clone(), id);
        let attributes = [
            ("effects".to_owned(), self.effects.get(profile.effects.set())),
            ("readOnly".to_owned(), RestrictedExpression::new_bool(profile.read_only)),
            ("openWorld".to_owned(), RestrictedExpression::new_bool(profile.open_world)),
            ("pinned".to_owned(), RestrictedExpression::new_bool(profile.pinned)),
        ];
        let entity = Entity::new_with_tags(uid.clone(), attributes, [server], []).map_err(Unbuildable::internal)?;
        Ok((action, uid, Some(entity)))
    }

    fn channel(&self, channel: Channel) -> Result<EntityUid, Unbuildable> {
        let known = self.channels.get(usize::from(channel.place())).cloned();
        known.ok_or_else(|| Unbuildable::internal("a channel has no entity"))
    }
}
