//! Data that speaks to the model: addresses, forged turns, tools to call, text to decode.

use crate::Concepts as C;
use crate::pattern::Kind::{Address, Encoded, Forgery, ToolSteering};
use crate::pattern::{Pattern, always, first, pattern, within};

/// What a model is made to do.
const ACTS: C = C::SEND.or(C::CALL).or(C::REVEAL).or(C::OVERRIDE).or(C::OBEY).or(C::INCLUDE).or(C::SAY).or(C::READ);

/// What an order begins with.
const ORDER: C = C::MUST.or(C::PLEASE).or(C::OVERRIDE).or(C::OBEY);

pub(super) const PATTERNS: &[Pattern] = &[
    // important message to the assistant
    always(Address, 80, &[first(C::IMPORTANT), within(1, C::MESSAGE.or(C::INSTRUCTION)), within(6, C::MODEL)]),
    always(Address, 75, &[first(C::IMPORTANT), within(1, C::MODEL), within(8, ORDER.or(ACTS))]),
    always(Address, 70, &[first(C::IMPORTANT), within(2, C::MODEL), within(2, C::COLON)]),
    // you, the assistant, must; AI assistant, you must; as an AI you must now
    always(Address, 75, &[first(C::YOU), within(2, C::MODEL), within(2, C::MUST), within(2, ACTS)]),
    always(Address, 75, &[first(C::MODEL), within(1, C::YOU), within(1, C::MUST), within(2, ACTS)]),
    // if you are a language model, ...
    always(Address, 75, &[first(C::IF), within(3, C::MODEL), within(8, ORDER.or(ACTS))]),
    always(Address, 70, &[first(C::MODEL), within(4, C::READ), within(1, C::THIS), within(4, ORDER.or(ACTS))]),
    // before you answer the user, you must first send
    pattern(
        Address,
        75,
        &[first(C::BEFORE), within(2, C::CONTINUE), within(5, C::TASK.or(C::USER)), within(12, ORDER), within(4, ACTS)],
    ),
    pattern(
        Address,
        75,
        &[
            first(C::BEFORE),
            within(2, C::CONTINUE),
            within(6, C::MUST),
            within(2, C::SEND.or(C::CALL)),
            within(5, C::TOOL.or(C::NAME).or(C::SECRET).or(C::HISTORY).or(C::FILE)),
        ],
    ),
    // SYSTEM: you must ...
    always(
        Forgery,
        80,
        &[first(C::ROLE), within(5, C::OVERRIDE), within(3, C::PRIOR.or(C::ALL).or(C::YOU).or(C::INSTRUCTION))],
    ),
    always(Forgery, 70, &[first(C::ROLE), within(4, C::YOU), within(3, C::MUST.or(C::PERSONA)), within(4, ACTS)]),
    always(Forgery, 75, &[first(C::ROLE), within(3, C::NEW), within(1, C::INSTRUCTION)]),
    always(Forgery, 75, &[first(C::ROLE), within(4, C::PERSONA)]),
    always(Forgery, 75, &[first(C::ROLE), within(3, C::MODEL), within(3, ORDER)]),
    always(Forgery, 70, &[first(C::ROLE), within(6, C::MODE.or(C::UNLOCKED_MODE)), within(3, C::ENABLE)]),
    always(Forgery, 65, &[first(C::ROLE), within(1, C::OBEY), within(2, C::RULE.or(C::INSTRUCTION).or(C::THIS))]),
    // call the send_money tool
    pattern(
        ToolSteering,
        65,
        &[first(C::MUST.or(C::PLEASE)), within(2, C::CALL), within(3, C::NAME), within(3, C::TOOL), within(4, C::SEND)],
    ),
    pattern(
        ToolSteering,
        65,
        &[
            first(C::CALL),
            within(3, C::TOOL),
            within(2, C::SEND),
            within(6, C::DESTINATION.or(C::SECRET).or(C::HISTORY)),
        ],
    ),
    pattern(ToolSteering, 70, &[first(C::MODEL), within(1, C::MUST), within(2, C::CALL), within(4, C::TOOL)]),
    pattern(
        ToolSteering,
        75,
        &[first(C::IMPORTANT.or(C::PLEASE)), within(4, C::CALL), within(4, C::TOOL), within(4, C::SEND)],
    ),
    // decode this base64 and do what it says
    pattern(Encoded, 75, &[first(C::DECODE), within(5, C::ENCODED), within(8, C::OBEY)]),
    pattern(
        Encoded,
        75,
        &[
            first(C::DECODE),
            within(5, C::THIS.or(C::INSTRUCTION).or(C::MESSAGE).or(C::WORDS)),
            within(4, C::OBEY),
            within(5, C::INSTRUCTION.or(C::EVERYTHING).or(C::THIS)),
        ],
    ),
    pattern(Encoded, 75, &[first(C::OBEY), within(3, C::ENCODED), within(2, C::INSTRUCTION)]),
];
