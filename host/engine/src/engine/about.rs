//! What guards are told of an event beside what it carries.

use super::tool::MetTool;
use crate::event::{Body, Event};
use crate::guard::About;
use crate::json::{Object, Value};
use crate::tools::{Role, Said};
use crate::vocabulary::Vocabulary as _;

/// What is known of a call: its tool's schema, and what each argument is for (the attribute `roles`, an object of roles by
/// RFC 6901 pointer).
pub(super) fn of_call(event: &Event, tool: &MetTool) -> About {
    let Body::ToolCall { arguments, .. } = &event.body else { return About::default() };
    let mut roles = Object::new();
    tool.view.roles.leaves(arguments, |leaf| {
        // What is executed matters most to whoever looks at the text of an argument.
        let role = [Role::Code, Role::Destination, Role::Selector, Role::Payload];
        let role = role.into_iter().find(|role| leaf.roles.contains(*role));
        if let (Some(role), Said::Value(_)) = (role, leaf.said) {
            roles.insert(leaf.path.to_string(), role.word());
        }
    });
    About {
        input_schema: tool.definition().and_then(|definition| definition.input_schema()).map(ToString::to_string),
        of_call: vec![("roles", Value::from(roles).to_string())],
        of_text: Vec::new(),
    }
}

/// What is known of a structured result: itself as JSON (`structured`) and its tool's schema (`output-schema`).
pub(super) fn of_result(event: &Event, tool: &MetTool) -> About {
    let schema = tool.definition().and_then(|definition| definition.output_schema());
    let (Body::ToolResult { result, .. }, Some(schema)) = (&event.body, schema) else { return About::default() };
    let Some(structured) = &result.structured else { return About::default() };
    let of_text = vec![("output-schema", schema.to_string()), ("structured", structured.to_string())];
    About { of_text, ..About::default() }
}
