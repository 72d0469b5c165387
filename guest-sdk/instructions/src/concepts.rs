//! Concepts: what a word means for an instruction, whatever its language.

/// A set of concepts. A word may stand for several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Concepts(u128);

impl Concepts {
    /// No concept. A word of the lists with none hides a shorter one: `無視しない` (do not ignore) hides `無視` (ignore).
    pub const NONE: Self = Self(0);

    /// The concepts of either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the two have one in common.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// These but for those of another.
    #[must_use]
    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// All others.
    #[cfg(test)]
    pub(crate) const fn complement(self) -> Self {
        Self(!self.0)
    }

    /// Whether there is none.
    pub(crate) const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The numbers of its concepts, below [`COUNT`].
    pub(crate) fn numbers(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let number = left.trailing_zeros() as usize;
            left &= left.wrapping_sub(1);
            (number < COUNT).then_some(number)
        })
    }
}

/// How many concepts there can be.
pub(crate) const COUNT: usize = 128;

/// Gives each concept a bit of its own, in the order of the list.
macro_rules! concepts {
    ($($(#[$doc:meta])+ $name:ident)+) => {
        /// The place of each concept in the list.
        #[expect(clippy::upper_case_acronyms, reason = "they are named as the constants are")]
        #[expect(non_camel_case_types, reason = "they are named as the constants are")]
        #[derive(Clone, Copy)]
        enum Place { $($name),+ }

        impl Concepts {
            $($(#[$doc])+ pub const $name: Self = Self(1 << Place::$name as u32);)+
        }
    };
}

concepts! {
    /// To set instructions aside: ignore, disregard, forget, do not follow.
    OVERRIDE
    /// To do away with something, which only said of instructions is suspicious: delete, reset, abandon, bypass.
    DROP
    /// What came before: previous, above, original.
    PRIOR
    /// What tells a model what to do: instructions, prompt, directives.
    INSTRUCTION
    /// What also binds others: rules, guidelines, policies, context.
    RULE
    /// All of them.
    ALL
    /// Everything, with no noun behind it.
    EVERYTHING
    /// You, your.
    YOU
    /// Told, given, taught.
    TOLD
    /// No longer in force: void, cancelled, superseded.
    VOID
    /// New, real, true.
    NEW
    /// Task, goal, mission.
    TASK
    /// Not, never.
    NOT
    /// Without.
    WITHOUT
    /// To let somebody know: tell, inform, mention.
    TELL
    /// Not to let somebody know, in one word, as the languages say it that put the "not" into the verb.
    HUSH
    /// Who is not to know: the user, anyone.
    USER
    /// This, these.
    THIS
    /// To hide, to keep from.
    HIDE
    /// Secretly, silently.
    SILENTLY
    /// To make something visible: reveal, show, tell me.
    REVEAL
    /// To say something again as it stands: repeat, print, output.
    REPEAT
    /// The system prompt, the hidden or initial instructions.
    SYSTEM_PROMPT
    /// Words, text, everything: what stands above.
    WORDS
    /// Verbatim, word for word.
    VERBATIM
    /// What, which, as the beginning of a question.
    WHAT
    /// To send, forward, upload.
    SEND
    /// To put into: append, include, attach, pass.
    INCLUDE
    /// Credentials, keys, passwords, private data.
    SECRET
    /// The conversation so far.
    HISTORY
    /// Where to: a URL, an e-mail address.
    DESTINATION
    /// The parts of a request that carry data out: URL, query, webhook.
    CARRIER
    /// A tool, a function.
    TOOL
    /// To call, use, run.
    CALL
    /// A name with an underscore in it.
    NAME
    /// A language model: assistant, AI, chatbot.
    MODEL
    /// Must, have to.
    MUST
    /// Please, now, immediately.
    PLEASE
    /// Before you (do something), before answering.
    BEFORE
    /// To go on with the work: continue, answer, complete.
    CONTINUE
    /// To take on a part: pretend, act as, you are now.
    PERSONA
    /// To be without: no, without, does not have.
    LACK
    /// To be let loose: no longer bound by, freed from.
    FREED
    /// Restrictions, filters, rules, safety.
    LIMIT
    /// What limits models in particular: ethics, content policies, censorship.
    MORAL
    /// Unrestricted, uncensored.
    UNFILTERED
    /// A mode that software also has: developer mode, debug mode.
    MODE
    /// A mode that only an unlocked model has.
    UNLOCKED_MODE
    /// Enabled, activate, enter.
    ENABLE
    /// To disable, turn off.
    DISABLE
    /// To refuse, decline, apologise.
    REFUSE
    /// Disclaimers, warnings, "as an AI".
    DISCLAIMER
    /// To say, to add, to begin with.
    SAY
    /// Encoded text: base64, rot13, Morse.
    ENCODED
    /// To decode.
    DECODE
    /// To do as told: execute, follow, obey.
    OBEY
    /// From now on.
    FROM_NOW
    /// Whose turn it is in a conversation: system, developer. Only as the label of a line or in brackets.
    ROLE
    /// Instead, only, just.
    INSTEAD
    /// Important, urgent, attention.
    IMPORTANT
    /// To read, open, fetch.
    READ
    /// Files that hold credentials or settings.
    FILE
    /// Talk about attacks, and third persons who make a model do something.
    META
    /// What leads to a quotation: such as, for example, says.
    EXAMPLE
    /// A colon right behind a word.
    COLON
    /// If you (are).
    IF
    /// When, whenever.
    WHEN
    /// A message, a note.
    MESSAGE
    /// Other (tools), another (server).
    OTHER
    /// In place of another, rather than.
    IN_PLACE_OF
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_concept_has_a_bit_of_its_own() {
        let last = Place::IN_PLACE_OF as usize;
        assert!(last < COUNT);
        let both = Concepts::OVERRIDE.or(Concepts::IN_PLACE_OF);
        assert_eq!(both.numbers().collect::<Vec<_>>(), [0, last]);
        assert!(both.meets(Concepts::IN_PLACE_OF) && !both.meets(Concepts::PRIOR));
    }
}
