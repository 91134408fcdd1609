// flags: -mmultivalue -Xclang -target-abi -Xclang experimental-mv
// Several results of a function.
struct Pair {
  int first, second;
};
static volatile int seed = 8;

__attribute__((noinline)) static struct Pair both(int value) {
  volatile int local[60];
  for (int i = 0; i < 60; ++i) local[i] = value * i;
  return (struct Pair){local[value & 31], local[value & 15]};
}

__attribute__((noinline)) static struct Pair twice(int value) {
  volatile int local[25];
  struct Pair pair = both(value);
  for (int i = 0; i < 25; ++i) local[i] = pair.second;
  struct Pair other = both(local[value & 7] & 7);
  return (struct Pair){pair.first + other.second, local[3]};
}

int main(void) {
  const struct Pair pair = twice(seed);
  return pair.first + pair.second == 1;
}
