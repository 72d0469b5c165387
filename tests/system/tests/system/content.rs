//! What records carry of their events: nothing that a guard found, or everything for those who hold a key.

use std::{fs, path::Path, sync::LazyLock};

use age::secrecy::ExposeSecret as _;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use guardhouse::{
    decision::Verdict,
    engine::Engine,
    event::Event,
    journal::{Content, ContentError, Identities, Journal, Options, Record, Records, Trust, verify},
};
use guardhouse_system_tests::{GENEROUS, TestBundle, call, input, output, result, shown, station};
use proptest::prelude::*;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::{
    EVERYWHERE, PERMIT,
    verdicts::{POLICIES, SECRET},
};

/// A bundle with the secrets guard and one that bans words, whose findings no policy of `policies` needs to ask about.
fn bundle(audit: &str, policies: &str) -> TestBundle {
    let secrets = station("secrets", "guard-secrets", EVERYWHERE, "");
    let words = station("words", "guest-words", EVERYWHERE, "config = { words = [\"Zanzibar\", \"xy\"] }");
    TestBundle::new(&format!("{GENEROUS}[audit]\n{audit}\n{secrets}{words}"))
        .guard("guard-secrets")
        .guard("guest-words")
        .policies(&format!("{PERMIT}{policies}"))
        .locked()
}

/// An engine of that bundle, and where its journal is.
async fn engine(audit: &str, policies: &str) -> (Engine, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let engine = bundle(audit, policies).engine().await;
    let journal = Options::new(directory.path()).with_audit(engine.generation().audit()).open().unwrap();
    (engine.with_journal(journal), directory)
}

/// The records of decisions.
fn records(journal: &Path) -> Vec<Record> {
    Records::of(journal).unwrap().map(Result::unwrap).filter(|record| record.kind() == "decision").collect()
}

fn contents(journal: &Path) -> Vec<Option<Content>> {
    records(journal).iter().map(|record| Content::of(record).unwrap()).collect()
}

fn why(content: Option<&Content>) -> &str {
    match content {
        Some(Content::Withheld { why }) => why,
        other => panic!("{other:?}"),
    }
}

/// An identity in a file, and its recipient.
fn identity(directory: &Path, name: &str) -> (Identities, String) {
    let identity = age::x25519::Identity::generate();
    let path = directory.join(name);
    fs::write(&path, format!("# made by a test\n{}\n", identity.to_string().expose_secret())).unwrap();
    (Identities::read(&path).unwrap(), identity.to_public().to_string())
}

#[tokio::test]
async fn what_any_guard_found_is_cut_out_of_redacted_content_whatever_policies_ask() {
    // No policy asks for anything; then one for secrets alone, and one that denies.
    for (policies, verdict) in [
        ("", Verdict::Allow),
        (POLICIES, Verdict::Modify),
        ("@id(\"no\") forbid (principal, action, resource);", Verdict::Deny),
    ] {
        let (engine, directory) = engine("content = \"redacted\"", policies).await;
        let event = output(&format!("In Zanzibar the token is {SECRET}, {SECRET}."));
        assert_eq!(engine.check(&event).await.verdict, verdict);
        drop(engine);
        let [Some(content)] = &contents(directory.path())[..] else { panic!("{policies}") };
        let expected = output("In [redacted:banned] the token is [redacted:secret], [redacted:secret].");
        assert_eq!(content.event(&Identities::default()).unwrap(), expected);
        assert!(verify(directory.path(), &Trust::default()).unwrap().is_sound());
    }
}

