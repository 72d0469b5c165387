//! Sizes and times as a manifest writes them.

use std::time::Duration;

/// Bytes of `"64MiB"`: a whole number and one of `B`, `KiB`, `MiB`, `GiB`, without white space between.
pub(crate) fn size(text: &str) -> Option<usize> {
    let (number, unit) = split(text)?;
    let factor = match unit {
        "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    usize::try_from(number).ok()?.checked_mul(factor)
}

/// The time of `"20ms"`: a whole number and one of `us`, `ms`, `s`, `m`, `h`, `d`, without white space between.
pub(crate) fn time(text: &str) -> Option<Duration> {
    let (number, unit) = split(text)?;
    match unit {
        "us" => Some(Duration::from_micros(number)),
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        "h" => number.checked_mul(60 * 60).map(Duration::from_secs),
        "d" => number.checked_mul(24 * 60 * 60).map(Duration::from_secs),
        _ => None,
    }
}

fn split(text: &str) -> Option<(u64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    Some((number.parse().ok()?, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_a_number_and_a_unit() {
        assert_eq!(size("64MiB"), Some(64 << 20));
        assert_eq!(size("0B"), Some(0));
        for wrong in
            ["64", "MiB", "64 MiB", "64MB", "-1B", "1.5MiB", "99999999999999999999B", "18446744073709551615GiB"]
        {
            assert_eq!(size(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn times_have_a_number_and_a_unit() {
        assert_eq!(time("20ms"), Some(Duration::from_millis(20)));
        assert_eq!(time("2m"), Some(Duration::from_mins(2)));
        assert_eq!((time("3h"), time("90d")), (Some(Duration::from_hours(3)), Some(Duration::from_hours(2_160))));
        for wrong in ["20", "ms", "20 ms", "1w", "-1s", "18446744073709551615m"] {
            assert_eq!(time(wrong), None, "{wrong}");
        }
    }
}
