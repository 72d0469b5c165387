//! What is looked at before a compiler sees a file.
//!
//! Compiling is the one thing that the host does for a guard without a deadline, and a small file can ask for much of it:
//! components that each instantiate another twice double with every forty bytes, and wasmtime writes such a tree out
//! before it counts. Nothing is validated here; what is well-formed is for wasmtime to say.

use wasmparser::{
    ComponentAlias, ComponentExternalKind, ComponentInstance, ComponentOuterAliasKind, Encoding, Parser, Payload,
};

use super::{
    failure::{MESSAGE, StationError},
    limits::Limits,
};
use crate::text::tame;

/// Components and core modules inside the file. A component that `wit-component` makes has one inner component for each
/// interface that it exports, and one to three modules.
const PARTS: usize = 1_000;
/// Instances when every component is written out: those of inner components count once for each time that they are
/// instantiated.
const INSTANCES: usize = 1_000;
/// How deep components lie in one another.
const DEPTH: usize = 32;
/// Functions in all modules together. The largest language runtime that we know as a guard (`SpiderMonkey`) has half as
/// many. Compiling costs about a seventh of a millisecond for an empty one.
const FUNCTIONS: usize = 65_536;
/// Bytes of one function. The largest in a guard that we know, an interpreter's loop, has a tenth. Compiling needs about
/// 500 times as much memory.
const BODY: usize = 1 << 20;

/// Refuses what is no component, or would cost more to compile than any guard should.
///
/// # Errors
/// [`StationError`], in words of what was expected and found.
pub(super) fn look_at(artifact: &[u8], limits: &Limits) -> Result<(), StationError> {
    let limit = limits.artifact.min(Limits::MAX_ARTIFACT);
    if artifact.len() > limit {
        return Err(StationError::TooLarge { limit, found: artifact.len() });
    }
    is_component(artifact)?;
    let mut count = Count::default();
    for payload in Parser::new(0).parse_all(artifact) {
        count.payload(payload.map_err(|error| invalid(&error))?)?;
    }
    Ok(())
}

