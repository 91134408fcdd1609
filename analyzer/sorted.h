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

}  // namespace wml
