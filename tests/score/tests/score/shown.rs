//! The records behind the figures.

use super::{Files, PLAIN, key, only_secrets, record, score, text};

/// Ten misses and ten false alarms of one source; `g`, `i`, `m`, `t`, `x`, `z` are not to be looked at.
fn shown(arguments: &[&str]) -> super::Ran {
    let letters = 'a'..='z';
    let attacks = letters.clone().map(|id| record(&id.to_string(), "one", "attack", &format!("{PLAIN} attack {id}.")));
    let benign = letters.map(|id| record(&id.to_string(), "two", "benign", &format!("{} benign {id}.", key())));
    let corpus = Files::new().records("secrets/one.jsonl", &attacks.chain(benign).collect::<Vec<_>>());
    let (guards, corpus) = (only_secrets(), text(corpus.path().to_owned()));
    score(guards.path(), ["--corpus", &corpus].iter().chain(arguments))
}

#[test]
fn records_of_the_part_to_report_are_never_shown() {
    for part in [[].as_slice(), &["--part", "look"], &["--part", "all"]] {
        for (show, word, label) in [("misses", "attack", "missed"), ("false-alarms", "benign", "reported wrongly")] {
            let ran = shown(&[part, &["--show", show, "--limit", "100"]].concat());
            assert_eq!(ran.status, 0, "{}", ran.err);
            for id in 'a'..='z' {
                let is_shown = ran.out.contains(&format!("{word} {id}."));
                assert_eq!(is_shown, !"gimtxz".contains(id), "{id} of {show}: {}", ran.out);
            }
            assert!(ran.out.contains(&format!("20 {label}, 20 shown")), "{}", ran.out);
        }
    }
}

#[test]
fn to_show_the_part_to_report_is_refused_with_the_reason() {
    let ran = shown(&["--show", "misses", "--part", "report"]);
    assert_eq!((ran.status, ran.out.as_str()), (2, ""));
    assert!(ran.err.starts_with("error: expected `--show` without `--part report`, found both"), "{}", ran.err);
    assert!(ran.err.contains("will mend it"), "{}", ran.err);
}

#[test]
fn no_more_records_are_shown_than_were_asked_for() {
    let out = shown(&["--show", "misses", "--limit", "2"]).out;
    assert_eq!(out.matches(PLAIN).count(), 2, "{out}");
    assert!(out.contains("secrets  one: 20 missed, 2 shown"), "{out}");
}

#[test]
fn what_a_text_hides_is_shown() {
    let corpus = Files::new().records("secrets/one.jsonl", &[record("a", "one", "attack", "a\u{202e}b\nc\u{1b}[2J")]);
    let guards = only_secrets();
    let corpus = text(corpus.path().to_owned());
    let out = score(guards.path(), ["--corpus", &corpus, "--show", "misses"]).out;
    assert!(out.starts_with("secrets  one  a  -  -: nothing\n    a\\u{202e}b\\nc\\u{1b}[2J\n"), "{out}");
}
