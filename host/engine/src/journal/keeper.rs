//! The keeper: a thread that syncs what was written, adds checkpoints, and compresses or retires closed segments.

use std::{
    fs::{self, File},
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle, Thread},
    time::Instant,
};

use tokio::sync::watch;

use super::{
    JournalError, Options,
    keys::Keys,
    private,
    restore::UNSTORED,
    retention::Outdated,
    segment::Segment,
    slots::Slots,
    tail::{Tail, Unsynced},
};
use crate::session::Sessions;

/// What the writers and the keeper share.
#[derive(Debug)]
pub(super) struct Shared {
    tail: Mutex<Tail>,
    pub(super) keys: Keys,
    pub(super) slots: Slots,
    pub(super) sessions: Sessions,
    pub(super) options: Options,
    /// The keeper waits for something to do.
    is_idle: AtomicBool,
    /// Somebody waits for the disk.
    is_awaited: AtomicBool,
    is_ending: AtomicBool,
    synced: watch::Sender<Synced>,
}

/// How far the disk has what was written.
#[derive(Debug, Clone, Default)]
pub(super) struct Synced {
    /// Up to this record, but for what is lost.
    up_to: u64,
    /// Records that the disk may not have taken, and what the system said: from, to, why.
    lost: Vec<(u64, u64, String)>,
}

/// The thread.
#[derive(Debug)]
pub(super) struct Keeper {
    pub(super) shared: Arc<Shared>,
    thread: Thread,
    handle: Option<JoinHandle<()>>,
}

impl Shared {
    pub(super) fn tail(&self) -> MutexGuard<'_, Tail> {
        // What a panic in another thread left half done is what `is_torn` provides for.
        self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keeper {
    pub(super) fn start(
        tail: Tail,
        keys: Keys,
        slots: Slots,
        sessions: Sessions,
        options: Options,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            tail: Mutex::new(tail),
            keys,
            slots,
            sessions,
            options,
            is_idle: AtomicBool::new(false),
            is_awaited: AtomicBool::new(false),
            is_ending: AtomicBool::new(false),
            synced: watch::channel(Synced::default()).0,
        });
        let ours = Arc::clone(&shared);
        let handle = thread::Builder::new().name("guardhouse-journal".to_owned()).spawn(move || keep(&ours))?;
        Ok(Self { shared, thread: handle.thread().clone(), handle: Some(handle) })
    }

    /// There is something new.
    pub(super) fn tell(&self) {
        if self.shared.is_idle.load(Ordering::Relaxed) && self.shared.is_idle.swap(false, Ordering::AcqRel) {
            self.thread.unpark();
        }
    }

    /// Waits until the disk has this record.
    pub(super) async fn synced(&self, n: u64) -> Result<(), JournalError> {
        self.shared.is_awaited.store(true, Ordering::Release);
        self.thread.unpark();
        let mut synced = self.shared.synced.subscribe();
        let unsynced = |found: &str| Err(JournalError::Unsynced { found: found.to_owned() });
        match synced.wait_for(|synced| synced.up_to >= n).await {
            Ok(synced) => match synced.lost.iter().find(|(from, to, _)| (*from..=*to).contains(&n)) {
                Some((_, _, why)) => unsynced(why),
                None => Ok(()),
            },
            Err(_) => unsynced("the journal was closed"),
        }
    }
}

/// Everything that was written is synced, under a checkpoint.
impl Drop for Keeper {
    fn drop(&mut self) {
        self.shared.is_ending.store(true, Ordering::Release);
        self.thread.unpark();
        if let Some(handle) = self.handle.take() {
            let _ = handle.join();
        }
    }
}

fn keep(shared: &Shared) {
    let mut synced = 0;
    let mut covered = Instant::now();
    let mut segment = 0;
    let mut compressing: Option<JoinHandle<()>> = None;
    loop {
        let is_ending = shared.is_ending.load(Ordering::Acquire);
        shared.is_awaited.store(false, Ordering::Release);
        let due = is_ending || covered.elapsed() >= shared.options.checkpoint_every;
        // A segment that is being compressed stays.
        let is_free = compressing.as_ref().is_none_or(JoinHandle::is_finished);
        let mut outdated = if due && is_free { outdated(shared) } else { None };
        let mut tail = shared.tail();
        if tail.is_owing() {
            // That it could not be begun was told when it was tried first.
            let _ = tail.go_on();
        }
        if let Some(retired) = outdated.as_ref().map(Outdated::members)
            && let Err(error) = tail.append(retired.as_bytes(), &shared.keys.signing)
        {
            tracing::error!(%error, "an old segment of the journal stays, since that it goes cannot be recorded");
            outdated = None;
        }
        if due && !tail.is_covered() {
            covered = Instant::now();
            if let Err(error) = tail.checkpoint(&shared.keys.signing) {
                tracing::error!(%error, "the journal got no checkpoint");
            }
        }
        let is_covered = tail.is_covered();
        let Unsynced { files, n } = tail.unsynced();
        let (written, reached) = (tail.segment(), tail.reached());
        drop(tail);
        if n > synced {
            let is_synced = sync(shared, &files, synced + 1, n);
            synced = n;
            // What goes must be told of on the disk, under a signature, before it goes.
            if let Some(outdated) = outdated.filter(|_| is_synced && is_covered) {
                retire(shared, &outdated);
            }
        }
        let unstored = shared.sessions.unstored();
        if (due && unstored > 0) || unstored > UNSTORED {
            // What is in it stays where it is, and is read again from the records where it has to be.
            if let Err(error) = shared.sessions.store(Some(reached)) {
                tracing::error!(%error, "the journal's index could not be written");
            }
        }
        if written > segment && compressing.as_ref().is_none_or(JoinHandle::is_finished) {
            compressing = compress_before(&shared.options, written);
            segment = written;
        }
        if is_ending {
            break;
        }
        wait(shared, synced, is_covered);
    }
    if let Some(compressing) = compressing {
        let _ = compressing.join();
    }
}

