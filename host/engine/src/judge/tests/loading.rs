//! What loads, and what does not.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use miette::Diagnostic;

use super::samples::{CATEGORIES, EXAMPLE, PERMIT, defects, judge, load, shown};
use crate::judge::{Fault, Judge, JudgeError, PolicyDefect, PolicyFile};

/// The one defect of a policy text, with the text that it points at.
fn defect(text: &str) -> (PolicyDefect, String) {
    let all = defects(text);
    assert_eq!(all.len(), 1, "{all:?}");
    let defect = all[0].clone();
    let at = defect.span().map(|span| text[span].to_owned()).unwrap_or_default();
    (defect, at)
}

fn forbid(annotations: &str, condition: &str) -> String {
    format!("{PERMIT}@id(\"f\") {annotations}\nforbid (principal, action, resource) when {{ {condition} }};")
}

const TRUE: &str = "context.core.session.untrusted";

#[test]
fn the_example_loads() {
    assert_eq!(judge(EXAMPLE).policy_count(), 4);
    assert!(judge(EXAMPLE).lints().is_empty());
}

#[test]
fn no_policies_load() {
    assert_eq!(Judge::load(&[], [], &BTreeMap::new()).unwrap().policy_count(), 0);
    assert_eq!(judge("// nothing yet\n").policy_count(), 0);
}

#[test]
fn an_id_is_mandatory_and_a_name() {
    let (missing, at) = defect("permit (principal, action, resource);");
    assert_eq!((missing.fault(), at.as_str()), (&Fault::MissingId, "permit"));
    for id in ["", "a:b", "a b", "é", &"x".repeat(129)] {
        let (invalid, at) = defect(&format!("@id(\"{id}\") permit (principal, action, resource);"));
        assert_eq!(invalid.fault(), &Fault::InvalidId { found: id.to_owned() });
        assert_eq!(at, format!("@id(\"{id}\")"));
    }
}

#[test]
fn an_id_is_unique_in_its_file() {
    let (twice, _) = defect(&format!("// first\n{PERMIT}\n{PERMIT}"));
    assert_eq!(twice.fault(), &Fault::DuplicateId { id: "all".to_owned(), line: 2 });
    let file = |name: &str| PolicyFile { name: name.to_owned(), text: PERMIT.to_owned() };
    assert!(Judge::load(&[file("a.cedar"), file("b.cedar")], [], &BTreeMap::new()).is_ok());
    let same = Judge::load(&[file("a.cedar"), file("a.cedar")], [], &BTreeMap::new());
    assert!(
        matches!(same, Err(JudgeError::Policies(d)) if matches!(d.as_slice()[0].fault(), Fault::DuplicateFile { .. }))
    );
}

#[test]
fn a_verdict_is_one_of_four_and_on_a_forbid() {
    for verdict in ["deny", "escalate", "warn"] {
        judge(&forbid(&format!("@verdict(\"{verdict}\")"), TRUE));
    }
    let (unknown, at) = defect(&forbid("@verdict(\"escalte\")", TRUE));
    assert_eq!(
        unknown.to_string(),
        "expected `@verdict` to be one of `deny`, `escalate`, `modify`, `warn`; found \"escalte\""
    );
    assert_eq!(unknown.help().unwrap().to_string(), "did you mean `escalate`?");
    assert_eq!(at, "@verdict(\"escalte\")");
    for verdict in ["", "allow", "Deny", " deny"] {
        let (unknown, _) = defect(&forbid(&format!("@verdict(\"{verdict}\")"), TRUE));
        assert_eq!(unknown.fault(), &Fault::UnknownVerdict { found: verdict.to_owned() });
    }
    let (permit, _) = defect("@id(\"a\") @why(\"b\") @verdict(\"warn\") permit (principal, action, resource);");
    assert_eq!(permit.fault(), &Fault::VerdictOnPermit);
}

