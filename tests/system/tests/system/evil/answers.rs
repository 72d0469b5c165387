//! Reports that are none, or that no host should believe.

use guardhouse::sandbox::FailureCause::{Error, Report, Returned};
use guardhouse_system_tests::{Handmade, finding};

use super::attempt::{Attempt, Outcome};

/// What is said of a category that the guard did not describe: not the guard's own word.
const CATEGORY: &str = "expected a category of the guard's description, found another";
/// The same of a pseudonym's class.
const CLASS: &str = "`0-9` and `_`, beginning with a letter, found another";
/// Room for a report that is larger than any should be.
const WIDE: &str = "limits = { memory = \"128MiB\", returned = \"64MiB\", findings = 65536 }";

/// All of these.
pub(super) fn attempts() -> Vec<Attempt> {
    [unreadable(), too_large(), untrue(), tamed()].concat()
}

/// A report whose finding was changed by these stores.
fn reporting(stores: &str) -> String {
    format!("{stores} (return (global.get $report))")
}

/// A store of `value` over a word of the finding.
fn word(offset: u32, value: impl std::fmt::Display) -> String {
    format!("(i32.store offset={offset} (global.get $finding) (i32.const {value}))")
}

/// A store of `value` over a byte of the finding.
fn byte(offset: u32, value: u8) -> String {
    format!("(i32.store8 offset={offset} (global.get $finding) (i32.const {value}))")
}

/// Data at 32 KiB, and a store that makes it a string of the finding.
fn string(claim: &'static str, offset: u32, data: &str, outcome: Outcome) -> Attempt {
    let length = wat_length(data);
    let body = reporting(&(word(offset, 32768) + &word(offset + 4, length)));
    Attempt::inspect_with(claim, format!("(data (i32.const 32768) \"{data}\")"), body, outcome)
}

/// How many bytes a string of the text format has.
fn wat_length(data: &str) -> usize {
    data.len() - 2 * data.matches('\\').count()
}

/// What is no value of the contract's types.
fn unreadable() -> Vec<Attempt> {
    let outcome = |words| Outcome::Fails(Returned, words);
    let odd = |claim, body: String, words| Attempt::inspect(claim, body, outcome(words));
    let over = |claim, at: u32, value: i64, words| odd(claim, reporting(&word(at, value)), words);
    let returned = |claim, address: i64, words| odd(claim, format!("(return (i32.const {address}))"), words);
    let report = |claim, offset: u32, value: i64, words| {
        odd(
            claim,
            format!(
                "(i32.store offset={offset} (global.get $report) (i32.const {value})) (return (global.get $report))"
            ),
            words,
        )
    };
    vec![
        returned("a report behind the memory is not read", 262_144, "out of bounds"),
        returned("a report across the end of the memory is not read", 262_132, "out of bounds"),
        returned("a report at the end of the addresses is not read", -4, "out of bounds"),
        returned("a report that is not aligned is not read", 33, "aligned"),
        report("a result that is neither is not read", 0, 7, "discriminant"),
        report("findings behind the memory are not read", 4, 262_144, "out of bounds"),
        report("findings that are not aligned are not read", 4, 65, "aligned"),
        report("findings without end are not read", 8, -1, "out of bounds"),
        report("as many findings as overflow an address are not read", 8, 0x0fff_ffff, "out of bounds"),
        report("settled offsets without end are not read", 16, -1, "out of bounds"),
        over("a rule behind the memory is not read", finding::RULE, 262_144, "out of bounds"),
        over("a rule without end is not read", finding::RULE + 4, -1, "out of bounds"),
        over("a message across the end of the memory is not read", finding::MESSAGE + 4, 262_145, "out of bounds"),
        over("a part that is neither there nor not is not read", finding::PART, 2, "discriminant"),
        over("a span that is neither there nor not is not read", finding::SPAN, 255, "discriminant"),
        over("a way to repair that there is not is not read", finding::REPAIR, 99, "discriminant"),
        over("attributes without end are not read", finding::ATTRIBUTES + 4, -1, "out of bounds"),
        over(
            "as many attributes as overflow an address are not read",
            finding::ATTRIBUTES + 4,
            0x1000_0000,
            "out of bounds",
        ),
        string("a rule that is not UTF-8 is not read", finding::RULE, r"\ff\fe", outcome("utf-8")),
        string("a category that is not UTF-8 is not read", finding::CATEGORY, r"nothing\80", outcome("utf-8")),
        string("half of a surrogate pair is not read", finding::MESSAGE, r"\ed\a0\80", outcome("utf-8")),
        string("a character that is longer than it need be is not read", finding::MESSAGE, r"\c0\af", outcome("utf-8")),
        string("a character that is cut off is not read", finding::MESSAGE, r"ab\f0\9f\98", outcome("utf-8")),
        string("a character behind the last is not read", finding::MESSAGE, r"\f4\90\80\80", outcome("utf-8")),
        Attempt::inspect_with(
            "an error that is not UTF-8 is not read",
            r#"(data (i32.const 32768) "\01\00\00\00\0c\80\00\00\02\00\00\00\ff\ff")"#,
            "(return (i32.const 32768))",
            outcome("utf-8"),
        ),
        Attempt::inspect_with(
            "an error behind the memory is not read",
            r#"(data (i32.const 32768) "\01\00\00\00\00\00\00\f0\02\00\00\00")"#,
            "(return (i32.const 32768))",
            outcome("out of bounds"),
        ),
    ]
}

