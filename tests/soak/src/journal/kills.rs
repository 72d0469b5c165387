//! Kills: a process under load is killed at any moment, and another goes on with its journal; and what a power cut leaves.

use std::{fs, path::Path, thread, time::Duration};

use anyhow::{Context as _, Result, ensure};
use guardhouse::journal::{FaultKind, Trust, verify};
use tempfile::TempDir;

use super::{
    dice::Dice,
    fold::Fold,
    given::Given,
    parent::{Ended, Running},
    trouble::last_segment,
};

/// After so many kills another journal is begun, so that reading all of it each time stays short.
const KILLS_OF_ONE: u64 = 25;
/// The longest that a child lives after its first decision, in microseconds.
const LONGEST: u64 = 250_000;
/// Of so many kills, one removes the index before the next child, one puts an older one back, and after one the power is cut.
const OF: u64 = 10;

/// What the kills came to.
#[derive(Debug, Default)]
pub(super) struct Kills {
    children: u64,
    /// Children that were killed after they were told to end.
    closing: u64,
    cuts: u64,
    cut_off: u64,
    delivered: u64,
    recorded: u64,
    /// Records whose facts were held to those before, and such as told of calls or repeats.
    held: (u64, u64),
    segments: u64,
}

/// One journal, over several kills.
struct Course {
    directory: TempDir,
    given: Vec<Given>,
    /// An index as it was some kills before.
    old_index: Option<Vec<u8>>,
}

impl Kills {
    /// Kills so many children.
    pub(super) fn run(bundle: &Path, kills: u64, dice: &mut Dice) -> Result<Self> {
        let mut found = Self::default();
        let mut course = Course::new()?;
        for kill in 0..kills {
            let number = kill % KILLS_OF_ONE;
            if number == 0 {
                found.recorded += course.recorded()?;
                course = Course::new()?;
            }
            course.disturb(number)?;
            if let Err(error) = found.kill(&mut course, bundle, dice) {
                // What is wrong is to be looked at.
                let kept = course.directory.keep();
                return Err(error.context(format!("kill {kill}, journal `{}`", kept.display())));
            }
            if kill % OF == 9 {
                for _ in 0..3 {
                    found.cut(&course, bundle, dice).with_context(|| format!("kill {kill}"))?;
                }
            }
        }
        found.recorded += course.recorded()?;
        Ok(found)
    }

    fn kill(&mut self, course: &mut Course, bundle: &Path, dice: &mut Dice) -> Result<()> {
        let directory = course.directory.path();
        let mut running = start(directory, bundle, dice)?;
        running.wait_until_begun();
        thread::sleep(Duration::from_micros(dice.below(LONGEST)));
        if dice.percent(15) {
            running.close();
            self.closing += 1;
            thread::sleep(Duration::from_micros(dice.below(LONGEST / 5)));
        }
        let Ended { given, .. } = running.kill()?;
        self.children += 1;
        self.delivered += given.len() as u64;
        ensure!(!given.is_empty(), "expected a child that decides, found one that did not");
        course.given.extend(given);
        let verified = verify(directory, &Trust::default())?;
        ensure!(verified.is_sound(), "{verified:?}");
        self.segments = self.segments.max(verified.segments);
        let fold = Fold::of(directory)?;
        for given in &course.given {
            ensure!(!given.is_unrecorded, "a decision could not be recorded: {given:?}");
            fold.holds(given)?;
        }
        self.held = (self.held.0 + fold.held, self.held.1 + fold.telling);
        Ok(())
    }

