//! Elements, comments and attributes that a page does not show (HTML).

use std::collections::HashMap;

use memchr::memmem;

use crate::rules::{self, Rule};
use crate::scan::Scan;
use crate::tag::{self, Name, Read, Tag};
use crate::{LONGEST, effort, markdown, prose, style};

/// How far behind the beginning of a comment an end tag is known to be part of it.
const COMMENT: usize = 256;

/// How far behind its name the `>` of an end tag is looked for.
const END_TAG: usize = 256;

/// How many words a hidden element has at least.
const ELEMENT_WORDS: usize = 3;
/// How many words a comment, a hidden field or white text has at least.
pub(crate) const COMMENT_WORDS: usize = 4;
/// How many words an element for browsers without scripts has at least: more than "please enable JavaScript" needs.
const UNRENDERED_WORDS: usize = 12;
/// How many words an attribute has at least to be more than a label.
pub(crate) const ATTRIBUTE_WORDS: usize = 30;

/// Something that hides text, if there are words in it.
struct Hider {
    rule: &'static Rule,
    by: &'static str,
    /// Its first byte.
    start: usize,
    /// Where its content begins.
    body: usize,
    /// Where it ends, if that was found.
    end: Option<usize>,
}

/// What one pass over the markup knows.
#[derive(Default)]
struct Pass {
    hiders: Vec<Hider>,
    /// Elements that are open, by name, from outside to inside: which hider, if one. Only names of open hiders are kept.
    open: HashMap<Name, Vec<Option<usize>>>,
    /// Where the last hider began.
    latest: usize,
    /// The next end of a comment behind the last place from which it was looked for; beyond the text if there is none.
    comment_end: usize,
    /// The last comment: where it begins and ends.
    comment: (usize, usize),
}

/// Finds all that markup hides. Every `<` is read by itself, whatever it stands in, so that what is found depends on the
/// text close by alone.
pub(crate) fn find(scan: &mut Scan) {
    let bytes = scan.text.as_bytes();
    let mut pass = Pass::default();
    for at in memchr::memchr3_iter(b'<', b'[', b']', bytes) {
        match (bytes[at], bytes.get(at + 1)) {
            (b'[', _) => markdown::opening(scan, at),
            (b']', _) => markdown::closing(scan, at),
            (_, None) => scan.undecided(at),
            (_, Some(b'!')) => pass.comment(scan, at),
            (_, Some(b'/')) => pass.end_tag(scan, at),
            (_, Some(letter)) if letter.is_ascii_alphabetic() => match tag::read(bytes, at) {
                Read::Tag(tag) => pass.start_tag(scan, at, &tag),
                Read::Nothing => {}
                Read::Cut => scan.undecided(at),
            },
            _ => {}
        }
    }
    take(scan, &pass.hiders);
}

impl Pass {
    /// A comment, if one begins here.
    fn comment(&mut self, scan: &mut Scan, at: usize) {
        const BEGIN: &[u8] = b"<!--";
        let bytes = scan.text.as_bytes();
        let rest = &bytes[at..];
        if !rest.starts_with(BEGIN) {
            if BEGIN.starts_with(rest) {
                scan.undecided(at);
            }
            return;
        }
        // `<!-->` is a whole comment (HTML section 13.2.5.43).
        let from = at + 2;
        if self.comment_end < from {
            let found = memmem::find(&bytes[from..], b"-->");
            effort::looked_at(found.unwrap_or(bytes.len() - from));
            self.comment_end = found.map_or(usize::MAX, |length| from + length);
        }
        let end = self.comment_end.checked_add(3);
        self.comment = (at, end.unwrap_or(bytes.len()));
        self.hiders.push(Hider { rule: &rules::HTML_COMMENT, by: "comment", start: at, body: at + 4, end });
    }

    /// An end tag: closes the innermost open element of its name.
    fn end_tag(&mut self, scan: &mut Scan, at: usize) {
        let bytes = scan.text.as_bytes();
        let (begin, end) = self.comment;
        if self.open.is_empty() || at < end && at - begin <= COMMENT {
            return;
        }
        let (name, from) = tag::read_name(bytes, at + 2);
        let Some(open) = self.open.get_mut(&name) else { return };
        let near = &bytes[from..bytes.len().min(from + END_TAG)];
        let end = memchr::memchr(b'>', near).map(|length| from + length + 1);
        if let Some(Some(hider)) = open.pop() {
            let hider = &mut self.hiders[hider];
            hider.end = Some(end.unwrap_or(from));
            if end.is_none() && near.len() < END_TAG {
                // Its `>` may follow, or more of a longer name.
                scan.undecided(hider.start);
            }
        }
        if open.is_empty() {
            self.open.remove(&name);
        }
    }

