//! Parting one core module: its memories and globals become imports, its active data goes to the layout.

use std::ops::Range;

use wasm_encoder::{
    DataSection, Encode as _, ImportSection, Module, RawSection, SectionId,
    reencode::{Reencode as _, RoundtripReencoder},
};
use wasmparser::{DataKind, FunctionBody, GlobalSectionReader, Operator, Parser, Payload, TypeRef, ValType};

use super::{
    Whole,
    layout::{Global, IMAGE, Layout, Memory, Number, Run},
};

/// A core module without its state.
#[derive(Debug)]
pub(super) struct PartedModule {
    /// The module, without its start function.
    pub(super) code: Vec<u8>,
    /// The module with its start function, where it has one.
    pub(super) starting: Option<Vec<u8>>,
    /// Whether it imports anything from the image.
    pub(super) has_state: bool,
}

/// What a first reading of the module found.
#[derive(Default)]
struct Reading<'a> {
    /// The sections in order, custom ones left out: names and notes, which nothing here reads.
    sections: Vec<(u8, Range<usize>)>,
    imports: Vec<wasmparser::Import<'a>>,
    /// Memories that the module imports from another.
    imported_memories: u32,
    /// Its last globals, as they stand, from the first behind which none can change: they are no state.
    constants: Vec<u8>,
    /// Its data segments, each with its bytes if it is passive.
    passive: Vec<Option<&'a [u8]>>,
    starts: bool,
}

/// Parts a module, and puts its state behind what `layout` has already.
///
/// # Errors
/// [`Whole`], where the module's state is not only in memories and globals with plain values, or where a second
/// instantiation would not lead to the same.
pub(super) fn part(module: &[u8], layout: &mut Layout) -> Result<PartedModule, Whole> {
    let (memories, globals) = (layout.memories.len(), layout.globals.len());
    let reading = read(module, layout)?;
    let has_state = layout.memories.len() > memories || layout.globals.len() > globals;
    let mut imports = ImportSection::new();
    for import in &reading.imports {
        // INVARIANT: a round trip has no error of its own, and what was parsed a moment ago parses again.
        let ty = RoundtripReencoder.entity_type(import.ty).map_err(|_| Whole::because("an import of unknown kind"))?;
        imports.import(import.module, import.name, ty);
    }
    for (name, ty) in layout.memories_from(memories).chain(layout.globals_from(globals)) {
        imports.import(IMAGE, &name, ty);
    }
    let write = |with_start| written(module, &reading, &imports, with_start);
    Ok(PartedModule { code: write(false), starting: reading.starts.then(|| write(true)), has_state })
}

fn read<'a>(module: &'a [u8], layout: &mut Layout) -> Result<Reading<'a>, Whole> {
    let mut reading = Reading::default();
    let first_memory = layout.memories.len();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        if let Some((id, range)) = payload.as_section()
            && id != u8::from(SectionId::Custom)
        {
            reading.sections.push((id, range));
        }
        match payload {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    if import.module == IMAGE {
                        return Err(Whole::because("an import with the name of the image"));
                    }
                    reading.imported_memories += u32::from(matches!(import.ty, TypeRef::Memory(_)));
                    reading.imports.push(import);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    layout.memories.push(memory_of(memory?)?);
                }
            }
            Payload::GlobalSection(section) => {
                reading.constants = globals(module, &section, layout)?;
            }
            Payload::StartSection { .. } => reading.starts = true,
            Payload::DataSection(section) => {
                for data in section {
                    let data = data?;
                    reading.passive.push(match data.kind {
                        DataKind::Passive => Some(data.data),
                        DataKind::Active { memory_index, offset_expr } => {
                            let Number::I32(offset) = Number::of(&offset_expr)? else {
                                return Err(Whole::because("data at an offset that is no 32-bit number"));
                            };
                            let own = memory_index.checked_sub(reading.imported_memories);
                            let memory = own
                                .and_then(|own| layout.memories.get_mut(first_memory.saturating_add(own as usize)))
                                .ok_or_else(|| Whole::because("data for a memory of another module"))?;
                            memory.data.push(Run { offset, bytes: data.data.to_vec() });
                            None
                        }
                    });
                }
            }
            Payload::CodeSectionEntry(body) => refuse_other_state(&body)?,
            Payload::TagSection(_) => return Err(Whole::because("exceptions")),
            _ => {}
        }
    }
    Ok(reading)
}

