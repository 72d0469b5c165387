//! Exports that have the contract's names and not its types, or not its names.

use guardhouse_system_tests::Handmade;

use super::attempt::{Attempt, renamed};

/// What is missing where nothing describes the guest.
const DESCRIBE: &str = "exports `guardhouse:guard/about@0.1.0` with `describe`";
/// What is missing where nothing inspects.
const INSPECT: &str = "exports one of `guardhouse:guard/text-guard@0.1.0`";
/// The interface of the description.
const ABOUT: &str = "`guardhouse:guard/about@0.1.0`";
/// The interface of the inspection.
const TEXT: &str = "`guardhouse:guard/text-guard@0.1.0`";

/// All of these.
pub(super) fn attempts() -> Vec<Attempt> {
    let other = |claim, interface, contract| {
        Attempt::refused(
            claim,
            Handmade { contract, ..Handmade::default() },
            ["expected the types of `guardhouse:guard@0.1.0`, found another in ", interface],
        )
    };
    let missing =
        |claim, name, other, words| Attempt::file(claim, renamed(name, other), [words, "found the exports `"]);
    vec![
        other("a description with another field is refused", ABOUT, &[("summary: string,", "summary: list<u8>,")]),
        other("a description with a field of another name is refused", ABOUT, &[("summary: string,", "sum: string,")]),
        other(
            "a configuration in bytes is refused",
            ABOUT,
            &[("configure: func(config: string)", "configure: func(config: list<u8>)")],
        ),
        other("a reach of signed numbers is refused", ABOUT, &[("after: u32,", "after: s32,")]),
        other("a report of signed offsets is refused", TEXT, &[("settled: list<u32>,", "settled: list<s32>,")]),
        other(
            "a report with another error is refused",
            TEXT,
            &[(
                "inspect: func(item: item) -> result<report, string>",
                "inspect: func(item: item) -> result<report, list<u8>>",
            )],
        ),
        other("an item that is trusted by number is refused", TEXT, &[("trusted: bool,", "trusted: u8,")]),
        other(
            "one more way to repair is refused",
            TEXT,
            &[("        /// The span is cut out and nothing put in its place.\n", "        erase,\n")],
        ),
        other("a larger severity is refused", TEXT, &[("type severity = u8;", "type severity = u16;")]),
        Attempt::component(
            "resources in the place of functions are refused",
            r#"(type $thing (resource (rep i32)))
            (instance $about (export "describe" (type $thing)) (export "configure" (type $thing)))
            (export "guardhouse:guard/about@0.1.0" (instance $about))
            (instance $text (export "inspect" (type $thing)))
            (export "guardhouse:guard/text-guard@0.1.0" (instance $text))"#,
            ["found another in ", ABOUT],
        ),
        missing("a guest that does not describe itself is refused", "describe", "descrybe", DESCRIBE),
        missing("a guest that cannot be configured is refused", "configure", "konfigure", "with `configure`"),
        missing("a guest that inspects nothing is refused", "inspect", "inspekt", INSPECT),
        missing("a guest of the next contract is refused", "guard/about@0.1.0", "guard/about@0.2.0", DESCRIBE),
        missing(
            "a guest that inspects by the next contract is refused",
            "text-guard@0.1.0",
            "text-guard@0.2.0",
            INSPECT,
        ),
        missing("a guest of an older contract is refused", "guard/about@0.1.0", "guard/about@0.0.1", DESCRIBE),
        missing(
            "a guest of a contract of somebody else's is refused",
            "guardhouse:guard/a",
            "guardhouse:guild/a",
            DESCRIBE,
        ),
    ]
}
