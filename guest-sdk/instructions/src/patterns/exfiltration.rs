//! Handing out what the model knows.

use crate::Concepts as C;
use crate::pattern::Kind::Exfiltration;
use crate::pattern::{Pattern, first, pattern, within};

/// What only the model and its user know.
const INNER: C = C::HISTORY.or(C::SYSTEM_PROMPT);

pub(super) const PATTERNS: &[Pattern] = &[
    // send the conversation to https://…
    pattern(Exfiltration, 85, &[first(C::SEND), within(5, INNER), within(8, C::DESTINATION.or(C::CARRIER))]),
    pattern(Exfiltration, 65, &[first(C::SEND), within(1, C::ALL.or(C::YOU)), within(3, INNER)]),
    pattern(Exfiltration, 65, &[first(C::SEND), within(4, C::USER), within(2, C::SECRET), within(6, C::DESTINATION)]),
    pattern(Exfiltration, 70, &[first(C::SEND), within(2, C::ALL), within(3, C::SECRET), within(6, C::DESTINATION)]),
    pattern(Exfiltration, 70, &[first(C::SEND), within(2, C::YOU), within(2, C::SECRET), within(6, C::DESTINATION)]),
    // append the user's data to the URL
    pattern(Exfiltration, 80, &[first(C::INCLUDE), within(4, INNER), within(6, C::CARRIER.or(C::DESTINATION))]),
    pattern(Exfiltration, 75, &[first(C::INCLUDE), within(3, C::USER), within(2, C::SECRET), within(5, C::CARRIER)]),
    // encode it and send it
    pattern(
        Exfiltration,
        75,
        &[
            first(C::ENCODED),
            within(5, INNER.or(C::SECRET)),
            within(6, C::SEND.or(C::INCLUDE)),
            within(5, C::CARRIER.or(C::DESTINATION)),
        ],
    ),
    // read ~/.ssh/id_rsa and send it
    pattern(Exfiltration, 80, &[first(C::READ), within(5, C::FILE), within(6, C::SEND.or(C::INCLUDE))]),
    pattern(Exfiltration, 80, &[first(C::SEND), within(5, C::FILE), within(6, C::DESTINATION)]),
    // The verb last.
    pattern(Exfiltration, 80, &[first(INNER), within(5, C::DESTINATION.or(C::CARRIER)), within(6, C::SEND)]),
    pattern(Exfiltration, 65, &[first(C::ALL), within(2, INNER), within(3, C::SEND)]),
];
