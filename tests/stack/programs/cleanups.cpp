// flags: -fexceptions -fwasm-exceptions
// Cleanups restore the stack pointer from a local. Register coloring merges it with others where it is not needed any more,
// although that is inside the try still: what is called there never throws.
__asm__(
    ".globl __cpp_exception\n"
    ".tagtype __cpp_exception i32\n"
    "__cpp_exception:\n");

namespace {

volatile int seed = 5;
volatile int sink;

[[gnu::noinline]] int may_throw(int value) {
  volatile int numbers[100];
  for (int i = 0; i < 100; ++i) numbers[i] = value + i;
  if (value == 77) __builtin_wasm_throw(0, nullptr);
  return numbers[seed];
}

[[gnu::noinline]] int never_throws(int value, int other) noexcept {
  volatile int numbers[200];
  for (int i = 0; i < 200; ++i) numbers[i] = value + i;
  return numbers[seed] + other;
}

struct Counted {
  [[gnu::noinline]] ~Counted() { sink = sink + 1; }
};

[[gnu::noinline]] int between(int value) {
  Counted counted;
  int first = may_throw(value);
  if (first < 1000) {
    int second = never_throws(first, value);
    int third = never_throws(second, first);
    value = never_throws(third + second, first * 3) + third;
  } else {
    value = may_throw(first - 1000);
  }
  return value + seed;
}

[[gnu::noinline]] int framed(int value) {
  int numbers[20];
  Counted counted;
  numbers[seed] = value;
  for (int i = 0; i < 20; ++i) {
    numbers[i] = may_throw(value + i);
    if (numbers[i] > 10) {
      int first = numbers[seed - 1];
      int second = never_throws(first, value);
      int third = never_throws(second, first);
      value = never_throws(third + second, first * 3) + third;
      break;
    }
  }
  return value;
}

}  // namespace

int main() { return between(seed) + framed(seed) == 1; }
