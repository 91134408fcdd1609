// A recursion that is never deeper than the configuration says: 26 calls of walk.
static volatile int depth = 25;

__attribute__((noinline)) static int leaf(int value) {
  volatile int local[100];
  for (int i = 0; i < 100; ++i) local[i] = value + i;
  return local[value & 63];
}

__attribute__((noinline)) static int walk(int left);
__attribute__((noinline)) static int between(int left) {
  volatile int local[9];
  local[left & 7] = left;
  return walk(left - 1) + local[left & 7];
}
__attribute__((noinline)) static int walk(int left) {
  volatile int local[20];
  for (int i = 0; i < 20; ++i) local[i] = left;
  return left == 0 ? leaf(left) : between(left) + local[left & 15];
}

int main(void) { return walk(depth) == 1; }
