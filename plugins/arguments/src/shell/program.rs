//! Which program a simple command runs, and with what.

use std::borrow::Cow;

use super::syntax::{Command, Word};

/// Words that stand before a command and are none: reserved words of the shell.
const RESERVED: &[&str] = &["!", "do", "elif", "else", "if", "then", "until", "while", "{"];

/// Programs that run the command in their arguments, and those of their options that take a value.
const WRAPPERS: &[(&str, &[&str])] = &[
    ("builtin", &[]),
    ("busybox", &[]),
    ("command", &[]),
    ("doas", &["-u", "-C"]),
    ("env", &["-u", "-C", "-S"]),
    ("exec", &["-a"]),
    ("ionice", &["-c", "-n"]),
    ("nice", &["-n"]),
    ("nohup", &[]),
    ("setsid", &[]),
    ("stdbuf", &["-i", "-o", "-e"]),
    ("sudo", &["-u", "-g", "-h", "-p", "-C", "-U"]),
    ("time", &["-f", "-o"]),
    ("timeout", &["-s", "-k"]),
    ("xargs", &["-I", "-n", "-P", "-L", "-d", "-s", "-a", "-E"]),
];

/// Wrappers that one command may have in a row.
const MOST_WRAPPERS: usize = 8;

/// A program and its arguments.
pub(super) struct Program<'c> {
    /// Its name, without the directories before it and without `.exe`, in lower case.
    pub(super) name: String,
    /// Its name as it was written.
    pub(super) word: &'c Word<'c>,
    /// Its arguments.
    pub(super) args: &'c [Word<'c>],
}

impl<'c> Program<'c> {
    /// The program that a command runs, if it runs one.
    pub(super) fn of(command: &'c Command<'c>) -> Option<Self> {
        let mut words = command.words.as_slice();
        for _ in 0..MOST_WRAPPERS {
            words = &words[words.iter().take_while(|word| is_before_command(word)).count()..];
            let (word, args) = words.split_first()?;
            let name = base_name(&word.text);
            let Some((_, valued)) = WRAPPERS.iter().find(|(wrapper, _)| *wrapper == name) else {
                return Some(Self { name, word, args });
            };
            let rest = behind_options(args, valued, name == "timeout");
            if rest.is_empty() {
                return Some(Self { name, word, args });
            }
            words = rest;
        }
        let (word, args) = words.split_first()?;
        Some(Self { name: base_name(&word.text), word, args })
    }

    /// Whether it is one of these.
    pub(super) fn is(&self, names: &[&str]) -> bool {
        names.contains(&self.name.as_str())
    }

    /// Whether an argument is one of these.
    pub(super) fn has(&self, args: &[&str]) -> bool {
        self.args.iter().any(|arg| args.contains(&arg.text.as_ref()))
    }

    /// Whether the short options hold a letter: `-rf` holds `r` and `f`.
    pub(super) fn has_letter(&self, letter: char) -> bool {
        let short = |arg: &&Word<'_>| arg.text.starts_with('-') && !arg.text.starts_with("--");
        self.args.iter().filter(short).any(|arg| arg.text.contains(letter))
    }

    /// The argument behind an option, or the rest of the word that begins with it.
    pub(super) fn behind(&self, options: &[&str]) -> Option<&'c Word<'c>> {
        let at = self.args.iter().position(|arg| options.contains(&arg.text.as_ref()))?;
        self.args.get(at + 1)
    }

    /// The arguments that are no options.
    pub(super) fn operands(&self) -> impl Iterator<Item = &'c Word<'c>> {
        self.args.iter().filter(|arg| !arg.text.starts_with('-') || arg.text == "-")
    }
}

/// The name of a program without its directories, without `.exe`, in lower case; what expands to nothing is left out
/// (`c$@at`).
pub(super) fn base_name(text: &str) -> String {
    let text = text.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    let text = text.strip_suffix(".exe").map_or(text.clone(), ToString::to_string);
    if text.contains('$') { text.replace("$@", "").replace("$*", "").replace("${x}", "") } else { text }
}

/// Whether a word stands before a command: a reserved word, or an assignment.
fn is_before_command(word: &Word<'_>) -> bool {
    let assigned = word.text.split_once('=').is_some_and(|(name, _)| {
        let mut bytes = name.bytes();
        bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    assigned || RESERVED.contains(&word.text.as_ref())
}

/// What stands behind a wrapper's options.
fn behind_options<'c>(args: &'c [Word<'c>], valued: &[&str], takes_operand: bool) -> &'c [Word<'c>] {
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        if !arg.text.starts_with('-') {
            break;
        }
        at += if valued.contains(&arg.text.as_ref()) { 2 } else { 1 };
    }
    // `timeout 5 command`
    at += usize::from(takes_operand);
    args.get(at..).unwrap_or_default()
}

/// The words of a brace expansion that stands in place of a command: `{cat,/etc/passwd}`.
pub(super) fn braced<'w>(word: &'w Word<'_>) -> Option<Vec<Cow<'w, str>>> {
    let inner = word.text.strip_prefix('{')?.strip_suffix('}')?;
    (!word.quoted && inner.contains(',')).then(|| inner.split(',').map(Cow::Borrowed).collect())
}
