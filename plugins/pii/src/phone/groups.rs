//! Reading a phone number as it is written.

use crate::text::{Joiner, Text};

/// The most digits that are read: 15 (E.164) behind `00`.
const DIGITS: usize = 17;

/// The most groups.
const GROUPS: usize = 8;

/// The longest area code that is written in brackets; a trunk prefix may be with it.
const LONGEST_AREA: usize = 5;

/// Digits in groups, with brackets and joiners between.
#[derive(Debug)]
pub(super) struct Groups {
    digits: [u8; DIGITS],
    lengths: [usize; GROUPS],
    /// Where each group ends, with the bracket that closes behind it.
    ends: [usize; GROUPS],
    /// The joiner behind each group.
    joiners: [Option<Joiner>; GROUPS],
    count: usize,
    /// Where the number begins, with its plus or bracket.
    pub(super) start: usize,
    /// Whether a plus stands before it.
    pub(super) has_plus: bool,
    /// Whether a group stands in brackets.
    pub(super) has_brackets: bool,
    /// Whether another number stands right before it.
    pub(super) follows_number: bool,
}

impl Groups {
    /// Reads the groups whose first digit stands at `first`.
    pub(super) fn read(text: &Text, first: usize) -> Self {
        let mut groups = Self {
            digits: [0; DIGITS],
            lengths: [0; GROUPS],
            ends: [0; GROUPS],
            joiners: [None; GROUPS],
            count: 0,
            start: first,
            has_plus: false,
            has_brackets: false,
            follows_number: false,
        };
        let mut is_open = groups.read_lead(text);
        let (mut at, mut read) = (first, 0);
        while groups.count < GROUPS {
            let begin = at;
            while let byte = text.at(at)
                && byte.is_ascii_digit()
            {
                let Some(place) = groups.digits.get_mut(read) else { return groups };
                *place = byte;
                read += 1;
                at += 1;
            }
            if at == begin {
                break;
            }
            let length = at - begin;
            if is_open {
                // Only an area stands in brackets; others are around the whole number, or none of it.
                if text.at(at) == b')' && length <= LONGEST_AREA {
                    groups.has_brackets = true;
                    at += 1;
                } else if groups.count == 0 {
                    groups.start = if groups.has_plus { first - 1 } else { first };
                } else {
                    break;
                }
                is_open = false;
            }
            groups.lengths[groups.count] = length;
            groups.ends[groups.count] = at;
            let joiner = text.joiner(at);
            at += joiner.map_or(0, |(_, length)| length);
            groups.joiners[groups.count] = joiner.map(|(joiner, _)| joiner);
            groups.count += 1;
            if text.at(at) == b'(' {
                is_open = true;
                at += 1;
            } else if joiner.is_none() && text.before(at) != b')' {
                break;
            }
        }
        groups
    }

    /// Reads the plus and the bracket in front, and says whether a bracket is open.
    fn read_lead(&mut self, text: &Text) -> bool {
        let mut is_open = false;
        if text.before(self.start) == b'(' {
            (is_open, self.start) = (true, self.start - 1);
        }
        if text.before(self.start) == b'+' {
            (self.has_plus, self.start) = (true, self.start - 1);
            if !is_open && text.before(self.start) == b'(' {
                (is_open, self.start) = (true, self.start - 1);
            }
        }
        let begin = text.joiner_before(self.start).map_or(self.start, |(_, length)| self.start - length);
        self.follows_number = text.before(begin).is_ascii_digit();
        is_open
    }

    /// All digits.
    pub(super) fn digits(&self) -> &[u8] {
        &self.digits[..self.lengths().iter().sum()]
    }

    /// The lengths of the groups.
    pub(super) fn lengths(&self) -> &[usize] {
        &self.lengths[..self.count]
    }

    /// The lengths of the groups that have `count` digits together.
    pub(super) fn lengths_up_to(&self, count: usize) -> &[usize] {
        let mut sum = 0;
        let groups = self.lengths().iter().take_while(|length| {
            sum += **length;
            sum <= count
        });
        &self.lengths[..groups.count()]
    }

    /// The joiner behind a group.
    pub(super) fn joiner(&self, group: usize) -> Option<Joiner> {
        self.joiners.get(group).copied().flatten()
    }

    /// The places at which a number may end: how many digits there are up to it, and where it is.
    pub(super) fn prefixes<'g>(&'g self, text: &'g Text) -> impl Iterator<Item = (usize, usize)> + 'g {
        let counted = (0..self.count).scan(0, |count, group| {
            *count += self.lengths[group];
            Some((group, *count))
        });
        counted.filter(move |(group, _)| self.may_end(text, *group)).map(|(group, count)| (count, self.ends[group]))
    }

    /// Whether a number may end with this group: no digit is joined to it in the way that joins its own groups, and no
    /// letter but the mark of an extension.
    fn may_end(&self, text: &Text, group: usize) -> bool {
        let end = self.ends[group];
        let next = text.at(end);
        if next.is_ascii_alphanumeric() || matches!(next, b'_' | b'@' | b'%') {
            return next == b'x' && text.at(end + 1).is_ascii_digit();
        }
        let Some((joiner, length)) = text.joiner(end) else { return true };
        let follows = text.at(end + length);
        let inside = group.checked_sub(1).and_then(|before| self.joiner(before));
        match joiner {
            Joiner::Space => !follows.is_ascii_digit() || inside != Some(Joiner::Space),
            Joiner::Hyphen => !follows.is_ascii_digit() && !follows.is_ascii_lowercase(),
            _ => !follows.is_ascii_digit(),
        }
    }
}
