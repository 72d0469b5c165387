//! How far a rate is known: intervals of 95 %.

use serde::Serialize;

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// A rate with the interval in which it lies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Rate {
    /// From 0 to 1.
    #[serde(rename = "rate")]
    pub(crate) share: f64,
    /// The lower end of the interval.
    pub(crate) low: f64,
    /// Its upper end.
    pub(crate) high: f64,
}

impl Rate {
    /// The share of `hits` among `records`, with Wilson's score interval (E. B. Wilson, Journal of the American Statistical
    /// Association 22, 1927, 209 to 212): it stays between 0 and 1, and says something also of a few records and of none
    /// or all of them being hits. `None` where there are no records.
    pub(crate) fn wilson(hits: u64, records: u64) -> Option<Self> {
        if records == 0 {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "a corpus has less than 2^52 records")]
        let (hits, records) = (hits as f64, records as f64);
        let share = hits / records;
        let scale = 1.0 + Z * Z / records;
        let middle = (share + Z * Z / (2.0 * records)) / scale;
        let half = Z / scale * (share * (1.0 - share) / records + Z * Z / (4.0 * records * records)).sqrt();
        // What rounding leaves beyond the share at 0 and 1.
        Some(Self { share, low: (middle - half).clamp(0.0, share), high: (middle + half).clamp(share, 1.0) })
    }

    /// The average of the rates of several sources, each with the same weight, and the interval that follows from theirs.
    ///
    /// The interval is that of Zou, Huang and Zhang (Computational Statistics & Data Analysis 53, 2009, 1080 to 1085) for
    /// a linear function of binomial proportions: the distances of the sources' own limits from their rates, squared,
    /// added and rooted. It says how well the average over *these* sources is known. A bootstrap over the sources would
    /// ask what other sources might show; there are one to twenty, picked by hand, so it would pretend to know that, and
    /// where all agree, as false alarms of zero do, it would have no width at all. `None` where there are no sources.
    pub(crate) fn average(rates: &[Self]) -> Option<Self> {
        if rates.is_empty() {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "a corpus has less than 2^52 sources")]
        let count = rates.len() as f64;
        let share = rates.iter().map(|one| one.share).sum::<f64>() / count;
        let root =
            |distance: fn(&Self) -> f64| rates.iter().map(|one| distance(one).powi(2)).sum::<f64>().sqrt() / count;
        let low = (share - root(|one| one.share - one.low)).max(0.0);
        let high = (share + root(|one| one.high - one.share)).min(1.0);
        Some(Self { share, low, high })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    /// The share and the ends, to four digits.
    fn rounded(rate: Option<Rate>) -> String {
        let Rate { share, low, high } = rate.unwrap();
        format!("{share:.4} {low:.4} {high:.4}")
    }

    #[test]
    fn the_interval_of_one_rate_is_wilsons() {
        // R. G. Newcombe, Statistics in Medicine 17, 1998, 857 to 872, table I, method 3.
        assert_eq!(rounded(Rate::wilson(81, 263)), "0.3080 0.2553 0.3662");
        assert_eq!(rounded(Rate::wilson(15, 148)), "0.1014 0.0624 0.1605");
        assert_eq!(rounded(Rate::wilson(0, 20)), "0.0000 0.0000 0.1611");
        assert_eq!(rounded(Rate::wilson(1, 29)), "0.0345 0.0061 0.1718");
        assert_eq!(rounded(Rate::wilson(20, 20)), "1.0000 0.8389 1.0000");
        assert_eq!(Rate::wilson(0, 0), None);
    }

    #[test]
    fn each_source_has_the_same_weight_in_an_average() {
        let sources = [Rate::wilson(10, 10).unwrap(), Rate::wilson(0, 1_000).unwrap()];
        assert_eq!(rounded(Rate::average(&sources)), "0.5000 0.3612 0.5019");
    }

    #[test]
    fn the_interval_of_an_average_follows_from_those_of_the_sources() {
        // Worked out by hand from the limits above.
        let sources = [Rate::wilson(81, 263).unwrap(), Rate::wilson(15, 148).unwrap()];
        assert_eq!(rounded(Rate::average(&sources)), "0.2047 0.1719 0.2462");
        // That of one source is its own, and that of sources without a hit has a width.
        assert_eq!(rounded(Rate::average(&sources[..1])), rounded(Some(sources[0])));
        let none = Rate::wilson(0, 20).unwrap();
        assert_eq!(rounded(Rate::average(&[none, none])), "0.0000 0.0000 0.1139");
        assert_eq!(Rate::average(&[]), None);
    }
}