    /// A start tag: of an element that hides its content, or of one inside such an element.
    fn start_tag(&mut self, scan: &mut Scan, at: usize, tag: &Tag) {
        let text = scan.text;
        let value = |value: &std::ops::Range<usize>| text.get(value.clone()).unwrap_or_default();
        for sentences in &tag.sentences {
            if prose::words(value(sentences)) >= ATTRIBUTE_WORDS {
                scan.extent(&rules::ATTRIBUTE_PROSE, sentences.clone(), "attribute");
            }
        }
        if let Some(field) =
            tag.value.as_ref().filter(|field| tag.is_hidden_input && prose::words(value(field)) >= COMMENT_WORDS)
        {
            scan.extent(&rules::HIDDEN_ELEMENT, field.clone(), "type=hidden");
        }
        if !self.open.is_empty() && at > self.latest + LONGEST {
            self.open.clear();
        }
        if self.open.is_empty() && !tag.may_hide() {
            return;
        }
        if tag::ends_itself(&tag.name)
            && let Some(Some(hider)) = self.open.get_mut(&tag.name).and_then(Vec::pop)
        {
            self.hiders[hider].end = Some(at);
        }
        if tag::is_void(&tag.name) || tag.is_closed && !tag::ignores_slash(&tag.name) {
            return;
        }
        let style = tag.style.as_ref().map_or("", value);
        let colour = tag.colour.as_ref().map_or("", value);
        match hides(tag, style, colour) {
            Some((rule, by)) => {
                self.latest = at;
                self.open.entry(tag.name).or_default().push(Some(self.hiders.len()));
                self.hiders.push(Hider { rule, by, start: at, body: tag.end, end: None });
            }
            None => {
                if let Some(open) = self.open.get_mut(&tag.name).filter(|open| !open.is_empty()) {
                    open.push(None);
                }
            }
        }
    }
}

/// The rule by which an element hides its content, and what in its tag does.
fn hides(tag: &Tag, style: &str, colour: &str) -> Option<(&'static Rule, &'static str)> {
    let styled = if style.is_empty() && colour.is_empty() { None } else { style::hides(style, colour) };
    let strong = styled.filter(|(rule, _)| rule.id == rules::INVISIBLE_ELEMENT.id);
    let unrendered = || {
        let names = ["template", "noscript", "noembed", "noframes"];
        names.into_iter().find(|word| tag.name == tag::name(word)).map(|by| (&rules::UNRENDERED, by))
    };
    strong.or_else(|| tag.is_hidden.then_some((&rules::HIDDEN_ELEMENT, "hidden"))).or(styled).or_else(unrendered)
}

/// Takes the hiders that hide words.
fn take(scan: &mut Scan, hiders: &[Hider]) {
    let text = scan.text;
    let end_of = |hider: &Hider| {
        let limit = text.len().min(hider.start + LONGEST);
        text.floor_char_boundary(hider.end.map_or(limit, |end| end.min(limit)))
    };
    let words = words(text, hiders.iter().map(|hider| (hider.start, hider.body, end_of(hider))));
    for hider in hiders {
        let end = end_of(hider);
        if hider.end.is_none() && text.len() < hider.start + LONGEST + 4 {
            scan.undecided(hider.start);
        }
        let first = words.partition_point(|word| word.start < hider.body);
        let behind = words.partition_point(|word| word.end <= end);
        let least = match hider.rule.id {
            id if id == rules::UNRENDERED.id => UNRENDERED_WORDS,
            id if id == rules::HTML_COMMENT.id || id == rules::WHITE_TEXT.id => COMMENT_WORDS,
            _ => ELEMENT_WORDS,
        };
        let is_allowed = hider.rule.id == rules::HTML_COMMENT.id && is_allowed(scan, hider.body);
        if behind.saturating_sub(first) >= least && !is_allowed {
            scan.extent(hider.rule, hider.start..end, hider.by);
        }
    }
}

/// Whether the comment whose words begin here is one that the configuration allows.
pub(crate) fn is_allowed(scan: &Scan, body: usize) -> bool {
    let text = scan.text.get(body..).unwrap_or_default().trim_start();
    scan.allow_comments.iter().any(|prefix| text.starts_with(prefix.as_str()))
}

/// The words inside hiders, given as start, body and end in the order of their starts; each word once.
fn words(text: &str, hiders: impl Iterator<Item = (usize, usize, usize)>) -> Vec<prose::Word> {
    let mut regions: Vec<(usize, usize)> = Vec::new();
    for (start, body, end) in hiders {
        match regions.last_mut() {
            Some((_, last)) if start < *last => *last = end.max(*last),
            _ => regions.push((body, end)),
        }
    }
    let mut words = Vec::new();
    for (from, to) in regions {
        // One character more, so that a word which a limit cuts is seen to go on.
        let to = text[to.min(text.len())..].chars().next().map_or(to, |next| to + next.len_utf8());
        let inside = text.get(from..to).unwrap_or_default();
        prose::for_each(inside, true, |word| {
            words.push(prose::Word { start: from + word.start, end: from + word.end });
        });
    }
    words
}
