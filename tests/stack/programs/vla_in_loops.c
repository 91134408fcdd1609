// Variable-length arrays whose scopes are left and entered again, in functions with calls.
static volatile int rounds = 12;

__attribute__((noinline)) static void touch(volatile unsigned char *bytes, int count) {
  for (int i = 0; i < count; ++i) bytes[i] = (unsigned char)i;
}

__attribute__((noinline)) static int nested(int count) {
  int sum = 0;
  for (int i = 1; i < count; ++i) {
    unsigned char outer[i * 20];
    touch(outer, i * 20);
    for (int j = 1; j < i; ++j) {
      unsigned char inner[j];
      touch(inner, j);
      if (inner[0] == 77) break;
      sum += inner[j - 1] + outer[j];
    }
  }
  return sum;
}

__attribute__((noinline)) static int again(int count) {
  int sum = 0, i = 1;
next:;
  {
    unsigned char bytes[i * 3];
    touch(bytes, i * 3);
    sum += bytes[i];
    if (++i < count) goto next;
  }
  return sum;
}

int main(void) { return nested(rounds) + again(rounds) == 1; }
