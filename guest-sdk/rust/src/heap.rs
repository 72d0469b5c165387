//! The heap of a guard.
//!
//! Growing memory is a system call and takes a lock that all threads of the host share: it costs more than the rest of
//! a small check. Guards are therefore linked with enough memory to begin with (`cargo xtask guards` does it), and this
//! allocator hands out what the linker left free before it asks for more. It is the allocator of the standard library;
//! the release inside the standard library always grows.

#[global_allocator]
static HEAP: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;
