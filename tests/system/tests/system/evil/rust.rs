//! What an author of guards in Rust could do, by way of the SDK and of the standard library.

use guardhouse::sandbox::FailureCause::{Deadline, Error, Memory, Report, Returned, Stack, Trap};

use super::attempt::{Attempt, Outcome};

/// All of these.
pub(super) fn attempts() -> Vec<Attempt> {
    let fails = |claim, deed, cause, words| Attempt::rust(claim, deed, Outcome::Fails(cause, words));
    let report = |claim, deed, words| fails(claim, deed, Report, words);
    let trap = |claim, deed| fails(claim, deed, Trap, "unreachable");
    let harmless = |claim, deed, messages| Attempt::rust(claim, deed, Outcome::Harmless(messages));
    let short = "limits = { memory = \"16MiB\", deadline = \"20ms\", wall = \"60s\" }";
    let wide = "limits = { returned = \"64MiB\", findings = 65536 }";
    vec![
        fails("a Rust guard's endless loop ends at its deadline", "loop", Deadline, "within 20ms of guest time")
            .within(short),
        fails("a Rust guard's hunger ends at the memory limit", "memory", Memory, "at most 16777216 bytes of memory")
            .within(short),
        fails("a Rust guard's recursion ends with the stack", "recursion", Stack, "at most 524288 bytes"),
        fails(
            "a Rust guard's recursion over large frames ends with its memory's stack",
            "shadow-recursion",
            Trap,
            "out of bounds memory access",
        ),
        fails("letting go of a million links ends with the stack", "long-chain", Stack, "at most 524288 bytes"),
        trap("a panic is told as a trap", "panic"),
        trap("a panic within a panic is told as a trap", "panic-twice"),
        fails(
            "a panic of a million bytes is more than is taken",
            "long-panic",
            Returned,
            "within the bound on returned bytes",
        ),
        trap("a trap without a word is told as one", "trap"),
        trap("an exit is told as a trap", "exit"),
        trap("a division by zero that Rust sees is told as a trap", "divide"),
        trap("an index behind a slice is told as a trap", "index"),
        trap("a text that is cut in a character is told as a trap", "slice"),
        trap("more memory than there are addresses is told as a trap", "capacity"),
        fails("an error of the guard's own denies", "error", Error, "found the guard's own error"),
        fails("an error of half a million bytes denies", "long-error", Error, "found the guard's own error"),
        fails(
            "a hundred thousand findings are not taken",
            "many-findings",
            Returned,
            "within the bound on returned bytes",
        ),
        fails(
            "a message of sixteen million bytes is not taken",
            "long-message",
            Returned,
            "within the bound on returned bytes",
        ),
        fails(
            "findings over the widest limit are refused",
            "many-findings",
            Report,
            "at most 65536 findings, found 100000",
        )
        .within(wide),
        report("a span that ends behind the text is refused", "span-outside", "bytes of part ``, found 0.."),
        report("a span that ends in a character is refused", "span-in-character", "found 0..1"),
        report("a span of nothing is refused", "span-empty", "found 0..0"),
        report("a span from its end to its start is refused", "span-reversed", "found 2..1"),
        report(
            "a Rust guard's span without a part is refused",
            "span-without-part",
            "expected a part with a span, found none",
        ),
        report("a part that is not there is refused", "part-outside", "expected one of 1 parts, found part 1"),
        report("a severity of nine is refused", "severity", "from 0 to 4, found 9"),
        report("a confidence of a hundred and one is refused", "confidence", "from 0 to 100, found 101"),
        report(
            "a category that is not described is refused",
            "category",
            "a category of the guard's description, found another",
        ),
        report(
            "settled offsets without parts to settle are refused",
            "settled-length",
            "expected no settled offsets, found 2",
        ),
        harmless("a flood of log messages is dropped", "log-flood", &[]),
        harmless(
            "what could act on a reader is dropped from a message",
            "control-characters",
            &["[2Jgone  INFO all is well"],
        ),
        trap("the standard library finds no clock", "clock"),
        trap("the standard library finds no time of day", "time-of-day"),
        harmless(
            "the standard library finds no environment",
            "environment",
            &["0 variables, 0 arguments, directory false"],
        ),
        harmless("the standard library finds no files", "files", &["0 of 80 succeeded"]),
        harmless("the standard library finds no sockets", "sockets", &["0 of 15 succeeded"]),
        harmless("the standard library finds no threads", "thread", &["0 of 1 succeeded"]),
        harmless("the standard library finds no programs", "program", &["0 of 1 succeeded"]),
        harmless("the standard library finds no standard streams", "streams", &["read 0 bytes, true, wrote true"]),
        Attempt::rust("the standard library finds no randomness", "randomness", Outcome::Steady),
    ]
}
