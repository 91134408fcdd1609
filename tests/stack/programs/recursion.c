// A recursion; how deep it gets is decided at run time.
static volatile unsigned depth = 40;

__attribute__((noinline)) static unsigned descend(unsigned left) {
  volatile unsigned char local[64];
  for (unsigned i = 0; i < sizeof local; ++i) local[i] = (unsigned char)left;
  return left == 0 ? local[3] : descend(left - 1) + local[left & 31];
}

int main(void) { return descend(depth) == 1; }
