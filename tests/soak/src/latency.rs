//! How long checks took, counted without a lock and within four parts in a hundred.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Buckets for each power of two of nanoseconds, as a power of two: a bucket is at most a sixteenth wide.
const FINE: u32 = 4;
/// Powers of two of nanoseconds: the last are minutes.
const POWERS: usize = 40;

/// A distribution of durations.
pub(crate) struct Latency {
    buckets: [AtomicU64; POWERS << FINE],
    longest: AtomicU64,
}

impl Latency {
    /// Nothing yet.
    pub(crate) const fn new() -> Self {
        Self { buckets: [const { AtomicU64::new(0) }; POWERS << FINE], longest: AtomicU64::new(0) }
    }

    /// One check more.
    pub(crate) fn took(&self, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let bucket = bucket(nanos).min(self.buckets.len() - 1);
        self.buckets.get(bucket).into_iter().for_each(|bucket| {
            bucket.fetch_add(1, Ordering::Relaxed);
        });
        self.longest.fetch_max(nanos, Ordering::Relaxed);
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        self.buckets.iter().map(|bucket| bucket.load(Ordering::Relaxed)).sum()
    }

    /// The least time of the bucket in which the check stands below which there are `per_mille` of all.
    fn quantile(&self, per_mille: u64) -> Duration {
        let mut below = self.count() * per_mille / 1000;
        for (index, bucket) in self.buckets.iter().enumerate() {
            let count = bucket.load(Ordering::Relaxed);
            if below < count {
                return Duration::from_nanos(least(index));
            }
            below -= count;
        }
        Duration::from_nanos(self.longest.load(Ordering::Relaxed))
    }
}

/// The bucket of a duration: its highest bits, the number of those that follow in front of them.
fn bucket(nanos: u64) -> usize {
    let high = (u64::BITS - nanos.leading_zeros()).saturating_sub(FINE + 1);
    usize::try_from((u64::from(high) << FINE) + (nanos >> high)).unwrap_or(usize::MAX)
}

/// The shortest duration in a bucket.
fn least(bucket: usize) -> u64 {
    let high = (bucket >> FINE).saturating_sub(1);
    ((bucket - (high << FINE)) as u64) << high
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [half, most, nearly] = [500, 990, 999].map(|per_mille| self.quantile(per_mille));
        let longest = Duration::from_nanos(self.longest.load(Ordering::Relaxed));
        write!(f, "p50 {half:.1?}, p99 {most:.1?}, p99.9 {nearly:.1?}, longest {longest:.1?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_at_most_a_sixteenth_wide_and_holds_its_least() {
        let mut last = 0;
        for index in 0..(POWERS << FINE) - 1 {
            let (first, next) = (least(index), least(index + 1));
            assert_eq!(bucket(first), index);
            assert_eq!(bucket(next - 1), index);
            assert!(first <= 16 || (next - first) * 16 <= first, "{index}: {first} to {next}");
            assert!(first >= last);
            last = next;
        }
    }

    #[test]
    fn half_of_the_checks_took_less_than_the_median() {
        let latency = Latency::new();
        for micros in 1..=1000 {
            latency.took(Duration::from_micros(micros));
        }
        let median = latency.quantile(500).as_micros();
        assert!((470..=501).contains(&median), "{median}");
    }
}
