//! What is no corpus.

use super::{Files, key, only_secrets, record, score, text};

/// What the program says of a corpus with this file.
fn refusal(content: &str) -> String {
    let corpus = Files::new().file("secrets/one.jsonl", content);
    let guards = only_secrets();
    let directory = text(corpus.path().to_owned());
    let ran = score(guards.path(), ["--corpus", &directory]);
    assert_eq!((ran.status, ran.out.as_str()), (2, ""));
    ran.err.replace(&directory, "corpus")
}

#[test]
fn a_line_that_is_no_record_is_named_by_file_and_line() {
    let good = record("a", "one", "attack", &key());
    let at =
        "error: corpus/secrets/one.jsonl:3: expected a record with the strings `id`, `source` and `text`, found that ";
    for (line, found) in [
        ("{\"id\":", "EOF while parsing"),
        ("[]", "invalid length 0"),
        ("{\"id\":\"a\",\"source\":\"one\"}", "missing field `text`"),
        ("{\"id\":1,\"source\":\"one\",\"text\":\"\"}", "invalid type: integer `1`, expected a string"),
        ("{\"id\":\"a\",\"source\":\"one\",\"text\":\"\\ud800\"}", "unexpected end of hex escape"),
    ] {
        let refusal = refusal(&format!("{good}\n\n{line}\n{good}"));
        assert!(refusal.starts_with(&format!("{at}{found}")), "{refusal}");
    }
}

#[test]
fn a_corpus_without_records_and_a_guard_that_nobody_scores_are_errors() {
    let (guards, empty) = (only_secrets(), Files::new());
    let directory = text(empty.path().to_owned());
    let ran = score(guards.path(), ["--corpus", &directory]);
    assert_eq!((ran.status, ran.err), (2, format!("error: expected `*.jsonl` below `{directory}`, found none\n")));
    let empty = empty.file("secrets/one.jsonl", "");
    let ran = score(guards.path(), ["--corpus", &directory, "--guard", "secret"]);
    let names = "secrets, pii, injection, egress, hidden-text, arguments, definitions";
    let expected = format!("error: expected a guard that is scored ({names}), found `secret`\n");
    assert_eq!((ran.status, ran.err), (2, expected));
    // An empty file is no error: there is nothing to say.
    assert_eq!(score(guards.path(), ["--corpus", &text(empty.path().to_owned())]).status, 0);
}
