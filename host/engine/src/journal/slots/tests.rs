//! What holds of slots.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use proptest::{collection::vec, prelude::*};
use tempfile::TempDir;

use super::*;

fn slots() -> (TempDir, Slots) {
    let directory = tempfile::tempdir().unwrap();
    let slots = again(&directory);
    (directory, slots)
}

/// Opens the slots once more, as the next process does.
fn again(directory: &TempDir) -> Slots {
    let path = directory.path().join("keys");
    Slots::open(&path, &Keys::open(&path).unwrap()).unwrap()
}

fn file(directory: &TempDir) -> PathBuf {
    directory.path().join("keys/sessions.slots")
}

fn session(name: &str) -> SessionId {
    name.parse().unwrap()
}

#[test]
fn a_key_is_the_same_when_it_is_read_again() {
    let (directory, slots) = slots();
    for (expected, name) in ["a", "b", "a"].iter().enumerate() {
        let (number, key) = slots.make(&session(name)).unwrap();
        assert_eq!(number, expected as u64);
        let sealed = key.seal(b"", name.as_bytes()).unwrap();
        for slots in [&slots, &again(&directory)] {
            let key = slots.key(number, &session(name)).unwrap().unwrap();
            assert_eq!(key.open(b"", &sealed).unwrap(), name.as_bytes());
        }
    }
    assert_eq!(slots.find(&session("a")).unwrap(), [0, 2]);
    assert_eq!(fs::metadata(file(&directory)).unwrap().len(), 3 * 88);
}

#[test]
fn a_key_is_its_sessions_in_its_slot_under_its_store_and_no_others() {
    let (directory, slots) = slots();
    slots.make(&session("a")).unwrap();
    slots.make(&session("a")).unwrap();
    assert!(matches!(slots.key(0, &session("b")), Err(JournalError::Slot { found: "another session's", .. })));
    for number in [2, u64::MAX / 88, u64::MAX] {
        assert!(slots.key(number, &session("a")).is_err() && slots.erase(number).is_err(), "{number}");
    }
    // One session's slots, exchanged.
    let bytes = fs::read(file(&directory)).unwrap();
    let (one, other) = bytes.split_at(SLOT);
    fs::write(file(&directory), [other, one].concat()).unwrap();
    assert!(slots.key(0, &session("a")).is_err() && slots.key(1, &session("a")).is_err());
    fs::write(file(&directory), &bytes).unwrap();
    assert!(slots.key(0, &session("a")).is_ok());
    fs::remove_file(directory.path().join("keys/store.key")).unwrap();
    assert!(again(&directory).key(0, &session("a")).is_err());
}

#[test]
fn a_slot_with_a_flipped_bit_has_no_key() {
    let (directory, slots) = slots();
    slots.make(&session("a")).unwrap();
    let bytes = fs::read(file(&directory)).unwrap();
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[place] ^= 1 << bit;
            fs::write(file(&directory), &changed).unwrap();
            assert!(slots.key(0, &session("a")).is_err(), "bit {bit} of byte {place}");
        }
    }
}

#[test]
fn what_is_erased_is_nowhere_in_the_file_and_its_session_gets_no_other_key() {
    let (directory, slots) = slots();
    for name in ["a", "b", "a"] {
        slots.make(&session(name)).unwrap();
    }
    let before = fs::read(file(&directory)).unwrap();
    // By another process, as the command does it.
    assert_eq!(again(&directory).erase_all(&[session("a"), session("nobody")]).unwrap(), 2);
    assert_eq!(fs::read(file(&directory)).unwrap(), [&[0; SLOT], &before[SLOT..2 * SLOT], &[0; SLOT]].concat());
    assert!(slots.key(0, &session("a")).unwrap().is_none());
    assert!(slots.key(2, &session("a")).unwrap().is_none());
    assert!(slots.key(1, &session("b")).unwrap().is_some());
    assert!(slots.find(&session("a")).unwrap().is_empty());
    assert_eq!(slots.erase_all(&[session("a")]).unwrap(), 0);
    assert!(matches!(slots.make(&session("a")), Err(JournalError::Erased { .. })));
    slots.erase(1).unwrap();
    assert!(slots.key(1, &session("b")).unwrap().is_none());
    assert_eq!(slots.make(&session("b")).unwrap().0, 3);
}

#[test]
fn an_end_that_was_not_written_whole_is_overwritten() {
    let (directory, slots) = slots();
    slots.make(&session("a")).unwrap();
    slots.make(&session("b")).unwrap();
    let bytes = fs::read(file(&directory)).unwrap();
    for end in SLOT..2 * SLOT {
        fs::write(file(&directory), &bytes[..end]).unwrap();
        let slots = again(&directory);
        assert!(slots.key(1, &session("b")).is_err() && slots.find(&session("b")).unwrap().is_empty());
        assert_eq!(slots.make(&session("c")).unwrap().0, 1);
        assert!(slots.key(0, &session("a")).unwrap().is_some() && slots.key(1, &session("c")).unwrap().is_some());
        assert_eq!(fs::metadata(file(&directory)).unwrap().len(), 2 * 88);
    }
}

