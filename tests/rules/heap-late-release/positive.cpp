#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

int checksum(std::FILE* file);

int with_malloc(std::FILE* file, unsigned count) {
  unsigned char* raw = static_cast<unsigned char*>(std::malloc(20000));  // fires
  std::fread(raw, 1, 20000, file);
  int total = 0;
  for (unsigned i = 0; i < count; ++i) total += raw[i];
  short* wide = static_cast<short*>(std::malloc(40000));
  std::fread(wide, 2, 20000, file);
  for (unsigned i = 0; i < count; ++i) total += wide[i];
  std::free(wide);
  std::free(raw);
  return total;
}

int with_owner(std::FILE* file, unsigned count) {
  auto raw = std::make_unique<unsigned char[]>(20000);  // fires
  std::fread(raw.get(), 1, 20000, file);
  int total = 0;
  for (unsigned i = 0; i < count; ++i) total += raw[i];
  std::vector<short> wide(20000);
  std::fread(wide.data(), 2, 20000, file);
  for (unsigned i = 0; i < count; ++i) total += wide[i];
  return total;
}
