#include <string>
#include <vector>

std::vector<int> constant() {
  std::vector<int> squares;
  for (int i = 0; i < 1000; ++i) squares.push_back(i * i);
  return squares;
}

std::vector<double> ranged(const std::vector<int>& values) {
  std::vector<double> halves;
  for (const int value : values) {
    halves.push_back(value / 2.0);
  }
  return halves;
}
