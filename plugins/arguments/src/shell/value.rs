//! Shell commands in an argument that takes a value.
//!
//! The command line that the value goes into is not known, so the value is read as it stands and, as if a quote had been
//! opened before it, behind its first quote of either kind. An operator alone says nothing (`AT&T`, `a | b`): what counts
//! is that a program's name follows it, and where that name is a word of English, that its arguments are a command's.

use memchr::{memchr, memmem};

use super::parser::parse;
use super::program::{Program, braced};
use super::programs::{Telling, shows_program, telling};
use super::syntax::{Command, Inside, Link, Script};
use crate::rules::{self, Hit};

/// Calls of other languages that run a command or evaluate code: PHP, Python, Node, Ruby, Perl, Java.
const CALLS: &[&str] = &[
    "system(",
    "shell_exec(",
    "passthru(",
    "proc_open(",
    "popen(",
    "pcntl_exec(",
    "phpinfo(",
    "<?php",
    "os.popen",
    "subprocess.",
    "__import__(",
    "child_process",
    "execsync(",
    "getruntime().exec",
    "processbuilder(",
];

/// Options by which a program runs a command: ssh, git, tar, rsync, find, curl and wget.
const OPTIONS: &[&str] = &[
    "-oproxycommand",
    "--upload-pack",
    "--receive-pack",
    "--use-compress-program",
    "--checkpoint-action",
    "--to-command",
    "--rsh=",
    "--use-askpass",
    "ext::",
];

/// Finds injections of shell commands in a value.
pub(crate) fn judge(text: &str, hits: &mut Vec<Hit>) {
    if !text
        .bytes()
        .any(|byte| matches!(byte, b'|' | b'&' | b';' | b'`' | b'$' | b'\n' | b'>' | b'(' | b'<' | b'-' | b':'))
    {
        return;
    }
    let behind = |quote| memchr(quote, text.as_bytes()).map(|at| at + 1);
    for from in [Some(0), behind(b'\''), behind(b'"')].into_iter().flatten() {
        let script = parse(text, from);
        let rest = text.get(from..).unwrap_or_default();
        let lead = from + rest.len() - rest.trim_start().len();
        for (index, command) in script.commands.iter().enumerate() {
            operator(&script, index, command, lead, hits);
            substitution(&script, command, hits);
            redirects(command, hits);
        }
        disguises(&script, hits);
    }
    literal(text, hits);
}

/// Whether a text begins as a command does: with a program's name, and what only a command has behind it.
pub(crate) fn begins_command(text: &str) -> bool {
    // The first words show it.
    let script = parse(&text[..text.floor_char_boundary(1024)], 0);
    let Some(command) = script.commands.iter().find(|command| command.place == 0) else { return false };
    let Some(program) = Program::of(command) else { return false };
    match telling(&program.name, &program.word.text) {
        Some(Telling::Program) => true,
        Some(Telling::Word) => shows_program(&program.name, program.args) || script.commands.len() > 1,
        None => program.word.text.starts_with("./") || program.word.text.starts_with('/'),
    }
}

/// An operator and the command behind it.
fn operator(script: &Script<'_>, index: usize, command: &Command<'_>, lead: usize, hits: &mut Vec<Hit>) {
    if command.link == Link::Start || command.inside != Inside::Group {
        return;
    }
    let Some(program) = Program::of(command) else { return };
    let name = if let Some(words) = braced(program.word) { words[0].to_string() } else { program.name.clone() };
    let Some(telling) = telling(&name, &program.word.text) else { return };
    // A value does not begin with an operator: whoever wrote it counted on what stands before the value.
    let first = command.operator.start <= lead;
    let args = shows_program(&program.name, program.args) || braced(program.word).is_some();
    let disguised = program.word.quoted || !script.disguises.is_empty();
    let followed = script.commands.get(index + 1).is_some_and(|next| next.link != Link::Start);
    let number = program.is(&["sleep", "ping", "timeout"]) && program.args.iter().any(|arg| is_count(&arg.text));
    let confidence = match telling {
        Telling::Program if args || first => 95,
        Telling::Program => 85,
        Telling::Word if args || number || disguised || !command.redirects.is_empty() => 90,
        // Nothing but the operator and the name, as in `;id`: in the middle of a value it may be a list.
        Telling::Word if first && (program.args.is_empty() || followed) => 75,
        Telling::Word => return,
    };
    hits.push(Hit::new(&rules::INJECTED_COMMAND, command.operator.start..command.span().end).sure(confidence));
}

fn is_count(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// A command in `$(…)` or backticks.
fn substitution(script: &Script<'_>, command: &Command<'_>, hits: &mut Vec<Hit>) {
    if !matches!(command.inside, Inside::Substitution | Inside::Backticks) || command.link != Link::Start {
        return;
    }
    let Some(program) = Program::of(command) else { return };
    let known = telling(&program.name, &program.word.text);
    let args = shows_program(&program.name, program.args) || !command.redirects.is_empty();
    let confidence = match (command.inside, known) {
        (_, Some(Telling::Program)) => 92,
        (Inside::Substitution, Some(Telling::Word)) => 85,
        // Markdown writes code in backticks, and SQL names.
        (Inside::Backticks, Some(Telling::Word)) if args || !script.disguises.is_empty() => 85,
        (Inside::Backticks, Some(Telling::Word)) if program.args.len() == 1 || program.name == "id" => 70,
        (Inside::Substitution, None) if args => 65,
        _ => return,
    };
    // With the mark that opens it, and the one that closes it.
    let span = command.operator.start.saturating_sub(if command.inside == Inside::Backticks { 1 } else { 2 });
    hits.push(Hit::new(&rules::INJECTED_SUBSTITUTION, span..command.span().end).sure(confidence));
}

/// A redirection to a path.
fn redirects(command: &Command<'_>, hits: &mut Vec<Hit>) {
    for redirect in &command.redirects {
        let target = redirect.target.text.as_ref();
        let folders = ["/etc/", "/tmp/", "/dev/", "/var/", "/home/", "/root/", "/usr/", "/proc/", "~/"];
        if folders.iter().any(|folder| target.starts_with(folder)) {
            hits.push(Hit::new(&rules::INJECTED_REDIRECT, redirect.target.span.clone()));
        }
    }
}

fn disguises(script: &Script<'_>, hits: &mut Vec<Hit>) {
    hits.extend(script.disguises.iter().map(|span| Hit::new(&rules::INJECTED_EXPANSION, span.clone())));
}

/// What is found without the grammar of a shell.
fn literal(text: &str, hits: &mut Vec<Hit>) {
    let lower = text.to_ascii_lowercase();
    for call in CALLS {
        for at in memmem::find_iter(lower.as_bytes(), call.as_bytes()).take(4) {
            let inside_word = at.checked_sub(1).is_some_and(|before| {
                let before = lower.as_bytes()[before];
                before.is_ascii_alphanumeric() || before == b'_'
            });
            if !inside_word {
                hits.push(Hit::new(&rules::INJECTED_CALL, at..at + call.len()));
            }
        }
    }
    for option in OPTIONS {
        if lower.starts_with(option) {
            hits.push(Hit::new(&rules::INJECTED_OPTION, 0..text.len()));
        }
    }
    // CVE-2014-6271: bash ran what stood behind a function in a variable.
    if let Some(at) = memmem::find(text.as_bytes(), b"() {") {
        let body = text.as_bytes()[at + 4..].iter().take(8).any(|byte| *byte == b':');
        if body {
            hits.push(Hit::new(&rules::INJECTED_SHELLSHOCK, at..at + 4));
        }
    }
}
