//! Tokens of chat bots: Telegram's and Discord's.

use crate::opener::{begins, ends};
use crate::rules::{self, Alphabet};
use crate::scan::Scan;
use crate::{work, worth};

/// Digits of a Telegram bot's number.
const TELEGRAM_NUMBER: std::ops::RangeInclusive<usize> = 8..=10;

/// Bytes of a Telegram token behind the colon.
const TELEGRAM_SECRET: usize = 35;

/// Bytes of the parts of a Discord token: the bot's number in base64, a time, a code.
const DISCORD_NUMBER: std::ops::RangeInclusive<usize> = 23..=28;
const DISCORD_TIME: usize = 6;
const DISCORD_CODE: std::ops::RangeInclusive<usize> = 27..=38;

/// Takes Telegram's token around the colon here: the bot's number, the colon, 35 characters that begin with `AA`.
pub(crate) fn telegram(scan: &mut Scan, colon: usize) {
    let text = scan.text;
    let head = scan.ahead(colon + 1, 2);
    if !b"AA".starts_with(head) {
        return;
    }
    let Some(begin) = telegram_number(text, colon) else { return };
    let rest = scan.ahead(colon + 1, TELEGRAM_SECRET + 1);
    let run = rest.iter().take_while(|byte| Alphabet::Url.has(**byte)).count();
    work::add(run);
    let end = colon + 1 + run;
    if end == text.len() {
        scan.hold(begin);
    }
    if run == TELEGRAM_SECRET && !worth::is_dummy(&rest[..run]) {
        scan.found(&rules::TELEGRAM, begin..end);
    }
}

/// Where the bot's number begins that ends here, if it has the right length.
fn telegram_number(text: &[u8], end: usize) -> Option<usize> {
    let begin = digits_before(text, end);
    (TELEGRAM_NUMBER.contains(&(end - begin)) && may_begin_number(text, begin)).then_some(begin)
}

/// Where the digits begin that end here.
fn digits_before(text: &[u8], end: usize) -> usize {
    end - text[..end].iter().rev().take(*TELEGRAM_NUMBER.end() + 1).take_while(|byte| byte.is_ascii_digit()).count()
}

/// Whether a bot's number can begin here. In a URL of the API the word `bot` stands right before it.
fn may_begin_number(text: &[u8], at: usize) -> bool {
    begins(text, at) || text[..at].ends_with(b"bot")
}

/// Finds Discord's tokens, and holds what may be the first part of either kind at the end of the text.
pub(crate) fn find(scan: &mut Scan) {
    for dot in memchr::memchr_iter(b'.', scan.text) {
        discord(scan, dot);
    }
    hold_tail(scan);
}

/// Takes Discord's token around the dot here: three parts with dots between.
fn discord(scan: &mut Scan, dot: usize) {
    let text = scan.text;
    let time = scan.ahead(dot + 1, DISCORD_TIME + 1);
    // The quickest way out.
    if time.len() > DISCORD_TIME && time[DISCORD_TIME] != b'.' {
        return;
    }
    if !time.iter().take(DISCORD_TIME).all(|byte| Alphabet::Url.has(*byte)) {
        return;
    }
    let begin = url_before(text, dot);
    if !DISCORD_NUMBER.contains(&(dot - begin)) || !may_begin_discord(text, begin) {
        return;
    }
    if time.len() <= DISCORD_TIME {
        scan.hold(begin);
        return;
    }
    let code_at = dot + 1 + DISCORD_TIME + 1;
    let rest = scan.ahead(code_at, *DISCORD_CODE.end() + 1);
    let code = rest.iter().take_while(|byte| Alphabet::Url.has(**byte)).count();
    work::add(code);
    let end = code_at + code;
    if end == text.len() {
        scan.hold(begin);
    }
    if DISCORD_CODE.contains(&code) && ends(text, end) && !worth::is_dummy(&text[begin..end]) {
        scan.found(&rules::DISCORD, begin..end);
    }
}

/// Where the base64url begins that ends here.
fn url_before(text: &[u8], end: usize) -> usize {
    end - text[..end].iter().rev().take(*DISCORD_NUMBER.end() + 1).take_while(|byte| Alphabet::Url.has(**byte)).count()
}

/// Whether a Discord token can begin here: the base64 of a number begins with one of three letters.
fn may_begin_discord(text: &[u8], at: usize) -> bool {
    matches!(text.get(at), Some(b'M' | b'N' | b'O')) && begins(text, at)
}

/// Holds what may be the first part of a bot's token, at the end of the text.
fn hold_tail(scan: &mut Scan) {
    let text = scan.text;
    let digits = digits_before(text, text.len());
    if text.len() - digits <= *TELEGRAM_NUMBER.end() && may_begin_number(text, digits) {
        scan.hold(digits);
    }
    let url = url_before(text, text.len());
    if text.len() - url <= *DISCORD_NUMBER.end() && may_begin_discord(text, url) {
        scan.hold(url);
    }
}
