//! What an operator may set.

use std::collections::BTreeSet;

use crate::email;
use crate::hit::Hit;
use crate::ids::Id;
use crate::rule::{Kind, Rule};
use crate::written::{Form, MOST};
use crate::{birth, card, iban, ids, network, phone, routing, wallet};

/// The configuration.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The kinds of personal data that are looked for.
    pub kinds: Vec<Kind>,
    /// The countries whose national identifiers are looked for, by their two letters (ISO 3166-1). Empty: all.
    pub countries: Vec<String>,
    /// Identifiers of rules that are switched off.
    pub disabled: Vec<String>,
    /// Values that are never reported: e-mail and IP addresses without regard to capitals, numbers without regard to
    /// their separators.
    pub allow: Vec<String>,
    /// Domains whose e-mail addresses, and those of domains below them, are never reported.
    pub allow_domains: Vec<String>,
    /// Whether e-mail addresses at domains that are reserved for examples are reported, as `email-example`.
    pub example_domains: bool,
    /// Whether IP addresses that are private, local or reserved are reported, as `ip-private`.
    pub private_addresses: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            kinds: Kind::ALL.to_vec(),
            countries: Vec::new(),
            disabled: Vec::new(),
            allow: Vec::new(),
            allow_domains: Vec::new(),
            example_domains: true,
            private_addresses: false,
        }
    }
}

/// The configuration, read and compiled.
#[derive(Debug)]
pub(crate) struct Settings {
    kinds: BTreeSet<Kind>,
    disabled: BTreeSet<&'static str>,
    /// Values without capitals, and numbers without separators, in order.
    allow: BTreeSet<String>,
    allow_domains: Vec<String>,
    /// The forms of national identifiers that are looked for, by how many letters and digits they have.
    forms: Vec<Vec<(Form, &'static Id)>>,
}

/// The rules that stand alone.
const RULES: &[&Rule] = &[
    &email::EMAIL,
    &email::EXAMPLE,
    &phone::INTERNATIONAL,
    &phone::NANP,
    &phone::NATIONAL,
    &phone::NAMED,
    &card::CARD,
    &iban::IBAN,
    &network::IPV4,
    &network::IPV6,
    &network::PRIVATE,
    &network::MAC,
    &birth::BIRTH,
    &wallet::BITCOIN,
    &wallet::ETHEREUM,
];

/// The rules of numbers with forms.
fn numbers() -> impl Iterator<Item = &'static Id> {
    ids::all().chain(std::iter::once(&routing::ROUTING))
}

impl Settings {
    /// Reads a configuration.
    pub(crate) fn new(config: &Config) -> Result<Self, String> {
        let known = || RULES.iter().map(|rule| rule.id).chain(numbers().map(|id| id.rule.id));
        let find = |name: &String| {
            known()
                .find(|id| id == name)
                .ok_or_else(|| format!("`disabled`: expected the identifier of a rule, found `{name}`"))
        };
        let mut disabled: BTreeSet<&'static str> = config.disabled.iter().map(find).collect::<Result<_, _>>()?;
        disabled.extend((!config.example_domains).then_some(email::EXAMPLE.id));
        disabled.extend((!config.private_addresses).then_some(network::PRIVATE.id));
        for country in &config.countries {
            if !numbers().any(|id| !id.country.is_empty() && id.country == country) {
                let mut expected: Vec<&str> =
                    numbers().map(|id| id.country).filter(|country| !country.is_empty()).collect();
                expected.sort_unstable();
                expected.dedup();
                return Err(format!("`countries`: expected some of {}, found `{country}`", expected.join(", ")));
            }
        }
        if let Some(domain) = config.allow_domains.iter().find(|domain| !is_domain(domain)) {
            return Err(format!("`allow_domains`: expected a domain such as `example.com`, found `{domain}`"));
        }
        if config.allow.iter().any(|value| plain(value).is_empty()) {
            return Err("`allow`: expected letters or digits, found an empty value".to_string());
        }
        let kinds: BTreeSet<Kind> = config.kinds.iter().copied().collect();
        let is_wanted = |id: &&Id| {
            kinds.contains(&id.rule.kind)
                && !disabled.contains(id.rule.id)
                && (config.countries.is_empty()
                    || id.country.is_empty()
                    || config.countries.iter().any(|country| country == id.country))
        };
        let mut forms = vec![Vec::new(); MOST + 1];
        for id in numbers().filter(is_wanted) {
            for form in id.forms() {
                forms[form.length()].push((form, id));
            }
        }
        Ok(Self {
            disabled,
            allow: config.allow.iter().flat_map(|value| [value.to_lowercase(), plain(value)]).collect(),
            allow_domains: config.allow_domains.iter().map(|domain| domain.to_lowercase()).collect(),
            forms,
            kinds,
        })
    }

    /// Whether a kind is looked for.
    pub(crate) fn wants(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }

    /// The forms of this many letters and digits.
    pub(crate) fn forms(&self, length: usize) -> &[(Form, &'static Id)] {
        self.forms.get(length).map_or(&[], Vec::as_slice)
    }

    /// Whether a hit is not to be reported.
    pub(crate) fn is_allowed(&self, hit: &Hit, text: &[u8]) -> bool {
        if self.disabled.contains(hit.rule.id) {
            return true;
        }
        if self.allow.is_empty() && self.allow_domains.is_empty() {
            return false;
        }
        let value = String::from_utf8_lossy(text.get(hit.span.clone()).unwrap_or_default()).to_lowercase();
        let is_number = !matches!(hit.rule.kind, Kind::Email | Kind::IpAddress);
        if self.allow.contains(if is_number { plain(&value) } else { value.clone() }.as_str()) {
            return true;
        }
        let Some((_, domain)) = value.rsplit_once('@') else { return false };
        self.allow_domains.iter().any(|allowed| {
            domain.strip_suffix(allowed.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }
}

/// A value without separators and capitals.
fn plain(value: &str) -> String {
    value.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a domain can be meant.
fn is_domain(domain: &str) -> bool {
    !domain.is_empty() && !domain.starts_with(['.', '@', '*']) && !domain.ends_with('.') && !domain.contains(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_sure_of_something_and_no_more_than_wholly() {
        for id in numbers() {
            let most = id.sure.bare.max(id.sure.written);
            assert!(most <= id.sure.named && (1..=100).contains(&id.sure.named), "{}", id.rule.id);
            assert!(id.forms().all(|form| form.length() <= MOST), "{}", id.rule.id);
        }
    }

    #[test]
    fn every_check_takes_whatever_fits_a_form() {
        let mut random = 1_u64;
        for id in numbers() {
            for form in id.forms() {
                for _ in 0..400 {
                    let characters = form.filled(|| {
                        // Knuth's MMIX generator: any will do.
                        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                        random >> 33
                    });
                    (id.check)(&characters);
                }
            }
        }
    }
}
