//! Laws of reading and writing JSON, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

/// Numbers as JSON writes them, short and long, within the bounds and just beyond.
fn number_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_filter("JSON has no infinities", |double| double.is_finite()).prop_map(|d| format!("{d:e}")),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?",
    ]
}

/// Numbers that are accepted.
fn number() -> impl Strategy<Value = Number> {
    number_text().prop_filter_map("out of bounds", |text| match parse(text.as_bytes()) {
        Ok(Value::Number(number)) => Some(number),
        _ => None,
    })
}

/// Any value that is accepted, some levels deep.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((any::<String>(), inner), 0..6).prop_map(|members| object(members).into()),
        ]
    })
}

fn object(members: Vec<(String, Value)>) -> Object {
    let mut object = Object::new();
    for (key, value) in members {
        object.insert(key, value);
    }
    object
}

/// `value` told otherwise: members in reverse, white space, numbers in another spelling.
fn otherwise(value: &Value) -> String {
    let mut text = " ".to_owned();
    match value {
        Value::Number(number) => text.push_str(&respelt(number)),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(otherwise).collect();
            write!(text, "[\t{}\r\n]", items.join(" ,")).unwrap();
        }
        Value::Object(object) => {
            let mut members: Vec<_> =
                object.iter().map(|(key, value)| format!("{} :{}", Value::from(key), otherwise(value))).collect();
            members.reverse();
            write!(text, "{{{} }}", members.join(",\n")).unwrap();
        }
        other => write!(text, "{other}").unwrap(),
    }
    text
}

/// The number with its point one place to the left.
fn respelt(number: &Number) -> String {
    let (mantissa, exponent) = number.as_str().split_once(['e', 'E']).unwrap_or((number.as_str(), "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let (high, low) = whole.split_at(whole.len() - 1);
    let high = if high.is_empty() { "0" } else { high };
    format!("{sign}{high}.{low}{fraction}0E{:+}", exponent.parse::<i64>().unwrap() + 1)
}

/// Whether `serde_json` read the same. It holds decimals as doubles, and does not always round to the nearest.
fn same(ours: &Value, theirs: &serde_json::Value) -> bool {
    match (ours, theirs) {
        (Value::Null, serde_json::Value::Null) => true,
        (Value::Bool(ours), serde_json::Value::Bool(theirs)) => ours == theirs,
        (Value::String(ours), serde_json::Value::String(theirs)) => ours == theirs,
        (Value::Number(ours), serde_json::Value::Number(theirs)) => {
            if let Some(integer) = theirs.as_i64() {
                return ours.as_i64() == Some(integer);
            }
            if let Some(integer) = theirs.as_u64() {
                return ours.as_u64() == Some(integer);
            }
            let (ours, theirs) = (ours.as_str().parse::<f64>().unwrap(), theirs.as_f64().unwrap());
            (ours - theirs).abs() <= ours.abs() * 1e-14 + f64::MIN_POSITIVE
        }
        (Value::Array(ours), serde_json::Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (Value::Object(ours), serde_json::Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().all(|(key, ours)| theirs.get(key).is_some_and(|theirs| same(ours, theirs)))
        }
        _ => false,
    }
}

/// Whether the error is one of the refusals that the module documents beyond RFC 8259 and `serde_json`.
fn documented(error: &JsonError) -> bool {
    [
        "each key once in an object",
        "at most 64 nested arrays and objects",
        "a number of at most 1000 bytes",
        "an exponent within ±100000",
        "a number no greater than the greatest double",
    ]
    .contains(&error.expected())
}

/// Holds our parser against `serde_json`.
fn compare(input: &[u8]) -> Result<(), TestCaseError> {
    match (parse(input), serde_json::from_slice::<serde_json::Value>(input)) {
        (Ok(ours), Ok(theirs)) => prop_assert!(same(&ours, &theirs), "{ours} is not {theirs}"),
        // `serde_json` rounds some numbers just below the greatest double up to an infinity.
        (Ok(ours), Err(error)) => prop_assert!(error.to_string().contains("number out of range"), "{ours}: {error}"),
        (Err(error), Ok(_)) => prop_assert!(documented(&error), "{error}"),
        (Err(_), Err(_)) => {}
    }
    Ok(())
}

/// Bytes that are nearly JSON.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec![
            "{", "}", "[", "]", ",", ":", "\"a\":", "\"b\":", "\"\\u0061\":", "true", "false", "null", "0", "-", "1",
            ".5", "e1", "E-2", "\"", "\\", "\\ud83d", "\\ude00", "\\u0000", "\\n", " ", "\n", "NaN", "Infinity", "é",
            "\u{feff}", "\u{2028}", "-0", "01", "1e400", "\u{1}", "\u{7f}",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..3),
    ];
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_and_written_the_same(value in value()) {
        let text = value.to_string();
        let read = parse(text.as_bytes()).unwrap();
        prop_assert_eq!(&read, &value);
        prop_assert_eq!(read.to_string(), text);
    }

    #[test]
    fn the_digest_does_not_depend_on_order_white_space_and_spelling(value in value()) {
        let other = otherwise(&value);
        let read = parse(other.as_bytes()).unwrap();
        prop_assert_eq!(&read, &value, "{}", other);
        prop_assert_eq!(read.digest(), value.digest());
    }

    #[test]
    fn the_canonical_form_says_the_same_and_is_its_own(value in value()) {
        let canonical = value.canonical();
        let read = parse(canonical.as_bytes()).unwrap();
        prop_assert_eq!(&read, &value);
        prop_assert_eq!(read.to_string(), canonical);
    }

    #[test]
    fn values_are_equal_exactly_if_their_digests_are(a in number(), b in number()) {
        let (a, b) = (Value::from(a), Value::from(b));
        prop_assert_eq!(a == b, a.digest() == b.digest());
    }

    #[test]
    fn doubles_have_the_canonical_form_of_rfc_8785(bits in any::<u64>()) {
        let double = f64::from_bits(bits);
        prop_assume!(double.is_finite() && double != 0.0);
        // `{:e}` prints the digits of ECMA-262: the shortest that read back as the same double.
        let Value::Number(number) = parse(format!("{double:e}").as_bytes()).unwrap() else { unreachable!() };
        prop_assert_eq!(number.canonical().parse::<f64>().unwrap().to_bits(), bits);
        prop_assert_eq!(Number::canonical(&number), canonical_double(double));
    }

    #[test]
    fn nearly_json_is_read_as_serde_json_reads_it_or_refused_for_a_documented_reason(input in soup()) {
        compare(&input)?;
    }

    #[test]
    fn any_bytes_are_read_as_serde_json_reads_them(input in prop::collection::vec(any::<u8>(), 0..64)) {
        compare(&input)?;
    }

    #[test]
    fn numbers_are_read_as_serde_json_reads_them(text in number_text()) {
        compare(text.as_bytes())?;
    }

    #[test]
    fn what_serde_writes_is_equal_or_fails(value in value()) {
        if let Ok(text) = serde_json::to_string(&value) {
            prop_assert_eq!(parse(text.as_bytes()).unwrap(), value);
        }
    }

    #[test]
    fn an_error_names_a_place_in_the_input(input in soup()) {
        if let Err(error) = parse(&input) {
            let lines: Vec<_> = input.split(|byte| *byte == b'\n').collect();
            prop_assert!((1..=lines.len()).contains(&error.line()));
            prop_assert!((1..=lines[error.line() - 1].len() + 1).contains(&error.column()));
        }
    }
}

