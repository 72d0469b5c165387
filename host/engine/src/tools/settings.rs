//! What a bundle says of tools and of their servers.

use std::{collections::BTreeMap, sync::LazyLock};

use super::{Effects, Pointer, Role};
use crate::{
    event::{ServerName, ToolName},
    json::{Object, Value},
    vocabulary::Vocabulary as _,
};

/// What a bundle says of tools and of their servers: `[tools."server/tool"]` and `[servers.name]` in its manifest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    tools: BTreeMap<ToolName, ToolSettings>,
    /// Whether a server is trusted that is not in `servers`.
    others: bool,
    /// Whether a server is trusted, for those for which that is not as for the others.
    servers: BTreeMap<ServerName, bool>,
}

/// What a bundle says of one tool.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ToolSettings {
    /// What it does to the world.
    pub effects: Option<Effects>,
    /// It reaches beyond what the operator controls.
    pub open_world: Option<bool>,
    /// What is at a place of its arguments, and at everything below, is for this.
    pub roles: BTreeMap<Pointer, Role>,
}

/// What is said of a tool of which nothing is said.
static NOTHING: LazyLock<ToolSettings> = LazyLock::new(ToolSettings::default);

impl Settings {
    /// Settings of tools; whether the annotations of a server are trusted, by its name; and those of any other server.
    #[must_use]
    pub fn new(
        mut tools: BTreeMap<ToolName, ToolSettings>,
        mut servers: BTreeMap<ServerName, bool>,
        others: bool,
    ) -> Self {
        // Settings that say the same are equal, and so are their bundles' digests.
        tools.retain(|_, settings| *settings != ToolSettings::default());
        servers.retain(|_, trusted| *trusted != others);
        Self { tools, others, servers }
    }

    /// Whether what the tool definitions of a server say is trusted, beyond what makes a decision stricter.
    #[must_use]
    pub fn trusts(&self, server: &ServerName) -> bool {
        self.servers.get(server).copied().unwrap_or(self.others)
    }

    /// What is said of a tool.
    #[must_use]
    pub fn of(&self, tool: &ToolName) -> &ToolSettings {
        self.tools.get(tool).unwrap_or(&NOTHING)
    }

    /// All that is said, for the digest of the bundle.
    pub(crate) fn content(&self) -> Value {
        let tools = self.tools.iter().fold(Object::new(), |mut tools, (tool, settings)| {
            tools.insert(tool.to_string(), settings.content());
            tools
        });
        let servers = self.servers.iter().fold(Object::new(), |mut servers, (server, trusted)| {
            servers.insert(server.as_str(), *trusted);
            servers
        });
        let mut content = Object::new();
        content.insert("tools", tools);
        content.insert("trusted_servers", servers);
        content.insert("trusted_others", self.others);
        content.into()
    }
}

impl ToolSettings {
    fn content(&self) -> Object {
        let mut content = Object::new();
        if let Some(effects) = self.effects {
            let words = effects.set().iter().map(|effect| effect.word().into());
            content.insert("effects", words.collect::<Vec<Value>>());
        }
        if let Some(open_world) = self.open_world {
            content.insert("open_world", open_world);
        }
        let roles = self.roles.iter().fold(Object::new(), |mut roles, (pointer, role)| {
            roles.insert(pointer.to_string(), role.word());
            roles
        });
        content.insert("roles", roles);
        content
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_server_that_is_not_named_is_as_the_others() {
        for others in [false, true] {
            let servers = [("bank".parse().unwrap(), true), ("web".parse().unwrap(), false)].into();
            let settings = Settings::new(BTreeMap::new(), servers, others);
            assert!(settings.trusts(&"bank".parse().unwrap()));
            assert!(!settings.trusts(&"web".parse().unwrap()));
            for other in ["Bank", "*", "mail"] {
                assert_eq!(settings.trusts(&other.parse().unwrap()), others, "{other}");
            }
        }
    }

    #[test]
    fn settings_that_say_the_same_have_one_content() {
        let nothing = Settings::new([("a/b".parse().unwrap(), ToolSettings::default())].into(), BTreeMap::new(), false);
        let untrusted = Settings::new(BTreeMap::new(), [("a".parse().unwrap(), false)].into(), false);
        assert_eq!(nothing.content(), Settings::default().content());
        assert_eq!(untrusted.content(), Settings::default().content());
        let trusted = Settings::new(BTreeMap::new(), [("a".parse().unwrap(), true)].into(), false);
        assert_ne!(trusted.content(), Settings::default().content());
    }
}
