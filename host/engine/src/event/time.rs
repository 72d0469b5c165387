//! Dates and times, as RFC 3339 writes them.

use jiff::Timestamp;

/// The moment that `text` names, if it is an RFC 3339 date and time with an offset.
///
/// `jiff` accepts more (ISO 8601 basic form, no seconds, annotations in brackets), so the shape is looked at first.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let is_time = match shape(text).split_once("NN:NN:NN") {
        Some(("NNNN-NN-NNT", rest)) => {
            let offset = rest.strip_prefix('.').map_or(Some(rest), |fraction| {
                let offset = fraction.trim_start_matches('N');
                (offset.len() < fraction.len()).then_some(offset)
            });
            matches!(offset, Some("Z" | "+NN:NN"))
        }
        _ => false,
    };
    if is_time { text.parse().ok() } else { None }
}

/// `text` with `N` for each digit, `T` and `Z` for either case, `+` for either sign of an offset.
fn shape(text: &str) -> String {
    let mut shape: String = text
        .chars()
        .map(|character| match character {
            '0'..='9' => 'N',
            't' => 'T',
            'z' => 'Z',
            other => other,
        })
        .collect();
    if let Some(sign) = shape.len().checked_sub("-NN:NN".len())
        && shape.get(sign..) == Some("-NN:NN")
    {
        shape.replace_range(sign..=sign, "+");
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_what_rfc_3339_says() {
        for text in [
            "2026-01-02T03:04:05Z",
            "2026-01-02t03:04:05.123456789z",
            "2026-01-02T03:04:05+05:30",
            "2026-01-02T03:04:05.5-08:00",
        ] {
            assert!(parse(text).is_some(), "{text}");
        }
    }

    #[test]
    fn anything_else_is_not_a_time() {
        for text in [
            "",
            "2026-01-02",
            "2026-01-02T03:04:05",
            "2026-01-02T03:04Z",
            "2026-01-02 03:04:05Z",
            "20260102T030405Z",
            "2026-01-02T03:04:05.Z",
            "2026-01-02T03:04:05,5Z",
            "2026-01-02T03:04:05+0530",
            "2026-01-02T03:04:05Z[Europe/London]",
            "2026-13-02T03:04:05Z",
            "2026-02-30T03:04:05Z",
            "+002026-01-02T03:04:05Z",
            "2026-01-02T03:04:05Zé",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
