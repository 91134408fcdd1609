// Templates, lambdas and arrays as values.
#include <array>
#include <utility>

namespace {

volatile int seed = 5;

template <int N>
[[gnu::noinline]] std::array<int, N> make(int value) {
  std::array<int, N> made{};
  for (int& number : made) number = value + N;
  return made;
}

template <int N, typename Function>
[[gnu::noinline]] int apply(std::array<int, N> numbers, Function function) {
  for (int i = 1; i < N; ++i) {
    for (int j = i; j > 0 && function(numbers[j]) < function(numbers[j - 1]); --j)
      std::swap(numbers[j], numbers[j - 1]);
  }
  return numbers[N / 2];
}

}  // namespace

int main() {
  const std::array<int, 30> around = make<30>(seed);
  const int first = apply<100>(make<100>(seed), [&](int number) { return number ^ around[seed]; });
  return first + apply<12>(make<12>(seed), [](int number) { return -number; }) == 1;
}
