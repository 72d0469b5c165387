//! What a terminal conceals, erases or swallows (ECMA-48, in its seven-bit form).

use crate::scan::{Note, Scan};
use crate::{LONGEST, effort, prose, rules};

/// How many parameter bytes a control sequence has at most. Terminals read more, programs do not write them.
const PARAMETERS: usize = 64;

/// How far before a control the erased words are looked for, and behind it the words that take their place, in bytes.
const LINE: usize = 256;

/// How many words an erased or swallowed text has at least.
const WORDS: usize = 4;

/// How many backspaces in a row erase words. One or two print a letter over another; `100%` takes four.
const BACKSPACES: usize = 8;

/// Judges the control at this offset, and says where to go on.
pub(crate) fn find_at(scan: &mut Scan, at: usize) -> usize {
    match scan.text.as_bytes()[at] {
        0x1B => escape(scan, at),
        b'\r' => carriage_return(scan, at),
        _ => backspaces(scan, at),
    }
}

/// An escape sequence.
fn escape(scan: &mut Scan, at: usize) -> usize {
    match scan.text.as_bytes().get(at + 1) {
        None => scan.undecided(at),
        Some(b'[') => return control_sequence(scan, at),
        Some(b']' | b'P' | b'X' | b'^' | b'_') => return control_string(scan, at),
        Some(_) => {}
    }
    at + 1
}

/// A control sequence: parameters and a final byte (ECMA-48 section 5.4).
fn control_sequence(scan: &mut Scan, at: usize) -> usize {
    let text = scan.text;
    let from = at + 2;
    let Some((parameters, last)) = parameters(text.as_bytes(), from) else {
        if text.len() <= from + PARAMETERS {
            scan.undecided(at);
        }
        return from;
    };
    let end = from + parameters.len() + 1;
    match last {
        b'm' => conceal(scan, at, end, parameters),
        // The line up to the cursor, or all of it.
        b'K' if matches!(parameters, b"1" | b"2") => {
            let erased = line_before(scan, at);
            scan.erased = end;
            if prose::words(erased) >= WORDS {
                let next = line_after(scan, at, end);
                if prose::first_word(erased) != prose::first_word(next) {
                    scan.hit(&rules::TERMINAL_OVERWRITE, at..end, Note::By("erase in line"));
                }
            }
        }
        // The page, but for what lies behind the cursor.
        b'J' if matches!(parameters, b"1" | b"2" | b"3") => {
            let erased = before(scan, at);
            scan.erased = end;
            if prose::words(erased) >= WORDS {
                scan.hit(&rules::TERMINAL_OVERWRITE, at..end, Note::By("erase in page"));
            }
        }
        _ => {}
    }
    end
}

/// The parameter bytes from an offset on, and the final byte behind them.
fn parameters(bytes: &[u8], from: usize) -> Option<(&[u8], u8)> {
    let rest = &bytes[from..];
    let length = rest.iter().take(PARAMETERS).take_while(|byte| matches!(byte, 0x20..=0x3F)).count();
    let last = *rest.get(length)?;
    matches!(last, 0x40..=0x7E).then(|| (&rest[..length], last))
}

/// What a graphic rendition does to the text behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rendition {
    /// It is concealed.
    Concealed,
    /// It has the colour of its background.
    OneColour,
    /// It may be seen again.
    Shown,
    /// Nothing of that kind.
    Other,
}

/// Text that is concealed, up to where it is shown again.
fn conceal(scan: &mut Scan, at: usize, from: usize, parameters: &[u8]) {
    let by = match rendition(parameters) {
        Rendition::Concealed => "SGR 8",
        Rendition::OneColour => "one colour",
        Rendition::Shown | Rendition::Other => return,
    };
    let text = scan.text;
    let bytes = text.as_bytes();
    let limit = text.floor_char_boundary(text.len().min(at + LONGEST));
    let shown = memchr::memchr_iter(0x1B, &bytes[from..limit]).map(|offset| from + offset).find(|escape| {
        bytes[escape + 1..].first() == Some(&b'[')
            && self::parameters(bytes, escape + 2)
                .is_some_and(|(parameters, last)| last == b'm' && rendition(parameters) != Rendition::Other)
    });
    if shown.is_none() && text.len() <= at + LONGEST + 2 * PARAMETERS {
        scan.undecided(at);
    }
    let end = shown.unwrap_or(limit);
    effort::looked_at(end - from);
    if prose::words(&text[from..end]) > 0 {
        scan.extent(&rules::ANSI_CONCEAL, at..end, by);
    }
}

/// Reads the parameters of SGR (ECMA-48 section 8.3.117, with the colours of ITU-T T.416).
fn rendition(parameters: &[u8]) -> Rendition {
    let mut numbers = parameters.split(|byte| matches!(byte, b';' | b':')).map(|digits| {
        digits.iter().fold(0_u32, |number, digit| number.saturating_mul(10).saturating_add(u32::from(digit & 0x0F)))
    });
    let (mut concealed, mut shown) = (false, false);
    let (mut foreground, mut background) = (None, None);
    while let Some(number) = numbers.next() {
        let mut colour = |number: u32| match numbers.next() {
            Some(5) => Some([5, numbers.next().unwrap_or(0), 0, 0]),
            Some(2) => Some([2, numbers.next().unwrap_or(0), numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)]),
            _ => Some([number, 0, 0, 0]),
        };
        match number {
            0 => (concealed, shown, foreground, background) = (false, true, None, None),
            8 => concealed = true,
            28 => (concealed, shown) = (false, true),
            30..=37 => foreground = Some([5, number - 30, 0, 0]),
            38 => foreground = colour(number),
            40..=47 => background = Some([5, number - 40, 0, 0]),
            48 => background = colour(number),
            90..=97 => foreground = Some([5, number - 82, 0, 0]),
            100..=107 => background = Some([5, number - 92, 0, 0]),
            39 | 49 => shown = true,
            _ => {}
        }
    }
    if concealed {
        Rendition::Concealed
    } else if foreground.is_some() && foreground == background {
        Rendition::OneColour
    } else if shown || foreground.is_some() || background.is_some() {
        Rendition::Shown
    } else {
        Rendition::Other
    }
}

