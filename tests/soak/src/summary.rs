//! What a run came to, and whether that is as it should be.

use std::{fmt, time::Duration};

use crate::{
    process::{Course, Look, Watch},
    traffic::Traffic,
};

/// KiB that the resident memory may grow by between the first third of the time and the last. An engine is replaced every
/// few seconds, and where the allocator puts the next moves the figure by some MiB either way; what is kept of every
/// check comes to far more: 16 bytes of each make 32 MiB in ten minutes of 3,000 checks a second.
const GROWTH: u64 = 16 << 10;

/// Lines to print, and what is wrong.
pub(crate) struct Summary {
    lines: Vec<String>,
    wrong: Vec<String>,
}

/// Sums up a run.
pub(crate) fn of(traffic: &Traffic, watch: &Watch, time: Duration) -> Summary {
    let tally = traffic.post().tally();
    let mut summary = Summary { lines: Vec::new(), wrong: traffic.shown() };
    if traffic.wrong() > 0 {
        summary.wrong.push(format!("{} decisions were wrong", traffic.wrong()));
    }
    if traffic.late() > 0 {
        summary.wrong.push(format!("{} events were denied because an innocent guard was late", traffic.late()));
    }
    let rate = |count: u64| count.checked_div(time.as_secs().max(1)).unwrap_or_default();
    let (innocent, evil) = (traffic.innocent_latency.count(), traffic.evil_latency.count());
    summary.lines.push(format!("{time:.0?}, {} engines", tally.engines));
    for (what, count, latency) in
        [("innocent", innocent, &traffic.innocent_latency), ("evil", evil, &traffic.evil_latency)]
    {
        summary.lines.push(format!("{what:8} events {count:9} ({} a second), to the decision: {latency}", rate(count)));
    }
    for (name, served) in &tally.innocent {
        summary.lines.push(format!(
            "guard {name:8} calls {:9}, failed {}, from its slot: mean {:.1?}, longest {:.1?} of {:?}",
            served.calls,
            served.failed,
            served.time.checked_div(u32::try_from(served.calls).unwrap_or(u32::MAX)).unwrap_or_default(),
            served.longest,
            served.wall
        ));
        if served.failed > 0 {
            summary.wrong.push(format!("the innocent guard `{name}` failed {} times", served.failed));
        }
        if served.longest > served.wall {
            let (longest, wall) = (served.longest, served.wall);
            summary
                .wrong
                .push(format!("a check of the innocent guard `{name}` took {longest:?}, its limit is {wall:?}"));
        }
    }
    let evil = tally.evil.iter().map(|(cause, count)| format!("{cause} {count}"));
    summary.lines.push(format!("failures of evil guards: {}", evil.collect::<Vec<_>>().join(", ")));
    if let Some((ran, waited)) = watch.cores() {
        summary
            .lines
            .push(format!("executor: ran {ran:.0?}, and was ready for {waited:.0?} while the machine ran others"));
    }
    summary.course("resident KiB", watch.course(|look: &Look| look.resident), GROWTH);
    summary.course("threads", watch.course(|look| look.threads), 0);
    summary.course("open files", watch.course(|look| look.files), 0);
    summary
}

impl Summary {
    /// Whether nothing is wrong.
    pub(crate) const fn holds(&self) -> bool {
        self.wrong.is_empty()
    }

    fn course(&mut self, what: &str, course: Option<Course>, growth: u64) {
        let Some(Course { first, last, most }) = course else {
            return self.wrong.push(format!("too short a run to say anything of {what}"));
        };
        self.lines.push(format!("{what:12} first third {first}, last third {last}, most {most}"));
        if last > first + growth {
            self.wrong.push(format!("{what} grew from {first} to {last}, by more than {growth}"));
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))?;
        self.wrong.iter().try_for_each(|wrong| writeln!(f, "WRONG: {wrong}"))?;
        f.write_str(if self.holds() { "soaked: all as it should be" } else { "soaked: NOT as it should be" })
    }
}
