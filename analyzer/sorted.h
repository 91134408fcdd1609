#pragma once

#include <algorithm>
#include <functional>

namespace wml {

/// Sorts what is sorted as a rule: linkers write segments in the order of their addresses, and to look takes a tenth of
/// the time.
template <class List, class Less = std::ranges::less, class Key = std::identity>
void sort_if_needed(List& list, Less less = {}, Key key = {}) {
  if (!std::ranges::is_sorted(list, less, key)) std::ranges::sort(list, less, key);
}

/// Sorts, and leaves one of each.
template <class List>
void sort_and_unique(List& list) {
  std::ranges::sort(list);
  const auto repeated = std::ranges::unique(list);
  list.erase(repeated.begin(), repeated.end());
}

}  // namespace wml
