//! A guard in a form that cannot be configured once.

use wasm_encoder::{Component, ComponentSection as _, Module, ModuleSection, NestedComponentSection};

/// The same guard with one component more in it that nobody uses. The sandbox does not look for state inside inner
/// components, so it configures this guard in every instance.
#[must_use]
pub fn configured_per_check(mut component: Vec<u8>) -> Vec<u8> {
    let mut inner = Component::new();
    inner.section(&ModuleSection(&Module::new()));
    NestedComponentSection(&inner).append_to_component(&mut component);
    component
}
