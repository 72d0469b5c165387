//! What can be wrong with a policy, and what to do about it.

use std::collections::BTreeSet;
use std::fmt;

use super::schema::ACTIONS;
use crate::decision::Category;
use crate::nearest::nearest;
use crate::tools::Because;

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Two files have one name, so their policies could not be told apart.
    #[error("expected every policy file to have a name of its own; two are called `{name}`")]
    DuplicateFile {
        /// The name.
        name: String,
    },
    /// It is not Cedar.
    #[error("{message}")]
    Syntax {
        /// Cedar's message.
        message: String,
        /// Cedar's label.
        label: Option<String>,
        /// Cedar's advice.
        help: Option<String>,
    },
    /// It is a template.
    #[error("expected a policy, found a template (a policy with `?principal` or `?resource`)")]
    Template,
    /// It has no `@id`.
    #[error("expected an `@id`, found a policy without one")]
    MissingId,
    /// The `@id` is not a name.
    #[error("expected an `@id` of 1 to 128 ASCII letters, digits, `-`, `_` and `.`; found {found:?}")]
    InvalidId {
        /// What it is.
        found: String,
    },
    /// Another policy of the file has the same `@id`.
    #[error("expected an `@id` that no other policy of the file has; `{id}` is also on line {line}")]
    DuplicateId {
        /// The name.
        id: String,
        /// The line, from 1, of its first use.
        line: usize,
    },
    /// An annotation that means nothing here.
    #[error("expected one of {}; found the annotation `@{found}`", list(Self::ANNOTATIONS.map(|a| format!("@{a}"))))]
    UnknownAnnotation {
        /// The annotation's name.
        found: String,
    },
    /// A `@verdict` that is none.
    #[error("expected `@verdict` to be one of {}; found {found:?}", list(Self::VERDICTS))]
    UnknownVerdict {
        /// What it is.
        found: String,
    },
    /// A permit with a `@verdict`.
    #[error("expected `@verdict` on a `forbid`, found it on a `permit`")]
    VerdictOnPermit,
    /// `@redact` where nothing is repaired.
    #[error("expected `@redact` only beside `@verdict(\"modify\")`")]
    RedactWithoutModify,
    /// A repair of nothing.
    #[error("expected `@redact` beside `@verdict(\"modify\")`, found none")]
    ModifyWithoutRedact,
    /// `@redact` without a category.
    #[error("expected `@redact` to name at least one category, separated by commas; found {found:?}")]
    EmptyRedact {
        /// What it is.
        found: String,
    },
    /// A category that can never be found.
    #[error("expected a category that a stationed guard reports, found `{found}`")]
    UndeclaredCategory {
        /// The category.
        found: String,
        /// Those that there are.
        declared: BTreeSet<Category>,
    },
    /// An action that is neither of the core nor a tool's.
    #[error("expected an action of the core schema, found `{found}`")]
    UnknownAction {
        /// The action.
        found: String,
    },
    /// An action of one tool.
    #[error("expected the action of a tool in the policy's scope, found `{found}` in its condition")]
    ToolAction {
        /// The action.
        found: String,
    },
    /// The typed arguments of one tool.
    #[error("expected `context.core`, found `context.{found}`, which only a policy on the actions of tools can read")]
    ToolContext {
        /// `args` or `from`.
        found: String,
    },
    /// The action `call_tool` compared with `==`.
    #[error("expected `action in Guardhouse::Action::\"call_tool\"`, found a comparison with it")]
    CallToolAlone,
    /// An argument of a type that policies do not have.
    #[error("expected an argument that policies can read, found `{found}`: {because}")]
    OpaqueArgument {
        /// The argument, or the part of one.
        found: String,
        /// Why no policy can read it.
        because: Because,
    },
    /// An argument that the tool's definition does not name.
    #[error("expected an argument that the definition of `{tool}` names, found `{found}`")]
    UnknownArgument {
        /// The tool.
        tool: String,
        /// The argument, or the part of one.
        found: String,
        /// What there is in its place.
        known: Vec<String>,
    },
    /// Actions of tools beside others.
    #[error("expected a policy on the actions of tools or on those of the core schema, found both")]
    MixedActions,
    /// A tool without a pinned definition. A lint.
    #[error("expected a tool whose definition is pinned in `tools.lock`, found `{found}`")]
    UnpinnedTool {
        /// The tool.
        found: String,
        /// The tools that are pinned.
        pinned: Vec<String>,
    },
    /// A group, of which nothing is known.
    #[error("expected no group, found `{found}`: this version does not know who is in a group")]
    Group {
        /// The group.
        found: String,
    },
    /// It does not fit the core schema.
    #[error("{message}")]
    Invalid {
        /// Cedar's message.
        message: String,
        /// Cedar's advice.
        help: Option<String>,
    },
    /// It can never match.
    #[error("expected a policy that can match some event, found one that never does: {message}")]
    Impossible {
        /// Cedar's message.
        message: String,
    },
    /// It may be misread by people. A lint.
    #[error("{message}")]
    Misleading {
        /// Cedar's message.
        message: String,
    },
    /// A permit does not say what it is for. A lint.
    #[error("expected a `@why` on a permit, found none")]
    PermitWithoutWhy,
    /// An error of this program.
    #[error("{message}")]
    Internal {
        /// What went wrong.
        message: String,
    },
}

