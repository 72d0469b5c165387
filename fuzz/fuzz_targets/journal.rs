//! A journal out of any bytes: read to its end in bounded memory, and gone on with.
//!
//! What is sound stays sound when a process opens it, writes and closes it, whatever a crash left at its end.
//! `cargo +nightly fuzz run journal`

#![no_main]

use std::fs;

use guardhouse::journal::{Options, Records, Trust, verify};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(directory) = tempfile::tempdir() else { return };
    let path = directory.path();
    if fs::write(path.join("00000001.jsonl"), bytes).is_err() {
        return;
    }
    let before = verify(path, &Trust::default()).expect("the directory can be read");
    let read = Records::of(path).expect("the directory can be read").filter(Result::is_ok).count() as u64;
    assert!(!before.is_sound() || read <= before.records, "{before:?}");
    let Ok(journal) = Options::new(path).open() else { return };
    drop(journal);
    let after = verify(path, &Trust::default()).expect("the directory can be read");
    assert!(!before.is_sound() || after.is_sound() && after.records > before.records, "{before:?}\n{after:?}");
});
