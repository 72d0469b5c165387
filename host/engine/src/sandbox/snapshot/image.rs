//! The image: one core module that holds a guard's state and, before `configure`, a function that reads it.

use wasm_encoder::{
    BlockType, CodeSection, DataSection, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, MemArg,
    MemorySection, MemoryType, Module, TypeSection, ValType,
};

use super::layout::{Layout, Number, PAGE, Run, global_name, memory_name};

/// The export by which an image is read: `(what: i32, index: i32) -> i32`, the address of a pointer and a length in
/// [`SCRATCH`].
pub(super) const READ: &str = "read";
/// The memory that [`READ`] writes to.
pub(super) const SCRATCH: &str = "scratch";

/// What [`READ`] reads: the sizes of all memories in pages, as 32-bit numbers.
pub(super) const SIZES: u32 = 0;
/// What [`READ`] reads: the values of all globals, each in as many bytes as its type has.
pub(super) const GLOBALS: u32 = 1;
/// What [`READ`] reads: this and the index of a memory is one page of it.
pub(super) const MEMORY: u32 = 2;

/// Bytes of a block of memory. Blocks with nothing but zeros are no part of an image: this is the size of the pages in
/// which the machine shares memory between instances.
pub(super) const BLOCK: usize = 4 << 10;

/// Where [`READ`] puts what it read: behind the pointer and the length.
const DATA: u32 = 16;
/// The state of a guard at one moment: what a fork of it begins with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct State {
    pub(super) memories: Vec<MemoryState>,
    /// The value of each global.
    pub(super) globals: Vec<Number>,
}

/// One memory in a [`State`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct MemoryState {
    /// Its size in pages.
    pub(super) pages: u32,
    /// What is in it; all else is zeros.
    pub(super) runs: Vec<Run>,
}

impl State {
    /// The state in which an instance begins.
    pub(super) fn initial(layout: &Layout) -> Option<Self> {
        let memories = layout
            .memories
            .iter()
            .map(|memory| Some(MemoryState { pages: u32::try_from(memory.minimum).ok()?, runs: memory.data.clone() }));
        Some(Self {
            memories: memories.collect::<Option<_>>()?,
            globals: layout.globals.iter().map(|global| global.value).collect(),
        })
    }
}

/// The image of a guard that runs from the beginning, and can be read: with a memory of its own to read into.
pub(super) fn readable(layout: &Layout, state: &State) -> Vec<u8> {
    let scratch = u32::try_from(layout.memories.len()).unwrap_or(u32::MAX);
    written(layout, state, Some(scratch), &reader(layout, scratch))
}

/// The image that checks begin with. Nothing reads it any more, so its function does nothing but trap, and what should
/// be read into is one of the guard's own memories, so that a check needs none for it.
pub(super) fn forked(layout: &Layout, state: &State) -> Vec<u8> {
    let mut function = Function::new([]);
    function.instructions().unreachable().end();
    written(layout, state, None, &function)
}

/// Pages of the memory that a readable image is read into.
pub(super) fn scratch_pages(layout: &Layout) -> u32 {
    let globals = layout.globals.iter().map(|global| global.value.size()).fold(0, u32::saturating_add);
    PAGE.max(globals).saturating_add(DATA).div_ceil(PAGE)
}

fn written(layout: &Layout, state: &State, scratch: Option<u32>, read: &Function) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32, ValType::I32], [ValType::I32]);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut exports = ExportSection::new();
    exports.export(READ, ExportKind::Func, 0);
    exports.export(SCRATCH, ExportKind::Memory, scratch.unwrap_or(0));
    let (mut memories, mut data) = (MemorySection::new(), DataSection::new());
    for (index, (memory, state)) in (0_u32..).zip(layout.memories.iter().zip(&state.memories)) {
        memories.memory(memory.typed(u64::from(state.pages)));
        exports.export(&memory_name(index as usize), ExportKind::Memory, index);
        for run in &state.runs {
            let offset = Number::I32(run.offset).expression();
            data.active(index, &offset, run.bytes.iter().copied());
        }
    }
    if scratch.is_some() {
        let minimum = u64::from(scratch_pages(layout));
        let maximum = Some(minimum);
        memories.memory(MemoryType { minimum, maximum, memory64: false, shared: false, page_size_log2: None });
    }
    let mut globals = GlobalSection::new();
    for (index, (global, value)) in (0_u32..).zip(layout.globals.iter().zip(&state.globals)) {
        globals.global(global.typed(), &value.expression());
        exports.export(&global_name(index as usize), ExportKind::Global, index);
    }
    let mut code = CodeSection::new();
    code.function(read);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&memories).section(&globals).section(&exports);
    module.section(&code).section(&data);
    module.finish()
}

/// The function that reads: a block for each of what it can read, left by the first that is meant.
fn reader(layout: &Layout, scratch: u32) -> Function {
    let at = |offset| MemArg { offset: u64::from(offset), align: 0, memory_index: scratch };
    let mut function = Function::new([]);
    let mut write = function.instructions();
    write.block(BlockType::Empty).local_get(0).i32_const(SIZES.cast_signed()).i32_ne().br_if(0);
    let mut end = DATA;
    for memory in 0..scratch {
        write.i32_const(0).memory_size(memory).i32_store(at(end));
        end += 4;
    }
    answer(&mut write, scratch, end - DATA);
    write.end().block(BlockType::Empty).local_get(0).i32_const(GLOBALS.cast_signed()).i32_ne().br_if(0);
    let mut end = DATA;
    for (index, global) in (0..).zip(&layout.globals) {
        write.i32_const(0).global_get(index);
        match global.value {
            Number::I32(_) => write.i32_store(at(end)),
            Number::I64(_) => write.i64_store(at(end)),
            Number::F32(_) => write.f32_store(at(end)),
            Number::F64(_) => write.f64_store(at(end)),
            Number::V128(_) => write.v128_store(at(end)),
        };
        end += global.value.size();
    }
    answer(&mut write, scratch, end - DATA);
    write.end();
    for memory in 0..scratch {
        write.block(BlockType::Empty).local_get(0).i32_const((MEMORY + memory).cast_signed()).i32_ne().br_if(0);
        write.i32_const(DATA.cast_signed());
        write.local_get(1).i32_const(PAGE.trailing_zeros().cast_signed()).i32_shl();
        write.i32_const(PAGE.cast_signed()).memory_copy(scratch, memory);
        answer(&mut write, scratch, PAGE);
        write.end();
    }
    write.unreachable().end();
    function
}

/// Writes where the answer is and how long, and returns the address of both.
fn answer(write: &mut wasm_encoder::InstructionSink<'_>, scratch: u32, length: u32) {
    let at = |offset| MemArg { offset, align: 2, memory_index: scratch };
    write.i32_const(0).i32_const(DATA.cast_signed()).i32_store(at(0));
    write.i32_const(0).i32_const(length.cast_signed()).i32_store(at(4));
    write.i32_const(0).return_();
}
