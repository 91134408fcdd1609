#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/wasm/allocator_kinds.h"

namespace wml {

/// An allocator that function names show.
struct NamedAllocator {
  const Allocator* allocator = nullptr;
  std::string first_name;
  std::vector<std::uint32_t> functions;  ///< those that have its names
};

std::vector<NamedAllocator> find_allocators_by_name(const ModuleFacts& facts);

/// CPython, Ruby or .NET, by a function or an export that each of their modules has.
std::optional<ManagedHeap> find_managed_heap(const ModuleFacts& facts);

}  // namespace wml
