// Function pointers of one and of several types, in a table that changes at run time.
typedef int (*Unary)(int);
typedef int (*Binary)(int, int);

static volatile int seed = 3;

static int small(int value) {
  volatile int local[4] = {value, 1, 2, 3};
  return local[value & 3];
}
static int large(int value) {
  volatile int local[600];
  for (int i = 0; i < 600; ++i) local[i] = value + i;
  return local[value & 511];
}
static int both(int left, int right) {
  volatile int local[40];
  for (int i = 0; i < 40; ++i) local[i] = left;
  return local[right & 31];
}

static Unary unary[] = {small, large};
static Binary binary[] = {both};

int main(void) {
  volatile int around[100];
  int sum = 0;
  for (int i = 0; i < 6; ++i) {
    around[i] = unary[(i + seed) & 1](i) + binary[0](i, sum);
    sum += around[i];
  }
  if (seed == 4) unary[0] = unary[1];
  return sum == 1;
}
