// Leaf functions that use the bytes below the stack pointer without lowering it.
static volatile int seed = 9;

__attribute__((noinline)) static int leaf(int value) {
  volatile int local[20];
  for (int i = 0; i < 20; ++i) local[i] = value * i;
  return local[value & 15];
}

__attribute__((noinline)) static int larger_leaf(int value) {
  volatile int local[40];
  for (int i = 0; i < 40; ++i) local[i] = value + i;
  return local[value & 31];
}

int main(void) { return leaf(seed) + larger_leaf(seed) == 1; }
