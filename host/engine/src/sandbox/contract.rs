//! The guard contract (`wit/guard.wit`) as wasmtime sees it.
//!
//! One world that names every interface of the contract, so that its types exist once. A component need not export all
//! of it: `station` looks up `about` and whatever guard interfaces are there.

wasmtime::component::bindgen!({
    path: "../../wit",
    inline: "
        package guardhouse:host;
        world everything {
            import guardhouse:guard/log@0.1.0;
            export guardhouse:guard/about@0.1.0;
            export guardhouse:guard/text-guard@0.1.0;
            export guardhouse:guard/call-guard@0.1.0;
            export guardhouse:guard/definition-guard@0.1.0;
        }
    ",
    exports: { default: async },
    // Texts are lowered from where they stand: a check copies no body on the host's side.
    ownership: Borrowing { duplicate_if_necessary: true },
});

pub use self::exports::guardhouse::guard::{
    about::{Description, Reach},
    call_guard::Call,
    definition_guard::Definition,
    text_guard::Item,
};
pub use self::guardhouse::guard::types::Report;
