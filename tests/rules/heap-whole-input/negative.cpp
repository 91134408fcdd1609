#include <algorithm>
#include <cstdio>
#include <istream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

int parse(std::string_view text);

std::string all(std::istream& file) {
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return text;
}
int parsed(std::istream& file) {
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return parse(text);
}
int twice(std::istream& file) {
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  int count = 0;
  for (const char c : text) count += c == '\n';
  for (const char c : text) count += c == ' ';
  return count;
}
int looking_back(std::istream& file) {
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  int count = 0;
  for (std::size_t i = 1; i < text.size(); ++i) count += text[i] == text[i - 1];
  return count;
}
int again_and_again(std::istream& file) {
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  int count = 0;
  for (int round = 0; round < 3; ++round) {
    for (const char c : text) count += c == 'a' + round;
  }
  return count;
}
int sized_first(std::istream& file) {
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (text.size() < 10) return 0;
  int count = 0;
  for (const char c : text) count += c == '\n';
  return count;
}
int changed(std::istream& file) {
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  for (char& c : text) c = static_cast<char>(c + 1);
  return 0;
}
int not_a_stream(const std::string& other) {
  std::string text(other.begin(), other.end());
  int count = 0;
  for (const char c : text) count += c == '\n';
  return count;
}

// A piece of a file, walked, or all of it, used in other ways.
int record(std::istream& file, std::size_t size) {
  std::vector<char> bytes(size);
  file.read(bytes.data(), static_cast<std::streamsize>(size));
  int count = 0;
  for (const char c : bytes) count += c == '\n';
  return count;
}
int sized_and_parsed(std::istream& file) {
  std::vector<char> bytes(static_cast<std::size_t>(file.tellg()));
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return parse({bytes.data(), bytes.size()});
}
int decoded_in_place(std::istream& file) {
  std::vector<char> bytes(static_cast<std::size_t>(file.tellg()));
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(bytes[i] ^ 1);
  return 0;
}
std::vector<std::string> all_lines(std::istream& file) {
  std::vector<std::string> all;
  std::string line;
  while (std::getline(file, line)) all.push_back(line);
  return all;
}
int lines_backwards(std::istream& file) {
  std::vector<std::string> all;
  std::string line;
  while (std::getline(file, line)) all.push_back(line);
  int count = 0;
  for (std::size_t i = all.size(); i > 0; --i) count += all[i - 1].empty();
  return count;
}

