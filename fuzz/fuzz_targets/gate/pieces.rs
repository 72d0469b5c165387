//! A WebAssembly binary as a tree of what its lengths hold together, so that an edit leaves the lengths around it right.
//!
//! Any bytes that are changed in a binary end most runs at the next length that no longer fits; here sections, core modules
//! and function bodies get the lengths that they need, and the rest of the file is read.

use libfuzzer_sys::arbitrary::{self, Arbitrary};

/// One change.
#[derive(Arbitrary, Debug)]
pub struct Edit {
    what: What,
    /// Which leaf or list, modulo their number.
    which: u16,
    /// Where in it, modulo its length.
    at: u16,
}

#[derive(Arbitrary, Debug)]
enum What {
    /// Writes bytes over those of a leaf.
    Overwrite(Vec<u8>),
    /// Adds a number to a byte of a leaf: another index, another type, another instruction.
    Add(i8),
    /// Puts bytes into a leaf.
    Insert(Vec<u8>),
    /// Takes bytes out of a leaf.
    Delete(u8),
    /// Gives a leaf the content of another.
    Copy(u16),
    /// Takes a piece out of a list.
    Drop,
    /// Puts a piece into a list once more, at another place.
    Repeat(u16),
    /// Exchanges two pieces of a list.
    Swap(u16),
}

/// A binary, taken apart.
#[derive(Clone, Debug)]
pub struct Pieces(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    /// Bytes that hold no length that we know of.
    Leaf(Vec<u8>),
    /// A section with its number, or a function body without one: a length in front of content.
    Sized(Option<u8>, Vec<Piece>),
}

/// The first eight bytes of a component and of a core module (component model, `Binary.md`).
const COMPONENT: [u8; 8] = *b"\0asm\x0d\0\x01\0";
const MODULE: [u8; 8] = *b"\0asm\x01\0\0\0";

impl Pieces {
    /// Takes a component or a core module apart. What cannot be read stays as it is.
    pub fn of(binary: &[u8]) -> Self {
        Self(pieces(binary).unwrap_or_else(|| vec![Piece::Leaf(binary.to_vec())]))
    }

    /// A component with these sections, each with its number.
    pub fn of_sections(sections: &[(u8, &[u8])]) -> Self {
        let section = |(id, content): &(u8, &[u8])| Piece::Sized(Some(*id), vec![Piece::Leaf(content.to_vec())]);
        Self([Piece::Leaf(COMPONENT.to_vec())].into_iter().chain(sections.iter().map(section)).collect())
    }

    /// The binary.
    pub fn binary(&self) -> Vec<u8> {
        let mut binary = Vec::new();
        write(&self.0, &mut binary);
        binary
    }

    /// Makes one change.
    pub fn edit(&mut self, Edit { what, which, at }: &Edit) {
        let (which, at) = (usize::from(*which), usize::from(*at));
        let copied = match what {
            What::Copy(from) => modulo(leaves(&mut self.0), usize::from(*from)).cloned(),
            _ => None,
        };
        if let What::Drop | What::Repeat(_) | What::Swap(_) = what {
            let mut before = which % lists(&self.0);
            let Some(list) = list(&mut self.0, &mut before).filter(|list| !list.is_empty()) else { return };
            let at = at % list.len();
            match what {
                What::Repeat(to) => list.insert(usize::from(*to) % list.len(), list[at].clone()),
                What::Swap(with) => {
                    let with = usize::from(*with) % list.len();
                    list.swap(at, with);
                }
                _ => drop(list.remove(at)),
            }
            return;
        }
        let Some(leaf) = modulo(leaves(&mut self.0), which) else { return };
        let at = at % (leaf.len() + 1);
        match what {
            What::Overwrite(bytes) => leaf.iter_mut().skip(at).zip(bytes).for_each(|(old, new)| *old = *new),
            What::Add(number) => {
                leaf.iter_mut().skip(at).take(1).for_each(|byte| *byte = byte.wrapping_add_signed(*number));
            }
            What::Insert(bytes) => drop(leaf.splice(at..at, bytes.iter().copied())),
            What::Delete(count) => drop(leaf.drain(at..leaf.len().min(at + usize::from(*count)))),
            _ => *leaf = copied.unwrap_or_default(),
        }
    }
}

