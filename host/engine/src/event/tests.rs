//! What is an event, what is not, and that an event is read back as it was written.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;

use super::*;
use crate::json::{self, Value, tests::value};

fn name<N: std::str::FromStr + std::fmt::Debug>() -> impl Strategy<Value = N> {
    "[a-zé@. -]{1,20}".prop_filter_map("a name", |text| text.parse().ok())
}

fn tool() -> impl Strategy<Value = ToolName> {
    (name(), "[a-z/_]{1,10}").prop_map(|(server, tool)| ToolName { server, tool: tool.parse().unwrap() })
}

fn any_object() -> impl Strategy<Value = Object> {
    prop::collection::vec((any::<String>(), value()), 0..4).prop_map(|members| {
        let mut object = Object::new();
        for (key, value) in members {
            object.insert(key, value);
        }
        object
    })
}

/// A content block: text, or of some other type.
fn block() -> impl Strategy<Value = Value> {
    ("text|image|resource|odd", any::<String>(), any_object()).prop_map(|(kind, text, mut block)| {
        block.insert("type", kind);
        block.insert("text", text);
        block.into()
    })
}

fn result() -> impl Strategy<Value = ToolResult> {
    (prop::collection::vec(block(), 0..3), prop::option::of(value()), any::<bool>())
        .prop_map(|(content, structured, is_error)| ToolResult { content, structured, is_error })
}

fn note() -> impl Strategy<Value = Note> {
    let tokens = || (any::<u64>(), any::<u64>()).prop_map(|(input, output)| Tokens { input, output });
    let money = || "[0-9]{1,9}(\\.[0-9]{1,9})?".prop_map(|text| text.parse::<Money>().unwrap());
    prop_oneof![
        tokens().prop_map(|tokens| Note::Usage(Usage::Tokens(tokens))),
        money().prop_map(|money| Note::Usage(Usage::Money(money))),
        (tokens(), money()).prop_map(|(tokens, money)| Note::Usage(Usage::Both(tokens, money))),
        any::<String>().prop_map(|text| Note::Reasoning { text }),
        any::<Option<String>>().prop_map(|text| Note::Error { text }),
        any::<Option<String>>().prop_map(|text| Note::Retry { text }),
    ]
}

/// What an event may be.
pub(crate) fn body() -> impl Strategy<Value = Body> {
    prop_oneof![
        (prop::sample::select(Source::ALL.to_vec()), any::<String>())
            .prop_map(|(source, text)| Body::Input { source, text }),
        (tool(), any_object()).prop_map(|(tool, definition)| Body::ToolDefinition { tool, definition }),
        (tool(), name(), any_object()).prop_map(|(tool, call, arguments)| Body::ToolCall { tool, call, arguments }),
        (tool(), name(), result()).prop_map(|(tool, call, result)| Body::ToolResult { tool, call, result }),
        any::<String>().prop_map(|text| Body::Output { text }),
        note().prop_map(Body::Note),
    ]
}

/// Any event.
pub(crate) fn event() -> impl Strategy<Value = Event> {
    let trace = Just("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".parse().unwrap());
    let time =
        (0_i64..4_000_000_000, 0_i32..1_000_000_000).prop_map(|(second, nanos)| Timestamp::new(second, nanos).unwrap());
    let option = |strategy| prop::option::of(strategy);
    (
        prop::option::of(name()),
        (name(), name()),
        prop::option::of(name()),
        prop::option::of(name()),
        prop::option::of(time),
        option(trace),
        body(),
    )
        .prop_map(|(id, (agent, session), user, parent, time, trace, body)| Event {
            id,
            agent,
            session,
            user,
            parent,
            time,
            trace,
            body,
        })
}

/// The event of `body`, in some session.
pub(crate) fn event_of(body: Body) -> Event {
    let (agent, session) = ("assistant".parse().unwrap(), "s1".parse().unwrap());
    Event { id: None, agent, session, user: None, parent: None, time: None, trace: None, body }
}

