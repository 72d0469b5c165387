//! The smallest guard: one pass over each part for one pattern of bytes, no configuration, no SDK.
//!
//! The benchmarks run it under the host and under bare wasmtime, to see what the host adds. It is written on the bare
//! bindings so that nothing but the contract's own cost is in it, and like a guard of the SDK it never grows its memory.

#![expect(
    clippy::same_length_and_capacity,
    unsafe_code,
    missing_docs,
    reason = "the generated bindings pass pointers and are not documented"
)]

wit_bindgen::generate!({ world: "text", path: "../../../wit" });

use exports::guardhouse::guard::{about, text_guard};
use guardhouse::guard::types::{Finding, Repair, Report, Span};

#[cfg(target_family = "wasm")]
#[global_allocator]
static HEAP: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// What it looks for.
const PATTERN: &[u8; LENGTH as usize] = b"SMALL-GUARD-PATTERN";

/// How long that is.
const LENGTH: u32 = 19;

struct Small;

impl about::Guest for Small {
    fn describe() -> about::Description {
        about::Description {
            name: "small".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            summary: "Reports one fixed pattern".into(),
            config_schema: r#"{"type":"object","additionalProperties":false}"#.into(),
            categories: vec!["pattern".into()],
            checkpoints: ["input", "tool-definition", "tool-call", "tool-result", "output"].map(Into::into).into(),
            media_types: vec!["*/*".into()],
            views: Vec::new(),
        }
    }

    fn configure(config: String) -> Result<about::Reach, String> {
        match config.as_str() {
            "" | "{}" => Ok(about::Reach { before: 0, longest: Some(LENGTH), after: 0 }),
            _ => Err("expected no settings".into()),
        }
    }
}

impl text_guard::Guest for Small {
    fn inspect(item: text_guard::Item) -> Result<Report, String> {
        let mut findings = Vec::new();
        for (part, text) in (0..).zip(&item.parts) {
            let windows = text.body.as_bytes().windows(PATTERN.len());
            for (start, _) in (0..).zip(windows).filter(|(_, window)| *window == PATTERN) {
                findings.push(finding(part, start));
            }
        }
        Ok(Report { findings, settled: Vec::new() })
    }
}

/// The pattern, found at byte `start` of a part.
fn finding(part: u32, start: u32) -> Finding {
    Finding {
        rule: "pattern".into(),
        category: "pattern".into(),
        severity: 1,
        confidence: 100,
        message: "the pattern".into(),
        part: Some(part),
        span: Some(Span { start, end: start + LENGTH }),
        repair: Repair::Mask,
        attributes: Vec::new(),
    }
}

export!(Small);
