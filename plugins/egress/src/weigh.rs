//! What a URL amounts to: which rules it breaks, and how bad that is.

use std::ops::Range;

use guardhouse_guard::{Finding, Repair, Severity};

use crate::address::{Address, Written};
use crate::candidate::{Candidate, Form};
use crate::config::Settings;
use crate::deceptive;
use crate::evidence::Evidence;
use crate::internal;
use crate::rules::{
    DATA_DOCUMENT, FILE, IMAGE_DENIED, IMAGE_HOST, LINK_DENIED, LINK_HOST, LOCAL_SCHEME, OVERLONG, PLACEHOLDER, Rule,
    SCHEME, SCRIPT, Weight,
};
use crate::scheme::Scheme;

/// What a second kind of evidence adds to the confidence, and the most that there is then.
const MORE: u8 = 15;
const MOST: u8 = 95;

/// What a URL without a scheme loses in confidence: it may be a path.
const LESS_IF_BARE: u8 = 20;

/// A rule that a URL breaks.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// The rule.
    pub(crate) rule: &'static Rule,
    /// What a finding covers: the URL, or the whole markdown image that it is in.
    pub(crate) span: Range<usize>,
    /// How bad it is, and how sure.
    weight: Weight,
    /// Whether the span is a whole image.
    is_image: bool,
}

impl Hit {
    /// The finding for a hit in the part with this index. A whole image is removed, which leaves a text that reads on; a
    /// URL is masked, so that what is around it keeps its form.
    pub(crate) fn finding(self, part: usize) -> Finding {
        let (severity, confidence) = self.weight;
        Finding::new(self.rule.id, self.rule.category)
            .severity(severity)
            .confidence(confidence)
            .message(self.rule.what)
            .at(part, self.span)
            .repair(if self.is_image { Repair::Remove } else { Repair::Mask })
    }
}

/// The judging of one candidate, which gives at most one hit of each category.
struct Weighing<'a> {
    settings: &'a Settings,
    candidate: &'a Candidate,
    hits: &'a mut Vec<Hit>,
}

/// Judges a candidate of a text, and adds what it breaks to `hits`.
pub(crate) fn weigh(settings: &Settings, text: &str, candidate: &Candidate, hits: &mut Vec<Hit>) {
    if candidate.pending {
        return;
    }
    let written = text.get(candidate.start..candidate.end.at).unwrap_or_default();
    Weighing { settings, candidate, hits }.url(written);
}

