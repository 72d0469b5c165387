//! What all guards of a checkpoint make of an event.

use super::basis::{self, Spent};
use super::panel::{Panel, Seen, Window};
use crate::{
    bundle::OnFailure,
    decision::{Reason, ReasonCode},
    guard::{Asked, Guard},
    judge::Coverage,
    sandbox::Failure,
    text::{Excerpt, Found, GRID, Part, Parts, Piece},
};

/// The most bytes of a text that guards may leave open before the event is denied: the default of what they are shown at
/// once.
pub(super) const MAX_HELD: usize = 1 << 20;

/// The guards' work on one event.
pub(super) struct Inspection {
    /// What they saw.
    pub(super) findings: Vec<Found>,
    /// Guards without a report whose failure means deny.
    pub(super) failed: Vec<Reason>,
    /// Guards without a report whose failure the bundle passes over.
    pub(super) skipped: Vec<Reason>,
    /// What was not inspected.
    pub(super) coverage: Coverage,
    /// What each guard took, by its name.
    pub(super) spent: Spent,
}

impl Inspection {
    /// Nothing seen yet.
    pub(super) const fn new() -> Self {
        Self {
            findings: Vec::new(),
            failed: Vec::new(),
            skipped: Vec::new(),
            coverage: Coverage { uninspected: false, skipped: false },
            spent: Vec::new(),
        }
    }

    /// Asks the guards. All see the same original, none another's findings.
    ///
    /// A short event is shown to them as it is. Of a long one, guards that state their reach are shown [`GRID`] bytes at a
    /// time, by the procedure that streams go by; the others are shown all of it, if it is not too long for them.
    pub(super) async fn of(panel: Panel<'_>, asked: &Asked<'_>, parts: &Parts<'_>) -> Self {
        let mut inspection = Self::new();
        let mut read = vec![false; parts.parts.len()];
        let bytes = parts.parts.iter().map(|part| part.body.len()).fold(0, usize::saturating_add);
        if bytes <= GRID {
            inspection.look(&panel, asked, &parts.parts, &mut read).await;
        } else {
            let (whole, pieces) = panel.parted(asked.event);
            if !whole.is_empty() {
                inspection.look(&whole, asked, &parts.parts, &mut read).await;
            }
            if !pieces.is_empty() {
                inspection.look_by_pieces(&pieces, asked, &parts.parts, &mut read).await;
            }
        }
        inspection.coverage.uninspected |= !parts.uninspectable.is_empty() || read.contains(&false);
        inspection
    }

    /// Shows the guards whole parts.
    async fn look(&mut self, panel: &Panel<'_>, asked: &Asked<'_>, parts: &[Part<'_>], read: &mut [bool]) {
        let seen = panel.look(asked, &Excerpt::whole(parts, panel.views())).await;
        for (read, by_panel) in read.iter_mut().zip(&seen.read) {
            *read |= by_panel;
        }
        self.add(seen);
    }

    /// Shows the guards many parts, so many at once that they are not too long, and long ones by windows.
    async fn look_by_pieces(&mut self, panel: &Panel<'_>, asked: &Asked<'_>, parts: &[Part<'_>], read: &mut [bool]) {
        let mut rest: Vec<_> = parts.iter().zip(read).collect();
        while !rest.is_empty() {
            let mut bytes = 0;
            let fitting = rest.iter().take_while(|(part, _)| {
                bytes += part.body.len();
                bytes <= GRID
            });
            let behind = rest.split_off(fitting.count().max(1));
            if let [(part, read)] = rest.as_mut_slice()
                && part.body.len() > GRID
            {
                **read |= self.look_along(panel, asked, part).await;
            } else {
                let pieces = rest.iter().map(|(part, _)| Piece::whole(part)).collect();
                let seen = panel.look(asked, &Excerpt::new(pieces, panel.views())).await;
                for ((_, read), by_panel) in rest.iter_mut().zip(&seen.read) {
                    **read |= by_panel;
                }
                self.add(seen);
            }
            rest = behind;
        }
    }

    /// Shows the guards a long part, window by window, and says whether some guard read it.
    async fn look_along(&mut self, panel: &Panel<'_>, asked: &Asked<'_>, part: &Part<'_>) -> bool {
        let (text, mut from, mut to) = (part.body, 0, GRID);
        loop {
            to = text.ceil_char_boundary(to.min(text.len()));
            let more_after = to < text.len();
            let window = Window { path: &part.path, media_type: part.media_type, text, at: 0, from, to, more_after };
            let seen = panel.look_at(asked, window).await;
            let read = seen.read.contains(&true);
            let settled = seen.settled.first().copied().unwrap_or_default();
            if more_after && settled <= from && to - from < MAX_HELD {
                // Nothing is settled yet, and nothing counts: more is shown.
                to += GRID;
                continue;
            }
            if more_after && settled <= from {
                let message =
                    format!("expected guards to settle within {MAX_HELD} bytes of a part, found more left open");
                self.failed.push(Reason::of(ReasonCode::TooLarge, message));
            }
            self.add(seen);
            if !more_after || settled <= from || !self.failed.is_empty() {
                return read;
            }
            (from, to) = (settled, settled + GRID);
        }
    }

    /// Adds what a panel saw.
    pub(super) fn add(&mut self, seen: Seen<'_>) {
        self.findings.extend(seen.findings);
        for (guard, time) in seen.spent {
            basis::add(&mut self.spent, guard.name(), time);
        }
        self.coverage.uninspected |= seen.is_incomplete;
        for (guard, failure) in seen.failed {
            self.without_report(guard, &failure);
        }
    }

    /// A guard gave no report. Its own words go to the operator's log and nowhere else.
    fn without_report(&mut self, guard: &Guard, failure: &Failure) {
        let (name, cause, words) = (guard.name(), failure.cause(), failure.words());
        tracing::warn!(guard = name, %cause, words, "a guard failed: {failure}");
        let (reasons, code) = match guard.on_failure() {
            OnFailure::Deny => (&mut self.failed, ReasonCode::GuardFailed),
            OnFailure::Skip => (&mut self.skipped, ReasonCode::GuardSkipped),
        };
        self.coverage.skipped |= guard.on_failure() == OnFailure::Skip;
        let message = format!("the guard failed ({cause}): {failure}");
        let reason = Reason { code, policy: None, guard: Some(name.to_owned()), message };
        // Once is enough of what fails in every window of a long text.
        Reason::add_new(reasons, [reason]);
    }
}
