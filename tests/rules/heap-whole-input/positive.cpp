#include <cstdio>
#include <cstdlib>
#include <istream>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

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

// As large as the file, by any of the ways to ask for that, and filled at once.
std::size_t sized(std::istream& file) {
  file.seekg(0, std::ios::end);
  const auto size = static_cast<std::size_t>(file.tellg());
  file.seekg(0);
  std::vector<char> bytes(size);  // fires
  if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) return 0;
  std::size_t count = 0;
  for (const char c : bytes) count += c == '\n';
  return count;
}

std::size_t by_position(std::istream& file) {
  file.seekg(0, std::ios::end);
  const std::streampos size = file.tellg();
  file.seekg(0, std::ios::beg);
  std::vector<char> bytes(size);  // fires
  file.read(&bytes[0], size);
  std::size_t count = 0;
  for (auto at = bytes.begin(); at != bytes.end(); ++at) count += *at == '\n';
  return count;
}

int assigned(std::FILE* file) {
  long size = 0;
  std::fseek(file, 0, SEEK_END);
  size = std::ftell(file);
  std::rewind(file);
  if (size <= 0) return -1;
  std::vector<char> bytes(static_cast<std::size_t>(size));  // fires
  if (std::fread(bytes.data(), 1, bytes.size(), file) != bytes.size()) return -1;
  int count = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) count += bytes[i] == '\n';
  return count;
}

int by_status(int file) {
  struct stat status;
  if (fstat(file, &status) != 0) return -1;
  std::vector<char> bytes(static_cast<std::size_t>(status.st_size));  // fires
  if (read(file, bytes.data(), bytes.size()) < 0) return -1;
  int count = 0;
  for (const char c : bytes) count += c == '\n';
  return count;
}

int resized(std::istream& file) {
  file.seekg(0, std::ios::end);
  const auto size = static_cast<std::size_t>(file.tellg());
  file.seekg(0);
  std::string text;  // fires
  text.resize(size);
  file.read(&text.front(), static_cast<std::streamsize>(size));
  int count = 0;
  for (const char c : text) count += c == '\n';
  return count;
}

int owned(std::FILE* file) {
  std::fseek(file, 0, SEEK_END);
  const auto size = static_cast<std::size_t>(std::ftell(file));
  std::rewind(file);
  auto bytes = std::make_unique<char[]>(size);  // fires
  std::fread(bytes.get(), 1, size, file);
  int count = 0;
  for (std::size_t i = 0; i < size; ++i) count += bytes[i] == '\n';
  return count;
}

int with_new(std::FILE* file) {
  std::fseek(file, 0, SEEK_END);
  const auto size = static_cast<std::size_t>(std::ftell(file));
  std::rewind(file);
  char* bytes = new char[size];  // fires
  std::fread(bytes, 1, size, file);
  int count = 0;
  for (std::size_t i = 0; i < size; ++i) count += bytes[i] == '\n';
  delete[] bytes;
  return count;
}

unsigned tested(std::FILE* file) {
  std::fseek(file, 0, SEEK_END);
  const auto size = static_cast<std::size_t>(std::ftell(file));
  std::rewind(file);
  char* bytes = static_cast<char*>(std::malloc(size));  // fires
  if (bytes == nullptr) return 0;
  std::fread(bytes, 1, size, file);
  unsigned total = 0;
  for (std::size_t i = 0; i < size; ++i) total += static_cast<unsigned char>(bytes[i]);
  std::free(bytes);
  return total;
}

std::size_t counted(std::istream& file) {
  std::vector<std::string> all;  // fires
  std::string line;
  while (std::getline(file, line)) all.push_back(line);
  std::map<std::string, int> counts;
  for (const std::string& one : all) ++counts[one];
  return counts.size();
}
