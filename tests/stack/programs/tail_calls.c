// flags: -mtail-call
// A tail call leaves no frame below the callee.
static volatile int rounds = 50;

__attribute__((noinline)) static int spread(int value) {
  volatile int local[70];
  for (int i = 0; i < 70; ++i) local[i] = value;
  return local[value & 63];
}

static int even(int left, int sum);
static int odd(int left, int sum) {
  sum += spread(left);
  if (left == 0) return sum;
  __attribute__((musttail)) return even(left - 1, sum);
}
static int even(int left, int sum) {
  sum -= left;
  if (left == 0) return spread(sum);
  __attribute__((musttail)) return odd(left - 1, sum);
}

static int (*volatile chosen)(int, int) = even;
__attribute__((noinline)) static int start(int left, int sum) {
  __attribute__((musttail)) return chosen(left, sum);
}

int main(void) { return start(rounds, 0) == 1; }