/// What is well formed and more than a host should hold.
fn too_large() -> Vec<Attempt> {
    let bounded = || Outcome::Fails(Returned, "within the bound on returned bytes");
    // A list of findings in memory that was never written: each is one of zeros.
    let zeros = |count: u32| {
        format!(
            "(drop (memory.grow (i32.const 1100)))
            (i32.store offset=4 (global.get $report) (i32.const 65536))
            (i32.store offset=8 (global.get $report) (i32.const {count}))
            (return (global.get $report))"
        )
    };
    // Every finding of a list has the same message, of all the memory there is.
    let echoes = "(local.set $at (i32.const 65536))
        (loop
            (memory.copy (local.get $at) (global.get $finding) (i32.const 68))
            (i32.store offset=24 (local.get $at) (i32.const 262144))
            (local.set $at (i32.add (local.get $at) (i32.const 68)))
            (br_if 0 (i32.lt_u (local.get $at) (i32.const 133536))))
        (i32.store offset=4 (global.get $report) (i32.const 65536))
        (i32.store offset=8 (global.get $report) (i32.const 1000))
        (return (global.get $report))";
    vec![
        Attempt::inspect("a million findings are not taken", zeros(1_000_000), bounded()).within(WIDE),
        Attempt::inspect("sixteen thousand findings of nothing are not taken by default", zeros(16_000), bounded())
            .within("limits = { memory = \"128MiB\" }"),
        Attempt::inspect(
            "one finding over the limit is not taken",
            zeros(65_537),
            Outcome::Fails(Report, "at most 65536 findings, found 65537"),
        )
        .within(WIDE),
        Attempt::inspect("one string told a thousand times counts a thousand times", echoes, bounded()),
        Attempt::inspect(
            "a million settled offsets are not taken",
            "(drop (memory.grow (i32.const 64)))
            (i32.store offset=16 (global.get $report) (i32.const 1000000)) (return (global.get $report))",
            bounded(),
        ),
        Attempt::inspect(
            "a million attributes are not taken",
            reporting(&format!("(drop (memory.grow (i32.const 256))) {}", word(finding::ATTRIBUTES + 4, 1_000_000))),
            bounded(),
        ),
        Attempt::inspect(
            "an error of all the memory there is is only an error",
            "(i32.store (i32.const 32768) (i32.const 1)) (i32.store (i32.const 32772) (i32.const 65536))
            (i32.store (i32.const 32776) (i32.const 190000))
            (return (i32.const 32768))",
            Outcome::Fails(Error, "found the guard's own error"),
        ),
    ]
}

