//! Files that are nearly a guard.

use guardhouse::{
    bundle::Bundle,
    generation::Generation,
    sandbox::{Limits, Runtime, Station},
    text,
};
use guardhouse_system_tests::{GENEROUS, Handmade, TestBundle, input, station};

use crate::{EVERYWHERE, PERMIT};

/// A guard lacks nothing that is only cut in the remarks (custom sections, of the number 0) behind its last section.
#[tokio::test]
async fn a_guard_that_is_cut_anywhere_before_its_remarks_is_refused() {
    let whole = Handmade::default().component();
    let runtime = Runtime::new().unwrap();
    let mut length = 0;
    while Station::new(&runtime, "cut", &whole[..length], "{}".to_owned(), Limits::default()).await.is_err() {
        length += 1;
    }
    assert!(whole.get(length).is_none_or(|section| *section == 0), "found a guard in {length} bytes");
}

/// Whatever a changed byte makes of a guard, it is refused, or fails, or reports; and an innocent guard in the same
/// bundle is right whenever the bundle loads.
#[tokio::test]
async fn a_guard_with_a_changed_byte_harms_nobody() {
    let whole = Handmade::default().component();
    let runtime = Runtime::new().unwrap();
    let manifest = format!(
        "{GENEROUS}{}{}",
        station("changed", "changed", EVERYWHERE, "limits = { deadline = \"20ms\", wall = \"60s\" }"),
        station("innocent", "guest-small", EVERYWHERE, "")
    );
    let event = input("user", "SMALL-GUARD-PATTERN");
    let parts = text::parts(&event).unwrap();
    let mut stationed = 0;
    for at in (0..whole.len()).step_by(29) {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        if Station::new(&runtime, "changed", &changed, "{}".to_owned(), Limits::default()).await.is_err() {
            continue;
        }
        let bundle = TestBundle::new(&manifest).guard("guest-small").file("guards/changed.wasm", changed);
        let bundle = Bundle::read(bundle.policies(PERMIT).locked().path()).unwrap();
        let Ok(generation) = Generation::new(&runtime, bundle).await else { continue };
        let [changed, innocent] = generation.guards() else { panic!("expected two guards") };
        let _answer = changed.inspect(&event, &parts, true).await;
        assert_eq!(innocent.inspect(&event, &parts, true).await.unwrap().findings.len(), 1, "byte {at}");
        stationed += 1;
    }
    assert!(stationed > 0, "expected that some bytes do not matter to a guard");
}
