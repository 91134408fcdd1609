// Pointers that are into the frame, or somewhere else.
static volatile int seed = 7;
static int elsewhere[64];

__attribute__((noinline)) static int use(int *numbers, int count) {
  for (int i = 0; i < count; ++i) numbers[i] += i;
  return numbers[count - 1];
}

__attribute__((noinline)) static int choose(int count) {
  int own[32];
  int *numbers = count < 32 ? own : elsewhere;
  int *end = numbers + (count & 31);
  int sum = 0;
  for (int i = 0; i < 32; ++i) own[i] = i;
  while (end != numbers) sum += *--end;
  return sum + use(numbers, count & 31);
}

__attribute__((noinline)) static int without_calls(int count) {
  volatile int own[16];
  volatile int *numbers = count & 1 ? own : elsewhere;
  for (int i = 0; i < 16; ++i) numbers[i] = count;
  return numbers[count & 15];
}

int main(void) { return choose(seed) + choose(seed + 30) + without_calls(seed) + without_calls(8) == 1; }
