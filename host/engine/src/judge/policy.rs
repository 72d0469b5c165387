//! Policy files, read, validated and taken apart into what the levels need.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use cedar_policy::{Effect, Policy, PolicyId, PolicySet};
use miette::NamedSource;

use super::annotations::{Annotations, annotations};
use super::defect::{PolicyDefect, PolicyDefects};
use super::fault::Fault;
use super::names::unknown_names;
use super::schema::CoreSchema;
use super::source::{Statement, statements};
use super::validation::{help, place, validate};
use crate::decision::{Category, Verdict};

/// One `*.cedar` file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFile {
    /// The file's name within the bundle; the first half of its policies' names.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// What a matching forbid means. Its order is the order of strictness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// 1: it goes on, and somebody should look.
    Warn,
    /// 2: it goes on repaired.
    Modify,
    /// 3: it waits for a person.
    Escalate,
    /// 4: it ends here. What a forbid means that says nothing else.
    Deny,
}

impl From<Strength> for Verdict {
    fn from(strength: Strength) -> Self {
        match strength {
            Strength::Warn => Self::Warn,
            Strength::Modify => Self::Modify,
            Strength::Escalate => Self::Escalate,
            Strength::Deny => Self::Deny,
        }
    }
}

/// A forbid, as decisions speak of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Forbid {
    id: Arc<str>,
    strength: Strength,
    message: String,
    redact: BTreeSet<Category>,
}

impl Forbid {
    /// Its name, `<file>:<@id>`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it means when it matches.
    #[must_use]
    pub fn strength(&self) -> Strength {
        self.strength
    }

    /// What to tell people: its `@message`, else its `@why`, else that it matches.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The categories of findings that it asks to repair: at least one for [`Strength::Modify`], none for others.
    #[must_use]
    pub fn redact(&self) -> &BTreeSet<Category> {
        &self.redact
    }
}

/// What is known of the policies of a generation besides what Cedar knows.
#[derive(Debug, Default)]
pub(super) struct Policies {
    /// What each forbid means.
    pub(super) forbids: HashMap<PolicyId, Arc<Forbid>>,
    /// What is odd about them, but no error.
    pub(super) lints: Vec<PolicyDefect>,
}

/// Reads, validates and takes apart policy files. Every defect of every file is collected.
pub(super) fn load(files: &[PolicyFile], schema: &CoreSchema) -> Result<(PolicySet, Policies), PolicyDefects> {
    let (all, policies) = (PolicySet::new(), Policies::default());
    let mut loading = Loading { schema, all, policies, sources: HashMap::new(), defects: Vec::new() };
    for (number, file) in files.iter().enumerate() {
        let source = NamedSource::new(&file.name, Arc::from(file.text.as_str()));
        if files.iter().take(number).any(|other| other.name == file.name) {
            loading.defect(&source, None, Fault::DuplicateFile { name: file.name.clone() });
        } else {
            loading.file(file, &source);
        }
    }
    loading.finish(files)
}

/// A file as diagnostics show it.
type Source = NamedSource<Arc<str>>;

/// The state of [`load`].
struct Loading<'s> {
    schema: &'s CoreSchema,
    all: PolicySet,
    policies: Policies,
    /// The file of each policy.
    sources: HashMap<PolicyId, Source>,
    defects: Vec<PolicyDefect>,
}

