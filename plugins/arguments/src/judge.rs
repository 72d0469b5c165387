//! One string, judged as the kinds of text that it is to be.

use guardhouse_guard::view;

use crate::kinds::Kinds;
use crate::rules::{Hit, Rule};
use crate::{Arguments, address, path, shell, sql};

/// The kinds as which a view of a text is judged. Decoding a whole statement or URL changes what it says: `\n` in a pattern
/// of `grep` is no new line, `%40` in a URL no `@`. What stands in a value, a path or a run of base64 is what somebody
/// decodes.
pub(crate) fn kinds_in_view(kinds: Kinds, name: &str) -> Kinds {
    match name {
        view::UNESCAPED => {
            kinds.without(Kinds::SQL).without(Kinds::COMMAND).without(Kinds::CODE).without(Kinds::ADDRESS)
        }
        view::BASE64 => kinds.without(Kinds::PATH).without(Kinds::ADDRESS),
        _ => kinds,
    }
}

impl Arguments {
    /// What is found in a text that is to be of these kinds.
    pub(crate) fn judge(&self, text: &str, kinds: Kinds) -> Vec<Hit> {
        let kinds = known(kinds, text);
        let mut hits = Vec::new();
        if kinds.has(Kinds::SQL) {
            sql::judge_statement(text, &mut hits);
        }
        if kinds.has(Kinds::COMMAND) {
            shell::judge_command(text, &mut hits);
        }
        if kinds.has(Kinds::ADDRESS) {
            address::judge(text, &self.allowed_hosts, &mut hits);
        }
        if kinds.has(Kinds::PATH) {
            path::judge(text, &self.allowed_roots, &mut hits);
            if text.contains("://") {
                address::judge(text, &self.allowed_hosts, &mut hits);
            }
        }
        if kinds.has(Kinds::VALUE) && !kinds.has(Kinds::PATH) {
            path::judge_value(text, &mut hits);
        }
        // A statement or command is of its language by design, whatever else its argument may take.
        let in_command = kinds.has(Kinds::COMMAND) || kinds.has(Kinds::SQL);
        if !in_command && (kinds.has(Kinds::VALUE) || kinds.has(Kinds::PATH)) {
            sql::judge_value(text, &mut hits);
            shell::judge_value(text, &mut hits);
        } else if !in_command && kinds.has(Kinds::ADDRESS) && has_shell(text) {
            shell::judge_value(text, &mut hits);
        }
        hits.retain(|hit| !self.disabled.iter().any(|rule: &&Rule| std::ptr::eq(*rule, hit.rule)));
        crate::rules::without_overlap(hits)
    }
}

/// Code of which it is not said in what language is a statement or a command if it begins as one.
fn known(kinds: Kinds, text: &str) -> Kinds {
    if !kinds.has(Kinds::CODE) {
        kinds
    } else if sql::begins_statement(text) {
        kinds.with(Kinds::SQL)
    } else if shell::begins_command(text) {
        kinds.with(Kinds::COMMAND)
    } else {
        kinds
    }
}

/// Whether an address holds what only a shell makes something of: `&` and `;` are characters of URLs.
fn has_shell(text: &str) -> bool {
    text.contains([' ', '\t', '\n', '`', '|']) || text.contains("$(") || text.contains("${")
}
