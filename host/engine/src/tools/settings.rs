//! What a bundle says of tools and of their servers.

use std::{collections::BTreeMap, sync::LazyLock};

use super::{Credit, Effects, Pointer, Role};
use crate::{
    event::{ServerName, ToolName},
    json::{Object, Value},
    vocabulary::Vocabulary as _,
};

/// What a bundle says of tools and of their servers: `[tools."server/tool"]` and `[servers.name]` in its manifest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    tools: BTreeMap<ToolName, ToolSettings>,
    /// What is said of a server that is not in `servers`.
    others: ServerSettings,
    /// What is said of a server, for those for which that is not as for the others.
    servers: BTreeMap<ServerName, ServerSettings>,
}

/// What a bundle says of one server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerSettings {
    /// What its tool definitions say is trusted, beyond what makes a decision stricter.
    pub trust_annotations: bool,
    /// What the results of its tools are, where nothing else is said of the tool.
    pub results: Credit,
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
    /// What its results are.
    pub results: Credit,
}

/// What is said of a tool of which nothing is said.
static NOTHING: LazyLock<ToolSettings> = LazyLock::new(ToolSettings::default);

impl Settings {
    /// Settings of tools; of servers, by their names; and of any other server.
    #[must_use]
    pub fn new(
        mut tools: BTreeMap<ToolName, ToolSettings>,
        mut servers: BTreeMap<ServerName, ServerSettings>,
        others: ServerSettings,
    ) -> Self {
        // Settings that say the same are equal, and so are their bundles' digests.
        tools.retain(|_, settings| *settings != ToolSettings::default());
        servers.retain(|_, settings| *settings != others);
        Self { tools, others, servers }
    }

    fn server(&self, server: &ServerName) -> &ServerSettings {
        self.servers.get(server).unwrap_or(&self.others)
    }

    /// Whether what the tool definitions of a server say is trusted, beyond what makes a decision stricter.
    #[must_use]
    pub fn trusts(&self, server: &ServerName) -> bool {
        self.server(server).trust_annotations
    }

    /// What the results of a tool are: trusted or not as is said of the tool, else of its server; labelled as both say.
    #[must_use]
    pub fn results(&self, tool: &ToolName) -> Credit {
        let (own, server) = (&self.of(tool).results, &self.server(&tool.server).results);
        Credit {
            integrity: own.integrity.or(server.integrity),
            labels: own.labels.union(&server.labels).cloned().collect(),
        }
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
        let servers = self.servers.iter().fold(Object::new(), |mut servers, (server, settings)| {
            servers.insert(server.as_str(), settings.content());
            servers
        });
        let mut content = Object::new();
        content.insert("tools", tools);
        content.insert("servers", servers);
        content.insert("other_servers", self.others.content());
        content.into()
    }
}

impl ServerSettings {
    fn content(&self) -> Object {
        let mut content = Object::new();
        content.insert("trust_annotations", self.trust_annotations);
        self.results.write("results", &mut content);
        content
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
        self.results.write("results", &mut content);
        content
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::tools::Integrity;

    fn trusted(trust_annotations: bool) -> ServerSettings {
        ServerSettings { trust_annotations, ..ServerSettings::default() }
    }

    #[test]
    fn results_are_as_is_said_of_their_tool_else_of_its_server_and_labels_of_both_add_up() {
        let credit = |integrity, label: &str| Credit { integrity, labels: [label.to_owned()].into() };
        let tool = |results| ToolSettings { results, ..ToolSettings::default() };
        let tools = [
            ("crm/find".parse().unwrap(), tool(credit(Some(Integrity::Trusted), "personal"))),
            ("crm/notes".parse().unwrap(), tool(credit(None, "free-text"))),
        ];
        let server = ServerSettings { results: credit(Some(Integrity::Untrusted), "internal"), ..trusted(false) };
        let others = ServerSettings { results: credit(None, "outside"), ..trusted(false) };
        let settings = Settings::new(tools.into(), [("crm".parse().unwrap(), server)].into(), others);
        for (tool, integrity, labels) in [
            ("crm/find", Integrity::Trusted, &["internal", "personal"][..]),
            ("crm/notes", Integrity::Untrusted, &["free-text", "internal"]),
            ("crm/other", Integrity::Untrusted, &["internal"]),
            ("web/get", Integrity::Untrusted, &["outside"]),
        ] {
            let results = settings.results(&tool.parse().unwrap());
            assert_eq!(results.integrity(), integrity, "{tool}");
            assert_eq!(results.labels.iter().collect::<Vec<_>>(), labels, "{tool}");
        }
    }

    #[test]
    fn a_server_that_is_not_named_is_as_the_others() {
        for others in [false, true] {
            let servers = [("bank".parse().unwrap(), trusted(true)), ("web".parse().unwrap(), trusted(false))].into();
            let settings = Settings::new(BTreeMap::new(), servers, trusted(others));
            assert!(settings.trusts(&"bank".parse().unwrap()));
            assert!(!settings.trusts(&"web".parse().unwrap()));
            for other in ["Bank", "*", "mail"] {
                assert_eq!(settings.trusts(&other.parse().unwrap()), others, "{other}");
            }
        }
    }

    #[test]
    fn settings_that_say_the_same_have_one_content() {
        let nothing = Settings::new(
            [("a/b".parse().unwrap(), ToolSettings::default())].into(),
            BTreeMap::new(),
            ServerSettings::default(),
        );
        let only = |server| Settings::new(BTreeMap::new(), [("a".parse().unwrap(), server)].into(), trusted(false));
        let untrusted = only(trusted(false));
        assert_eq!(nothing.content(), Settings::default().content());
        assert_eq!(untrusted.content(), Settings::default().content());
        assert_ne!(only(trusted(true)).content(), Settings::default().content());
    }
}
