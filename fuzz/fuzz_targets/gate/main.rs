//! Any bytes at the stationing gate: a guard or a refusal that a person can read, and never more than that.
//!
//! What is stationed is stationed twice, once in a form that is configured in every check: parted into code and image or
//! whole, a guard is the same guard.

#![no_main]

mod pieces;

use std::{env, fs, sync::LazyLock, time::Duration};

use guardhouse::{
    bundle::Bundle,
    event::Event,
    generation::Generation,
    guard::Guard,
    sandbox::{Configured, Limits, Runtime, Station, StationError},
    text::{Parts, parts},
};
use guardhouse_fuzz::{PERMIT, assert_failure, assert_findings, assert_tame, finish, is_of_time};
use guardhouse_system_tests::{Handmade, TestBundle, configured_per_check, input, station};
use libfuzzer_sys::{arbitrary, arbitrary::Arbitrary, fuzz_target};
use pieces::{Edit, Pieces};

/// Built guards that are edited too: the smallest, since each takes a compiler's time.
const BUILT: [&str; 1] = ["guest-small"];
/// Bytes of an artifact that is compiled. A run should take milliseconds.
const ARTIFACT: usize = 64 << 10;
/// The most findings of a report.
const FINDINGS: usize = 256;

/// What is brought to the gate.
#[derive(Arbitrary, Debug)]
enum Brought<'a> {
    /// A component of [`SEEDS`], edited.
    Edited(u8, Vec<Edit>),
    /// Sections of any content behind a component's first eight bytes.
    Sections(Vec<(u8, &'a [u8])>),
    /// Any bytes.
    Bytes(&'a [u8]),
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a machine that runs guards"));

/// Components that pass the gate. Each is stationed unedited first: what is wrong with a seed would hide what is wrong
/// with the gate.
static SEEDS: LazyLock<Vec<Pieces>> = LazyLock::new(|| {
    let folder = env::var_os("GUARDHOUSE_GUARDS").expect("the folder of the built guards in `GUARDHOUSE_GUARDS`");
    let built = BUILT.map(|name| fs::read(std::path::Path::new(&folder).join(name).with_extension("wasm")));
    let built = built.into_iter().map(|read| read.expect("a built guard"));
    let components = handmade().into_iter().chain(built).map(|component| {
        let stationed = finish(Station::new(&RUNTIME, "seed", &component, "{}".into(), Limits::default()));
        let stationed = stationed.expect("a guard that is stationed");
        assert!(matches!(stationed.configured(), Configured::Once { .. }), "{stationed:?}");
        let pieces = Pieces::of(&component);
        assert_eq!(pieces.binary(), component, "taken apart and put together");
        pieces
    });
    components.collect()
});

fuzz_target!(|brought: Brought<'_>| {
    let component = match brought {
        Brought::Edited(seed, edits) => {
            let mut pieces = SEEDS[usize::from(seed) % SEEDS.len()].clone();
            edits.iter().for_each(|edit| pieces.edit(edit));
            pieces.binary()
        }
        Brought::Sections(sections) => Pieces::of_sections(&sections).binary(),
        Brought::Bytes(bytes) => bytes.to_vec(),
    };
    let Some(once) = stationed(&component) else { return };
    if let Configured::PerCheck { because, .. } = once.configured() {
        assert_tame(because);
        return;
    }
    let other = configured_per_check(component.clone());
    // Held, as the first is, so that the bundle's guards find their code compiled.
    let whole = match finish(Station::new(&RUNTIME, "whole", &other, "{}".into(), limits())) {
        Ok(whole) => whole,
        Err(StationError::Failed { failure, .. }) if is_of_time(&failure) => return,
        Err(error) => panic!("stationed once, and not whole: {error}"),
    };
    assert!(matches!(whole.configured(), Configured::PerCheck { .. }), "{whole:?}");
    assert_alike(&component, &other);
});

/// Limits under which one run takes milliseconds, whatever is brought.
fn limits() -> Limits {
    Limits {
        memory: 8 << 20,
        configure: Duration::from_millis(20),
        snapshot: 4 << 20,
        artifact: ARTIFACT,
        ..Limits::default()
    }
}

/// Brings a component to the gate, and holds what comes of it to the law.
fn stationed(component: &[u8]) -> Option<Station> {
    match finish(Station::new(&RUNTIME, "once", component, "{}".into(), limits())) {
        Ok(station) => {
            assert_eq!((station.name(), station.metrics().calls), ("once", 0));
            Some(station)
        }
        Err(error) => {
            assert_tame(&error.to_string());
            if let StationError::Failed { failure, .. } = &error {
                assert_failure(failure);
            }
            None
        }
    }
}

/// Puts both forms of a guard into one bundle, and asks them the same.
fn assert_alike(once: &[u8], whole: &[u8]) {
    let limits = "[limits]\nmemory = \"8MiB\"\nconfigure = \"20ms\"\nsnapshot = \"4MiB\"\n";
    let entry = |name| station(name, name, "\"input\"", "");
    let bundle = TestBundle::new(&format!("{limits}{}{}", entry("once"), entry("whole")))
        .file("guards/once.wasm", once)
        .file("guards/whole.wasm", whole)
        .policies(PERMIT)
        .locked();
    let bundle = Bundle::read(bundle.path()).expect("a bundle that can be read");
    // Its description may not be one that the contract allows.
    let Ok(generation) = finish(Generation::new(&RUNTIME, bundle)) else { return };
    let [once, whole] = generation.guards() else { panic!("expected two guards, found {generation:?}") };
    assert_eq!(once.about(), whole.about());
    assert_eq!(once.categories(), whole.categories());
    for event in [input("user", "SMALL-GUARD-PATTERN"), input("user", "é"), input("user", "")] {
        assert_asked_alike(once, whole, &event);
    }
}

fn assert_asked_alike(once: &Guard, whole: &Guard, event: &Event) {
    let parts: Parts<'_> = parts(event).expect("one part");
    let ask = |guard: &Guard| finish(guard.inspect(event, &parts, false));
    match (ask(once), ask(whole)) {
        (Ok(once_found), Ok(mut whole_found)) => {
            assert_findings(once, &once_found.findings, &parts, FINDINGS);
            whole_found.findings.iter_mut().for_each(|finding| finding.guard = "once".into());
            assert_eq!(once_found.findings, whole_found.findings);
        }
        (Err(failure), _) | (_, Err(failure)) if is_of_time(&failure) => {}
        (Err(once), Err(whole)) => {
            assert_failure(&once);
            assert_eq!(once.cause(), whole.cause(), "{once} is not {whole}");
        }
        (once, whole) => panic!("expected the same of both forms, found {once:?} and {whole:?}"),
    }
}

/// Components of a few hundred bytes of code, each with another kind of state.
fn handmade() -> Vec<Vec<u8>> {
    let plain = Handmade::default();
    // What `configure` was given lies where the first allocation goes; the answer is an error where it is not there any
    // more.
    let remembers = Handmade {
        inspect: "(i32.store8 (i32.const 8) (i32.ne (i32.load8_u (i32.const 16384)) (i32.const 123)))".to_owned(),
        ..Handmade::default()
    };
    // A start function that may run once only, and a check that wants what it did.
    let starts = Handmade {
        start: "(i32.store8 (i32.const 4) (i32.add (i32.load8_u (i32.const 4)) (i32.const 1)))
            (drop (memory.grow (i32.const 1)))"
            .to_owned(),
        inspect: "(if (i32.ne (i32.load8_u (i32.const 4)) (i32.const 1)) (then unreachable))".to_owned(),
        ..Handmade::default()
    };
    let memories = Handmade {
        fields: "(memory $more 1) (memory 1)".to_owned(),
        inspect: "(i32.store8 $more (i32.const 0) (local.get $parts_length))".to_owned(),
        ..Handmade::default()
    };
    [plain, remembers, starts, memories].iter().map(Handmade::component).collect()
}