/// What is well formed and breaks the contract.
fn untrue() -> Vec<Attempt> {
    let untrue =
        |claim, stores: String, words| Attempt::inspect(claim, reporting(&stores), Outcome::Fails(Report, words));
    let spelt = |claim, offset, data, words| string(claim, offset, data, Outcome::Fails(Report, words));
    let class = |claim, data: &str, words| {
        let mut attempt = string(claim, finding::REPAIR + 4, data, Outcome::Fails(Report, words));
        if let super::attempt::Guest::Handmade(handmade) = &mut attempt.guest {
            handmade.inspect.insert_str(0, &byte(finding::REPAIR, 1));
        }
        attempt
    };
    let part = || byte(finding::PART, 1);
    let span =
        |start: i64, end: i64| byte(finding::SPAN, 1) + &word(finding::SPAN + 4, start) + &word(finding::SPAN + 8, end);
    vec![
        untrue("the first severity that there is not is refused", byte(finding::SEVERITY, 5), "from 0 to 4, found 5"),
        untrue(
            "the last severity that there is not is refused",
            byte(finding::SEVERITY, 255),
            "from 0 to 4, found 255",
        ),
        untrue("no guard is surer than sure", byte(finding::CONFIDENCE, 255), "from 0 to 100, found 255"),
        untrue("a part of a large number is refused", part() + &word(finding::PART + 4, -1), "found part 4294967295"),
        untrue("a span at the end of the numbers is refused", part() + &span(-2, -1), "found 4294967294..4294967295"),
        untrue("a span of all numbers is refused", part() + &span(0, -1), "found 0..4294967295"),
        untrue("a span that is reversed is refused", part() + &span(4, 2), "found 4..2"),
        untrue("an empty span is refused", part() + &span(3, 3), "found 3..3"),
        untrue("a span without a part is refused", span(0, 1), "expected a part with a span, found none"),
        untrue(
            "seventeen attributes are refused",
            word(finding::ATTRIBUTES, 65536) + &word(finding::ATTRIBUTES + 4, 17),
            "expected at most 16 attributes, found 17",
        ),
        spelt("a category in capitals is another", finding::CATEGORY, "NOTHING", CATEGORY),
        spelt("a category with a zero behind it is another", finding::CATEGORY, r"nothing\00", CATEGORY),
        spelt("no category is none", finding::CATEGORY, "", CATEGORY),
        class("a pseudonym's class in small letters is refused", "email", CLASS),
        class("a pseudonym's class with markup is refused", "A><script>", CLASS),
        class("a pseudonym without a class is refused", "", CLASS),
        class("a pseudonym's class with an escape is refused", r"A\1b[2J", "found "),
        Attempt::inspect(
            "a settled offset for a part that does not exist is refused",
            "(i32.store offset=16 (global.get $report) (i32.const 1)) (return (global.get $report))",
            Outcome::Fails(Report, "expected no settled offsets, found 1"),
        ),
    ]
}

/// What is allowed once it is tamed.
fn tamed() -> Vec<Attempt> {
    vec![
        string(
            "control characters in a message are dropped",
            finding::MESSAGE,
            r"\1b[2Jgone\0d\0a\00INFO all is well",
            Outcome::Harmless(&["[2Jgone  INFO all is well"]),
        ),
        string(
            "characters that reorder a message are dropped",
            finding::MESSAGE,
            r"\e2\80\ae\e2\81\a6yas\e2\81\a9",
            Outcome::Harmless(&["yas"]),
        ),
        string(
            "characters that hide in a message are dropped",
            finding::MESSAGE,
            r"in\e2\80\8bvi\f3\a0\81\81si\ef\bb\bfble",
            Outcome::Harmless(&["invisible"]),
        ),
        Attempt::handmade(
            "a report is taken although clearing up after it changes it",
            Handmade {
                inspect: reporting(""),
                after_inspect: "(memory.fill (i32.const 0) (i32.const 255) (i32.const 262144))".to_owned(),
                ..Handmade::default()
            },
            Outcome::Harmless(&[""]),
        ),
    ]
}
