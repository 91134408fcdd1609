// The library calls back: qsort and bsearch.
#include <stdlib.h>

static volatile int seed = 11;

static int compare(const void *left, const void *right) {
  volatile int local[50];
  for (int i = 0; i < 50; ++i) local[i] = *(const int *)left;
  return local[seed & 31] - *(const int *)right;
}

int main(void) {
  int numbers[64];
  for (int i = 0; i < 64; ++i) numbers[i] = (i * 37 + seed) & 63;
  qsort(numbers, 64, sizeof *numbers, compare);
  const int key = seed;
  return bsearch(&key, numbers, 64, sizeof *numbers, compare) == 0;
}
