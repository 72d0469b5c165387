//! From a type that implements [`Guard`] to the exports of a component.

use std::cell::OnceCell;
use std::panic::{self, PanicHookInfo};
use std::thread::LocalKey;

use crate::bindings::about::exports::guardhouse::guard::about::Description;
use crate::bindings::text::guardhouse::guard::types::Report;
use crate::{Finding, Guard, Part, Reach, log};

/// Exports a [`Guard`] as a component: `export!(Secrets: text)`, `export!(Payments: text, call)`.
///
/// The words behind the colon are the guard interfaces that the type implements: `text` ([`TextGuard`](crate::TextGuard)),
/// `call` ([`CallGuard`](crate::CallGuard)), `definition` ([`DefinitionGuard`](crate::DefinitionGuard)). Once per crate.
/// On other targets than wasm it only checks that the type implements them.
#[macro_export]
macro_rules! export {
    ($guard:ty: $($interface:ident),+ $(,)?) => {
        const _: () = {
            $($crate::__guardhouse_interface!(check $interface, $guard);)+
        };

        #[cfg(target_family = "wasm")]
        const _: () = {
            ::std::thread_local! {
                static CONFIGURED: ::core::cell::OnceCell<$guard> = const { ::core::cell::OnceCell::new() };
            }

            struct Exported;

            impl $crate::bindings::about::exports::guardhouse::guard::about::Guest for Exported {
                fn describe() -> $crate::bindings::about::exports::guardhouse::guard::about::Description {
                    $crate::export::describe::<$guard>()
                }

                fn configure(config: ::std::string::String) -> ::core::result::Result<$crate::Reach, ::std::string::String> {
                    $crate::export::configure::<$guard>(&CONFIGURED, &config)
                }
            }

            $crate::bindings::about::export_about!(Exported with_types_in $crate::bindings::about);
            $($crate::__guardhouse_interface!(export $interface, $guard, Exported, CONFIGURED);)+
        };
    };
}

/// One interface of [`export!`]: that the type implements it, and how it is exported.
#[doc(hidden)]
#[macro_export]
macro_rules! __guardhouse_interface {
    (check text, $guard:ty) => {
        const fn text<Guard: $crate::TextGuard>() {}
        text::<$guard>();
    };
    (check call, $guard:ty) => {
        const fn call<Guard: $crate::CallGuard>() {}
        call::<$guard>();
    };
    (check definition, $guard:ty) => {
        const fn definition<Guard: $crate::DefinitionGuard>() {}
        definition::<$guard>();
    };
    (check $other:ident, $guard:ty) => {
        ::core::compile_error!("expected `text`, `call` or `definition` behind the colon");
    };
    (export text, $guard:ty, $exported:ident, $configured:ident) => {
        impl $crate::bindings::text::exports::guardhouse::guard::text_guard::Guest for $exported {
            fn inspect(
                item: $crate::Item,
            ) -> ::core::result::Result<
                $crate::bindings::text::guardhouse::guard::types::Report,
                ::std::string::String,
            > {
                $crate::export::inspect(&$configured, &item.parts, |guard: &$guard| {
                    $crate::TextGuard::inspect(guard, &item)
                })
            }
        }
        $crate::bindings::text::export_text!($exported with_types_in $crate::bindings::text);
    };
    (export call, $guard:ty, $exported:ident, $configured:ident) => {
        impl $crate::bindings::call::exports::guardhouse::guard::call_guard::Guest for $exported {
            fn inspect(
                call: $crate::Call,
            ) -> ::core::result::Result<
                $crate::bindings::text::guardhouse::guard::types::Report,
                ::std::string::String,
            > {
                $crate::export::inspect(&$configured, &call.parts, |guard: &$guard| {
                    $crate::CallGuard::inspect(guard, &call)
                })
            }
        }
        $crate::bindings::call::export_call!($exported with_types_in $crate::bindings::call);
    };
    (export definition, $guard:ty, $exported:ident, $configured:ident) => {
        impl $crate::bindings::definition::exports::guardhouse::guard::definition_guard::Guest for $exported {
            fn inspect(
                definition: $crate::Definition,
            ) -> ::core::result::Result<
                $crate::bindings::text::guardhouse::guard::types::Report,
                ::std::string::String,
            > {
                $crate::export::inspect(&$configured, &definition.parts, |guard: &$guard| {
                    $crate::DefinitionGuard::inspect(guard, &definition)
                })
            }
        }
        $crate::bindings::definition::export_definition!($exported with_types_in $crate::bindings::definition);
    };
    (export $other:ident, $($rest:tt)*) => {};
}

/// The export `describe`.
#[must_use]
pub fn describe<G: Guard>() -> Description {
    panic::set_hook(Box::new(report_panic));
    G::ABOUT.describe::<G::Config>()
}

/// The export `configure`: makes the guard and keeps it for `inspect`.
///
/// # Errors
///
/// The configuration is not JSON, does not fit [`Guard::Config`] or is refused by the guard, or this is the second call.
pub fn configure<G: Guard>(configured: &'static LocalKey<OnceCell<G>>, config: &str) -> Result<Reach, String> {
    panic::set_hook(Box::new(report_panic));
    let guard = read::<G>(config)?;
    configured.with(|cell| {
        let reach = guard.reach();
        cell.set(guard).map_err(|_| "`configure` was called twice".to_string())?;
        Ok(reach)
    })
}

/// Makes a guard from the text of its configuration, in which nothing at all stands for `{}`.
pub(crate) fn read<G: Guard>(config: &str) -> Result<G, String> {
    let config = if config.is_empty() { "{}" } else { config };
    let config = serde_json::from_str(config).map_err(|error| format!("configuration: {error}"))?;
    G::configure(config)
}

/// The export `inspect` of any guard interface.
///
/// # Errors
///
/// The guard's own error, or `configure` was not called or failed.
pub fn inspect<G: Guard>(
    configured: &'static LocalKey<OnceCell<G>>,
    parts: &[Part],
    inspect: impl FnOnce(&G) -> Result<Vec<Finding>, String>,
) -> Result<Report, String> {
    configured.with(|cell| {
        let guard = cell.get().ok_or("`inspect` was called before `configure` succeeded")?;
        Ok(Report { findings: inspect(guard)?, settled: guard.settled(parts) })
    })
}

/// Writes a panic to the log. A guard is built to abort on panic, which is a trap without a word.
fn report_panic(panic: &PanicHookInfo<'_>) {
    let message = panic.payload_as_str().unwrap_or("no message");
    match panic.location() {
        Some(place) => log::error(format_args!("panicked at {}:{}: {message}", place.file(), place.line())),
        None => log::error(format_args!("panicked: {message}")),
    }
}
