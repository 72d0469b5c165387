//! The gate at which every guest is turned away that strikes before its first check.

use futures_util::future::join_all;
use guardhouse::{bundle::Bundle, generation::Generation, sandbox::Runtime, text};
use guardhouse_system_tests::{GENEROUS, TestBundle, input, shown, station};

use super::attempt::{Attempt, Guest, INNOCENT, Outcome};
use crate::{EVERYWHERE, PERMIT};

/// The sandbox in which the guests are stationed, and in which an innocent guard already is.
#[derive(Debug)]
pub(crate) struct Gate {
    attempts: Vec<Attempt>,
    runtime: Runtime,
    innocent: Generation,
}

impl Gate {
    /// The gate for those of these attempts that strike before the first check.
    pub(crate) async fn new(mut attempts: Vec<Attempt>) -> Self {
        attempts.retain(|attempt| !attempt.strikes_in_checks());
        let manifest = format!("{GENEROUS}{}", station("innocent", "guest-small", EVERYWHERE, ""));
        let bundle = TestBundle::new(&manifest).guard("guest-small").policies(PERMIT).locked();
        let runtime = Runtime::new().unwrap();
        let innocent = Generation::new(&runtime, Bundle::read(bundle.path()).unwrap()).await.unwrap();
        Self { attempts, runtime, innocent }
    }

    /// Stations each guest that is to be refused at once.
    pub(crate) async fn refuse(&self) {
        let mut wrong = Vec::new();
        for attempt in &self.attempts {
            if let Outcome::Refused(words) = &attempt.outcome {
                wrong.extend(self.unexpected(attempt, words).await);
            }
        }
        assert!(wrong.is_empty(), "{} are not as they should be:\n{}", wrong.len(), wrong.join("\n"));
    }

    /// Stations all guests that never end, together: by the clock that takes no longer than one does.
    pub(crate) async fn outlast(&self) {
        let endless = self.attempts.iter().filter_map(|attempt| match &attempt.outcome {
            Outcome::Outlasted(words) => Some(self.unexpected(attempt, words)),
            _ => None,
        });
        let wrong: Vec<_> = join_all(endless).await.into_iter().flatten().collect();
        assert!(wrong.is_empty(), "{} are not as they should be:\n{}", wrong.len(), wrong.join("\n"));
    }

    /// What is wrong with the refusal of a guest, or with the innocent guard beside it afterwards, if anything.
    async fn unexpected(&self, attempt: &Attempt, words: &[&str]) -> Option<String> {
        let claim = attempt.claim;
        let component = match &attempt.guest {
            Guest::Handmade(handmade) => handmade.component(),
            Guest::File(bytes) => bytes.clone(),
            Guest::Rust(deed) => panic!("expected a guest that strikes when it is stationed, found `{deed}`"),
        };
        let bundle = TestBundle::new(&station("imp", "imp", EVERYWHERE, attempt.limits))
            .file("guards/imp.wasm", component)
            .policies(PERMIT)
            .locked();
        let Err(refusal) = Generation::new(&self.runtime, Bundle::read(bundle.path()).unwrap()).await else {
            return Some(format!("{claim}: expected a refusal, found that it was stationed"));
        };
        let refusal = shown(&refusal);
        let mut expected = ["guardhouse.toml:5: guard `imp`: expected "].iter().chain(words);
        if let Some(words) = expected.find(|words| !refusal.contains(**words)) {
            return Some(format!("{claim}: expected `{words}`, found {refusal}"));
        }
        let event = input("user", INNOCENT);
        let inspected = self.innocent.guards()[0].inspect(&event, &text::parts(&event).unwrap(), true).await;
        match inspected {
            Ok(inspected) if inspected.findings.len() == 1 => None,
            inspected => Some(format!("after `{claim}`: {inspected:?}")),
        }
    }
}
