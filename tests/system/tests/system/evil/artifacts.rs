//! Files that are no guards.

use guardhouse_system_tests::Handmade;

use super::attempt::Attempt;

/// All of these.
pub(super) fn attempts() -> Vec<Attempt> {
    const NOT_WASM: &[&str] = &["expected a WebAssembly component, found a file that is not WebAssembly"];
    const CUT: &[&str] = &["expected a WebAssembly component, found a WebAssembly file that is cut short"];
    const INVALID: &[&str] = &["expected a valid WebAssembly component, found one that does not compile"];
    const EXPORTS: &[&str] = &["exports `guardhouse:guard/about@0.1.0` with `describe`"];
    const DEEP: &[&str] = &["at most 32 components in one another"];
    let whole = Handmade::default().component();
    let cut = |claim, length: usize| Attempt::file(claim, &whole[..length], INVALID);
    let changed = |claim, at: usize, byte: u8, words: &'static [&'static str]| {
        let mut changed = whole.clone();
        changed[at] = byte;
        Attempt::file(claim, changed, words)
    };
    vec![
        Attempt::file("nothing is no guard", [], ["found an empty file"]),
        Attempt::file("a script is no guard", *b"#!/bin/sh\nrm -rf /\n", NOT_WASM),
        Attempt::file("a program of the machine's is no guard", *b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0", NOT_WASM),
        Attempt::file("a library is no guard", *b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0", NOT_WASM),
        Attempt::file("a compressed file is no guard", *b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x4b\xcc", NOT_WASM),
        Attempt::file("an archive is no guard", *b"PK\x03\x04\x14\0\0\0\x08\0", NOT_WASM),
        Attempt::file("the text format is no guard", *b"(component)", NOT_WASM),
        Attempt::file("code that wasmtime compiled elsewhere is no guard", *b"\x7fELF\x02\x01\x01wasmtime", NOT_WASM),
        Attempt::file("four bytes of WebAssembly are no guard", *b"\0asm", CUT),
        Attempt::file("seven bytes of WebAssembly are no guard", *b"\0asm\x0d\0\x01", CUT),
        Attempt::file("an unknown layer is no guard", *b"\0asm\x0d\0\x02\0", CUT),
        Attempt::file("a core module is no guard", *b"\0asm\x01\0\0\0", ["found a core module (make it a component"]),
        Attempt::file(
            "a core module that calls itself a guard is no guard",
            *b"\0asm\x01\0\0\0\x07\x0c\x01\x08describe\0\0",
            ["found a core module"],
        ),
        Attempt::file("an empty component is no guard", *b"\0asm\x0d\0\x01\0", EXPORTS),
        changed("an older version of the format is no guard", 4, 0x0c, INVALID),
        changed("a newer version of the format is no guard", 4, 0x0e, INVALID),
        changed("a module with the layer of a component is no guard", 4, 1, INVALID),
        changed("a component with the layer of a module is no guard", 6, 0, &["found a core module"]),
        changed("a section that is none is no guard", 8, 0x7f, INVALID),
        changed("a section longer than the file is no guard", 9, 0x7f, INVALID),
        cut("a guard that is cut after its first section's number is no guard", 9),
        cut("a guard that is cut in its first hundred bytes is no guard", 100),
        cut("a guard that is cut in the middle is no guard", whole.len() / 2),
        cut("a guard that lacks its last byte is no guard", whole.len() - 1),
        Attempt::file("two guards in one file are no guard", [&whole[..], &whole].concat(), INVALID),
        Attempt::file(
            "a guard with an end of its own is no guard",
            [&whole[..], &b"\0\xff\xff\xff\xff\x0f"[..]].concat(),
            INVALID,
        ),
        Attempt::file("sixty million bytes of remarks are no guard", remarks(60_000_000), EXPORTS),
        Attempt::file(
            "a hundred thousand remarks are no guard",
            [COMPONENT, &section(0, b"\x01x").repeat(100_000)].concat(),
            EXPORTS,
        ),
        Attempt::file("components a hundred deep are no guard", nested(100), DEEP),
        Attempt::file("components a thousand deep are no guard", nested(1_000), DEEP),
        Attempt::file(
            "a million and one functions do not compile",
            [
                COMPONENT,
                &section(
                    1,
                    &[b"\0asm\x01\0\0\0", &section(3, &[leb128(1_000_001), vec![0; 1_000_001]].concat())[..]].concat(),
                ),
            ]
            .concat(),
            &["at most 65536 functions"][..],
        ),
    ]
}

/// The first bytes of a component.
const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

/// An empty component with a custom section of so many bytes.
fn remarks(bytes: usize) -> Vec<u8> {
    let mut content = b"\x01x".to_vec();
    content.resize(content.len() + bytes, 0);
    [COMPONENT, &section(0, &content)].concat()
}

/// Components within one another.
fn nested(depth: usize) -> Vec<u8> {
    (0..depth).fold(COMPONENT.to_vec(), |inner, _| [COMPONENT, &section(4, &inner)].concat())
}

/// A section of this number.
fn section(number: u8, content: &[u8]) -> Vec<u8> {
    [&[number][..], &leb128(content.len()), content].concat()
}

/// An unsigned number as WebAssembly writes it: seven bits a byte, the lowest first, the highest bit set in all but the
/// last.
fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap());
    bytes
}
