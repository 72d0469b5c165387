//! What `wit-bindgen` makes of the contract.
//!
//! The contract has one world per guard interface, but a guard may export several interfaces and there is no world with
//! optional exports. So the bindings are generated interface by interface, each from a world of its own; the export
//! macro picks those that a guard asks for, and the component's type is their union.

#![expect(
    clippy::same_length_and_capacity,
    reason = "generated: the canonical ABI hands lists over without spare room"
)]

/// The interface `about`, which every guard exports, and `log`, which every guard may call.
pub mod about {
    wit_bindgen::generate!({
        inline: "
            package guardhouse:sdk-about;
            world about {
                import guardhouse:guard/log@0.1.0;
                export guardhouse:guard/about@0.1.0;
            }
        ",
        path: "../../wit",
        generate_all,
        additional_derives: [PartialEq, Eq],
        pub_export_macro: true,
        export_macro_name: "export_about",
    });
}

/// The interface `text-guard`, and the shared types.
pub mod text {
    wit_bindgen::generate!({
        inline: "
            package guardhouse:sdk-text;
            world text {
                export guardhouse:guard/text-guard@0.1.0;
            }
        ",
        path: "../../wit",
        generate_all,
        additional_derives: [PartialEq, Eq],
        pub_export_macro: true,
        export_macro_name: "export_text",
    });
}

/// The interface `call-guard`.
pub mod call {
    wit_bindgen::generate!({
        inline: "
            package guardhouse:sdk-call;
            world call {
                export guardhouse:guard/call-guard@0.1.0;
            }
        ",
        path: "../../wit",
        with: { "guardhouse:guard/types@0.1.0": crate::bindings::text::guardhouse::guard::types },
        generate_all,
        additional_derives: [PartialEq, Eq],
        pub_export_macro: true,
        export_macro_name: "export_call",
    });
}

/// The interface `definition-guard`.
pub mod definition {
    wit_bindgen::generate!({
        inline: "
            package guardhouse:sdk-definition;
            world definition {
                export guardhouse:guard/definition-guard@0.1.0;
            }
        ",
        path: "../../wit",
        with: { "guardhouse:guard/types@0.1.0": crate::bindings::text::guardhouse::guard::types },
        generate_all,
        additional_derives: [PartialEq, Eq],
        pub_export_macro: true,
        export_macro_name: "export_definition",
    });
}
