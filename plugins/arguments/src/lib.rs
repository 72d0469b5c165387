//! Looks at what a tool is called with, and whether calls and results satisfy the tool's schemas.
//!
//! * `rules`: the table of what is reported. Start here.
//! * `kinds`: which arguments take SQL, commands, paths, addresses, or short values. Nothing else is judged.
//! * `sql`, `shell`, `path`, `address`: a language each: what is dangerous in a whole statement or command, and what is an
//!   injection in a value.
//! * `places`: files that neither a path nor a command has ordinary business with.
//! * `schema`: a validator of JSON Schema with a bound on its work.
//! * `judge`: one string, judged as the kinds that it is to be.
//! * `inspect`: a call or a result, from its attributes to findings.
//!
//! Everything is linear in the text and total. The guard wants whole arguments, so it states no reach.

use guardhouse_guard::{About, Guard, checkpoint, view};

mod address;
mod inspect;
mod judge;
mod kinds;
mod path;
mod places;
mod pointer;
mod rules;
mod schema;
mod shell;
mod sql;
#[cfg(test)]
mod testing;

use address::Allowed;
use path::Roots;
use rules::Rule;

/// The configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Folders, as absolute paths, that arguments which take a path may lead to. Empty: any but the sensitive ones.
    pub allowed_roots: Vec<String>,
    /// Hosts that are not reported as loopback or private: `host`, `host:port`, or `*.domain`.
    pub allowed_hosts: Vec<String>,
    /// Identifiers of rules that are switched off.
    pub disabled: Vec<String>,
}

/// The guard.
#[derive(Debug)]
pub struct Arguments {
    allowed_roots: Roots,
    allowed_hosts: Allowed,
    disabled: Vec<&'static Rule>,
}

impl Guard for Arguments {
    type Config = Config;
    const ABOUT: About = About {
        name: "arguments",
        version: env!("CARGO_PKG_VERSION"),
        summary: "Finds injections and dangerous commands in tool arguments, and what does not satisfy a schema",
        categories: rules::category::ALL,
        checkpoints: &[checkpoint::TOOL_CALL, checkpoint::TOOL_RESULT],
        views: &[view::UNESCAPED, view::UNHIDDEN, view::BASE64],
        ..About::EVERY_TEXT
    };

    fn configure(config: Config) -> Result<Self, String> {
        let find = |id: &String| rules::find(id).ok_or_else(|| format!("`disabled`: there is no rule `{id}`"));
        Ok(Self {
            allowed_roots: Roots::new(&config.allowed_roots)?,
            allowed_hosts: Allowed::new(&config.allowed_hosts)?,
            disabled: config.disabled.iter().map(find).collect::<Result<_, _>>()?,
        })
    }
}

guardhouse_guard::export!(Arguments: text, call);
