//! A guard's code, compiled once for all its configurations.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak},
};

use wasmtime::{
    Engine, Module, Store,
    component::{Component, ComponentExportIndex, HasSelf, Instance, InstancePre, Linker, types::ComponentItem},
};

use super::{
    contract::{Call, Definition, Description, Everything, Item, Reach, Report},
    failure::{MESSAGE, StationError},
    kept::{self, KeptCode},
    limits::{Extra, Limits, Stack},
    preflight,
    runtime::Runtime,
    snapshot::{self, Parted, Whole},
    store::State,
};
use crate::{json::Digest, text::tame};

/// The one import that every guard may have.
const LOG: &str = "guardhouse:guard/log";

/// The compiled code of a guard, and how its configurations become instances.
pub(super) struct Compiled {
    pub(super) digest: Digest,
    form: Form,
    component: Component,
    exports: Exports,
}

/// The two ways a guard gets its configuration.
enum Form {
    /// Configured once; made when a configuration is first looked at, unless the code was just parted.
    Parted(OnceLock<Result<Parted, Whole>>),
    /// Configured in every instance, because it has this.
    Whole(Whole),
}

/// Where the contract's functions are found in a component.
#[derive(Clone)]
pub(super) struct Exports {
    pub(super) describe: ComponentExportIndex,
    pub(super) configure: ComponentExportIndex,
    pub(super) text: Option<ComponentExportIndex>,
    pub(super) call: Option<ComponentExportIndex>,
    pub(super) definition: Option<ComponentExportIndex>,
    /// Of a parted guard: by what its image is read.
    pub(super) read: Option<ComponentExportIndex>,
}

/// A component that is linked: what instances are made from.
pub(super) struct Guest {
    pub(super) engine: Engine,
    pub(super) component: InstancePre<State>,
    pub(super) exports: Exports,
    pub(super) extra: Extra,
}

/// The codes that are in use, so that a guard that is stationed twice has its code in memory once.
#[derive(Default)]
pub(super) struct Codes(Mutex<HashMap<(Digest, Stack), Weak<Compiled>>>);

impl Codes {
    fn get(&self, key: (Digest, Stack)) -> Option<Arc<Compiled>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key)?.upgrade()
    }

    fn keep(&self, key: (Digest, Stack), compiled: &Arc<Compiled>) {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|_, code| code.strong_count() > 0);
        codes.insert(key, Arc::downgrade(compiled));
    }
}

impl std::fmt::Debug for Codes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Codes").finish_non_exhaustive()
    }
}

impl Compiled {
    /// The code of `artifact`: what is in memory already, else what the compiler makes of it.
    pub(super) fn of(runtime: &Runtime, artifact: &[u8], limits: &Limits) -> Result<Arc<Self>, StationError> {
        preflight::look_at(artifact, limits)?;
        let key = (Digest::of(artifact), limits.stack);
        if let Some(compiled) = runtime.codes().get(key) {
            return Ok(compiled);
        }
        let compiled = Arc::new(Self::new(runtime, artifact, key)?);
        runtime.codes().keep(key, &compiled);
        Ok(compiled)
    }

    fn new(runtime: &Runtime, artifact: &[u8], (digest, stack): (Digest, Stack)) -> Result<Self, StationError> {
        let engine = runtime.engine(stack)?;
        let Some(cache) = runtime.cache() else { return Self::compile(engine, artifact, digest) };
        let name = kept::code_name(engine, digest);
        if let Some(KeptCode { component, whole }) = KeptCode::read(cache, name, engine) {
            let form = whole.map_or_else(|| Form::Parted(OnceLock::new()), Form::Whole);
            return Self::checked(digest, component, form);
        }
        let compiled = Self::compile(engine, artifact, digest)?;
        let whole = match &compiled.form {
            Form::Parted(_) => None,
            Form::Whole(whole) => Some(whole.clone()),
        };
        KeptCode { component: compiled.component.clone(), whole }.write(cache, name);
        Ok(compiled)
    }