#[test]
fn slots_that_the_disk_did_not_take_are_written_once_more_but_for_those_erased() {
    let (directory, slots) = slots();
    for name in ["a", "b", "c"] {
        slots.make(&session(name)).unwrap();
        slots.sync().unwrap();
    }
    slots.make(&session("d")).unwrap();
    slots.make(&session("e")).unwrap();
    slots.erase(3).unwrap();
    slots.held().file.set_len(3 * 88).unwrap();
    let refused = slots.settle(2 * SLOT, Err(io::ErrorKind::Other.into()));
    assert!(refused.is_err());
    assert_eq!(slots.held().unsynced.len(), 2 * SLOT);
    assert!(slots.key(3, &session("d")).unwrap().is_none() && slots.key(4, &session("e")).unwrap().is_some());
    slots.sync().unwrap();
    assert!(slots.held().unsynced.is_empty());
    assert_eq!(fs::metadata(file(&directory)).unwrap().len(), 5 * 88);
}

#[cfg(unix)]
#[test]
fn slots_that_others_may_read_are_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let (directory, slots) = slots();
    drop(slots);
    let mode = |mode| fs::set_permissions(file(&directory), fs::Permissions::from_mode(mode)).unwrap();
    assert_eq!(fs::metadata(file(&directory)).unwrap().permissions().mode() & 0o777, 0o600);
    mode(0o640);
    let path = directory.path().join("keys");
    let refused = Slots::open(&path, &Keys::open(&path).unwrap());
    assert!(matches!(refused, Err(JournalError::Key { .. })), "{refused:?}");
}

#[test]
fn more_slots_than_are_read_at_once_are_found() {
    let (_directory, slots) = slots();
    let all = 2 * AT_ONCE as u64 + 3;
    for number in 0..all {
        let name = if number % 1_000 == 0 { "a" } else { "b" };
        slots.make(&session(name)).unwrap();
    }
    assert_eq!(slots.find(&session("a")).unwrap(), (0..all).step_by(1_000).collect::<Vec<_>>());
    assert_eq!(slots.find(&session("b")).unwrap().len() as u64, all - all.div_ceil(1_000));
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Make(u8),
    Erase(u64),
    EraseAll(u8),
    Sync,
    Refuse,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..4u8).prop_map(Step::Make),
        2 => (0..12u64).prop_map(Step::Erase),
        1 => (0..4u8).prop_map(Step::EraseAll),
        1 => Just(Step::Sync),
        1 => Just(Step::Refuse),
        1 => Just(Step::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever is done in whatever order, a slot has the key that it was made with until it is erased, and none from then.
    #[test]
    fn a_slot_has_its_key_until_it_is_erased(steps in vec(step(), 1..40)) {
        let (directory, mut slots) = slots();
        // Whose each slot is, something sealed under its key, and whether it is erased.
        let mut made: Vec<(u8, Vec<u8>, bool)> = Vec::new();
        let mut erased = BTreeSet::new();
        let name = |number: u8| session(&format!("session {number}"));
        for step in steps {
            match step {
                Step::Make(whose) => match slots.make(&name(whose)) {
                    Ok((number, key)) => {
                        prop_assert_eq!(number, made.len() as u64);
                        made.push((whose, key.seal(b"", &[whose]).unwrap(), false));
                    }
                    Err(_) => prop_assert!(erased.contains(&whose)),
                },
                Step::Erase(number) => {
                    let slot = usize::try_from(number).ok().and_then(|number| made.get_mut(number));
                    prop_assert_eq!(slots.erase(number).is_ok(), slot.is_some());
                    if let Some(slot) = slot {
                        slot.2 = true;
                    }
                }
                Step::EraseAll(whose) => {
                    let theirs = made.iter_mut().filter(|slot| slot.0 == whose && !slot.2);
                    prop_assert_eq!(slots.erase_all(&[name(whose)]).unwrap(), theirs.map(|slot| slot.2 = true).count());
                    erased.insert(whose);
                }
                Step::Sync => slots.sync().unwrap(),
                Step::Refuse => {
                    let len = slots.held().unsynced.len();
                    prop_assert!(slots.settle(len, Err(io::ErrorKind::Other.into())).is_err());
                }
                Step::Reopen => {
                    slots = again(&directory);
                    erased.clear();
                }
            }
            for (number, (whose, sealed, is_erased)) in (0..).zip(&made) {
                let key = slots.key(number, &name(*whose)).unwrap();
                prop_assert_eq!(key.is_none(), *is_erased);
                prop_assert!(key.is_none_or(|key| key.open(b"", sealed) == Some(vec![*whose])));
            }
        }
    }
}