#[test]
fn redact_goes_with_modify_and_names_categories() {
    judge(&forbid("@verdict(\"modify\") @redact(\"secret, hidden-text\")", TRUE));
    assert_eq!(defect(&forbid("@verdict(\"modify\")", TRUE)).0.fault(), &Fault::ModifyWithoutRedact);
    for verdict in ["", "@verdict(\"deny\")", "@verdict(\"warn\")", "@verdict(\"escalate\")"] {
        let (alone, at) = defect(&forbid(&format!("{verdict} @redact(\"secret\")"), TRUE));
        assert_eq!((alone.fault(), at.as_str()), (&Fault::RedactWithoutModify, "@redact(\"secret\")"));
    }
    let permit = "@id(\"a\") @why(\"b\") @redact(\"secret\") permit (principal, action, resource);";
    assert_eq!(defect(permit).0.fault(), &Fault::RedactWithoutModify);
    for list in ["", ",", "secret,", "secret,,pii"] {
        let all = defects(&forbid(&format!("@verdict(\"modify\") @redact(\"{list}\")"), TRUE));
        assert!(all.iter().all(|d| matches!(d.fault(), Fault::EmptyRedact { .. })), "{all:?}");
    }
    let (unknown, _) = defect(&forbid("@verdict(\"modify\") @redact(\"secrets\")", TRUE));
    assert_eq!(unknown.to_string(), "expected a category that a stationed guard reports, found `secrets`");
    let help = unknown.help().unwrap().to_string();
    assert_eq!(help, "did you mean `secret`? the categories are `hidden-text`, `pii`, `secret`");
}

#[test]
fn an_unknown_annotation_is_answered_with_the_nearest() {
    judge(&forbid("@why(\"a\") @message(\"b\") @owner(\"c\") @ref(\"d\")", TRUE));
    let (unknown, at) = defect(&forbid("@verdit(\"warn\")", TRUE));
    assert_eq!(unknown.help().unwrap().to_string(), "did you mean `@verdict`?");
    assert_eq!(at, "@verdit(\"warn\")");
}

#[test]
fn a_template_is_refused() {
    let (template, at) = defect("@id(\"a\") permit (principal == ?principal, action, resource);");
    assert_eq!((template.fault(), at.as_str()), (&Fault::Template, "permit"));
}

#[test]
fn a_permit_without_why_is_a_lint() {
    let judge = judge("@id(\"a\") permit (principal, action, resource);");
    assert_eq!(judge.lints().len(), 1);
    assert_eq!(judge.lints()[0].fault(), &Fault::PermitWithoutWhy);
}

#[test]
fn a_category_that_no_guard_reports_is_refused_however_it_is_read() {
    for read in [
        "context.core.findings.secert.worst > 1",
        "context.core.findings[\"secert\"].worst > 1",
        "context.core.findings has secert",
        "context.core has findings.secert || context.core.session.untrusted",
    ] {
        let (unknown, at) = defect(&forbid("", read));
        assert!(matches!(unknown.fault(), Fault::UndeclaredCategory { found, .. } if found == "secert"), "{read}");
        assert!(at.contains("secert"));
        assert!(unknown.help().unwrap().to_string().starts_with("did you mean `secret`?"));
    }
    judge(&forbid("", "context.core.findings[\"hidden-text\"].worst > 1"));
}

#[test]
fn a_generic_policy_reads_no_arguments() {
    for generic in ["context.args.amount > 1", "context has args", "context has from"] {
        let (read, _) = defect(&forbid("", generic));
        assert!(matches!(read.fault(), Fault::ToolContext { .. }), "{generic}");
    }
    let (action, at) = defect(&forbid("", "action == Guardhouse::Action::\"bank/send_money\""));
    assert!(matches!(action.fault(), Fault::ToolAction { .. }), "{action:?}");
    assert_eq!(at, "\"bank/send_money\"");
}

#[test]
fn call_tool_alone_would_not_match_calls_of_known_tools() {
    for scope in ["action == Guardhouse::Action::\"call_tool\"", "action"] {
        let condition = if scope == "action" { "action == Guardhouse::Action::\"call_tool\"" } else { TRUE };
        let (alone, at) =
            defect(&format!("{PERMIT}@id(\"f\") forbid (principal, {scope}, resource) when {{ {condition} }};"));
        assert_eq!(alone.fault(), &Fault::CallToolAlone);
        assert_eq!(at, "\"call_tool\"");
    }
}

