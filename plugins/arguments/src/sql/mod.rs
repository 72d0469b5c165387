//! SQL: in values, where any of it is an injection, and in statements, where only dangerous shapes count.
//!
//! * `token`, `lexer`: the words of SQL as the dialects have them (`PostgreSQL`, `MySQL`, SQL Server, Oracle, `SQLite`). The idea
//!   to fold a text to classes of tokens and to try it as if it began inside a quoted string is libinjection's; grammar
//!   and rules are not.
//! * `phrase`: small readers of token sequences that both judges use: a literal, a comparison, the beginning of a
//!   statement.
//! * `functions`: functions and packages that wait, read files, run commands or leak through errors.
//! * `value`: injections in an argument that takes a value.
//! * `statement`: dangerous shapes in an argument that takes a statement.

mod functions;
mod lexer;
mod phrase;
mod statement;
#[cfg(test)]
mod tests;
mod token;
mod value;

pub(crate) use phrase::begins_statement;
pub(crate) use statement::judge as judge_statement;
pub(crate) use value::judge as judge_value;
