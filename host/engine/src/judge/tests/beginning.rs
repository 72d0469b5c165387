//! How a new policy begins.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::sync::Arc;

use super::samples::{Cast, categories, judge};
use crate::event::ToolName;
use crate::judge::{Judge, PolicyFile, Skeleton, SkeletonError, Strength, format};
use crate::tools::{Field, Leaf, LeafKind, Record, Shape};

const FORBIDS: [Option<Strength>; 5] =
    [None, Some(Strength::Warn), Some(Strength::Modify), Some(Strength::Escalate), Some(Strength::Deny)];

fn leaf(kind: LeafKind) -> Shape {
    Shape::Leaf(Leaf::new(kind))
}

fn field(shape: Shape, required: bool) -> Field {
    Field { shape, required }
}

#[test]
fn it_loads_whatever_it_is_to_be() {
    let tool: ToolName =
        "bank/send \"money\"\n\u{202e}".parse().unwrap_or_else(|_| "bank/send \"money\"".parse().unwrap());
    let judge = judge("");
    let mut text = String::new();
    for (number, forbid) in FORBIDS.into_iter().enumerate() {
        for tool in [None, Some(&tool)] {
            let id = format!("new-{number}-{}", tool.is_some());
            text += &judge.skeleton(&Skeleton { id: &id, forbid, tool, shape: None }).unwrap();
        }
    }
    let loaded = super::samples::judge(&text);
    assert_eq!((loaded.policy_count(), loaded.lints().len()), (10, 0), "{text}");
    for policy in text.split_inclusive("};\n") {
        let file = PolicyFile { name: "p.cedar".to_owned(), text: policy.to_owned() };
        assert_eq!(format(&file).unwrap(), policy, "it is laid out already");
    }
}

#[test]
fn it_says_what_there_is_to_read() {
    let text = judge("").skeleton(&Skeleton { id: "x", forbid: None, tool: None, shape: None }).unwrap();
    for line in [
        "  //   principal: user? User\n",
        "  //   resource: changed Bool, effects Set<Effect>, openWorld Bool, pinned Bool, readOnly Bool\n",
        "  //   context.core.session: calls Long, full Bool, labels Set<String>, repeats Long, untrusted Bool\n",
        "  //   context.core.findings[\"hidden-text\"]: confidence Long, count Long, distinct Long, worst Long\n",
        "  //   context.core.findings.secret: confidence Long,",
        "  //   context.core.flow.destination: labels Set<String>, sources Set<String>, standings Set<Standing>\n",
        "  //   context.core.budget: exceeded Bool\n",
        "  //   context.core.budget.remaining: calls Long\n",
        "  // Guardhouse::Standing::\"…\": constant, user,",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
}

#[test]
fn on_a_tool_whose_arguments_are_known_it_says_those_too() {
    let inner = Record { fields: [("iban".into(), field(leaf(LeafKind::Text), true))].into(), role: None };
    let fields = [
        ("amount".into(), field(leaf(LeafKind::Decimal), true)),
        ("to".into(), field(Shape::Record(inner), false)),
        ("tags".into(), field(Shape::Set(Box::new(leaf(LeafKind::Text))), true)),
        // What a hostile server might hope to smuggle in.
        ("x\n}; permit (principal, action, resource);//\u{202e}".into(), field(leaf(LeafKind::Bool), true)),
    ];
    let shape = Shape::Record(Record { fields: fields.into(), role: None });
    let cast = Cast::new();
    let skeleton = Skeleton { id: "x", forbid: Some(Strength::Deny), tool: Some(&cast.tool), shape: Some(&shape) };
    let text = judge("").skeleton(&skeleton).unwrap();
    for line in [
        "  action == Guardhouse::Action::\"bank/send_money\",\n  resource\n)\n",
        "  //   context.args: amount decimal, tags Set<String>, x\\n}; permit (principal, action, resource);//\\u{202e} Bool\n",
        "  //   context.args.to?: iban String\n",
        "  //   context.from.amount: labels Set<String>, sources Set<String>, standings Set<Standing>\n",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    let pinned = BTreeMap::from([(cast.tool.clone(), Arc::new(shape))]);
    let file = PolicyFile { name: "p.cedar".to_owned(), text };
    assert_eq!(Judge::load(&[file], categories(), &pinned).unwrap().policy_count(), 1);
}

#[test]
fn without_guards_there_is_nothing_to_modify() {
    let judge = Judge::load(&[], [], &BTreeMap::new()).unwrap();
    for forbid in FORBIDS {
        let skeleton = judge.skeleton(&Skeleton { id: "x", forbid, tool: None, shape: None });
        if forbid == Some(Strength::Modify) {
            assert!(matches!(skeleton, Err(SkeletonError::NothingToRepair)));
            continue;
        }
        let file = PolicyFile { name: "p.cedar".to_owned(), text: skeleton.unwrap() };
        assert!(Judge::load(&[file], [], &BTreeMap::new()).is_ok());
    }
}

#[test]
fn a_name_that_is_none_is_refused() {
    for id in ["", "a b", "a\") permit", "p.cedar:x"] {
        let skeleton = judge("").skeleton(&Skeleton { id, forbid: None, tool: None, shape: None });
        assert!(matches!(skeleton, Err(SkeletonError::Id(_))), "{id}");
    }
}
