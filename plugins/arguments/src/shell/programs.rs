//! The names of programs that tell a command from a sentence.

use super::syntax::Word;

/// Programs whose names are no words of English: behind an operator, each is a command.
const PLAIN: &[&str] = &[
    "arp",
    "awk",
    "base64",
    "bitsadmin",
    "certutil",
    "chgrp",
    "chmod",
    "chown",
    "chsh",
    "cmd",
    "crontab",
    "cscript",
    "curl",
    "dd",
    "del",
    "dpkg",
    "egrep",
    "fgrep",
    "getent",
    "grep",
    "groupadd",
    "gzip",
    "hexdump",
    "ifconfig",
    "ipconfig",
    "iptables",
    "journalctl",
    "ldd",
    "ln",
    "ls",
    "lsb_release",
    "lsof",
    "md5sum",
    "mkdir",
    "mkfifo",
    "mknod",
    "mkfs",
    "mshta",
    "msiexec",
    "mv",
    "nc",
    "ncat",
    "netcat",
    "netsh",
    "netstat",
    "nmap",
    "nohup",
    "nslookup",
    "openssl",
    "passwd",
    "printenv",
    "printf",
    "pwd",
    "pwsh",
    "rcp",
    "reboot",
    "regsvr32",
    "rm",
    "rmdir",
    "rsync",
    "rundll32",
    "schtasks",
    "scp",
    "sed",
    "setfacl",
    "sftp",
    "socat",
    "ss",
    "ssh",
    "sudo",
    "sysctl",
    "systemctl",
    "systeminfo",
    "tac",
    "tar",
    "tasklist",
    "tcpdump",
    "telnet",
    "tftp",
    "traceroute",
    "tracert",
    "uname",
    "unlink",
    "unzip",
    "useradd",
    "usermod",
    "vssadmin",
    "wevtutil",
    "wget",
    "whoami",
    "wmic",
    "wscript",
    "xxd",
];

/// Programs whose names are words, names of products, or too short to tell: they are commands with arguments that only a
/// command has.
const WORDLIKE: &[&str] = &[
    "at",
    "attrib",
    "bash",
    "cat",
    "cd",
    "copy",
    "cp",
    "csh",
    "cut",
    "dash",
    "date",
    "df",
    "dig",
    "dir",
    "echo",
    "env",
    "eval",
    "exec",
    "export",
    "fetch",
    "file",
    "find",
    "finger",
    "ftp",
    "git",
    "groups",
    "halt",
    "head",
    "history",
    "host",
    "hostname",
    "id",
    "iex",
    "ip",
    "java",
    "kill",
    "ksh",
    "last",
    "less",
    "lynx",
    "mail",
    "more",
    "mount",
    "move",
    "mysql",
    "net",
    "nl",
    "node",
    "php",
    "ping",
    "perl",
    "ps",
    "psql",
    "python",
    "python2",
    "python3",
    "powershell",
    "reg",
    "route",
    "ruby",
    "sc",
    "set",
    "sh",
    "shutdown",
    "sleep",
    "sort",
    "source",
    "start",
    "strings",
    "su",
    "tail",
    "tee",
    "test",
    "time",
    "timeout",
    "top",
    "touch",
    "tr",
    "type",
    "uniq",
    "uptime",
    "ver",
    "vi",
    "vim",
    "w",
    "wc",
    "who",
    "xargs",
    "zsh",
];

/// Directories in which the programs of a Unix machine are.
const BINARIES: &[&str] = &["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/"];

/// What `net` of Windows does.
const NET: &[&str] = &["accounts", "group", "localgroup", "session", "share", "start", "stop", "use", "user", "view"];

/// How much a name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Telling {
    /// It is a word like others.
    Word,
    /// It is a program's.
    Program,
}

/// How much a name says, by its base name in lower case and as it was written; `None` if it is no program's.
pub(super) fn telling(base: &str, written: &str) -> Option<Telling> {
    let from_binaries = BINARIES.iter().any(|folder| written.starts_with(folder) || written.starts_with(&folder[1..]));
    let windows = written.len() > 3 && written.to_ascii_lowercase().ends_with(".exe");
    if from_binaries || windows || PLAIN.contains(&base) {
        Some(Telling::Program)
    } else {
        WORDLIKE.contains(&base).then_some(Telling::Word)
    }
}

/// Whether an argument is one that a word in a sentence is not followed by: an option, a path, a pattern.
fn is_telling(arg: &str) -> bool {
    let bytes = arg.as_bytes();
    match bytes {
        [b'-', rest, ..] => rest.is_ascii_alphabetic() || *rest == b'-',
        // `/etc`, and `/all` of Windows.
        [b'/', rest, ..] => rest.is_ascii_alphanumeric(),
        [b'~' | b'.', b'/', ..] | [b'.', b'.', b'/', ..] | [b'$' | b'%', _, ..] => true,
        [drive, b':', ..] if drive.is_ascii_alphabetic() => true,
        _ => {
            arg.starts_with("http://")
                || arg.starts_with("https://")
                || arg.contains("/etc/")
                || arg.parse::<std::net::Ipv4Addr>().is_ok()
        }
    }
}

/// Whether the arguments of a program whose name is a word show that it is one.
pub(super) fn shows_program(name: &str, args: &[Word<'_>]) -> bool {
    let does = |arg: &Word<'_>| NET.iter().any(|word| word.eq_ignore_ascii_case(&arg.text));
    args.iter().any(|arg| is_telling(&arg.text)) || (name == "net" && args.first().is_some_and(does))
}
