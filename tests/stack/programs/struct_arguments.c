// Large structs as arguments: the caller makes copies.
struct Block {
  int numbers[200];
};
static volatile int seed = 6;

__attribute__((noinline)) static int last(struct Block block, int index) {
  block.numbers[index & 127] += seed;
  return block.numbers[seed];
}

__attribute__((noinline)) static int middle(struct Block left, struct Block right) {
  left.numbers[3] = seed;
  right.numbers[seed] = 2;
  return last(left, seed) + last(right, left.numbers[3]);
}

int main(void) {
  struct Block block;
  for (int i = 0; i < 200; ++i) block.numbers[i] = seed + i;
  return middle(block, block) == 1;
}
