// Virtual calls without pure functions, members called through pointers, a temporary per call.
namespace {

volatile int seed = 3;

struct Block {
  int numbers[90];
};

struct Base {
  virtual ~Base() {}
  virtual int run(int value) const {
    volatile int local[10];
    local[value & 7] = value;
    return local[value & 7];
  }
};
struct Large : Base {
  int run(int value) const override {
    volatile int local[250];
    for (int i = 0; i < 250; ++i) local[i] = value;
    return local[value & 127];
  }
};
struct Copying : Base {
  [[gnu::noinline]] static int take(Block block) { return block.numbers[seed]; }
  int run(int value) const override {
    Block block{};
    block.numbers[value & 63] = value;
    return take(block) + take(Block{});
  }
};

[[gnu::noinline]] int run_all(const Base* const* objects, int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) sum += objects[i]->run(seed + i);
  int (Base::* volatile member)(int) const = &Base::run;
  return sum + (objects[1]->*member)(seed);
}

}  // namespace

int main() {
  const Base base;
  const Large large;
  const Copying copying;
  const Base* const objects[] = {&base, &large, &copying};
  return run_all(objects, 3) == 1;
}
