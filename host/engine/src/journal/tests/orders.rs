//! What operators order: stops and erasures.

use super::*;

/// An event in this session, which works for another.
fn event(session: &str, parent: &str) -> Event {
    let event =
        format!(r#"{{"agent":"a","session":"{session}","parent":"{parent}","checkpoint":"output","text":"x"}}"#);
    Event::from_json(event.as_bytes()).unwrap()
}

#[test]
fn an_erased_session_has_no_key_and_gets_none_and_stays_denied() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(directory.path()).unwrap();
    let session = "s".parse().unwrap();
    let stopped = |journal: &Journal, session| journal.stopped(&event(session, "s"), &[]).unwrap();
    assert_eq!(stopped(&journal, "s"), None);
    journal.slots().make(&session).unwrap();
    let erasure = Erasure::new(session.clone(), "asked for");
    assert_eq!(erase(directory.path(), &directory.path().join("keys"), &erasure).unwrap(), 1);
    // What was under way when the order came.
    let (late, _) = journal.slots().make(&session).unwrap();
    assert_eq!(stopped(&journal, "s"), Some(Order::Erased(erasure.clone())));
    assert_eq!(stopped(&journal, "t"), None, "one that works for it");
    assert!(journal.slots().key(late, &session).unwrap().is_none());
    assert!(matches!(journal.slots().make(&session), Err(JournalError::Erased { .. })));
    fs::remove_file(directory.path().join(format!("stops/{}.erased", erasure.id))).unwrap();
    assert!(stopped(&journal, "s").is_some(), "its file is not what makes it last");
    drop(journal);
    let records: Vec<_> = Records::of(directory.path()).unwrap().map(Result::unwrap).collect();
    let erased: Vec<_> = records.iter().filter(|record| record.kind() == "erased").collect();
    let [record] = erased.as_slice() else { panic!("{erased:?}") };
    let said = |name: &str| record.members.get(name).and_then(crate::json::Value::as_str).unwrap_or_default();
    assert_eq!((said("session"), said("why"), said("erasure")), ("s", "asked for", &*erasure.id.to_string()));
    sound(directory.path());
}

#[test]
fn an_order_to_erase_that_cannot_be_read_is_not_passed_over() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(directory.path()).unwrap();
    let path = directory.path().join(format!("stops/{}.erased", Uuid::now_v7()));
    let other = Erasure::new("s".parse().unwrap(), "under another's name").to_object().to_string();
    for content in ["", "{}", &other] {
        fs::write(&path, content).unwrap();
        assert!(matches!(journal.stopped(&event("s", "s"), &[]), Err(JournalError::NoStop { .. })), "{content}");
    }
}

/// File systems' clocks differ, and files are copied with their times.
#[test]
fn a_stop_is_seen_whatever_time_its_directory_says_it_was_changed() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(directory.path()).unwrap();
    let event = Event::from_json(br#"{"agent":"a","session":"s","checkpoint":"output","text":"x"}"#).unwrap();
    let is_stopped = || journal.stopped(&event, &[]).unwrap().is_some();
    let year = Duration::from_hours(24 * 365);
    let now = std::time::SystemTime::now();
    let set = |said| File::open(directory.path().join("stops")).unwrap().set_modified(said).unwrap();
    set(now - 60 * year);
    assert!(!is_stopped());
    let order = Stop::new(Scope::All, "a test");
    stop(directory.path(), &order).unwrap();
    set(now - 59 * year);
    assert!(is_stopped(), "both are before 1970");
    lift(directory.path(), order.id, "a test").unwrap();
    for said in [now - 9 * year, now + 9 * year, now] {
        set(said);
        assert!(!is_stopped());
        let order = Stop::new(Scope::All, "a test");
        stop(directory.path(), &order).unwrap();
        assert!(is_stopped());
        set(said);
        assert!(is_stopped());
        lift(directory.path(), order.id, "a test").unwrap();
        assert!(!is_stopped());
    }
}
