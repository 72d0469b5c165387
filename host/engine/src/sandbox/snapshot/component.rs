//! Parting a component: its core modules are parted, and one core module more, the image, is imported and handed to
//! each of them.

use std::collections::BTreeSet;

use wasm_encoder::{
    Alias, CanonicalFunctionSection, CanonicalOption, Component, ComponentAliasSection, ComponentExportKind,
    ComponentExportSection, ComponentImportSection, ComponentSectionId, ComponentTypeRef, ComponentTypeSection,
    ComponentValType, CoreTypeSection, ExportKind, InstanceSection, ModuleArg, ModuleType, PrimitiveValType,
    RawSection, ValType,
    reencode::{Reencode, ReencodeComponent, component_utils},
};
use wasmparser::{
    CanonicalFunction, ComponentAlias, ComponentAliasSectionReader, ComponentExternalKind, ComponentOuterAliasKind,
    ExternalKind, Instance, InstanceSectionReader, Parser, Payload,
};

use super::{
    Whole,
    image::{READ, SCRATCH},
    layout::{IMAGE, Layout},
    module::{self, PartedModule},
};

/// The component's name for the image.
pub(in crate::sandbox) const IMAGE_IMPORT: &str = "guardhouse-image";
/// The function by which the host reads the image of an instance: `func(what: u32, index: u32) -> list<u8>`.
pub(in crate::sandbox) const READ_EXPORT: &str = "guardhouse-read";

/// A component without its state.
#[derive(Debug)]
pub(super) struct PartedComponent {
    /// The component; it imports the core module [`IMAGE_IMPORT`] and exports [`READ_EXPORT`]. No start function runs in
    /// it: they have run in the instance that the image is of.
    pub(super) code: Vec<u8>,
    /// The same with start functions, where it has any.
    pub(super) starting: Option<Vec<u8>>,
    /// Its state.
    pub(super) layout: Layout,
}

/// What a first reading of the component found.
#[derive(Default)]
struct Reading<'a> {
    sections: Vec<Section<'a>>,
    layout: Layout,
    /// The core modules that are instantiated.
    instantiated: BTreeSet<u32>,
    modules: u32,
    types: u32,
    funcs: u32,
    core_funcs: u32,
    core_memories: u32,
}

/// A section of the component.
enum Section<'a> {
    /// A core module, parted; its index.
    Module(Box<PartedModule>),
    /// Core instances.
    Instances(InstanceSectionReader<'a>),
    /// Aliases.
    Aliases(ComponentAliasSectionReader<'a>),
    /// Anything else: it refers to no core module and no core instance.
    Raw(RawSection<'a>),
}

/// Parts a component.
///
/// # Errors
/// [`Whole`] says why it cannot be.
pub(super) fn part(component: &[u8]) -> Result<PartedComponent, Whole> {
    let reading = read(component)?;
    if reading.layout.memories.is_empty() {
        return Err(Whole::because("no memory of its own"));
    }
    let starts =
        reading.sections.iter().any(|section| matches!(section, Section::Module(module) if module.starting.is_some()));
    let code = written(&reading, false)?;
    let starting = if starts { Some(written(&reading, true)?) } else { None };
    Ok(PartedComponent { code, starting, layout: reading.layout })
}

fn read(component: &[u8]) -> Result<Reading<'_>, Whole> {
    let mut reading = Reading::default();
    // How deep the parser is in modules and components inside this one.
    let mut depth = 0_usize;
    let mut in_module = false;
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload?;
        if let Payload::End(_) = payload {
            depth = depth.saturating_sub(1);
            in_module = false;
            continue;
        }
        if in_module {
            continue;
        }
        if depth > 0 {
            refuse_nested_code(&payload)?;
            depth += usize::from(matches!(payload, Payload::ComponentSection { .. }));
            continue;
        }
        let raw =
            payload.as_section().map(|(id, range)| RawSection { id, data: component.get(range).unwrap_or_default() });
        match payload {
            Payload::ModuleSection { unchecked_range, .. } => {
                let module = component.get(unchecked_range).unwrap_or_default();
                let parted = module::part(module, &mut reading.layout)?;
                reading.sections.push(Section::Module(Box::new(parted)));
                reading.modules += 1;
                in_module = true;
                depth += 1;
            }
            Payload::InstanceSection(section) => {
                reading.core_instances(&section)?;
                reading.sections.push(Section::Instances(section));
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section.clone() {
                    reading.alias(&alias?)?;
                }
                reading.sections.push(Section::Aliases(section));
            }
            Payload::ComponentSection { .. } => {
                depth += 1;
                reading.sections.extend(raw.map(Section::Raw));
            }
            // Names of what has other indices afterwards, and notes.
            Payload::CustomSection(_) => {}
            other => {
                reading.count(other)?;
                reading.sections.extend(raw.map(Section::Raw));
            }
        }
    }
    Ok(reading)
}

