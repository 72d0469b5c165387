//! How far the guard looks, in bytes. Every search is bounded by one of these, which makes the guard linear and gives it
//! its reach.

/// The longest URL that is judged. What is longer is reported as such, for its first bytes. The protocol of sitemaps asks
/// for less than 2,048 (sitemaps.org/protocol.html, `loc`), and what is meant for people to follow keeps to it.
pub(crate) const URL: usize = 2048;

/// The longest text between the brackets of a markdown image.
pub(crate) const ALT: usize = 256;

/// The longest title behind a URL in a markdown image, with the space around it.
pub(crate) const TITLE: usize = 256;

/// Space between a bracket and the URL in it, and between the URL and what closes it.
pub(crate) const SPACE: usize = 8;

/// How far before a URL the HTML tag begins whose attribute it is.
pub(crate) const TAG: usize = 512;

/// The longest scheme, and the longest run of letters that may become one.
pub(crate) const SCHEME: usize = 32;

/// The longest host that is looked for without a scheme in front of it.
pub(crate) const BARE: usize = 96;

/// The longest command or placeholder in a URL that holds what would otherwise end it.
pub(crate) const INSERT: usize = 128;

/// The most punctuation that is taken off the end of a URL in prose.
pub(crate) const TRIM: usize = 16;

/// How many URLs inside URLs are judged: of those that begin in one run of characters, within [`URL`] of each other.
pub(crate) const NESTED: usize = 4;

/// The longest finding: a whole markdown image.
pub(crate) const LONGEST: usize = 2 + ALT + 2 + SPACE + 1 + URL + 1 + SPACE + 2 + TITLE + SPACE + 1;

/// What before a URL says how it is used: a tag, or the brackets in front of it.
pub(crate) const CONTEXT: usize = TAG + SCHEME + 3 * SPACE;

/// What before a finding can influence it: another finding that covers it, the URLs in whose run that one begins, and
/// what says how the first of these is used.
pub(crate) const BEFORE: usize = LONGEST + URL + CONTEXT;

/// What behind a finding can influence it: whether the quote or bracket that opens its URL closes, or the title of an
/// image.
pub(crate) const AFTER: usize = URL + 2 * SPACE + 2 + TITLE;
