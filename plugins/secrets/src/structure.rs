//! Credentials that are known by their structure: JWT, PEM keys, bot tokens, AWS secrets beside their id.

use memchr::memmem;

use crate::rules::{self, Alphabet};
use crate::token::{begins, ends};
use crate::{Hit, worth};

/// Bytes of the longest secret that is found: a PEM key. An RSA key of 16,384 bits has 12.7 KB of PEM.
pub(crate) const LONGEST: u32 = 16 << 10;

/// The same, to slice with.
const LIMIT: usize = LONGEST as usize;

/// How far behind an AWS key id its secret is looked for: the rest of a line of CSV, or the next line of a file.
const AWS_NEARBY: usize = 128;

/// Finds all of them.
pub(crate) fn find(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    aws_secrets(bytes, hits);
    pem_keys(bytes, hits);
    dotted(bytes, hits);
    telegram_tokens(bytes, hits);
}

/// The secrets that stand close behind the AWS key ids found so far: 40 characters of base64 by themselves.
fn aws_secrets(text: &[u8], hits: &mut Vec<Hit>) {
    let ids: Vec<usize> =
        hits.iter().filter(|hit| hit.rule.id == "aws-access-key-id").map(|hit| hit.span.end).collect();
    for id in ids {
        let window = &text[..text.len().min(id + AWS_NEARBY)];
        let mut at = id;
        while at < window.len() {
            // One run of the alphabet at a time; it may end behind the window.
            let run = text[at..].iter().take(2 * AWS_NEARBY).take_while(|byte| Alphabet::Base64.has(**byte)).count();
            if is_aws_secret(&text[at..at + run]) {
                hits.push(Hit { rule: &rules::AWS_SECRET, span: at..at + run });
                break;
            }
            at += run + 1;
        }
    }
}

/// Whether a value has the form of an AWS secret access key: 40 characters of base64, of all kinds.
pub(crate) fn is_aws_secret(value: &[u8]) -> bool {
    value.len() == 40
        && value.iter().all(|byte| Alphabet::Base64.has(*byte))
        && value.iter().any(u8::is_ascii_digit)
        && value.iter().any(u8::is_ascii_lowercase)
        && value.iter().any(u8::is_ascii_uppercase)
        && !worth::is_dummy(value)
}

/// Private keys in PEM (RFC 7468) and `OpenPGP` armour (RFC 9580), from the first dash to the last.
fn pem_keys(text: &[u8], hits: &mut Vec<Hit>) {
    const BEGIN: &[u8] = b"-----BEGIN ";
    const END: &[u8] = b"-----END ";
    const LONGEST_LABEL: usize = 64;
    let mut done = 0;
    let mut ends = memmem::find_iter(text, END).peekable();
    for begin in memmem::find_iter(text, BEGIN) {
        if begin < done {
            continue;
        }
        let label = begin + BEGIN.len();
        let head = &text[label..text.len().min(label + LONGEST_LABEL)];
        let Some(dashes) = memmem::find(head, b"-----") else { continue };
        let words = &head[..dashes];
        if !words.ends_with(b"PRIVATE KEY") && !words.ends_with(b"PRIVATE KEY BLOCK") {
            continue;
        }
        let body = label + dashes + 5;
        let limit = text.len().min(begin + LIMIT);
        // The end names the same label. Without one the text was cut, and all that can be key is covered.
        while ends.next_if(|end| *end < body).is_some() {}
        let end = ends.peek().filter(|end| **end + END.len() <= limit).map_or_else(
            || body + text[body..limit].iter().take_while(|byte| is_armour(**byte)).count(),
            |end| {
                let after = end + END.len();
                let tail = &text[after..limit.min(after + LONGEST_LABEL)];
                memmem::find(tail, b"-----").map_or(after, |dashes| after + dashes + 5)
            },
        );
        done = end;
        let key = text[body..end].iter().filter(|byte| Alphabet::Base64.has(**byte)).count();
        if key >= 40 && !worth::is_placeholder(&text[body..end.min(body + 128)]) {
            hits.push(Hit { rule: &rules::PEM, span: begin..end });
        }
    }
}

/// Whether a byte can stand in PEM: base64, white space, headers, and the `\n` of JSON.
fn is_armour(byte: u8) -> bool {
    Alphabet::Base64.has(byte) || matches!(byte, b'=' | b'\n' | b'\r' | b' ' | b'\t' | b'\\' | b':' | b',' | b'-')
}

/// Tokens of three parts with dots between: JWT (RFC 7519) and Discord's bot tokens.
fn dotted(text: &[u8], hits: &mut Vec<Hit>) {
    let mut done = 0;
    for dot in memchr::memchr_iter(b'.', text) {
        if dot < done {
            continue;
        }
        let before = text[done..dot].iter().rev().take(LIMIT).take_while(|byte| Alphabet::Url.has(**byte)).count();
        let begin = dot - before;
        let limit = text.len().min(begin + LIMIT);
        let run =
            |from: usize| text[from.min(limit)..limit].iter().take_while(|byte| Alphabet::Url.has(**byte)).count();
        let second = run(dot + 1);
        let third_at = dot + 1 + second + 1;
        if before < 18 || text.get(third_at - 1) != Some(&b'.') {
            continue;
        }
        let third = run(third_at);
        let end = third_at + third;
        if end >= limit && limit < text.len() || !begins(text, begin) || !ends(text, end) {
            continue;
        }
        let head = &text[begin..dot];
        let rule = if head.starts_with(b"eyJ") && second >= 10 && is_jose_header(head) {
            &rules::JWT
        } else if matches!(head[0], b'M' | b'N' | b'O') && before <= 28 && second == 6 && (27..=38).contains(&third) {
            &rules::DISCORD
        } else {
            continue;
        };
        if !worth::is_dummy(&text[begin..end]) {
            done = end;
            hits.push(Hit { rule, span: begin..end });
        }
    }
}

/// Whether base64url decodes to a JOSE header (RFC 7515 section 4): a JSON object that names an algorithm.
fn is_jose_header(encoded: &[u8]) -> bool {
    const LONGEST_HEADER: usize = 4096;
    let mut decoded = Vec::with_capacity(encoded.len());
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in encoded.iter().take(LONGEST_HEADER) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            _ => 63,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            decoded.push((bits >> count & 0xff) as u8);
        }
    }
    memmem::find(&decoded, b"\"alg\"").is_some() && decoded.starts_with(b"{")
}

/// Telegram's bot tokens: the bot's number, a colon, 35 characters that begin with `AA`.
fn telegram_tokens(text: &[u8], hits: &mut Vec<Hit>) {
    for mark in memmem::find_iter(text, b":AA") {
        let digits = text[..mark].iter().rev().take(11).take_while(|byte| byte.is_ascii_digit()).count();
        let rest = text[mark + 1..].iter().take(36).take_while(|byte| Alphabet::Url.has(**byte)).count();
        let (begin, end) = (mark - digits, mark + 1 + rest);
        // In a URL of the API the word `bot` stands right before the number.
        let free = begins(text, begin) || text[..begin].ends_with(b"bot");
        if (8..=10).contains(&digits) && rest == 35 && free && !worth::is_dummy(&text[mark + 1..end]) {
            hits.push(Hit { rule: &rules::TELEGRAM, span: begin..end });
        }
    }
}
