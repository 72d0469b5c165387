//! The folders that a bundle allows paths to lead to.

use super::climb::Course;
use super::symbol::symbols;

/// The allowed roots; none allows all.
#[derive(Debug, Default)]
pub(crate) struct Roots(Vec<Vec<String>>);

impl Roots {
    /// The roots of a configuration.
    ///
    /// # Errors
    ///
    /// One of them is not absolute, or climbs.
    pub(crate) fn new(paths: &[String]) -> Result<Self, String> {
        let root = |path: &String| {
            let course = Course::of(&symbols(path));
            if !course.absolute || course.climbs > 0 {
                return Err(format!("`allowed_roots`: expected absolute paths without `..`, found `{path}`"));
            }
            Ok(course.segments)
        };
        paths.iter().map(root).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a path leads out of all of them. One that is relative begins in one of them.
    pub(super) fn exclude(&self, course: &Course) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let below = |root: &Vec<String>| course.segments.starts_with(root);
        course.above > 0 || (course.absolute && !self.0.iter().any(below))
    }
}
