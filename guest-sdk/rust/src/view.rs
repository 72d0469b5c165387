//! The host's views: what a text says once it is decoded. A guard asks for them in [`About::views`](crate::About).
//!
//! A view is a [`Part`](crate::Part) of its own, behind the original that it was made of and with the same path. Its body
//! is the decoded text; spans are given in it, and the host maps them back: a finding in decoded base64 covers the whole
//! encoded run. A view that would say the same as its original is not made, so most texts have none. Views are made of
//! views, two deep. What a view shows a second time is reported once: the host drops a finding in a view where the same
//! rule was found at the same place in an earlier part.

/// The whole text with the escapes of JSON strings (`\u0041`, `\n`), HTML's character references (`&lt;`, `&#65;`) and
/// percent-encoding (`%41`) decoded.
pub const UNESCAPED: &str = "unescaped";
/// The whole text as a reader sees it, in one alphabet: invisible characters gone (zero-width, bidirectional controls,
/// variation selectors), tag characters as the ASCII that they spell, full-width and styled letters as plain ones, and
/// letters of other scripts that look like ASCII as that, in words that mix scripts.
pub const UNHIDDEN: &str = "unhidden";
/// One run of base64 or base64url that decodes to text.
pub const BASE64: &str = "base64";
/// One run of hexadecimal digits that decodes to text.
pub const HEX: &str = "hex";
/// All of them.
pub const ALL: &[&str] = &[UNESCAPED, UNHIDDEN, BASE64, HEX];
