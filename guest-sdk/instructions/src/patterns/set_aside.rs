//! Setting earlier instructions aside, and giving new ones.

use crate::Concepts as C;
use crate::pattern::Kind::{NewTask, Override};
use crate::pattern::{Pattern, first, pattern, within};

/// What tells a model what to do, in the wide sense.
const TOLD: C = C::INSTRUCTION.or(C::RULE).or(C::SYSTEM_PROMPT);

pub(super) const PATTERNS: &[Pattern] = &[
    // ignore (all of the) previous (system) instructions
    pattern(Override, 95, &[first(C::OVERRIDE), within(4, C::PRIOR), within(3, C::INSTRUCTION)]),
    pattern(Override, 80, &[first(C::OVERRIDE), within(3, C::PRIOR), within(2, C::RULE)]),
    // ignore the instructions (that stand) above, ignora las instrucciones anteriores
    pattern(Override, 95, &[first(C::OVERRIDE), within(4, C::INSTRUCTION), within(3, C::PRIOR.or(C::TOLD))]),
    pattern(Override, 80, &[first(C::OVERRIDE), within(3, C::RULE), within(2, C::PRIOR.or(C::TOLD))]),
    // ignore all instructions, ignore your rules
    pattern(Override, 80, &[first(C::OVERRIDE), within(1, C::ALL), within(2, C::INSTRUCTION)]),
    pattern(Override, 85, &[first(C::OVERRIDE), within(2, C::YOU), within(2, TOLD)]),
    pattern(Override, 85, &[first(C::OVERRIDE), within(2, TOLD), within(1, C::YOU)]),
    pattern(Override, 75, &[first(C::OVERRIDE), within(3, C::SYSTEM_PROMPT)]),
    // forget everything above, forget everything you were told
    pattern(Override, 80, &[first(C::OVERRIDE), within(1, C::EVERYTHING), within(5, C::PRIOR.or(C::TOLD))]),
    pattern(Override, 75, &[first(C::OVERRIDE), within(1, C::ALL), within(1, C::PRIOR)]),
    pattern(Override, 80, &[first(C::OVERRIDE), within(3, C::YOU), within(2, C::TOLD), within(2, C::PRIOR)]),
    // ignore the above and just say
    pattern(Override, 80, &[first(C::OVERRIDE), within(1, C::PRIOR), within(2, C::INSTEAD)]),
    // delete / reset / replace the previous instructions
    pattern(Override, 85, &[first(C::DROP), within(3, C::PRIOR), within(1, C::INSTRUCTION)]),
    pattern(Override, 80, &[first(C::DROP), within(2, C::INSTRUCTION), within(2, C::PRIOR)]),
    pattern(Override, 65, &[first(C::DROP), within(1, C::YOU), within(2, C::INSTRUCTION)]),
    // drop the original task
    pattern(Override, 75, &[first(C::OVERRIDE), within(2, C::PRIOR.or(C::YOU)), within(2, C::TASK)]),
    pattern(Override, 70, &[first(C::OVERRIDE), within(2, C::TASK), within(2, C::PRIOR)]),
    // the previous instructions are void
    pattern(Override, 85, &[first(C::PRIOR), within(1, C::INSTRUCTION), within(5, C::VOID)]),
    pattern(Override, 75, &[first(C::PRIOR), within(1, C::RULE), within(3, C::VOID)]),
    pattern(Override, 80, &[first(C::INSTRUCTION), within(2, C::PRIOR.or(C::TOLD)), within(4, C::VOID)]),
    pattern(Override, 75, &[first(C::YOU), within(1, C::PRIOR), within(2, TOLD), within(4, C::VOID)]),
    // The verb last: Japanese, Korean, Turkish, Hindi, German.
    pattern(Override, 90, &[first(C::PRIOR), within(2, C::INSTRUCTION), within(3, C::OVERRIDE)]),
    pattern(Override, 75, &[first(C::PRIOR), within(2, C::RULE), within(3, C::OVERRIDE)]),
    pattern(Override, 75, &[first(C::ALL), within(2, C::INSTRUCTION), within(3, C::OVERRIDE)]),
    pattern(Override, 75, &[first(C::YOU), within(2, TOLD), within(2, C::OVERRIDE)]),
    pattern(Override, 75, &[first(C::INSTRUCTION), within(2, C::ALL), within(1, C::OVERRIDE)]),
    pattern(Override, 75, &[first(C::PRIOR), within(2, C::TOLD), within(3, C::EVERYTHING), within(2, C::OVERRIDE)]),
    // your new instructions are; new instructions:
    pattern(NewTask, 80, &[first(C::YOU), within(1, C::NEW), within(1, C::INSTRUCTION)]),
    pattern(NewTask, 75, &[first(C::NEW), within(1, C::INSTRUCTION), within(0, C::COLON)]),
    pattern(NewTask, 75, &[first(C::INSTRUCTION), within(1, C::NEW), within(0, C::COLON)]),
    pattern(NewTask, 60, &[first(C::YOU), within(1, C::NEW), within(1, C::TASK), within(1, C::COLON)]),
    // from now on you must obey
    pattern(NewTask, 70, &[first(C::FROM_NOW), within(4, C::YOU), within(2, C::MUST), within(3, C::OBEY)]),
    pattern(NewTask, 75, &[first(C::FROM_NOW), within(6, C::OBEY), within(3, C::INSTRUCTION)]),
    // follow these instructions instead, obey the new instructions
    pattern(NewTask, 75, &[first(C::OBEY), within(3, C::INSTRUCTION), within(2, C::INSTEAD)]),
    pattern(NewTask, 75, &[first(C::OBEY), within(2, C::NEW), within(1, C::INSTRUCTION), within(2, C::INSTEAD)]),
];
