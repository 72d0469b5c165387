//! What a tool does and what a user asks for, as actions: *pay*, *write to somebody*, *book*.
//!
//! Both are read from words, as roles are: a tool's from its name, a user's from the prompt. So it can be told whether the user has
//! spoken of anything like the call that an agent is about to make. That is no proof that the call is meant, and its absence
//! none that it is not: it says which calls a person would be surprised by.
//!
//! * The words stand in `words`, by their beginnings, in English, German, French, Spanish, Italian, Portuguese and Dutch.
//! * A word that may name a thing as well (`mail`, `book`) counts where a sentence asks for something: at its beginning, or behind
//!   `please`, `and`, `to`. A question asks for nothing to be done, nor does what is to be told or sent to the user.
//! * *Change* and *create* are what most tools do. They are asked for only together with the thing: `update_password` by a user
//!   who speaks of a password.

mod words;

use std::collections::BTreeSet;

/// Something that is done to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Give money.
    Pay,
    /// Say something to somebody, or where others read it.
    Write,
    /// Bring somebody in.
    Invite,
    /// Take a place or a time.
    Book,
    /// Have something sent.
    Order,
    /// Undo or take away.
    Remove,
    /// Switch or steer a device.
    Control,
    /// Decide on somebody's work.
    Decide,
    /// Run or bring in a program.
    Run,
    /// Make something other than it is.
    Change,
    /// Put something there.
    Create,
}

/// What a user has asked for so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    actions: BTreeSet<Action>,
    /// The actions of the things that were spoken of.
    topics: BTreeSet<Action>,
    /// The beginnings of its words.
    things: BTreeSet<Box<str>>,
    is_plural: bool,
}

/// Words of what a user has said that are kept.
const MAX_THINGS: usize = 4_096;

impl Asked {
    /// Takes in what the user says.
    pub fn hear(&mut self, text: &str) {
        for sentence in sentences(text) {
            self.hear_sentence(sentence);
        }
    }

    fn hear_sentence(&mut self, sentence: &str) {
        let words: Vec<String> = words_of(sentence).map(str::to_lowercase).collect();
        let is_question =
            sentence.ends_with('?') && words.first().is_some_and(|first| QUESTIONS.contains(&first.as_str()));
        for (index, word) in words.iter().enumerate() {
            self.is_plural |= words::is_plural(word);
            self.topics.extend(words::of_thing(word));
            if self.things.len() < MAX_THINGS
                && let Some(stem) = stem(word)
            {
                self.things.insert(stem.into());
            }
            let before = index.checked_sub(1).and_then(|before| words.get(before));
            let is_order = before.is_none_or(|before| LEADS.contains(&before.as_str()));
            let is_for_me = words.get(index + 1).is_some_and(|next| ME.contains(&next.as_str()));
            if let Some(action) = words::action(word, is_order).filter(|_| !is_question && !is_for_me) {
                self.actions.insert(action);
            }
        }
    }

    /// Whether the user has spoken of more than one of something.
    #[must_use]
    pub const fn is_plural(&self) -> bool {
        self.is_plural
    }

    /// Whether the user has asked for anything like what a tool of this name does.
    #[must_use]
    pub fn covers(&self, tool: &str) -> bool {
        let names: Vec<_> = names_of(tool);
        let of_things: Vec<Action> = names.iter().filter_map(|name| words::of_thing(name)).collect();
        // To send money is to pay.
        let is_light = |name: &str| LIGHT.contains(&name) && !of_things.is_empty();
        let mut verbs: Vec<Action> = names
            .first()
            .filter(|name| !is_light(name))
            .and_then(|name| words::action(name, true))
            .into_iter()
            .collect();
        if verbs.is_empty() {
            verbs.extend(names.iter().filter(|name| !is_light(name)).filter_map(|name| words::action(name, false)));
        }
        let is_generic = |action: &Action| matches!(action, Action::Change | Action::Create);
        let has = |action: &Action| self.actions.contains(action);
        if !verbs.iter().all(is_generic) {
            return verbs.iter().any(|action| !is_generic(action) && has(action));
        }
        // What does nothing in particular is asked for by its thing, as long as anything is asked for.
        let things = names.iter().skip(1);
        let is_spoken_of = |name: &String| {
            words::of_thing(name).is_some_and(|action| has(&action) || self.topics.contains(&action))
                || stem(name).is_some_and(|stem| self.things.contains(stem))
        };
        !self.actions.is_empty() && things.into_iter().any(is_spoken_of)
    }
}

