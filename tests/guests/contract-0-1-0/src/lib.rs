//! A guard of the first contract. Must never be changed: see README.md.

wit_bindgen::generate!({
    inline: "
        package guardhouse:fixture;
        world every-guard {
            import guardhouse:guard/log@0.1.0;
            export guardhouse:guard/about@0.1.0;
            export guardhouse:guard/text-guard@0.1.0;
            export guardhouse:guard/call-guard@0.1.0;
            export guardhouse:guard/definition-guard@0.1.0;
        }
    ",
    path: "wit",
    generate_all,
});

use exports::guardhouse::guard::{about, call_guard, definition_guard, text_guard};
use guardhouse::guard::log;
use guardhouse::guard::types::{Attribute, Finding, Part, Repair, Report, Span};

struct Frozen;

impl about::Guest for Frozen {
    fn describe() -> about::Description {
        about::Description {
            name: "contract-0-1-0".into(),
            version: "0.1.0".into(),
            summary: "Reports the words of its README".into(),
            config_schema: r#"{"type":"object","properties":{"refuse":{"type":"boolean"}}}"#.into(),
            categories: vec!["frozen".into()],
            checkpoints: ["input", "tool-definition", "tool-call", "tool-result", "output"].map(Into::into).into(),
            media_types: vec!["text/*".into()],
            views: vec!["unescaped".into()],
        }
    }

    fn configure(config: String) -> Result<about::Reach, String> {
        if config == r#"{"refuse":true}"# {
            return Err("asked to refuse".into());
        }
        log::write(log::Level::Info, "configured");
        Ok(about::Reach { before: 0, longest: Some(16), after: 0 })
    }
}

impl text_guard::Guest for Frozen {
    fn inspect(item: text_guard::Item) -> Result<Report, String> {
        inspect(&item.parts, &format!("{} {}", item.checkpoint, item.source))
    }
}

impl call_guard::Guest for Frozen {
    fn inspect(call: call_guard::Call) -> Result<Report, String> {
        inspect(&call.parts, &format!("{} {}", call.server, call.tool))
    }
}

impl definition_guard::Guest for Frozen {
    fn inspect(definition: definition_guard::Definition) -> Result<Report, String> {
        inspect(&definition.parts, &format!("{} {}", definition.server, definition.tool))
    }
}

fn inspect(parts: &[Part], from: &str) -> Result<Report, String> {
    let mut findings = Vec::new();
    if parts.is_empty() {
        findings.push(finding("empty", 0, 100, Repair::Mask, None, from));
    }
    for (index, part) in (0..).zip(parts) {
        if part.body.contains("frozen-fail") {
            return Err("asked to fail".into());
        }
        for (word, rule, severity, confidence, repair) in [
            ("frozen-mask", "mask", 2, 100, Repair::Mask),
            ("frozen-pseudonym", "pseudonym", 1, 90, Repair::Pseudonym("FROZEN".into())),
            ("frozen-remove", "remove", 4, 80, Repair::Remove),
        ] {
            for (start, _) in part.body.match_indices(word) {
                let span = Span { start: start as u32, end: (start + word.len()) as u32 };
                findings.push(finding(rule, severity, confidence, repair.clone(), Some((index, span)), from));
            }
        }
    }
    let cut = parts.iter().filter(|part| part.more_after);
    let settled = cut.map(|part| part.body.rfind(char::is_whitespace).unwrap_or(0) as u32).collect();
    Ok(Report { findings, settled })
}

fn finding(
    rule: &str,
    severity: u8,
    confidence: u8,
    repair: Repair,
    place: Option<(u32, Span)>,
    from: &str,
) -> Finding {
    Finding {
        rule: rule.into(),
        category: "frozen".into(),
        severity,
        confidence,
        message: format!("found the word of rule {rule}"),
        part: place.map(|(part, _)| part),
        span: place.map(|(_, span)| span),
        repair,
        attributes: vec![Attribute { key: "from".into(), value: from.into() }],
    }
}

export!(Frozen);
