//! JSON Pointer, RFC 6901.

/// Appends the reference token for `key` to `pointer`.
pub(crate) fn push(pointer: &mut String, key: &str) {
    pointer.push('/');
    for character in key.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// The pointer of an object's key, as the host writes it.
pub(crate) fn of_key(pointer: &str) -> String {
    format!("{pointer}#key")
}
