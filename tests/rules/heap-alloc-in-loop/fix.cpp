#include <string>
#include <vector>

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) {
    all = all + word;
    if (word.size() > 3) all =  all+ "; ";
    all = all + (word.empty() ? '-' : word[0]);
  }
  return all;
}

std::string last(std::string text, unsigned count) {
  for (unsigned i = 0; i < count; ++i)
    text = text + std::to_string(i) /* as digits */;
  return text;
}

#define ADD(s, x) s = s + x

// What is added looks at the string, more than one thing is added, a comment or a macro is in the way.
std::string left_alone(std::string text, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    text = text + text.substr(text.size() / 2);
    text = text + word + ",";
    text = /* again */ text + word;
    ADD(text, word);
  }
  return text;
}
