//! Passwords on a command line and in netrc files: `--password …`, `curl -u user:…`, `login me password …`.

use memchr::memmem;

use crate::assignment::{self, Joined};
use crate::names;
use crate::rules;
use crate::scan::Scan;
use crate::work;

/// How far in front of `-u` the command's name is looked for.
const COMMAND: usize = 128;

/// The longest user name, and the longest password.
const LONGEST_USER: usize = 128;
const LONGEST_PASSWORD: usize = 128;

/// Takes the argument of the option whose name begins here, behind two hyphens.
pub(crate) fn option(scan: &mut Scan, name: usize) -> bool {
    let text = scan.text;
    let head = scan.ahead(name, names::LONGEST);
    let length = head.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).count();
    let behind = name + length;
    if text.get(behind) != Some(&b' ') || text.get(behind + 1) == Some(&b'-') {
        return false;
    }
    if &head[..length] == b"user" {
        return user(scan, name, behind + 1);
    }
    let name = &head[..length];
    if let Some(kind) = names::kind(name) {
        assignment::take(scan, name, kind, behind + 1, Joined::Option);
    }
    false
}

/// Takes the password of the `user:password` that begins at `from`, where `curl` stands before `at`.
pub(crate) fn user(scan: &mut Scan, at: usize, from: usize) -> bool {
    let text = scan.text;
    work::add(COMMAND);
    if memmem::find(&text[at.saturating_sub(COMMAND)..at], b"curl").is_none() {
        return false;
    }
    let begin = from + usize::from(matches!(text.get(from), Some(b'"' | b'\'')));
    let head = scan.ahead(begin, LONGEST_USER);
    let Some(colon) = memchr::memchr(b':', head) else { return false };
    if head[..colon].iter().copied().any(ends_argument) {
        return false;
    }
    // In a shell the password may be in quotes by itself: `user:'password'`.
    let password = begin + colon + 1;
    let password = password + usize::from(matches!(text.get(password), Some(b'"' | b'\'')));
    let rest = scan.ahead(password, LONGEST_PASSWORD + 1);
    let length = rest.iter().copied().position(ends_argument).unwrap_or(rest.len());
    let place = password..password + length;
    if place.end == text.len() && length > 0 {
        scan.hold(password);
    }
    if length > LONGEST_PASSWORD || !scan.worth.may_be_password(&text[place.clone()]) {
        return false;
    }
    scan.found(&rules::COMMAND_PASSWORD, place);
    true
}

/// Whether a byte ends an argument of a command.
fn ends_argument(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'')
}

/// Takes the password that begins at `from`, where `login NAME` stands before its keyword at `at`.
pub(crate) fn netrc(scan: &mut Scan, at: usize, from: usize) -> bool {
    let text = scan.text;
    let head = &text[at.saturating_sub(LONGEST_USER)..at];
    let mut words = head.rsplit(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let (Some(_), Some(b"login" | b"account")) = (words.next(), words.next()) else { return false };
    let head = scan.ahead(from, LONGEST_PASSWORD + 1);
    let end = head.iter().position(u8::is_ascii_whitespace).unwrap_or(head.len());
    if from + end == text.len() && end > 0 {
        scan.hold(from);
    }
    if end > LONGEST_PASSWORD || !scan.worth.may_be_password(&head[..end]) {
        return false;
    }
    scan.found(&rules::NETRC, from..from + end);
    true
}
