//! What is reported: every rule, with how bad it is and how sure.
//!
//! A rule's id is stable: bundles switch rules off by it, and records name it. Severity is what happens if the finding is
//! right; confidence is how seldom an ordinary URL looks so.

use guardhouse_guard::Severity;

/// A URL that carries data to a host that nobody allowed.
pub(crate) const EXFILTRATION: &str = "url-exfiltration";
/// An image, or whatever else is fetched without a click, from a host that nobody allowed.
pub(crate) const UNTRUSTED_IMAGE: &str = "untrusted-image";
/// A link to a host or with a scheme that nobody allowed.
pub(crate) const UNTRUSTED_LINK: &str = "untrusted-link";
/// A URL that runs code where it is opened.
pub(crate) const ACTIVE: &str = "active-url";
/// A URL that leads to the machine itself, its network or its cloud's metadata.
pub(crate) const INTERNAL: &str = "internal-address";
/// A URL that leads elsewhere than a reader thinks.
pub(crate) const DECEPTIVE: &str = "deceptive-url";

/// Every category.
pub(crate) const CATEGORIES: &[&str] = &[EXFILTRATION, UNTRUSTED_IMAGE, UNTRUSTED_LINK, ACTIVE, INTERNAL, DECEPTIVE];

/// How bad a finding is and how sure, in percent.
pub(crate) type Weight = (Severity, u8);

/// One rule.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Its stable name.
    pub(crate) id: &'static str,
    /// Its category.
    pub(crate) category: &'static str,
    /// What it finds, as the message of the finding.
    pub(crate) what: &'static str,
    /// Its weight where the URL is a link or stands in the text.
    pub(crate) link: Weight,
    /// Its weight where the URL is fetched without a click.
    pub(crate) fetch: Weight,
}

/// Declares the rules and the table of them all.
macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $category:ident, $what:literal, $link:expr, $fetch:expr;)+) => {
        $($(#[$doc])* pub(crate) static $name: Rule =
            Rule { id: $id, category: $category, what: $what, link: $link, fetch: $fetch };)+

        /// Every rule.
        pub(crate) static RULES: &[&Rule] = &[$(&$name),+];
    };
}

use Severity::{High, Low, Medium};

rules! {
    /// A name in brackets where data is to be put. In documentation such names are identifiers; these mean content.
    PLACEHOLDER = "data-placeholder", EXFILTRATION, "a URL has a place into which data is to be put",
        (Medium, 60), (High, 85);
    /// Base64, hex or base32 that decodes to text. Random identifiers do not: see `encoded`.
    ENCODED = "encoded-data", EXFILTRATION, "a URL carries text in an encoding", (Medium, 60), (High, 85);
    /// The same in a label of the host's name, where a look-up alone sends it.
    SUBDOMAIN = "data-in-subdomain", EXFILTRATION, "the name of a host carries data", (High, 75), (High, 90);
    /// More words than a search or a title has.
    PROSE = "prose-in-url", EXFILTRATION, "a URL carries a longer text", (Low, 40), (Medium, 65);
    /// A name that says what the value is.
    TELLING = "telling-parameter", EXFILTRATION, "a URL names what it carries as something private",
        (Low, 50), (Medium, 70);
    /// A shell command that prints data, to be replaced by what it prints.
    COMMAND = "command-in-url", EXFILTRATION, "a URL has the output of a command put into it", (High, 75), (High, 85);
    /// A value that is long, random, and no text in any encoding known here.
    OPAQUE = "opaque-value", EXFILTRATION, "a URL carries a long value that cannot be read", (Low, 40), (Low, 50);
    /// More bytes than are judged.
    OVERLONG = "overlong-url", EXFILTRATION, "a URL is longer than the guard reads", (Low, 60), (Medium, 75);

    /// An image from a host that is not on the list.
    IMAGE_HOST = "image-host-not-allowed", UNTRUSTED_IMAGE,
        "something is fetched without a click from a host that is not allowed", (Medium, 90), (Medium, 90);
    /// An image from a host on the list of those that are refused.
    IMAGE_DENIED = "image-host-denied", UNTRUSTED_IMAGE,
        "something is fetched without a click from a host that is denied", (High, 100), (High, 100);
    /// A link to a host that is not on the list.
    LINK_HOST = "link-host-not-allowed", UNTRUSTED_LINK, "a link leads to a host that is not allowed",
        (Low, 90), (Low, 90);
    /// A link to a host on the list of those that are refused.
    LINK_DENIED = "link-host-denied", UNTRUSTED_LINK, "a link leads to a host that is denied", (High, 100), (High, 100);
    /// A scheme that is not on the list.
    SCHEME = "scheme-not-allowed", UNTRUSTED_LINK, "a URL has a scheme that is not allowed", (Low, 90), (Low, 90);

    /// `javascript:` and `vbscript:`.
    SCRIPT = "script-url", ACTIVE, "a URL is a script", (High, 85), (High, 85);
    /// `data:` with a type that a browser shows as a page or runs.
    DATA_DOCUMENT = "data-document", ACTIVE, "a URL holds a page or a script", (High, 75), (High, 80);

    /// An address at which a cloud gives credentials to its machines.
    METADATA = "metadata-address", INTERNAL, "a URL leads to a cloud's metadata", (High, 90), (High, 90);
    /// Link-local (RFC 3927, RFC 4291).
    LINK_LOCAL = "link-local-address", INTERNAL, "a URL leads to a link-local address", (Medium, 85), (Medium, 85);
    /// Loopback, `localhost`, and the unspecified address, which leads there too.
    LOOPBACK = "loopback-address", INTERNAL, "a URL leads to the machine itself", (Low, 85), (Low, 85);
    /// Private use (RFC 1918, RFC 4193) and shared (RFC 6598).
    PRIVATE = "private-address", INTERNAL, "a URL leads to an address of a private network", (Low, 85), (Low, 85);
    /// A name that only a private network knows.
    INTERNAL_NAME = "internal-name", INTERNAL, "a URL leads to a name of a private network", (Low, 60), (Low, 60);
    /// `file:` on this machine or another.
    FILE = "file-url", INTERNAL, "a URL leads to a file", (Low, 60), (Medium, 70);
    /// `gopher:` and other schemes by which a server's client is made to speak to other services.
    LOCAL_SCHEME = "local-scheme", INTERNAL, "a URL has a scheme that only reaches what is local", (Medium, 70), (Medium, 70);

    /// `https://known.example@other.example/`.
    HOST_IN_USERINFO = "host-in-userinfo", DECEPTIVE, "a URL shows a host that it does not lead to",
        (High, 85), (High, 85);
    /// A host in another spelling than the one it has.
    DISGUISED = "disguised-host", DECEPTIVE, "the host of a URL is written so that it is not recognised",
        (Medium, 80), (Medium, 80);
    /// Letters of other scripts that look like Latin ones.
    LOOK_ALIKE = "look-alike-host", DECEPTIVE, "the host of a URL mixes alphabets or imitates Latin letters",
        (Medium, 75), (Medium, 75);
    /// A user name with a password.
    CREDENTIALS = "credentials-in-url", DECEPTIVE, "a URL has a user name and a password", (Low, 60), (Low, 60);
}

/// The rule with an id.
pub(crate) fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_confidences_are_percent() {
        let mut ids = HashSet::new();
        for rule in RULES {
            assert!(ids.insert(rule.id), "{}", rule.id);
            assert!(rule.link.1 <= 100 && rule.fetch.1 <= 100, "{}", rule.id);
            assert!(CATEGORIES.contains(&rule.category), "{}", rule.id);
        }
    }
}