/// ECMA-262, `Number::toString`, from Rust's shortest digits.
fn canonical_double(double: f64) -> String {
    let magnitude = double.abs();
    if (1e-6..1e21).contains(&magnitude) {
        return format!("{double}");
    }
    let text = format!("{double:e}");
    if magnitude >= 1.0 { text.replace('e', "e+") } else { text }
}

/// The message for input that is refused.
fn refusal(input: impl AsRef<[u8]>) -> String {
    parse(input.as_ref()).unwrap_err().to_string()
}

#[test]
fn a_duplicate_key_is_refused_at_any_depth() {
    assert_eq!(
        refusal("{\"to\":\"alice\",\n \"to\":\"bob\"}"),
        "line 2, column 2: expected each key once in an object, found `to` again"
    );
    assert_eq!(
        refusal(r#"[{"a":{"é":1,"b":2,"\u00e9":3}}]"#),
        "line 1, column 20: expected each key once in an object, found `é` again"
    );
    assert!(parse(br#"{"a":{"a":[{"a":1},{"a":2}]}}"#).is_ok());
}

#[test]
fn a_large_object_is_read_and_its_last_key_compared() {
    let mut text = "{".to_owned();
    for number in 0..100_000 {
        write!(text, "\"{number}\":0,").unwrap();
    }
    assert!(parse(format!("{text}\"x\":1}}").as_bytes()).is_ok());
    assert!(refusal(format!("{text}\"77777\":1}}")).contains("found `77777` again"));
}

#[test]
fn sixty_four_containers_are_read_and_one_more_is_not() {
    let nested = |open: &str, close: &str, depth| format!("{}1{}", open.repeat(depth), close.repeat(depth));
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        assert_eq!(parse(nested(open, close, 64).as_bytes()).unwrap().depth(), MAX_DEPTH);
        assert!(refusal(nested(open, close, 65)).contains("expected at most 64 nested arrays and objects"));
    }
    assert!(parse("[".repeat(1_000_000).as_bytes()).is_err());
}

#[test]
fn what_is_not_json_is_refused_where_it_stands() {
    for (input, message) in [
        ("", "line 1, column 1: expected a JSON value, found the end"),
        ("\u{feff}{}", "line 1, column 1: expected a JSON value, found a byte-order mark"),
        ("NaN", "line 1, column 1: expected a JSON value, found `N`"),
        ("[Infinity]", "line 1, column 2: expected a JSON value, found `I`"),
        ("-Infinity", "line 1, column 2: expected a number as JSON writes it, found `I`"),
        ("01", "line 1, column 2: expected a number as JSON writes it, found `1`"),
        ("+1", "line 1, column 1: expected a JSON value, found `+`"),
        (".5", "line 1, column 1: expected a JSON value, found `.`"),
        ("1.", "line 1, column 3: expected a JSON value, found the end"),
        ("1 2", "line 1, column 3: expected nothing after the value, found `2`"),
        ("{} \n\u{0}", "line 2, column 1: expected nothing after the value, found `\\0`"),
        ("[1,]", "line 1, column 4: expected another item after the comma, found `]`"),
        ("{\"a\":1,}", "line 1, column 8: expected another item after the comma, found `}`"),
        ("{a:1}", "line 1, column 2: expected a key in quotation marks, found `a`"),
        ("{\"a\" 1}", "line 1, column 6: expected `:`, found `1`"),
        ("[1 2]", "line 1, column 4: expected `,` or `]`, found `2`"),
        ("\"é\n\"", "line 1, column 3: expected control characters to be escaped in a string, found `\\n`"),
        ("\"\\x\"", "line 1, column 3: expected an escape that JSON knows, found `x`"),
        ("\"abc", "line 1, column 5: expected the rest of a string, found the end"),
        ("nul", "line 1, column 4: expected a JSON value, found the end"),
        ("trUe", "line 1, column 3: expected `true`, `false` or `null`, found `U`"),
        ("'a'", "line 1, column 1: expected a JSON value, found `'`"),
        ("[1] // no", "line 1, column 5: expected nothing after the value, found `/`"),
    ] {
        assert_eq!(refusal(input), message, "{input}");
    }
}

#[test]
fn lone_surrogates_are_refused_and_pairs_read() {
    for input in [r#""\ud83d""#, r#""\ude00""#, r#""\ud83dx""#, r#""\ud83d\n""#, r#""\ud83d\u0041""#, r#"{"\udc00":1}"#]
    {
        assert!(refusal(input).contains("expected surrogates to be escaped in pairs"), "{input}: {}", refusal(input));
    }
    assert_eq!(parse(br#""\ud83d\ude00""#), Ok("😀".into()));
}

#[test]
fn invalid_utf8_is_refused_wherever_it_stands() {
    for input in [b"\"a\xff\"".as_slice(), b"{\"\xc3\":1}", b"[1]\xff", b"\xff", b"\"\xed\xa0\x80\"", b"\"\xc0\xaf\""] {
        assert!(refusal(input).contains("expected UTF-8, found the byte 0x"), "{}", refusal(input));
    }
}

/// Two decimals of 17 digits that are one double, exactly half-way between them: found by the law above.
#[test]
fn serde_never_gets_a_number_that_it_could_write_as_another() {
    for input in ["2.0705753001633523e15", "2.0705753001633522e15"] {
        assert!(serde_json::to_string(&parse(input.as_bytes()).unwrap()).is_err(), "{input}");
    }
    let fifteen = parse(b"2.07057530016335e15").unwrap();
    assert_eq!(parse(serde_json::to_string(&fifteen).unwrap().as_bytes()), Ok(fifteen));
}

#[test]
fn negative_zero_is_zero_in_any_spelling() {
    for input in ["-0", "-0.0", "-0e5", "-0.000E-1"] {
        assert_eq!(parse(input.as_bytes()).map(|zero| zero.canonical()), Ok("0".to_owned()), "{input}");
    }
}

#[test]
fn a_number_is_bounded_in_length_and_size() {
    assert!(parse("1".repeat(300).as_bytes()).is_ok());
    assert!(parse(format!("0.{}", "1".repeat(998)).as_bytes()).is_ok());
    assert!(refusal(format!("0.{}", "1".repeat(999))).contains("a number of at most 1000 bytes, found one of 1001"));
    assert!(refusal("1".repeat(1_000_000)).contains("expected a shorter number"));
    for input in ["1e1000000000", "1e-100001", "0e99999999999999999999", "1e00000000000000100001"] {
        assert!(refusal(input).contains("expected an exponent within ±100000"), "{input}");
    }
    for input in ["1e309", "-1e309", "1.7976931348623159e308", &"9".repeat(310), "1e100000"] {
        assert!(refusal(input).contains("no greater than the greatest double"), "{input}");
    }
    assert!(parse(b"[1.7976931348623157e308, 1e-100000, 1e000000000000000000005]").is_ok());
}

#[test]
fn numbers_convert_exactly_or_not_at_all() {
    let number = |text: &str| parse(text.as_bytes()).unwrap().as_number().unwrap().clone();
    for text in ["1", "1.0", "1e0", "10e-1", "0.1e1", "100e-2"] {
        assert_eq!(number(text).as_i64(), Some(1), "{text}");
    }
    assert_eq!(number("-9223372036854775808").as_i64(), Some(i64::MIN));
    assert_eq!(number("9223372036854775807.0").as_i64(), Some(i64::MAX));
    for text in ["9223372036854775808", "-9223372036854775809", "0.5", "1e19", "1e-1", "1e300"] {
        assert_eq!(number(text).as_i64(), None, "{text}");
    }
    assert_eq!(number("18446744073709551615").as_u64(), Some(u64::MAX));
    assert_eq!(number("-1").as_u64(), None);
    assert_eq!(number("12.5").as_ten_thousandths(), Some(125_000));
    assert_eq!(number("922337203685477.5807").as_ten_thousandths(), Some(i64::MAX));
    assert_eq!(number("-922337203685477.5808").as_ten_thousandths(), Some(i64::MIN));
    assert_eq!(number("0.10000").as_ten_thousandths(), Some(1_000));
    assert_eq!(number("0.00001").as_ten_thousandths(), None);
    assert_eq!(number("922337203685477.5808").as_ten_thousandths(), None);
    assert_eq!(number("0e-5").as_ten_thousandths(), Some(0));
}

#[test]
fn the_canonical_form_is_that_of_rfc_8785_with_exact_numbers() {
    // The example of RFC 8785, section 3.2.2, without the number that a double cannot hold exactly.
    let text = r#"{"numbers": [1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#;
    assert_eq!(
        parse(text.as_bytes()).unwrap().canonical(),
        r#"{"literals":[null,true,false],"numbers":[1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
    );
    // The order of section 3.2.3.
    let text = r#"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#;
    let canonical = parse(text.as_bytes()).unwrap().canonical();
    assert_eq!(canonical, "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}");
}

#[test]
fn numbers_beyond_a_double_keep_their_digits() {
    for (text, canonical) in [
        ("9007199254740993", "9007199254740993"),
        ("9007199254740992", "9007199254740992"),
        ("333333333.33333329", "333333333.33333329"),
        ("123456789012345678901", "123456789012345678901"),
        ("1234567890123456789012", "1.234567890123456789012e+21"),
        ("1e20", "100000000000000000000"),
        ("1e21", "1e+21"),
        ("0.00000123", "0.00000123"),
        ("0.000000123", "1.23e-7"),
        ("-1.50", "-1.5"),
        ("0.0", "0"),
        ("1e-100000", "1e-100000"),
    ] {
        assert_eq!(parse(text.as_bytes()).unwrap().canonical(), canonical);
    }
}

#[test]
fn serde_refuses_a_number_it_cannot_carry() {
    let digits = parse(b"[1.00000000000000000001]").unwrap();
    assert!(serde_json::to_string(&digits).unwrap_err().to_string().contains("cannot be carried exactly"));
    assert_eq!(digits.to_string(), "[1.00000000000000000001]");
    assert_eq!(
        serde_json::to_string(&parse(b"[1.50,1e2,18446744073709551615]").unwrap()).unwrap(),
        "[1.5,100,18446744073709551615]"
    );
}

#[test]
fn a_magic_key_of_serde_json_is_a_key_like_any_other() {
    let text = br#"{"$serde_json::private::Number":"1","$serde_json::private::RawValue":"{}"}"#;
    let value = parse(text).unwrap();
    assert_eq!(value.as_object().unwrap().len(), 2);
    let theirs: serde_json::Value = serde_json::from_slice(text).unwrap();
    assert_eq!(theirs.as_object().unwrap().len(), 2, "a feature of serde_json that must stay off is on");
}