impl Fault {
    /// The annotations that mean something.
    pub(super) const ANNOTATIONS: [&str; 7] = ["id", "verdict", "redact", "why", "message", "owner", "ref"];
    /// The values of `@verdict`.
    pub(super) const VERDICTS: [&str; 4] = ["deny", "escalate", "modify", "warn"];

    /// Whether the policy loads all the same.
    #[must_use]
    pub fn is_lint(&self) -> bool {
        matches!(self, Self::Misleading { .. } | Self::PermitWithoutWhy | Self::UnpinnedTool { .. })
    }

    /// Whether its message quotes nothing but policies and names of tools. Cedar's own words about a policy that does not fit a
    /// definition have types in them, and with these the words of the server that wrote the definition.
    pub(super) fn quotes_no_definition(&self) -> bool {
        matches!(self, Self::UnknownArgument { .. } | Self::OpaqueArgument { .. })
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let said = |text: &str| Some(text.to_owned());
        match self {
            Self::Syntax { help, .. } | Self::Invalid { help, .. } => help.clone(),
            Self::Template => said("write the principal and the resource out"),
            Self::MissingId => said("add `@id(\"…\")`: decisions name the policy as `<file>:<id>`"),
            Self::UnknownAnnotation { found } => did_you_mean(found, Self::ANNOTATIONS, "@"),
            Self::UnknownVerdict { found } if found == "allow" => {
                said("a forbid that should let everything through is no forbid: remove it")
            }
            Self::UnknownVerdict { found } => did_you_mean(found, Self::VERDICTS, ""),
            Self::VerdictOnPermit => {
                said("a permit allows; put the `@verdict` on the forbid that says when it does not")
            }
            Self::RedactWithoutModify => said("add `@verdict(\"modify\")`, or remove `@redact`"),
            Self::ModifyWithoutRedact | Self::EmptyRedact { .. } => {
                said("name the categories of findings to repair: `@redact(\"secret, pii\")`")
            }
            Self::UndeclaredCategory { found, declared } => Some(categories(found, declared)),
            Self::UnknownAction { found } => {
                did_you_mean(found, ACTIONS, "").or_else(|| Some(format!("the actions are {}", list(ACTIONS))))
            }
            Self::ToolAction { .. } | Self::ToolContext { .. } => {
                said("write `action == Guardhouse::Action::\"server/tool\"` in the scope of the policy")
            }
            Self::CallToolAlone => said(
                "write `in`: a tool whose definition is known has an action of its own in the group `call_tool`, and a \
                 policy on `call_tool` alone would not match its calls",
            ),
            Self::OpaqueArgument { .. } => said("to a policy it would never be there, whatever the call holds"),
            Self::UnknownArgument { found, known, .. } => {
                let last = found.rsplit('.').next().unwrap_or_default();
                did_you_mean(last, known.iter().map(String::as_str), "")
                    .or_else(|| said("to a policy it would never be there, whatever the call holds"))
            }
            Self::MixedActions => said("write a policy for each"),
            Self::UnpinnedTool { found, pinned } => did_you_mean(found, pinned.iter().map(String::as_str), "")
                .or_else(|| said("without a definition the policy is not validated, and calls of the tool are denied")),
            Self::Group { .. } => said("a policy on a group would never match; name the agents or users instead"),
            Self::Impossible { .. } => said("a policy that never matches protects nothing: correct or remove it"),
            Self::PermitWithoutWhy => said("add `@why(\"…\")`: whoever reviews the bundle will ask"),
            Self::DuplicateFile { .. }
            | Self::InvalidId { .. }
            | Self::DuplicateId { .. }
            | Self::Misleading { .. }
            | Self::Internal { .. } => None,
        }
    }
}

/// "`a`, `b`".
fn list<T: fmt::Display>(names: impl IntoIterator<Item = T>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn did_you_mean<'k>(found: &str, known: impl IntoIterator<Item = &'k str>, sigil: &str) -> Option<String> {
    nearest(found, known).map(|name| format!("did you mean `{sigil}{name}`?"))
}

fn categories(found: &str, declared: &BTreeSet<Category>) -> String {
    if declared.is_empty() {
        return "no guard is stationed that reports anything".to_owned();
    }
    let there_are = format!("the categories are {}", list(declared));
    match did_you_mean(found, declared.iter().map(Category::as_str), "") {
        Some(question) => format!("{question} {there_are}"),
        None => there_are,
    }
}