/// Refuses whatever a component inside the component could have state by.
fn refuse_nested_code(payload: &Payload<'_>) -> Result<(), Whole> {
    let nested = || Err(Whole::because("a component with code inside the component"));
    match payload {
        Payload::ModuleSection { .. }
        | Payload::InstanceSection(_)
        | Payload::CoreTypeSection(_)
        | Payload::ComponentCanonicalSection(_)
        | Payload::ComponentStartSection { .. } => nested(),
        Payload::ComponentImportSection(section) => {
            for import in section.clone() {
                known(import?.ty.kind())?;
            }
            Ok(())
        }
        Payload::ComponentAliasSection(section) => {
            for alias in section.clone() {
                if let ComponentAlias::CoreInstanceExport { .. }
                | ComponentAlias::Outer {
                    kind: ComponentOuterAliasKind::CoreModule | ComponentOuterAliasKind::CoreType,
                    ..
                } = alias?
                {
                    return nested();
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Refuses to hand around what could hold state out of sight.
fn known(kind: ComponentExternalKind) -> Result<(), Whole> {
    match kind {
        ComponentExternalKind::Func | ComponentExternalKind::Type | ComponentExternalKind::Instance => Ok(()),
        ComponentExternalKind::Module | ComponentExternalKind::Component | ComponentExternalKind::Value => {
            Err(Whole::because("modules, components or values that are imported or exported"))
        }
    }
}

impl Reading<'_> {
    /// Counts an item of the component's own.
    fn item(&mut self, kind: ComponentExternalKind) -> Result<(), Whole> {
        known(kind)?;
        self.types += u32::from(kind == ComponentExternalKind::Type);
        self.funcs += u32::from(kind == ComponentExternalKind::Func);
        Ok(())
    }

    fn alias(&mut self, alias: &ComponentAlias<'_>) -> Result<(), Whole> {
        match alias {
            ComponentAlias::InstanceExport { kind, .. } => self.item(*kind)?,
            ComponentAlias::CoreInstanceExport { kind, .. } => {
                self.core_funcs += u32::from(matches!(kind, ExternalKind::Func | ExternalKind::FuncExact));
                self.core_memories += u32::from(*kind == ExternalKind::Memory);
            }
            ComponentAlias::Outer { kind: ComponentOuterAliasKind::Type, .. } => self.types += 1,
            ComponentAlias::Outer { .. } => return Err(Whole::because("an alias of a module or component")),
        }
        Ok(())
    }

    fn core_instances(&mut self, section: &InstanceSectionReader<'_>) -> Result<(), Whole> {
        for instance in section.clone() {
            if let Instance::Instantiate { module_index, .. } = instance?
                && !self.instantiated.insert(module_index)
            {
                return Err(Whole::because("a core module that is instantiated more than once"));
            }
        }
        Ok(())
    }

    /// Counts the items of a section.
    fn count(&mut self, payload: Payload<'_>) -> Result<(), Whole> {
        match payload {
            Payload::ComponentTypeSection(section) => self.types += section.count(),
            Payload::ComponentImportSection(section) => {
                for import in section {
                    self.item(import?.ty.kind())?;
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section {
                    self.item(export?.kind)?;
                }
            }
            Payload::ComponentCanonicalSection(section) => {
                for function in section {
                    match function? {
                        CanonicalFunction::Lift { .. } => self.funcs += 1,
                        CanonicalFunction::Lower { .. } => self.core_funcs += 1,
                        // Handles of resources, tasks and streams live in tables of the runtime's.
                        _ => return Err(Whole::because("resources, or functions that run beside others")),
                    }
                }
            }
            Payload::CoreTypeSection(_) => return Err(Whole::because("types of core modules")),
            Payload::ComponentStartSection { .. } => return Err(Whole::because("a start function of the component")),
            _ => {}
        }
        Ok(())
    }

    /// The parted form of a core module.
    fn module(&self, index: u32) -> Option<&PartedModule> {
        let modules = self.sections.iter().filter_map(|section| match section {
            Section::Module(module) => Some(&**module),
            _ => None,
        });
        modules.into_iter().nth(index as usize)
    }
}

/// The image is the first core module and the first core instance, so that all others move by one.
struct Moved;

impl Reencode for Moved {
    type Error = std::convert::Infallible;
}

impl ReencodeComponent for Moved {
    fn module_index(&mut self, index: u32) -> u32 {
        index + 1
    }

    fn instance_index(&mut self, index: u32) -> u32 {
        index + 1
    }
}

fn written(reading: &Reading<'_>, with_starts: bool) -> Result<Vec<u8>, Whole> {
    let mut encoder = Component::new();
    import_image(&mut encoder, &reading.layout);
    for section in &reading.sections {
        match section {
            Section::Module(module) => {
                let starting = module.starting.as_ref().filter(|_| with_starts);
                let data = starting.unwrap_or(&module.code);
                encoder.section(&RawSection { id: ComponentSectionId::CoreModule.into(), data });
            }
            Section::Instances(section) => {
                encoder.section(&instances(reading, section)?);
            }
            Section::Aliases(section) => {
                let mut aliases = ComponentAliasSection::new();
                component_utils::parse_component_alias_section(&mut Moved, &mut aliases, section.clone())
                    .map_err(|_| Whole::because("an alias of unknown kind"))?;
                encoder.section(&aliases);
            }
            Section::Raw(section) => {
                encoder.section(section);
            }
        }
    }
    export_read(&mut encoder, reading);
    Ok(encoder.finish())
}

/// The component's import of the image, and its one instance.
fn import_image(encoder: &mut Component, layout: &Layout) {
    let mut image = ModuleType::new();
    image.ty().function([ValType::I32, ValType::I32], [ValType::I32]);
    image.export(READ, wasm_encoder::EntityType::Function(0));
    let scratch =
        wasm_encoder::MemoryType { minimum: 0, maximum: None, memory64: false, shared: false, page_size_log2: None };
    image.export(SCRATCH, scratch.into());
    for (name, ty) in layout.entities() {
        image.export(&name, ty);
    }
    let mut types = CoreTypeSection::new();
    types.ty().module(&image);
    let mut imports = ComponentImportSection::new();
    imports.import(IMAGE_IMPORT, ComponentTypeRef::Module(0));
    let mut instances = InstanceSection::new();
    instances.instantiate(0, [] as [(&str, ModuleArg); 0]);
    encoder.section(&types).section(&imports).section(&instances);
}

/// The core instances, each with the image where its module imports from it.
fn instances(reading: &Reading<'_>, section: &InstanceSectionReader<'_>) -> Result<InstanceSection, Whole> {
    let mut instances = InstanceSection::new();
    for instance in section.clone() {
        match instance? {
            Instance::Instantiate { module_index, args } => {
                let args = args.iter().map(|arg| (arg.name, ModuleArg::Instance(arg.index + 1)));
                let has_state = reading.module(module_index).is_some_and(|module| module.has_state);
                let image = has_state.then_some((IMAGE, ModuleArg::Instance(0)));
                instances.instantiate(module_index + 1, args.chain(image).collect::<Vec<_>>());
            }
            Instance::FromExports(exports) => {
                let export = |export: &wasmparser::Export<'_>| {
                    let kind =
                        Moved.export_kind(export.kind).map_err(|_| Whole::because("an export of unknown kind"))?;
                    Ok((export.name.to_owned(), kind, export.index))
                };
                let exports = exports.iter().map(export).collect::<Result<Vec<_>, Whole>>()?;
                instances.export_items(exports.iter().map(|(name, kind, index)| (name.as_str(), *kind, *index)));
            }
        }
    }
    Ok(instances)
}

/// The function by which the host reads an instance's state, behind everything else.
fn export_read(encoder: &mut Component, reading: &Reading<'_>) {
    let mut aliases = ComponentAliasSection::new();
    aliases
        .alias(Alias::CoreInstanceExport { instance: 0, kind: ExportKind::Func, name: READ })
        .alias(Alias::CoreInstanceExport { instance: 0, kind: ExportKind::Memory, name: SCRATCH });
    let mut types = ComponentTypeSection::new();
    types.defined_type().list(PrimitiveValType::U8);
    let (bytes, word) = (ComponentValType::Type(reading.types), ComponentValType::from(PrimitiveValType::U32));
    types.function().params([("what", word), ("index", word)]).result(Some(bytes));
    let mut functions = CanonicalFunctionSection::new();
    functions.lift(reading.core_funcs, reading.types + 1, [CanonicalOption::Memory(reading.core_memories)]);
    let mut exports = ComponentExportSection::new();
    exports.export(READ_EXPORT, ComponentExportKind::Func, reading.funcs, None);
    encoder.section(&aliases).section(&types).section(&functions).section(&exports);
}
