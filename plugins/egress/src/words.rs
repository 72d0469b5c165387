//! The words by which a URL says what it carries.

/// What stands where data is to be put: names that mean what was said or read, and no mere identifier. Names of keys
/// (`token`, `api_key`), of records (`id`, `user`) and of addresses are not here: documentation is full of them.
const DATA: &[&str] = &[
    "answer",
    "base64",
    "chat",
    "content",
    "contents",
    "context",
    "conversation",
    "credentials",
    "data",
    "document",
    "documents",
    "dump",
    "email",
    "emails",
    "encoded",
    "exfil",
    "file",
    "history",
    "inbox",
    "info",
    "information",
    "leak",
    "memory",
    "message",
    "messages",
    "notes",
    "output",
    "password",
    "passwords",
    "payload",
    "pii",
    "private",
    "prompt",
    "prompts",
    "response",
    "secret",
    "secrets",
    "sensitive",
    "stolen",
    "summary",
    "transcript",
];

/// Keys of a query or names of a path under which nobody but a thief sends something: the data itself named, or the act.
const TELLING: &[&str] = &[
    "chat_history",
    "chathistory",
    "chatlog",
    "conversation",
    "conversation_history",
    "creditcard",
    "credit_card",
    "credentials",
    "exfil",
    "exfiltrate",
    "exfiltrated",
    "leak",
    "leaked",
    "loot",
    "passwd",
    "password",
    "passwords",
    "private_key",
    "secret",
    "secrets",
    "ssn",
    "steal",
    "stolen",
    "system_prompt",
    "systemprompt",
    "user_data",
    "userdata",
    "victim",
];

/// The longest name that is compared.
const LONGEST: usize = 48;

/// Programs whose output is data: they print files, the environment or who one is, or encode what they are given.
/// Commands of installation lines (`uname`, `lsb_release`, `dpkg`, `curl`) are not here.
const COMMANDS: &[&str] = &[
    "base64", "cat", "cut", "env", "find", "grep", "gzip", "head", "history", "hostname", "id", "ls", "od", "printenv",
    "tail", "tar", "whoami", "xxd",
];

/// Whether a placeholder's name says that data goes there: one of its words does, as in `user_secrets`.
pub(crate) fn is_data(name: &[u8]) -> bool {
    name.len() <= LONGEST && name.split(|byte| !byte.is_ascii_alphanumeric()).any(|word| is_one_of(DATA, word))
}

/// Whether this, in angle brackets, is a pseudonym that the host has put there: `EMAIL_1`.
pub(crate) fn is_pseudonym(name: &[u8]) -> bool {
    let number = name.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let class = name[..name.len() - number].strip_suffix(b"_");
    number > 0
        && class.is_some_and(|class| {
            class.first().is_some_and(u8::is_ascii_uppercase)
                && class.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
        })
}

/// Whether the name of a value says that it was not meant for whom it is sent to.
pub(crate) fn is_telling(key: &[u8]) -> bool {
    is_one_of(TELLING, key)
}

/// Whether a shell command, as it stands in `$(…)`, prints data.
pub(crate) fn prints_data(command: &[u8]) -> bool {
    let command = command.trim_ascii_start();
    let program = command.iter().take(LONGEST).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    is_one_of(COMMANDS, &command[..program])
}

/// Whether a word is in a list, in any case.
fn is_one_of(list: &[&str], word: &[u8]) -> bool {
    list.iter().any(|listed| listed.len() == word.len() && word.eq_ignore_ascii_case(listed.as_bytes()))
}
