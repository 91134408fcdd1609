// An allocation on the stack whose size is not known.
#include <alloca.h>
#include <string.h>

static volatile unsigned bytes = 700;

__attribute__((noinline)) static unsigned fill(unsigned count) {
  unsigned char *local = alloca(count);
  memset(local, 3, count);
  volatile unsigned char *p = local;
  return p[count / 2];
}

int main(void) { return fill(bytes) + fill(bytes * 2) == 1; }
