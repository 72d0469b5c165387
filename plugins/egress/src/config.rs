//! What a bundle may set.

use url::Url;

use crate::address::without_dot;
use crate::evidence::Limits;
use crate::rules::{self, Rule};

/// The configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Hosts that are trusted with data: `example.com` is that host alone, `*.example.com` every host below it. URLs that
    /// lead there are not reported, unless they deceive about it.
    pub allow: Vec<String>,
    /// Hosts that are always reported, written in the same way, whatever `allow` says.
    pub deny: Vec<String>,
    /// Schemes that a URL may have, such as `https`. Empty: any.
    pub schemes: Vec<String>,
    /// Which images, and other things that are fetched without a click, are reported for their host alone. Left out:
    /// `unlisted` where `allow` names hosts, else `none`.
    pub images: Option<Images>,
    /// From what size on something in a link is taken for data.
    pub link: Sizes,
    /// The same in what is fetched without a click.
    pub image: Sizes,
    /// Identifiers of rules that are switched off.
    pub disabled: Vec<String>,
}

/// Which images are reported for their host alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Images {
    /// Those from hosts that `allow` does not name; without any there, all.
    Unlisted,
    /// None. What an image's URL carries is looked at all the same.
    None,
}

/// From what size on something in a URL is taken for data. What is left out has its default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Sizes {
    /// Characters of base64, hex or base32 that decode to text: at least 12. By default 24 in links, 16 in images.
    pub encoded: Option<usize>,
    /// Words of plain text in all values together: at least 2. By default 24 in links, 8 in images.
    pub words: Option<usize>,
    /// Characters of one value that looks random: at least 64. By default 512 in links, 256 in images.
    pub opaque: Option<usize>,
    /// Bytes of a host's name in front of its last two labels: at least 32. By default 100.
    pub subdomain: Option<usize>,
}

/// In a link. A search, a title or a message to share seldom has 24 words; 24 digits of base64 are 18 bytes, a short
/// sentence. Tokens of cloud storage have up to about 500 characters.
const LINK: Limits = Limits { encoded: 24, words: 24, opaque: 512, subdomain: 100 };

/// In an image. Badges and charts have a few words in their URLs; 16 digits of base64 are 12 bytes, a word and a number.
/// Signatures of image hosts stay below 256 characters.
const IMAGE: Limits = Limits { encoded: 16, words: 8, opaque: 256, subdomain: 100 };

/// A configuration that was read.
#[derive(Debug)]
pub(crate) struct Settings {
    /// Hosts that are trusted.
    pub(crate) allow: Hosts,
    /// Hosts that are not.
    pub(crate) deny: Hosts,
    /// Schemes that a URL may have, in lower case. Empty: any.
    pub(crate) schemes: Vec<String>,
    /// Whether an image is reported for its host alone.
    pub(crate) reports_unlisted_images: bool,
    /// Sizes in links.
    pub(crate) link: Limits,
    /// Sizes in images.
    pub(crate) image: Limits,
    /// Rules that are switched off.
    pub(crate) disabled: Vec<&'static Rule>,
}

impl Settings {
    /// Reads a configuration.
    pub(crate) fn read(config: &Config) -> Result<Self, String> {
        let allow = Hosts::read("allow", &config.allow)?;
        let images = config.images.unwrap_or(if allow.is_empty() { Images::None } else { Images::Unlisted });
        let scheme = |scheme: &String| {
            let is_scheme = scheme.starts_with(|char: char| char.is_ascii_alphabetic())
                && scheme.bytes().all(crate::scheme::is_scheme);
            if is_scheme {
                Ok(scheme.to_ascii_lowercase())
            } else {
                Err(format!("`schemes`: expected a name such as `https`, found `{scheme}`"))
            }
        };
        let rule = |id: &String| rules::find(id).ok_or_else(|| format!("`disabled`: there is no rule `{id}`"));
        Ok(Self {
            allow,
            deny: Hosts::read("deny", &config.deny)?,
            schemes: config.schemes.iter().map(scheme).collect::<Result<_, _>>()?,
            reports_unlisted_images: images == Images::Unlisted,
            link: config.link.over("link", LINK)?,
            image: config.image.over("image", IMAGE)?,
            disabled: config.disabled.iter().map(rule).collect::<Result<_, _>>()?,
        })
    }
}

impl Sizes {
    /// These sizes, and the others from `default`.
    fn over(self, of: &str, default: Limits) -> Result<Limits, String> {
        let size = |name: &str, given: Option<usize>, least: usize, default: usize| match given {
            Some(size) if size < least => Err(format!("`{of}.{name}`: expected at least {least}, found {size}")),
            Some(size) => Ok(size),
            None => Ok(default),
        };
        Ok(Limits {
            encoded: size("encoded", self.encoded, 12, default.encoded)?,
            words: size("words", self.words, 2, default.words)?,
            opaque: size("opaque", self.opaque, 64, default.opaque)?,
            subdomain: size("subdomain", self.subdomain, 32, default.subdomain)?,
        })
    }
}

/// A list of hosts.
#[derive(Debug, Default)]
pub(crate) struct Hosts {
    /// Hosts that are named, as the WHATWG parser writes them, sorted.
    exact: Vec<String>,
    /// Hosts with a dot in front, below which every host is meant.
    below: Vec<String>,
}

impl Hosts {
    /// Reads the list that the setting `of` gives.
    fn read(of: &str, written: &[String]) -> Result<Self, String> {
        let mut hosts = Self::default();
        for entry in written {
            let (is_below, name) = entry.strip_prefix("*.").map_or((false, entry.as_str()), |name| (true, name));
            let wrong = || format!("`{of}`: expected a host such as `example.com` or `*.example.com`, found `{entry}`");
            let is_plain = !name.is_empty() && !name.contains(['/', '\\', '?', '#', '@', '*']) && !has_port(name);
            let url = is_plain.then(|| Url::parse(&format!("https://{name}/")).ok()).flatten();
            let host = url.as_ref().and_then(Url::host_str).ok_or_else(wrong)?;
            let host = without_dot(host);
            if is_below {
                hosts.below.push(format!(".{host}"));
            } else {
                hosts.exact.push(host.to_string());
            }
        }
        hosts.exact.sort();
        Ok(hosts)
    }

    /// Whether a host is on the list; it is written as the WHATWG parser does, without a dot at its end.
    pub(crate) fn has(&self, host: &str) -> bool {
        self.exact.binary_search_by(|known| known.as_str().cmp(host)).is_ok()
            || self.below.iter().any(|end| host.ends_with(end.as_str()))
    }

    /// Whether no host is.
    pub(crate) fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.below.is_empty()
    }
}

/// Whether a port stands behind a host.
fn has_port(name: &str) -> bool {
    name.rfind(':').is_some_and(|_| !name.ends_with(']'))
}
