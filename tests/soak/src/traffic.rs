//! The checks: innocent and evil events in closed loops, every decision held to what it should be.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Instant,
};

use anyhow::Result;
use guardhouse::{
    decision::{Decision, Reason, ReasonCode, Verdict},
    event::Event,
};
use tokio::{runtime::Runtime, task::JoinHandle};

use crate::{
    bundle::INNOCENT as INNOCENT_GUARDS,
    deeds::{DEEDS, Deed, Place},
    latency::Latency,
    post::{Post, Stationed},
};

/// Innocent events in flight.
const INNOCENT: usize = 8;
/// Evil events in flight: as many, so that most of the time several guards want a core for as long as they may have it.
const EVIL: usize = 8;

/// What `guest-small` looks for.
const PATTERN: &str = "SMALL-GUARD-PATTERN";
/// What `guard-secrets` finds: a token's form, and nobody's token.
const SECRET: &str = concat!("ghp_", "16C7e42F292c6912E7710c838347Ae178B4a");
/// A sentence in which nobody finds anything.
const SENTENCE: &str = "The meeting about the garden is at four, and somebody should bring the plans. ";
/// How often that stands before and behind what is to be found: texts of about 200 bytes, 1 KiB and 64 KiB.
const LENGTHS: [usize; 3] = [1, 6, 400];
/// Wrong decisions that are kept, to be shown.
const SHOWN: usize = 3;

/// All that is checked, and what came of it.
pub(crate) struct Traffic {
    post: Post,
    innocent: Vec<Innocent>,
    evil: Vec<Evil>,
    /// From the moment when an innocent event is handed to the executor to its decision.
    pub(crate) innocent_latency: Latency,
    /// The same of evil ones.
    pub(crate) evil_latency: Latency,
    /// How many decisions were wrong, and how many were not as expected only because an innocent guard was late.
    wrong: AtomicU64,
    late: AtomicU64,
    /// The first that were wrong.
    shown: Mutex<Vec<String>>,
    /// Set when no further event is to be begun.
    stopped: AtomicBool,
}

/// An event that only innocent guards see.
struct Innocent {
    event: Event,
    text: String,
}

/// An event that tells a guard its deed.
struct Evil {
    event: Event,
    deed: &'static Deed,
}