#[tokio::test]
async fn events_of_every_kind_are_recorded_redacted() {
    let (engine, directory) = engine("content = \"redacted\"", POLICIES).await;
    let events = |secret: &str, word: &str| {
        [
            input("user", &format!("{word} {secret}")),
            call("list", &format!(r#"{{"a":["{secret}",1.50],"b":"to {word}"}}"#)),
            result("list", &format!(r#""text":"is {secret}","structured":{{"key":"{word}"}}"#)),
        ]
    };
    for event in &events(SECRET, "Zanzibar") {
        engine.check(event).await;
    }
    drop(engine);
    let contents = contents(directory.path());
    for (content, expected) in contents.iter().zip(events("[redacted:secret]", "[redacted:banned]")) {
        assert_eq!(content.as_ref().unwrap().event(&Identities::default()).unwrap(), expected);
    }
}

#[tokio::test]
async fn what_cannot_be_redacted_for_sure_is_withheld() {
    let (engine, directory) = engine("content = \"redacted\"", POLICIES).await;
    let image = r#""content":[{"type":"image","data":"AAAA","mimeType":"image/png"}]"#;
    let deep = (0..61).fold("1".to_owned(), |inner, _| format!("[{inner}]"));
    for (event, expected) in [
        (call("list", &format!(r#"{{"{SECRET}":1}}"#)), "what was found stands in a key or a name"),
        (result("list", image), "guards did not look at all of it"),
        (call("list", &format!(r#"{{"a":{deep},"b":"clean"}}"#)), "it nests too deep"),
        // Too large, so it is denied before guards are asked.
        (output(&"x ".repeat(9 << 20)), "guards did not look at all of it"),
    ] {
        engine.check(&event).await;
        let contents = contents(directory.path());
        let why = why(contents.last().unwrap().as_ref());
        assert!(why.contains(expected), "expected `{expected}` in `{why}`");
    }
    let mut stream = engine.stream(output("all is ")).unwrap();
    stream.push("well");
    stream.finish().await;
    drop(engine);
    assert_eq!(why(contents(directory.path()).last().unwrap().as_ref()), "a stream's text is not kept");
    assert!(verify(directory.path(), &Trust::default()).unwrap().is_sound());
    assert!(!format!("{:?}", contents(directory.path())).contains(SECRET));
}

#[tokio::test]
async fn nothing_is_recorded_redacted_that_a_guard_did_not_look_at() {
    // The guard fails on the placeholder, or on all of it; the failure denies, or is passed over.
    for (text, on_failure, policies) in [
        ("ab", "deny", "@id(\"mend\") @verdict(\"modify\") @redact(\"banned\") forbid (principal, action, resource);"),
        ("ab", "skip", "@id(\"mend\") @verdict(\"modify\") @redact(\"banned\") forbid (principal, action, resource);"),
        ("far too long", "deny", ""),
        ("far too long", "skip", ""),
    ] {
        let more =
            format!("config = {{ words = [\"ab\"] }}\nlimits = {{ block = \"8B\" }}\non_failure = \"{on_failure}\"");
        let words = station("words", "guest-words", EVERYWHERE, &more);
        let bundle = TestBundle::new(&format!("{GENEROUS}[audit]\ncontent = \"redacted\"\n{words}"));
        let bundle = bundle.guard("guest-words").policies(&format!("{PERMIT}{policies}")).locked();
        let directory = tempfile::tempdir().unwrap();
        let engine = bundle.engine().await.with_journal(Journal::open(directory.path()).unwrap());
        engine.check(&output(text)).await;
        drop(engine);
        let contents = contents(directory.path());
        assert!(
            why(contents[0].as_ref()).starts_with("guards did not look at all of it"),
            "{text} {on_failure}: {contents:?}"
        );
    }
}

#[tokio::test]
async fn what_guards_find_in_what_a_repair_left_is_cut_out_too_or_all_is_withheld() {
    // The second word stands in what the first is replaced by.
    for (words, expected) in [
        (r#""attack", "plan""#, Some("the [redacted:banned] [redacted:banned]")),
        (r#""attack", "plan", "redacted""#, None),
    ] {
        let station = station("words", "guest-words", EVERYWHERE, &format!("config = {{ words = [{words}] }}"));
        let mend = r#"@id("mend") @verdict("modify") @redact("banned") forbid (principal, action, resource)
            when { context.core.findings.banned.worst >= 0 };"#;
        let bundle = TestBundle::new(&format!("{GENEROUS}[audit]\ncontent = \"redacted\"\n{station}"));
        let bundle = bundle.guard("guest-words").policies(&format!("{PERMIT}{mend}")).locked();
        let directory = tempfile::tempdir().unwrap();
        let engine = bundle.engine().await.with_journal(Journal::open(directory.path()).unwrap());
        engine.check(&output("the attack plan")).await;
        drop(engine);
        let contents = contents(directory.path());
        match expected {
            Some(text) => {
                assert_eq!(contents[0].as_ref().unwrap().event(&Identities::default()).unwrap(), output(text));
            }
            None => assert!(why(contents[0].as_ref()).contains("in what a repair left"), "{contents:?}"),
        }
    }
}

#[tokio::test]
async fn each_recipient_opens_encrypted_content_and_nobody_else() {
    let keys = tempfile::tempdir().unwrap();
    let [(ours, first), (theirs, second), (others, _)] = ["a", "b", "c"].map(|name| identity(keys.path(), name));
    let audit = format!("content = \"encrypted\"\nrecipients = [\"{first}\", \"{second}\"]");
    let (engine, directory) = engine(&audit, POLICIES).await;
    let events = [
        output(&format!("In Zanzibar the token is {SECRET}.")),
        call("list", &format!(r#"{{"key":["{SECRET}",1.50]}}"#)),
        output(&"x ".repeat(9 << 20)),
    ];
    for event in &events {
        engine.check(event).await;
    }
    let mut stream = engine.stream(output(&format!("all is {SECRET}"))).unwrap();
    stream.push(" well");
    stream.finish().await;
    drop(engine);
    assert!(verify(directory.path(), &Trust::default()).unwrap().is_sound());
    let contents = contents(directory.path());
    for (content, event) in contents.iter().zip(&events) {
        let content = content.as_ref().unwrap();
        assert_eq!(content.event(&ours).unwrap(), *event);
        assert_eq!(content.event(&theirs).unwrap(), *event);
        assert_eq!(content.event(&others), Err(ContentError::ToOthers));
        assert_eq!(content.event(&Identities::default()), Err(ContentError::Unopened));
    }
    assert_eq!(why(contents[3].as_ref()), "a stream's text is not kept");
    let written = fs::read_to_string(directory.path().join("00000001.jsonl")).unwrap();
    assert!(!written.contains(SECRET) && !written.contains("Zanzibar"));
}

#[tokio::test]
async fn content_is_a_file_that_age_reads() {
    let keys = tempfile::tempdir().unwrap();
    let ours = age::x25519::Identity::generate();
    let audit = format!("content = \"encrypted\"\nrecipients = [\"{}\"]", ours.to_public());
    let (engine, directory) = engine(&audit, "").await;
    engine.check(&output("hello")).await;
    drop((engine, keys));
    let record = records(directory.path()).remove(0);
    let file = record.members.get("content").unwrap().pointer("/age").unwrap().as_str().unwrap();
    let plain = age::decrypt(&ours, &STANDARD.decode(file).unwrap()).unwrap();
    assert_eq!(Event::from_json(&plain).unwrap(), output("hello"));
}

#[tokio::test]
async fn content_over_the_bound_of_a_record_is_withheld() {
    let keys = tempfile::tempdir().unwrap();
    let (_, recipient) = identity(keys.path(), "a");
    let (engine, directory) = engine(&format!("content = \"encrypted\"\nrecipients = [\"{recipient}\"]"), "").await;
    engine.check(&output(&"x".repeat(52 << 20))).await;
    engine.check(&output("short")).await;
    drop(engine);
    let contents = contents(directory.path());
    assert!(why(contents[0].as_ref()).starts_with("expected at most 671"), "{:?}", contents[0]);
    assert!(matches!(contents[1], Some(Content::Encrypted(_))));
    assert!(verify(directory.path(), &Trust::default()).unwrap().is_sound());
}

#[tokio::test]
async fn no_content_is_recorded_unless_a_bundle_says_so() {
    for audit in ["", "content = \"none\""] {
        let (engine, directory) = engine(audit, POLICIES).await;
        engine.check(&output(SECRET)).await;
        drop(engine);
        assert_eq!(contents(directory.path()), [None]);
        assert!(!records(directory.path())[0].members.to_string().contains("content"));
    }
}

#[tokio::test]
async fn content_that_no_journal_writes_is_an_error() {
    let record = |content: &str| {
        let members = guardhouse::json::parse(format!(r#"{{"n":7,"content":{content}}}"#).as_bytes()).unwrap();
        Record { n: 7, members: members.as_object().unwrap().clone() }
    };
    for wrong in [
        "1",
        "{}",
        r#"{"as":"plain","event":{}}"#,
        r#"{"as":"redacted","event":1}"#,
        r#"{"as":"redacted"}"#,
        r#"{"as":"encrypted","age":"???"}"#,
        r#"{"as":"withheld"}"#,
    ] {
        assert_eq!(Content::of(&record(wrong)), Err(ContentError::Form { n: 7 }), "{wrong}");
    }
    let keys = tempfile::tempdir().unwrap();
    let (ours, _) = identity(keys.path(), "a");
    let opened = |content: &str| Content::of(&record(content)).unwrap().unwrap().event(&ours);
    assert_eq!(opened(r#"{"as":"encrypted","age":"AAAA"}"#), Err(ContentError::Damaged));
    assert!(matches!(opened(r#"{"as":"redacted","event":{}}"#), Err(ContentError::Event(_))));
    assert!(matches!(opened(r#"{"as":"withheld","why":"no"}"#), Err(ContentError::Withheld { .. })));
}

#[tokio::test]
async fn what_is_said_wrongly_of_the_audit_is_refused_at_its_line() {
    let keys = tempfile::tempdir().unwrap();
    let (_, ours) = identity(keys.path(), "a");
    let secret = age::x25519::Identity::generate().to_string().expose_secret().to_owned();
    let encrypted = |recipients: &str| format!("content = \"encrypted\"\nrecipients = [{recipients}]");
    for (audit, expected) in [
        ("sync = \"all\"".to_owned(), ":4: field `sync`: expected `each`"),
        ("sync_within = \"50\"".to_owned(), ":4: field `sync_within`: expected a time"),
        ("sync_within = \"999us\"".to_owned(), ":4: field `sync_within`: expected 1ms to 10s, found 999µs"),
        ("sync_within = \"11s\"".to_owned(), ":4: field `sync_within`: expected 1ms to 10s, found 11s"),
        (
            "sync_within = \"1s\"\nsync = \"each\"".to_owned(),
            ":5: field `sync`: expected it or `sync_within`, found both",
        ),
        ("content = \"some\"".to_owned(), ":4: field `content`: expected `none`, `redacted` or `encrypted`"),
        ("content = \"encrypted\"".to_owned(), ":4: field `content`: expected `recipients` beside"),
        (encrypted(""), ":5: field `recipients`: expected 1 to 16 recipients, found 0"),
        (
            encrypted(&format!("\"{ours}\",\n\"age1qqq\"")),
            ":6: field `recipients`: expected a recipient as `age-keygen`",
        ),
        (encrypted(&format!("\"{ours}\",\n\"{ours}\"")), ":6: field `recipients`: expected each recipient once"),
        (encrypted(&format!("\"{secret}\"")), ":5: field `recipients`: expected a recipient as `age-keygen`"),
        (format!("recipients = [\"{ours}\"]"), ":4: field `recipients`: expected none"),
        (format!("content = \"redacted\"\nrecipients = [\"{ours}\"]"), ":5: field `recipients`: expected none"),
        ("keep = \"90\"".to_owned(), ":4: field `keep`: expected a time such as `\"90d\"`"),
        ("keep = \"59m\"".to_owned(), ":4: field `keep`: expected 1h or more, found 3540s"),
        (
            "kept = 1".to_owned(),
            ":4: field `kept`: expected `content` or `keep` or `recipients` or `sync` or `sync_within`",
        ),
    ] {
        let manifest = format!("[audit]\n{audit}");
        let refusal = shown(&TestBundle::new(&manifest).policies(PERMIT).refusal().await);
        assert!(refusal.contains(&format!("guardhouse.toml{expected}")), "expected `{expected}` in {refusal}");
        let message = refusal.lines().find(|line| line.contains(expected)).unwrap();
        assert!(!message.contains(&secret), "{message}");
    }
}

#[tokio::test]
async fn the_bundles_digest_covers_what_is_recorded_for_whom_and_not_when_it_is_synced() {
    let keys = tempfile::tempdir().unwrap();
    let [ours, theirs] = ["a", "b"].map(|name| identity(keys.path(), name).1);
    let mut digests = Vec::new();
    for audit in [
        String::new(),
        "content = \"none\"\nsync = \"each\"".to_owned(),
        "sync_within = \"1s\"".to_owned(),
        "content = \"redacted\"".to_owned(),
        format!("content = \"encrypted\"\nrecipients = [\"{ours}\"]"),
        format!("content = \"encrypted\"\nrecipients = [\"{ours}\", \"{theirs}\"]"),
        format!("content = \"encrypted\"\nrecipients = [\"{theirs}\", \"{ours}\"]"),
    ] {
        let bundle = TestBundle::new(&format!("[audit]\n{audit}")).policies(PERMIT);
        digests.push(bundle.engine().await.generation().digest());
    }
    assert!(digests[0] == digests[1] && digests[1] == digests[2] && digests[5] == digests[6]);
    digests.dedup();
    assert_eq!(digests.len(), 4);
}

/// An engine that lives as long as the tests, on a runtime of its own.
struct Standing {
    runtime: Runtime,
    engine: Engine,
    journal: TempDir,
}

/// Without policies that ask for a repair, and with.
static STANDING: LazyLock<[Standing; 2]> = LazyLock::new(|| {
    ["", POLICIES].map(|policies| {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (engine, journal) = runtime.block_on(engine("content = \"redacted\"", policies));
        Standing { runtime, engine, journal }
    })
});

/// What is planted, as it is or encoded so that guards are shown it in a view.
fn planted() -> impl Strategy<Value = String> {
    let hex = |text: &str| text.bytes().fold(String::new(), |written, byte| written + &format!("{byte:02x}"));
    let percent = |text: &str| text.bytes().fold(String::new(), |written, byte| written + &format!("%{byte:02X}"));
    prop::sample::select(vec![
        SECRET.to_owned(),
        STANDARD.encode(SECRET),
        STANDARD.encode(format!("token={SECRET}")),
        hex(SECRET),
        percent(SECRET),
        "Zanzibar".to_owned(),
        "xy".to_owned(),
    ])
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    let piece = prop_oneof![planted(), "[a-z ,.=\"\\\\{]{0,12}", any::<String>()];
    let text = prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.join(" "));
    prop::collection::vec(text, 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn redacted_content_never_holds_what_a_guard_found(texts in texts(), kind in 0_usize..3) {
        let all = serde_json::Value::from(texts.clone());
        let event = match kind {
            // Where one runs into the next, a guard may find it only when that is gone.
            0 => output(&texts.join(" ")),
            1 => call("list", &format!(r#"{{"a":{all}}}"#)),
            _ => result("list", &format!(r#""structured":{all}"#)),
        };
        for standing in &*STANDING {
            let decision = standing.runtime.block_on(standing.engine.check(&event));
            let record = records(standing.journal.path()).pop().unwrap();
            let content = Content::of(&record).unwrap().unwrap();
            let written = record.members.get("content").unwrap().to_string();
            let parts = guardhouse::text::parts(&event).unwrap().parts;
            for finding in &decision.findings {
                let (path, span) = (finding.path.as_ref().unwrap(), finding.span.unwrap());
                let part = parts.iter().find(|part| part.path == *path).unwrap();
                let found = &part.body[span.start as usize..span.end as usize];
                // The short word stands in others by chance.
                prop_assert!(found.len() < 4 || !written.contains(found), "{} in {}", found, written);
            }
            // Nor does a guard find it in what is left, in any view.
            if let Ok(left) = content.event(&Identities::default()) {
                let again = standing.runtime.block_on(standing.engine.check(&left));
                let secrets = again.findings.iter().filter(|finding| finding.guard == "secrets").count();
                prop_assert_eq!(secrets, 0, "{}", left);
                prop_assert_eq!(decision.findings.is_empty(), left == event);
            }
        }
    }
}
