//! Trouble: a disk that is full, a file that may not grow, a directory that cannot be written. Every decision is denied that
//! cannot be recorded, and when the trouble is over, decisions go on by themselves.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    str::FromStr,
    sync::{Arc, atomic::AtomicBool},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use guardhouse::{
    engine::Engine,
    journal::{Options, Trust, verify},
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use signal_hook::{consts::SIGXFSZ, flag};

use super::{child, dice::Dice, fold::Fold, given::Given, load::Load, parent::Running};

/// How often there is trouble.
const TIMES: u32 = 3;
/// Events before it, and afterwards in a row.
const EVENTS: u32 = 300;
/// Decisions that are to be denied in it, a millisecond between them: so long that all that the journal does now and then is
/// tried, and fails.
const DENIED: u32 = 300;
/// Events in it, until so many are denied.
const MOST: u32 = 20_000;
/// How long decisions may take to go on.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of a segment, some of which are written anew each time.
const SEGMENT: u64 = 200 << 10;
/// Bytes that a file may still grow.
const ROOM: u64 = 20 << 10;
/// Bytes of the small disk.
const DISK: &str = "size=24m,mode=700";

/// What the trouble is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// No file may grow beyond some size (`RLIMIT_FSIZE`): the index neither.
    Limit,
    /// A file system of its own has no room left.
    Full,
    /// Nothing can be made, renamed or removed in the directory.
    ReadOnly,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Limit, Self::Full, Self::ReadOnly];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Limit => "limit",
            Self::Full => "full",
            Self::ReadOnly => "read-only",
        }
    }
}

impl FromStr for Kind {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).context("expected a kind of trouble")
    }
}

/// Gets a child into every trouble that can be had here, and gives what came of it in lines.
pub(super) fn all(bundle: &Path, dice: &mut Dice) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    // Mounts in a namespace of its own need no rights, and are gone with the child.
    let namespace = ["unshare", "--user", "--map-root-user", "--mount", "--"];
    let has_namespaces = is_done(Command::new("unshare").args(&namespace[1..]).arg("true"));
    for kind in Kind::ALL {
        let directory = tempfile::tempdir()?;
        let path = directory.path().to_str().context("expected a path in UTF-8")?;
        let mount = format!("mount -t tmpfs -o {DISK} tmpfs \"$0\" && exec \"$@\"");
        let through = match kind {
            Kind::Limit => Vec::new(),
            _ if !has_namespaces => {
                lines.push(format!(
                    "trouble ({}): SKIPPED, since there are no namespaces for mounts here",
                    kind.as_str()
                ));
                continue;
            }
            Kind::Full => [&namespace[..], &["sh", "-c", &mount, path]].concat(),
            Kind::ReadOnly => namespace.to_vec(),
        };
        let seed = dice.any().to_string();
        let arguments = [super::TROUBLED, kind.as_str(), path].map(Path::new);
        let arguments = arguments.into_iter().chain([bundle, Path::new(&seed)]);
        let ended = Running::start(&through, arguments)?.end()?;
        ensure!(
            ended.status.success(),
            "trouble ({}), seed {seed}: the child ended with {}",
            kind.as_str(),
            ended.status
        );
        lines.extend(ended.told);
    }
    Ok(lines)
}

fn is_done(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// The child. Also holds its journal to what it delivered, since the disk may be gone with it.
pub(super) fn run(kind: Kind, directory: &Path, bundle: &Path, seed: u64) -> Result<()> {
    // Else the signal that goes with the limit ends the process.
    flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)))?;
    let options = || Options { segment_bytes: SEGMENT, ..child::options(directory) };
    let mut course = Course { kind, directory, given: Vec::new(), denied: 0, late: 0, longest: Duration::ZERO };
    for opening in 0..2 {
        let engine = child::engine(bundle, options())?;
        course.get_into_trouble(&engine, seed.wrapping_add(opening))?;
        drop(engine);
        if kind == Kind::ReadOnly {
            course.obstruct()?;
            let opened = options().open();
            course.clear()?;
            let error = opened.err().context("expected that a read-only journal is not opened to be written")?;
            let told = error.to_string();
            ensure!(told.contains("Read-only") && told.contains(&*directory.to_string_lossy()), "{told}");
        }
        let verified = verify(directory, &Trust::default())?;
        ensure!(verified.is_sound() && verified.covered + 1 == verified.last, "{verified:?}");
        let fold = Fold::of(directory)?;
        course.given.iter().try_for_each(|given| fold.holds(given))?;
    }
    let Course { denied, late, longest, .. } = course;
    let line = format!(
        "trouble ({}): {} times, {denied} decisions denied; afterwards {late} were, and all went on within {longest:.1?}\n",
        kind.as_str(),
        2 * TIMES
    );
    Ok(io::stdout().lock().write_all(line.as_bytes())?)
}

