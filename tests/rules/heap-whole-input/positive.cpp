#include <istream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

int lines(std::istream& file) {
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());  // fires
  int count = 0;
  for (const char c : text) count += c == '\n';
  return count;
}

unsigned sum(std::istream& file) {
  std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};  // fires
  unsigned total = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) total += static_cast<unsigned char>(bytes[i]);
  return total;
}

int spaces(std::istream& file) {
  std::ostringstream buffer;
  buffer << file.rdbuf();
  const std::string text = buffer.str();  // fires
  int count = 0;
  for (const char c : text) count += c == ' ';
  return count;
}
