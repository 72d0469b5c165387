//! Guards that no compiler would make.

use std::fmt::Write as _;

use wit_component::{ComponentEncoder, StringEncoding};
use wit_parser::Resolve;

/// A guard of the world `text` whose functions are given in WebAssembly's text format. As it stands by default it asks
/// for every text and finds nothing.
///
/// Each body runs before what the function does of itself, and may return something else. Beside its own parameters,
/// named below, it has in reach:
///
/// * `$log`: the contract's `write` (level, address, length);
/// * `$starts`: whether the text of the first part starts with eight bytes (the list of parts, the bytes as `i64`);
/// * `$clean`: the address of an `ok` without findings, and of a reach without reach: both are zeros;
/// * `$report`: the address of an `ok` with the finding at `$finding`, which is sound and about the whole item. To
///   change a field is to store over it: the offsets are those of the canonical ABI, see [`finding`];
/// * `$description`: the address of the sixteen words of the description: name 0, version 8, summary 16, schema 24,
///   categories 32, checkpoints 40, media types 48, views 56, each an address and a length;
/// * `$heap`: where the next allocation goes. All above is below 16 KiB, the first allocation's place;
/// * `$memory`: the first memory, of 256 KiB.
#[derive(Debug, Clone)]
pub struct Handmade {
    /// The categories of its description.
    pub categories: &'static [&'static str],
    /// The checkpoints that it asks for.
    pub checkpoints: &'static [&'static str],
    /// The media types that it reads.
    pub media_types: &'static [&'static str],
    /// Another contract than the host's: what in the text of `guard.wit` is replaced by what. As the module stays the
    /// same, so must the way in which its functions are called.
    pub contract: &'static [(&'static str, &'static str)],
    /// Further fields of the module: tables, memories, globals, functions.
    pub fields: String,
    /// What runs while it is instantiated. Nothing: it has no start function.
    pub start: String,
    /// The body of `describe`.
    pub describe: String,
    /// The body of `configure`: `$config`, `$config_length`.
    pub configure: String,
    /// The body of `inspect`: `$checkpoint`, `$source`, `$parts` and `$attributes`, each with its `…_length`, and
    /// `$trusted`; and a local `$at` to count with.
    pub inspect: String,
    /// The body of `cabi_realloc`: `$old`, `$old_size`, `$align`, `$size`.
    pub realloc: String,
    /// What runs after `describe` was read: `$result`. Nothing, here and below: it has no such function.
    pub after_describe: String,
    /// What runs after the answer of `configure` was read: `$result`.
    pub after_configure: String,
    /// What runs after the report was read: `$result`.
    pub after_inspect: String,
}

/// Offsets in the finding at `$finding`: where the canonical ABI puts the fields of the contract's `finding`. A string
/// and a list are an address and, four bytes on, a length.
pub mod finding {
    /// `rule`, a string: `handmade`.
    pub const RULE: u32 = 0;
    /// `category`, a string: the description's first.
    pub const CATEGORY: u32 = 8;
    /// `severity`, a byte: 0.
    pub const SEVERITY: u32 = 16;
    /// `confidence`, a byte: 0.
    pub const CONFIDENCE: u32 = 17;
    /// `message`, a string: empty.
    pub const MESSAGE: u32 = 20;
    /// `part`: a byte that says whether there is one (0), and four bytes on its number.
    pub const PART: u32 = 28;
    /// `span`: a byte that says whether there is one (0), four bytes on its start, eight its end.
    pub const SPAN: u32 = 36;
    /// `repair`: a byte that says which (0, mask), and four bytes on the string of a pseudonym.
    pub const REPAIR: u32 = 48;
    /// `attributes`, a list of two strings each: empty.
    pub const ATTRIBUTES: u32 = 60;
    /// Bytes of a finding.
    pub const SIZE: usize = 68;
}

impl Default for Handmade {
    fn default() -> Self {
        let nothing = String::new;
        Self {
            categories: &["nothing"],
            checkpoints: &["input", "tool-definition", "tool-call", "tool-result", "output"],
            media_types: &["*/*"],
            contract: &[],
            fields: nothing(),
            start: nothing(),
            describe: nothing(),
            configure: nothing(),
            inspect: nothing(),
            realloc: nothing(),
            after_describe: nothing(),
            after_configure: nothing(),
            after_inspect: nothing(),
        }
    }
}

/// The contract.
const CONTRACT: &str = include_str!("../../../wit/guard.wit");

/// Zeros.
const CLEAN: usize = 8;
/// Six words: an `ok`, the list of findings, and the empty list of settled offsets.
const REPORT: usize = 32;
/// The finding.
const FINDING: usize = 64;
/// The description: sixteen words.
const DESCRIPTION: usize = 160;
/// What the description points to.
const STRINGS: usize = DESCRIPTION + 16 * 4;
/// Where what the host hands over is put: up to the end of the first memory.
const HEAP: usize = 16 << 10;
/// Pages of the first memory.
const PAGES: usize = 4;

