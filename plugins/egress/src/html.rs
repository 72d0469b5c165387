//! URLs in the attributes of HTML tags.
//!
//! A tag is read as HTML section 13.2.5 (tokenization) has it: `>` in a quoted value does not end it. A quote that a
//! backslash escapes, as HTML has inside a JSON string, counts as a quote.

use crate::bounds::TAG;
use crate::place::{Closer, Place, Use, window};

/// How many `<` before a URL are tried for the tag that it stands in: one may stand in a value of another's.
const TAGS: usize = 3;

/// What a text is at its end that begins with `<` and a letter.
#[derive(Debug, PartialEq, Eq)]
enum Reading<'t> {
    /// In the value of an attribute.
    Value(Attribute<'t>),
    /// In a tag, and not in a value.
    Tag,
    /// Behind the tag, or that was none.
    Outside,
}

/// The attribute that a text ends in the value of.
#[derive(Debug, PartialEq, Eq)]
struct Attribute<'t> {
    tag: &'t [u8],
    name: &'t [u8],
    quote: Option<u8>,
    value: &'t [u8],
}

/// The place of a URL that begins at `at`, if that is in the value of an attribute which holds URLs.
pub(crate) fn attribute(text: &[u8], at: usize) -> Option<Place> {
    let window = window(at, TAG);
    let head = &text[window];
    let tags = memchr::memrchr_iter(b'<', head).filter(|tag| head.get(tag + 1).is_some_and(u8::is_ascii_alphabetic));
    let mut readings = tags.take(TAGS).map(|tag| read(&head[tag + 1..]));
    match readings.find(|reading| *reading != Reading::Outside)? {
        Reading::Value(attribute) => attribute.place(),
        Reading::Tag | Reading::Outside => None,
    }
}

/// Reads a text that begins with the name of a tag, to its end.
fn read(text: &[u8]) -> Reading<'_> {
    let (tag, mut rest) = split(text, |byte| !byte.is_ascii_alphanumeric());
    let separates = |byte: u8| byte.is_ascii_whitespace() || byte == b'/';
    if !rest.first().is_some_and(|byte| separates(*byte)) {
        return Reading::Outside;
    }
    loop {
        (_, rest) = split(rest, |byte| !separates(byte));
        let name;
        (name, rest) = split(rest, |byte| separates(byte) || matches!(byte, b'=' | b'>'));
        (_, rest) = split(rest, |byte| !byte.is_ascii_whitespace());
        match rest {
            [] => return Reading::Tag,
            [b'>', ..] => return Reading::Outside,
            [b'=', value @ ..] => rest = value,
            // The next attribute: this one has no value.
            _ => continue,
        }
        (_, rest) = split(rest, |byte| !byte.is_ascii_whitespace());
        let unescaped = rest.strip_prefix(b"\\").unwrap_or(rest);
        let (quote, value) = match unescaped {
            [quote @ (b'"' | b'\''), value @ ..] => (Some(*quote), value),
            _ => (None, rest),
        };
        let ends = |byte: u8| match quote {
            Some(quote) => byte == quote,
            None => byte.is_ascii_whitespace() || byte == b'>',
        };
        let (value, behind) = split(value, ends);
        match behind {
            [] => return Reading::Value(Attribute { tag, name, quote, value }),
            [b'>', ..] if quote.is_none() => return Reading::Outside,
            [_, behind @ ..] => rest = behind,
        }
    }
}

/// A text cut before the first byte that `ends` it.
fn split(text: &[u8], ends: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    text.split_at(text.iter().position(|byte| ends(*byte)).unwrap_or(text.len()))
}

impl Attribute<'_> {
    /// The place of a URL that begins behind the value, if the attribute holds URLs.
    fn place(&self) -> Option<Place> {
        let is = |names: &[&str]| names.iter().any(|name| self.name.eq_ignore_ascii_case(name.as_bytes()));
        let tag_is = |names: &[&str]| names.iter().any(|name| self.tag.eq_ignore_ascii_case(name.as_bytes()));
        let begins = self.value.iter().all(|byte| *byte <= b' ' || *byte == b'\\');
        let whole = self.quote.map_or(Closer::Tag, Closer::Quote);
        // HTML's index of attributes, by what a browser does with the URL, and the obsolete ones that browsers still read.
        if begins && is(&["src", "poster", "background", "data", "lowsrc", "dynsrc", "manifest"]) {
            return Some(Place::new(Use::Fetch, whole));
        }
        if begins && is(&["href", "xlink:href"]) {
            let fetched = tag_is(&["link", "image", "use", "script", "base", "feimage"]);
            return Some(Place::new(if fetched { Use::Fetch } else { Use::Link }, whole));
        }
        if begins && is(&["action", "formaction", "cite", "longdesc", "ping"]) {
            return Some(Place::new(Use::Link, whole));
        }
        if is(&["srcset", "imagesrcset"]) {
            let separated = self.value.iter().rev().find(|byte| !byte.is_ascii_whitespace());
            return (begins || separated == Some(&b',')).then(|| Place::new(Use::Fetch, Closer::List(self.quote)));
        }
        if is(&["content"]) && tag_is(&["meta"]) {
            // A refresh: `5; url=…` (HTML section 4.2.5.3).
            let url = self.value.len().checked_sub(4).map(|at| &self.value[at..]);
            let refreshes = url.is_some_and(|url| url.eq_ignore_ascii_case(b"url="));
            return refreshes.then(|| Place::new(Use::Fetch, whole));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The use of a URL behind this text.
    fn used(head: &str) -> Option<(Use, Closer)> {
        attribute(head.as_bytes(), head.len()).map(|place| (place.used, place.closer))
    }

    #[test]
    fn what_a_browser_fetches_by_itself_is_told_from_a_link() {
        for head in
            ["<img src=\"", "<IMG alt='>' SRC = \"", "<link rel=x href=\"", "<video\nposter=\"", "<img/src=\"\n "]
        {
            assert_eq!(used(head), Some((Use::Fetch, Closer::Quote(b'"'))), "{head}");
        }
        assert_eq!(used("<img src="), Some((Use::Fetch, Closer::Tag)));
        assert_eq!(used("<img srcset='a.png 1x, "), Some((Use::Fetch, Closer::List(Some(b'\'')))));
        assert_eq!(used("<meta http-equiv=refresh content='0;URL="), Some((Use::Fetch, Closer::Quote(b'\''))));
        assert_eq!(used("<a class=b href='"), Some((Use::Link, Closer::Quote(b'\''))));
        assert_eq!(used("{\"html\": \"<img src=\\\""), Some((Use::Fetch, Closer::Quote(b'"'))));
    }

    #[test]
    fn text_between_tags_is_no_attribute() {
        for head in
            ["<b>", "<a href=\"x\">", "a < b src=\"", "src=\"", "<img alt=\"", "<https://a?src=", "<p title='src=\""]
        {
            assert_eq!(used(head), None, "{head}");
        }
    }
}