#[test]
fn an_unknown_action_is_answered_with_the_nearest() {
    let (unknown, _) = defect("@id(\"f\") forbid (principal, action == Guardhouse::Action::\"calltool\", resource);");
    assert_eq!(unknown.help().unwrap().to_string(), "did you mean `call_tool`?");
}

#[test]
fn what_could_never_match_is_refused() {
    for policy in [
        "forbid (principal, action, resource) when { false };",
        "forbid (principal, action, resource) when { context.core has nothing };",
        "forbid (principal, action in Guardhouse::Action::\"call_tool\", resource == Guardhouse::Channel::\"user\");",
    ] {
        let (never, _) = defect(&format!("@id(\"f\") {policy}"));
        assert!(matches!(never.fault(), Fault::Impossible { .. }), "{never:?}");
    }
    let (group, at) = defect("@id(\"f\") forbid (principal in Guardhouse::Group::\"staff\", action, resource);");
    assert!(matches!(group.fault(), Fault::Group { .. }));
    assert_eq!(at, "\"staff\"");
}

#[test]
fn a_word_that_no_vocabulary_has_is_refused() {
    for condition in [
        "context.core.flow.any.standings.contains(Guardhouse::Standing::\"flaged\")",
        "resource == Guardhouse::Channel::\"usr\"",
        "context.core.sesion.calls > 1",
        "context.core.session.calls > \"1\"",
        "context.core.flow.any.labels.contains(1)",
        "Guardhouse::Tool::\"bank/x\".openWorld",
        "principal.user == Guardhouse::User::\"emma\"",
        "context.core.findings.secret.worst",
    ] {
        let (invalid, at) = defect(&forbid("", condition));
        assert!(matches!(invalid.fault(), Fault::Invalid { .. }), "{condition}: {invalid:?}");
        assert!(!at.is_empty(), "{condition}");
        assert!(!invalid.to_string().contains("for policy"), "{invalid}");
    }
}

#[test]
fn text_that_shows_otherwise_than_it_reads_is_refused() {
    let (bidi, _) = defect(&forbid("", "context.core.session.labels.contains(\"a\u{202e}b\")"));
    assert!(matches!(bidi.fault(), Fault::Invalid { .. }));
    let mixed = judge(&forbid("", "context.core.session.labels.contains(\"p\u{430}ypal\")"));
    assert!(matches!(mixed.lints()[0].fault(), Fault::Misleading { .. }));
}

#[test]
fn all_defects_of_all_files_are_told_with_their_place() {
    let file = |name: &str, text: &str| PolicyFile { name: name.to_owned(), text: text.to_owned() };
    let broken = file("broken.cedar", "@id(\"a\") permit (principal, action, resource)");
    let wrong = file(
        "wrong.cedar",
        "@id(\"a\") @vedict(\"deny\")\nforbid (principal, action, resource) when { context.core.x };\npermit (principal, action, resource);",
    );
    let Err(JudgeError::Policies(found)) = Judge::load(&[broken, wrong], [], &BTreeMap::new()) else {
        panic!("they load")
    };
    let all: Vec<_> = found.as_slice().iter().map(|d| (d.file(), d.fault().clone())).collect();
    assert_eq!(all.iter().filter(|(file, _)| *file == "broken.cedar").count(), 1);
    assert!(matches!(all[0].1, Fault::Syntax { .. }));
    let wrong: Vec<_> = all.iter().filter(|(file, _)| *file == "wrong.cedar").map(|(_, fault)| fault).collect();
    assert!(
        matches!(wrong[..], [Fault::UnknownAnnotation { .. }, Fault::Invalid { .. }, Fault::MissingId]),
        "{wrong:?}"
    );
    assert!(found.as_slice().iter().all(|d| d.span().is_some() && d.source_code().is_some()));
    assert_eq!(found.related().unwrap().count(), 4);
}

#[test]
fn a_report_underlines_the_source() {
    let Err(error) = load(&forbid("", "context.core.findings.secert.worst > 1")) else { panic!("it loads") };
    let shown = shown(&error);
    assert!(shown.contains("p.cedar") && shown.contains("line 3, columns 67 to 72"), "{shown}");
    assert!(shown.contains("context.core.findings.secert.worst"), "{shown}");
    for category in CATEGORIES {
        assert!(shown.contains(category), "{shown}");
    }
}