impl Handmade {
    /// The component.
    #[must_use]
    pub fn component(&self) -> Vec<u8> {
        let text = self.module();
        let mut module = wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}"));
        let text = self.contract.iter().fold(CONTRACT.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "expected `{from}` in the contract");
            text.replace(from, to)
        });
        let mut contract = Resolve::default();
        let package = contract.push_str("guard.wit", &text).unwrap_or_else(|error| panic!("{error:#}"));
        let world = contract.select_world(&[package], Some("text")).unwrap();
        wit_component::embed_component_metadata(&mut module, &contract, world, StringEncoding::UTF8).unwrap();
        ComponentEncoder::default().validate(true).module(&module).unwrap().encode().unwrap()
    }

    /// The module, as text.
    fn module(&self) -> String {
        let Self { fields, describe, configure, inspect, realloc, .. } = self;
        let about = "guardhouse:guard/about@0.1.0";
        let guard = "guardhouse:guard/text-guard@0.1.0";
        let mut optional = String::new();
        for (function, body) in [
            (format!("{about}#describe"), &self.after_describe),
            (format!("{about}#configure"), &self.after_configure),
            (format!("{guard}#inspect"), &self.after_inspect),
        ] {
            if !body.is_empty() {
                writeln!(optional, r#"(func (export "cabi_post_{function}") (param $result i32) {body})"#).unwrap();
            }
        }
        if !self.start.is_empty() {
            writeln!(optional, "(func $start {})\n(start $start)", self.start).unwrap();
        }
        let memory = self.memory();
        let memory = memory.iter().map(|byte| format!("\\{byte:02x}")).collect::<Vec<_>>().concat();
        format!(
            r#"(module
            (import "guardhouse:guard/log@0.1.0" "write" (func $log (param i32 i32 i32)))
            (memory $memory (export "memory") {PAGES})
            (data (memory $memory) (i32.const {CLEAN}) "{memory}")
            (global $clean i32 (i32.const {CLEAN}))
            (global $report i32 (i32.const {REPORT}))
            (global $finding i32 (i32.const {FINDING}))
            (global $description i32 (i32.const {DESCRIPTION}))
            (global $heap (mut i32) (i32.const {HEAP}))
            (elem declare func $log)
            (func $starts (param $parts i32) (param $bytes i64) (result i32)
                ;; The body of a part is its third string.
                (if (i32.lt_u (i32.load offset=20 (local.get $parts)) (i32.const 8)) (then (return (i32.const 0))))
                (i64.eq (i64.load (i32.load offset=16 (local.get $parts))) (local.get $bytes)))
            (func (export "{about}#describe") (result i32) {describe} (global.get $description))
            (func (export "{about}#configure") (param $config i32) (param $config_length i32) (result i32)
                {configure} (global.get $clean))
            (func (export "{guard}#inspect")
                (param $checkpoint i32) (param $checkpoint_length i32) (param $source i32) (param $source_length i32)
                (param $trusted i32) (param $parts i32) (param $parts_length i32)
                (param $attributes i32) (param $attributes_length i32) (result i32) (local $at i32)
                {inspect} (global.get $clean))
            (func (export "cabi_realloc")
                (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
                {realloc}
                ;; Hands out what lies behind what it handed out last, in steps of eight bytes.
                (global.get $heap)
                (global.set $heap (i32.and (i32.add (i32.add (global.get $heap) (local.get $size)) (i32.const 7))
                    (i32.const -8))))
            {fields}
            {optional})"#
        )
    }

    /// The memory from [`CLEAN`] to the end of what the description points to.
    fn memory(&self) -> Vec<u8> {
        let mut strings = Vec::new();
        let base = |strings: &Vec<u8>| u32::try_from(STRINGS + strings.len()).unwrap();
        let text = |strings: &mut Vec<u8>, text: &str| {
            let place = [base(strings), u32::try_from(text.len()).unwrap()];
            strings.extend(text.bytes());
            place
        };
        let single = ["handmade", "0.1.0", "Finds nothing", "{}"].map(|word| text(&mut strings, word));
        let category = base(&strings);
        let lists = [self.categories, self.checkpoints, self.media_types, &[]].map(|words| {
            let places: Vec<u32> = words.iter().flat_map(|word| text(&mut strings, word)).collect();
            strings.resize(strings.len().next_multiple_of(4), 0);
            let place = [base(&strings), u32::try_from(words.len()).unwrap()];
            strings.extend(places.into_iter().flat_map(u32::to_le_bytes));
            place
        });
        let mut memory = vec![0; STRINGS];
        let mut put = |at: usize, words: &[u32]| {
            for (place, word) in memory[at..].chunks_exact_mut(4).zip(words) {
                place.copy_from_slice(&word.to_le_bytes());
            }
        };
        let description: Vec<u32> = single.iter().chain(&lists).flatten().copied().collect();
        put(DESCRIPTION, &description);
        put(REPORT + 4, &[u32::try_from(FINDING).unwrap(), 1]);
        let first = self.categories.first().map_or(0, |category| category.len());
        put(FINDING, &[single[0][0], single[0][1], category, u32::try_from(first).unwrap()]);
        memory.extend(strings);
        assert!(memory.len() <= HEAP, "expected a description below the heap, found {} bytes", memory.len());
        memory.split_off(CLEAN)
    }
}

/// A component, in WebAssembly's text format.
#[must_use]
pub fn component(text: &str) -> Vec<u8> {
    wat::parse_str(format!("(component {text})")).unwrap_or_else(|error| panic!("{error}"))
}

/// A component that does nothing but import the function `now` of the interface `name`.
#[must_use]
pub fn with_import(name: &str) -> Vec<u8> {
    component(&format!(r#"(import "{name}" (instance (export "now" (func (result u64)))))"#))
}