    fn compile(engine: &Engine, artifact: &[u8], digest: Digest) -> Result<Self, StationError> {
        let parted = snapshot::part(artifact).and_then(|(code, parted)| {
            let component = Component::from_binary(engine, &code);
            // Parting validates nothing. What does not compile parted is judged by how it compiles whole.
            let component =
                component.map_err(|error| Whole::because(&format!("another form when parted: {error:#}")))?;
            Ok((component, parted))
        });
        let (component, form) = match parted {
            Ok((component, parted)) => (component, Form::Parted(OnceLock::from(Ok(parted)))),
            Err(whole) => {
                let component =
                    Component::from_binary(engine, artifact).map_err(|error| StationError::Invalid(told(&error)))?;
                (component, Form::Whole(whole))
            }
        };
        Self::checked(digest, component, form)
    }

    fn checked(digest: Digest, component: Component, form: Form) -> Result<Self, StationError> {
        refuse_ungranted(&component, matches!(form, Form::Parted(_)))?;
        let exports = Exports::of(&component)?;
        Ok(Self { digest, form, component, exports })
    }

    /// How the guard is parted, which `artifact` says, the one that this was compiled from; or why it is not.
    pub(super) fn parted(&self, artifact: &[u8]) -> Result<&Parted, &Whole> {
        match &self.form {
            Form::Parted(parted) => parted.get_or_init(|| snapshot::part(artifact).map(|(_, parted)| parted)).as_ref(),
            Form::Whole(whole) => Err(whole),
        }
    }

    /// The guard with this image.
    pub(super) fn with_image(&self, image: &[u8]) -> Result<Guest, StationError> {
        let image = Module::from_binary(self.component.engine(), image).map_err(|error| wrong("its image", &error))?;
        guest(&self.component, self.exports.clone(), Some(&image), Extra { instances: 1, ..Extra::default() })
    }

    /// The guard as it is before it is configured, with an image that can be read.
    pub(super) fn initial(&self, parted: &Parted) -> Result<Guest, StationError> {
        let engine = self.component.engine();
        let image =
            Module::from_binary(engine, &parted.initial_image()).map_err(|error| wrong("its first image", &error))?;
        let extra = Extra { instances: 1, memories: 1, memory: parted.scratch() };
        match &parted.starting {
            None => guest(&self.component, self.exports.clone(), Some(&image), extra),
            Some(starting) => {
                let component =
                    Component::from_binary(engine, starting).map_err(|error| StationError::Invalid(told(&error)))?;
                guest(&component, Exports::of(&component)?, Some(&image), extra)
            }
        }
    }

    /// The guard as it is, to be configured in every instance.
    pub(super) fn whole(&self) -> Result<Guest, StationError> {
        guest(&self.component, self.exports.clone(), None, Extra::default())
    }
}

fn guest(component: &Component, exports: Exports, image: Option<&Module>, extra: Extra) -> Result<Guest, StationError> {
    let mut linker = Linker::new(component.engine());
    let ready = Everything::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state)
        .and_then(|()| image.map_or(Ok(()), |image| linker.root().module(snapshot::IMAGE_IMPORT, image)))
        .and_then(|()| linker.instantiate_pre(component))
        .map_err(|error| wrong("the imports", &error))?;
    Ok(Guest { engine: component.engine().clone(), component: ready, exports, extra })
}

fn wrong(what: &'static str, error: &wasmtime::Error) -> StationError {
    StationError::Contract { what, detail: told(error) }
}

/// wasmtime's words, in which there may be names and bytes out of the artifact.
fn told(error: &wasmtime::Error) -> String {
    tame(&format!("{error:#}"), MESSAGE)
}

/// Refuses imports beyond `log`. Instances that hold only types give nothing and need no grant; the image is the host's.
fn refuse_ungranted(component: &Component, parted: bool) -> Result<(), StationError> {
    let engine = component.engine();
    for (name, import) in component.component_type().imports(engine) {
        let granted = name.split_once('@').is_some_and(|(interface, _)| interface == LOG);
        let is_harmless = match &import.ty {
            ComponentItem::ComponentInstance(instance) => {
                instance.exports(engine).all(|(_, export)| matches!(export.ty, ComponentItem::Type(_)))
            }
            ComponentItem::Type(_) => true,
            ComponentItem::Module(_) => parted && name == snapshot::IMAGE_IMPORT,
            _ => false,
        };
        if !granted && !is_harmless {
            return Err(StationError::Import { import: tame(name, MESSAGE) });
        }
    }
    Ok(())
}