/// The item that a number means: modulo how many there are.
fn modulo<T>(mut items: Vec<T>, index: usize) -> Option<T> {
    if items.is_empty() { None } else { Some(items.swap_remove(index % items.len())) }
}

fn pieces(binary: &[u8]) -> Option<Vec<Piece>> {
    let (preamble, mut rest) = binary.split_at_checked(8)?;
    let is_component = preamble == COMPONENT;
    if !is_component && preamble != MODULE {
        return None;
    }
    let mut all = vec![Piece::Leaf(preamble.to_vec())];
    while let Some((id, behind)) = rest.split_first() {
        let (content, behind) = sized(behind)?;
        let inner = match (is_component, id) {
            // A core module or a component in a component; the code of a core module.
            (true, 1 | 4) => pieces(content)?,
            (false, 10) => bodies(content)?,
            _ => vec![Piece::Leaf(content.to_vec())],
        };
        all.push(Piece::Sized(Some(*id), inner));
        rest = behind;
    }
    Some(all)
}

/// A number of function bodies, each behind its length.
fn bodies(content: &[u8]) -> Option<Vec<Piece>> {
    let (_, mut rest) = number(content)?;
    let mut all = vec![Piece::Leaf(content.get(..content.len() - rest.len())?.to_vec())];
    while !rest.is_empty() {
        let (body, behind) = sized(rest)?;
        all.push(Piece::Sized(None, vec![Piece::Leaf(body.to_vec())]));
        rest = behind;
    }
    Some(all)
}

/// Content behind its length, and what follows.
fn sized(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = number(bytes)?;
    rest.split_at_checked(length)
}

/// A number in LEB128, and what follows.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let last = bytes.iter().take(5).position(|byte| byte & 0x80 == 0)?;
    let (number, rest) = bytes.split_at_checked(last + 1)?;
    Some((number.iter().rev().fold(0, |number, byte| number << 7 | usize::from(byte & 0x7f)), rest))
}

fn write(pieces: &[Piece], into: &mut Vec<u8>) {
    for piece in pieces {
        match piece {
            Piece::Leaf(bytes) => into.extend(bytes),
            Piece::Sized(id, inner) => {
                let mut content = Vec::new();
                write(inner, &mut content);
                into.extend(id);
                let mut length = content.len();
                while length > 0x7f {
                    into.push(u8::try_from(length & 0x7f).unwrap_or_default() | 0x80);
                    length >>= 7;
                }
                into.push(u8::try_from(length).unwrap_or_default());
                into.extend(content);
            }
        }
    }
}

fn leaves(pieces: &mut [Piece]) -> Vec<&mut Vec<u8>> {
    let leaves = pieces.iter_mut().map(|piece| match piece {
        Piece::Leaf(bytes) => vec![bytes],
        Piece::Sized(_, inner) => leaves(inner),
    });
    leaves.flatten().collect()
}

/// How many lists of pieces there are: the component's sections, those of its modules, and their bodies.
fn lists(pieces: &[Piece]) -> usize {
    let inner = pieces.iter().map(|piece| match piece {
        Piece::Sized(_, inner) if inner.len() > 1 => lists(inner),
        _ => 0,
    });
    1 + inner.sum::<usize>()
}

/// The list behind `before` others.
fn list<'p>(pieces: &'p mut Vec<Piece>, before: &mut usize) -> Option<&'p mut Vec<Piece>> {
    if *before == 0 {
        return Some(pieces);
    }
    *before -= 1;
    for piece in pieces {
        if let Piece::Sized(_, inner) = piece
            && inner.len() > 1
            && let Some(found) = list(inner, before)
        {
            return Some(found);
        }
    }
    None
}
