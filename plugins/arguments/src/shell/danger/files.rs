//! What is written that is run or believed later, and credentials that are read.

use super::At;
use crate::places;
use crate::rules::{self, Hit};
use crate::shell::program::Program;
use crate::shell::syntax::Word;

/// Programs that write to the files in their arguments.
const WRITERS: &[&str] = &["tee", "cp", "mv", "install", "ln", "truncate"];

/// Programs that show, copy or pack the files in their arguments.
const READERS: &[&str] = &[
    "awk",
    "base64",
    "bat",
    "cat",
    "cp",
    "curl",
    "cut",
    "dd",
    "egrep",
    "grep",
    "gzip",
    "head",
    "hexdump",
    "less",
    "more",
    "nl",
    "od",
    "rsync",
    "scp",
    "sed",
    "sort",
    "strings",
    "tac",
    "tail",
    "tar",
    "type",
    "vi",
    "vim",
    "xxd",
    "zip",
    "copy",
    "get-content",
];

/// Bytes of the shortest path in the tables.
const SHORTEST: usize = 5;

fn is_startup(word: &Word<'_>) -> bool {
    word.text.len() >= SHORTEST && places::is_startup(&places::normal(&word.text))
}

/// Redirections to and from such files.
pub(super) fn redirections(at: At<'_, '_>, hits: &mut Vec<Hit>) {
    for redirect in &at.command.redirects {
        if redirect.writes && is_startup(&redirect.target) {
            hits.push(at.hit(&rules::SHELL_PERSISTENCE));
        } else if !redirect.writes && keeps_credentials(&redirect.target) {
            hits.push(at.hit(&rules::SHELL_CREDENTIALS));
        }
    }
}

fn keeps_credentials(word: &Word<'_>) -> bool {
    word.text.len() >= SHORTEST && places::keeps_credentials(&places::normal(&word.text))
}

pub(super) fn judge(at: At<'_, '_>, program: &Program<'_>, hits: &mut Vec<Hit>) {
    if persists(program) {
        hits.push(at.hit(&rules::SHELL_PERSISTENCE));
    }
    if program.is(READERS) && program.args.iter().any(keeps_credentials) {
        hits.push(at.hit(&rules::SHELL_CREDENTIALS));
    }
    let keychain = program.is(&["security"]) && program.args.iter().any(|arg| arg.text.starts_with("find-"));
    let registry = program.is(&["reg"]) && program.has(&["save"]);
    if keychain
        || registry
        || program.is(&["mimikatz", "procdump"]) && program.args.iter().any(|arg| arg.text.contains("lsass"))
    {
        hits.push(at.hit(&rules::SHELL_CREDENTIALS));
    }
}

fn persists(program: &Program<'_>) -> bool {
    let last_is_startup = || program.operands().last().is_some_and(is_startup);
    match program.name.as_str() {
        "tee" => program.operands().any(is_startup),
        name if WRITERS.contains(&name) => program.operands().count() > 1 && last_is_startup(),
        "sed" | "perl" => program.has_letter('i') && last_is_startup(),
        "dd" => program.args.iter().any(|arg| arg.text.starts_with("of=") && is_startup(arg)),
        // From its input or a file; `-l` and `-e` show and edit, `-r` takes away.
        "crontab" => {
            program.args.last().is_some_and(|arg| arg.text == "-" || !arg.text.starts_with('-'))
                && !program.has(&["-l", "-r", "-e"])
        }
        "useradd" | "usermod" => program.behind(&["-u", "--uid"]).is_some_and(|arg| arg.text == "0"),
        "schtasks" => program.args.iter().any(|arg| arg.text.eq_ignore_ascii_case("/create")),
        "reg" => {
            let adds = program.args.first().is_some_and(|arg| arg.text.eq_ignore_ascii_case("add"));
            adds && program.args.iter().any(|arg| arg.text.to_ascii_lowercase().contains("currentversion\\run"))
        }
        _ => false,
    }
}
