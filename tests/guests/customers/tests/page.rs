//! That `docs/writing-a-guard.md` shows this crate as it is. In `plugins` a crate is called `guard-…`, here `guest-…`;
//! nothing else may differ.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

/// The files that the page shows, in its order.
const SHOWN: &[&str] = &[
    "Cargo.toml",
    "src/lib.rs",
    "tests/customers.rs",
    "bundle/guardhouse.toml",
    "bundle/customers.cedar",
    "bundle/event.jsonl",
];

/// Of which it shows a part.
const IN_PART: &[&str] = &["Cargo.toml", "tests/customers.rs", "bundle/customers.cedar"];

/// The blocks of a page whose info string is a language and a file, with their files.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let mut blocks = Vec::new();
    let mut rest = page;
    while let Some((_, behind)) = rest.split_once("\n```") {
        let (info, behind) = behind.split_once('\n').unwrap();
        let (body, behind) = behind.split_once("```\n").unwrap();
        if let Some((_, file)) = info.split_once(' ') {
            blocks.push((file, body));
        }
        rest = behind;
    }
    blocks
}

#[test]
fn the_page_shows_the_files_of_this_crate() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(here.join("../../../docs/writing-a-guard.md")).unwrap();
    let blocks = blocks(&page);
    assert_eq!(blocks.iter().map(|(file, _)| *file).collect::<Vec<_>>(), SHOWN);
    for (file, body) in blocks {
        let written = fs::read_to_string(here.join(file)).unwrap();
        if IN_PART.contains(&file) {
            assert!(!body.is_empty() && written.contains(body), "{file} has no such part:\n{body}");
        } else {
            assert_eq!(body, written, "{file}");
        }
    }
}