    /// Cuts the end of a copy off, as a power cut does with what the disk does not have yet, and goes on with the copy.
    fn cut(&mut self, course: &Course, bundle: &Path, dice: &mut Dice) -> Result<()> {
        let copy = tempfile::tempdir()?;
        let directory = copy.path().join("journal");
        copied(course.directory.path(), &directory)?;
        let segment = last_segment(&directory)?;
        let bytes = fs::read(&segment)?;
        let whole: Vec<_> = memchr::memchr_iter(b'\n', &bytes).map(|end| end + 1).collect();
        let behind = Fold::of(&directory)?.checkpoint.context("expected a checkpoint")?;
        // Within what is not synced a cut is anywhere; one record less is what could be mistaken for nothing less.
        let cut = match dice.below(3) {
            0 => whole.iter().rev().nth(usize::try_from(1 + dice.below(3))?).copied().unwrap_or_default(),
            _ => bytes.len() - usize::try_from(dice.below(bytes.len().min(40_000) as u64 + 1))?,
        };
        fs::OpenOptions::new().write(true).open(&segment)?.set_len(cut as u64)?;
        let anchored = Trust { key: None, anchors: vec![behind.clone()] };
        let verified = verify(&directory, &anchored)?;
        let faults: Vec<_> = verified.faults.iter().map(|fault| fault.kind.clone()).collect();
        let is_behind = verified.last < behind.covers();
        let expected = if is_behind { vec![FaultKind::CutOff(behind.covers())] } else { Vec::new() };
        let is_as_expected = faults == expected && verify(&directory, &Trust::default())?.is_sound();
        let mut running = start(&directory, bundle, dice)?;
        running.wait_until_begun();
        thread::sleep(Duration::from_micros(dice.below(LONGEST / 4)));
        running.close();
        let Ended { status, given, .. } = running.end()?;
        let gone_on = || -> Result<()> {
            ensure!(is_as_expected, "cut at byte {cut}: {verified:?}");
            ensure!(status.success(), "cut at byte {cut}: the child ended with {status}");
            let verified = verify(&directory, &Trust::default())?;
            ensure!(verified.is_sound() && verified.covered + 1 == verified.last, "{verified:?}");
            let fold = Fold::of(&directory)?;
            given.iter().try_for_each(|given| fold.holds(given))
        };
        if let Err(error) = gone_on() {
            let kept = copy.keep();
            return Err(error.context(format!("cut at byte {cut} in `{}`", kept.display())));
        }
        self.cuts += 1;
        self.cut_off += u64::from(is_behind);
        Ok(())
    }
}

impl Course {
    fn new() -> Result<Self> {
        Ok(Self { directory: tempfile::tempdir()?, given: Vec::new(), old_index: None })
    }

    /// Takes the index away, or puts an older one in its place: neither may matter.
    fn disturb(&mut self, number: u64) -> Result<()> {
        let index = self.directory.path().join("index.redb");
        match number % OF {
            2 => self.old_index = Some(fs::read(&index)?),
            4 => fs::remove_file(&index)?,
            8 => {
                if let Some(old) = &self.old_index {
                    fs::write(&index, old)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Decisions in the journal.
    fn recorded(&self) -> Result<u64> {
        Ok(if self.given.is_empty() { 0 } else { Fold::of(self.directory.path())?.len() as u64 })
    }
}

impl std::fmt::Display for Kills {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { children, closing, cuts, cut_off, delivered, recorded, held: (held, telling), segments } = self;
        writeln!(f, "kills: {children}, of them {closing} while the journal was closed; at most {segments} segments")?;
        writeln!(f, "  {delivered} decisions were delivered and all are recorded; {recorded} records of decisions")?;
        writeln!(f, "  facts of sessions: {held} were held to the records before them, {telling} of them not 0 and 0")?;
        write!(f, "power cuts: {cuts}, of them {cut_off} before the last checkpoint, and told by it")
    }
}

fn start(directory: &Path, bundle: &Path, dice: &mut Dice) -> Result<Running> {
    let seed = dice.any().to_string();
    Running::start(&[], [super::CHILD.as_ref(), directory.as_os_str(), bundle.as_os_str(), seed.as_ref()])
}

fn copied(from: &Path, to: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copied(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
