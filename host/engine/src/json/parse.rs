//! [`parse()`]: from bytes to a [`Value`], strictly.

use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, Peek};

use super::{JsonError, MAX_DEPTH, Number, Object, Value, quote};

/// Reads one JSON value, which white space may surround.
///
/// Takes time and memory in proportion to the input, whose length the caller bounds.
///
/// # Errors
///
/// Where `input` is not JSON by RFC 8259, or JSON that the [module](super) refuses.
pub fn parse(input: &[u8]) -> Result<Value, JsonError> {
    // Once for the whole input, so that no byte of it is left unchecked, be it between values.
    if let Err(error) = std::str::from_utf8(input) {
        let offset = error.valid_up_to();
        let byte = input.get(offset).copied().unwrap_or_default();
        return Err(JsonError::at(input, offset, "UTF-8", format!("the byte 0x{byte:02x}")));
    }
    if input.starts_with("\u{feff}".as_bytes()) {
        return Err(JsonError::at(input, 0, "a JSON value", "a byte-order mark"));
    }
    let mut reader = Reader { input, tokens: Jiter::new(input) };
    let value = reader.value(0)?;
    reader.tokens.finish().map_err(|error| reader.syntax(&error))?;
    Ok(value)
}

/// One reading of one input.
struct Reader<'j> {
    input: &'j [u8],
    tokens: Jiter<'j>,
}

impl Reader<'_> {
    /// The next value, which stands inside `depth` arrays and objects.
    fn value(&mut self, depth: usize) -> Result<Value, JsonError> {
        let next = self.tokens.peek().map_err(|error| self.syntax(&error))?;
        match next {
            Peek::Null => self.tokens.next_null().map(|()| Value::Null).map_err(|error| self.syntax(&error)),
            Peek::True | Peek::False => {
                self.tokens.known_bool(next).map(Value::Bool).map_err(|error| self.syntax(&error))
            }
            Peek::String => match self.tokens.known_str() {
                Ok(text) => Ok(Value::String(text.to_owned())),
                Err(error) => Err(self.syntax(&error)),
            },
            Peek::Array => self.array(depth + 1),
            Peek::Object => self.object(depth + 1),
            _ => self.number(next),
        }
    }

    /// An array, whose bracket is next, and which with itself stands inside `depth` arrays and objects.
    fn array(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.check_depth(depth)?;
        let mut items = Vec::new();
        let mut next = self.tokens.known_array().map_err(|error| self.syntax(&error))?;
        while next.is_some() {
            items.push(self.value(depth)?);
            next = self.tokens.array_step().map_err(|error| self.syntax(&error))?;
        }
        Ok(Value::Array(items))
    }

    /// An object, whose brace is next, and which with itself stands inside `depth` arrays and objects.
    fn object(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.check_depth(depth)?;
        let mut object = Object::new();
        let mut before = self.tokens.current_index();
        let mut key = owned(self.tokens.known_object()).map_err(|error| self.syntax(&error))?;
        while let Some(name) = key {
            if object.get(&name).is_some() {
                let offset = self.next_quote(before);
                return Err(JsonError::at(
                    self.input,
                    offset,
                    "each key once in an object",
                    format!("{} again", quote(&name)),
                ));
            }
            let value = self.value(depth)?;
            object.insert(name, value);
            before = self.tokens.current_index();
            key = owned(self.tokens.next_key()).map_err(|error| self.syntax(&error))?;
        }
        Ok(Value::Object(object))
    }

    /// A number, or whatever else `next` begins, which is then an error.
    fn number(&mut self, next: Peek) -> Result<Value, JsonError> {
        let offset = self.tokens.current_index();
        let text = match self.tokens.known_number_bytes(next) {
            Ok(bytes) => std::str::from_utf8(bytes).unwrap_or_default(),
            Err(error) => return Err(self.syntax(&error)),
        };
        match Number::checked(text) {
            Ok(number) => Ok(Value::Number(number)),
            Err((expected, found)) => Err(JsonError::at(self.input, offset, expected, found)),
        }
    }

    /// Refuses to open an array or object that stands too deep.
    fn check_depth(&self, depth: usize) -> Result<(), JsonError> {
        if depth <= MAX_DEPTH {
            return Ok(());
        }
        let offset = self.tokens.current_index();
        Err(JsonError::at(self.input, offset, format!("at most {MAX_DEPTH} nested arrays and objects"), "one more"))
    }

    /// The offset of the first quotation mark from `offset` on: between two members nothing else is a key's.
    fn next_quote(&self, offset: usize) -> usize {
        let rest = self.input.get(offset..).unwrap_or_default();
        offset + memchr::memchr(b'"', rest).unwrap_or_default()
    }

    /// Our error for the parser's.
    fn syntax(&self, error: &JiterError) -> JsonError {
        let JiterErrorType::JsonError(kind) = &error.error_type else {
            // Only asked for after a look at what is next, so it cannot be of another type.
            return JsonError::at(self.input, error.index, "another value", error.error_type.to_string());
        };
        // Some errors lie behind the end, and some inside a character.
        let offset = self.input.get(..error.index).map_or(self.input.len(), <[u8]>::len);
        JsonError::at(self.input, offset, expected(kind), self.found(offset))
    }

    /// What stands at `offset`.
    fn found(&self, offset: usize) -> String {
        let rest = std::str::from_utf8(self.input.get(offset..).unwrap_or_default()).unwrap_or_default();
        rest.chars().next().map_or_else(|| "the end".to_owned(), |next| quote(next.encode_utf8(&mut [0; 4])))
    }
}

/// A key that no longer borrows from the parser.
fn owned(key: Result<Option<&str>, JiterError>) -> Result<Option<String>, JiterError> {
    key.map(|key| key.map(str::to_owned))
}

/// What the parser would have accepted where it stopped.
fn expected(kind: &JsonErrorType) -> &'static str {
    match kind {
        JsonErrorType::EofWhileParsingList | JsonErrorType::ExpectedListCommaOrEnd => "`,` or `]`",
        JsonErrorType::EofWhileParsingObject | JsonErrorType::ExpectedObjectCommaOrEnd => "`,` or `}`",
        JsonErrorType::EofWhileParsingString => "the rest of a string",
        JsonErrorType::ExpectedColon => "`:`",
        JsonErrorType::ExpectedSomeIdent => "`true`, `false` or `null`",
        JsonErrorType::InvalidEscape => "an escape that JSON knows",
        JsonErrorType::InvalidNumber => "a number as JSON writes it",
        JsonErrorType::NumberOutOfRange => "a shorter number",
        JsonErrorType::InvalidUnicodeCodePoint => "UTF-8",
        JsonErrorType::ControlCharacterWhileParsingString => "control characters to be escaped in a string",
        JsonErrorType::KeyMustBeAString => "a key in quotation marks",
        JsonErrorType::LoneLeadingSurrogateInHexEscape | JsonErrorType::UnexpectedEndOfHexEscape => {
            "surrogates to be escaped in pairs"
        }
        JsonErrorType::TrailingComma => "another item after the comma",
        JsonErrorType::TrailingCharacters => "nothing after the value",
        _ => "a JSON value",
    }
}
