//! What state a guard has: its memories and globals, and their values before any of it ran.

use wasm_encoder::{EntityType, ValType};

use super::Whole;

/// The core module that the image is imported from, in the guard's core modules.
pub(super) const IMAGE: &str = "guardhouse:image";
/// Bytes of a page of linear memory (core specification; other sizes are a proposal that the sandbox leaves off).
pub(super) const PAGE: u32 = 64 << 10;

/// One memory of a guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Memory {
    /// Pages at the beginning.
    pub(super) minimum: u64,
    /// Pages at most, where the guard says so itself.
    pub(super) maximum: Option<u64>,
    /// What its data segments put into it, in order, later ones over earlier ones.
    pub(super) data: Vec<Run>,
}

/// Bytes that lie together in a memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) offset: u32,
    pub(super) bytes: Vec<u8>,
}

/// One global of a guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Global {
    /// Its value, with its type.
    pub(super) value: Number,
    /// Whether the guard can change it.
    pub(super) mutable: bool,
}

/// A number of one of the types of the core specification, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    I32(u32),
    I64(u64),
    F32(u32),
    F64(u64),
    V128(u128),
}

/// All memories and globals of all core modules of a guard, each kind in the order of the modules and within them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) memories: Vec<Memory>,
    pub(super) globals: Vec<Global>,
}

impl Memory {
    /// Its type for the encoder, with another minimum.
    pub(super) const fn typed(&self, minimum: u64) -> wasm_encoder::MemoryType {
        wasm_encoder::MemoryType {
            minimum,
            maximum: self.maximum,
            memory64: false,
            shared: false,
            page_size_log2: None,
        }
    }
}

impl Global {
    /// Its type for the encoder.
    pub(super) const fn typed(self) -> wasm_encoder::GlobalType {
        wasm_encoder::GlobalType { val_type: self.value.val_type(), mutable: self.mutable, shared: false }
    }
}

impl Number {
    /// The type of the number.
    const fn val_type(self) -> ValType {
        match self {
            Self::I32(_) => ValType::I32,
            Self::I64(_) => ValType::I64,
            Self::F32(_) => ValType::F32,
            Self::F64(_) => ValType::F64,
            Self::V128(_) => ValType::V128,
        }
    }

    /// Bytes of the number, as the reader writes it.
    pub(super) const fn size(self) -> u32 {
        match self {
            Self::I32(_) | Self::F32(_) => 4,
            Self::I64(_) | Self::F64(_) => 8,
            Self::V128(_) => 16,
        }
    }

    /// The number of the same type with these bytes, little-endian; `None` where there are too few or too many.
    pub(super) fn with_bytes(self, bytes: &[u8]) -> Option<Self> {
        Some(match self {
            Self::I32(_) => Self::I32(u32::from_le_bytes(bytes.try_into().ok()?)),
            Self::I64(_) => Self::I64(u64::from_le_bytes(bytes.try_into().ok()?)),
            Self::F32(_) => Self::F32(u32::from_le_bytes(bytes.try_into().ok()?)),
            Self::F64(_) => Self::F64(u64::from_le_bytes(bytes.try_into().ok()?)),
            Self::V128(_) => Self::V128(u128::from_le_bytes(bytes.try_into().ok()?)),
        })
    }

    /// The number as a constant expression.
    pub(super) fn expression(self) -> wasm_encoder::ConstExpr {
        match self {
            Self::I32(bits) => wasm_encoder::ConstExpr::i32_const(bits.cast_signed()),
            Self::I64(bits) => wasm_encoder::ConstExpr::i64_const(bits.cast_signed()),
            Self::F32(bits) => wasm_encoder::ConstExpr::f32_const(wasm_encoder::Ieee32::new(bits)),
            Self::F64(bits) => wasm_encoder::ConstExpr::f64_const(wasm_encoder::Ieee64::new(bits)),
            Self::V128(bits) => wasm_encoder::ConstExpr::v128_const(bits.cast_signed()),
        }
    }

    /// The value of a constant expression that is one constant and nothing else.
    pub(super) fn of(expression: &wasmparser::ConstExpr<'_>) -> Result<Self, Whole> {
        let mut operators = expression.get_operators_reader();
        let number = match operators.read()? {
            wasmparser::Operator::I32Const { value } => Self::I32(value.cast_unsigned()),
            wasmparser::Operator::I64Const { value } => Self::I64(value.cast_unsigned()),
            wasmparser::Operator::F32Const { value } => Self::F32(value.bits()),
            wasmparser::Operator::F64Const { value } => Self::F64(value.bits()),
            wasmparser::Operator::V128Const { value } => Self::V128(u128::from_le_bytes(*value.bytes())),
            _ => return Err(Whole::because("a value that is computed when it is instantiated")),
        };
        match operators.read()? {
            wasmparser::Operator::End => Ok(number),
            _ => Err(Whole::because("a value that is computed when it is instantiated")),
        }
    }
}

impl Layout {
    /// Every memory and global, with the name and the type under which the image has it.
    pub(super) fn entities(&self) -> impl Iterator<Item = (String, EntityType)> {
        self.memories_from(0).chain(self.globals_from(0))
    }

    /// The memories from the given one on, with their names.
    pub(super) fn memories_from(&self, first: usize) -> impl Iterator<Item = (String, EntityType)> {
        let named = |(index, memory): (usize, &Memory)| (memory_name(index), memory.typed(memory.minimum).into());
        self.memories.iter().enumerate().skip(first).map(named)
    }

    /// The globals from the given one on, with their names.
    pub(super) fn globals_from(&self, first: usize) -> impl Iterator<Item = (String, EntityType)> {
        let named = |(index, global): (usize, &Global)| (global_name(index), global.typed().into());
        self.globals.iter().enumerate().skip(first).map(named)
    }
}

/// The name of a memory in the image.
pub(super) fn memory_name(index: usize) -> String {
    format!("memory{index}")
}

/// The name of a global in the image.
pub(super) fn global_name(index: usize) -> String {
    format!("global{index}")
}
