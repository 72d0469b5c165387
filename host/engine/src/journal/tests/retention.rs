//! How long records are kept.

use super::*;

/// Options under which every closed segment is old.
fn short_lived(directory: &Path) -> Options {
    Options { keep: Some(Duration::ZERO), ..Options::new(directory) }
}

fn numbers(directory: &Path) -> Vec<u64> {
    segment::Segment::all(directory).unwrap().into_iter().map(|segment| segment.number).collect()
}

/// What a segment says, compressed or not: a journal may be closed before it comes to that.
fn text_of(directory: &Path, number: u64) -> String {
    let segments = segment::Segment::all(directory).unwrap();
    let segment = segments.iter().find(|segment| segment.number == number).unwrap();
    std::io::read_to_string(segment.read().unwrap()).unwrap()
}

#[test]
fn what_is_old_goes_a_segment_with_each_checkpoint_and_the_journal_says_so() {
    let directory = written(40, 1_000);
    let before = numbers(directory.path());
    assert!(before.len() > 4, "{before:?}");
    let checkpoint = |number: &u64| {
        text_of(directory.path(), *number)
            .as_bytes()
            .split_inclusive(|byte| *byte == b'\n')
            .find_map(Checkpoint::from_json)
    };
    let anchors: Vec<_> = before.iter().filter_map(checkpoint).collect();
    for gone in 1..=3 {
        // None goes while one is being compressed.
        let goes = || {
            drop(short_lived(directory.path()).open().unwrap());
            numbers(directory.path())[0] != gone
        };
        assert!((0..100).any(|_| goes()));
        assert_eq!(numbers(directory.path())[0], gone + 1);
        let found = sound(directory.path());
        assert!(found.retired.is_some_and(|n| n == found.covered) && found.first > 1, "{found:?}");
    }
    let found = verify(directory.path(), &Trust { key: None, anchors }).unwrap();
    assert!(found.is_sound() && found.anchored.is_some(), "what was anchored and has gone is no fault: {found:?}");
    let records: Vec<_> = Records::of(directory.path()).unwrap().map(Result::unwrap).collect();
    assert_eq!(records[0].n, found.first);
}

#[test]
fn nothing_goes_by_an_age_that_a_damaged_record_says() {
    let directory = written(40, 1_000);
    let before = numbers(directory.path());
    // How old the first segment is, the second says.
    let path = directory.path().join("00000002.jsonl");
    let text = text_of(directory.path(), 2);
    let changed = text.replacen("\"segment\":2", "\"segment\":3", 1);
    assert_ne!(changed, text);
    fs::write(&path, changed).unwrap();
    drop(short_lived(directory.path()).open().unwrap());
    assert!(numbers(directory.path()).starts_with(&before));
    fs::write(&path, text).unwrap();
    // It stays as long as the second is being compressed.
    let goes = || {
        drop(short_lived(directory.path()).open().unwrap());
        numbers(directory.path())[0] == 2
    };
    assert!((0..100).any(|_| goes()));
}

#[test]
fn what_is_kept_for_long_stays() {
    let directory = written(40, 1_000);
    let before = numbers(directory.path());
    for keep in [None, Some(Duration::from_hours(1))] {
        drop(Options { keep, ..short_lived(directory.path()) }.open().unwrap());
    }
    assert!(numbers(directory.path()).starts_with(&before));
}

#[test]
fn an_idle_journal_grows_old_by_itself_and_keeps_what_it_writes() {
    let directory = written(40, 1_000);
    let options = Options { checkpoint_every: Duration::from_millis(1), ..short_lived(directory.path()) };
    let journal = options.open().unwrap();
    while numbers(directory.path()).len() > 1 {
        std::thread::sleep(Duration::from_millis(1));
    }
    let n = journal.write(br#""kind":"test""#).unwrap();
    drop(journal);
    let found = sound(directory.path());
    assert!(found.first <= n.0 && n.0 <= found.last && found.retired.is_some(), "{found:?}");
}

#[test]
fn a_beginning_that_was_removed_is_seen() {
    let directory = written(40, 1_000);
    let remove = || fs::remove_file(&segment::Segment::all(directory.path()).unwrap()[0].path).unwrap();
    remove();
    let first = verify(directory.path(), &Trust::default()).unwrap().first;
    assert_eq!(kinds(directory.path()), [FaultKind::Removed(1..=first - 1)]);
    // Once what stood behind it is old, it would have gone anyway. Of what somebody takes away then, that says nothing.
    drop(short_lived(directory.path()).open().unwrap());
    sound(directory.path());
    remove();
    let first = verify(directory.path(), &Trust::default()).unwrap().first;
    assert_eq!(kinds(directory.path()), [FaultKind::Removed(1..=first - 1)]);
}

#[test]
fn a_retirement_that_nobody_signed_is_none() {
    let directory = written(40, 1_000);
    let all = segment::Segment::all(directory.path()).unwrap();
    let [first, second, .., last] = all.as_slice() else { panic!("{all:?}") };
    let mut lines = read::Lines::of(second).unwrap();
    let line = lines.next().unwrap().unwrap().1;
    let begun = crate::json::parse(line.trim_ascii_end()).unwrap();
    let (n, after) = (chain::Line::of(line).unwrap().n, tail::text_of(&begun, "after").unwrap());
    let end = fs::read(&last.path).unwrap();
    let end = chain::Line::of(end.split_inclusive(|byte| *byte == b'\n').next_back().unwrap()).unwrap();
    let members = format!(r#""kind":"retired","segment":1,"covers":{},"at":"{after}""#, n - 1);
    let mut forged = Vec::new();
    chain::write(&mut forged, end.n + 1, members.as_bytes(), end.chain);
    let mut file = OpenOptions::new().append(true).open(&last.path).unwrap();
    std::io::Write::write_all(&mut file, &forged).unwrap();
    sound(directory.path());
    fs::remove_file(&first.path).unwrap();
    assert_eq!(kinds(directory.path()), [FaultKind::Removed(1..=n - 1)]);
}

#[test]
fn a_crash_before_an_old_segment_was_removed_leaves_it_for_the_next_time() {
    let directory = written(40, 1_000);
    let first = segment::Segment::all(directory.path()).unwrap().remove(0).path;
    let kept = fs::read(&first).unwrap();
    drop(short_lived(directory.path()).open().unwrap());
    fs::write(&first, kept).unwrap();
    assert_eq!(sound(directory.path()).first, 1);
    drop(short_lived(directory.path()).open().unwrap());
    assert!(!first.exists());
    assert!(sound(directory.path()).retired.is_some());
}

#[test]
fn a_journal_lives_on_from_one_opening_to_the_next() {
    let directory = tempfile::tempdir().unwrap();
    let mut before = Duration::ZERO;
    for _ in 0..3 {
        let journal = Journal::open(directory.path()).unwrap();
        let lived = journal.keeper.shared.tail().lived();
        assert!(lived >= before, "{lived:?}");
        std::thread::sleep(Duration::from_millis(20));
        before = journal.keeper.shared.tail().lived();
        assert!(before >= lived + Duration::from_millis(20));
        journal.write(br#""kind":"test""#).unwrap();
    }
}
