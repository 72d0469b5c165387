//! Marks: the tokens by which chat templates part a conversation into turns, written into a text as if it were one.
//!
//! Sources, each model's published chat template or prompt format:
//!
//! * `<|name|>`: `ChatML` of `OpenAI` and Qwen (`im_start`), harmony (`start`, `channel`), Llama 3 (`start_header_id`, `eot_id`),
//!   Phi and Zephyr (`system`, `user`), Command R (`START_OF_TURN_TOKEN`), GPT-2 (`endoftext`); `<｜name｜>` of `DeepSeek`. The
//!   form itself is matched, since models to come will use other names in it.
//! * `[INST]`, `[/INST]`, `<<SYS>>`, `<</SYS>>`: Llama 2; `[SYSTEM_PROMPT]`, `[TOOL_RESULTS]`, `[AVAILABLE_TOOLS]`,
//!   `[TOOL_CALLS]`: Mistral.
//! * `<start_of_turn>`, `<end_of_turn>`: Gemma.
//! * `### Instruction:`, `### Human:`, `### Assistant:`, `### System:`: Alpaca and Vicuna.
//! * `</tool_result>` and its like: the elements in which agents hand over what a tool answered, closed by the answer itself.

/// What begins at a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// No mark.
    Nothing,
    /// A mark that ends before this byte.
    Mark(usize),
    /// The text ends where a mark may still go on.
    Open,
}

/// The longest name between `<|` and `|>`, in bytes.
const NAME: usize = 40;

/// Marks that stand as they are, but for case.
const FIXED: &[&str] = &[
    "[inst]",
    "[/inst]",
    "<<sys>>",
    "<</sys>>",
    "[system_prompt]",
    "[/system_prompt]",
    "[tool_results]",
    "[/tool_results]",
    "[available_tools]",
    "[/available_tools]",
    "[tool_calls]",
    "<start_of_turn>",
    "<end_of_turn>",
    "### instruction:",
    "### human:",
    "### assistant:",
    "### system:",
    "</tool_result>",
    "</tool_results>",
    "</tool_response>",
    "</tool_output>",
    "</function_result>",
    "</function_results>",
    "</function_response>",
    "</user_query>",
    "</untrusted_data>",
    "</untrusted_content>",
];

/// The mark that begins at a byte of a text, if one does. One that is quoted by itself, as documentation names it, is none.
pub(crate) fn find(text: &str, start: usize) -> Found {
    let bytes = text.as_bytes();
    let rest = bytes.get(start..).unwrap_or_default();
    let found = match rest {
        [b'<', b'|', name @ ..] => template(name, b"|>").offset(start + 2),
        [b'<', 0xef, 0xbd, 0x9c, name @ ..] => template(name, "\u{ff5c}>".as_bytes()).offset(start + 4),
        [b'<', 0xef] | [b'<', 0xef, 0xbd] => Found::Open,
        _ => fixed(rest).offset(start),
    };
    let Found::Mark(end) = found else { return found };
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    match (before, bytes.get(end)) {
        (Some(before @ (b'`' | b'"' | b'\'')), Some(after)) if before == after => Found::Nothing,
        _ => found,
    }
}

impl Found {
    fn offset(self, by: usize) -> Self {
        if let Self::Mark(end) = self { Self::Mark(end + by) } else { self }
    }
}

/// A name and what closes it.
fn template(text: &[u8], close: &[u8]) -> Found {
    // U+2581 stands for a space in DeepSeek's names.
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b' ' | 0xe2 | 0x96 | 0x81);
    let name = text.iter().take(NAME).take_while(|byte| is_name(byte)).count();
    let letters = text.iter().take(name).filter(|byte| byte.is_ascii_alphabetic()).count();
    let rest = text.get(name..).unwrap_or_default();
    if rest.starts_with(close) && letters >= 2 && text.first() != Some(&b' ') {
        Found::Mark(name + close.len())
    } else if rest.len() < close.len() && close.starts_with(rest) {
        Found::Open
    } else {
        Found::Nothing
    }
}

fn fixed(text: &[u8]) -> Found {
    // Code is full of these signs; few have one of these letters behind them.
    let second = text.get(1).map_or(b'#', u8::to_ascii_lowercase);
    if !matches!(second, b'#' | b'/' | b'<' | b'a' | b'e' | b'i' | b's' | b't') {
        return Found::Nothing;
    }
    let mut open = false;
    for mark in FIXED {
        let same =
            text.iter().zip(mark.bytes()).take_while(|(found, mark)| found.to_ascii_lowercase() == *mark).count();
        if same == mark.len() {
            return Found::Mark(same);
        }
        open |= same == text.len();
    }
    if open { Found::Open } else { Found::Nothing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_a_template_is_a_mark_whatever_its_name() {
        for text in ["<|im_start|>", "<|new_model_turn|>", "<\u{ff5c}User\u{ff5c}>", "[INST]", "<<SYS>>", "### Human:"]
        {
            assert_eq!(find(text, 0), Found::Mark(text.len()), "{text}");
        }
    }

    #[test]
    fn operators_and_markup_are_no_marks() {
        for text in ["<| x |>", "<||>", "<|> ", "[insert]", "### Instructions", "<system>x", "a <| b"] {
            assert_eq!(find(text, 0), Found::Nothing, "{text}");
        }
    }

    #[test]
    fn a_mark_that_is_quoted_by_itself_is_none() {
        assert_eq!(find("`<|im_start|>` begins", 1), Found::Nothing);
        assert_eq!(find("\"<|im_start|>system\"", 1), Found::Mark(13));
    }

    #[test]
    fn a_mark_that_is_cut_off_is_open() {
        for text in ["<", "<|", "<|im_st", "<|im_start|", "[IN", "###"] {
            assert_eq!(find(text, 0), Found::Open, "{text}");
        }
    }
}
