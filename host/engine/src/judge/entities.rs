//! The principal and the resource as Cedar entities.
//!
//! Making them costs a fifth of a small authorisation, most of it the closure of their hierarchy, and an agent comes
//! back to the same few tools. So the last ones made are kept, in a table of fixed size: names come from an untrusted
//! peer, which can make an entry give way and nothing more. Which entry is keyed with a secret of the process. Nobody
//! waits for the table: an entry that another thread is looking at is made again.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex};

use cedar_policy::{Entities, Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression};

use super::context::WordValues;
use super::request::Unbuildable;
use crate::event::{AgentName, ToolName, UserName};
use crate::tools::{Effect, Pin, ToolProfile};

/// How many sets of entities are kept. A name has at most 256 bytes, so that the table stays below 2 MiB.
const KEPT: usize = 256;

/// Whom and what an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Names<'e> {
    /// The agent.
    pub(super) agent: &'e AgentName,
    /// The person whom it acts for, if known.
    pub(super) user: Option<&'e UserName>,
    /// The tool, where there is one, and what is known of it.
    pub(super) tool: Option<(&'e ToolName, ToolProfile)>,
    /// The action is the tool's own, in the group `call_tool`.
    pub(super) own_action: bool,
}

/// The entities of one event.
#[derive(Debug)]
pub(super) struct Cast {
    agent: AgentName,
    user: Option<UserName>,
    tool: Option<(ToolName, ToolProfile)>,
    own_action: bool,
    /// The agent.
    pub(super) principal: EntityUid,
    /// The tool, where there is one.
    pub(super) resource: Option<EntityUid>,
    /// Both, with what is known of them, and an action that is the tool's own. A channel is nothing but its name, so it needs no entity; nor do a server and a
    /// user, which have no attributes and, as far as this version knows, no groups.
    pub(super) entities: Entities,
}

impl Cast {
    fn names(&self) -> Names<'_> {
        let tool = self.tool.as_ref().map(|(tool, profile)| (tool, *profile));
        Names { agent: &self.agent, user: self.user.as_ref(), tool, own_action: self.own_action }
    }
}

/// Makes entities, and keeps the last ones.
#[derive(Debug)]
pub(super) struct EntityTable {
    agent: EntityTypeName,
    user: EntityTypeName,
    server: EntityTypeName,
    tool: EntityTypeName,
    action: EntityTypeName,
    call_tool: EntityUid,
    effects: WordValues,
    slots: Box<[Mutex<Option<Arc<Cast>>>]>,
    secret: RandomState,
}

impl EntityTable {
    /// An empty table.
    pub(super) fn new() -> Result<Self, Unbuildable> {
        let name = |text: &str| text.parse::<EntityTypeName>().map_err(Unbuildable::internal);
        let action = name("Guardhouse::Action")?;
        Ok(Self {
            call_tool: uid(&action, "call_tool"),
            action,
            agent: name("Guardhouse::Agent")?,
            user: name("Guardhouse::User")?,
            server: name("Guardhouse::Server")?,
            tool: name("Guardhouse::Tool")?,
            effects: WordValues::new::<Effect>("Guardhouse::Effect")?,
            slots: (0..KEPT).map(|_| Mutex::default()).collect(),
            secret: RandomState::new(),
        })
    }

    /// The entities of these names: kept ones, if they are of exactly these names, else new ones.
    pub(super) fn get(&self, names: Names<'_>) -> Result<Arc<Cast>, Unbuildable> {
        let hash = usize::try_from(self.secret.hash_one(names) % KEPT as u64).unwrap_or_default();
        let slot = self.slots.get(hash);
        let kept = slot.and_then(|slot| slot.try_lock().ok()?.clone());
        if let Some(kept) = kept.filter(|kept| kept.names() == names) {
            return Ok(kept);
        }
        let made = Arc::new(self.make(names)?);
        if let Some(mut free) = slot.and_then(|slot| slot.try_lock().ok()) {
            *free = Some(Arc::clone(&made));
        }
        Ok(made)
    }

