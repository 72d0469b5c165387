//! The media types that a guard reads.

/// `text/plain`, `text/*` or `*/*`: the contract's three forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MediaRange {
    /// `*/*`.
    Any,
    /// `text/*`: the family with its slash.
    Family(String),
    /// One type.
    One(String),
}

impl MediaRange {
    /// Reads one of the three forms; `None` for anything else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (family, kind) = text.split_once('/')?;
        match (family, kind) {
            ("*", "*") => Some(Self::Any),
            (family, "*") if is_token(family) => Some(Self::Family(format!("{}/", family.to_ascii_lowercase()))),
            (family, kind) if is_token(family) && is_token(kind) => Some(Self::One(text.to_ascii_lowercase())),
            _ => None,
        }
    }

    /// Whether `media_type`, without parameters, is in the range. Media types ignore case (RFC 6838, section 4.2).
    pub(super) fn holds(&self, media_type: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Family(family) => {
                media_type.get(..family.len()).is_some_and(|start| start.eq_ignore_ascii_case(family))
            }
            Self::One(one) => media_type.eq_ignore_ascii_case(one),
        }
    }
}

/// A restricted name of RFC 6838, section 4.2.
fn is_token(text: &str) -> bool {
    (1..=127).contains(&text.len())
        && text.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'!' | b'#' | b'$' | b'&' | b'-' | b'^' | b'_' | b'.' | b'+')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_its_types_and_no_others() {
        let holds = |range: &str, media_type| MediaRange::parse(range).map(|range| range.holds(media_type));
        assert_eq!(holds("*/*", "image/png"), Some(true));
        assert_eq!(holds("text/*", "Text/HTML"), Some(true));
        assert_eq!(holds("text/*", "textual/html"), Some(false));
        assert_eq!(holds("text/plain", "text/plain"), Some(true));
        assert_eq!(holds("text/plain", "text/html"), Some(false));
        for wrong in ["", "text", "*/plain", "text/", "/", "text/plain; charset=utf-8", "te*t/plain"] {
            assert_eq!(MediaRange::parse(wrong), None, "{wrong}");
        }
    }
}
