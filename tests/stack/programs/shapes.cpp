// Virtual calls, destructors, and objects of different sizes on the stack.
#include <cstring>

namespace {

volatile int seed = 6;

struct Shape {
  virtual ~Shape() = default;
  virtual int area() const = 0;
};

struct Square final : Shape {
  int side = 0;
  int area() const override {
    volatile int grid[64];
    for (int i = 0; i < 64; ++i) grid[i] = side;
    return grid[side & 31] * side;
  }
};

struct Picture final : Shape {
  char pixels[1500];
  Picture() { std::memset(pixels, seed, sizeof pixels); }
  ~Picture() override {
    volatile char last[32];
    last[seed & 15] = pixels[3];
  }
  int area() const override { return pixels[seed & 1023]; }
};

struct Guard {
  char& target;
  ~Guard() {
    volatile char local[200];
    local[seed & 127] = 1;
    target = local[seed & 127];
  }
};

[[gnu::noinline]] int measure(const Shape& shape) {
  char state = 0;
  const Guard guard{state};
  return shape.area() + state;
}

}  // namespace

int main() {
  Square square;
  square.side = seed;
  Picture picture;
  const Shape* shapes[] = {&square, &picture};
  int sum = 0;
  for (int i = 0; i < 4; ++i) sum += measure(*shapes[(i + seed) & 1]);
  return sum == 1;
}
