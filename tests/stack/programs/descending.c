// Pointers that walk down through arrays of the frame, in steps of all sizes, in functions without calls.
static volatile int seed = 123456;
struct Four {
  int a, b, c, d;
};

__attribute__((noinline)) static int digits(int number) {
  char text[40];
  char *at = text + sizeof text;
  *--at = 0;
  do {
    *--at = (char)('0' + number % 10);
    number /= 10;
  } while (number != 0);
  int sum = 0;
  while (*at) sum += *at++;
  return sum;
}

__attribute__((noinline)) static int structs(int value) {
  volatile struct Four items[6];
  volatile struct Four *at = items + 6;
  while (at != items) {
    --at;
    at->a = at->d = value;
  }
  return items[2].a;
}

int main(void) { return digits(seed) + structs(seed) == 1; }
