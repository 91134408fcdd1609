// Calls of different depth; the deepest one is taken on one of two branches.
#include <string.h>

static volatile unsigned seed = 7;

__attribute__((noinline)) static unsigned leaf(const unsigned char *bytes, unsigned count) {
  unsigned sum = 0;
  for (unsigned i = 0; i < count; ++i) sum = sum * 31 + bytes[i];
  return sum;
}

__attribute__((noinline)) static unsigned wide(unsigned value) {
  unsigned char buffer[3000];
  memset(buffer, (int)value, sizeof buffer);
  return leaf(buffer, sizeof buffer);
}

__attribute__((noinline)) static unsigned narrow(unsigned value) {
  unsigned char buffer[48];
  memset(buffer, (int)value, sizeof buffer);
  return leaf(buffer, sizeof buffer) + (value & 1 ? wide(value) : 0);
}

int main(void) {
  unsigned char local[200];
  for (unsigned i = 0; i < sizeof local; ++i) local[i] = (unsigned char)(i * seed);
  return (leaf(local, sizeof local) + narrow(seed) + narrow(seed + 1)) == 1;
}
