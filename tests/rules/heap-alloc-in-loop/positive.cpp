#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

int with_growth(const int* values, unsigned count, unsigned width) {
  int total = 0;
  for (unsigned row = 0; row < count; ++row) {
    std::vector<int> kept;  // fires
    for (unsigned i = 0; i < width; ++i) kept.push_back(values[row * width + i] * 3);
    total += kept[static_cast<unsigned>(values[row]) % width];
  }
  return total;
}

int with_size(const int* values, unsigned count, unsigned width) {
  int total = 0;
  for (unsigned row = 0; row < count; ++row) {
    std::vector<int> kept(width);  // fires
    for (unsigned i = 0; i < width; ++i) kept[i] = values[row + i];
    total += kept[static_cast<unsigned>(values[row])];
  }
  return total;
}

int with_malloc(std::FILE* file, unsigned count) {
  int total = 0;
  while (count-- > 0) {
    char* block = static_cast<char*>(std::malloc(4096));  // fires
    total += static_cast<int>(std::fread(block, 1, 4096, file));
    total += block[0];
    std::free(block);
  }
  return total;
}

void with_string(std::FILE* file) {
  for (int i = 0; i < 100; ++i) {
    std::string line(200, ' ');  // fires
    std::fread(line.data(), 1, 200, file);
    std::fwrite(line.data(), 1, 200, stdout);
  }
}

int parse(const char* text, unsigned length);
int with_unseen_function(unsigned count, unsigned length) {
  int total = 0;
  for (unsigned i = 0; i < count; ++i) {
    char* block = static_cast<char*>(std::malloc(length));  // fires
    std::memset(block, static_cast<int>(i), length);
    total += parse(block, length);
    std::free(block);
  }
  return total;
}
