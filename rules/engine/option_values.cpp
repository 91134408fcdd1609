#include <cassert>

#include "rules/rule.h"

namespace wml {

OptionValues::OptionValues(std::span<const Option> options) : options_(options) {
  values_.reserve(options.size());
  for (const Option& option : options) values_.push_back(option.default_value);
}

void OptionValues::set(std::string_view key, OptionValue value) {
  for (std::size_t i = 0; i < options_.size(); ++i) {
    if (options_[i].key == key) values_[i] = value;
  }
}

const OptionValue& OptionValues::get(std::string_view key) const {
  for (std::size_t i = 0; i < options_.size(); ++i) {
    if (options_[i].key == key) return values_[i];
  }
  assert(false && "a rule asked for an option that it does not declare");
  return values_.front();
}

std::uint64_t OptionValues::number(std::string_view key) const {
  return static_cast<std::uint64_t>(std::get<std::int64_t>(get(key)));
}

bool OptionValues::flag(std::string_view key) const { return std::get<bool>(get(key)); }

}  // namespace wml
