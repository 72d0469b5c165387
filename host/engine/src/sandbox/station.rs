//! A stationed guard as the sandbox sees it: compiled once, configured anew in every fresh instance.

use std::sync::Arc;

use wasmtime::{
    Store,
    component::{Component, ComponentExportIndex, HasSelf, Instance, InstancePre, Linker, types::ComponentItem},
};

use super::{
    contract::{Call, Definition, Description, Everything, Item, Reach, Report},
    failure::{Failure, FailureCause, StationError},
    fresh::Fresh,
    limits::Limits,
    runtime::Runtime,
    store::State,
};

/// The one import that every guard may have.
const LOG: &str = "guardhouse:guard/log";

/// A guard that was compiled and found to fulfil the contract. Every check gets an instance of its own.
pub struct Station {
    code: Code,
    description: Description,
}

/// A compiled guard and what an instance of it needs.
pub(super) struct Code {
    pub(super) runtime: Runtime,
    pub(super) name: Arc<str>,
    pub(super) limits: Limits,
    pub(super) component: InstancePre<State>,
    pub(super) exports: Exports,
    pub(super) configuration: String,
}

/// Where the contract's functions are found in the component.
pub(super) struct Exports {
    pub(super) describe: ComponentExportIndex,
    pub(super) configure: ComponentExportIndex,
    text: Option<ComponentExportIndex>,
    call: Option<ComponentExportIndex>,
    definition: Option<ComponentExportIndex>,
}

impl Station {
    /// Compiles `artifact`, holds it against the contract and asks it once to describe and to configure itself.
    ///
    /// Compiling takes from milliseconds to seconds on the calling thread: do it off the request path.
    ///
    /// # Errors
    /// [`StationError`], which says what was expected and what was found.
    pub async fn new(
        runtime: &Runtime,
        name: &str,
        artifact: &[u8],
        configuration: String,
        limits: Limits,
    ) -> Result<Self, StationError> {
        look_at(artifact)?;
        let component = Component::from_binary(runtime.wasmtime(), artifact)
            .map_err(|error| StationError::Invalid(format!("{error:#}")))?;
        refuse_ungranted(runtime, &component)?;
        let exports = Exports::of(runtime, &component)?;
        let component = linked(runtime, &component)
            .map_err(|error| StationError::Contract { what: "the imports", detail: format!("{error:#}") })?;
        let (runtime, name) = (runtime.clone(), Arc::from(name));
        let code = Code { runtime, name, limits, component, exports, configuration };
        let failed = |function| move |failure| StationError::Failed { function, failure };
        Fresh::conforms(&code).await?;
        let description = Fresh::describe(&code).await.map_err(failed("describe"))?;
        // That `configure` accepts the configuration is all that counts here: every check configures its own instance.
        Fresh::configured(&code, &code.limits.at_station()).await.map_err(failed("configure"))?;
        Ok(Self { code, description })
    }

    /// The guard's name in the bundle.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.code.name
    }

    /// What one check may use.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.code.limits
    }

    /// What the guard says of itself.
    pub(crate) const fn description(&self) -> &Description {
        &self.description
    }

    /// Whether it exports the `text-guard` interface.
    pub(crate) const fn inspects_text(&self) -> bool {
        self.code.exports.text.is_some()
    }

    /// Whether it exports the `call-guard` interface.
    pub(crate) const fn inspects_calls(&self) -> bool {
        self.code.exports.call.is_some()
    }

    /// Whether it exports the `definition-guard` interface.
    pub(crate) const fn inspects_definitions(&self) -> bool {
        self.code.exports.definition.is_some()
    }

    /// `text-guard.inspect` in a fresh instance.
    pub(crate) async fn inspect_text(&self, item: Item<'_>) -> Result<Report, Failure> {
        self.inspect(self.code.exports.text.as_ref(), (item,)).await
    }

    /// `call-guard.inspect` in a fresh instance.
    pub(crate) async fn inspect_call(&self, call: Call<'_>) -> Result<Report, Failure> {
        self.inspect(self.code.exports.call.as_ref(), (call,)).await
    }

    /// `definition-guard.inspect` in a fresh instance.
    pub(crate) async fn inspect_definition(&self, definition: Definition<'_>) -> Result<Report, Failure> {
        self.inspect(self.code.exports.definition.as_ref(), (definition,)).await
    }

    async fn inspect<P>(&self, export: Option<&ComponentExportIndex>, params: P) -> Result<Report, Failure>
    where
        P: wasmtime::component::ComponentNamedList + wasmtime::component::Lower + Send + Sync,
    {
        let Some(export) = export else {
            return Err(Failure::new(FailureCause::Unavailable, "expected an exported `inspect`, found none"));
        };
        Fresh::configured(&self.code, &self.code.limits).await?.inspect(export, params).await
    }
}

impl std::fmt::Debug for Station {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Station")
            .field("name", &self.code.name)
            .field("limits", &self.code.limits)
            .finish_non_exhaustive()
    }
}

/// Refuses what is no component before a compiler sees it. The first eight bytes of a binary are its magic, then the
/// version and the layer (component model, `Binary.md`): layer 0 is a core module, layer 1 a component.
fn look_at(artifact: &[u8]) -> Result<(), StationError> {
    if artifact.len() > Limits::ARTIFACT {
        return Err(StationError::TooLarge { limit: Limits::ARTIFACT, found: artifact.len() });
    }
    let found = match artifact {
        [] => "an empty file",
        [0, b'a', b's', b'm', _, _, 1, 0, ..] => return Ok(()),
        [0, b'a', b's', b'm', _, _, 0, 0, ..] => {
            "a core module (make it a component: `wasm-tools component new`, or `cargo xtask guards` in this project)"
        }
        [0, b'a', b's', b'm', ..] => "a WebAssembly file that is cut short or of an unknown layer",
        _ => "a file that is not WebAssembly",
    };
    Err(StationError::NotAComponent { found })
}

/// Refuses imports beyond `log`. Instances that hold only types give nothing and need no grant.
fn refuse_ungranted(runtime: &Runtime, component: &Component) -> Result<(), StationError> {
    let component_type = component.component_type();
    for (name, import) in component_type.imports(runtime.wasmtime()) {
        let granted = name.split_once('@').is_some_and(|(interface, _)| interface == LOG);
        let types_only = match &import.ty {
            ComponentItem::ComponentInstance(instance) => {
                instance.exports(runtime.wasmtime()).all(|(_, export)| matches!(export.ty, ComponentItem::Type(_)))
            }
            ComponentItem::Type(_) => true,
            _ => false,
        };
        if !granted && !types_only {
            return Err(StationError::Import { import: name.to_owned() });
        }
    }
    Ok(())
}

fn linked(runtime: &Runtime, component: &Component) -> wasmtime::Result<InstancePre<State>> {
    let mut linker = Linker::new(runtime.wasmtime());
    Everything::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state)?;
    linker.instantiate_pre(component)
}

impl Exports {
    /// Looks up the contract's functions by name. [`Exports::conform`] checks their types.
    fn of(runtime: &Runtime, component: &Component) -> Result<Self, StationError> {
        let missing = |expected| {
            let component_type = component.component_type();
            let names = component_type.exports(runtime.wasmtime()).map(|(name, _)| format!("`{name}`"));
            let found = names.collect::<Vec<_>>().join(", ");
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
        let other = |what| move |error| StationError::Contract { what, detail: format!("{error:#}") };
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
