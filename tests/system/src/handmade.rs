//! Guards that no compiler would make.

use std::fs;

use wasm_encoder::{
    CodeSection, Component, ComponentImportSection, ComponentTypeRef, ComponentTypeSection, ConstExpr, DataSection,
    ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection, InstanceType,
    MemorySection, MemoryType, Module, PrimitiveValType, StartSection, TypeSection, ValType,
};
use wit_component::{ComponentEncoder, DecodedWasm, StringEncoding};

pub use wasm_encoder::{BlockType, Instruction, MemArg};

use crate::bundle::built;

/// A guard of the world `text`, instruction by instruction. As it stands by default it asks for every text and finds
/// nothing.
#[derive(Debug)]
pub struct Handmade {
    /// The categories of its description.
    pub categories: &'static [&'static str],
    /// The checkpoints that it asks for.
    pub checkpoints: &'static [&'static str],
    /// The media types that it reads.
    pub media_types: &'static [&'static str],
    /// What runs while it is instantiated. Nothing: it has no start function.
    pub start: Vec<Instruction<'static>>,
    /// What runs in `inspect` before it finds nothing. The parameters are those of the contract's `item`, flattened:
    /// checkpoint 0 and 1, source 2 and 3, trusted 4, parts 5 and 6, attributes 7 and 8.
    pub inspect: Vec<Instruction<'static>>,
    /// Memories of one page (64 KiB) each beside the first.
    pub more_memories: u32,
}

impl Default for Handmade {
    fn default() -> Self {
        Self {
            categories: &["nothing"],
            checkpoints: &["input", "tool-definition", "tool-call", "tool-result", "output"],
            media_types: &["*/*"],
            start: Vec::new(),
            inspect: Vec::new(),
            more_memories: 0,
        }
    }
}

/// Zeros, which read as an `ok` of a reach without reach, and as one of a report without findings.
const ZEROS: i32 = 8;
/// The description: sixteen words.
const DESCRIPTION: i32 = 64;
/// What the description points to.
const STRINGS: usize = 128;
/// Where what the host hands over is put: up to the end of the first memory.
const HEAP: i32 = 4096;
/// Pages of the first memory.
const PAGES: u64 = 4;

impl Handmade {
    /// The component.
    #[must_use]
    pub fn component(&self) -> Vec<u8> {
        let mut module = self.module();
        // The small guard's own type names the world, with the contract's types in it.
        let small = fs::read(built("guest-small")).unwrap();
        let DecodedWasm::Component(resolve, world) = wit_component::decode(&small).unwrap() else {
            panic!("expected a component, found a package");
        };
        wit_component::embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
        ComponentEncoder::default().validate(true).module(&module).unwrap().encode().unwrap()
    }

    fn module(&self) -> Vec<u8> {
        let mut types = TypeSection::new();
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        let mut exports = ExportSection::new();
        let mut add = |name: Option<&str>, parameters: usize, results: usize, body: &[Instruction<'static>]| {
            let index = functions.len();
            types.ty().function(vec![ValType::I32; parameters], vec![ValType::I32; results]);
            functions.function(index);
            let mut function = Function::new([]);
            body.iter().chain([&Instruction::End]).for_each(|instruction| {
                function.instruction(instruction);
            });
            code.function(&function);
            if let Some(name) = name {
                exports.export(name, ExportKind::Func, index);
            }
            index
        };
        let at = |address| [Instruction::I32Const(address)];
        add(Some("guardhouse:guard/about@0.1.0#describe"), 0, 1, &at(DESCRIPTION));
        add(Some("guardhouse:guard/about@0.1.0#configure"), 2, 1, &at(ZEROS));
        let inspect = [self.inspect.as_slice(), &at(ZEROS)].concat();
        add(Some("guardhouse:guard/text-guard@0.1.0#inspect"), 9, 1, &inspect);
        // Hands out what lies behind what it handed out last, in steps of eight bytes; parameter 3 is the length.
        let realloc = [
            Instruction::GlobalGet(0),
            Instruction::GlobalGet(0),
            Instruction::LocalGet(3),
            Instruction::I32Add,
            Instruction::I32Const(7),
            Instruction::I32Add,
            Instruction::I32Const(-8),
            Instruction::I32And,
            Instruction::GlobalSet(0),
        ];
        add(Some("cabi_realloc"), 4, 1, &realloc);
        let start = (!self.start.is_empty()).then(|| add(None, 0, 0, &self.start));

        let page =
            |minimum| MemoryType { minimum, maximum: None, memory64: false, shared: false, page_size_log2: None };
        let mut memories = MemorySection::new();
        memories.memory(page(PAGES));
        for _ in 0..self.more_memories {
            memories.memory(page(1));
        }
        exports.export("memory", ExportKind::Memory, 0);
        let mut globals = GlobalSection::new();
        let heap = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
        globals.global(heap, &ConstExpr::i32_const(HEAP));
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(DESCRIPTION), self.description());

        let mut module = Module::new();
        module.section(&types).section(&ImportSection::new()).section(&functions).section(&memories);
        module.section(&globals).section(&exports);
        if let Some(function_index) = start {
            module.section(&StartSection { function_index });
        }
        module.section(&code).section(&data);
        module.finish()
    }

    /// The memory from [`DESCRIPTION`] on: the record, and the strings and lists that it points to.
    fn description(&self) -> Vec<u8> {
        let mut strings = Vec::new();
        let base = |strings: &Vec<u8>| u32::try_from(STRINGS + strings.len()).unwrap();
        let text = |strings: &mut Vec<u8>, text: &str| {
            let place = [base(strings), u32::try_from(text.len()).unwrap()];
            strings.extend(text.bytes());
            place
        };
        let single = ["handmade", "0.1.0", "Finds nothing", "{}"].map(|word| text(&mut strings, word));
        let lists = [self.categories, self.checkpoints, self.media_types, &[]].map(|words| {
            let places = words.iter().flat_map(|word| text(&mut strings, word));
            let items: Vec<u8> = places.flat_map(u32::to_le_bytes).collect();
            strings.resize(strings.len().next_multiple_of(4), 0);
            let place = [base(&strings), u32::try_from(words.len()).unwrap()];
            strings.extend(items);
            place
        });
        let record = single.iter().chain(&lists).flatten().flat_map(|word| word.to_le_bytes());
        record.chain(strings).collect()
    }
}

/// A component that does nothing but import the function `now` of the interface `name`.
#[must_use]
pub fn with_import(name: &str) -> Vec<u8> {
    let mut instance = InstanceType::new();
    instance.ty().function().params([] as [(&str, PrimitiveValType); 0]).result(Some(PrimitiveValType::U64.into()));
    instance.export("now", ComponentTypeRef::Func(0));
    let mut types = ComponentTypeSection::new();
    types.instance(&instance);
    let mut imports = ComponentImportSection::new();
    imports.import(name, ComponentTypeRef::Instance(0));
    let mut component = Component::new();
    component.section(&types).section(&imports);
    component.finish()
}
