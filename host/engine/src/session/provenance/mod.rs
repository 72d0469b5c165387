//! Provenance: where the values of a call's arguments were seen before.
//!
//! What a session has read is remembered by source ([`Origin`]), and a value is looked up in it ([`Provenance::trace`]): as it
//! stands, decoded, or as a number, a date or the like that is written otherwise; and what is long, by the passages in it.
//! No model is asked. What is the same is written down in `words` and `forms`.
//!
//! * `words` says when two texts are the same, `forms` when two values are; `dictionary` numbers words; `seen` finds texts in
//!   what was seen of one source, at a cost that is linear in what is added and hangs on the rarest pair of words when it is
//!   asked; `region` says what a finding flags; `passages` covers long values.
//!
//! What is lost for want of room is never taken for clean: a session that is full says of what it does not find that it comes
//! from a source which is not trusted.

mod addresses;
mod dictionary;
mod forms;
mod origin;
mod passages;
mod region;
mod seen;
mod sought;
#[cfg(test)]
mod tests;
mod words;
mod written;

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use self::{
    dictionary::Dictionary,
    forms::Form,
    seen::{Found, Seen},
    sought::Sought,
};
pub(crate) use self::{
    origin::{Origin, Rank},
    passages::Passage,
    written::returned,
};
use crate::{
    text::{Text, ViewKind, Views},
    tools::Asked,
    vocabulary::Vocabulary as _,
};

/// Bytes of text that a session remembers. What it needs for that is at most four times as much.
pub(crate) const MAX_TEXT: usize = 16 << 20;
/// Sources of one session.
const MAX_ORIGINS: usize = 512;
/// Bytes of a value that is looked up whole and decoded; a longer one is looked up by its passages.
const MAX_VALUE: usize = 16 << 10;
/// Bytes of the passage that is quoted around what was found.
const QUOTED: usize = 160;

/// What a session has read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Provenance {
    dictionary: Dictionary,
    sources: Vec<(Arc<Origin>, Seen)>,
    /// Bytes of text.
    bytes: usize,
    is_full: bool,
    is_untrusted: bool,
    labels: BTreeSet<String>,
    /// What the user has asked for.
    asked: Asked,
}

/// What an event told a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// Where it comes from. Never flagged: that is said of each text.
    pub(crate) origin: Origin,
    pub(crate) texts: Vec<ToldText>,
}

/// One text of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ToldText {
    pub(crate) body: String,
    /// Where guards found something, in bytes.
    pub(crate) findings: Vec<Range<usize>>,
}

/// What a session heard by an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    /// This.
    Told(Told),
    /// Something from this source that is sealed in its record.
    Sealed(Origin),
    /// Something from this source that was not kept.
    Lost(Origin),
}

impl Heard {
    /// Where it comes from.
    pub(crate) const fn origin(&self) -> &Origin {
        match self {
            Self::Told(told) => &told.origin,
            Self::Sealed(origin) | Self::Lost(origin) => origin,
        }
    }
}

/// Where a value stands, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Grounding {
    /// The user wrote it.
    User,
    /// It stands in a source that is trusted.
    Trusted,
    /// Passages of such sources cover it.
    Derived,
    /// It stands in a source that is not trusted, and in no better one.
    Untrusted,
    /// It stands only where a guard found something.
    Flagged,
    /// It stands nowhere.
    Ungrounded,
}

/// How an address was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Choice {
    /// Where it stands there is no other of its kind, nor has the user named one.
    OnlyOne,
    /// There are others.
    OneOfSeveral,
    /// It stands nowhere.
    MadeUp,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Traced {
    pub(crate) grounding: Grounding,
    /// The passages that say so.
    pub(crate) passages: Vec<Passage>,
    /// It is too long to have been looked up to its end: there may be more.
    pub(crate) is_partial: bool,
}

impl From<Rank> for Grounding {
    fn from(rank: Rank) -> Self {
        match rank {
            Rank::User => Self::User,
            Rank::Trusted => Self::Trusted,
            Rank::Untrusted => Self::Untrusted,
            Rank::Flagged => Self::Flagged,
        }
    }
}

impl Traced {
    pub(crate) const NOWHERE: Self = Self { grounding: Grounding::Ungrounded, passages: Vec::new(), is_partial: false };

    /// The better of two answers about the same value.
    pub(crate) fn or(self, other: Self) -> Self {
        let is_partial = self.is_partial || other.is_partial;
        let better = if other.grounding < self.grounding { other } else { self };
        Self { is_partial, ..better }
    }
}

impl Provenance {
    /// Whether something was lost for want of room.
    pub(crate) const fn is_full(&self) -> bool {
        self.is_full
    }

    /// What the user has asked for.
    pub(crate) const fn asked(&self) -> &Asked {
        &self.asked
    }