    fn make(&self, names: Names<'_>) -> Result<Cast, Unbuildable> {
        let agent = self.agent(names.agent, names.user)?;
        let tool = names.tool.map(|(tool, profile)| self.tool(tool, profile)).transpose()?;
        let own = names.tool.filter(|_| names.own_action);
        let action = own.map(|(tool, _)| self.own_action(tool)).transpose()?;
        Ok(Cast {
            agent: names.agent.clone(),
            user: names.user.cloned(),
            tool: names.tool.map(|(tool, profile)| (tool.clone(), profile)),
            own_action: names.own_action,
            principal: agent.uid(),
            resource: tool.as_ref().map(Entity::uid),
            entities: Entities::from_entities(std::iter::once(agent).chain(tool).chain(action), None)
                .map_err(Unbuildable::internal)?,
        })
    }

    /// The action of a tool's calls.
    fn own_action(&self, tool: &ToolName) -> Result<Entity, Unbuildable> {
        let parents = [self.call_tool.clone()];
        Entity::new_with_tags(uid(&self.action, &tool.to_string()), [], parents, []).map_err(Unbuildable::internal)
    }

    fn agent(&self, name: &AgentName, user: Option<&UserName>) -> Result<Entity, Unbuildable> {
        let user = user.map(|user| {
            let user = RestrictedExpression::new_entity_uid(uid(&self.user, user.as_str()));
            ("user".to_owned(), user)
        });
        Entity::new_with_tags(uid(&self.agent, name.as_str()), user, [], []).map_err(Unbuildable::internal)
    }

    fn tool(&self, tool: &ToolName, profile: ToolProfile) -> Result<Entity, Unbuildable> {
        let attributes = [
            ("effects".to_owned(), self.effects.get(profile.effects.set())),
            ("readOnly".to_owned(), RestrictedExpression::new_bool(profile.is_read_only())),
            ("openWorld".to_owned(), RestrictedExpression::new_bool(profile.open_world)),
            ("pinned".to_owned(), RestrictedExpression::new_bool(profile.pin == Pin::Pinned)),
            ("changed".to_owned(), RestrictedExpression::new_bool(profile.pin == Pin::Changed)),
        ];
        let server = uid(&self.server, tool.server.as_str());
        // `server/tool` has one reading only: a server's name has no `/`.
        Entity::new_with_tags(uid(&self.tool, &tool.to_string()), attributes, [server], [])
            .map_err(Unbuildable::internal)
    }
}

fn uid(entity_type: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(entity_type.clone(), EntityId::new(id))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn entities_are_those_of_the_names_however_many_there_were_before() {
        let table = EntityTable::new().unwrap();
        let agents: Vec<AgentName> = (0..3 * KEPT).map(|n| format!("a{n}").parse().unwrap()).collect();
        let tool = ToolName { server: "s".parse().unwrap(), tool: "t".parse().unwrap() };
        let loose = ToolProfile::unknown();
        let pinned = ToolProfile { pin: Pin::Pinned, ..loose };
        for _ in 0..2 {
            for agent in &agents {
                for profile in [loose, pinned] {
                    let cast = table
                        .get(Names { agent, user: None, tool: Some((&tool, profile)), own_action: false })
                        .unwrap();
                    assert_eq!(cast.principal.id().unescaped(), agent.as_str());
                    let kept = cast.entities.get(cast.resource.as_ref().unwrap()).unwrap();
                    assert_eq!(
                        kept.attr("pinned").unwrap().unwrap().to_string(),
                        (profile.pin == Pin::Pinned).to_string()
                    );
                }
            }
        }
        assert_eq!(table.slots.len(), KEPT);
    }

    #[test]
    fn entities_that_are_asked_for_again_are_not_made_again() {
        let table = EntityTable::new().unwrap();
        let agent = "a".parse().unwrap();
        let names = Names { agent: &agent, user: None, tool: None, own_action: false };
        assert!(Arc::ptr_eq(&table.get(names).unwrap(), &table.get(names).unwrap()));
    }
}
