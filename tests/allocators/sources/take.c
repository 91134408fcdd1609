// Hands out memory from malloc by request of the host; free and realloc are there so that the whole allocator is linked.
#include <stdlib.h>

__attribute__((export_name("take"))) void *take(size_t size) { return malloc(size); }
__attribute__((export_name("give"))) void give(void *block) { free(block); }
__attribute__((export_name("resize"))) void *resize(void *block, size_t size) { return realloc(block, size); }
__attribute__((export_name("take_aligned"))) void *take_aligned(size_t alignment, size_t size) { return aligned_alloc(alignment, size); }
