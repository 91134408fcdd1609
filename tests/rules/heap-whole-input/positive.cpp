#include <cstdio>
#include <cstdlib>
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

unsigned allocated(std::FILE* file) {
  std::fseek(file, 0, SEEK_END);
  const auto size = static_cast<std::size_t>(std::ftell(file));
  std::rewind(file);
  char* bytes = static_cast<char*>(std::malloc(size));  // fires
  std::fread(bytes, 1, size, file);
  unsigned total = 0;
  for (std::size_t i = 0; i < size; ++i) total += static_cast<unsigned char>(bytes[i]);
  std::free(bytes);
  return total;
}

std::size_t longest(std::istream& file) {
  std::vector<std::string> all;  // fires
  std::string line;
  while (std::getline(file, line)) all.push_back(line);
  std::size_t most = 0;
  for (const std::string& one : all) most = one.size() > most ? one.size() : most;
  return most;
}
