//! The tokens of SQL.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A name or a keyword.
    Word(Key),
    /// A number, also in hexadecimal.
    Number,
    /// A string or a quoted identifier. An open one runs to the end of the text.
    Text {
        /// Whether its closing quote stands there.
        closed: bool,
    },
    /// `@x`, `@@x`, `:x`, `$1` or `?`.
    Variable,
    /// `=`, `<>`, `<` and their like.
    Comparison,
    /// `||` or `&&`.
    Logic,
    /// Any other operator.
    Operator,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `;`
    Semicolon,
    /// A comment to the end of the line, or one in `/* */`. An open one runs to the end of the text.
    Comment {
        /// Whether it is of the form `/* */` and closed.
        closed: bool,
    },
    /// `/*!`: what follows is a comment to all but `MySQL`.
    Conditional,
}

/// One token, in bytes of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) class: Class,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Token {
    /// Where it stands.
    pub(super) fn span(&self) -> Range<usize> {
        self.start..self.end
    }

    /// The keyword that it is.
    pub(super) fn key(&self) -> Key {
        match self.class {
            Class::Word(key) => key,
            _ => Key::None,
        }
    }

    /// Whether it is a word that is no keyword of [`Key`].
    pub(super) fn is_name(&self) -> bool {
        self.class == Class::Word(Key::None)
    }
}

/// Declares the keywords and how they are read.
macro_rules! keys {
    ($($key:ident $word:literal),+ $(,)?) => {
        /// The keywords that a rule knows. All others are names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Key {
            /// No keyword.
            None,
            $(#[doc = $word] $key),+
        }

        impl Key {
            /// The keyword that a word is, in capitals.
            fn of_capitals(word: &[u8]) -> Self {
                const fn bytes(word: &'static str) -> &'static [u8] {
                    word.as_bytes()
                }
                $(if word == const { bytes($word) } { return Self::$key; })+
                Self::None
            }
        }
    };
}

keys! {
    All "ALL", Alter "ALTER", Analyse "ANALYSE", And "AND", As "AS", Attach "ATTACH", Begin "BEGIN", Between "BETWEEN",
    Bulk "BULK", By "BY", Call "CALL", Case "CASE", Copy "COPY", Create "CREATE", Data "DATA", Database "DATABASE",
    Declare "DECLARE", Delay "DELAY", Delete "DELETE", Distinct "DISTINCT", Div "DIV", Drop "DROP", Dumpfile "DUMPFILE",
    Exec "EXEC", Execute "EXECUTE", Exists "EXISTS", Explain "EXPLAIN", False "FALSE", From "FROM", Function "FUNCTION",
    Grant "GRANT", Group "GROUP", Having "HAVING", If "IF", Ilike "ILIKE", In "IN", Index "INDEX", Infile "INFILE",
    Insert "INSERT", Into "INTO", Is "IS", Join "JOIN", Like "LIKE", Limit "LIMIT", Load "LOAD", Login "LOGIN",
    Merge "MERGE", Mod "MOD", Not "NOT", Null "NULL", On "ON", Or "OR", Order "ORDER", Outfile "OUTFILE",
    Procedure "PROCEDURE", Program "PROGRAM", Regexp "REGEXP", Rename "RENAME", Replace "REPLACE", Revoke "REVOKE",
    Rlike "RLIKE", Role "ROLE", Schema "SCHEMA", Select "SELECT", Set "SET", Show "SHOW", Shutdown "SHUTDOWN",
    Sounds "SOUNDS", Table "TABLE", Then "THEN", Time "TIME", To "TO", Top "TOP", Trigger "TRIGGER", True "TRUE",
    Truncate "TRUNCATE", Union "UNION", Update "UPDATE", Use "USE", User "USER", Using "USING", Values "VALUES",
    View "VIEW", Waitfor "WAITFOR", When "WHEN", Where "WHERE", With "WITH", Xor "XOR",
}

impl Key {
    /// Bytes of the longest keyword.
    const LONGEST: usize = 9;

    /// The keyword that a word is.
    pub(super) fn of(word: &[u8]) -> Self {
        let mut capitals = [0; Self::LONGEST];
        match capitals.get_mut(..word.len()) {
            Some(capitals) if word.len() > 1 => {
                capitals.copy_from_slice(word);
                capitals.make_ascii_uppercase();
                Self::of_capitals(capitals)
            }
            _ => Self::None,
        }
    }
}