impl Loading<'_> {
    /// Reads one file.
    fn file(&mut self, file: &PolicyFile, source: &Source) {
        let parsed = match file.text.parse::<PolicySet>() {
            Ok(parsed) => parsed,
            Err(errors) => {
                for error in errors.iter() {
                    let (span, label) = place(error);
                    self.defect(source, span, Fault::Syntax { message: error.to_string(), label, help: help(error) });
                }
                return;
            }
        };
        // Cedar numbers the statements of a text from 0.
        let mut found = 0;
        let mut lines = HashMap::new();
        for (number, statement) in statements(&file.text).iter().enumerate() {
            let cedar_id = PolicyId::new(format!("policy{number}"));
            if let Some(policy) = parsed.policy(&cedar_id) {
                found += 1;
                let read = self.annotations(source, policy, statement);
                let name = read.id.as_ref().filter(|id| self.is_first(file, source, statement, id, &mut lines));
                // One without a name of its own does not load, but is validated all the same.
                let name = name.map_or_else(|| format!("#{number}"), Clone::clone);
                self.add(&format!("{}:{name}", file.name), policy, read, source, statement);
            } else if parsed.template(&cedar_id).is_some() {
                found += 1;
                self.defect(source, Some(statement.head()), Fault::Template);
            }
        }
        // A policy that was passed over would be missing without a word.
        if found != parsed.num_of_policies() + parsed.num_of_templates() {
            let message = "the statements of this file could not be told apart".to_owned();
            self.defect(source, None, Fault::Internal { message });
        }
    }

    /// Reads what is written in a policy besides its meaning.
    fn annotations(&mut self, source: &Source, policy: &Policy, statement: &Statement<'_>) -> Annotations {
        let declared = self.schema.categories();
        let (read, faults) = annotations(policy, statement, declared);
        for (span, fault) in faults.into_iter().chain(unknown_names(&statement.body, declared)) {
            self.defect(source, Some(span), fault);
        }
        read
    }

    /// Whether no policy of the file had this `@id` before; `lines` has the line of the first use of each.
    fn is_first(
        &mut self,
        file: &PolicyFile,
        source: &Source,
        statement: &Statement<'_>,
        id: &str,
        lines: &mut HashMap<String, usize>,
    ) -> bool {
        let span = statement.place_of("id");
        match lines.entry(id.to_owned()) {
            Entry::Vacant(free) => {
                free.insert(1 + file.text.bytes().take(span.start).filter(|&byte| byte == b'\n').count());
                true
            }
            Entry::Occupied(first) => {
                let fault = Fault::DuplicateId { id: id.to_owned(), line: *first.get() };
                self.defect(source, Some(span), fault);
                false
            }
        }
    }

    /// Adds a policy under its full name.
    fn add(&mut self, id: &str, policy: &Policy, read: Annotations, source: &Source, statement: &Statement<'_>) {
        let policy = policy.new_id(PolicyId::new(id));
        self.sources.insert(policy.id().clone(), source.clone());
        if policy.effect() == Effect::Forbid {
            let message = read.message.unwrap_or_else(|| format!("the policy `{id}` forbids it"));
            let forbid = Forbid { id: id.into(), strength: read.strength, message, redact: read.redact };
            self.policies.forbids.insert(policy.id().clone(), Arc::new(forbid));
        }
        if let Err(error) = self.all.add(policy) {
            self.defect(source, Some(statement.head()), Fault::Internal { message: error.to_string() });
        }
    }

    /// Validates what was read, and hands it over if nothing is wrong with it.
    fn finish(mut self, files: &[PolicyFile]) -> Result<(PolicySet, Policies), PolicyDefects> {
        for (id, span, fault) in validate(&self.all, self.schema) {
            let source = self.sources.get(&id).cloned();
            let source = source.unwrap_or_else(|| NamedSource::new(&id, Arc::from("")));
            // Not again in Cedar's words what was said in better ones.
            let said = self.defects.iter().any(|known| {
                !known.fault().is_lint() && known.file() == source.name() && covers(span.as_ref(), known.span())
            });
            if !said {
                self.defect(&source, span, fault);
            }
        }
        let place = |d: &PolicyDefect| (files.iter().position(|f| f.name == d.file()), d.span().map(|span| span.start));
        self.defects.sort_by_key(place);
        let (lints, errors): (Vec<_>, Vec<_>) = self.defects.into_iter().partition(|d| d.fault().is_lint());
        if errors.is_empty() {
            Ok((self.all, Policies { lints, ..self.policies }))
        } else {
            Err(PolicyDefects::new(errors))
        }
    }

    fn defect(&mut self, source: &Source, span: Option<Range<usize>>, fault: Fault) {
        self.defects.push(PolicyDefect::new(source.clone(), span, fault));
    }
}

/// Whether `wide` holds all of `narrow`.
fn covers(wide: Option<&Range<usize>>, narrow: Option<Range<usize>>) -> bool {
    wide.zip(narrow).is_some_and(|(wide, narrow)| wide.start <= narrow.start && narrow.end <= wide.end)
}
