//! What is judged, and its translation into a Cedar request.
//!
//! Names of agents, users, servers and tools come from an untrusted peer: they become the identifiers of entities of a
//! type that the host chooses, whatever characters they hold, and none of them is remembered.

use cedar_policy::{Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicyId, RestrictedExpression};

use super::context::{ContextParts, WordValues};
use super::facts::Facts;
use super::schema::CoreSchema;
use super::vocabulary::{Vocabulary, WordSet, vocabulary};
use crate::decision::Category;
use crate::event::{AgentName, Body, Note, Source, ToolName, UserName};

/// One event as the judge needs it.
#[derive(Debug, Clone, Copy)]
pub struct Request<'e> {
    /// The agent: `Guardhouse::Agent::"…"`, the principal.
    pub agent: &'e AgentName,
    /// The person whom it acts for, if known: `principal.user`.
    pub user: Option<&'e UserName>,
    /// What happens, and to what: the action and the resource.
    pub subject: Subject<'e>,
    /// `context.core`.
    pub facts: &'e Facts,
}

/// What an event does.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'e> {
    /// Text comes in: `receive_input` on the source's channel.
    Input(Source),
    /// A server says what a tool is: `define_tool`.
    Definition(&'e ToolName, ToolProfile),
    /// A tool is about to be called: `call_tool`.
    Call(&'e ToolName, ToolProfile),
    /// A tool has answered: `accept_result`.
    Result(&'e ToolName, ToolProfile),
    /// Text goes out: `send_output` on the channel `output`.
    Output,
    /// The agent's runtime reports something: `take_note` on the channel of the note's kind.
    Note(&'e Note),
}

impl<'e> Subject<'e> {
    /// The subject of an event; `profile` is of its tool, and of no account where the event has none.
    #[must_use]
    pub fn of(body: &'e Body, profile: ToolProfile) -> Self {
        match body {
            Body::Input { source, .. } => Self::Input(*source),
            Body::ToolDefinition { tool, .. } => Self::Definition(tool, profile),
            Body::ToolCall { tool, .. } => Self::Call(tool, profile),
            Body::ToolResult { tool, .. } => Self::Result(tool, profile),
            Body::Output { .. } => Self::Output,
            Body::Note(note) => Self::Note(note),
        }
    }
}

/// What the host knows about a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToolProfile {
    /// What the tool does to the world.
    pub effects: Effects,
    /// It changes nothing.
    pub read_only: bool,
    /// It reaches beyond what the operator controls.
    pub open_world: bool,
    /// Its definition is the one that was pinned.
    pub pinned: bool,
}

impl ToolProfile {
    /// A tool of which nothing is known: it may do anything, anywhere, and nobody has vouched for its definition.
    #[must_use]
    pub fn unknown() -> Self {
        Self { effects: Effects::unknown(), read_only: false, open_world: true, pinned: false }
    }
}

/// What a tool does to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Reads.
    Read,
    /// Creates or changes.
    Write,
    /// Destroys.
    Delete,
    /// Sends to somebody.
    Send,
    /// Spends money.
    Spend,
    /// Runs code.
    Execute,
    /// Changes what the agent or a system may do.
    Configure,
    /// Nobody has said.
    Unknown,
}

vocabulary!(Effect {
    Read => "read",
    Write => "write",
    Delete => "delete",
    Send => "send",
    Spend => "spend",
    Execute => "execute",
    Configure => "configure",
    Unknown => "unknown",
});

/// The effects of a tool: at least one. No policy that looks for an effect would match a tool without any, so saying
/// nothing is `unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effects(WordSet<Effect>);

impl Effects {
    /// Nobody has said.
    #[must_use]
    pub fn unknown() -> Self {
        Self(WordSet::of(Effect::Unknown))
    }

    /// The effects as a set, never empty.
    #[must_use]
    pub fn set(self) -> WordSet<Effect> {
        self.0
    }
}

impl FromIterator<Effect> for Effects {
    fn from_iter<I: IntoIterator<Item = Effect>>(effects: I) -> Self {
        let set: WordSet<Effect> = effects.into_iter().collect();
        if set.is_empty() { Self::unknown() } else { Self(set) }
    }
}

/// `Guardhouse::Channel`: where text comes from or goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Input of the user.
    User,
    /// Input from a document.
    Document,
    /// The system prompt.
    System,
    /// What the agent says.
    Output,
    /// A note of what was used.
    Usage,
    /// A note of the model's reasoning.
    Reasoning,
    /// A note of an error.
    Error,
    /// A note of a retry.
    Retry,
}

vocabulary!(Channel {
    User => "user",
    Document => "document",
    System => "system",
    Output => "output",
    Usage => "usage",
    Reasoning => "reasoning",
    Error => "error",
    Retry => "retry",
});

impl From<Source> for Channel {
    fn from(source: Source) -> Self {
        match source {
            Source::User => Self::User,
            Source::Document => Self::Document,
            Source::System => Self::System,
        }
    }
}

impl From<&Note> for Channel {
    fn from(note: &Note) -> Self {
        match note {
            Note::Usage(_) => Self::Usage,
            Note::Reasoning { .. } => Self::Reasoning,
            Note::Error { .. } => Self::Error,
            Note::Retry { .. } => Self::Retry,
        }
    }
}

/// Why an event could not be put as a Cedar request. The judge denies it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unbuildable {
    /// The facts hold a finding that no policy can read.
    #[error("a finding has the category `{found}`, which no stationed guard declares")]
    UndeclaredCategory {
        /// The category.
        found: String,
    },
    /// An error of this program.
    #[error("the request could not be built: {0}")]
    Internal(String),
}

impl Unbuildable {
    /// For a finding whose category has no place in the context.
    pub(super) fn undeclared(category: Option<&Category>) -> Self {
        Self::UndeclaredCategory { found: category.map(ToString::to_string).unwrap_or_default() }
    }

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
