//! `docs/policies.md` holds what it says: every block of the page is run.
//!
//! A section is a bundle: the base that the page begins with, and what the section's blocks add (see [`Kind`]). It must
//! load without a lint, be in the form of `guardhouse policy fmt`, and pass the section's tests, in which every one of its
//! forbids must fire. Its commands are run in the bundle's directory. In what they print, `…` stands for any text in a
//! line, and a line that is only `…` for any lines.

mod page;

use std::{fs, path::Path};

use guardhouse::{
    bundle::Bundle,
    generation::Generation,
    sandbox::{Cache, Runtime},
};
use miette::Diagnostic;
use tempfile::TempDir;

use crate::setup::{assembled, cache, run_in, text};
use page::{Block, Kind, Section, sections};

#[test]
fn every_snippet_of_the_page_on_policies_does_what_the_page_says() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/policies.md")).unwrap();
    let sections = sections(&page);
    let base: Vec<_> = sections
        .iter()
        .flat_map(|section| &section.blocks)
        .filter_map(|block| match block.kind {
            Kind::Base(file) => Some((file, block.text.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(base.iter().map(|(file, _)| *file).collect::<Vec<_>>(), ["guardhouse.toml", "base.cedar"]);
    let recipes: Vec<_> = sections.iter().filter(|section| !section.blocks.is_empty()).collect();
    let failures: Vec<_> = recipes.iter().flat_map(|section| Recipe { section, base: &base }.run()).collect();
    assert!(failures.is_empty(), "{} failures\n\n{}", failures.len(), failures.join("\n\n"));
}

/// One section, to be run.
struct Recipe<'p> {
    section: &'p Section,
    base: &'p [(&'static str, &'p str)],
}

impl Recipe<'_> {
    /// What does not hold.
    fn run(&self) -> Vec<String> {
        let blocks = &self.section.blocks;
        let bundle = self.bundle(None);
        let policies = [Kind::Base("base.cedar"), Kind::File("recipe.cedar"), Kind::Alone, Kind::Warns];
        let mut failures = Vec::new();
        if blocks.iter().any(|block| policies.contains(&block.kind)) {
            failures.extend(self.holds(bundle.path()));
        } else if blocks.iter().any(|block| block.kind == Kind::File("tests/recipe.yaml")) {
            failures.push(self.failure(blocks.first(), "tests of no policy"));
        }
        let mut before: Option<&Kind> = None;
        for (index, block) in blocks.iter().enumerate() {
            let after = blocks.get(index + 1).filter(|after| after.kind == Kind::Text);
            failures.extend(match (&block.kind, after) {
                (Kind::Fails(_) | Kind::Warns, None) => Some(self.failure(Some(block), "no `text` follows")),
                (Kind::Fails(file), Some(expected)) => self.fails(file, &block.text, expected),
                (Kind::Text, _) if !matches!(before, Some(Kind::Fails(_) | Kind::Warns)) => {
                    Some(self.failure(Some(block), "nothing before it fails or warns"))
                }
                (Kind::Console, _) => self.prints(block, bundle.path()),
                _ => None,
            });
            before = Some(&block.kind);
        }
        failures
    }

    /// The section's bundle, with another text in the place of one of its files if there is one.
    fn bundle(&self, instead: Option<(&str, &str)>) -> TempDir {
        let blocks = &self.section.blocks;
        let alone = blocks.iter().any(|block| block.kind == Kind::Alone);
        let base = self.base.iter().filter(|(file, _)| !(alone && *file == "base.cedar"));
        let base = base.map(|(file, text)| ((*file).to_owned(), *text));
        let own = blocks.iter().filter_map(|block| Some((block.kind.file()?, block.text.as_str())));
        let own = own.filter(|(file, _)| instead.is_none_or(|(replaced, _)| replaced != file));
        let source = tempfile::tempdir().unwrap();
        fs::create_dir(source.path().join("tests")).unwrap();
        for (file, text) in base.chain(own).chain(instead.map(|(file, text)| (file.to_owned(), text))) {
            let path = source.path().join(file);
            let before = fs::read_to_string(&path).map(|before| before + "\n").unwrap_or_default();
            fs::write(path, before + text).unwrap();
        }
        let bundle = assembled(source.path());
        for block in blocks {
            let Kind::Tools(server) = &block.kind else { continue };
            let list = format!("{server}.json");
            let pinned = run_in(bundle.path(), &["tools", "pin", "--server", server, &list]);
            assert!(pinned.status.success(), "{}: {pinned:?}", self.section.heading);
        }
        bundle
    }

    /// The section's policies load with the lints that the page has, in the one form, and its tests pass and make every
    /// forbid fire.
    fn holds(&self, bundle: &Path) -> Vec<String> {
        let blocks = &self.section.blocks;
        let first = blocks.first();
        let warned = blocks.iter().zip(blocks.iter().skip(1)).filter(|(block, _)| block.kind == Kind::Warns);
        let expected: String = warned.map(|(_, lints)| lints.text.as_str()).collect();
        let mut failures = Vec::new();
        match load(bundle) {
            Err(told) => return vec![self.failure(first, &told)],
            Ok(lints) if !is_said(&expected, &lints) => failures.push(self.failure(first, &format!("lints:\n{lints}"))),
            Ok(_) => {}
        }
        for command in [&["policy", "fmt", "--check", "."][..], &["bundle", "test", "--require-coverage"]] {
            let done = run_in(bundle, command);
            let nothing = text(&done.stdout).starts_with("no tests");
            if !done.status.success() || nothing {
                let told = format!("{}: {}{}", command.join(" "), text(&done.stdout), text(&done.stderr));
                failures.push(self.failure(first, &told));
            }
        }
        failures
    }

    /// With `wrong` in the place of one of its files the section does not load or pass, and that is told as the page has
    /// it.
    fn fails(&self, file: &str, wrong: &str, expected: &Block) -> Option<String> {
        let bundle = self.bundle(Some((file, wrong)));
        let (is_told, found) = if let Err(told) = load(bundle.path()) {
            (is_said(&expected.text, &told), told)
        } else {
            let done = run_in(bundle.path(), &["bundle", "test"]);
            let told = text(&done.stdout);
            (done.status.code() == Some(1) && are(&expected.text, &told), told)
        };
        (!is_told).then(|| self.failure(Some(expected), &format!("found\n{found}")))
    }

    /// Commands print what the page says.
    fn prints(&self, block: &Block, directory: &Path) -> Option<String> {
        let mut found = String::new();
        for command in block.text.lines().filter_map(|line| line.strip_prefix("$ ")) {
            let words: Vec<_> = command.split_whitespace().collect();
            let Some(("guardhouse", arguments)) = words.split_first().map(|(first, rest)| (*first, rest)) else {
                return Some(self.failure(Some(block), &format!("not a command of ours: {command}")));
            };
            let done = run_in(directory, arguments);
            found.extend(["$ ", command, "\n", &text(&done.stdout), &text(&done.stderr)]);
        }
        (!are(&block.text, &found)).then(|| self.failure(Some(block), &format!("found\n{found}")))
    }

    fn failure(&self, block: Option<&Block>, what: &str) -> String {
        let line = block.map_or(0, |block| block.line);
        format!("docs/policies.md:{line}, `{}`: {what}", self.section.heading)
    }
}

/// The lints of a bundle, or why it does not load; what each says and its help, a line each.
fn load(directory: &Path) -> Result<String, String> {
    let bundle = Bundle::read(directory).map_err(|error| told(&error))?;
    let runtime = Runtime::cached(Cache::open(cache()).unwrap()).unwrap();
    let executor = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let generation = executor.block_on(Generation::new(&runtime, bundle)).map_err(|error| told(&error))?;
    Ok(generation.lints().iter().map(|lint| told(lint)).collect())
}

/// What a diagnostic says, or if it is only the sum of others, what these say.
fn told(diagnostic: &dyn Diagnostic) -> String {
    if let Some(related) = diagnostic.related() {
        return related.map(told).collect();
    }
    let help = diagnostic.help().map(|help| format!("  help: {help}\n")).unwrap_or_default();
    format!("{diagnostic}\n{help}")
}

/// Whether the same is said, wherever lines are broken.
fn is_said(expected: &str, found: &str) -> bool {
    expected.split_whitespace().eq(found.split_whitespace())
}

/// Whether a text is the one that is expected, whatever stands for `…`.
fn are(expected: &str, found: &str) -> bool {
    fn lines(expected: &[&str], found: &[&str]) -> bool {
        match (expected.split_first(), found.split_first()) {
            (None, None) => true,
            (Some((&"…", rest)), _) => {
                (0..=found.len()).any(|skipped| lines(rest, found.get(skipped..).unwrap_or_default()))
            }
            (Some((line, rest)), Some((first, others))) => is(line, first) && lines(rest, others),
            _ => false,
        }
    }
    // Blank lines are the page's to choose.
    let written = |text| str::lines(text).filter(|line| !line.is_empty()).collect::<Vec<_>>();
    lines(&written(expected), &written(found))
}

/// Whether a line is the one that is expected, whatever stands for `…`.
fn is(expected: &str, found: &str) -> bool {
    match expected.split_once('…') {
        None => expected == found,
        Some((before, after)) => found.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .any(|at| is(after, rest.get(at..).unwrap_or_default()))
        }),
    }
}
