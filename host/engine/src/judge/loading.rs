//! Policy files, read, validated and taken apart into what the levels need.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use cedar_policy::{ActionConstraint, Effect, EntityUid, Policy, PolicyId, PolicySet};
use miette::NamedSource;

use super::annotations::{Annotations, annotations};
use super::defect::{PolicyDefect, PolicyDefects};
use super::fault::Fault;
use super::names::unknown_names;
use super::policy::{Forbid, Place, Policies, PolicyFile, Source};
use super::reads::Reads;
use super::schema::{ACTIONS, CoreSchema};
use super::source::{Statement, statements};
use super::typed::TypedTool;
use super::validation::{help, place, validate};
use crate::event::ToolName;
use crate::lines::line_of;
use crate::tools::Shape;

/// Reads, validates and takes apart policy files. Every defect of every file is collected.
///
/// Policies on the action of a tool are validated against its definition where that is among the `pinned` ones, by the
/// shape of its arguments; else when a definition arrives.
pub(super) fn load(
    files: &[PolicyFile],
    schema: &CoreSchema,
    pinned: &BTreeMap<ToolName, Arc<Shape>>,
) -> Result<(PolicySet, Policies), PolicyDefects> {
    let mut loading = Loading {
        schema,
        pinned,
        all: PolicySet::new(),
        policies: Policies::default(),
        generic: PolicySet::new(),
        defects: Vec::new(),
    };
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

/// The state of [`load`].
struct Loading<'s> {
    schema: &'s CoreSchema,
    pinned: &'s BTreeMap<ToolName, Arc<Shape>>,
    all: PolicySet,
    policies: Policies,
    /// Those that are not on the actions of tools.
    generic: PolicySet,
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
        let mut first = HashMap::new();
        for (number, statement) in statements(&file.text).iter().enumerate() {
            let cedar_id = PolicyId::new(format!("policy{number}"));
            if let Some(policy) = parsed.policy(&cedar_id) {
                found += 1;
                let scope = self.scope(source, policy, statement);
                let read = self.annotations(source, policy, statement, &scope);
                let name = read.id.as_ref().filter(|id| self.is_first(file, source, statement, id, &mut first));
                // One without a name of its own does not load, but is validated all the same.
                let name = name.map_or_else(|| format!("#{number}"), Clone::clone);
                self.add(&format!("{}:{name}", file.name), policy, scope, read, source, statement);
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

    /// Whether a policy is about the actions of certain tools, and so may read their arguments.
    fn scope(&mut self, source: &Source, policy: &Policy, statement: &Statement<'_>) -> Scope {
        let actions = match policy.action_constraint() {
            ActionConstraint::Any => Vec::new(),
            ActionConstraint::Eq(action) => vec![action],
            ActionConstraint::In(actions) => actions,
        };
        // An unknown action is `names`' to refuse.
        let tool = |action: &EntityUid| {
            let id = action.id().unescaped();
            if ACTIONS.contains(&id) { None } else { id.parse::<ToolName>().ok() }
        };
        let tools: Vec<ToolName> = actions.iter().filter_map(tool).collect();
        if tools.is_empty() {
            return Scope::Generic;
        }
        if tools.len() < actions.len() {
            self.defect(source, Some(statement.head()), Fault::MixedActions);
        }
        Scope::Tools(tools)
    }

    /// Reads what is written in a policy besides its meaning.
    fn annotations(
        &mut self,
        source: &Source,
        policy: &Policy,
        statement: &Statement<'_>,
        scope: &Scope,
    ) -> Annotations {
        let declared = self.schema.categories();
        let (read, faults) = annotations(policy, statement, declared);
        let typed = matches!(scope, Scope::Tools(_));
        for (span, fault) in faults.into_iter().chain(unknown_names(statement, typed, declared)) {
            self.defect(source, Some(span), fault);
        }
        read
    }

    /// Whether no policy of the file had this `@id` before; `first` has where each stands first.
    fn is_first(
        &mut self,
        file: &PolicyFile,
        source: &Source,
        statement: &Statement<'_>,
        id: &str,
        first: &mut HashMap<String, usize>,
    ) -> bool {
        let span = statement.place_of("id");
        match first.entry(id.to_owned()) {
            Entry::Vacant(free) => {
                free.insert(span.start);
                true
            }
            Entry::Occupied(first) => {
                let line = line_of(&file.text, *first.get());
                let fault = Fault::DuplicateId { id: id.to_owned(), line };
                self.defect(source, Some(span), fault);
                false
            }
        }
    }

    /// Adds a policy under its full name.
    fn add(
        &mut self,
        id: &str,
        policy: &Policy,
        scope: Scope,
        read: Annotations,
        source: &Source,
        statement: &Statement<'_>,
    ) {
        let policy = policy.new_id(PolicyId::new(id));
        let place = Place { source: source.clone(), head: statement.head() };
        self.policies.places.insert(policy.id().clone(), place);
        if policy.effect() == Effect::Forbid {
            let message = read.message.unwrap_or_else(|| format!("the policy `{id}` forbids it"));
            let forbid = Forbid { id: id.into(), strength: read.strength, message, redact: read.redact };
            self.policies.forbids.insert(policy.id().clone(), Arc::new(forbid));
        }
        if let Err(error) = self.file_under(scope, &policy) {
            let fault = Fault::Internal { message: error };
            self.defect(source, Some(statement.head()), fault);
        }
    }

    /// Puts a policy into each set that it belongs to.
    fn file_under(&mut self, scope: Scope, policy: &Policy) -> Result<(), String> {
        let add = |set: &mut PolicySet| set.add(policy.clone()).map_err(|error| error.to_string());
        add(&mut self.all)?;
        let Scope::Tools(tools) = scope else { return add(&mut self.generic) };
        let reads = Reads::of(policy).ok_or("Cedar cannot say what the policy reads")?;
        // A tool may be named twice.
        for tool in BTreeSet::from_iter(&tools) {
            self.policies.tools.entry(tool.clone()).or_default().add(policy, &reads, &tools)?;
        }
        Ok(())
    }

    /// Validates what was read, and hands it over if nothing is wrong with it.
    fn finish(mut self, files: &[PolicyFile]) -> Result<(PolicySet, Policies), PolicyDefects> {
        let mut found = Vec::new();
        for (id, span, fault) in validate(&self.generic, self.schema.cedar()) {
            found.push(PolicyDefect::of(&self.policies.places, &id, span, fault));
        }
        for (tool, policies) in &self.policies.tools {
            match self.pinned.get(tool) {
                Some(shape) => match TypedTool::fit(tool, shape, policies, self.schema, &self.policies.places) {
                    Ok(typed) => drop(self.policies.pinned.insert(tool.clone(), Arc::new(typed))),
                    Err(defects) => found.extend(defects),
                },
                None => found.extend(policies.ids().map(|id| {
                    let pinned = self.pinned.keys().map(ToString::to_string).collect();
                    let fault = Fault::UnpinnedTool { found: tool.to_string(), pinned };
                    PolicyDefect::of(&self.policies.places, id, None, fault)
                })),
            }
        }
        for defect in found {
            // Not again in Cedar's words what was said in better ones, nor twice for two tools.
            let said = self.defects.iter().any(|known| {
                let better = !known.fault().is_lint() && covers(defect.span().as_ref(), known.span());
                known.file() == defect.file() && (better || known.says_the_same_as(&defect))
            });
            if !said {
                self.defects.push(defect);
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

/// What a policy's scope says it is about.
enum Scope {
    /// Any action, or some of the core's.
    Generic,
    /// The actions of these tools.
    Tools(Vec<ToolName>),
}