/// Verbs that say nothing without what they are about.
const LIGHT: [&str; 7] = ["send", "submit", "make", "do", "perform", "issue", "give"];

/// Words that begin a question which asks for an answer and for nothing to be done.
const QUESTIONS: [&str; 56] = [
    "what", "which", "who", "whom", "whose", "when", "where", "why", "how", "did", "do", "does", "is", "are", "was",
    "were", "has", "have", "had", "am", "any", "was", "wer", "wen", "wem", "wann", "wo", "warum", "wie", "welche",
    "welcher", "welches", "hat", "habe", "ist", "sind", "gibt", "quel", "quelle", "quels", "qui", "quand", "où",
    "combien", "comment", "est", "qué", "cuál", "quién", "cuándo", "dónde", "cuánto", "cuánta", "hay", "es", "está",
];

/// Words behind which one asks for something.
const LEADS: [&str; 30] = [
    "please", "and", "then", "to", "also", "or", "now", "just", "so", "you", "ll", "do", "let", "bitte", "und", "dann",
    "zu", "auch", "oder", "et", "puis", "de", "aussi", "y", "luego", "también", "e", "poi", "en", "dan",
];

/// What follows where the user wants to be told or given something.
const ME: [&str; 8] = ["me", "us", "mir", "uns", "moi", "nous", "mi", "nos"];

/// The sentences of a text, each with its end.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '!', '?', '\n', ';', ':', ',']).map(str::trim).filter(|sentence| !sentence.is_empty())
}

/// The words of a text.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}

/// The words of a name, in lower case: `sendMoney`, `send_money`.
fn names_of(name: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut was_small = false;
    for c in name.chars() {
        if !c.is_alphabetic() || (c.is_uppercase() && was_small) {
            names.push(String::new());
        }
        if c.is_alphabetic()
            && let Some(last) = names.last_mut()
        {
            last.extend(c.to_lowercase());
        }
        was_small = c.is_lowercase();
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The beginning by which words of one kind are known; none of a word that is too short to say anything.
fn stem(word: &str) -> Option<&str> {
    let (last, _) = word.char_indices().nth(3)?;
    let end = word.get(last..).and_then(|rest| rest.chars().next()).map_or(word.len(), |c| last + c.len_utf8());
    word.get(..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(said: &str, tool: &str) -> bool {
        let mut asked = Asked::default();
        asked.hear(said);
        asked.covers(tool)
    }

    #[test]
    fn a_tool_does_what_is_asked_for_in_other_words_too() {
        for (said, tool) in [
            ("Please pay the bill.", "send_money"),
            ("Überweise ihr bitte 50 Euro.", "createTransfer"),
            ("Tell Ann that I am late.", "send_email"),
            ("Réponds-lui que c'est bon.", "reply_email"),
            ("Invite everybody.", "add_collaborator"),
            ("Book the cheaper one.", "reserve_hotel"),
            ("Cancel the meeting.", "delete_event"),
            ("Change my password to x.", "update_password"),
            ("Set up a meeting with Bob.", "create_event"),
            ("Adjust my rent payment.", "update_scheduled_transaction"),
            ("Book a slot with Lena.", "create_event"),
            ("Quita la luz del salón.", "delete_scene"),
            ("Can you email Bob the notes?", "send_mail"),
            ("Bring forward the event to Monday and move the room.", "update_event"),
        ] {
            assert!(covers(said, tool), "{said}: {tool}");
        }
    }

    #[test]
    fn a_tool_that_does_something_else_is_not_asked_for() {
        for (said, tool) in [
            ("What did I spend in March?", "send_money"),
            ("Summarise the page.", "send_email"),
            ("Please pay the bill.", "send_email"),
            ("Please adjust my rent payment.", "update_password"),
            ("Book a room.", "invite_user"),
            ("Hello.", "x"),
            ("Did Ann write anything in her mail?", "send_mail"),
            ("Tell me what the message says.", "send_message"),
            ("Book a hotel.", "cancel_booking"),
            ("Post it, the guest code is on the board.", "remove_member"),
        ] {
            assert!(!covers(said, tool), "{said}: {tool}");
        }
    }

    #[test]
    fn a_name_has_words_however_it_is_written() {
        assert_eq!(names_of("sendMoney2"), ["send", "money"]);
        assert_eq!(names_of("send_money"), ["send", "money"]);
        assert!(names_of("").is_empty());
    }
}
