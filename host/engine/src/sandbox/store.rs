//! One check's store: every limit armed, and what became of it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use wasmtime::{Engine, Store, Trap, UpdateDeadline};

use super::{
    contract::guardhouse::guard::log::{self, Level},
    failure::{Failure, FailureCause, MESSAGE},
    limits::{Accountant, Extra, Limits, Refused, Stack},
};
use crate::text::tame;

/// What the host knows of one check while the guest runs.
pub(crate) struct State {
    guard: Arc<str>,
    accountant: Accountant,
    log: LogBook,
    /// Ticks of guest time that are left.
    ticks: u64,
    deadline: Duration,
    started: Instant,
    wall: Duration,
    stack: Stack,
    /// The limit that made the host interrupt the guest.
    interrupted: Option<FailureCause>,
}

/// The log volume of one check, and the guard's last word.
struct LogBook {
    /// Bytes that may still be kept.
    left: usize,
    /// Messages that were not kept.
    dropped: u64,
    /// The last message of level error: the SDK reports a panic by it before it traps.
    last_error: Option<String>,
}

impl LogBook {
    /// Bytes that every message costs beside its own: without them, empty ones would come without an end.
    const LINE: usize = 64;

    /// A book with room for `bytes`.
    const fn new(bytes: usize) -> Self {
        Self { left: bytes, dropped: 0, last_error: None }
    }

    /// Whether a message of so many bytes is kept. After the first that is not, none is.
    fn keeps(&mut self, bytes: usize) -> bool {
        let left = self.left.checked_sub(bytes.saturating_add(Self::LINE));
        self.left = left.unwrap_or_default();
        self.dropped += u64::from(left.is_none());
        left.is_some()
    }
}

impl log::Host for State {
    fn write(&mut self, level: Level, message: String) {
        if !self.log.keeps(message.len()) {
            return;
        }
        let message = tame(&message, MESSAGE);
        let guard = &*self.guard;
        match level {
            Level::Debug => tracing::debug!(target: "guardhouse::guard", guard, "{message}"),
            Level::Info => tracing::info!(target: "guardhouse::guard", guard, "{message}"),
            Level::Warn => tracing::warn!(target: "guardhouse::guard", guard, "{message}"),
            Level::Error => {
                tracing::error!(target: "guardhouse::guard", guard, "{message}");
                self.log.last_error = Some(message);
            }
        }
    }
}

// The interface holds types only.
impl super::contract::guardhouse::guard::types::Host for State {}

impl Drop for State {
    fn drop(&mut self) {
        if self.log.dropped > 0 {
            let (guard, dropped) = (&*self.guard, self.log.dropped);
            tracing::warn!(target: "guardhouse::guard", guard, dropped, "the guard said more than its log limit allows");
        }
    }
}

/// Opens a store with every limit armed, before anything is instantiated in it.
pub(crate) fn open(engine: &Engine, guard: &Arc<str>, limits: &Limits, extra: Extra) -> Store<State> {
    let mut store = Store::new(
        engine,
        State {
            guard: Arc::clone(guard),
            accountant: Accountant::new(limits, extra),
            log: LogBook::new(limits.log),
            ticks: limits.ticks(),
            deadline: limits.deadline,
            started: Instant::now(),
            wall: limits.wall,
            stack: limits.stack,
            interrupted: None,
        },
    );
    store.limiter(|state| &mut state.accountant);
    store.set_hostcall_fuel(limits.returned);
    store.set_max_component_handles(Limits::HANDLES);
    // One tick is what the guest gets before the host looks again and lets others run.
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|mut context| Ok(context.data_mut().tick()));
    store
}

impl State {
    /// Arms the limits of time anew, for what the host does in the store after the guard has had its time.
    pub(crate) fn rearm(&mut self, limits: &Limits) {
        self.ticks = limits.ticks();
        self.deadline = limits.deadline;
        self.started = Instant::now();
        self.wall = limits.wall;
        self.interrupted = None;
    }

    /// What the store used.
    pub(crate) const fn accountant(&self) -> &Accountant {
        &self.accountant
    }

    /// Tells the operator's log of the call.
    pub(crate) fn tell(&self, cause: Option<FailureCause>) {
        tracing::debug!(
            target: "guardhouse::guard",
            guard = &*self.guard,
            micros = self.elapsed().as_micros(),
            memory = self.accountant.memory(),
            growths = self.accountant.growths(),
            cause = cause.map(FailureCause::as_str),
            "called"
        );
    }

    /// Since the store was opened, or its time armed anew.
    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Its limit of that.
    pub(crate) const fn wall(&self) -> Duration {
        self.wall
    }

    /// One tick of guest time has gone.
    fn tick(&mut self) -> UpdateDeadline {
        self.ticks = self.ticks.saturating_sub(1);
        self.interrupted = if self.ticks == 0 {
            Some(FailureCause::Deadline)
        } else if self.elapsed() > self.wall {
            Some(FailureCause::Wall)
        } else {
            return UpdateDeadline::Yield(1);
        };
        UpdateDeadline::Interrupt
    }

    /// What an error of wasmtime's means in the contract's words. Traps are told apart by their type, never by their
    /// text. `otherwise` is the cause when the error is no trap and no limit's doing.
    pub(crate) fn failure(&self, error: &wasmtime::Error, otherwise: FailureCause) -> Failure {
        let trap = error.downcast_ref::<Trap>();
        match (trap, self.interrupted) {
            (Some(Trap::Interrupt), Some(FailureCause::Wall)) => Failure::new(
                FailureCause::Wall,
                format!("expected an answer within {:?} by the clock, found none", self.wall),
            ),
            (Some(Trap::Interrupt), _) => Failure::new(
                FailureCause::Deadline,
                format!("expected an answer within {:?} of guest time, found none", self.deadline),
            ),
            (Some(Trap::StackOverflow), _) => Failure::new(
                FailureCause::Stack,
                format!("expected a stack of at most {} bytes, found that it overflowed", self.stack.bytes()),
            ),
            _ if let Some(refused) = self.accountant.refused() => {
                let expected = match refused {
                    Refused::Memory(limit) => format!("at most {limit} bytes of memory"),
                    Refused::Elements(limit) => format!("at most {limit} elements of tables"),
                };
                Failure::new(FailureCause::Memory, format!("expected {expected}, found that more was wanted"))
            }
            (Some(trap), _) => {
                let failure = Failure::new(FailureCause::Trap, trap.to_string());
                self.log.last_error.iter().fold(failure, |failure, words| failure.said(words))
            }
            (None, _) => {
                let expected = match otherwise {
                    FailureCause::Unavailable => "expected an instance of the guard, found that none can be made",
                    _ => "expected a value of the contract's type within the bound on returned bytes, found none",
                };
                Failure::new(otherwise, format!("{expected}: {}", tame(&format!("{error:#}"), MESSAGE)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_kept_up_to_its_limit_and_no_further() {
        let mut log = LogBook::new(1_000);
        assert!(log.keeps(900));
        assert!(!log.keeps(100));
        assert!(!log.keeps(0), "nothing after the first that was dropped");
        assert_eq!(log.dropped, 2);
    }

    #[test]
    fn empty_messages_come_to_an_end_too() {
        let mut log = LogBook::new(1_000);
        assert_eq!((0..1_000).filter(|_| log.keeps(0)).count(), 15);
        assert!(!LogBook::new(1_000).keeps(usize::MAX));
    }
}
