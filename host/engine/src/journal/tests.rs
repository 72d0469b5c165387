//! What holds of every journal.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod orders;
mod retention;

use std::{fs, path::Path};

use tempfile::TempDir;
use uuid::Uuid;

use super::*;

/// A journal of this many records, closed, in segments of this many bytes, not compressed.
pub(super) fn written(records: usize, segment_bytes: u64) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let journal = Options { segment_bytes, ..Options::new(directory.path()) }.open().unwrap();
    for record in 0..records {
        journal.write(format!("\"kind\":\"test\",\"value\":{record}").as_bytes()).unwrap();
    }
    drop(journal);
    directory
}

fn sound(directory: &Path) -> Verification {
    let found = verify(directory, &Trust::default()).unwrap();
    assert!(found.is_sound(), "{found:?}");
    found
}

fn kinds(directory: &Path) -> Vec<FaultKind> {
    verify(directory, &Trust::default()).unwrap().faults.into_iter().map(|fault| fault.kind).collect()
}

fn first_segment(directory: &Path) -> PathBuf {
    directory.join("00000001.jsonl")
}

/// Writes the first segment anew, with its lines changed.
fn rewrite(directory: &Path, change: impl FnOnce(&mut Vec<Vec<u8>>)) {
    let path = first_segment(directory);
    let bytes = fs::read(&path).unwrap();
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    change(&mut lines);
    fs::write(path, lines.concat()).unwrap();
}

#[test]
fn what_was_written_verifies_to_its_end() {
    let directory = written(100, 1 << 20);
    let found = sound(directory.path());
    // The segment's own, 100, and the checkpoint.
    assert_eq!((found.first, found.last, found.records, found.covered, found.torn), (1, 102, 102, 101, 0));
    assert_eq!(found.keys.len(), 1);
}

#[test]
fn a_journal_goes_on_where_it_ended_over_segments() {
    let directory = tempfile::tempdir().unwrap();
    let options = || Options { segment_bytes: 2_000, ..Options::new(directory.path()) };
    for _ in 0..5 {
        let journal = options().open().unwrap();
        for _ in 0..20 {
            journal.write(br#""kind":"test""#).unwrap();
        }
    }
    let found = sound(directory.path());
    assert!(found.segments > 5, "{found:?}");
    let compressed = segment::Segment::all(directory.path()).unwrap();
    assert!(compressed.iter().any(|segment| segment.is_compressed), "{compressed:?}");
    assert_eq!(found.covered, found.last - 1);
}

#[test]
fn only_one_writes_a_journal() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(directory.path()).unwrap();
    assert!(matches!(Journal::open(directory.path()), Err(JournalError::InUse { .. })));
    drop(journal);
    assert!(Journal::open(directory.path()).is_ok());
}

#[test]
fn any_flipped_bit_is_found() {
    let directory = written(4, 1 << 20);
    let path = first_segment(directory.path());
    let bytes = fs::read(&path).unwrap();
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[place] ^= 1 << bit;
            fs::write(&path, &changed).unwrap();
            let found = verify(directory.path(), &Trust::default()).unwrap();
            assert!(!found.is_sound(), "bit {bit} of byte {place}: {found:?}");
        }
    }
}

#[test]
fn a_journal_that_is_cut_anywhere_is_sound_as_far_as_it_goes_and_an_anchor_tells() {
    let directory = written(6, 1 << 20);
    let path = first_segment(directory.path());
    let bytes = fs::read(&path).unwrap();
    let last = bytes.split_inclusive(|byte| *byte == b'\n').next_back().unwrap();
    let trust = Trust { key: None, anchors: vec![Checkpoint::from_json(last).unwrap()] };
    for cut in 0..bytes.len() {
        fs::write(&path, &bytes[..cut]).unwrap();
        let whole = memchr::memchr_iter(b'\n', &bytes[..cut]).count() as u64;
        let found = sound(directory.path());
        assert_eq!((found.last, found.torn > 0), (whole, !bytes[..cut].ends_with(b"\n") && cut > 0), "{cut}");
        // Seven records are covered: the segment's and six.
        let kinds: Vec<_> = verify(directory.path(), &trust).unwrap().faults.into_iter().map(|f| f.kind).collect();
        let expected = match whole {
            0 => vec![FaultKind::OtherAnchor(7)],
            1..7 => vec![FaultKind::CutOff(7)],
            _ => Vec::new(),
        };
        assert_eq!(kinds, expected, "{cut}");
        // And it goes on from there.
        drop(Journal::open(directory.path()).unwrap());
        let found = sound(directory.path());
        assert!(found.last > whole && found.torn == 0, "{cut}: {found:?}");
        for segment in segment::Segment::all(directory.path()).unwrap() {
            fs::remove_file(segment.path).unwrap();
        }
    }
}

