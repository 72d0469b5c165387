//! Events out of any bytes: read back as written, and repaired without leaving what was found.
//!
//! The first bytes say what is found where; the rest is the event. `cargo +nightly fuzz run event`

#![no_main]

use guardhouse::decision::{Confidence, Finding, Repair, Severity, Span};
use guardhouse::event::Event;
use guardhouse::text::{MIN_SOUGHT_BYTES, Part, parts, repair};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<Pick>, &[u8])| {
    let (picks, json) = input;
    let Ok(event) = Event::from_json(json) else { return };
    let text = event.to_string();
    assert_eq!(Event::from_json(text.as_bytes()).as_ref(), Ok(&event));
    assert_eq!(Event::from_value(event.to_value()).map(|event| event.digest()), Ok(event.digest()));

    let Ok(before) = parts(&event) else { return };
    let found: Vec<_> = picks.iter().filter_map(|pick| finding(&before.parts, *pick)).collect();
    let findings: Vec<_> = found.iter().map(|(finding, _)| finding).collect();
    let Ok(repaired) = repair(&event, &findings) else { return };
    assert_eq!(Event::from_json(repaired.to_string().as_bytes()).as_ref(), Ok(&repaired));
    let Ok(after) = parts(&repaired) else { return };
    for part in &after.parts {
        for (_, text) in found.iter().filter(|(_, text)| text.len() >= MIN_SOUGHT_BYTES) {
            // The one replacement that this target asks for; what stands within it may remain.
            let rest = part.body.split("[redacted:secret]");
            assert!(rest.into_iter().all(|rest| !rest.contains(text)), "{text:?} in {part:?}");
        }
    }
});

/// Which part, and the characters from and to.
type Pick = (u16, u16, u16);

/// A finding at `pick`, with its text.
fn finding<'e>(parts: &[Part<'e>], (part, from, to): Pick) -> Option<(Finding, &'e str)> {
    let part = parts.get(usize::from(part))?;
    let offset = |at: u16| part.body.char_indices().nth(usize::from(at)).map_or(part.body.len(), |(offset, _)| offset);
    let (start, end) = (offset(from), offset(to));
    let text = part.body.get(start..end).filter(|text| !text.is_empty())?;
    let finding = Finding {
        guard: "fuzz".into(),
        rule: "fuzz".into(),
        category: "secret".parse().ok()?,
        severity: Severity::High,
        confidence: Confidence::try_from(100).ok()?,
        message: String::new(),
        path: Some(part.path.clone()),
        span: Some(Span { start: u32::try_from(start).ok()?, end: u32::try_from(end).ok()? }),
        repair: Repair::Mask,
        attributes: Vec::new(),
    };
    Some((finding, text))
}
