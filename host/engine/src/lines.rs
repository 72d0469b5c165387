//! Lines of a text, for messages about a place in it.

/// The line, from 1, of the byte `at` of `text`. Behind its end: the last line. A line feed belongs to the line that it
/// ends.
pub(crate) fn line_of(text: impl AsRef<[u8]>, at: usize) -> usize {
    let text = text.as_ref();
    let before = text.get(..at).unwrap_or(text);
    1 + memchr::memchr_iter(b'\n', before).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_begins_behind_a_line_feed() {
        let lines: Vec<_> = (0..=6).map(|at| line_of("a\n\nbé", at)).collect();
        assert_eq!(lines, [1, 1, 2, 3, 3, 3, 3]);
        assert_eq!(line_of("", 0), 1);
    }

    #[test]
    fn what_lies_behind_the_end_is_on_the_last_line() {
        assert_eq!(line_of("a\nb", 99), 2);
        assert_eq!(line_of("a\n", 2), 2);
    }
}
