//! What tool definitions should not ask for.

use crate::Concepts as C;
use crate::pattern::Kind::{Filling, Precondition, SecretFile, Shadowing};
use crate::pattern::{Pattern, always, first, pattern, within};

/// What only the model and its user know.
const INNER: C = C::HISTORY.or(C::SYSTEM_PROMPT);

pub(super) const PATTERNS: &[Pattern] = &[
    // before using this tool, read the file with the keys
    pattern(
        Precondition,
        75,
        &[first(C::BEFORE), within(3, C::TOOL), within(6, C::READ), within(5, C::FILE.or(C::SECRET).or(INNER))],
    ),
    pattern(
        Precondition,
        75,
        &[
            first(C::BEFORE),
            within(3, C::TOOL),
            within(8, C::SEND.or(C::INCLUDE)),
            within(5, C::FILE.or(C::SECRET).or(INNER)),
        ],
    ),
    pattern(Precondition, 70, &[first(C::READ), within(5, C::FILE), within(8, C::BEFORE)]),
    pattern(SecretFile, 80, &[first(C::READ), within(4, C::FILE)]),
    pattern(SecretFile, 70, &[first(C::INCLUDE), within(5, C::FILE)]),
    // always use this tool instead of; when send_email is called, change its recipient
    always(Shadowing, 70, &[first(C::CALL), within(1, C::THIS), within(3, C::IN_PLACE_OF), within(3, C::OTHER)]),
    always(Shadowing, 70, &[first(C::IN_PLACE_OF), within(4, C::OTHER), within(2, C::TOOL)]),
    always(Shadowing, 75, &[first(C::NOT), within(1, C::CALL), within(1, C::OTHER), within(2, C::TOOL)]),
    // fill with the conversation so far
    pattern(Filling, 75, &[first(C::INCLUDE), within(4, INNER)]),
    pattern(Filling, 70, &[first(C::INCLUDE), within(2, C::USER.or(C::YOU).or(C::ALL)), within(2, C::SECRET)]),
    pattern(Filling, 70, &[first(C::WORDS), within(3, C::FILE.or(INNER))]),
];
