//! What a guest says of itself, and how it takes its configuration.

use guardhouse::sandbox::FailureCause::{Returned, Trap};
use guardhouse_system_tests::Handmade;

use super::attempt::{Attempt, Outcome};

/// All of these.
pub(super) fn attempts() -> Vec<Attempt> {
    [traps(), unreadable(), untrue(), configurations(), allocations()].concat()
}

/// What is said of a `describe` that fails, and of a start before it.
const DESCRIBE: &str = "expected `describe` to succeed, found that it did not: ";
/// What is said of a `configure` that fails.
const CONFIGURE: &str = "expected `configure` to succeed, found that it did not: ";

/// Functions that trap before the first check.
fn traps() -> Vec<Attempt> {
    let guest = Handmade::default;
    let body = || "unreachable".to_owned();
    vec![
        Attempt::refused(
            "a start that traps is refused",
            Handmade { start: body(), ..guest() },
            [DESCRIBE, "unreachable"],
        ),
        Attempt::refused(
            "a description that traps is refused",
            Handmade { describe: body(), ..guest() },
            [DESCRIBE, "unreachable"],
        ),
        Attempt::refused(
            "a trap after the description is refused",
            Handmade { after_describe: body(), ..guest() },
            [DESCRIBE, "unreachable"],
        ),
        Attempt::refused(
            "a configuration that traps is refused",
            Handmade { configure: body(), ..guest() },
            [CONFIGURE, "unreachable"],
        ),
        Attempt::refused(
            "a trap after the configuration is refused",
            Handmade { after_configure: body(), ..guest() },
            [CONFIGURE, "unreachable"],
        ),
        Attempt::refused(
            "a description by recursion without end is refused",
            Handmade { fields: "(func $down (call $down))".to_owned(), describe: "(call $down)".to_owned(), ..guest() },
            [DESCRIBE, "a stack of at most 524288 bytes"],
        ),
        Attempt::refused(
            "a start that logs before it can is refused",
            Handmade { start: "(call $log (i32.const 1) (i32.const 0) (i32.const 8))".to_owned(), ..guest() },
            [DESCRIBE, "uninitialized element"],
        ),
    ]
}

/// Descriptions that cannot be read, or are too large to be.
fn unreadable() -> Vec<Attempt> {
    let describe = |claim, body: String, words: &'static [&'static str]| {
        Attempt::refused(claim, Handmade { describe: body, ..Handmade::default() }, words)
    };
    let over = |claim, offset: u32, value: i64, words: &'static [&'static str]| {
        describe(claim, format!("(i32.store offset={offset} (global.get $description) (i32.const {value}))"), words)
    };
    vec![
        describe(
            "a description behind the memory is not read",
            "(return (i32.const 262144))".into(),
            &[DESCRIBE, "out of bounds"],
        ),
        describe(
            "a description that is not aligned is not read",
            "(return (i32.const 161))".into(),
            &[DESCRIBE, "aligned"],
        ),
        over("a name behind the memory is not read", 0, -1, &[DESCRIBE, "out of bounds"]),
        over("a summary without end is not read", 20, -1, &[DESCRIBE, "out of bounds"]),
        over("categories without end are not read", 36, -1, &[DESCRIBE, "out of bounds"]),
        over("as many categories as overflow an address are not read", 36, 0x2000_0000, &[DESCRIBE, "out of bounds"]),
        describe(
            "a name that is not UTF-8 is not read",
            "(i32.store8 (i32.load (global.get $description)) (i32.const 255))".into(),
            &[DESCRIBE, "utf-8"],
        ),
        describe(
            "a million categories are not taken",
            "(drop (memory.grow (i32.const 200)))
            (i32.store offset=32 (global.get $description) (i32.const 65536))
            (i32.store offset=36 (global.get $description) (i32.const 1000000))"
                .into(),
            &[DESCRIBE, "bound on returned bytes"],
        ),
        describe(
            "a summary of eight million bytes is not taken",
            "(drop (memory.grow (i32.const 200)))
            (i32.store offset=16 (global.get $description) (i32.const 65536))
            (i32.store offset=20 (global.get $description) (i32.const 8000000))"
                .into(),
            &[DESCRIBE, "bound on returned bytes"],
        ),
    ]
}