#[test]
fn what_was_done_to_a_record_is_said() {
    let directory = written(8, 1 << 20);
    let bytes = fs::read(first_segment(directory.path())).unwrap();
    let done = |change: fn(&mut Vec<Vec<u8>>), expected: &[FaultKind]| {
        fs::write(first_segment(directory.path()), &bytes).unwrap();
        rewrite(directory.path(), change);
        assert_eq!(kinds(directory.path()), expected);
    };
    done(|_| {}, &[]);
    done(
        |lines| {
            let text = String::from_utf8(lines[4].clone()).unwrap().replace("\"value\":3", "\"value\":4");
            lines[4] = text.into_bytes();
        },
        &[FaultKind::Changed(5)],
    );
    done(|lines| drop(lines.remove(4)), &[FaultKind::Removed(5..=5)]);
    done(|lines| drop(lines.drain(2..5)), &[FaultKind::Removed(3..=5)]);
    done(|lines| lines.swap(4, 5), &[FaultKind::Misplaced(5)]);
    done(|lines| lines.insert(6, lines[3].clone()), &[FaultKind::Misplaced(4)]);
    done(|lines| lines[3] = b"{}\n".to_vec(), &[FaultKind::NoRecord, FaultKind::Removed(4..=4)]);
    done(|lines| drop(lines.remove(0)), &[FaultKind::Removed(1..=1)]);
}

#[test]
fn a_journal_that_was_written_anew_is_not_the_one_that_was_anchored() {
    let (ours, theirs) = (written(3, 1 << 20), written(3, 1 << 20));
    let last = |directory: &TempDir| {
        let bytes = fs::read(first_segment(directory.path())).unwrap();
        Checkpoint::from_json(bytes.split_inclusive(|byte| *byte == b'\n').next_back().unwrap()).unwrap()
    };
    let trust = Trust { key: Some(last(&ours).key()), anchors: vec![last(&ours)] };
    assert_eq!(verify(ours.path(), &trust).unwrap().anchored, Some(4));
    let kinds: Vec<_> = verify(theirs.path(), &trust).unwrap().faults.into_iter().map(|fault| fault.kind).collect();
    assert_eq!(kinds, [FaultKind::OtherAnchor(4), FaultKind::OtherKey(5, last(&theirs).key())]);
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_a_journal() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path().join("a/b");
    drop(Journal::open(&at).unwrap());
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(at.clone()), mode(at.join("keys"))), (0o700, 0o700));
    for file in ["00000001.jsonl", "keys/store.key", "keys/signing.key"] {
        assert_eq!(mode(at.join(file)), 0o600, "{file}");
    }
    fs::set_permissions(at.join("keys/store.key"), fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(Journal::open(&at), Err(JournalError::Key { .. })));
}

#[test]
fn a_directory_that_cannot_be_made_is_an_error_with_its_path() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = Journal::open(file.path().join("journal")).unwrap_err();
    assert!(error.to_string().contains("journal"), "{error}");
}

#[test]
fn many_write_at_once_and_each_waits_for_the_disk() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(directory.path()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                for _ in 0..50 {
                    let n = journal.write(br#""kind":"test""#).unwrap();
                    runtime.block_on(journal.synced(n.0)).unwrap();
                }
            });
        }
    });
    drop(journal);
    assert_eq!(sound(directory.path()).last, 202);
}

#[test]
fn the_disk_has_a_sessions_key_when_it_has_a_record_that_was_sealed_under_it() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(directory.path()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for slot in 0..3 {
        assert_eq!(journal.slots().make(&"s".parse().unwrap()).unwrap().0, slot);
        let n = journal.write(br#""kind":"test""#).unwrap();
        runtime.block_on(journal.synced(n.0)).unwrap();
        assert!(journal.slots().is_synced());
    }
}

#[cfg(unix)]
#[test]
fn a_directory_that_others_may_write_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    drop(Journal::open(directory.path()).unwrap());
    for name in ["", "keys", "stops"] {
        let path = directory.path().join(name);
        let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        for refused in [0o770, 0o707, 0o1777] {
            mode(refused);
            let error = Journal::open(directory.path()).unwrap_err();
            assert!(matches!(error, JournalError::Directory { .. }), "{name} {refused:o}: {error}");
        }
        mode(0o755);
        assert!(Journal::open(directory.path()).is_ok(), "{name}: to read names is no harm");
    }
}