/// Takes away a segment, and the sessions that have no other record.
fn retire(shared: &Shared, outdated: &Outdated) {
    if let Err(error) = outdated.remove(&shared.options) {
        tracing::error!(%error, "an old segment of the journal could not be removed");
        return;
    }
    let forget = || {
        let slots = shared.sessions.retire(outdated.last())?;
        slots.into_iter().try_for_each(|slot| shared.slots.erase(slot))
    };
    if let Err(error) = forget() {
        let error: JournalError = error;
        tracing::error!(%error, "sessions that are kept no more could not all be forgotten");
    }
}

/// The segment that is to go now, if any.
fn outdated(shared: &Shared) -> Option<Outdated> {
    let (written, lived) = {
        let tail = shared.tail();
        (tail.segment(), tail.lived())
    };
    Outdated::find(&shared.options, written, lived).unwrap_or_else(|error| {
        tracing::error!(%error, "which segments of the journal are old is not known: none goes");
        None
    })
}

/// Waits until there is something to do: for what was written since, or for what may wait that long.
fn wait(shared: &Shared, synced: u64, is_covered: bool) {
    let is_called = || shared.is_awaited.load(Ordering::Acquire) || shared.is_ending.load(Ordering::Acquire);
    if is_covered {
        shared.is_idle.store(true, Ordering::Release);
        // What was written before that told nobody.
        let is_new = shared.tail().n() > synced;
        let idle = Instant::now();
        while !is_new && !is_called() && shared.is_idle.load(Ordering::Acquire) {
            // Segments grow old by themselves.
            match shared.options.keep.map(|_| shared.options.checkpoint_every.checked_sub(idle.elapsed())) {
                None => thread::park(),
                Some(Some(left)) if !left.is_zero() => thread::park_timeout(left),
                Some(_) => break,
            }
        }
        shared.is_idle.store(false, Ordering::Release);
    }
    if !is_called() {
        thread::park_timeout(shared.options.sync_within);
    }
}

/// Syncs files that hold the records from one to another, and says whether the disk has taken them.
fn sync(shared: &Shared, files: &[Arc<File>], from: u64, to: u64) -> bool {
    // First the keys of what is sealed in the records: without them these would be worth nothing.
    let slots = shared.slots.sync().err();
    let failed = slots.or(files.iter().find_map(|file| file.sync_data().err()));
    if let Some(error) = &failed {
        tracing::error!(%error, from, to, "records may not have reached the disk");
        if let Err(error) = shared.tail().lost(from, to) {
            tracing::error!(%error, "the journal could not go on in a new segment");
        }
    }
    let is_synced = failed.is_none();
    shared.synced.send_modify(|synced| {
        synced.up_to = to;
        synced.lost.extend(failed.map(|error| (from, to, error.to_string())));
    });
    is_synced
}

/// Compresses the closed segments that are not yet.
fn compress_before(options: &Options, segment: u64) -> Option<JoinHandle<()>> {
    let closed = Segment::all(&options.directory).ok()?;
    let closed: Vec<_> = closed.into_iter().filter(|one| one.number < segment && !one.is_compressed).collect();
    if closed.is_empty() {
        return None;
    }
    let compress = move || {
        for segment in closed {
            if let Err(error) = compress(&segment) {
                tracing::warn!(segment = %segment.path.display(), %error, "a closed segment could not be compressed");
            }
        }
    };
    thread::Builder::new().name("guardhouse-compress".to_owned()).spawn(compress).ok()
}

/// Compresses a segment. The plain one goes when the compressed one is on the disk.
fn compress(segment: &Segment) -> io::Result<()> {
    private::write_whole(&segment.path.with_extension("jsonl.zst"), |file| {
        let mut encoder = zstd::Encoder::new(file, zstd::DEFAULT_COMPRESSION_LEVEL)?;
        encoder.include_checksum(true)?;
        io::copy(&mut segment.read()?, &mut encoder)?;
        encoder.finish()
    })?;
    fs::remove_file(&segment.path)
}
