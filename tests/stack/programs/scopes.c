// Arrays in scopes beside each other, early returns, a switch that falls through.
static volatile int seed = 2;

__attribute__((noinline)) static int fill(volatile int *numbers, int count) {
  for (int i = 0; i < count; ++i) numbers[i] = i ^ seed;
  return numbers[count / 2];
}

__attribute__((noinline)) static int scopes(int which) {
  int sum = 0;
  switch (which) {
    case 0: {
      volatile int small[10];
      sum = fill(small, 10);
    }
    case 1: {
      volatile int large[300];
      sum += fill(large, 300);
      if (sum == 99) return sum;
      break;
    }
    default: {
      volatile int other[150];
      for (int i = 0; i < 3; ++i) {
        volatile int inner[50];
        sum += fill(inner, 50);
        if (sum == 98) return fill(other, 150);
      }
    }
  }
  return sum;
}

int main(void) { return scopes(seed - 2) + scopes(1) + scopes(seed) == 1; }
