//! Ratios in one run: the bare thing and ours in turns, so that a noisy machine troubles both alike.

use std::time::{Duration, Instant};

/// Rounds of a comparison. Each gives one ratio; the spread is over these.
const ROUNDS: usize = 41;
/// How long each side runs in a round.
const SLICE: Duration = Duration::from_millis(60);

/// One comparison, and the most that the ratio may be.
pub(crate) struct Comparison {
    pub(crate) name: &'static str,
    pub(crate) bar: Option<f64>,
}

/// What a comparison found.
pub(crate) struct Measured {
    name: &'static str,
    bar: Option<f64>,
    bare: Vec<f64>,
    ours: Vec<f64>,
}

impl Comparison {
    /// Runs `bare` and `ours` in turns, first the one, then the other, exchanging who is first.
    pub(crate) fn run(self, mut bare: impl FnMut(), mut ours: impl FnMut()) -> Measured {
        self.run_by(|| slice(&mut bare), || slice(&mut ours))
    }

    /// The same by what the median call takes, and not by what calls take together.
    pub(crate) fn run_each(self, mut bare: impl FnMut(), mut ours: impl FnMut()) -> Measured {
        self.run_by(|| median_of_slice(&mut bare), || median_of_slice(&mut ours))
    }

    fn run_by(self, mut bare: impl FnMut() -> f64, mut ours: impl FnMut() -> f64) -> Measured {
        let mut measured = Measured { name: self.name, bar: self.bar, bare: Vec::new(), ours: Vec::new() };
        // Warm caches, pools and the processor's guesses; the results are not kept.
        let _ = (bare(), ours());
        for round in 0..ROUNDS {
            if round % 2 == 0 {
                measured.bare.push(bare());
                measured.ours.push(ours());
            } else {
                measured.ours.push(ours());
                measured.bare.push(bare());
            }
        }
        measured
    }
}

/// Microseconds per call over one slice of time.
fn slice(call: &mut impl FnMut()) -> f64 {
    let started = Instant::now();
    let mut calls = 0_u32;
    loop {
        for _ in 0..16 {
            call();
        }
        calls += 16;
        let elapsed = started.elapsed();
        if elapsed >= SLICE {
            return elapsed.as_secs_f64() * 1e6 / f64::from(calls);
        }
    }
}

/// Microseconds of the median call in one slice of time.
fn median_of_slice(call: &mut impl FnMut()) -> f64 {
    let started = Instant::now();
    let mut times = Vec::new();
    while started.elapsed() < SLICE {
        let begun = Instant::now();
        call();
        times.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    quantile(&times, 0.5)
}

impl Measured {
    /// The median ratio keeps its bar.
    pub(crate) fn holds(&self) -> bool {
        self.bar.is_none_or(|bar| quantile(&self.ratios(), 0.5) <= bar)
    }

    /// Our side alone, as a figure of its own, in microseconds.
    pub(crate) fn ours(&self, name: &'static str, bar: Option<f64>) -> Stated {
        Stated::at_most(name, "us", bar, Spread(self.ours.clone()))
    }

    /// What our side takes more than the bare one, in microseconds.
    pub(crate) fn difference(&self, name: &'static str, bar: Option<f64>) -> Stated {
        let differences = self.ours.iter().zip(&self.bare).map(|(ours, bare)| ours - bare);
        Stated::at_most(name, "us", bar, Spread(differences.collect()))
    }

    fn ratios(&self) -> Vec<f64> {
        self.ours.iter().zip(&self.bare).map(|(ours, bare)| ours / bare).collect()
    }

    /// One line: medians in microseconds, the ratio's median with its quartiles and range, the bar.
    pub(crate) fn line(&self) -> String {
        let ratios = self.ratios();
        let bar = self
            .bar
            .map_or_else(String::new, |bar| format!("  bar {bar:.2} {}", if self.holds() { "kept" } else { "MISSED" }));
        format!(
            "{:44} bare {:8.2} us  ours {:8.2} us  ratio {:.2} (quartiles {:.2} to {:.2}, range {:.2} to {:.2}){bar}",
            self.name,
            quantile(&self.bare, 0.5),
            quantile(&self.ours, 0.5),
            quantile(&ratios, 0.5),
            quantile(&ratios, 0.25),
            quantile(&ratios, 0.75),
            quantile(&ratios, 0.0),
            quantile(&ratios, 1.0),
        )
    }
}

/// Values of one thing, for their median and quartiles.
#[derive(Default)]
pub(crate) struct Spread(Vec<f64>);

impl Spread {
    /// One value more.
    pub(crate) fn push(&mut self, value: f64) {
        self.0.push(value);
    }
}

/// A figure that is stated as it is, not against another.
pub(crate) struct Stated {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    /// At most this, for the median.
    pub(crate) bar: Option<f64>,
    pub(crate) spread: Spread,
    /// At least `bar` instead.
    pub(crate) more_is_better: bool,
}

impl Stated {
    /// A figure with at most `bar`, if there is one.
    pub(crate) const fn at_most(name: &'static str, unit: &'static str, bar: Option<f64>, spread: Spread) -> Self {
        Self { name, unit, bar, spread, more_is_better: false }
    }

    /// A figure with at least `bar`.
    pub(crate) const fn at_least(name: &'static str, unit: &'static str, bar: f64, spread: Spread) -> Self {
        Self { name, unit, bar: Some(bar), spread, more_is_better: true }
    }

    /// The same as a rate, with at least `bar`.
    pub(crate) fn into_rate(self, unit: &'static str, bar: f64, rate: impl Fn(f64) -> f64) -> Self {
        let spread = Spread(self.spread.0.into_iter().map(rate).collect());
        Self::at_least(self.name, unit, bar, spread)
    }

    /// A figure that is taken once and has no bar.
    pub(crate) fn once(name: &'static str, unit: &'static str, value: f64) -> Self {
        Self::at_most(name, unit, None, Spread(vec![value]))
    }

    /// The median keeps its bar.
    pub(crate) fn holds(&self) -> bool {
        let median = quantile(&self.spread.0, 0.5);
        self.bar.is_none_or(|bar| if self.more_is_better { median >= bar } else { median <= bar })
    }

    /// One line: the median with its quartiles and range, the bar.
    pub(crate) fn line(&self) -> String {
        let values = &self.spread.0;
        let spread = match values.len() {
            1 => String::new(),
            _ => format!(
                " (quartiles {:.2} to {:.2}, range {:.2} to {:.2})",
                quantile(values, 0.25),
                quantile(values, 0.75),
                quantile(values, 0.0),
                quantile(values, 1.0)
            ),
        };
        let kept = if self.holds() { "kept" } else { "MISSED" };
        let which = if self.more_is_better { "at least" } else { "at most" };
        let bar = self.bar.map_or_else(String::new, |bar| format!("  bar {which} {bar:.2} {kept}"));
        format!("{:54} {:10.2} {}{spread}{bar}", self.name, quantile(values, 0.5), self.unit)
    }
}

/// The value below which the fraction `q` of the values lies.
pub(crate) fn quantile(values: &[f64], q: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index"
    )]
    let index = ((sorted.len().saturating_sub(1)) as f64 * q).round() as usize;
    sorted.get(index).copied().unwrap_or(f64::NAN)
}
