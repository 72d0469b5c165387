//! Shell commands: in values, where any of them is an injection, and in commands, where only dangerous shapes count.
//!
//! * `syntax`: simple commands, words and redirections, and how they are joined.
//! * `parser`: from text to these, by the grammar of POSIX with what bash adds.
//! * `program`: which program a simple command runs, and with what, behind `sudo`, `env` and their like.
//! * `danger`: dangerous shapes in an argument that takes a command, from `danger/transfer`, `danger/destroy` and
//!   `danger/files`.
//! * `value`: injections in an argument that takes a value.
//! * `programs`: the names of programs that tell a command from a sentence.

mod danger;
mod parser;
mod program;
mod programs;
mod syntax;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use danger::judge as judge_command;
pub(crate) use value::begins_command;
pub(crate) use value::judge as judge_value;
