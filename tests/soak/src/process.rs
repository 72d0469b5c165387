//! What the process has: memory, threads, open files, looked at once a second.

use std::{
    fs,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};

/// The first time, in which pools and caches fill; a quarter of the run where that is shorter.
const WARM_UP: Duration = Duration::from_mins(1);

/// One look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    at: Instant,
    /// Resident memory in KiB (`VmRSS`).
    pub(crate) resident: u64,
    pub(crate) threads: u64,
    pub(crate) files: u64,
    /// How long the executor's threads ran, and how long they were ready and did not.
    cores: Option<(Duration, Duration)>,
}

/// All looks, in order.
#[derive(Debug, Default)]
pub(crate) struct Watch(Vec<Look>);

/// How a number was in the first third of the time after the warm-up, and in the last: medians, and the greatest of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Course {
    pub(crate) first: u64,
    pub(crate) last: u64,
    pub(crate) most: u64,
}

impl Watch {
    /// Looks.
    pub(crate) fn look(&mut self) -> Result<()> {
        let status = fs::read_to_string("/proc/self/status").context("expected Linux's `/proc/self/status`")?;
        let number = |field: &str| {
            let value = status.lines().find_map(|line| line.strip_prefix(field)?.split_whitespace().next());
            value.and_then(|value| value.parse().ok()).with_context(|| format!("expected `{field}` in the status"))
        };
        let files = fs::read_dir("/proc/self/fd").context("expected Linux's `/proc/self/fd`")?.count() as u64;
        let (resident, threads, cores) = (number("VmRSS:")?, number("Threads:")?, cores());
        self.0.push(Look { at: Instant::now(), resident, threads, files, cores });
        Ok(())
    }

    /// How long the executor's threads ran, and how long they were ready and did not; `None` where the kernel does not
    /// say.
    pub(crate) fn cores(&self) -> Option<(Duration, Duration)> {
        let ((ran_first, waited_first), (ran, waited)) = (self.0.first()?.cores?, self.0.last()?.cores?);
        Some((ran.checked_sub(ran_first)?, waited.checked_sub(waited_first)?))
    }

    /// The course of a number; `None` where there are too few looks to say.
    pub(crate) fn course(&self, number: impl Fn(&Look) -> u64) -> Option<Course> {
        let (first, last) = (self.0.first()?.at, self.0.last()?.at);
        let warm = first + WARM_UP.min((last - first) / 4);
        let numbers: Vec<u64> = self.0.iter().filter(|look| look.at >= warm).map(number).collect();
        let third = numbers.len() / 3;
        Some(Course {
            first: median(numbers.get(..third)?)?,
            last: median(numbers.get(numbers.len() - third..)?)?,
            most: numbers.iter().copied().max()?,
        })
    }
}

/// The scheduler's own figures (`/proc/<pid>/task/<tid>/schedstat`: nanoseconds run, and waited to run), over the threads
/// that tokio names as its workers.
fn cores() -> Option<(Duration, Duration)> {
    let mut total = (Duration::ZERO, Duration::ZERO);
    for task in fs::read_dir("/proc/self/task").ok()? {
        let task = task.ok()?.path();
        if fs::read_to_string(task.join("comm")).ok()?.starts_with("tokio-") {
            let figures = fs::read_to_string(task.join("schedstat")).ok()?;
            let mut nanos = figures.split_whitespace().map(|nanos| nanos.parse().map(Duration::from_nanos));
            total.0 += nanos.next()?.ok()?;
            total.1 += nanos.next()?.ok()?;
        }
    }
    Some(total)
}

fn median(numbers: &[u64]) -> Option<u64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied()
}
