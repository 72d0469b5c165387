//! Where something is wrong with a policy file, as a diagnostic with its source.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use cedar_policy::PolicyId;
use miette::{Diagnostic, LabeledSpan, NamedSource, Severity, SourceCode};

use super::fault::Fault;
use super::policy::Places;
use crate::lines::line_of;

/// One thing that is wrong with a policy file, and where.
#[derive(Debug, Clone)]
pub struct PolicyDefect {
    source: NamedSource<Arc<str>>,
    span: Option<Range<usize>>,
    fault: Fault,
}

impl PolicyDefect {
    pub(super) fn new(source: NamedSource<Arc<str>>, span: Option<Range<usize>>, fault: Fault) -> Self {
        Self { source, span, fault }
    }

    /// About a policy: at `span` of its file, else at its own words.
    pub(super) fn of(places: &Places, policy: &PolicyId, span: Option<Range<usize>>, fault: Fault) -> Self {
        match places.get(policy) {
            Some(place) => Self::new(place.source.clone(), span.or_else(|| Some(place.head.clone())), fault),
            None => Self::new(NamedSource::new(policy, Arc::from("")), None, fault),
        }
    }

    /// Whether this and another say the same of the same place of their files.
    pub(super) fn says_the_same_as(&self, other: &Self) -> bool {
        self.span == other.span && self.fault == other.fault
    }

    /// What is wrong.
    #[must_use]
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// The file.
    #[must_use]
    pub fn file(&self) -> &str {
        self.source.name()
    }

    /// The line of the file, from 1, where that can be said.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.span.as_ref().map(|span| line_of(self.source.inner().as_bytes(), span.start))
    }

    /// The bytes of the file that it is about, where that can be said.
    #[must_use]
    pub fn span(&self) -> Option<Range<usize>> {
        self.span.clone()
    }
}

impl fmt::Display for PolicyDefect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault.fmt(f)
    }
}

impl std::error::Error for PolicyDefect {}

impl Diagnostic for PolicyDefect {
    fn severity(&self) -> Option<Severity> {
        Some(if self.fault.is_lint() { Severity::Warning } else { Severity::Error })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.fault.help().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = self.span.clone()?;
        let label = match &self.fault {
            Fault::Syntax { label, .. } => label.clone(),
            _ => Some("here".to_owned()),
        };
        Some(Box::new(std::iter::once(LabeledSpan::new(label, span.start, span.len()))))
    }
}

/// Everything that is wrong with the policies of a bundle: at least one defect, in the order of the files and of their text.
#[derive(Debug)]
pub struct PolicyDefects(Vec<PolicyDefect>);

impl PolicyDefects {
    pub(super) fn new(defects: Vec<PolicyDefect>) -> Self {
        Self(defects)
    }

    /// The defects.
    #[must_use]
    pub fn as_slice(&self) -> &[PolicyDefect] {
        &self.0
    }
}

impl fmt::Display for PolicyDefects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = if self.0.len() == 1 { "" } else { "s" };
        write!(f, "the policies do not load: {} error{s}", self.0.len())
    }
}

impl std::error::Error for PolicyDefects {}

impl Diagnostic for PolicyDefects {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.0.iter().map(|defect| defect as &dyn Diagnostic)))
    }
}
