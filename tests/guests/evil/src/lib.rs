//! (laid in the next commit)
