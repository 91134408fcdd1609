// Hands out memory from Zig's allocator for WebAssembly by request of the host.
const std = @import("std");

export fn take(size: usize) ?[*]u8 {
    const block = std.heap.wasm_allocator.alloc(u8, size) catch return null;
    return block.ptr;
}

export fn give(block: [*]u8, size: usize) void {
    std.heap.wasm_allocator.free(block[0..size]);
}
