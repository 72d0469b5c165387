//! Names of tools and parameters.

use guardhouse_guard::Part;

use crate::Hit;
use crate::rules;

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Tool,
    Parameter,
}

/// Names of parameters, without `_` and `-`, that ask for what the model has and the tool does not need.
const TELLING: [&str; 18] = [
    "chainofthought",
    "chathistory",
    "chatlog",
    "contextwindow",
    "conversationcontext",
    "conversationhistory",
    "conversationlog",
    "fullconversation",
    "fullcontext",
    "hiddencontext",
    "modelname",
    "previousmessages",
    "previoustoolcalls",
    "sidenote",
    "sidenotes",
    "toolcallhistory",
    "toolslist",
    "usercredentials",
];

/// What a part names, if it is a name: the tool's, or a key among properties.
pub(crate) fn name(part: &Part) -> Option<Name> {
    if part.path == "/name" {
        return Some(Name::Tool);
    }
    let key = part.path.strip_suffix("#key")?;
    let (parent, _) = key.rsplit_once('/')?;
    Some(if parent.ends_with("/properties") { Name::Parameter } else { Name::Tool })
}

/// Finds what is wrong with a name.
pub(crate) fn find(name: Name, text: &str, hits: &mut Vec<Hit>) {
    if is_mixed(text) {
        hits.push(Hit { rule: &rules::IMITATION, confidence: 90, span: 0..text.len() });
    } else if name == Name::Parameter && text.len() <= 64 {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
        let plain: Vec<u8> = letters.collect();
        if TELLING.iter().any(|telling| telling.as_bytes() == plain.as_slice()) {
            hits.push(Hit { rule: &rules::PARAMETER_NAME, confidence: 65, span: 0..text.len() });
        }
    }
}

/// Whether a name has Latin letters and letters of a script that look like them: Cyrillic, Greek, Armenian, Cherokee, or
/// full-width ones.
fn is_mixed(name: &str) -> bool {
    let has_latin = name.bytes().any(|byte| byte.is_ascii_alphabetic());
    let imitates = |character| {
        matches!(character, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}' | '\u{531}'..='\u{587}' | '\u{13a0}'..='\u{13ff}'
            | '\u{ff21}'..='\u{ff5a}' | '\u{1d400}'..='\u{1d7ff}')
    };
    has_latin && name.chars().any(imitates)
}
