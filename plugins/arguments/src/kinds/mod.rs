//! Which kinds of text an argument takes: statements, commands, paths, addresses, short values, or prose.
//!
//! * `words`: which word of a name says which kind.
//! * `hints`: what a schema says of one argument.
//! * `leaves`: the strings of a call's arguments with their kinds.
//!
//! Nothing is judged as a language unless something says that the argument takes it. What the agent wrote says nothing;
//! only where the host gives an argument the role `code`, or `destination`, does its form say which code or address it is.

mod hints;
mod leaves;
mod words;

pub(crate) use leaves::Leaves;

/// A set of kinds of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds(u8);

impl Kinds {
    /// Nothing to judge: prose, content, or an argument of which nobody says what it takes.
    pub(crate) const NONE: Self = Self(0);
    /// A whole SQL statement or clause, by design.
    pub(crate) const SQL: Self = Self(1);
    /// A whole command of a shell, by design.
    pub(crate) const COMMAND: Self = Self(1 << 1);
    /// The path of a file or directory.
    pub(crate) const PATH: Self = Self(1 << 2);
    /// A URL or the name or address of a host.
    pub(crate) const ADDRESS: Self = Self(1 << 3);
    /// A short value that goes into something larger: a name, an identifier, a filter.
    pub(crate) const VALUE: Self = Self(1 << 4);
    /// Code of which it is not said in what language.
    pub(crate) const CODE: Self = Self(1 << 5);

    /// Whether all kinds of `other` are among these.
    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// These and those.
    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are in both.
    const fn of(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// These without those.
    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there is nothing to judge.
    pub(crate) const fn is_none(self) -> bool {
        self.0 == 0
    }
}

#[cfg(test)]
mod tests;
