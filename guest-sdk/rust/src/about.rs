//! What a guard says of itself.

use schemars::JsonSchema;

use crate::bindings::about::exports::guardhouse::guard::about::Description;

/// The checkpoints that this version of the contract names.
pub mod checkpoint {
    /// A prompt or a document on its way into the agent.
    pub const INPUT: &str = "input";
    /// What a server says of a tool.
    pub const TOOL_DEFINITION: &str = "tool-definition";
    /// A tool call before it runs.
    pub const TOOL_CALL: &str = "tool-call";
    /// A tool's result before the agent reads it.
    pub const TOOL_RESULT: &str = "tool-result";
    /// What the agent says, before anyone sees it.
    pub const OUTPUT: &str = "output";
    /// All of them.
    pub const ALL: &[&str] = &[INPUT, TOOL_DEFINITION, TOOL_CALL, TOOL_RESULT, OUTPUT];
}

/// What a guard is, and which texts it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Name of the guard: 1 to 64 lower-case letters, digits and hyphens.
    pub name: &'static str,
    /// Version of the guard, by semantic versioning. Usually `env!("CARGO_PKG_VERSION")`.
    pub version: &'static str,
    /// What it looks for, in one sentence for an operator.
    pub summary: &'static str,
    /// Every category that its findings may have, each 1 to 64 lower-case letters, digits and hyphens.
    pub categories: &'static [&'static str],
    /// Where it is to be asked: see [`checkpoint`].
    pub checkpoints: &'static [&'static str],
    /// The media types of the parts that it reads: exact ones, `text/*`, or `*/*`.
    pub media_types: &'static [&'static str],
    /// The host's views that it wants beside `original`: see [`view`](crate::view).
    pub views: &'static [&'static str],
}

impl About {
    /// Asks for every text at every checkpoint, and for no views. Meant for the end of a struct expression: it has no
    /// name and no categories, and its version is `0.0.0`.
    pub const EVERY_TEXT: Self = Self {
        name: "",
        version: "0.0.0",
        summary: "",
        categories: &[],
        checkpoints: checkpoint::ALL,
        media_types: &["*/*"],
        views: &[],
    };

    /// The contract's description, with the schema of the configuration.
    pub(crate) fn describe<Config: JsonSchema>(&self) -> Description {
        let owned = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        Description {
            name: self.name.to_string(),
            version: self.version.to_string(),
            summary: self.summary.to_string(),
            config_schema: schemars::schema_for!(Config).as_value().to_string(),
            categories: owned(self.categories),
            checkpoints: owned(self.checkpoints),
            media_types: owned(self.media_types),
            views: owned(self.views),
        }
    }
}
