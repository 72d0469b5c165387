//! Giving away the system prompt, by its name or by where it stands.

use crate::Concepts as C;
use crate::pattern::Kind::{SystemPrompt, TextAbove};
use crate::pattern::{Pattern, first, pattern, within};

/// To make visible.
const SHOW: C = C::REVEAL.or(C::REPEAT);

pub(super) const PATTERNS: &[Pattern] = &[
    // reveal your system prompt
    pattern(SystemPrompt, 85, &[first(SHOW), within(3, C::YOU), within(3, C::SYSTEM_PROMPT)]),
    pattern(SystemPrompt, 75, &[first(SHOW), within(3, C::SYSTEM_PROMPT)]),
    pattern(SystemPrompt, 80, &[first(SHOW), within(2, C::YOU), within(2, C::INSTRUCTION)]),
    pattern(SystemPrompt, 75, &[first(SHOW), within(3, C::INSTRUCTION), within(1, C::YOU)]),
    pattern(SystemPrompt, 85, &[first(SHOW), within(3, C::SYSTEM_PROMPT), within(1, C::YOU)]),
    pattern(SystemPrompt, 80, &[first(SHOW), within(4, C::INSTRUCTION), within(2, C::YOU), within(2, C::TOLD)]),
    // what is your system prompt, what were your original instructions
    pattern(SystemPrompt, 80, &[first(C::WHAT), within(3, C::YOU), within(2, C::SYSTEM_PROMPT)]),
    pattern(SystemPrompt, 65, &[first(C::WHAT), within(2, C::YOU), within(2, C::INSTRUCTION)]),
    pattern(SystemPrompt, 75, &[first(C::WHAT), within(4, C::INSTRUCTION), within(2, C::YOU), within(2, C::TOLD)]),
    pattern(SystemPrompt, 65, &[first(C::WHAT), within(2, C::YOU), within(2, C::TOLD), within(2, C::PRIOR)]),
    // your system prompt, word for word
    pattern(SystemPrompt, 75, &[first(C::SYSTEM_PROMPT), within(3, C::VERBATIM)]),
    // The verb last.
    pattern(SystemPrompt, 80, &[first(C::SYSTEM_PROMPT), within(4, SHOW)]),
    pattern(SystemPrompt, 75, &[first(C::YOU), within(2, C::INSTRUCTION), within(3, SHOW)]),
    // repeat the words above
    pattern(TextAbove, 70, &[first(C::REPEAT), within(3, C::WORDS), within(1, C::PRIOR)]),
    pattern(TextAbove, 70, &[first(C::REPEAT), within(2, C::PRIOR), within(1, C::WORDS)]),
    pattern(
        TextAbove,
        80,
        &[first(C::REPEAT), within(3, C::WORDS), within(1, C::PRIOR), within(5, C::VERBATIM.or(C::YOU))],
    ),
    pattern(TextAbove, 80, &[first(C::REPEAT), within(3, C::PRIOR), within(1, C::INSTRUCTION)]),
    pattern(TextAbove, 80, &[first(C::REPEAT), within(3, C::INSTRUCTION), within(1, C::PRIOR)]),
    pattern(TextAbove, 70, &[first(C::REPEAT), within(2, C::EVERYTHING), within(2, C::PRIOR)]),
    pattern(
        TextAbove,
        70,
        &[first(C::PRIOR), within(2, C::WORDS.or(C::INSTRUCTION)), within(3, C::REPEAT), within(2, C::VERBATIM)],
    ),
];
