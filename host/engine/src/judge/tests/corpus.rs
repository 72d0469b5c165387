//! The scope index against Cedar's own tests.
//!
//! Cedar publishes a corpus of policies, entities and requests with the answers of its formal model, in the repository
//! `cedar-policy/cedar-integration-tests` (`corpus-tests.tar.gz`). It is not part of this repository: where
//! `GUARDHOUSE_CEDAR_CORPUS` names a directory that it was unpacked into, every request of it is asked here. The file
//! format is that of Cedar's own test runner, and the folder `corpus` here has a little of it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use cedar_policy::{AuthorizationError, Context, Decision, Entities, EntityUid, PolicySet, Request, Schema};
use serde::Deserialize;
use serde_json::Value;

use super::index::assert_faithful;
use crate::judge::index::ScopeIndex;

/// One file of the corpus. The second names are those of the corpus of 2023.
#[derive(Deserialize)]
struct Case {
    /// Files, relative to the corpus.
    policies: String,
    entities: String,
    schema: String,
    #[serde(alias = "queries")]
    requests: Vec<Asked>,
}

/// A request, and the names of the policies behind its answer.
#[derive(Deserialize)]
struct Asked {
    principal: Value,
    action: Value,
    resource: Value,
    context: Value,
    decision: Published,
    #[serde(alias = "reasons")]
    reason: BTreeSet<String>,
    errors: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Published {
    #[serde(alias = "Allow")]
    Allow,
    #[serde(alias = "Deny")]
    Deny,
}

/// How much was asked.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    cases: usize,
    requests: usize,
    /// Requests to which some policy could not apply.
    sliced: usize,
    /// Requests on which a policy failed.
    failing: usize,
}

/// The JSON files in a directory, at any depth.
fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

/// Asks every request of a corpus.
fn run(corpus: &Path) -> Tally {
    let mut found = Vec::new();
    files(corpus, &mut found);
    let mut tally = Tally::default();
    for file in found {
        let text = fs::read_to_string(&file).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        // Beside the cases there are the entities and schemas that they name.
        if ["policies", "entities", "schema"].iter().all(|member| value.get(member).is_some_and(Value::is_string)) {
            let case = serde_json::from_value(value).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            ask_all(corpus, &file, &case, &mut tally);
        }
    }
    tally
}

fn ask_all(corpus: &Path, file: &Path, case: &Case, tally: &mut Tally) {
    let read = |name: &str| {
        let path = corpus.join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let name = file.display();
    let schema = read(&case.schema);
    let schema = if schema.trim_start().starts_with('{') {
        Schema::from_json_str(&schema).unwrap_or_else(|error| panic!("{name}: {error}"))
    } else {
        Schema::from_cedarschema_str(&schema).unwrap_or_else(|error| panic!("{name}: {error}")).0
    };
    let entities = Entities::from_json_str(&read(&case.entities), Some(&schema));
    let entities = entities.unwrap_or_else(|error| panic!("{name}: {error}"));
    let policies: PolicySet = read(&case.policies).parse().unwrap_or_else(|error| panic!("{name}: {error}"));
    let index = ScopeIndex::new(policies).unwrap();
    tally.cases += 1;
    for (number, asked) in case.requests.iter().enumerate() {
        let uid = |value: &Value| EntityUid::from_json(value.clone()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let action = uid(&asked.action);
        let context = Context::from_json_value(asked.context.clone(), Some((&schema, &action)));
        let context = context.unwrap_or_else(|error| panic!("{name}: {error}"));
        let request = Request::new(uid(&asked.principal), action, uid(&asked.resource), context, None).unwrap();
        let (whole, exact) = assert_faithful(&index, &request, &entities);
        let decision = match asked.decision {
            Published::Allow => Decision::Allow,
            Published::Deny => Decision::Deny,
        };
        let reason = whole.diagnostics().reason().map(ToString::to_string).collect();
        let errors = whole.diagnostics().errors().map(failed).collect();
        let published = (decision, &asked.reason, &asked.errors);
        assert_eq!((whole.decision(), &reason, &errors), published, "{name}, request {number}");
        tally.requests += 1;
        tally.sliced += usize::from(exact.all.num_of_policies() < index.all().num_of_policies());
        tally.failing += usize::from(!errors.is_empty());
    }
}

/// The policy of an error.
fn failed(AuthorizationError::PolicyEvaluationError(error): &AuthorizationError) -> String {
    error.policy_id().to_string()
}

#[test]
fn a_sample_in_the_form_of_the_corpus_is_answered_as_published() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/judge/tests/corpus");
    assert_eq!(run(&sample), Tally { cases: 2, requests: 5, sliced: 5, failing: 2 });
}

#[test]
fn the_published_corpus_is_answered_as_published_where_it_is_at_hand() {
    // Not by a macro: a test that passes has what these print swallowed.
    let mut said = std::io::stderr();
    let Some(corpus) = env::var_os("GUARDHOUSE_CEDAR_CORPUS") else {
        writeln!(said, "not run: GUARDHOUSE_CEDAR_CORPUS names no directory with Cedar's corpus").unwrap();
        return;
    };
    let tally = run(Path::new(&corpus));
    writeln!(said, "Cedar's corpus: {tally:?}").unwrap();
    assert!(tally.cases > 0, "no test of the corpus is in {}", Path::new(&corpus).display());
}
