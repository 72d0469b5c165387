//! An agent's loop with Guardhouse around it: the four calls that an agent platform makes.
//!
//! ```sh
//! cargo xtask demo   # builds the guards and the bundle
//! cargo build --workspace --example agent_loop
//! target/debug/examples/agent_loop target/bundles/demo
//! ```
//!
//! The model is a script, so that the example runs anywhere and always the same; the tools are real: one reads files below
//! a folder, the other would run a command. What matters is where `check` stands.

use std::{collections::VecDeque, env, error::Error, fs, path::Path};

use guardhouse::{
    decision::{Decision, Repaired, Verdict},
    engine::Engine,
    event::{Body, Event, Source, ToolName, ToolResult},
    json::Object,
};

/// What a model answers: a tool to call, or words for the user.
enum Turn {
    Call { tool: ToolName, arguments: Object },
    Say(String),
}

/// One session of one agent.
struct Session<'e> {
    engine: &'e Engine,
    calls: u32,
}

impl Session<'_> {
    /// Puts something before the engine.
    async fn check(&self, body: Body) -> Result<(Event, Decision), Box<dyn Error>> {
        let event = Event {
            id: None,
            agent: "example".parse()?,
            session: "example-1".parse()?,
            user: Some("jonas".parse()?),
            parent: None,
            time: None,
            trace: None,
            body,
        };
        let decision = self.engine.check(&event).await;
        report(&event, &decision);
        Ok((event, decision))
    }

    /// The text that may go on, or why nothing may.
    async fn text(&self, body: Body) -> Result<Result<String, String>, Box<dyn Error>> {
        let (event, decision) = self.check(body).await?;
        Ok(match (decision.verdict, decision.repaired, event.body) {
            (Verdict::Allow | Verdict::Warn, _, Body::Input { text, .. } | Body::Output { text })
            | (Verdict::Modify, Some(Repaired::Text(text)), _) => Ok(text),
            _ => Err(refusal(&decision.reasons)),
        })
    }

    /// Calls a tool if that is allowed, and returns what the agent may read of its answer.
    async fn call(&mut self, tool: ToolName, arguments: Object) -> Result<Result<String, String>, Box<dyn Error>> {
        self.calls += 1;
        let call = format!("c{}", self.calls).parse::<guardhouse::event::CallId>()?;
        let before = Body::ToolCall { tool: tool.clone(), call: call.clone(), arguments: arguments.clone() };
        let (_, decision) = self.check(before).await?;
        // What was judged is what runs: on `modify` the repaired arguments, never the original ones.
        let arguments = match (decision.verdict, decision.repaired) {
            (Verdict::Allow | Verdict::Warn, _) => arguments,
            (Verdict::Modify, Some(Repaired::Arguments(repaired))) => repaired,
            _ => return Ok(Err(refusal(&decision.reasons))),
        };
        let result = run(&tool, &arguments);
        let (_, decision) = self.check(Body::ToolResult { tool, call, result: result.clone() }).await?;
        Ok(match (decision.verdict, decision.repaired) {
            (Verdict::Allow | Verdict::Warn, _) => Ok(text_of(&result)),
            (Verdict::Modify, Some(Repaired::Result(repaired))) => Ok(text_of(&repaired)),
            _ => Err(refusal(&decision.reasons)),
        })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let bundle = env::args_os().nth(1).ok_or("expected the folder of a bundle")?;
    let engine = Engine::load(bundle).await?;
    let mut session = Session { engine: &engine, calls: 0 };
    let prompt = "Which licence does this project have? Then clean up the temporary folder.";
    let input = Body::Input { source: Source::User, text: prompt.to_owned() };
    session.text(input).await??;

    let mut arguments = Object::new();
    arguments.insert("path", "LICENSE");
    let mut command = Object::new();
    command.insert("command", "rm -rf /tmp/example");
    let mut model = VecDeque::from([
        Turn::Call { tool: "files/read".parse()?, arguments },
        Turn::Call { tool: "ops/run_command".parse()?, arguments: command },
        Turn::Say("It is the Apache License 2.0. I may not run commands, so the folder is as it was.".to_owned()),
    ]);
    while let Some(turn) = model.pop_front() {
        match turn {
            // A refused call goes back to the model as the tool's answer, so that it can do something else.
            Turn::Call { tool, arguments } => drop(session.call(tool, arguments).await?),
            Turn::Say(text) => drop(session.text(Body::Output { text }).await??),
        }
    }
    Ok(())
}

/// The tools. Only `files/read` ever gets here under the demo's policies.
fn run(tool: &ToolName, arguments: &Object) -> ToolResult {
    let path = arguments.get("path").and_then(|path| path.as_str()).unwrap_or_default();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    match fs::read_to_string(root.join(path)) {
        Ok(text) => ToolResult::text(text),
        Err(error) => ToolResult { is_error: true, ..ToolResult::text(format!("{tool}: {error}")) },
    }
}

fn text_of(result: &ToolResult) -> String {
    let texts = result.content.iter().filter_map(|block| block.pointer("/text")?.as_str());
    texts.collect::<Vec<_>>().join("\n")
}

fn refusal(reasons: &[guardhouse::decision::Reason]) -> String {
    reasons.iter().map(|reason| reason.message.as_str()).collect::<Vec<_>>().join("; ")
}

#[expect(clippy::print_stdout, reason = "an example shows what happens")]
fn report(event: &Event, decision: &Decision) {
    println!("{:<12} {:<8} {}", event.checkpoint(), decision.verdict, refusal(&decision.reasons));
}