impl Traffic {
    /// All events, once.
    pub(crate) fn new(post: Post) -> Result<Self> {
        let mut innocent = Vec::new();
        for length in LENGTHS {
            let prose = SENTENCE.repeat(length);
            for text in [prose.repeat(2), format!("{prose}{PATTERN} alpha beta {SECRET} {prose}")] {
                let event = event(&format!(r#""checkpoint":"input","source":"user","text":"{text}""#))?;
                innocent.push(Innocent { event, text });
            }
        }
        let evil = DEEDS.iter().map(|deed| {
            // Its first character has two bytes, for a span that ends within it.
            let text = format!("é {}! {PATTERN}", deed.guard);
            let event = match deed.at {
                Place::Output => event(&format!(r#""checkpoint":"output","text":"{text}""#)),
                Place::ToolResult => event(&format!(
                    r#""checkpoint":"tool-result","server":"bank","tool":"list","call":"c1","text":"{text}""#
                )),
            };
            Ok(Evil { event: event?, deed })
        });
        Ok(Self {
            post,
            innocent,
            evil: evil.collect::<Result<_>>()?,
            innocent_latency: Latency::new(),
            evil_latency: Latency::new(),
            wrong: AtomicU64::new(0),
            late: AtomicU64::new(0),
            shown: Mutex::default(),
            stopped: AtomicBool::new(false),
        })
    }

    /// The engine in force.
    pub(crate) const fn post(&self) -> &Post {
        &self.post
    }

    /// How many decisions were wrong, those that were late aside.
    pub(crate) fn wrong(&self) -> u64 {
        self.wrong.load(Ordering::Relaxed)
    }

    /// How many events were denied because an innocent guard reached its limit of time.
    pub(crate) fn late(&self) -> u64 {
        self.late.load(Ordering::Relaxed)
    }

    /// The first decisions that were wrong.
    pub(crate) fn shown(&self) -> Vec<String> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Begins no further event.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether no further event is begun.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Begins to check, until [`Traffic::stop`].
    pub(crate) fn start(self: &Arc<Self>, executor: &Runtime) -> Vec<JoinHandle<()>> {
        let innocent = (0..INNOCENT).map(|first| executor.spawn(Arc::clone(self).repeat(first, Self::check_innocent)));
        let evil = (0..EVIL).map(|first| executor.spawn(Arc::clone(self).repeat(first, Self::check_evil)));
        innocent.chain(evil).collect()
    }

    /// One event after the other, each as a task of its own, as a server would: it waits in the executor's queue behind
    /// whatever is there.
    async fn repeat<F>(self: Arc<Self>, first: usize, check: impl Fn(Arc<Self>, usize) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        // Each loop begins elsewhere, and they take unequally long, so they soon are anywhere.
        for number in first.. {
            if self.is_stopped() {
                return;
            }
            let done = tokio::spawn(check(Arc::clone(&self), number)).await;
            if let Err(panic) = done {
                self.note(format!("a check panicked: {panic}"));
            }
        }
    }

    fn check_innocent(self: Arc<Self>, number: usize) -> impl Future<Output = ()> + Send + 'static {
        let started = Instant::now();
        async move {
            let Some(innocent) = self.innocent.get(number % self.innocent.len()) else { return };
            let stationed = self.post.now();
            let decision = stationed.engine.check(&innocent.event).await;
            self.innocent_latency.took(started.elapsed());
            if !innocent.is_right(&stationed, &decision) {
                if decision.verdict == Verdict::Deny && decision.reasons.iter().all(is_late) {
                    self.late.fetch_add(1, Ordering::Relaxed);
                } else {
                    self.note(format!("an innocent event of {} bytes: {decision}", innocent.text.len()));
                }
            }
        }
    }

    fn check_evil(self: Arc<Self>, number: usize) -> impl Future<Output = ()> + Send + 'static {
        let started = Instant::now();
        async move {
            let Some(evil) = self.evil.get(number % self.evil.len()) else { return };
            let decision = self.post.now().engine.check(&evil.event).await;
            self.evil_latency.took(started.elapsed());
            let (own, others) = evil.reasons(&decision);
            let late = !others.is_empty() && others.iter().all(|reason| is_late(reason));
            if !evil.is_right(&decision, &own) || !(late || others.is_empty() && found_beside(&decision)) {
                let deed = evil.deed;
                self.note(format!("the deed `{}`, expected {:?}: {decision}", deed.guard, deed.cause));
            } else if late {
                self.late.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn note(&self, wrong: String) {
        self.wrong.fetch_add(1, Ordering::Relaxed);
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.len() < SHOWN {
            shown.push(wrong);
        }
    }
}

/// Whether an innocent guard reached a limit of time.
fn is_late(reason: &Reason) -> bool {
    let of_time = ["the guard failed (wall)", "the guard failed (deadline)"];
    reason.guard.as_deref().is_some_and(|guard| INNOCENT_GUARDS.contains(&guard))
        && of_time.iter().any(|begin| reason.message.starts_with(begin))
}

impl Innocent {
    /// Allowed, with exactly what each guard should find.
    fn is_right(&self, stationed: &Stationed, decision: &Decision) -> bool {
        let expected = [("small", PATTERN), ("words", stationed.banned), ("secrets", SECRET)];
        let expected = expected.into_iter().filter(|(_, piece)| self.text.contains(piece));
        let found = decision.findings.iter().map(|finding| {
            let piece = finding.span.and_then(|span| self.text.get(span.start as usize..span.end as usize));
            (finding.guard.as_str(), piece.unwrap_or_default())
        });
        decision.verdict == Verdict::Allow && found.eq(expected)
    }
}

impl Evil {
    /// The decision's reasons that are about the evil guard, and the others.
    fn reasons<'d>(&self, decision: &'d Decision) -> (Vec<&'d Reason>, Vec<&'d Reason>) {
        decision.reasons.iter().partition(|reason| reason.guard.as_deref() == Some(self.deed.guard))
    }

    /// Denied because this guard failed for this cause, or not denied for its sake where the deed harms nobody.
    fn is_right(&self, decision: &Decision, own: &[&Reason]) -> bool {
        match (self.deed.cause, own) {
            (None, []) => decision.reasons.is_empty() == (decision.verdict == Verdict::Allow),
            (Some(cause), [reason]) => {
                decision.verdict == Verdict::Deny
                    && reason.code == ReasonCode::GuardFailed
                    && reason.message.starts_with(&format!("the guard failed ({cause}): "))
            }
            _ => false,
        }
    }
}

/// Whether the innocent guard beside the evil ones found what is there.
fn found_beside(decision: &Decision) -> bool {
    decision.findings.iter().filter(|finding| finding.guard == "beside").count() == 1
}

fn event(members: &str) -> Result<Event> {
    Ok(Event::from_json(format!(r#"{{"agent":"assistant","session":"s1","user":"emma",{members}}}"#).as_bytes())?)
}