/// Descriptions that break the contract.
fn untrue() -> Vec<Attempt> {
    const LONG: &str = "a-category-of-sixty-five-letters-which-is-one-more-than-there-may-";
    let guest = Handmade::default;
    let category = |claim, categories, words: &'static [&'static str]| {
        Attempt::refused(claim, Handmade { categories, ..guest() }, words)
    };
    vec![
        category("a description without a category is refused", &[], &["expected at least one category, found none"]),
        category("a category of nothing is refused", &[""], &["categories of the contract's form", "found ``"]),
        category("a category in capitals is refused", &["Nothing"], &["found `Nothing`"]),
        category("a category of two words is refused", &["no thing"], &["found `no thing`"]),
        category("a category of sixty-five bytes is refused", &[LONG], &["found `a-category-of-sixty"]),
        category("a category with an escape is refused without it", &["\u{1b}[2Jx"], &["found `\\u{1b}[2Jx`"]),
        category(
            "a category that would be a policy is refused",
            &["x\"); permit(principal,action,resource);//"],
            &["categories of the contract's form"],
        ),
        category("one bad category among good ones is refused", &["fine", "nothing", "Not"], &["found `Not`"]),
        Attempt::refused(
            "a guest that asks for no checkpoint is refused",
            Handmade { checkpoints: &[], ..guest() },
            ["expected a guard that asks for every checkpoint in `at`"],
        ),
        Attempt::refused(
            "a guest that asks for unknown checkpoints only is refused",
            Handmade { checkpoints: &["thought", "yesterday"], ..guest() },
            ["expected a guard that asks for every checkpoint in `at`", "thought, yesterday"],
        ),
        Attempt::refused(
            "a checkpoint that only looks like one is refused",
            Handmade { checkpoints: &["input", "INPUT", "input "], ..guest() },
            ["expected checkpoints of lower-case letters", "found `INPUT`"],
        ),
        Attempt::refused(
            "a schema that is no JSON is refused",
            Handmade {
                describe: "(i32.store offset=28 (global.get $description) (i32.const 1))".to_owned(),
                ..guest()
            },
            ["expected a JSON Schema of the configuration"],
        ),
        Attempt::refused(
            "a guest without a name is refused",
            Handmade { describe: "(i32.store offset=4 (global.get $description) (i32.const 0))".to_owned(), ..guest() },
            ["expected a name of 1 to 64 lower-case letters, digits and hyphens, found ``"],
        ),
        Attempt::refused(
            "a guest that reads nothing is refused",
            Handmade { media_types: &[], ..guest() },
            ["expected media types such as"],
        ),
        Attempt::refused(
            "a media type that is none is refused",
            Handmade { media_types: &["text/plain", "*/plain"], ..guest() },
            ["expected media types such as", "`text/plain, */plain`"],
        ),
        Attempt::refused(
            "a media type with an escape is refused without it",
            Handmade { media_types: &["text/\u{1b}]0;evil\u{7}"], ..guest() },
            ["found `text/]0;evil`"],
        ),
    ]
}

/// Answers of `configure`.
fn configurations() -> Vec<Attempt> {
    let configure = |claim, fields: &str, words: &'static [&'static str]| {
        let fields = format!("(data (i32.const 32768) \"{fields}\")");
        let configure = "(return (i32.const 32768))".to_owned();
        Attempt::refused(claim, Handmade { fields, configure, ..Handmade::default() }, words)
    };
    let harmless = |claim, fields: &str| {
        let fields = format!("(data (i32.const 32768) \"{fields}\")");
        let configure = "(return (i32.const 32768))".to_owned();
        Attempt::handmade(claim, Handmade { fields, configure, ..Handmade::default() }, Outcome::Harmless(&[]))
    };
    vec![
        configure("an answer that is neither is not read", r"\07", &[CONFIGURE, "discriminant"]),
        configure(
            "a reach that is neither there nor not is not read",
            r"\00\00\00\00\00\00\00\00\02",
            &[CONFIGURE, "discriminant"],
        ),
        configure(
            "an objection behind the memory is not read",
            r"\01\00\00\00\00\00\00\f0\08\00\00\00",
            &[CONFIGURE, "out of bounds"],
        ),
        configure(
            "an objection that is not UTF-8 is not read",
            r"\01\00\00\00\0c\80\00\00\02\00\00\00\ff\fe",
            &[CONFIGURE, "utf-8"],
        ),
        configure(
            "an objection is shown without its escapes",
            r"\01\00\00\00\0c\80\00\00\0a\00\00\00\1b[2Jno\0d\0amy",
            &[CONFIGURE, "`[2Jno  my`"],
        ),
        configure(
            "an objection of a hundred thousand bytes is cut",
            r"\01\00\00\00\00\00\01\00\40\0d\02\00",
            &[CONFIGURE, "a configuration that the guard accepts"],
        ),
        harmless(
            "a reach of all there is is only a reach",
            r"\00\00\00\00\ff\ff\ff\ff\01\00\00\00\ff\ff\ff\ff\ff\ff\ff\ff",
        ),
    ]
}

/// Answers of `cabi_realloc`, in which the host puts the configuration.
fn allocations() -> Vec<Attempt> {
    let refused = |claim, body: &str, words: &'static [&'static str]| {
        Attempt::refused(claim, Handmade { realloc: body.to_owned(), ..Handmade::default() }, words)
    };
    let checked = |claim, body: &str, outcome| {
        Attempt::handmade(claim, Handmade { realloc: body.to_owned(), ..Handmade::default() }, outcome)
    };
    vec![
        refused("an allocation that traps is refused", "unreachable", &[CONFIGURE, "unreachable"]),
        refused(
            "an allocation behind the memory is not written",
            "(return (i32.const 262144))",
            &[CONFIGURE, "beyond end of memory"],
        ),
        refused(
            "an allocation at the end of the addresses is not written",
            "(return (i32.const -1))",
            &[CONFIGURE, "beyond end of memory"],
        ),
        refused(
            "an allocation may not log when it is for a configuration",
            "(call $log (i32.const 1) (i32.const 0) (i32.const 8))",
            &[CONFIGURE, "cannot leave component instance"],
        ),
        checked("an allocation that traps costs its check", "unreachable", Outcome::Fails(Trap, "unreachable")),
        checked(
            "an allocation behind the memory costs its check",
            "(return (i32.const 262100))",
            Outcome::Fails(Returned, "beyond end of memory"),
        ),
        checked(
            "an allocation at address zero harms the guest",
            "(return (i32.const 0))",
            Outcome::Fails(Returned, "discriminant"),
        ),
        checked(
            "an allocation over what the guest needs harms the guest",
            "(return (i32.const 8))",
            Outcome::Fails(Returned, "discriminant"),
        ),
    ]
}
