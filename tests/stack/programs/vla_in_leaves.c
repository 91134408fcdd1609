// Variable-length arrays in functions without calls: the pointer is lowered in a local alone.
static volatile int rounds = 15;

__attribute__((noinline)) static int in_a_loop(int count) {
  int sum = 0;
  for (int i = 1; i < count; ++i) {
    volatile unsigned char bytes[i * 16];
    bytes[0] = (unsigned char)i;
    sum += bytes[0];
  }
  return sum;
}

__attribute__((noinline)) static int two(int count) {
  volatile int numbers[count];
  volatile unsigned char bytes[count * 3];
  numbers[0] = 1;
  bytes[0] = 2;
  return numbers[0] + bytes[0];
}

__attribute__((noinline)) static int nested(int count) {
  int sum = 0;
  for (int i = 1; i < count; ++i) {
    volatile unsigned char outer[i];
    outer[0] = 1;
    for (int j = 1; j < i; ++j) {
      volatile struct { int fields[4]; } inner[j];
      inner[0].fields[1] = j;
      sum += inner[0].fields[1];
    }
    sum += outer[0];
  }
  return sum;
}

int main(void) { return in_a_loop(rounds) + two(rounds) + nested(rounds) == 1; }