/// The first eight bytes of a binary are its magic, then the version and the layer (component model, `Binary.md`): layer 0
/// is a core module, layer 1 a component.
fn is_component(artifact: &[u8]) -> Result<(), StationError> {
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

/// What was counted so far.
#[derive(Default)]
struct Count {
    /// From the outermost inwards: what the parser is in.
    levels: Vec<Level>,
    parts: usize,
    functions: usize,
}

/// A module or a component that the parser is in.
enum Level {
    Module,
    Component {
        /// Instances that one instance of it comes to.
        instances: usize,
        /// The same for every component that it can instantiate, by index.
        components: Vec<usize>,
    },
}

impl Count {
    fn payload(&mut self, payload: Payload<'_>) -> Result<(), StationError> {
        match payload {
            Payload::Version { encoding, .. } => {
                self.levels.push(match encoding {
                    Encoding::Module => Level::Module,
                    Encoding::Component => Level::Component { instances: 1, components: Vec::new() },
                });
                bound("components in one another", DEPTH, self.levels.len())?;
            }
            Payload::End(_) => {
                let inner = self.levels.pop();
                if let (Some(Level::Component { instances, .. }), Some(Level::Component { components, .. })) =
                    (inner, self.levels.last_mut())
                {
                    components.push(instances);
                }
            }
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => {
                self.parts += 1;
                bound("modules and components in it", PARTS, self.parts)?;
            }
            Payload::FunctionSection(section) => {
                self.functions = self.functions.saturating_add(section.count() as usize);
                bound("functions", FUNCTIONS, self.functions)?;
            }
            Payload::CodeSectionEntry(body) => bound("bytes in one function", BODY, body.range().len())?,
            Payload::InstanceSection(section) => self.instances(section.count() as usize)?,
            Payload::ComponentInstanceSection(section) => {
                for instance in section {
                    self.component_instance(&instance.map_err(|error| invalid(&error))?)?;
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section {
                    self.alias(&alias.map_err(|error| invalid(&error))?)?;
                }
            }
            Payload::ComponentImportSection(section) => {
                for import in section {
                    refuse_component(import.map_err(|error| invalid(&error))?.ty.kind())?;
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section {
                    let export = export.map_err(|error| invalid(&error))?;
                    if export.kind == ComponentExternalKind::Component {
                        self.name_component(0, export.index);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn component_instance(&mut self, instance: &ComponentInstance<'_>) -> Result<(), StationError> {
        let instances = match (instance, self.levels.last()) {
            (ComponentInstance::Instantiate { component_index, .. }, Some(Level::Component { components, .. })) => {
                components.get(*component_index as usize).copied().unwrap_or(1)
            }
            _ => 1,
        };
        self.instances(instances)
    }

    fn alias(&mut self, alias: &ComponentAlias<'_>) -> Result<(), StationError> {
        match alias {
            ComponentAlias::InstanceExport { kind, .. } => refuse_component(*kind)?,
            ComponentAlias::Outer { kind: ComponentOuterAliasKind::Component, count, index } => {
                self.name_component(*count as usize, *index);
            }
            _ => {}
        }
        Ok(())
    }

    /// Gives the component at `index`, so many levels further out, a further index in this one.
    fn name_component(&mut self, outwards: usize, index: u32) {
        let level = self.levels.len().checked_sub(outwards.saturating_add(1)).and_then(|level| self.levels.get(level));
        let instances = match level {
            Some(Level::Component { components, .. }) => components.get(index as usize).copied().unwrap_or(1),
            _ => 1,
        };
        if let Some(Level::Component { components, .. }) = self.levels.last_mut() {
            components.push(instances);
        }
    }

    fn instances(&mut self, more: usize) -> Result<(), StationError> {
        let Some(Level::Component { instances, .. }) = self.levels.last_mut() else { return Ok(()) };
        *instances = instances.saturating_add(more);
        bound("instances", INSTANCES, *instances)
    }
}

/// Refuses a component that comes from where its size cannot be seen. No toolchain for guards makes one.
fn refuse_component(kind: ComponentExternalKind) -> Result<(), StationError> {
    match kind {
        ComponentExternalKind::Component => Err(StationError::Invalid(
            "it has a component that is imported, or taken out of an instance, and no guard needs one".to_owned(),
        )),
        _ => Ok(()),
    }
}

fn invalid(error: &wasmparser::BinaryReaderError) -> StationError {
    StationError::Invalid(tame(&error.to_string(), MESSAGE))
}

fn bound(what: &'static str, limit: usize, found: usize) -> Result<(), StationError> {
    if found > limit { Err(StationError::TooCostly { what, limit }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use wasm_encoder::{
        CodeSection, Component, ComponentAliasSection, ComponentInstanceSection, Function, FunctionSection,
        Instruction, Module, ModuleArg, ModuleSection, NestedComponentSection, TypeSection,
    };

    use super::*;

    fn look(component: Component) -> Result<(), String> {
        look_at(&component.finish(), &Limits::default()).map_err(|error| error.to_string())
    }

    /// A module with so many functions, each of so many instructions.
    fn module(functions: usize, instructions: usize) -> Module {
        let (mut types, mut declared, mut code) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        types.ty().function([], []);
        for _ in 0..functions {
            declared.function(0);
            let mut function = Function::new([]);
            (0..instructions).for_each(|_| {
                function.instruction(&Instruction::Nop);
            });
            function.instruction(&Instruction::End);
            code.function(&function);
        }
        let mut module = Module::new();
        module.section(&types).section(&declared).section(&code);
        module
    }

    fn with_module(module: &Module) -> Component {
        let mut component = Component::new();
        component.section(&ModuleSection(module));
        component
    }

    /// A component of one core instance, then `doublings` around it, each of which instantiates the one before twice.
    fn doubled(doublings: usize, by_alias: bool) -> Component {
        let mut component = with_module(&Module::new());
        let mut instances = wasm_encoder::InstanceSection::new();
        instances.instantiate(0, [] as [(&str, ModuleArg); 0]);
        component.section(&instances);
        for _ in 0..doublings {
            let mut outer = Component::new();
            outer.section(&NestedComponentSection(&component));
            let mut instances = ComponentInstanceSection::new();
            let none = || [] as [(&str, wasm_encoder::ComponentExportKind, u32); 0];
            if by_alias {
                // The same component once more, by an alias of itself.
                let mut aliases = ComponentAliasSection::new();
                let kind = wasm_encoder::ComponentOuterAliasKind::Component;
                aliases.alias(wasm_encoder::Alias::Outer { kind, count: 0, index: 0 });
                outer.section(&aliases);
                instances.instantiate(0, none()).instantiate(1, none());
            } else {
                instances.instantiate(0, none()).instantiate(0, none());
            }
            outer.section(&instances);
            component = outer;
        }
        component
    }

    #[test]
    fn what_doubles_with_every_level_is_refused_however_small_it_is() {
        for by_alias in [false, true] {
            assert_eq!(look(doubled(8, by_alias)), Ok(()));
            let small = doubled(20, by_alias);
            assert!(small.as_slice().len() < 2_000);
            assert!(look(small).unwrap_err().contains("at most 1000 instances"));
        }
    }

    #[test]
    fn functions_are_bounded_in_number_and_size() {
        assert_eq!(look(with_module(&module(FUNCTIONS, 0))), Ok(()));
        assert!(look(with_module(&module(FUNCTIONS + 1, 0))).unwrap_err().contains("at most 65536 functions"));
        assert_eq!(look(with_module(&module(1, BODY - 100))), Ok(()));
        assert!(look(with_module(&module(1, BODY))).unwrap_err().contains("at most 1048576 bytes in one function"));
    }

    #[test]
    fn parts_are_bounded_beside_and_in_one_another() {
        let mut wide = Component::new();
        for _ in 0..=PARTS {
            wide.section(&ModuleSection(&Module::new()));
        }
        assert!(look(wide).unwrap_err().contains("at most 1000 modules and components in it"));
        let deep = (0..DEPTH).fold(Component::new(), |inner, _| {
            let mut outer = Component::new();
            outer.section(&NestedComponentSection(&inner));
            outer
        });
        assert!(look(deep).unwrap_err().contains("at most 32 components in one another"));
    }
}
