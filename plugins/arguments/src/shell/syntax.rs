//! What a shell makes of a text.

use std::borrow::Cow;
use std::ops::Range;

/// How a simple command is joined to what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// Nothing stands before it.
    Start,
    /// `|` or `|&`: it reads what the one before writes.
    Pipe,
    /// `&&` or `||`.
    Condition,
    /// `;`
    Semicolon,
    /// `&`
    Background,
    /// The end of a line.
    Line,
}

/// In what a simple command stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inside {
    /// The text itself, or parentheses that only group.
    Group,
    /// `$(…)`.
    Substitution,
    /// Backticks.
    Backticks,
    /// `<(…)` or `>(…)`.
    Process,
}

/// One word, with its quotes taken away.
#[derive(Clone, Debug)]
pub(super) struct Word<'t> {
    /// What it says. Variables stand as they were written, a substitution as `$()`.
    pub(super) text: Cow<'t, str>,
    /// Where it stands.
    pub(super) span: Range<usize>,
    /// Whether any of it was quoted or escaped.
    pub(super) quoted: bool,
}

/// A redirection.
#[derive(Clone, Debug)]
pub(super) struct Redirect<'t> {
    /// Whether it writes.
    pub(super) writes: bool,
    /// Where to or from.
    pub(super) target: Word<'t>,
}

/// One simple command.
#[derive(Clone, Debug)]
pub(super) struct Command<'t> {
    /// Its words: assignments, the program's name, arguments.
    pub(super) words: Vec<Word<'t>>,
    /// Its redirections.
    pub(super) redirects: Vec<Redirect<'t>>,
    /// How it is joined to what stands before it.
    pub(super) link: Link,
    /// Where what joins it stands.
    pub(super) operator: Range<usize>,
    /// The command before it in the same list, by its index.
    pub(super) before: Option<usize>,
    /// In what it stands.
    pub(super) inside: Inside,
    /// The list of commands that it belongs to, numbered in the order in which they open: one in a word of this command
    /// has a higher number.
    pub(super) place: usize,
    /// Whether a substitution or group stands in it.
    pub(super) holds_others: bool,
}

impl Command<'_> {
    /// From its first byte to its last.
    pub(super) fn span(&self) -> Range<usize> {
        let words = self.words.iter().map(|word| &word.span);
        let spans = words.chain(self.redirects.iter().map(|redirect| &redirect.target.span));
        let both = |(start, end): (usize, usize), span: &Range<usize>| (start.min(span.start), end.max(span.end));
        let (start, end) = spans.fold((usize::MAX, 0), both);
        start.min(end)..end
    }
}

/// A text as a shell reads it.
#[derive(Clone, Debug, Default)]
pub(super) struct Script<'t> {
    /// Its simple commands. Those in a word stand before the command with that word.
    pub(super) commands: Vec<Command<'t>>,
    /// Where `$IFS` and its like stand outside of quotes: blanks in disguise.
    pub(super) disguises: Vec<Range<usize>>,
}

impl Script<'_> {
    /// The commands of the substitutions in the words of the command with this index, also of those in these: they stand
    /// right before it.
    pub(super) fn within(&self, index: usize) -> &[Command<'_>] {
        let before = self.commands.get(..index).unwrap_or_default();
        let place = self.commands.get(index).map_or(0, |command| command.place);
        let count = before.iter().rev().take_while(|command| command.place > place).count();
        &before[before.len() - count..]
    }

    /// The commands of the same pipeline that write what this one reads, nearest first; at most so many that a long
    /// pipeline costs no more than its length.
    pub(super) fn upstream<'s>(&'s self, command: &'s Command<'_>) -> impl Iterator<Item = &'s Command<'s>> {
        let step = |command: &Command<'_>| {
            let before = command.before.filter(|_| command.link == Link::Pipe)?;
            self.commands.get(before)
        };
        std::iter::successors(step(command), move |command| step(command)).take(16)
    }
}
