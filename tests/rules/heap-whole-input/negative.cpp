#include <cstdio>
#include <istream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

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
