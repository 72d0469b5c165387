//! [`Panel`]: the guards that are asked about one event, and how they are shown its text.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::event::Event;
use crate::generation::Generation;
use crate::guard::{Asked, Guard};
use crate::sandbox::Failure;
use crate::text::{Excerpt, Found, Piece, Reach, VIEWS_BEFORE, ViewKinds};

/// Guards that are shown the same. None sees another's findings.
#[derive(Debug, Clone)]
pub(super) struct Panel<'g> {
    guards: Vec<&'g Guard>,
}

/// What the guards of a panel saw.
pub(super) struct Seen<'g> {
    /// Their findings, in the order of the guards.
    pub(super) findings: Vec<Found>,
    /// For each piece, whether some guard was shown it.
    pub(super) read: Vec<bool>,
    /// For each piece, up to where in its part nothing changes, whatever follows.
    pub(super) settled: Vec<usize>,
    /// The guards without a report.
    pub(super) failed: Vec<(&'g Guard, Failure)>,
    /// Whether there is something that the views do not show.
    pub(super) is_incomplete: bool,
    /// What each guard took.
    pub(super) spent: Vec<(&'g Guard, Duration)>,
}

/// A part, or what there is of it, and the window of it that guards are shown next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window<'t> {
    pub(super) path: &'t str,
    pub(super) media_type: &'t str,
    /// The text.
    pub(super) text: &'t str,
    /// Where it begins in the part, in bytes.
    pub(super) at: usize,
    /// From where in the part findings are asked for.
    pub(super) from: usize,
    /// Where in the part the window ends.
    pub(super) to: usize,
    /// Whether the part goes on behind it.
    pub(super) more_after: bool,
}

impl<'g> Panel<'g> {
    /// The guards that stand where the event passes.
    pub(super) fn of(generation: &'g Generation, event: &Event) -> Self {
        Self { guards: generation.guards().iter().filter(|guard| guard.is_asked(event)).collect() }
    }

    /// No guards.
    pub(super) const fn none() -> Self {
        Self { guards: Vec::new() }
    }

    /// Those that look at the event as a whole, and those that may be shown pieces of it.
    pub(super) fn parted(self, event: &Event) -> (Self, Self) {
        let (whole, pieces) = self.guards.into_iter().partition(|guard| guard.needs_whole(event));
        (Self { guards: whole }, Self { guards: pieces })
    }

    /// Whether there are no guards.
    pub(super) fn is_empty(&self) -> bool {
        self.guards.is_empty()
    }

    /// Whether some guard looks at calls as a whole.
    pub(super) fn inspects_calls(&self) -> bool {
        self.guards.iter().any(|guard| guard.inspects_calls())
    }

    /// The views that some guard asks for.
    pub(super) fn views(&self) -> ViewKinds {
        self.guards.iter().fold(ViewKinds::EMPTY, |all, guard| all.union(guard.views()))
    }

    /// Bytes before a place that a window shows of what was seen before.
    pub(super) fn before(&self) -> usize {
        let before = self.guards.iter().filter_map(|guard| guard.reach()).map(|Reach { before, .. }| before).max();
        before.unwrap_or_default() + VIEWS_BEFORE
    }

    /// Bytes from a place that can influence what is found there.
    pub(super) fn ahead(&self) -> usize {
        let ahead = self.guards.iter().filter_map(|guard| guard.reach()).map(|Reach { ahead, .. }| ahead).max();
        ahead.unwrap_or_default() + VIEWS_BEFORE
    }

    /// Shows all guards an excerpt.
    pub(super) async fn look(&self, asked: &Asked<'_>, excerpt: &Excerpt<'_>) -> Seen<'g> {
        let timed = |guard: &'g Guard| async move {
            let started = Instant::now();
            (guard.look(asked, excerpt).await, started.elapsed())
        };
        let answers = join_all(self.guards.iter().map(|guard| timed(guard))).await;
        let ends = excerpt.pieces.iter().enumerate().map(|(index, piece)| piece.at + excerpt.views.settled(index));
        let mut seen = Seen {
            findings: Vec::new(),
            read: vec![false; excerpt.pieces.len()],
            settled: ends.collect(),
            failed: Vec::new(),
            is_incomplete: excerpt.views.is_incomplete(),
            spent: Vec::with_capacity(self.guards.len()),
        };
        for (guard, (answer, spent)) in self.guards.iter().zip(answers) {
            seen.spent.push((guard, spent));
            match answer {
                Ok(inspected) => {
                    seen.findings.extend(inspected.findings);
                    for (read, by_guard) in seen.read.iter_mut().zip(inspected.read) {
                        *read |= by_guard;
                    }
                    for (settled, by_guard) in seen.settled.iter_mut().zip(inspected.settled) {
                        *settled = by_guard.min(*settled);
                    }
                }
                Err(failure) => seen.failed.push((guard, failure)),
            }
        }
        seen
    }

    /// Shows all guards a window of one part. Only what begins between `from` and what is settled counts; where the part
    /// ends with the window, all is settled.
    pub(super) async fn look_at(&self, asked: &Asked<'_>, window: Window<'_>) -> Seen<'g> {
        let Window { path, media_type, text, at, from, to, more_after } = window;
        let start = text.floor_char_boundary(from.saturating_sub(self.before()).saturating_sub(at));
        let end = text.floor_char_boundary(to - at);
        let body = text.get(start..end).unwrap_or_default();
        let piece = Piece { path, media_type, body, at: at + start, more_after };
        let mut seen = self.look(asked, &Excerpt::new(vec![piece], self.views())).await;
        let settled = seen.settled.first().copied().filter(|_| more_after).unwrap_or(usize::MAX);
        seen.findings.retain(|found| {
            let start = found.finding.span.map_or(0, |span| span.start as usize);
            (from..settled).contains(&start)
        });
        seen
    }
}
