#include <string>
#include <vector>

std::vector<int> constant() {
  std::vector<int> squares;
  squares.reserve(1000);
  for (int i = 0; i < 1000; ++i) squares.push_back(i * i);
  return squares;
}

std::vector<double> ranged(const std::vector<int>& values) {
  std::vector<double> halves;
  halves.reserve(values.size());
  for (const int value : values) {
    halves.push_back(value / 2.0);
  }
  return halves;
}

#define COUNT 300
constexpr unsigned kCount = 200;

struct Pair {
  std::vector<int> firsts;
};

// Two vectors, and a comment that belongs to the loop.
int two(const std::vector<int>& values, const Pair& pair) {
  std::vector<int> doubled;
  std::vector<int> halved;
  doubled.reserve(values.size());
  halved.reserve(values.size());
  // Both ways,
  // at once.
  for (const int value : values) {
    doubled.push_back(value * 2);
    halved.push_back(value / 2);
  }
  std::vector<int> more;
  more.reserve(pair.firsts.size());
  /* A block
     of text. */
  for (const int value : pair.firsts) more.push_back(value);
  return doubled[0] + halved[0] + more[0];
}

int by_name() {
  std::vector<int> a;
  a.reserve(COUNT);
  for (int i = 0; i < COUNT; ++i) a.push_back(i);
  std::vector<int> b;
  b.reserve(kCount);
  for (unsigned i = 0; i < kCount; ++i) b.push_back(static_cast<int>(i));
  std::vector<int> c;
#pragma clang loop unroll(disable)
  for (int i = 0; i < COUNT; ++i) c.push_back(i);
  return a[0] + b[0] + c[0];
}
