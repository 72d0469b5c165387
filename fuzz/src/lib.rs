//! What the fuzz targets that run guards share: an executor, and the laws of text and of findings.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use guardhouse::{
    decision::Finding,
    guard::Guard,
    sandbox::{Failure, FailureCause},
    text::{Parts, tame},
};

/// Permits everything: these targets look at guards, not at policies.
pub const PERMIT: &str = "@id(\"all\") @why(\"fuzzing\") permit (principal, action, resource);\n";

/// Bytes that a refusal may have: a few sentences with a few names in them.
const REFUSAL: usize = 4096;
/// Bytes of a guard's words that are kept, and the mark that they were cut.
const WORDS: usize = 512 + '…'.len_utf8();

/// Runs a future to its end on this thread. Guards wait for nothing but their own next tick.
pub fn finish<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

/// Holds a refusal to the law: it is no longer than a person reads, and nothing in it acts on its reader.
pub fn assert_tame(refusal: &str) {
    assert_text(refusal, REFUSAL);
}

/// Holds a failure to the same law, and the guard's own words, which it carries beside its text.
pub fn assert_failure(failure: &Failure) {
    assert_tame(&failure.to_string());
    assert_text(failure.words().unwrap_or_default(), WORDS);
}

fn assert_text(text: &str, bound: usize) {
    assert!(text.len() <= bound, "{} bytes of text: {text:?}", text.len());
    assert_eq!(tame(text, bound), text, "text that acts on its reader");
}

/// Whether a failure says only that a limit of time was reached, which another run may not.
pub fn is_of_time(failure: &Failure) -> bool {
    matches!(failure.cause(), FailureCause::Deadline | FailureCause::Wall)
}

/// Holds the findings of a guard to the contract.
pub fn assert_findings(guard: &Guard, findings: &[Finding], parts: &Parts<'_>, limit: usize) {
    assert!(findings.len() <= limit, "{} findings", findings.len());
    for finding in findings {
        assert_eq!(finding.guard, guard.name());
        assert!(guard.categories().contains(&finding.category), "{finding:?}");
        assert!(u8::from(finding.confidence) <= 100, "{finding:?}");
        assert_text(&finding.message, WORDS);
        assert_text(&finding.rule, WORDS);
        assert!(finding.attributes.len() <= 16, "{finding:?}");
        for attribute in &finding.attributes {
            assert_text(&attribute.key, WORDS);
            assert_text(&attribute.value, WORDS);
        }
        let part = finding.path.as_ref().map(|path| parts.parts.iter().find(|part| part.path == *path));
        let part = part.map(|part| part.expect("a part of the event"));
        if let Some(span) = finding.span {
            let body = part.expect("a part with the span").body;
            let text = body.get(span.start as usize..span.end as usize);
            assert!(text.is_some_and(|text| !text.is_empty()), "{finding:?}");
        }
    }
}
