//! `guardhouse audit ship`.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Output},
    thread,
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    setup::{check, output, run, run_trusting, start, text},
    sink::{Authority, Mood, Server, wait_until},
};

/// A directory with a journal of some decisions in `journal`, and room for cursors and sinks.
struct Place(TempDir);

impl Place {
    fn new(decisions: usize) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.decide(decisions);
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn path(&self, name: &str) -> String {
        self.at(name).to_str().unwrap().to_owned()
    }

    /// Has more decisions recorded.
    fn decide(&self, decisions: usize) {
        let events: String = (0..decisions).map(|n| output(&format!("answer {n}"))).collect();
        let done = check(&["--journal", &self.path("journal")], events);
        assert_eq!(done.status.code(), Some(0), "{done:?}");
    }

    /// What the journal says.
    fn written(&self) -> String {
        fs::read_to_string(self.at("journal/00000001.jsonl")).unwrap()
    }

    /// Changes the lines of the journal.
    fn change(&self, change: impl FnOnce(&mut Vec<String>)) {
        let mut lines = self.written().split_inclusive('\n').map(str::to_owned).collect();
        change(&mut lines);
        fs::write(self.at("journal/00000001.jsonl"), lines.concat()).unwrap();
    }

    fn arguments<'a>(to: &'a str, cursor: &'a str, journal: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        [&["audit", "ship", "--to", to, "--cursor", cursor], more, &[journal]].concat()
    }

    /// Ships to its end.
    fn ship(&self, to: &str, more: &[&str]) -> Output {
        run(&Self::arguments(to, &self.path("cursor"), &self.path("journal"), more), "")
    }

    /// Begins to ship.
    fn start(&self, to: &str, more: &[&str]) -> Child {
        start(&Self::arguments(to, &self.path("cursor"), &self.path("journal"), more))
    }
}

fn signal(child: &Child, signal: &str) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

fn ended(child: Child) -> Output {
    child.wait_with_output().unwrap()
}