impl Exports {
    /// Looks up the contract's functions by name. [`Exports::conform`] checks their types.
    fn of(component: &Component) -> Result<Self, StationError> {
        let missing = |expected| {
            let component_type = component.component_type();
            let names = component_type.exports(component.engine()).map(|(name, _)| name);
            let names = names.filter(|name| *name != snapshot::READ_EXPORT).map(|name| format!("`{name}`"));
            let found = tame(&names.collect::<Vec<_>>().join(", "), MESSAGE);
            StationError::Export { expected, found: if found.is_empty() { "none".to_owned() } else { found } }
        };
        let function = |interface: &str, function: &str| {
            let instance = component.get_export_index(None, interface)?;
            component.get_export_index(Some(&instance), function)
        };
        let about = |name, expected| function("guardhouse:guard/about@0.1.0", name).ok_or_else(|| missing(expected));
        let exports = Self {
            describe: about("describe", "`guardhouse:guard/about@0.1.0` with `describe`")?,
            configure: about("configure", "`guardhouse:guard/about@0.1.0` with `configure`")?,
            text: function("guardhouse:guard/text-guard@0.1.0", "inspect"),
            call: function("guardhouse:guard/call-guard@0.1.0", "inspect"),
            definition: function("guardhouse:guard/definition-guard@0.1.0", "inspect"),
            read: component.get_export_index(None, snapshot::READ_EXPORT),
        };
        if exports.text.is_none() && exports.call.is_none() && exports.definition.is_none() {
            return Err(missing(
                "one of `guardhouse:guard/text-guard@0.1.0`, `…/call-guard@0.1.0` and `…/definition-guard@0.1.0` with `inspect`",
            ));
        }
        Ok(exports)
    }

    /// Holds the types of the functions against the contract's.
    pub(super) fn conform(&self, store: &mut Store<State>, instance: Instance) -> Result<(), StationError> {
        type Answer<T> = (Result<T, String>,);
        let other = |what| move |error| wrong(what, &error);
        let about = other("`guardhouse:guard/about@0.1.0`");
        instance.get_typed_func::<(), (Description,)>(&mut *store, &self.describe).map_err(about)?;
        instance.get_typed_func::<(&str,), Answer<Reach>>(&mut *store, &self.configure).map_err(about)?;
        if let Some(inspect) = &self.text {
            let typed = instance.get_typed_func::<(Item<'_>,), Answer<Report>>(&mut *store, inspect);
            typed.map_err(other("`guardhouse:guard/text-guard@0.1.0`"))?;
        }
        if let Some(inspect) = &self.call {
            let typed = instance.get_typed_func::<(Call<'_>,), Answer<Report>>(&mut *store, inspect);
            typed.map_err(other("`guardhouse:guard/call-guard@0.1.0`"))?;
        }
        if let Some(inspect) = &self.definition {
            let typed = instance.get_typed_func::<(Definition<'_>,), Answer<Report>>(&mut *store, inspect);
            typed.map_err(other("`guardhouse:guard/definition-guard@0.1.0`"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A component (component model, `Binary.md`) with one section 1, a core module that is none.
    const NO_MODULE: &[u8] = b"\0asm\x0d\0\x01\0\x01\x08\x1b[2Jabcd";

    #[test]
    fn a_refusal_has_nothing_in_it_that_acts_on_its_reader() -> Result<(), super::super::RuntimeError> {
        // wasmtime's own words for this one have eleven lines.
        let refused = Compiled::of(&Runtime::new()?, NO_MODULE, &Limits::default()).map(drop);
        let refused = refused.map_err(|error| error.to_string());
        assert!(refused.as_ref().is_err_and(|words| words.contains("bad magic number")), "{refused:?}");
        assert!(!refused.is_err_and(|words| words.contains(char::is_control)));
        Ok(())
    }
}
