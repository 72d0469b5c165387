//! The segments of a path, and where they lead.

use std::ops::Range;

use super::symbol::Symbol;

/// Where a path leads, without looking at any file system.
#[derive(Debug, Default)]
pub(super) struct Course {
    /// Whether it begins at a root: with a slash, a drive or `~`.
    pub(super) absolute: bool,
    /// The segments that are left when `..` has taken away those before it, decoded.
    pub(super) segments: Vec<String>,
    /// How many levels above its beginning it gets at most.
    pub(super) above: usize,
    /// How many segments climb.
    pub(super) climbs: usize,
    /// It climbs above its beginning after it went down.
    pub(super) turns: bool,
    /// A segment that climbs, or its separator, is encoded.
    pub(super) hidden: bool,
    /// From the first segment that climbs to the last.
    pub(super) span: Option<Range<usize>>,
}

impl Course {
    /// The course of a path.
    pub(super) fn of(symbols: &[Symbol]) -> Self {
        let mut course = Self::default();
        let is_separator = |symbol: &Symbol| matches!(symbol.character, '/' | '\\');
        course.absolute = match symbols {
            [first, ..] if is_separator(first) || first.character == '~' => true,
            [drive, colon, ..] => drive.character.is_ascii_alphabetic() && colon.character == ':',
            _ => false,
        };
        let mut rest = symbols;
        let mut went_down = false;
        loop {
            let length = rest.iter().position(is_separator).unwrap_or(rest.len());
            let (segment, behind) = rest.split_at(length);
            let separator = behind.first();
            match kind(segment, separator.is_some()) {
                Kind::Stays => {}
                Kind::Climbs { hidden } => {
                    let encoded = segment.iter().chain(separator).any(|symbol| symbol.encoded);
                    course.hidden |= hidden || encoded;
                    course.climb(segment, went_down);
                }
                Kind::Descends => {
                    went_down = true;
                    course.segments.push(segment.iter().map(|symbol| symbol.character).collect());
                }
            }
            let Some(next) = behind.get(1..) else { break };
            rest = next;
        }
        course
    }

    fn climb(&mut self, segment: &[Symbol], went_down: bool) {
        self.climbs += 1;
        if self.segments.pop().is_none() {
            self.above += 1;
            self.turns |= went_down;
        }
        if let (Some(first), Some(last)) = (segment.first(), segment.last()) {
            let start = self.span.as_ref().map_or(first.span.start, |span| span.start);
            self.span = Some(start..last.span.end);
        }
    }
}

enum Kind {
    /// Empty, or a single dot.
    Stays,
    /// One level up, perhaps in a form that a filter takes for something else.
    Climbs { hidden: bool },
    /// A name.
    Descends,
}

fn kind(segment: &[Symbol], followed: bool) -> Kind {
    // What some readers drop: control characters, blanks at the end.
    let mut said = segment.iter().map(|symbol| symbol.character).filter(|character| !character.is_control());
    let dots = said.by_ref().take_while(|character| *character == '.').count();
    let whole = segment.iter().filter(|symbol| !symbol.character.is_control()).count() == dots;
    let path_parameter = segment.len() == dots + 1 && segment.last().is_some_and(|symbol| symbol.character == ';');
    match dots {
        0 | 1 if whole => Kind::Stays,
        // `..;/`: a parameter of the segment (RFC 3986, section 3.3) that servers drop.
        2 if path_parameter => Kind::Climbs { hidden: true },
        2 if whole => Kind::Climbs { hidden: false },
        // `....//` and `..././`: what is left when a filter has taken `../` out. `./...` is Go's for all packages.
        3.. if whole && followed => Kind::Climbs { hidden: true },
        _ => Kind::Descends,
    }
}