fn error(done: &Output) -> String {
    assert_eq!(done.status.code(), Some(2), "{done:?}");
    // A report is broken into lines.
    text(&done.stderr).replace('│', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The numbers of the records, in the order of their lines.
fn numbers(lines: &[u8]) -> Vec<u64> {
    let number = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["n"].as_u64().unwrap();
    text(lines).lines().map(number).collect()
}

fn is_written(path: &Path, what: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|found| found == what)
}

#[test]
fn a_file_gets_every_record_once_as_it_is_written() {
    let place = Place::new(3);
    let (sink, to) = (place.at("sink"), format!("file:{}", place.path("sink")));
    assert_eq!(place.ship(&to, &["--once"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(&sink).unwrap(), place.written());
    assert_eq!(fs::metadata(&sink).unwrap().permissions().mode() & 0o777, 0o600);
    place.decide(2);
    assert_eq!(place.ship(&to, &["--once"]).status.code(), Some(0));
    assert_eq!(place.ship(&to, &["--once"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(&sink).unwrap(), place.written());
}

#[test]
fn a_shipper_follows_until_it_is_told_to_end() {
    let place = Place::new(1);
    let shipper = place.start(&format!("file:{}", place.path("sink")), &[]);
    for _ in 0..3 {
        wait_until("all is in the sink", || is_written(&place.at("sink"), &place.written()));
        place.decide(1);
    }
    wait_until("all is in the sink", || is_written(&place.at("sink"), &place.written()));
    signal(&shipper, "-TERM");
    let done = ended(shipper);
    assert_eq!((done.status.code(), text(&done.stderr)), (Some(0), String::new()));
    assert_eq!(place.ship(&format!("file:{}", place.path("sink")), &["--once"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(place.at("sink")).unwrap(), place.written());
}

#[test]
fn an_outage_of_the_sink_loses_nothing_and_keeps_the_order() {
    let place = Place::new(5);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let shipper = place.start(&format!("http://127.0.0.1:{port}/records"), &[]);
    // It is not there yet: decisions do not wait for it.
    place.decide(5);
    let server = Server::start(port, |request| match request {
        0 => Mood::Says(503, "x: y"),
        1 | 3 => Mood::Breaks,
        2 => Mood::Says(429, "retry-after: 0"),
        4 => Mood::Says(500, "x: y"),
        _ => Mood::Takes,
    });
    wait_until("the first have arrived", || !server.taken().is_empty());
    place.decide(5);
    wait_until("all have arrived", || text(&server.taken()) == place.written());
    signal(&shipper, "-INT");
    let done = ended(shipper);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let told = text(&done.stderr);
    assert!(told.contains("it answered 503") && told.contains("it answered 429"), "{told}");
    let mut next = 1;
    for request in server.requests().iter().filter(|request| request.is_taken) {
        assert_eq!(request.headers["content-type"], "application/x-ndjson");
        assert!(place.written().contains(&format!("\"journal\":\"{}\"", request.headers["guardhouse-journal"])));
        let (first, last) = request.headers["guardhouse-records"].split_once('-').unwrap();
        assert_eq!(first, next.to_string());
        next = last.parse::<u64>().unwrap() + 1;
        assert_eq!(numbers(&request.body), (first.parse().unwrap()..next).collect::<Vec<_>>());
    }
}

#[test]
fn whatever_moment_it_is_killed_at_every_record_arrives() {
    let place = Place::new(3);
    // Every other time there is a wait before it is taken, to be killed in.
    let server = Server::start(0, |request| if request % 2 == 0 { Mood::Breaks } else { Mood::Takes });
    for round in 0..8 {
        let shipper = place.start(&server.url(), &[]);
        let decisions = thread::scope(|scope| {
            let decisions = scope.spawn(|| place.decide(50));
            // Before, in and behind its first requests.
            thread::sleep(Duration::from_millis(round * 60));
            signal(&shipper, "-KILL");
            decisions.join()
        });
        decisions.unwrap();
        assert_eq!(ended(shipper).status.code(), None);
    }
    assert_eq!(place.ship(&server.url(), &["--once"]).status.code(), Some(0));
    let mut next = 1;
    for n in numbers(&server.taken()) {
        assert!(n <= next, "record {next} did not come before record {n}");
        next = next.max(n + 1);
    }
    assert_eq!(next, numbers(place.written().as_bytes()).len() as u64 + 1);
}

#[test]
fn a_line_that_a_killed_shipper_left_is_written_anew() {
    let place = Place::new(3);
    let to = format!("file:{}", place.path("sink"));
    place.ship(&to, &["--once"]);
    let cursor = fs::read(place.at("cursor")).unwrap();
    place.decide(2);
    place.ship(&to, &["--once"]);
    // As if it had been killed in the midst of the second batch.
    fs::write(place.at("cursor"), cursor).unwrap();
    let torn = place.written().len() - 100;
    fs::write(place.at("sink"), &place.written()[..torn]).unwrap();
    assert_eq!(place.ship(&to, &["--once"]).status.code(), Some(0));
    let found = numbers(&fs::read(place.at("sink")).unwrap());
    let all: Vec<u64> = numbers(place.written().as_bytes());
    let mut once = found.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once, all, "each line is one record: {found:?}");
}

#[test]
fn a_cursor_is_for_one_journal_as_it_was() {
    let (place, other) = (Place::new(3), Place::new(3));
    let to = format!("file:{}", place.path("sink"));
    place.ship(&to, &["--once"]);
    let done = run(&Place::arguments(&to, &place.path("cursor"), &other.path("journal"), &["--once"]), "");
    assert!(error(&done).contains("expected journal "), "{done:?}");

    let whole = place.written();
    place.change(|lines| drop(lines.split_off(3)));
    let told = error(&place.ship(&to, &["--once"]));
    assert!(told.contains("the journal ends before it: it was cut off or replaced"), "{told}");
    place.decide(3);
    let told = error(&place.ship(&to, &["--once", "--skip-missing"]));
    assert!(told.contains("the journal was replaced or written anew"), "{told}");
    assert_eq!(fs::read_to_string(place.at("sink")).unwrap(), whole, "nothing more was shipped");

    fs::write(place.at("cursor"), "{}").unwrap();
    assert!(error(&place.ship(&to, &["--once"])).contains("expected a cursor in"));
}

#[test]
fn records_that_are_gone_are_counted_and_passed_over_only_if_asked() {
    let place = Place::new(3);
    let to = format!("file:{}", place.path("sink"));
    place.ship(&to, &["--once"]);
    place.decide(3);
    place.change(|lines| drop(lines.drain(6..8)));
    let told = error(&place.ship(&to, &["--once"]));
    assert!(told.contains("expected record 7, found record 9: 2 records are not there"), "{told}");
    // What stands before them was delivered.
    assert_eq!(numbers(&fs::read(place.at("sink")).unwrap()), [1, 2, 3, 4, 5, 6]);
    let done = place.ship(&to, &["--once", "--skip-missing"]);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    assert!(text(&done.stderr).contains("passed over: expected record 7"), "{done:?}");
    assert_eq!(numbers(&fs::read(place.at("sink")).unwrap()), [1, 2, 3, 4, 5, 6, 9, 10]);
}

#[test]
fn a_journal_that_is_exchanged_while_it_is_followed_shows() {
    let (place, other) = (Place::new(3), Place::new(3));
    let mut shipper = place.start(&format!("file:{}", place.path("sink")), &[]);
    wait_until("all is in the sink", || is_written(&place.at("sink"), &place.written()));
    fs::rename(place.at("journal"), place.at("away")).unwrap();
    fs::rename(other.at("journal"), place.at("journal")).unwrap();
    wait_until("it ends", || shipper.try_wait().unwrap().is_some());
    let told = error(&ended(shipper));
    assert!(told.contains("expected journal "), "{told}");
}

#[test]
fn a_refusal_ends_it_and_only_what_is_refused_for_itself_is_passed_over() {
    let place = Place::new(3);
    let refusing = |status| Server::start(0, move |_| Mood::Says(status, "x: y"));
    let told = error(&place.ship(&refusing(400).url(), &["--once"]));
    assert!(told.contains("records 1 to 5, found that it answered 400"), "{told}");
    for status in [301, 401, 404] {
        let told = error(&place.ship(&refusing(status).url(), &["--once", "--skip-refused"]));
        assert!(told.contains(&format!("it answered {status}")), "{told}");
    }
    assert!(!place.at("cursor").exists());
    let done = place.ship(&refusing(422).url(), &["--once", "--skip-refused"]);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    assert!(text(&done.stderr).contains("refuses records 1 to 5: it answered 422"), "{done:?}");
    let server = Server::start(0, |_| Mood::Takes);
    place.ship(&server.url(), &["--once"]);
    assert!(server.requests().is_empty(), "they were passed over");
}

#[test]
fn records_go_to_the_sink_that_was_named_and_no_other() {
    let place = Place::new(1);
    let other = Server::start(0, |_| Mood::Takes);
    let redirect: &'static str = format!("location: {}", other.url()).leak();
    let server = Server::start(0, move |_| Mood::Says(307, redirect));
    assert!(error(&place.ship(&server.url(), &["--once"])).contains("it answered 307"));
    assert!(other.requests().is_empty());
    // Reserved for documents (RFC 5737): nobody is there, and nobody is asked.
    let told = error(&place.ship("http://192.0.2.1/", &["--once"]));
    assert!(told.contains("expected https, or http on this machine"), "{told}");
    let told = error(&place.ship("https://emma:secret@example.org/", &["--once"]));
    assert!(!told.contains("found something else"), "{told}");
}

#[test]
fn a_server_without_tls_gets_nothing_over_https() {
    let place = Place::new(1);
    let server = Server::start(0, |_| Mood::Takes);
    let to = server.url().replace("http:", "https:");
    let done = place.ship(&to, &["--once", "--give-up-after", "1"]);
    // Where no certificate is trusted at all, that is an error before.
    assert!(matches!(done.status.code(), Some(1 | 2)), "{done:?}");
    assert!(server.requests().is_empty());
}

#[test]
fn records_go_over_tls_to_whom_the_system_trusts_under_the_name_that_is_asked_for() {
    let place = Place::new(1);
    let (ours, theirs) = (Authority::new(), Authority::new());
    let certificates = place.at("certificates.pem");
    ours.write(&certificates);
    for (authority, name, is_trusted) in
        [(&theirs, "localhost", false), (&ours, "elsewhere", false), (&ours, "localhost", true)]
    {
        let server = Server::certified(authority, name);
        let to = format!("https://localhost:{}/records", server.port);
        let (cursor, journal) = (place.path("cursor"), place.path("journal"));
        let more = ["--once", "--give-up-after", "1"];
        let done = run_trusting(&certificates, &Place::arguments(&to, &cursor, &journal, &more));
        assert_eq!(done.status.code(), Some(i32::from(!is_trusted)), "{done:?}");
        let expected = if is_trusted { place.written() } else { String::new() };
        assert_eq!(text(&server.taken()), expected);
    }
}

#[test]
fn a_credential_is_sent_and_never_shown() {
    let place = Place::new(1);
    let file = place.at("headers");
    let write = |mode, lines: &str| {
        let _ = fs::remove_file(&file);
        let options = fs::OpenOptions::new().write(true).create(true).mode(mode).open(&file);
        std::io::Write::write_all(&mut options.unwrap(), lines.as_bytes()).unwrap();
    };
    let headers = ["--header-file", file.to_str().unwrap(), "-vv", "--once", "--give-up-after", "1"];
    let server =
        Server::start(0, |request| if request < 3 { Mood::Says(503, "x: y") } else { Mood::Says(401, "x: y") });
    write(0o644, "Authorization: Bearer hunter2\n");
    let mut told = vec![place.ship(&server.url(), &headers)];
    assert!(error(&told[0]).contains("that only its owner can read"), "{told:?}");
    assert!(server.requests().is_empty());
    write(0o600, "Authorization: Bearer hunter2\nX-Tenant: seven\n");
    for _ in 0..4 {
        told.push(place.ship(&server.url(), &headers));
    }
    let request = &server.requests()[0];
    assert_eq!(
        (request.headers["authorization"].as_str(), request.headers["x-tenant"].as_str()),
        ("Bearer hunter2", "seven")
    );
    for lines in ["Authorization Bearer hunter2", "Host: hunter2", "Authorization: \u{1}hunter2"] {
        write(0o600, lines);
        told.push(place.ship(&server.url(), &headers));
        assert!(error(told.last().unwrap()).contains("expected `Name: value`"), "{told:?}");
    }
    assert!(told.iter().any(|done| text(&done.stderr).contains("it answered 401")), "{told:?}");
    for done in told {
        assert!(!text(&done.stderr).contains("hunter2") && !text(&done.stdout).contains("hunter2"), "{done:?}");
    }
}

#[test]
fn a_server_that_never_ends_or_never_answers_is_not_waited_for() {
    let place = Place::new(2);
    let babbling = Server::start(0, |_| Mood::Babbles);
    let done = place.ship(&babbling.url(), &["--once"]);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    assert_eq!(text(&babbling.taken()), place.written());
    place.decide(1);
    let silent = Server::start(0, |_| Mood::IsSilent);
    let done = place.ship(&silent.url(), &["--once", "--timeout", "1", "--give-up-after", "1"]);
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    assert!(text(&done.stderr).contains("gave up"), "{done:?}");
    // Nothing is lost by that.
    place.ship(&babbling.url(), &["--once"]);
    assert_eq!(text(&babbling.taken()), place.written());
}

#[test]
fn one_cursor_is_for_one_shipper() {
    let place = Place::new(1);
    let to = format!("file:{}", place.path("sink"));
    let mut shipper = place.start(&to, &[]);
    wait_until("the first has begun", || place.at("cursor").exists());
    let told = error(&place.ship(&to, &["--once"]));
    assert!(told.contains("another process that ships by it"), "{told}");
    shipper.kill().unwrap();
    shipper.wait().unwrap();
    assert_eq!(place.ship(&to, &["--once"]).status.code(), Some(0));
    let url = run(&["audit", "ship", "--to", "http://127.0.0.1:9/", &place.path("journal")], "");
    assert!(error(&url).contains("expected `--cursor FILE`"), "{url:?}");
}

#[test]
fn checkpoints_that_were_shipped_show_that_an_end_was_cut_off() {
    let place = Place::new(3);
    let server = Server::start(0, |_| Mood::Takes);
    assert_eq!(place.ship(&server.url(), &["--once", "--checkpoints"]).status.code(), Some(0));
    let to = format!("file:{}", place.path("anchors"));
    let done = run(&["audit", "ship", "--to", &to, "--checkpoints", "--once", &place.path("journal")], "");
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    assert!(place.at("anchors.cursor").exists());
    assert_eq!(text(&server.taken()), fs::read_to_string(place.at("anchors")).unwrap());
    let verify = || run(&["audit", "verify", "--anchors", &place.path("anchors"), &place.path("journal")], "");
    let done = verify();
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    assert!(text(&done.stdout).contains("a checkpoint kept elsewhere reaches up to record 4"), "{done:?}");
    place.change(|lines| drop(lines.split_off(3)));
    let done = verify();
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    assert!(text(&done.stdout).contains("knows of 4 records, and the journal ends before"), "{done:?}");
}
