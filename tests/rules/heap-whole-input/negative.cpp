#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>

int parse(std::string_view text);

std::string all(const char* path) {
  std::ifstream file(path);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return text;
}
int parsed(const char* path) {
  std::ifstream file(path);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return parse(text);
}
int twice(const char* path) {
  std::ifstream file(path);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  int count = 0;
  for (const char c : text) count += c == '\n';
  for (const char c : text) count += c == ' ';
  return count;
}
int looking_back(const char* path) {
  std::ifstream file(path);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  int count = 0;
  for (std::size_t i = 1; i < text.size(); ++i) count += text[i] == text[i - 1];
  return count;
}
int again_and_again(const char* path) {
  std::ifstream file(path);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  int count = 0;
  for (int round = 0; round < 3; ++round) {
    for (const char c : text) count += c == 'a' + round;
  }
  return count;
}
int sized_first(const char* path) {
  std::ifstream file(path);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (text.size() < 10) return 0;
  int count = 0;
  for (const char c : text) count += c == '\n';
  return count;
}
int changed(const char* path) {
  std::ifstream file(path);
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
