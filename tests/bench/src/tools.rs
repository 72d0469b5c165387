//! What a server's list of tools costs.

use std::{fs, hint::black_box, time::Instant};

use anyhow::{Context as _, Result, ensure};
use guardhouse::{decision::Verdict, engine::Engine, event::Event};

use crate::{
    guard::finish,
    harness::{Spread, Stated},
};

/// Tools in one list.
const TOOLS: usize = 1_000;
/// How often the list is announced, each time in a session of its own.
const TIMES: usize = 11;

/// Milliseconds for a list of 1,000 tools, from their definitions as JSON text to the last decision: read, digested, given a
/// shape, judged and remembered. No guard stands there; the second figure is with a policy on the action of each tool, which
/// is validated against its definition.
pub(crate) fn time() -> Result<Vec<Stated>> {
    let permit = r#"@id("all") @why("a measurement") permit (principal, action, resource);"#;
    let on_each = |number: usize| {
        format!(
            "@id(\"typed-{number}\") forbid (principal, action == Guardhouse::Action::\"bank/tool-{number}\", resource)\n\
             when {{ context.args.amount.greaterThan(decimal(\"{number}.0\")) }};\n"
        )
    };
    let typed = (0..TOOLS).map(on_each).collect::<Vec<_>>().concat();
    let mut stated = Vec::new();
    for (name, policies, bar) in [
        ("1,000 tools in one list", permit.to_owned(), Some(200.0)),
        ("1,000 tools in one list, a policy on each", format!("{permit}\n{typed}"), None),
    ] {
        let directory = tempfile::tempdir()?;
        fs::write(directory.path().join("guardhouse.toml"), "bundle = \"bench\"\napi = 1\n")?;
        fs::write(directory.path().join("bench.cedar"), policies)?;
        let mut spread = Spread::default();
        for session in 0..TIMES {
            // A generation keeps what it made of a definition, so each time it is another one.
            let engine = finish(Engine::load(directory.path()))?;
            let lines: Vec<_> = (0..TOOLS).map(|tool| definition(session, tool)).collect();
            let begun = Instant::now();
            for line in &lines {
                let event = Event::from_json(line.as_bytes()).context("expected an event")?;
                let decision = black_box(finish(engine.check(&event)));
                ensure!(decision.verdict == Verdict::Allow, "expected a definition that is let through: {decision}");
            }
            spread.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        stated.push(Stated::at_most(name, "ms", bar, spread));
    }
    Ok(stated)
}

/// A definition as servers write them.
fn definition(session: usize, tool: usize) -> String {
    format!(
        r#"{{"agent":"assistant","session":"s{session}","checkpoint":"tool-definition","server":"bank","tool":"tool-{tool}","definition":{{"name":"tool-{tool}","description":"Moves an amount to a recipient, number {tool} of the list.","inputSchema":{{"type":"object","properties":{{"recipient":{{"type":"string","description":"Who gets it"}},"amount":{{"type":"number","minimum":0}},"currency":{{"type":"string","enum":["EUR","USD","CHF"]}},"when":{{"type":"string","format":"date-time"}},"note":{{"type":["string","null"],"maxLength":140}}}},"required":["recipient","amount"]}},"annotations":{{"readOnlyHint":false,"destructiveHint":false}}}}}}"#
    )
}
