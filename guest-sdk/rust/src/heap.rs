//! The heap of a guard.
//!
//! Growing memory is a system call and takes a lock that all threads of the host share: it costs more than the rest of
//! a small check. Guards are therefore linked with enough memory to begin with (`cargo xtask guards` does it), and this
//! allocator hands out what the linker left free before it asks for more. It is the allocator of the standard library,
//! given that memory in small pieces: it writes to the end of each piece that it gets, and what was written is in the
//! snapshot that the host keeps of the configured guard, together with all that lies before it.

#![expect(unsafe_code, reason = "an allocator is made of pointers")]

use core::{
    alloc::{GlobalAlloc, Layout},
    arch::wasm32,
    cell::UnsafeCell,
    ptr,
    sync::atomic::{AtomicUsize, Ordering},
};

use dlmalloc::{Allocator, Dlmalloc};

/// Bytes of a page of linear memory.
const PAGE: usize = 64 << 10;

unsafe extern "C" {
    /// Where the linker's own data ends.
    static __heap_base: u8;
}

/// The guard's memory from the linker's data on.
struct Memory {
    /// Where the next piece begins. Zero before the first.
    next: AtomicUsize,
}

// SAFETY: every piece lies behind the one before, within the memory that there is, and is nobody else's: what somebody
// else may have grown the memory by is passed over.
unsafe impl Allocator for Memory {
    fn alloc(&self, size: usize) -> (*mut u8, usize, u32) {
        const NONE: (*mut u8, usize, u32) = (ptr::null_mut(), 0, 0);
        let mut start = self.next.load(Ordering::Relaxed);
        if start == 0 {
            start = (&raw const __heap_base as usize).next_multiple_of(16);
        }
        let Some(mut end) = start.checked_add(size).and_then(|end| end.checked_next_multiple_of(PAGE)) else {
            return NONE;
        };
        let have = wasm32::memory_size(0) * PAGE;
        if end > have {
            let grown = wasm32::memory_grow(0, (end - have) / PAGE);
            if grown == usize::MAX {
                return NONE;
            }
            if grown * PAGE != have {
                // Not reached on one thread, and right all the same: what was grown now is ours.
                start = grown * PAGE;
                end += start - have;
            }
        }
        self.next.store(end, Ordering::Relaxed);
        (ptr::with_exposed_provenance_mut(start), end - start, 0)
    }

    fn remap(&self, _ptr: *mut u8, _old: usize, _new: usize, _can_move: bool) -> *mut u8 {
        ptr::null_mut()
    }

    fn free_part(&self, _ptr: *mut u8, _old: usize, _new: usize) -> bool {
        false
    }

    fn free(&self, _ptr: *mut u8, _size: usize) -> bool {
        false
    }

    fn can_release_part(&self, _flags: u32) -> bool {
        false
    }

    fn allocates_zeros(&self) -> bool {
        true
    }

    fn page_size(&self) -> usize {
        PAGE
    }
}

/// The allocator of a guard, which has one thread.
struct Heap(UnsafeCell<Dlmalloc<Memory>>);

// SAFETY: a guard has one thread; the target has no others to offer.
unsafe impl Sync for Heap {}

// SAFETY: these are Dlmalloc's own guarantees. Nothing it does calls back into the allocator, so there is never a second
// reference to it.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { (*self.0.get()).malloc(layout.size(), layout.align()) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        unsafe { (*self.0.get()).calloc(layout.size(), layout.align()) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        unsafe { (*self.0.get()).free(ptr, layout.size(), layout.align()) }
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        unsafe { (*self.0.get()).realloc(ptr, layout.size(), layout.align(), new_size) }
    }
}

#[global_allocator]
static HEAP: Heap = Heap(UnsafeCell::new(Dlmalloc::new_with_allocator(Memory { next: AtomicUsize::new(0) })));
