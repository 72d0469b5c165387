//! The nearest known name, for messages about an unknown one.

/// Bytes of an unknown name that is compared: the time is the product of the lengths, and its sender chose this one.
const LONGEST: usize = 64;

/// The one of `known` that `found` was most likely meant to be, if it is near enough to any: a third of its letters may
/// be wrong (Damerau-Levenshtein), and at least one.
pub(crate) fn nearest<'k>(found: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if found.len() > LONGEST {
        return None;
    }
    let folded = found.to_lowercase();
    let by_distance = known.into_iter().map(|name| (strsim::damerau_levenshtein(&folded, name), name));
    let (distance, name) = by_distance.min()?;
    (distance <= (name.len() / 3).max(1)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        assert_eq!(nearest("deadlin", ["deadline", "memory"]), Some("deadline"));
        assert_eq!(nearest("Wall", ["at", "wall"]), Some("wall"));
        assert_eq!(nearest("colour", ["deadline", "memory"]), None);
        assert_eq!(nearest("zzz", ["id", "verdict", "why"]), None);
        assert_eq!(nearest(&"wall".repeat(100), ["wall"]), None);
    }
}
