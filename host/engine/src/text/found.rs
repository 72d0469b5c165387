//! [`Found`]: a finding, with what it says where that is not what stands there.

use crate::decision::Finding;

/// A finding in an event's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The finding. Its span is in the original.
    pub finding: Finding,
    /// The text that was found, if it was found in a view: what its span says once it is decoded.
    pub decoded: Option<String>,
}

impl Found {
    /// Whether this tells all that `other`, found in a later view, has to say: the same rule, at a place that holds the
    /// other's, no less bad and no less sure, and repaired in the same way.
    pub(crate) fn tells(&self, other: &Self) -> bool {
        let (a, b) = (&self.finding, &other.finding);
        let holds = match (a.span, b.span) {
            (Some(a), Some(b)) => a.start <= b.start && b.end <= a.end,
            (a, _) => a.is_none(),
        };
        other.decoded.is_some()
            && a.path == b.path
            && a.rule == b.rule
            && a.category == b.category
            && a.repair == b.repair
            && a.severity >= b.severity
            && a.confidence >= b.confidence
            && holds
    }
}
