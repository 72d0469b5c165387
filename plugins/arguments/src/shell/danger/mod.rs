//! Dangerous shapes in an argument that takes a whole command. An ordinary command, however long, has none of them.
//!
//! * `network`: what is downloaded and run, shells to other hosts, what leaves the machine.
//! * `destroy`: what destroys, hides its tracks or gives rights away.
//! * `files`: what is written that is run later, and credentials that are read.

use super::parser::parse;
use super::program::Program;
use super::syntax::{Command, Script};
use crate::rules::{Hit, Rule};

mod destroy;
mod files;
mod network;

/// Commands within commands (`sh -c "sh -c …"`) that are followed.
const MAX_NESTING: usize = 3;

/// Programs that run a text as a program.
const INTERPRETERS: &[&str] = &[
    "ash",
    "bash",
    "csh",
    "dash",
    "fish",
    "ksh",
    "sh",
    "tcsh",
    "zsh",
    "node",
    "nodejs",
    "perl",
    "php",
    "powershell",
    "pwsh",
    "python",
    "python2",
    "python3",
    "ruby",
    "lua",
    "iex",
    "invoke-expression",
];

/// Those that read shell commands.
const SHELLS: &[&str] = &["ash", "bash", "csh", "dash", "fish", "ksh", "sh", "tcsh", "zsh"];

/// Finds dangerous shapes in a text of shell commands.
pub(crate) fn judge(text: &str, hits: &mut Vec<Hit>) {
    judge_nested(text, 0, hits);
}

fn judge_nested(text: &str, nesting: usize, hits: &mut Vec<Hit>) {
    let script = parse(text, 0);
    let mut downloads = network::Downloads::default();
    for (index, command) in script.commands.iter().enumerate() {
        let at = At { script: &script, index, command };
        files::redirections(at, hits);
        let Some(program) = Program::of(command) else { continue };
        network::judge(at, &program, &mut downloads, hits);
        destroy::judge(at, &program, hits);
        files::judge(at, &program, hits);
        if nesting < MAX_NESTING {
            nested(&program, nesting, hits);
        }
    }
    destroy::fork_bomb(text, hits);
}

/// Commands that stand in an argument: of `sh -c`, of `eval`.
fn nested(program: &Program<'_>, nesting: usize, hits: &mut Vec<Hit>) {
    let args = match program.name.as_str() {
        "eval" => program.args,
        name if SHELLS.contains(&name) || matches!(name, "su" | "powershell" | "pwsh" | "cmd") => {
            let is_option = |text: &str| {
                let text = text.to_ascii_lowercase();
                matches!(text.as_str(), "-c" | "/c" | "/k" | "-command") || is_short_with_c(&text)
            };
            match program.args.iter().position(|arg| is_option(&arg.text)) {
                Some(at) => program.args.get(at + 1..).unwrap_or_default(),
                None => return,
            }
        }
        "ssh" | "watch" => program.args,
        _ => return,
    };
    // A text of its own is in quotes; a bare word says no more than a name.
    for arg in args.iter().filter(|arg| arg.quoted) {
        let mut inner = Vec::new();
        judge_nested(&arg.text, nesting + 1, &mut inner);
        // Offsets in a text without its quotes are not those of the whole: the finding covers the argument.
        hits.extend(inner.into_iter().map(|hit| Hit { span: arg.span.clone(), ..hit }));
    }
}

/// `-lc`, `-ec`: short options of which the last takes the command.
fn is_short_with_c(text: &str) -> bool {
    text.len() <= 5
        && text.ends_with('c')
        && text.starts_with('-')
        && text.bytes().skip(1).all(|byte| byte.is_ascii_lowercase())
}

/// A simple command and where it stands.
#[derive(Clone, Copy)]
struct At<'s, 't> {
    script: &'s Script<'t>,
    index: usize,
    command: &'s Command<'t>,
}

impl At<'_, '_> {
    /// A hit that covers the command.
    fn hit(&self, rule: &'static Rule) -> Hit {
        Hit::new(rule, self.command.span())
    }

    /// A hit that covers the pipeline from another of its commands on.
    fn hit_from(&self, first: &Command<'_>, rule: &'static Rule) -> Hit {
        Hit::new(rule, first.span().start.min(self.command.span().start)..self.command.span().end)
    }
}
