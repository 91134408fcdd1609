#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

std::vector<std::vector<int>> rows;
std::vector<std::function<int()>> later;
void fill(std::vector<int>& values);
std::vector<int> made(int i);

void kept_by_move(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    std::vector<int> row;
    row.push_back(static_cast<int>(i));
    rows.push_back(std::move(row));
  }
}
void kept_by_lambda(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    std::vector<int> row(count);
    later.push_back([row] { return row[0]; });
  }
}
void perhaps_taken(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    std::vector<int> row(count);
    fill(row);
  }
}
// The memory is another function's.
int result(unsigned count) {
  int total = 0;
  for (unsigned i = 0; i < count; ++i) {
    const std::vector<int> row = made(static_cast<int>(i));
    total += row[i];
  }
  return total;
}
// It stays in the small buffer, or may do so.
int small_strings(unsigned count, const char* text) {
  int total = 0;
  for (unsigned i = 0; i < count; ++i) {
    std::string name(10, 'x');
    name[i % 10] = text[i];
    std::string other(text);
    total += name[i % 7] + other[0];
  }
  return total;
}
// It mostly stays empty.
int rare(const int* values, unsigned count) {
  int total = 0;
  for (unsigned i = 0; i < count; ++i) {
    std::vector<int> bad;
    if (values[i] < 0) bad.push_back(values[i]);
    total += static_cast<int>(bad.size());
  }
  return total;
}
// No second iteration.
int once(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    std::vector<int> row(count);
    row[i] = 1;
    return row[count - 1];
  }
  return 0;
}
int not_a_loop(unsigned count) {
  int value = 0;
  do {
    std::vector<int> row(count);
    row[count / 2] = 1;
    value = row[count - 1];
  } while (false);
  return value;
}
// A lambda is a function of its own, run elsewhere.
void in_lambda(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    later.push_back([i] {
      std::vector<int> row(i);
      row[i / 2] = 1;
      return row[i / 3];
    });
  }
}
// In front of the loop, reused.
int reused(const int* values, unsigned count) {
  int total = 0;
  std::vector<int> kept;
  for (unsigned row = 0; row < count; ++row) {
    kept.clear();
    for (unsigned i = 0; i < row; ++i) kept.push_back(values[i]);
    total += kept[row / 2];
  }
  return total;
}
void kept_by_pointer(unsigned count, char** out) {
  for (unsigned i = 0; i < count; ++i) {
    char* block = static_cast<char*>(std::malloc(4096));
    out[i] = block;
    if (i == 3) std::free(block);
  }
}
void keep(char* block);
void perhaps_kept(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    char* block = static_cast<char*>(std::malloc(4096));
    keep(block);
    if (i % 2 == 0) std::free(block);
  }
}
// LLVM removes it: nothing of it is read at a place that it cannot tell.
int removed(unsigned count) {
  int total = 0;
  for (unsigned i = 0; i < count; ++i) {
    int* slot = static_cast<int*>(std::malloc(1000));
    *slot = static_cast<int>(i);
    total += *slot;
    std::free(slot);
  }
  return total;
}
