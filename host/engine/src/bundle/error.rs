//! What is wrong with a bundle, and where.

use std::{fmt, path::PathBuf};

use miette::{Diagnostic, NamedSource, SourceSpan};
use thiserror::Error;

use crate::lines::line_of;

/// A bundle that was not read, with everything found wrong with it. Nothing of it is loaded.
#[derive(Debug, Error, Diagnostic)]
#[error("expected a bundle in `{}`, found {} {}", directory.display(), errors.len(), if errors.len() == 1 { "error" } else { "errors" })]
pub struct BundleErrors {
    /// The bundle's directory.
    directory: PathBuf,
    /// All that is wrong, in the order of the file.
    #[related]
    errors: Vec<BundleError>,
}

impl BundleErrors {
    pub(crate) fn new(directory: impl Into<PathBuf>, errors: Vec<BundleError>) -> Self {
        Self { directory: directory.into(), errors }
    }

    /// All that is wrong, in the order of the file.
    #[must_use]
    pub fn errors(&self) -> &[BundleError] {
        &self.errors
    }
}

/// One thing that is wrong with a bundle.
#[derive(Debug, Error)]
#[error("{file}{}: {message}", LineSuffix(self.line()))]
pub struct BundleError {
    file: String,
    message: String,
    help: Option<String>,
    place: Option<Box<Place>>,
}

/// Where in a file.
#[derive(Debug)]
struct Place {
    line: usize,
    source: NamedSource<String>,
    span: SourceSpan,
}

/// `:7` for line 7.
struct LineSuffix(Option<usize>);

impl fmt::Display for LineSuffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

impl BundleError {
    /// An error about a file as a whole.
    pub(crate) fn of_file(file: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), message: message.into(), help: None, place: None }
    }

    /// An error at a byte range of a file's text.
    pub(crate) fn at(file: &str, text: &str, span: std::ops::Range<usize>, message: impl Into<String>) -> Self {
        let line = line_of(text, span.start);
        let place = Place { line, source: NamedSource::new(file, text.to_owned()), span: span.into() };
        Self { place: Some(Box::new(place)), ..Self::of_file(file, message) }
    }

    /// Adds what to do about it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The file, relative to the bundle's directory.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line, from 1, where the error has a place.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.place.as_ref().map(|place| place.line)
    }
}

impl Diagnostic for BundleError {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.place.as_ref().map(|place| &place.source as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = miette::LabeledSpan> + '_>> {
        let span = self.place.as_ref()?.span;
        Some(Box::new(std::iter::once(miette::LabeledSpan::new_with_span(None, span))))
    }
}
