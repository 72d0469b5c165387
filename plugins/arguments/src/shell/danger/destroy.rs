//! What destroys, hides its tracks, or gives rights away.

use super::At;
use crate::rules::{self, Hit};
use crate::shell::program::Program;

/// Folders without which a machine or a user's work is gone.
const ROOTS: &[&str] = &[
    "/",
    "/*",
    "/.",
    "/.*",
    "~",
    "~/",
    "~/*",
    "$HOME",
    "$HOME/",
    "$HOME/*",
    "${HOME}",
    "${HOME}/",
    "${HOME}/*",
    "/bin",
    "/boot",
    "/etc",
    "/home",
    "/lib",
    "/opt",
    "/root",
    "/sbin",
    "/srv",
    "/sys",
    "/usr",
    "/var",
    "/Users",
    "/System",
    "/Library",
    "C:\\",
    "C:/",
    "C:\\*",
    "C:",
    "%SystemRoot%",
    "%USERPROFILE%",
];

/// Devices that hold file systems.
const DISKS: &[&str] = &[
    "/dev/sd",
    "/dev/hd",
    "/dev/vd",
    "/dev/nvme",
    "/dev/xvd",
    "/dev/mmcblk",
    "/dev/disk",
    "/dev/mapper/",
    "/dev/dm-",
    "/dev/mem",
];

fn is_root(text: &str) -> bool {
    let trimmed = text.trim_end_matches('*').trim_end_matches('/');
    let folder = if trimmed.is_empty() { text } else { trimmed };
    ROOTS.contains(&text) || ROOTS.contains(&folder)
}

fn is_disk(text: &str) -> bool {
    DISKS.iter().any(|disk| text.starts_with(disk))
}

pub(super) fn judge(at: At<'_, '_>, program: &Program<'_>, hits: &mut Vec<Hit>) {
    if destroys(program)
        || at.command.redirects.iter().any(|redirect| redirect.writes && is_disk(&redirect.target.text))
    {
        hits.push(at.hit(&rules::SHELL_DESTRUCTIVE));
    }
    if covers_tracks(at, program) {
        hits.push(at.hit(&rules::SHELL_TRACKS));
    }
    if program.is(&["chmod"]) && program.args.iter().any(|arg| sets_user(&arg.text)) {
        let shell = program.operands().any(|arg| arg.text.ends_with("sh") || arg.text.starts_with("/bin/"));
        hits.push(at.hit(&rules::SHELL_SETUID).sure(if shell { 95 } else { 60 }));
    }
}

fn destroys(program: &Program<'_>) -> bool {
    let recursive = program.has_letter('r') || program.has_letter('R') || program.has(&["--recursive"]);
    let on_root = || program.operands().any(|arg| is_root(&arg.text));
    match program.name.as_str() {
        "rm" => (recursive && on_root()) || program.has(&["--no-preserve-root"]),
        "chmod" | "chown" | "chgrp" => recursive && on_root(),
        "mv" => program.operands().next().is_some_and(|arg| is_root(&arg.text)) && program.has(&["/dev/null"]),
        "dd" => program.args.iter().any(|arg| arg.text.strip_prefix("of=").is_some_and(is_disk)),
        "shred" | "wipefs" | "blkdiscard" => program.operands().any(|arg| is_disk(&arg.text)),
        "mkswap" => program.operands().any(|arg| is_disk(&arg.text)),
        name if name == "mkfs" || name.starts_with("mkfs.") => program.operands().any(|arg| is_disk(&arg.text)),
        // Everything below a root, without a test that chooses among it.
        "find" => {
            let acts = program.has(&["-delete"])
                || program.args.windows(2).any(|pair| pair[0].text == "-exec" && pair[1].text == "rm");
            let chooses = program.args.iter().any(|arg| {
                let tests = [
                    "name", "path", "regex", "time", "min", "newer", "size", "empty", "user", "group", "perm", "inum",
                    "links",
                ];
                arg.text.starts_with('-') && tests.iter().any(|test| arg.text.contains(test))
            });
            acts && !chooses && program.args.first().is_some_and(|arg| is_root(&arg.text))
        }
        "del" | "erase" | "rd" | "rmdir" | "remove-item" => {
            let all = program
                .args
                .iter()
                .any(|arg| matches!(arg.text.to_ascii_lowercase().as_str(), "/s" | "-recurse" | "-r"));
            all && program
                .args
                .iter()
                .any(|arg| is_root(&arg.text) || arg.text.to_ascii_uppercase().starts_with("C:\\WINDOWS"))
        }
        "format" => program.args.first().is_some_and(|arg| matches!(arg.text.as_bytes(), [_, b':'])),
        "vssadmin" => program.has(&["delete"]),
        "diskpart" => program.has(&["/s"]),
        _ => false,
    }
}

/// Whether a mode of `chmod` lets a program run with its owner's or group's rights.
fn sets_user(mode: &str) -> bool {
    let digits = mode.len() == 4 && mode.bytes().all(|byte| byte.is_ascii_digit());
    (digits && matches!(mode.as_bytes()[0], b'2' | b'4' | b'6' | b'7')) || mode.contains("+s") || mode.contains("+xs")
}

fn covers_tracks(at: At<'_, '_>, program: &Program<'_>) -> bool {
    let history = |text: &str| text.contains("_history") || text.starts_with("/var/log/");
    let removes =
        program.is(&["rm", "shred", "truncate", "unlink"]) && program.operands().any(|arg| history(&arg.text));
    let empties = program.is(&["cat", ":", "echo", "true"])
        && at.command.redirects.iter().any(|redirect| redirect.writes && redirect.target.text.contains("_history"));
    match program.name.as_str() {
        "history" => program.has_letter('c'),
        "unset" => program.has(&["HISTFILE", "HISTSIZE"]),
        "export" => program
            .args
            .iter()
            .any(|arg| matches!(arg.text.as_ref(), "HISTFILE=/dev/null" | "HISTSIZE=0" | "HISTFILESIZE=0")),
        "wevtutil" => program.has(&["cl", "clear-log"]),
        "clear-eventlog" | "clear-history" => true,
        "setenforce" => program.has(&["0"]),
        "auditctl" => program.has(&["-D"]),
        _ => removes || empties,
    }
}

/// Bytes of the longest name of a function that is looked at.
const LONGEST_NAME: usize = 16;

/// `:(){ :|:& };:`: a function that starts itself twice. Its parts are no commands that one would look at each by each.
pub(super) fn fork_bomb(text: &str, hits: &mut Vec<Hit>) {
    let mut from = 0;
    // Each search goes on behind the last, so that the text is passed once.
    while let Some(found) = memchr::memmem::find(&text.as_bytes()[from..], b"()") {
        let at = from + found;
        from = at + 2;
        let name = text.as_bytes()[..at].iter().rev().take(LONGEST_NAME);
        let name =
            name.take_while(|before| !before.is_ascii_whitespace() && **before != b';' && before.is_ascii()).count();
        let name_start = at - name;
        let Some(name) = text.get(name_start..at).filter(|name| !name.is_empty()) else { continue };
        let body = &text[from..from + text[from..].floor_char_boundary(64)];
        if !body.trim_start().starts_with('{') {
            continue;
        }
        let pressed: String = body.chars().filter(|character| !character.is_whitespace()).collect();
        if pressed.starts_with(&format!("{{{name}|{name}&")) {
            hits.push(Hit::new(&rules::SHELL_DESTRUCTIVE, name_start..from));
        }
    }
}