/// Puts the globals up to the last that can change into `layout`, and gives the rest as a section. What is imported comes
/// before what a module has itself, so that every index stays what it was.
fn globals(module: &[u8], section: &GlobalSectionReader<'_>, layout: &mut Layout) -> Result<Vec<u8>, Whole> {
    let globals = section.clone().into_iter_with_offsets().collect::<Result<Vec<_>, _>>()?;
    let moved = globals.iter().rposition(|(_, global)| global.ty.mutable).map_or(0, |last| last + 1);
    for (_, global) in globals.iter().take(moved) {
        layout.globals.push(global_of(global)?);
    }
    let Some((first, _)) = globals.get(moved) else { return Ok(Vec::new()) };
    let mut constants = Vec::new();
    (globals.len() - moved).encode(&mut constants);
    constants.extend(module.get(*first..section.range().end).unwrap_or_default());
    Ok(constants)
}

fn memory_of(memory: wasmparser::MemoryType) -> Result<Memory, Whole> {
    if memory.memory64 || memory.shared || memory.page_size_log2.is_some() {
        return Err(Whole::because("a memory that is shared, of 64 bits, or of other pages"));
    }
    Ok(Memory { minimum: memory.initial, maximum: memory.maximum, data: Vec::new() })
}

fn global_of(global: &wasmparser::Global<'_>) -> Result<Global, Whole> {
    if global.ty.shared || matches!(global.ty.content_type, ValType::Ref(_)) {
        return Err(Whole::because("a global that is shared or no number"));
    }
    Ok(Global { value: Number::of(&global.init_expr)?, mutable: global.ty.mutable })
}

/// Tables and dropped segments are state too, and cannot be read back. What active element segments put into a table
/// is put there again in every instance; nothing else may change one.
fn refuse_other_state(body: &FunctionBody<'_>) -> Result<(), Whole> {
    let mut operators = body.get_operators_reader()?;
    while !operators.eof() {
        match operators.read()? {
            Operator::TableCopy { .. }
            | Operator::TableFill { .. }
            | Operator::TableGrow { .. }
            | Operator::TableInit { .. }
            | Operator::TableSet { .. } => return Err(Whole::because("an instruction that changes a table")),
            Operator::DataDrop { .. } | Operator::ElemDrop { .. } => {
                return Err(Whole::because("an instruction that drops a segment"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The module with its state imported, behind the imports that were there.
fn written(module: &[u8], reading: &Reading<'_>, imports: &ImportSection, with_start: bool) -> Vec<u8> {
    let mut encoder = Module::new();
    let mut imported = imports.is_empty();
    for (id, range) in &reading.sections {
        let raw = RawSection { id: *id, data: module.get(range.clone()).unwrap_or_default() };
        // Only types stand before imports.
        if !imported && *id != u8::from(SectionId::Type) {
            encoder.section(imports);
            imported = true;
        }
        match *id {
            id if id == u8::from(SectionId::Import) || id == u8::from(SectionId::Memory) => {}
            id if id == u8::from(SectionId::Global) => {
                if !reading.constants.is_empty() {
                    encoder.section(&RawSection { id, data: &reading.constants });
                }
            }
            id if id == u8::from(SectionId::Start) && !with_start => {}
            id if id == u8::from(SectionId::Data) => {
                // An active segment is used up once it is in the memory, and reads as an empty passive one then.
                let mut data = DataSection::new();
                for segment in &reading.passive {
                    data.passive(segment.unwrap_or_default().iter().copied());
                }
                encoder.section(&data);
            }
            _ => {
                encoder.section(&raw);
            }
        }
    }
    encoder.finish()
}