/// What happens to one journal.
struct Course<'d> {
    kind: Kind,
    directory: &'d Path,
    given: Vec<Given>,
    denied: u32,
    /// Decisions that were denied after the trouble was over, and how long it took to the last of them.
    late: u32,
    longest: Duration,
}

impl Course<'_> {
    fn get_into_trouble(&mut self, engine: &Engine, seed: u64) -> Result<()> {
        let mut load = Load::new(engine, seed, 0)?;
        for _ in 0..TIMES {
            for _ in 0..EVENTS {
                ensure!(!self.step(&mut load)?, "expected that a decision is recorded, found that it was not");
            }
            self.obstruct()?;
            let obstructed = self.deny(&mut load);
            self.clear()?;
            obstructed?;
            self.go_on(&mut load)?;
        }
        Ok(())
    }

    /// One event. Says whether its decision could not be recorded.
    fn step(&mut self, load: &mut Load<'_>) -> Result<bool> {
        let given = load.step()?;
        let is_unrecorded = given.is_unrecorded;
        self.given.push(given);
        Ok(is_unrecorded)
    }

    /// In trouble.
    fn deny(&mut self, load: &mut Load<'_>) -> Result<()> {
        let mut denied = 0;
        for _ in 0..MOST {
            if self.step(load)? {
                denied += 1;
                thread::sleep(Duration::from_millis(1));
            }
            if denied == DENIED {
                self.denied += denied;
                return Ok(());
            }
        }
        bail!("expected {DENIED} of {MOST} decisions to be denied, found {denied}")
    }

    /// When the trouble is over.
    fn go_on(&mut self, load: &mut Load<'_>) -> Result<()> {
        let (over, mut in_a_row, mut last) = (Instant::now(), 0, Duration::ZERO);
        while in_a_row < EVENTS {
            in_a_row += 1;
            if self.step(load)? {
                (in_a_row, last) = (0, over.elapsed());
                self.late += 1;
                let why = self.given.last();
                ensure!(last < PATIENCE, "expected decisions to go on, found that they do not: {why:?}");
            }
        }
        self.longest = self.longest.max(last);
        Ok(())
    }

    fn obstruct(&self) -> Result<()> {
        match self.kind {
            Kind::Limit => {
                let len = fs::metadata(last_segment(self.directory)?)?.len();
                let limits = getrlimit(Resource::Fsize);
                // Below the length at which another segment is begun, or none would ever be as long.
                let longest = (len + ROOM).min(SEGMENT - ROOM);
                Ok(setrlimit(Resource::Fsize, Rlimit { current: Some(longest), ..limits })?)
            }
            Kind::Full => {
                let mut ballast = fs::File::create(self.ballast())?;
                for bytes in [1 << 16, 1] {
                    while ballast.write_all(&vec![0; bytes]).is_ok() {}
                }
                Ok(())
            }
            Kind::ReadOnly => {
                let directory = self.directory;
                let is_read_only = is_done(Command::new("mount").arg("--bind").args([directory, directory]))
                    && is_done(Command::new("mount").args(["-o", "remount,bind,ro"]).arg(directory));
                ensure!(is_read_only, "expected to mount the directory so that it is read-only");
                Ok(())
            }
        }
    }

    fn clear(&self) -> Result<()> {
        match self.kind {
            Kind::Limit => {
                let limits = getrlimit(Resource::Fsize);
                Ok(setrlimit(Resource::Fsize, Rlimit { current: limits.maximum, ..limits })?)
            }
            Kind::Full => Ok(fs::remove_file(self.ballast())?),
            Kind::ReadOnly => {
                let is_over = is_done(Command::new("umount").arg("--lazy").arg(self.directory));
                ensure!(is_over, "expected to take the mount away");
                Ok(())
            }
        }
    }

    fn ballast(&self) -> PathBuf {
        self.directory.join("ballast")
    }
}

/// The segment that is written.
pub(super) fn last_segment(directory: &Path) -> Result<PathBuf> {
    let paths = fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    let segments = paths.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    segments.max().context("expected a segment")
}
