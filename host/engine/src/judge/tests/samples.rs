//! What the tests judge: policies, tools, facts.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use crate::decision::{Category, Finding, Repair};
use crate::event::{AgentName, ToolName, UserName};
use crate::judge::{
    Call, Coverage, Facts, Findings, Flows, Judge, JudgeError, PolicyDefect, PolicyFile, Request, Subject,
};
use crate::tools::ToolProfile;

/// The generic policies of the design's example.
pub(super) const EXAMPLE: &str = include_str!("example.cedar");

/// A permit of everything.
pub(super) const PERMIT: &str = "@id(\"all\") @why(\"a test\") permit (principal, action, resource);\n";

/// What the stationed guards of the tests report.
pub(super) const CATEGORIES: [&str; 3] = ["hidden-text", "pii", "secret"];

pub(in crate::judge) fn categories() -> Vec<Category> {
    CATEGORIES.iter().map(|name| name.parse().unwrap()).collect()
}

pub(super) fn load(text: &str) -> Result<Judge, JudgeError> {
    Judge::load(&[PolicyFile { name: "p.cedar".to_owned(), text: text.to_owned() }], categories(), &BTreeMap::new())
}

pub(in crate::judge) fn judge(text: &str) -> Judge {
    load(text).unwrap_or_else(|error| panic!("{text}{}", shown(&error)))
}

/// An error as a terminal without colours shows it.
pub(super) fn shown(error: &JudgeError) -> String {
    let mut shown = String::new();
    miette::NarratableReportHandler::new().render_report(&mut shown, error).unwrap();
    shown
}

/// What is wrong with policies that do not load.
pub(super) fn defects(text: &str) -> Vec<PolicyDefect> {
    match load(text) {
        Err(JudgeError::Policies(defects)) => defects.as_slice().to_vec(),
        other => panic!("expected defects, found {other:?}"),
    }
}

pub(in crate::judge) fn finding(category: &str, severity: u8, confidence: u8) -> Finding {
    Finding {
        guard: "g".to_owned(),
        rule: "r".to_owned(),
        category: category.parse().unwrap(),
        severity: severity.try_into().unwrap(),
        confidence: confidence.try_into().unwrap(),
        message: String::new(),
        path: None,
        span: None,
        repair: Repair::Mask,
        attributes: Vec::new(),
    }
}

pub(super) const COVERED: Coverage = Coverage { uninspected: false, skipped: false };

/// Facts of a call with arguments, in which this was found.
pub(in crate::judge) fn facts(findings: &[Finding]) -> Facts {
    Facts::new(Findings::tally(findings), COVERED, Flows::ungrounded())
}

/// An agent, a user and a tool.
pub(in crate::judge) struct Cast {
    pub(super) agent: AgentName,
    pub(super) user: UserName,
    pub(super) tool: ToolName,
}

impl Cast {
    pub(super) fn new() -> Self {
        Self::named("assistant", "bank", "send_money")
    }

    pub(super) fn named(agent: &str, server: &str, tool: &str) -> Self {
        let tool = ToolName { server: server.parse().unwrap(), tool: tool.parse().unwrap() };
        Self { agent: agent.parse().unwrap(), user: "emma".parse().unwrap(), tool }
    }

    pub(super) fn request<'e>(&'e self, subject: Subject<'e>, facts: &'e Facts) -> Request<'e> {
        Request { agent: &self.agent, user: Some(&self.user), subject, facts }
    }

    pub(super) fn call<'e>(&'e self, facts: &'e Facts) -> Request<'e> {
        let call = Call { tool: &self.tool, profile: ToolProfile::unknown(), typed: None };
        self.request(Subject::Call(call), facts)
    }
}
