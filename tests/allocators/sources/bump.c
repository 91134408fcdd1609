// The smallest allocator: a pointer that only goes up, and as many pages as are missing. Nothing is ever given back.
#include <stddef.h>

enum { kPage = 65536 };

extern char __heap_base;
static char *next = &__heap_base;

__attribute__((export_name("take"))) void *take(size_t size) {
  char *block = next;
  next += (size + 15) & ~(size_t)15;
  size_t have = __builtin_wasm_memory_size(0) * kPage;
  if ((size_t)next > have && __builtin_wasm_memory_grow(0, ((size_t)next - have + kPage - 1) / kPage) == (size_t)-1) {
    next = block;
    return NULL;
  }
  return block;
}

__attribute__((export_name("give"))) void give(void *block) { (void)block; }
