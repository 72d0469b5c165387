//! What the guards saw in one event, summed up by category.

use std::collections::{BTreeMap, BTreeSet};

use crate::decision::{Category, Confidence, Finding, Severity};

/// The findings of one category in one event.
///
/// `worst` and `confidence` are each the highest of **all** the findings, not necessarily of one and the same. So
/// whatever lower bounds one finding meets, the summary meets too (`worst >= 3 && confidence >= 80` holds where a
/// finding of severity 3 at 80 percent is among them). Any single finding put forward instead would hide another: a
/// critical one at 10 percent would hide a high one at 95. The price is that a hesitant critical finding beside a
/// certain low one reads as a certain critical one. A bound in a forbid then errs towards the stricter verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The highest severity.
    pub worst: Severity,
    /// The highest confidence.
    pub confidence: Confidence,
    /// How many findings there are, at least 1.
    pub count: u32,
    /// How many different rules they come from, at least 1. A rule is a guard's: two guards' rules of one name are two.
    pub distinct: u32,
}

/// What the guards saw, by category. A category without findings has no entry; policies read it as `worst: -1` with
/// zeros.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings(BTreeMap<Category, Seen>);

impl Findings {
    /// Sums findings up.
    #[must_use]
    pub fn tally<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let mut seen = BTreeMap::new();
        let mut rules = BTreeSet::new();
        for finding in findings {
            let entry = seen.entry(finding.category.clone()).or_insert(Seen {
                worst: finding.severity,
                confidence: finding.confidence,
                count: 0,
                distinct: 0,
            });
            entry.worst = entry.worst.max(finding.severity);
            entry.confidence = entry.confidence.max(finding.confidence);
            entry.count = entry.count.saturating_add(1);
            if rules.insert((&finding.category, &finding.guard, &finding.rule)) {
                entry.distinct = entry.distinct.saturating_add(1);
            }
        }
        Self(seen)
    }

    /// What was seen of a category.
    #[must_use]
    pub fn get(&self, category: &Category) -> Option<&Seen> {
        self.0.get(category)
    }

    /// The same, but for what was seen of one category.
    pub(super) fn with(mut self, category: Category, seen: Option<Seen>) -> Self {
        match seen {
            Some(seen) => drop(self.0.insert(category, seen)),
            None => drop(self.0.remove(&category)),
        }
        self
    }

    /// The categories of which something was seen.
    #[must_use]
    pub fn categories(&self) -> impl ExactSizeIterator<Item = &Category> {
        self.0.keys()
    }

    /// Whether nothing was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::judge::tests::samples;
    use proptest::prelude::*;

    fn finding(guard: &str, rule: &str, severity: u8, confidence: u8) -> Finding {
        let sample = samples::finding("secret", severity, confidence);
        Finding { guard: guard.to_owned(), rule: rule.to_owned(), ..sample }
    }

    #[test]
    fn findings_are_counted_by_category_and_rules_by_guard() {
        let mut pii = finding("b", "iban", 1, 50);
        pii.category = "pii".parse().unwrap();
        let all = [finding("a", "key", 3, 90), finding("a", "key", 2, 95), finding("b", "key", 0, 10), pii];
        let tally = Findings::tally(&all);
        let secret = tally.get(&"secret".parse().unwrap()).unwrap();
        assert_eq!((secret.count, secret.distinct), (3, 2));
        assert_eq!(tally.categories().len(), 2);
    }

    #[test]
    fn a_hesitant_critical_finding_does_not_hide_a_certain_high_one() {
        let all = [finding("a", "x", 4, 10), finding("a", "y", 3, 95)];
        let seen = *Findings::tally(&all).get(&"secret".parse().unwrap()).unwrap();
        assert!(seen.worst >= Severity::High && u8::from(seen.confidence) >= 80);
        assert!(seen.worst >= Severity::Critical);
    }

    proptest! {
        #![proptest_config(crate::judge::cases())]

        #[test]
        fn whatever_bounds_one_finding_meets_the_summary_meets(
            findings in prop::collection::vec((0u8..=4, 0u8..=100), 1..8),
        ) {
            let all: Vec<_> = findings.iter().map(|&(s, c)| finding("a", "x", s, c)).collect();
            let seen = *Findings::tally(&all).get(&"secret".parse().unwrap()).unwrap();
            prop_assert!(all.iter().all(|f| seen.worst >= f.severity && seen.confidence >= f.confidence));
            // Nothing is made up either: each bound is met by some finding.
            prop_assert!(all.iter().any(|f| seen.worst == f.severity));
            prop_assert!(all.iter().any(|f| seen.confidence == f.confidence));
        }
    }
}