/// The event that an agent's JSON spells, less the two members that all have.
fn read(members: &str) -> Result<Event, EventError> {
    Event::from_json(format!(r#"{{"agent":"a","session":"s",{members}}}"#).as_bytes())
}

/// The message for an event that is refused.
fn refusal(members: &str) -> String {
    read(members).unwrap_err().to_string()
}

proptest! {
    #[test]
    fn an_event_is_read_back_as_it_was_written(event in event()) {
        let text = event.to_string();
        let read = Event::from_json(text.as_bytes());
        prop_assert_eq!(read.as_ref(), Ok(&event), "{}", text);
        prop_assert_eq!(read.unwrap().to_string(), text);
    }

    #[test]
    fn the_digest_is_the_same_for_two_tellings(event in event()) {
        let mut again = Event::from_json(event.to_value().canonical().as_bytes()).unwrap();
        prop_assert_eq!(again.digest(), event.digest());
        let mut said = event.to_object();
        for name in ["id", "time", "trace"] {
            said.remove(name);
        }
        prop_assert_eq!(event.digest(), said.digest());
        again.id = Some("another".parse().unwrap());
        again.time = Some(Timestamp::UNIX_EPOCH);
        again.trace = None;
        prop_assert_eq!(again.digest(), event.digest());
        again.agent = "somebody else".parse().unwrap();
        prop_assert_ne!(again.digest(), event.digest());
    }

    #[test]
    fn any_value_is_read_or_refused(value in value()) {
        if let Ok(event) = Event::from_value(value.clone()) {
            prop_assert_eq!(Event::from_value(event.to_value()), Ok(event));
        }
    }
}

#[test]
fn the_examples_of_the_documentation_are_events() {
    for members in [
        r#""user":"emma","checkpoint":"input","source":"user","text":"What did I spend in March?""#,
        r#""checkpoint":"tool-definition","server":"bank","tool":"send_money","definition":{"name":"send_money"}"#,
        r#""checkpoint":"tool-call","server":"bank","tool":"send_money","call":"c1","arguments":{"amount":12.5}"#,
        r#""checkpoint":"tool-result","server":"bank","tool":"send_money","call":"c1","text":"paid""#,
        r#""checkpoint":"output","text":"I have paid.""#,
        r#""checkpoint":"note","kind":"usage","tokens":{"input":812,"output":96},"money":"0.0041""#,
    ] {
        let text = format!(r#"{{"agent":"a","session":"s",{members}}}"#);
        assert_eq!(Event::from_json(text.as_bytes()).unwrap().to_string(), text);
    }
}

#[test]
fn text_is_short_for_one_text_block() {
    let result = r#""checkpoint":"tool-result","server":"b","tool":"t","call":"c","#;
    let short = read(&format!(r#"{result}"text":"hi""#)).unwrap();
    let long = read(&format!(r#"{result}"content":[{{"type":"text","text":"hi"}}]"#)).unwrap();
    assert_eq!(short, long);
    assert_eq!(short.digest(), long.digest());
}

#[test]
fn a_result_has_text_or_content_or_structured() {
    let result = r#""checkpoint":"tool-result","server":"b","tool":"t","call":"c""#;
    assert_eq!(
        refusal(&format!(r#"{result},"text":"hi","content":[]"#)),
        "field `content`: expected either `text` or `content`, found both"
    );
    assert_eq!(refusal(result), "field `content`: expected `text`, `content` or `structured`, found nothing");
    let only = read(&format!(r#"{result},"structured":null"#)).unwrap();
    assert_eq!(only.to_string(), format!(r#"{{"agent":"a","session":"s",{result},"structured":null}}"#));
    assert!(read(&format!(r#"{result},"content":[]"#)).is_ok());
}

#[test]
fn a_member_that_no_event_has_is_an_error_that_names_the_nearest() {
    for (members, message) in [
        (
            r#""checkpoint":"input","sorce":"user","source":"user","text":"x""#,
            "field `sorce`: expected `source`, or no such field, found an unknown field",
        ),
        (
            r#""checkpoint":"output","text":"x","arguments":{}"#,
            "field `arguments`: expected a field of `output` events (`id`, `agent`, `session`, `user`, `parent`, `time`, \
             `trace`, `checkpoint`, `text`), found an unknown field",
        ),
        (
            r#""checkpoint":"note","kind":"usage","tokens":{"input":1,"output":2,"cached":3}"#,
            "field `cached`: expected a field of `tokens` (`input`, `output`), found an unknown field",
        ),
        (
            r#""checkpoint":"tool_call""#,
            "field `checkpoint`: expected one of `input`, `tool-definition`, `tool-call`, `tool-result`, `output`, \
             `note` (`tool-call`?), found `tool_call`",
        ),
    ] {
        assert_eq!(refusal(members), message);
    }
}

#[test]
fn an_event_cannot_say_that_it_is_trusted() {
    let error = read(r#""checkpoint":"input","source":"user","text":"x","trusted":true"#).unwrap_err();
    assert_eq!(error, EventError::Trusted);
    assert_eq!(
        error.to_string(),
        "field `trusted`: expected no such field, since whether a source is trusted is the bundle's to say"
    );
}

#[test]
fn nothing_is_taken_for_granted() {
    for (members, message) in [
        (
            r#""text":"x""#,
            "field `checkpoint`: expected one of `input`, `tool-definition`, `tool-call`, `tool-result`, `output`, `note`, found nothing",
        ),
        (
            r#""checkpoint":"input","text":"x""#,
            "field `source`: expected one of `user`, `document`, `system`, found nothing",
        ),
        (r#""checkpoint":"output","text":null"#, "field `text`: expected a string, found null"),
        (r#""checkpoint":"output","text":["x"]"#, "field `text`: expected a string, found an array"),
        (
            r#""checkpoint":"output","text":"x","id":"""#,
            "field `id`: expected an event's id, 1 to 128 bytes without control characters, found ``",
        ),
        (r#""checkpoint":"output","text":"x","user":null"#, "field `user`: expected a string, found null"),
        (
            r#""checkpoint":"output","text":"x","time":"yesterday""#,
            "field `time`: expected an RFC 3339 date and time with an offset, found `yesterday`",
        ),
        (
            r#""checkpoint":"output","text":"x","trace":"00""#,
            "field `trace`: expected a W3C `traceparent` of version 00, found `00`",
        ),
        (
            r#""checkpoint":"tool-call","server":"a/b","tool":"t","call":"c","arguments":{}"#,
            "field `server`: expected a server's name, 1 to 256 bytes without control characters and `/`, found `a/b`",
        ),
        (
            r#""checkpoint":"tool-call","server":"a","tool":"t","call":"c","arguments":"{}""#,
            "field `arguments`: expected an object, found `{}`",
        ),
        (
            r#""checkpoint":"tool-call","server":"a","tool":"t","arguments":{}"#,
            "field `call`: expected a string, found nothing",
        ),
        (
            r#""checkpoint":"tool-result","server":"a","tool":"t","call":"c","text":"x","isError":1"#,
            "field `isError`: expected a boolean, found `1`",
        ),
        (
            r#""checkpoint":"tool-result","server":"a","tool":"t","call":"c","content":["x"]"#,
            "field `content/0`: expected a content block, an object, found `x`",
        ),
        (
            r#""checkpoint":"tool-result","server":"a","tool":"t","call":"c","content":[{"type":"text"}]"#,
            "field `content/0/text`: expected a string, found nothing",
        ),
        (r#""checkpoint":"note","kind":"usage""#, "field `tokens`: expected `tokens` or `money`, found nothing"),
        (
            r#""checkpoint":"note","kind":"usage","tokens":{"input":1}"#,
            "field `tokens/output`: expected a count of tokens, a whole number from 0, found nothing",
        ),
        (
            r#""checkpoint":"note","kind":"usage","tokens":{"input":1,"output":-1}"#,
            "field `tokens/output`: expected a count of tokens, a whole number from 0, found `-1`",
        ),
        (
            r#""checkpoint":"note","kind":"usage","money":0.1"#,
            "field `money`: expected an amount as a decimal string, with 1 to 9 digits before the point and at most 9 after it, found `0.1`",
        ),
        (
            r#""checkpoint":"note","kind":"thought""#,
            "field `kind`: expected one of `usage`, `reasoning`, `error`, `retry`, found `thought`",
        ),
    ] {
        assert_eq!(refusal(members), message);
    }
    assert_eq!(Event::from_json(b"[1]").unwrap_err().to_string(), "field ``: expected an object, found an array");
    assert_eq!(
        Event::from_json(b"{\"agent\":\"a\"}").unwrap_err().to_string(),
        "field `session`: expected a string, found nothing"
    );
}

#[test]
fn an_error_of_the_json_is_told_with_its_place() {
    let error = read(r#""checkpoint":"output","text":"x","text":"y""#).unwrap_err();
    assert_eq!(error.field(), None);
    assert!(error.to_string().ends_with("expected each key once in an object, found `text` again"), "{error}");
}

#[test]
fn a_value_too_deep_to_be_read_back_is_no_event() {
    let mut deep = Value::Null;
    for _ in 0..json::MAX_DEPTH {
        deep = vec![deep].into();
    }
    let mut event = event_of(Body::Output { text: String::new() }).to_value();
    let Value::Object(object) = &mut event else { unreachable!() };
    object.insert("text", deep);
    assert_eq!(
        Event::from_value(event).unwrap_err().to_string(),
        "field ``: expected at most 64 nested arrays and objects, found more"
    );
}
