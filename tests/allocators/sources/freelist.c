// Every block is whole pages of its own; blocks that were given back go to a list, and the first that is large enough is
// taken again. The initial memory is never handed out.
#include <stddef.h>

enum { kPage = 65536 };

struct Block {
  size_t pages;
  struct Block *next;
};

static struct Block *given_back;

__attribute__((export_name("take"))) void *take(size_t size) {
  size_t pages = (size + sizeof(struct Block) + kPage - 1) / kPage;
  for (struct Block **link = &given_back; *link; link = &(*link)->next) {
    struct Block *found = *link;
    if (found->pages >= pages) {
      *link = found->next;
      return found + 1;
    }
  }
  size_t page = __builtin_wasm_memory_grow(0, pages);
  if (page == (size_t)-1) return NULL;
  struct Block *fresh = (struct Block *)(page * kPage);
  fresh->pages = pages;
  return fresh + 1;
}

__attribute__((export_name("give"))) void give(void *block) {
  struct Block *last = (struct Block *)block - 1;
  last->next = given_back;
  given_back = last;
}
