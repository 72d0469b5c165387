//! (laid in the next commit)
fn main() {}
