// Frames in some branches, early returns, loops, and arrays of several functions that are inlined into one.
#include <string.h>

static volatile unsigned seed = 2;

static inline __attribute__((always_inline)) unsigned inlined(unsigned value) {
  unsigned char local[400];
  memset((void *)local, (int)value, sizeof local);
  volatile unsigned char *p = local;
  return p[value & 255];
}

__attribute__((noinline)) static unsigned choose(unsigned value) {
  switch (value % 4) {
    case 0: return inlined(value);
    case 1: {
      volatile unsigned char local[1000];
      for (unsigned i = 0; i < sizeof local; ++i) local[i] = (unsigned char)i;
      return local[value & 511];
    }
    case 2: return inlined(value) + inlined(value + 1);
    default: return value;
  }
}

int main(void) {
  unsigned sum = 0;
  for (unsigned i = 0; i < 9; ++i) {
    sum += choose(i + seed);
    if (sum == 12345) return 1;
  }
  return sum == 1;
}
