#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <sstream>
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

int with_deque(const int* next, unsigned count) {
  int total = 0;
  for (unsigned i = 0; i < count; ++i) {
    std::deque<int> open;  // fires
    open.push_back(static_cast<int>(i));
    while (!open.empty()) {
      const int at = open.front();
      open.pop_front();
      if (next[at] > 0) open.push_back(next[at]);
      total += at;
    }
  }
  return total;
}

int with_sized_deque(unsigned count, unsigned width) {
  int total = 0;
  for (unsigned i = 0; i < count; ++i) {
    std::deque<int> row(width);  // fires
    row.push_front(static_cast<int>(i));
    total += row[i % width];
  }
  return total;
}

// The size is the same in each iteration.
int with_steady_size(std::FILE* file, unsigned count, unsigned width, unsigned height) {
  int total = 0;
  for (unsigned i = 0; i < count; ++i) {
    int* image = new int[width * height]();  // fires
    std::fread(image, sizeof(int), width, file);
    total += parse(reinterpret_cast<const char*>(image), width);
    delete[] image;
  }
  return total;
}

void label(const std::string& text);
void with_stream(unsigned count, double value) {
  for (unsigned i = 0; i < count; ++i) {
    std::ostringstream text;  // fires
    text << "measured value " << i << ": " << value << std::endl;
    label(text.str());
  }
}

void with_both_ways(unsigned count, const std::string& name) {
  for (unsigned i = 0; i < count; ++i) {
    std::stringstream text;  // fires
    text << "element ";
    text << i << " of " << name;
    if (i > 3) text << " and more";
    label(text.str());
  }
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) {
    all = all + word;  // fires
    all = all + ' ';   // fires
  }
  return all;
}

void chained(std::string& out, const std::vector<std::string>& words) {
  for (const std::string& word : words) out = out + word + ", ";  // fires
}

std::string by_length(std::string text, unsigned count) {
  while (text.size() < count) {
    if (count % 2 == 0) text = text + "ab";  // fires
    text += 'c';
  }
  return text;
}
