#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

int lines(const char* path) {
  std::ifstream file(path);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  int count = 0;
  for (const char c : text) count += c == '\n';
  return count;
}

unsigned sum(const char* path) {
  std::ifstream file(path);
  std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  unsigned total = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) total += static_cast<unsigned char>(bytes[i]);
  return total;
}

int spaces(const char* path) {
  std::ifstream file(path);
  std::ostringstream buffer;
  buffer << file.rdbuf();
  const std::string text = buffer.str();
  int count = 0;
  for (const char c : text) count += c == ' ';
  return count;
}