    /// How an address was chosen that stands where these passages say; `None` if the value is no address.
    pub(crate) fn choice(&self, value: &str, traced: &Traced) -> Option<Choice> {
        let (kind, address) = addresses::of_value(value)?;
        if traced.grounding == Grounding::Ungrounded {
            return Some(Choice::MadeUp);
        }
        let own = self.dictionary.fingerprint_of_address(kind, &address);
        let of = |origin: &Arc<Origin>| self.sources.iter().find(|(known, _)| known == origin).map(|(_, seen)| seen);
        let is_named =
            self.sources.iter().any(|(origin, seen)| origin.rank == Rank::User && seen.has_other(kind, own, None));
        let is_only = |passage: &Passage| {
            of(&passage.origin).zip(passage.text).is_some_and(|(seen, text)| !seen.has_other(kind, own, Some(text)))
        };
        Some(if is_named || !traced.passages.iter().any(is_only) { Choice::OneOfSeveral } else { Choice::OnlyOne })
    }

    /// Whether the session has read what is not trusted.
    pub(crate) const fn is_untrusted(&self) -> bool {
        self.is_untrusted
    }

    /// The labels of everything that the session has read.
    pub(crate) const fn labels(&self) -> &BTreeSet<String> {
        &self.labels
    }

    /// Bytes of text that are remembered.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// What a session has read of which nothing is known.
    pub(crate) fn unknown() -> Self {
        Self { is_full: true, is_untrusted: true, ..Self::default() }
    }

    /// Says from now on that something was lost.
    pub(crate) const fn lose(&mut self) {
        self.is_full = true;
    }

    /// Forgets all texts, and says so from now on.
    pub(crate) fn forget(&mut self) {
        let Self { is_untrusted, labels, .. } = std::mem::take(self);
        *self = Self { is_full: true, is_untrusted, labels, ..Self::default() };
    }

    /// Takes over the labels of what another session has read, and whether that was trusted.
    pub(crate) fn join(&mut self, is_untrusted: bool, labels: &BTreeSet<String>) {
        self.is_untrusted |= is_untrusted;
        self.labels.extend(labels.iter().cloned());
    }

    /// Takes in what a session heard.
    pub(crate) fn hear(&mut self, heard: &Heard) {
        match heard {
            Heard::Told(told) => self.see(told),
            Heard::Sealed(origin) => self.join(origin.rank > Rank::Trusted, &origin.labels),
            Heard::Lost(origin) => {
                self.join(origin.rank > Rank::Trusted, &origin.labels);
                self.is_full = true;
            }
        }
    }

    /// Takes in what an event told the session.
    pub(crate) fn see(&mut self, told: &Told) {
        let Told { origin, texts } = told;
        if texts.iter().all(|text| text.body.is_empty()) {
            return;
        }
        self.join(origin.rank > Rank::Trusted, &origin.labels);
        if origin.rank == Rank::User {
            for text in texts {
                self.asked.hear(&text.body);
            }
        }
        for ToldText { body, findings } in texts {
            let flagged = region::regions(body, findings);
            self.see_text(origin, body, &flagged);
            let text = Text { body, at: 0, more_after: false };
            let views = Views::of(&[text], ViewKind::ALL.iter().copied().collect());
            for (number, view) in views.iter().enumerate() {
                let place = |span: Range<usize>| views.original(number, span);
                // Of a view of the whole text, only the lines that it shows otherwise.
                let mut from = 0;
                for line in view.body().split_inclusive('\n') {
                    let span = from..from + line.len();
                    from = span.end;
                    let source = place(span);
                    if body.get(source.clone()) == Some(line) {
                        continue;
                    }
                    let is_flagged = flagged.iter().any(|flag| flag.start < source.end && source.start < flag.end);
                    self.see_piece(origin, line, is_flagged);
                }
            }
        }
    }

    /// Takes in a text, what is flagged of it apart from the rest.
    fn see_text(&mut self, origin: &Origin, body: &str, flagged: &[Range<usize>]) {
        let mut from = 0;
        for region in flagged {
            self.see_piece(origin, body.get(from..region.start).unwrap_or_default(), false);
            self.see_piece(origin, body.get(region.clone()).unwrap_or_default(), true);
            from = region.end;
        }
        self.see_piece(origin, body.get(from..).unwrap_or_default(), false);
    }

    fn see_piece(&mut self, origin: &Origin, piece: &str, is_flagged: bool) {
        if piece.is_empty() {
            return;
        }
        let rank = if is_flagged { Rank::Flagged } else { origin.rank };
        let known = |(known, _): &(Arc<Origin>, Seen)| {
            known.rank == rank && known.source == origin.source && known.labels == origin.labels
        };
        let place = match self.sources.iter().position(known) {
            _ if self.bytes.saturating_add(piece.len()) > MAX_TEXT => None,
            None if self.sources.len() >= MAX_ORIGINS => None,
            None => {
                // In order, so that the best comes first, and of these always the same.
                let origin = Arc::new(Origin { rank, ..origin.clone() });
                let place = self.sources.partition_point(|(known, _)| *known < origin);
                self.sources.insert(place, (origin, Seen::default()));
                Some(place)
            }
            known => known,
        };
        let Some((_, seen)) = place.and_then(|place| self.sources.get_mut(place)) else {
            self.is_full = true;
            return;
        };
        seen.see(&mut self.dictionary, piece);
        self.bytes += piece.len();
    }

