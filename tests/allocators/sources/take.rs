// Hands out memory from the standard library's global allocator by request of the host.
use std::alloc::{alloc, dealloc, realloc, Layout};

unsafe fn bytes(size: usize) -> Layout {
    Layout::from_size_align_unchecked(size, 1)
}

#[no_mangle]
pub unsafe extern "C" fn take(size: usize) -> *mut u8 {
    alloc(bytes(size))
}

#[no_mangle]
pub unsafe extern "C" fn give(block: *mut u8, size: usize) {
    dealloc(block, bytes(size))
}

#[no_mangle]
pub unsafe extern "C" fn resize(block: *mut u8, old: usize, new: usize) -> *mut u8 {
    realloc(block, bytes(old), new)
}
