#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

// Each of these still allocates at -O2: LLVM cannot tell what is read.

int with_malloc(const char* text, unsigned at) {
  char* copy = static_cast<char*>(std::malloc(64));  // fires
  std::strncpy(copy, text, 64);
  const int found = copy[at % 64];
  std::free(copy);
  return found;
}

int with_new_array(const int* values, unsigned count) {
  int* histogram = new int[16]();  // fires
  for (unsigned i = 0; i < count; ++i) ++histogram[values[i] & 15];
  int best = 0;
  for (int i = 1; i < 16; ++i) {
    if (histogram[i] > histogram[best]) best = i;
  }
  delete[] histogram;
  return best;
}

int with_unique_array(const unsigned char* bytes, unsigned count) {
  auto seen = std::make_unique<unsigned char[]>(256);  // fires
  for (unsigned i = 0; i < count; ++i) seen[bytes[i]] = 1;
  int different = 0;
  for (unsigned i = 0; i < count; ++i) different += seen[bytes[i] ^ 1];
  return different;
}

int with_vector(const unsigned char* bytes, unsigned count) {
  std::vector<unsigned short> last(128);  // fires
  for (unsigned i = 0; i < count; ++i) last[bytes[i] & 127] = static_cast<unsigned short>(i);
  return last[count & 127];
}

void with_library(std::FILE* file) {
  auto line = std::make_unique<char[]>(512);  // fires
  while (std::fgets(line.get(), 512, file) != nullptr) std::fputs(line.get(), stdout);
}

static int sum(const int* values, unsigned count) {
  int total = 0;
  for (unsigned i = 0; i < count; ++i) total += values[i];
  return total;
}

int with_helper(const int* from, unsigned count) {
  int* sorted = new int[100];  // fires
  for (unsigned i = 0; i < count; ++i) sorted[i] = from[count - i];
  const int total = sum(sorted, count);
  delete[] sorted;
  return total;
}