    /// Where a value comes from. With quotes, if that is to be explained.
    pub(crate) fn trace(&self, value: &str, quotes: bool) -> Traced {
        let mut traced = self.found(value);
        if quotes {
            traced.passages.iter_mut().for_each(|passage| passage.quote = self.quote(passage));
        }
        match traced.grounding {
            Grounding::Ungrounded if self.is_full => Traced { grounding: Grounding::Untrusted, ..traced },
            _ => traced,
        }
    }

    fn found(&self, value: &str) -> Traced {
        if value.len() > MAX_VALUE {
            return self.covered(value);
        }
        let plain = self.whole(value);
        if plain.grounding != Grounding::Ungrounded {
            return plain;
        }
        let text = Text { body: value, at: 0, more_after: false };
        let views = Views::of(&[text], ViewKind::ALL.iter().copied().collect());
        let core = value.len() - value.trim_start().len()..value.trim_end().len();
        let mut decoded = Traced::NOWHERE;
        let mut inside = Vec::new();
        for (number, view) in views.iter().enumerate() {
            let source = views.original(number, 0..view.body().len());
            let traced = self.whole(view.body());
            let traced = if traced.grounding == Grounding::Ungrounded { self.covered(view.body()) } else { traced };
            let is_all = source.start <= core.start && core.end <= source.end;
            if is_all && traced.grounding != Grounding::Ungrounded {
                decoded = decoded.or(traced);
            } else {
                inside.extend(traced.passages);
            }
        }
        if decoded.grounding != Grounding::Ungrounded {
            return decoded;
        }
        let mut covered = self.covered(value);
        // What is encoded within it comes from somewhere, too.
        covered.passages.extend(inside);
        passages::settled(covered)
    }

    /// What stands around a passage.
    fn quote(&self, passage: &Passage) -> String {
        let source = self.sources.iter().find(|(origin, _)| *origin == passage.origin);
        let text = source.zip(passage.text).map_or("", |((_, seen), text)| seen.text(text));
        let at = text.find(passage.part.trim()).unwrap_or_default();
        let start = text.floor_char_boundary(at.saturating_sub(QUOTED / 2));
        let end = text.floor_char_boundary(start.saturating_add(QUOTED).min(text.len()));
        text.get(start..end).unwrap_or_default().to_owned()
    }

    /// Where a value stands as a whole.
    fn whole(&self, value: &str) -> Traced {
        let sought = Sought::of(&self.dictionary, value);
        let sought = sought.whole().filter(|words| !words.is_empty());
        let without =
            without_scheme(value).map(|value| Sought::of(&self.dictionary, value).whole().unwrap_or_default());
        let forms: Vec<_> = forms::of_value(value)
            .into_iter()
            .flat_map(|(form, canonical)| {
                match form {
                    Form::Date => forms::date_names(&canonical).to_vec(),
                    _ => vec![canonical],
                }
                .into_iter()
                .map(move |name| (form, name))
            })
            .map(|(form, name)| self.dictionary.fingerprint_of(form, &name))
            .collect();
        // An identifier that is grouped here, and nowhere else.
        let joined: Vec<_> = forms::of_value(value)
            .into_iter()
            .filter(|(form, _)| matches!(form, Form::Grouped | Form::Number))
            .filter_map(|(_, canonical)| Sought::of(&self.dictionary, &canonical).whole())
            .collect();
        let mut passages: Vec<Passage> = Vec::new();
        for (origin, seen) in &self.sources {
            if passages.first().is_some_and(|passage| passage.origin.rank < origin.rank) {
                break;
            }
            let words = sought.iter().chain(&without).chain(&joined).map(|words| seen.find(words));
            let found =
                words.chain(forms.iter().map(|form| seen.find_form(*form))).find(|found| *found != Found::Nowhere);
            match found {
                Some(Found::In(text)) => passages.push(Passage::of(origin, Some(text), value)),
                // Whether it stands there is not known: that never makes it better.
                Some(Found::Unclear) if origin.rank == Rank::Untrusted => {
                    passages.push(Passage::of(origin, None, value));
                }
                _ => {}
            }
        }
        match passages.first() {
            Some(passage) => Traced { grounding: passage.origin.rank.into(), passages, is_partial: false },
            None => Traced::NOWHERE,
        }
    }
}

/// Whether a value is a date or a time, which can name nobody and nothing.
pub(crate) fn is_time(value: &str) -> bool {
    forms::of_value(value).iter().any(|(form, _)| matches!(form, Form::Date | Form::Time))
}

/// An address without what is often left out of it.
fn without_scheme(value: &str) -> Option<&str> {
    let value = value.trim();
    let rest = ["https://", "http://", "mailto:", "tel:"].iter().find_map(|scheme| {
        let start = value.get(..scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then(|| value.get(scheme.len()..)).flatten()
    })?;
    (!rest.is_empty()).then_some(rest)
}
