//! What a guest may not have without a grant, under its own and under false names.

use guardhouse_system_tests::Handmade;

use super::attempt::{Attempt, Guest, Outcome, renamed};

/// What there would be a grant for, or never will be: a claim, an interface, a function of it.
const UNGRANTED: [(&str, &str, &str); 18] = [
    ("the clock that only goes forward is not to be had", "wasi:clocks/monotonic-clock@0.2.0", "now"),
    ("the time of day is not to be had", "wasi:clocks/wall-clock@0.2.0", "now"),
    ("randomness is not to be had", "wasi:random/random@0.2.0", "get-random-u64"),
    ("careless randomness is not to be had", "wasi:random/insecure@0.2.0", "get-insecure-random-u64"),
    ("a random seed is not to be had", "wasi:random/insecure-seed@0.2.0", "insecure-seed"),
    ("the environment is not to be had", "wasi:cli/environment@0.2.0", "get-environment"),
    ("the end of the process is not to be had", "wasi:cli/exit@0.2.0", "exit"),
    ("the standard output is not to be had", "wasi:cli/stdout@0.2.0", "get-stdout"),
    ("the standard input is not to be had", "wasi:cli/stdin@0.2.0", "get-stdin"),
    ("directories are not to be had", "wasi:filesystem/preopens@0.2.0", "get-directories"),
    ("a network is not to be had", "wasi:sockets/instance-network@0.2.0", "instance-network"),
    ("a socket is not to be had", "wasi:sockets/tcp-create-socket@0.2.0", "create-tcp-socket"),
    ("name resolution is not to be had", "wasi:sockets/ip-name-lookup@0.2.0", "resolve-addresses"),
    ("HTTP is not to be had", "wasi:http/outgoing-handler@0.2.0", "handle"),
    ("waiting is not to be had", "wasi:io/poll@0.2.0", "poll"),
    ("a key-value store is not to be had", "wasi:keyvalue/store@0.2.0-draft", "open"),
    ("who is acting is not to be had", "guardhouse:guard/identity@0.1.0", "get"),
    ("a model is not to be had", "guardhouse:guard/classifier@0.1.0", "classify"),
];

/// A component that has nothing to refuse but that it is no guard.
const EXPORTS: &str = "exports `guardhouse:guard/about@0.1.0` with `describe`";
/// What is said of an import that is not granted.
const GRANTS: &str = "expected imports that the bundle grants (`guardhouse:guard/log` always is), found `";

/// All of these.
pub(super) fn attempts() -> Vec<Attempt> {
    let ungranted = UNGRANTED.into_iter().map(|(claim, interface, function)| {
        let text = format!(r#"(import "{interface}" (instance (export "{function}" (func (result u64)))))"#);
        Attempt::component(claim, text, [GRANTS, interface])
    });
    let log = |claim, contract| {
        Attempt::refused(
            claim,
            Handmade { contract, ..Handmade::default() },
            [
                "expected the types of `guardhouse:guard@0.1.0`, found another in the imports",
                "guardhouse:guard/log@0.1.0",
            ],
        )
    };
    let renamed = |name| renamed("guardhouse:guard/log@0.1.0", name);
    let many = (0..1_000).map(|number| format!(r#"(import "evil:many/i{number}" (instance))"#));
    let many = many.collect::<Vec<_>>().concat();
    let odd = [
        Attempt::component(
            "a function without an interface is not to be had",
            r#"(import "now" (func (result u64)))"#,
            [GRANTS, "now`"],
        ),
        Attempt::component("a core module is not to be had", r#"(import "code" (core module))"#, [GRANTS, "code`"]),
        Attempt::component(
            "a component is not to be had",
            r#"(import "part" (component))"#,
            ["a component that is imported"],
        ),
        Attempt::component(
            "a resource is not to be had",
            r#"(import "evil:files/types" (instance (export "file" (type (sub resource)))))"#,
            [GRANTS, "evil:files/types`"],
        ),
        Attempt::component("a thousand imports of nothing are nothing", many, [EXPORTS]),
        Attempt::component(
            "a name of a hundred thousand bytes does not compile",
            format!(r#"(import "evil:{}/i" (instance (export "now" (func))))"#, "a".repeat(100_000)),
            ["string size out of bounds"],
        ),
        log(
            "a log of bytes is another",
            &[("write: func(level: level, message: string)", "write: func(level: level, message: list<u8>)")],
        ),
        log("a log of any urgency is another", &[("write: func(level: level,", "write: func(level: u32,")]),
        log(
            "a log of more urgencies is another",
            &[("        /// The guard cannot do its work.\n", "        loud,\n")],
        ),
        Attempt::component(
            "a log without a version is another",
            r#"(import "guardhouse:guard/log" (instance (export "write" (func))))"#,
            [GRANTS, "guardhouse:guard/log`"],
        ),
        Attempt::file(
            "a log of the next version is another",
            renamed("guardhouse:guard/log@0.2.0"),
            ["guardhouse:guard/log@0.2.0"],
        ),
        Attempt::file(
            "a log of an older version is another",
            renamed("guardhouse:guard/log@0.0.9"),
            ["guardhouse:guard/log@0.0.9"],
        ),
        Attempt::file(
            "a log of somebody else is another",
            renamed("guardhouse:guars/log@0.1.0"),
            [GRANTS, "guardhouse:guars/log@0.1.0"],
        ),
        Attempt {
            claim: "a log of a later patch is the same",
            guest: Guest::File(renamed("guardhouse:guard/log@0.1.9")),
            limits: "",
            outcome: Outcome::Harmless(&[]),
        },
    ];
    ungranted.chain(odd).collect()
}