impl Weighing<'_> {
    /// Judges the URL.
    fn url(&mut self, written: &str) {
        let form = self.candidate.form;
        if let Form::Scheme(_, length) = form {
            self.scheme(written.get(..length - 1).unwrap_or_default());
        }
        match form {
            Form::Scheme(Scheme::Script, length) => self.script(written.get(length..).unwrap_or_default()),
            Form::Scheme(Scheme::Data, _) => self.add(&DATA_DOCUMENT),
            Form::Scheme(Scheme::Local, _) => self.add(&LOCAL_SCHEME),
            Form::Scheme(Scheme::File, _) => self.add(&FILE),
            Form::Scheme(Scheme::Mail | Scheme::Other, _) => self.data(Written::of(form, written)),
            Form::Scheme(Scheme::Network, _) | Form::Relative | Form::Www | Form::Bare => self.network(written),
        }
    }

    /// Judges a URL that the network is asked for.
    fn network(&mut self, url: &str) {
        let form = self.candidate.form;
        let written = Written::of(form, url);
        let Some(address) = Address::of(form, url, written) else {
            // No client follows it as it stands. With a place in its host that is to be filled in, one will.
            return self.data(written);
        };
        if self.settings.deny.has(&address.host) {
            self.add(if self.is_fetch() { &IMAGE_DENIED } else { &LINK_DENIED });
        }
        if form != Form::Bare
            && let Some(rule) = deceptive::rule(&address, written)
        {
            self.add(rule);
        }
        if self.settings.allow.has(&address.host) {
            return;
        }
        if form == Form::Bare {
            return self.bare(&address, written);
        }
        if let Some(rule) = internal::rule(&address) {
            // Nobody writes an inner address in an odd way by accident.
            self.add_with(rule, if address.is_disguised { (Severity::High, MOST) } else { rule.link });
        }
        if !self.candidate.nested {
            let (is_reported, rule) = if self.is_fetch() {
                (self.settings.reports_unlisted_images, &IMAGE_HOST)
            } else {
                (!self.settings.allow.is_empty(), &LINK_HOST)
            };
            if is_reported {
                self.add(rule);
            }
        }
        self.data(written);
    }

    /// Judges a host with a path behind it and no scheme in front: an inner address, or one that is sent a query.
    fn bare(&mut self, address: &Address<'_>, written: Written<'_>) {
        let path = written.rest.trim_start_matches('/');
        let is_network = path.len() <= 2 && path.bytes().all(|byte| byte.is_ascii_digit());
        if address.ip.is_some()
            && !is_network
            && let Some(rule) = internal::rule(address)
        {
            self.add(rule);
        }
        if written.rest.contains('?') {
            self.data(written);
        }
    }

    /// Judges a scheme against the list of those that are allowed.
    fn scheme(&mut self, written: &str) {
        let scheme: String =
            written.chars().filter(char::is_ascii_graphic).map(|char| char.to_ascii_lowercase()).collect();
        let allowed = &self.settings.schemes;
        if !allowed.is_empty() && !self.candidate.nested && !allowed.contains(&scheme) {
            self.add(&SCHEME);
        }
    }

    /// Judges a script: one that does something. In running text a name with a colon behind it is no script until
    /// something is called.
    fn script(&mut self, body: &str) {
        let body = body.trim().trim_end_matches(';').trim_end();
        let is_idle = matches!(body, "" | "//" | "void(0)" | "void 0" | "void" | "return false");
        if !is_idle && (self.candidate.place.is_destination() || body.contains(['(', '`'])) {
            self.add(&SCRIPT);
        }
    }

    /// Judges what the URL carries.
    fn data(&mut self, written: Written<'_>) {
        let (is_fetch, settings) = (self.is_fetch(), self.settings);
        let evidence = Evidence::of(written, if is_fetch { &settings.image } else { &settings.link });
        let mut rules = evidence.rules().to_vec();
        if self.candidate.end.overlong {
            rules.push(&OVERLONG);
        }
        rules.retain(|rule| !self.is_disabled(rule));
        let weigh = |rule: &&'static Rule| if is_fetch { rule.fetch } else { rule.link };
        let strongest = rules.iter().copied().max_by_key(|rule| weigh(rule));
        let Some(rule) = strongest else {
            if is_fetch && evidence.has_vague_placeholder {
                // An image whose URL is yet to be filled in: documentation has links like that, and few images.
                self.add_with(&PLACEHOLDER, PLACEHOLDER.link);
            }
            return;
        };
        let (mut severity, mut confidence) = weigh(&rule);
        if rules.len() > 1 {
            severity = raised(severity);
            confidence = (confidence + MORE).min(MOST).max(confidence);
        }
        if self.candidate.form == Form::Bare {
            confidence = confidence.saturating_sub(LESS_IF_BARE);
        }
        self.add_with(rule, (severity, confidence));
    }

    /// Whether the URL is fetched without a click.
    fn is_fetch(&self) -> bool {
        self.candidate.place.used.is_fetch()
    }

    /// Whether the configuration switches a rule off.
    fn is_disabled(&self, rule: &Rule) -> bool {
        self.settings.disabled.iter().any(|disabled| disabled.id == rule.id)
    }

    /// Adds a hit with the rule's own weight.
    fn add(&mut self, rule: &'static Rule) {
        self.add_with(rule, if self.is_fetch() { rule.fetch } else { rule.link });
    }

    /// Adds a hit, unless its rule is switched off or the category has one.
    fn add_with(&mut self, rule: &'static Rule, weight: Weight) {
        let span = self.candidate.image.clone().unwrap_or(self.candidate.start..self.candidate.end.at);
        let has_one = |hit: &Hit| hit.rule.category == rule.category && hit.span == span;
        if !self.is_disabled(rule) && !self.hits.iter().rev().take(crate::rules::CATEGORIES.len()).any(has_one) {
            self.hits.push(Hit { rule, span, weight, is_image: self.candidate.image.is_some() });
        }
    }
}

/// One step worse than it is, up to high.
fn raised(severity: Severity) -> Severity {
    match severity {
        Severity::Info => Severity::Low,
        Severity::Low => Severity::Medium,
        Severity::Medium | Severity::High => Severity::High,
        Severity::Critical => Severity::Critical,
    }
}
