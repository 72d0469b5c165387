//! AWS secret access keys: 40 characters of base64 by themselves, known by the key id in front of them or by a name.

use crate::rules::{self, Alphabet};
use crate::scan::Scan;
use crate::{work, worth};

/// How far behind an AWS key id its secret is looked for: the rest of a line of CSV, or the next line of a file.
const NEARBY: usize = 128;

/// Bytes of a secret.
const LENGTH: usize = 40;

/// Takes the secrets that stand close behind the AWS key ids found so far.
pub(crate) fn find(scan: &mut Scan) {
    let text = scan.text;
    let ids = scan.hits.iter().filter(|hit| hit.rule.id == "aws-access-key-id");
    let ids: Vec<_> = ids.map(|hit| hit.span.clone()).collect();
    for (place, id) in ids.iter().enumerate() {
        // A secret belongs to the last id before it.
        let next = ids.get(place + 1).map_or(text.len(), |next| next.start);
        let nearby = next.min(id.end + NEARBY);
        let mut at = id.end;
        while at < nearby {
            // One run of the alphabet at a time; it may end behind what is nearby.
            let run = text[at..].iter().take(LENGTH + 1).take_while(|byte| Alphabet::Base64.has(**byte)).count();
            work::add(run);
            if at + run == text.len() && run > 0 && run <= LENGTH {
                scan.hold(at);
            }
            if run > LENGTH {
                at += text[at..nearby].iter().take_while(|byte| Alphabet::Base64.has(**byte)).count();
            } else if is_secret(&text[at..at + run]) {
                scan.found(&rules::AWS_SECRET, at..at + run);
                break;
            } else {
                at += run + 1;
            }
        }
    }
}

/// Whether a value has the form of an AWS secret access key: 40 characters of base64, of all kinds, and not hexadecimal.
pub(crate) fn is_secret(value: &[u8]) -> bool {
    value.len() == LENGTH
        && value.iter().all(|byte| Alphabet::Base64.has(*byte))
        && value.iter().any(u8::is_ascii_digit)
        && value.iter().any(u8::is_ascii_lowercase)
        && value.iter().any(u8::is_ascii_uppercase)
        && !value.iter().all(u8::is_ascii_hexdigit)
        && !worth::is_dummy(value)
}