// A part of the file, up to where it was read or from a header.
int up_to_here(std::FILE* file) {
  const long here = std::ftell(file);
  std::rewind(file);
  std::vector<char> bytes(static_cast<std::size_t>(here));
  std::fread(bytes.data(), 1, bytes.size(), file);
  int count = 0;
  for (const char c : bytes) count += c == '\n';
  return count;
}
int head_only(std::FILE* file) {
  std::fseek(file, 0, SEEK_END);
  const auto size = static_cast<std::size_t>(std::ftell(file));
  std::rewind(file);
  std::vector<char> bytes(size);
  std::fread(bytes.data(), 1, 16, file);
  int count = 0;
  for (const char c : bytes) count += c == '\n';
  return count;
}
int half(std::FILE* file) {
  std::fseek(file, 0, SEEK_END);
  const auto size = static_cast<std::size_t>(std::ftell(file));
  std::rewind(file);
  std::vector<char> bytes(size / 2);
  std::fread(bytes.data(), 1, bytes.size(), file);
  int count = 0;
  for (const char c : bytes) count += c == '\n';
  return count;
}
// The size has a limit.
int refused(std::FILE* file) {
  std::fseek(file, 0, SEEK_END);
  const auto size = static_cast<std::size_t>(std::ftell(file));
  std::rewind(file);
  if (size > 4096) return -1;
  std::vector<char> bytes(size);
  std::fread(bytes.data(), 1, size, file);
  int count = 0;
  for (const char c : bytes) count += c == '\n';
  return count;
}
int refused_status(int file, long most) {
  struct stat status;
  if (fstat(file, &status) != 0 || status.st_size > most) return -1;
  std::vector<char> bytes(static_cast<std::size_t>(status.st_size));
  if (read(file, bytes.data(), bytes.size()) < 0) return -1;
  int count = 0;
  for (const char c : bytes) count += c == '\n';
  return count;
}
int cut(std::FILE* file) {
  std::fseek(file, 0, SEEK_END);
  auto size = static_cast<std::size_t>(std::ftell(file));
  if (size >= 4096) size = 4096;
  std::rewind(file);
  std::vector<char> bytes(size);
  std::fread(bytes.data(), 1, size, file);
  int count = 0;
  for (const char c : bytes) count += c == '\n';
  return count;
}
int lowered(std::FILE* file) {
  std::fseek(file, 0, SEEK_END);
  auto size = static_cast<std::size_t>(std::ftell(file));
  size &= 1023;
  std::rewind(file);
  std::vector<char> bytes(size);
  std::fread(bytes.data(), 1, size, file);
  int count = 0;
  for (const char c : bytes) count += c == '\n';
  return count;
}
int least(std::FILE* file) {
  std::fseek(file, 0, SEEK_END);
  const auto size = std::min<std::size_t>(static_cast<std::size_t>(std::ftell(file)), 4096);
  std::rewind(file);
  std::vector<char> bytes(size);
  std::fread(bytes.data(), 1, size, file);
  int count = 0;
  for (const char c : bytes) count += c == '\n';
  return count;
}
// Not walked from the front, or not once, or not only that.
int as_table(std::FILE* file, unsigned at) {
  std::fseek(file, 0, SEEK_END);
  const auto size = static_cast<std::size_t>(std::ftell(file));
  std::rewind(file);
  std::vector<char> bytes(size);
  std::fread(bytes.data(), 1, size, file);
  int count = bytes[at];
  for (const char c : bytes) count += c == '\n';
  return count;
}
int backwards(std::FILE* file) {
  std::fseek(file, 0, SEEK_END);
  const auto size = static_cast<std::size_t>(std::ftell(file));
  std::rewind(file);
  std::vector<char> bytes(size);
  std::fread(bytes.data(), 1, size, file);
  int count = 0;
  for (auto at = bytes.end(); at != bytes.begin(); --at) count += at[-1] == '\n';
  return count;
}
int changed_by_iterator(std::FILE* file) {
  std::fseek(file, 0, SEEK_END);
  const auto size = static_cast<std::size_t>(std::ftell(file));
  std::rewind(file);
  std::vector<char> bytes(size);
  std::fread(bytes.data(), 1, size, file);
  for (auto at = bytes.begin(); at != bytes.end(); ++at) *at = 'x';
  return 0;
}
int ahead(std::FILE* file) {
  std::fseek(file, 0, SEEK_END);
  const auto size = static_cast<std::size_t>(std::ftell(file));
  std::rewind(file);
  std::vector<char> bytes(size);
  std::fread(bytes.data(), 1, size, file);
  int count = 0;
  for (auto at = bytes.begin(); at != bytes.end(); ++at) count += *at == at[1];
  return count;
}
char* handed_on(std::FILE* file) {
  std::fseek(file, 0, SEEK_END);
  const auto size = static_cast<std::size_t>(std::ftell(file));
  std::rewind(file);
  char* bytes = new char[size];
  std::fread(bytes, 1, size, file);
  int count = 0;
  for (std::size_t i = 0; i < size; ++i) count += bytes[i] == '\n';
  return count > 0 ? bytes : nullptr;
}
// Views and pointers into it are kept.
std::size_t kept_views(std::istream& file) {
  std::vector<std::string> all;
  std::string line;
  while (std::getline(file, line)) all.push_back(line);
  std::vector<std::string_view> views;
  for (const std::string& one : all) views.push_back(one);
  return parse(views[0]);
}
const std::string* kept_pointers(std::istream& file) {
  std::vector<std::string> all;
  std::string line;
  while (std::getline(file, line)) all.push_back(line);
  std::vector<const std::string*> pointers;
  for (const std::string& one : all) pointers.push_back(&one);
  return parse(*pointers[0]) > 0 ? nullptr : pointers[1];
}
// A size that is made of itself.
int of_itself(std::FILE* file) {
  std::size_t size = size + 1;
  std::vector<char> bytes(size);
  std::fread(bytes.data(), 1, size, file);
  int count = 0;
  for (const char c : bytes) count += c == '\n';
  return count;
}
