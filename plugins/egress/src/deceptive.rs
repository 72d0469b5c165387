//! URLs that lead elsewhere than a reader thinks.

use unicode_script::{Script, UnicodeScript as _};

use crate::address::{Address, Written};
use crate::rules::{CREDENTIALS, DISGUISED, HOST_IN_USERINFO, LOOK_ALIKE, Rule};

/// The rule by which a URL deceives, if it does.
pub(crate) fn rule(address: &Address<'_>, written: Written<'_>) -> Option<&'static Rule> {
    if looks_like_host(written.userinfo) {
        return Some(&HOST_IN_USERINFO);
    }
    if address.is_disguised {
        return Some(&DISGUISED);
    }
    if address.host.split('.').any(|label| label.starts_with("xn--")) && looks_alike(&address.host) {
        return Some(&LOOK_ALIKE);
    }
    address.has_password.then_some(&CREDENTIALS)
}

/// Whether a user name reads as a host: `https://bank.example@evil.example/`. Mail addresses as user names have an `@` of
/// their own, encoded or not.
fn looks_like_host(userinfo: &str) -> bool {
    let name = userinfo.split(':').next().unwrap_or_default();
    let belongs = |char: char| char.is_alphanumeric() || matches!(char, '.' | '-');
    name.rsplit_once('.').is_some_and(|(start, end)| {
        !start.is_empty() && end.len() >= 2 && end.chars().all(char::is_alphabetic) && name.chars().all(belongs)
    })
}

/// Cyrillic letters that Unicode's table of confusables (UTS 39, `confusables.txt`) gives an ASCII letter for.
const LIKE_LATIN: &str = "\u{430}\u{441}\u{501}\u{435}\u{4bb}\u{456}\u{458}\u{4cf}\u{43e}\u{440}\u{51b}\u{455}\u{51d}\u{445}\u{443}\u{475}\u{50d}";

/// Whether some label of a host in ASCII form mixes scripts that no language mixes, or consists of Cyrillic letters that
/// look like Latin ones under a top level domain in Latin letters.
fn looks_alike(host: &str) -> bool {
    let (unicode, _) = idna::domain_to_unicode(host);
    let latin_end = host.rsplit('.').next().is_some_and(|end| !end.starts_with("xn--"));
    unicode.split('.').any(|label| {
        let letters = || label.chars().filter(|char| !char.is_ascii_digit() && *char != '-');
        let whole = letters().next().is_some() && letters().all(|char| LIKE_LATIN.contains(char));
        (latin_end && whole) || is_mixed(label)
    })
}

/// Whether a label's scripts exceed what UTS 39, section 5.2 calls highly restrictive: one script, or Latin with those of
/// Chinese, Japanese or Korean.
fn is_mixed(label: &str) -> bool {
    let mut scripts: Vec<Script> = Vec::new();
    for script in label.chars().map(|char| char.script()) {
        if !matches!(script, Script::Common | Script::Inherited | Script::Unknown) && !scripts.contains(&script) {
            scripts.push(script);
        }
    }
    let within = |allowed: &[Script]| scripts.iter().all(|script| allowed.contains(script));
    scripts.len() > 1
        && !within(&[Script::Latin, Script::Han, Script::Hiragana, Script::Katakana])
        && !within(&[Script::Latin, Script::Han, Script::Bopomofo])
        && !within(&[Script::Latin, Script::Han, Script::Hangul])
}
