// Hands out memory from the runtime that --runtime names by request of the host; the string makes it keep its collector too.
export function take(size: usize): usize {
  return heap.alloc(size);
}

export function give(block: usize): void {
  heap.free(block);
}

export function resize(block: usize, size: usize): usize {
  return heap.realloc(block, size);
}

export function text(times: i32): string {
  return "text".repeat(times);
}
