// A pointer that goes up from the heap base, over a memory that doubles until it is large enough.
#include <stddef.h>

enum { kPage = 65536 };

extern char __heap_base;
static char *next = &__heap_base;

__attribute__((export_name("take"))) void *take(size_t size) {
  char *block = next, *end = block + ((size + 7) & ~(size_t)7);
  while ((size_t)end > __builtin_wasm_memory_size(0) * kPage) {
    if (__builtin_wasm_memory_grow(0, __builtin_wasm_memory_size(0)) == (size_t)-1) return NULL;
  }
  next = end;
  return block;
}

__attribute__((export_name("give"))) void give(void *block) { (void)block; }
