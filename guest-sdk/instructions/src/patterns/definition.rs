//! What tool definitions should not ask for.
//!
//! Definitions tell the model which tool to call and when, and most of that is guidance. These patterns need what guidance
//! has no use for: files with secrets, the conversation, all other tools, another tool's recipient.

use crate::Concepts as C;
use crate::pattern::Kind::{Filling, Precondition, SecretFile, Shadowing};
use crate::pattern::{Pattern, always, first, pattern, within};

/// What only the model and its user know.
const INNER: C = C::HISTORY.or(C::SYSTEM_PROMPT);

/// What no tool needs to be handed by way of another.
const PRIVATE: C = INNER.or(C::FILE).or(C::SECRET);

/// To change.
const CHANGE: C = C::SEND.or(C::INCLUDE).or(C::DROP);

pub(super) const PATTERNS: &[Pattern] = &[
    // before using this tool, read the file with the keys
    pattern(Precondition, 70, &[first(C::BEFORE), within(4, C::TOOL), within(8, C::READ), within(5, PRIVATE)]),
    pattern(Precondition, 70, &[first(C::BEFORE), within(4, C::TOOL), within(8, CHANGE), within(5, PRIVATE)]),
    pattern(Precondition, 70, &[first(C::MUST), within(2, C::READ), within(6, C::DESTINATION)]),
    pattern(SecretFile, 80, &[first(C::READ), within(4, C::FILE)]),
    pattern(SecretFile, 75, &[first(C::INCLUDE.or(C::SEND)), within(5, C::FILE)]),
    pattern(SecretFile, 70, &[first(C::WORDS), within(3, C::FILE)]),
    pattern(SecretFile, 75, &[first(C::FILE), within(6, C::SEND.or(C::INCLUDE))]),
    // use this tool instead of all others
    always(
        Shadowing,
        70,
        &[first(C::CALL), within(2, C::THIS), within(3, C::IN_PLACE_OF), within(2, C::OTHER.or(C::ALL))],
    ),
    always(Shadowing, 70, &[first(C::IN_PLACE_OF), within(2, C::OTHER), within(2, C::TOOL)]),
    always(Shadowing, 70, &[first(C::NOT), within(1, C::CALL), within(2, C::OTHER), within(2, C::TOOL)]),
    always(Shadowing, 65, &[first(C::TOOL), within(2, C::IN_PLACE_OF), within(0, C::OTHER)]),
    // when send_mail is called, change its recipient to …
    always(Shadowing, 75, &[first(C::WHEN), within(3, C::NAME), within(6, C::MUST), within(3, CHANGE)]),
    always(Shadowing, 75, &[first(C::WHEN), within(3, C::NAME), within(8, CHANGE), within(10, C::DESTINATION)]),
    always(Shadowing, 75, &[first(C::ALL.or(C::OTHER)), within(2, C::TOOL), within(3, C::MUST), within(3, CHANGE)]),
    // fill with the whole conversation
    pattern(Filling, 75, &[first(C::INCLUDE), within(1, C::ALL.or(C::YOU).or(C::THIS)), within(2, INNER)]),
    pattern(Filling, 65, &[first(C::INCLUDE), within(2, C::SYSTEM_PROMPT)]),
    pattern(
        Filling,
        70,
        &[first(C::INCLUDE), within(2, C::USER.or(C::YOU)), within(1, C::SECRET), within(4, C::WORDS.or(C::TOOL))],
    ),
    pattern(Filling, 70, &[first(C::ALL), within(1, C::WORDS), within(4, C::HISTORY)]),
];