/// `/dev/null` takes everything and refuses to sync.
#[cfg(target_os = "linux")]
#[test]
fn what_the_disk_did_not_take_is_told_in_the_first_segment_that_can_be_begun() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(directory.path()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let write = || {
        let n = journal.write(br#""kind":"test""#).unwrap();
        (n.0, runtime.block_on(journal.synced(n.0)))
    };
    let null = OpenOptions::new().append(true).open("/dev/null").unwrap();
    let ours = journal.keeper.shared.tail().exchange(null.into());
    // Where the next segment would be, something else is.
    let path = directory.path().join("00000002.jsonl");
    fs::create_dir(&path).unwrap();
    let (first, refused) = write();
    assert!(matches!(refused, Err(JournalError::Unsynced { .. })));
    let (second, refused) = write();
    assert!(matches!(refused, Err(JournalError::Unsynced { .. })));
    fs::remove_dir(&path).unwrap();
    let (third, _) = write();
    let told = fs::read_to_string(&path).unwrap();
    let said = crate::json::parse(told.lines().next().unwrap().as_bytes()).unwrap();
    let unsynced = said.as_object().unwrap().get("unsynced").and_then(crate::json::Value::as_array).unwrap();
    let number = |index: usize| unsynced[index].as_number().unwrap().as_str().parse::<u64>().unwrap();
    assert!(number(0) <= first && (second..=third).contains(&number(1)), "{told}");
    drop((journal, ours));
}

#[test]
fn a_segment_that_was_begun_in_vain_and_could_not_be_removed_is_begun_again() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Options { segment_bytes: 2_000, ..Options::new(directory.path()) }.open().unwrap();
    let next = directory.path().join("00000002.jsonl");
    fs::write(&next, "{\"n\":").unwrap();
    for record in 0..30 {
        journal.write(format!("\"kind\":\"test\",\"value\":{record}").as_bytes()).unwrap();
    }
    drop(journal);
    assert!(sound(directory.path()).segments > 1);
    // What holds a record may be evidence.
    let journal = Options { segment_bytes: 200, ..Options::new(directory.path()) }.open().unwrap();
    let segments = segment::Segment::all(directory.path()).unwrap();
    let next = directory.path().join(format!("{:08}.jsonl", segments.last().unwrap().number + 1));
    fs::write(&next, "{\"n\":1}\n").unwrap();
    assert!(matches!(journal.write(br#""kind":"test""#), Err(JournalError::Io { .. })));
    assert_eq!(fs::read_to_string(&next).unwrap(), "{\"n\":1}\n");
}

/// Where `/dev/full` is: a file that can be opened and takes nothing, as on a full disk.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_takes_nothing_and_writing_goes_on_by_itself() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(directory.path()).unwrap();
    let write = || journal.write(br#""kind":"test""#);
    assert_eq!(write().unwrap().0, 2);
    let exchange = |file| journal.keeper.shared.tail().exchange(file);
    let full = OpenOptions::new().append(true).open("/dev/full").unwrap();
    let ours = exchange(full.into());
    for _ in 0..3 {
        assert!(matches!(write(), Err(JournalError::Io { .. })));
    }
    // What of it got there on a disk that was not quite full.
    std::io::Write::write_all(&mut &*ours, b"{\"n\":3,\"ki").unwrap();
    exchange(ours);
    assert_eq!(write().unwrap().0, 3);
    drop(journal);
    assert_eq!(sound(directory.path()).records, 4);
}

#[test]
fn a_reader_goes_on_when_there_is_more() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Options { segment_bytes: 600, ..Options::new(directory.path()) }.open().unwrap();
    let mut records = Records::of(directory.path()).unwrap();
    let mut last = 0;
    for _ in 0..20 {
        let n = journal.write(br#""kind":"test""#).unwrap();
        for record in records.by_ref() {
            let record = record.unwrap();
            assert_eq!(record.n, last + 1);
            last = record.n;
        }
        assert_eq!(last, n.0);
    }
    // Half a record is none, until the other half is there.
    let path = fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().path());
    let path = path.filter(|path| path.extension().is_some_and(|extension| extension == "jsonl")).max().unwrap();
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    let mut line = Vec::new();
    chain::write(&mut line, last + 1, br#""kind":"test""#, chain::Chain::START);
    let (one, other) = line.split_at(20);
    std::io::Write::write_all(&mut file, one).unwrap();
    assert!(records.next().is_none());
    std::io::Write::write_all(&mut file, other).unwrap();
    assert_eq!(records.next().unwrap().unwrap().n, last + 1);
}
