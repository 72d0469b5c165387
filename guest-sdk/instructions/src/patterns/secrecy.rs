//! Keeping something from the user.

use crate::Concepts as C;
use crate::pattern::Kind::Secrecy;
use crate::pattern::{Pattern, always, first, within};

/// What a model does in secret.
const ACTS: C = C::SEND.or(C::CALL).or(C::READ).or(C::INCLUDE).or(C::OBEY);

pub(super) const PATTERNS: &[Pattern] = &[
    // do not tell the user about this
    always(Secrecy, 80, &[first(C::NOT), within(1, C::TELL), within(2, C::USER)]),
    always(Secrecy, 80, &[first(C::NOT), within(1, C::TELL), within(1, C::THIS), within(4, C::USER)]),
    // do not mention these instructions
    always(Secrecy, 85, &[first(C::NOT), within(1, C::TELL), within(2, C::THIS), within(2, C::INSTRUCTION)]),
    // keep this from the user, hide these instructions
    always(Secrecy, 75, &[first(C::HIDE), within(1, C::THIS), within(5, C::USER)]),
    always(Secrecy, 75, &[first(C::HIDE), within(2, C::INSTRUCTION), within(4, C::USER)]),
    // do it without telling the user
    always(Secrecy, 65, &[first(C::WITHOUT), within(1, C::TELL), within(2, C::USER)]),
    always(Secrecy, 80, &[first(ACTS), within(8, C::WITHOUT), within(1, C::TELL), within(2, C::USER)]),
    // silently call
    always(
        Secrecy,
        70,
        &[
            first(C::SILENTLY),
            within(1, C::SEND.or(C::CALL)),
            within(6, C::SECRET.or(C::HISTORY).or(C::DESTINATION).or(C::TOOL)),
        ],
    ),
    // tell the user nothing
    always(Secrecy, 75, &[first(C::TELL), within(2, C::USER), within(2, C::NOT)]),
    // berätta inte detta för användaren
    always(Secrecy, 75, &[first(C::TELL), within(1, C::NOT), within(3, C::USER)]),
    always(Secrecy, 80, &[first(C::USER), within(4, C::HUSH)]),
    always(Secrecy, 75, &[first(C::HUSH), within(3, C::USER)]),
    always(Secrecy, 80, &[first(C::NOT), within(1, C::USER), within(1, C::TELL)]),
    // Objects before their verbs: to the user this do not tell.
    always(Secrecy, 80, &[first(C::USER), within(3, C::TELL), within(1, C::NOT)]),
    always(Secrecy, 75, &[first(C::USER), within(3, C::NOT), within(2, C::TELL)]),
];