/// A control string: a title, a hyperlink, a device's own words. The terminal shows nothing of it.
fn control_string(scan: &mut Scan, at: usize) -> usize {
    let text = scan.text;
    let from = at + 2;
    let limit = text.floor_char_boundary(text.len().min(at + LONGEST));
    // BEL ends it for all terminals in use, ESC by the standard, CAN cancels it.
    let length = memchr::memchr3(0x07, 0x1B, 0x18, &text.as_bytes()[from.min(limit)..limit]);
    effort::looked_at(length.unwrap_or(LONGEST));
    let Some(length) = length else {
        if text.len() <= at + LONGEST {
            scan.undecided(at);
        }
        return from;
    };
    let end = from + length;
    if text.as_bytes()[end] == 0x18 || prose::words(&text[from..end]) < WORDS || !scan.is_on(&rules::TERMINAL_STRING) {
        return from;
    }
    // The terminator belongs to the string.
    let terminator = match text.as_bytes()[end..] {
        [0x07, ..] => 1,
        [0x1B, b'\\', ..] if end + 2 <= at + LONGEST => 2,
        [0x1B] => {
            scan.undecided(at);
            0
        }
        _ => 0,
    };
    scan.hit(&rules::TERMINAL_STRING, at..end + terminator, Note::None);
    end + terminator
}

/// A carriage return that is no end of a line: what follows is printed over what stands before.
fn carriage_return(scan: &mut Scan, at: usize) -> usize {
    let text = scan.text;
    let end = at + 1;
    match text.as_bytes().get(end) {
        None => scan.undecided(at),
        Some(b'\n' | b'\r') => {}
        Some(_) => {
            let hidden = line_before(scan, at);
            if prose::words(hidden) >= WORDS {
                let over = line_after(scan, at, end);
                let stops = text.as_bytes().get(end + over.len());
                let erased = over.starts_with("\u{1B}[K") || over.starts_with("\u{1B}[2K");
                let covers = erased || over.chars().count() >= hidden.chars().count();
                // A line that shows its own progress begins with the same word each time, and in a text with the line ends
                // of old Macs one bare return follows another.
                let is_line_end = stops == Some(&b'\r') && text.as_bytes().get(end + over.len() + 1) != Some(&b'\n');
                if covers && !is_line_end && prose::first_word(hidden) != prose::first_word(over) {
                    scan.hit(&rules::TERMINAL_OVERWRITE, at..end, Note::By("carriage return"));
                }
            }
        }
    }
    end
}

/// Backspaces in a row: as many characters before them are printed over.
fn backspaces(scan: &mut Scan, at: usize) -> usize {
    let text = scan.text;
    let count = text.as_bytes()[at..].iter().take_while(|byte| **byte == 0x08).count();
    let end = at + count;
    if end == text.len() && count <= LONGEST {
        scan.undecided(at);
    }
    if count >= BACKSPACES {
        let line = line_before(scan, at);
        let erased = line.char_indices().rev().nth(count.min(LINE) - 1).map_or(line, |(from, _)| &line[from..]);
        if prose::words(erased) >= WORDS {
            let head = end.min(at + LONGEST);
            scan.hit(&rules::TERMINAL_OVERWRITE, at..head, Note::By("backspaces"));
        }
    }
    end
}

/// What stands before an offset and was not erased before, at most [`LINE`] bytes of it.
fn before<'a>(scan: &Scan<'a>, at: usize) -> &'a str {
    let from = scan.text.ceil_char_boundary(at.saturating_sub(LINE)).max(scan.erased).min(at);
    &scan.text[from..at]
}

/// The same, on its line.
fn line_before<'a>(scan: &Scan<'a>, at: usize) -> &'a str {
    let near = before(scan, at);
    let line = memchr::memrchr2(b'\n', b'\r', near.as_bytes()).map_or(near, |end| &near[end + 1..]);
    effort::looked_at(line.len());
    line
}

/// What stands from `from` on on the line of the control at `at`, at most [`LINE`] bytes of it.
fn line_after<'a>(scan: &mut Scan<'a>, at: usize, from: usize) -> &'a str {
    let text = scan.text;
    let near = &text[from..text.floor_char_boundary(text.len().min(from + LINE))];
    effort::looked_at(near.len());
    match memchr::memchr2(b'\n', b'\r', near.as_bytes()) {
        // What follows a return tells whether it ends the line.
        Some(length) if from + length + 1 < text.len() => &near[..length],
        found => {
            if text.len() < from + LINE + 4 {
                scan.undecided(at);
            }
            found.map_or(near, |length| &near[..length])
        }
    }
}
