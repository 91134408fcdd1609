// qsort with callbacks, whose elements are swapped through the stack.
#include <stdlib.h>
#include <string.h>

typedef struct {
  int key;
  char rest[120];
} Row;

static int by_key(const void *a, const void *b) {
  volatile char scratch[64];
  scratch[0] = 1;
  return ((const Row *)a)->key - ((const Row *)b)->key + (scratch[0] - 1);
}

static Row rows[200];

int main(void) {
  unsigned state = 1;
  for (int i = 0; i < 200; ++i) {
    state = state * 1103515245 + 12345;
    rows[i].key = (int)(state >> 16);
    memset(rows[i].rest, i, sizeof rows[i].rest);
  }
  qsort(rows, 200, sizeof rows[0], by_key);
  return rows[0].key > rows[199].key;
}
