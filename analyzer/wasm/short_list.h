#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace wml {

/// A list of plain values that takes no more than a pointer where it is empty, as most lists of most bodies are: there
/// are a dozen in each of the tens of thousands of bodies that a module has. A copy has room for its values alone.
template <class T>
class ShortList {
  static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 8);

public:
  using value_type = T;
  using iterator = T*;
  using const_iterator = const T*;

  ShortList() = default;
  ShortList(std::initializer_list<T> values) { append(values.begin(), values.size()); }
  ShortList(const ShortList& other) { append(other.begin(), other.size()); }
  ShortList(ShortList&& other) noexcept : head_(std::exchange(other.head_, nullptr)) {}
  ShortList& operator=(const ShortList& other) {
    if (this == &other) return *this;
    clear();
    append(other.begin(), other.size());
    return *this;
  }
  ShortList& operator=(ShortList&& other) noexcept {
    std::swap(head_, other.head_);
    return *this;
  }
  ~ShortList() { std::free(head_); }

  std::size_t size() const { return head_ == nullptr ? 0 : head_->size; }
  bool empty() const { return size() == 0; }
  T* begin() { return values(); }
  T* end() { return values() + size(); }
  const T* begin() const { return values(); }
  const T* end() const { return values() + size(); }
  T& operator[](std::size_t i) { return values()[i]; }
  const T& operator[](std::size_t i) const { return values()[i]; }
  T& front() { return values()[0]; }
  const T& front() const { return values()[0]; }
  T& back() { return values()[size() - 1]; }
  const T& back() const { return values()[size() - 1]; }

  friend bool operator==(const ShortList& a, const ShortList& b) { return std::ranges::equal(a, b); }
  friend bool operator==(const ShortList& a, std::span<const T> b) { return std::ranges::equal(a, b); }

  /// Keeps the memory.
  void clear() { cut(0); }
  /// Leaves the first `most` values.
  void cut(std::size_t most) {
    if (size() > most) head_->size = static_cast<std::uint32_t>(most);
  }
  void push_back(T value) {
    if (head_ == nullptr || head_->size == head_->room) make_room(size() < 4 ? 4 : 2 * size());
    ::new (values() + head_->size) T(value);
    ++head_->size;
  }

private:
  struct Head {
    std::uint32_t size = 0;
    std::uint32_t room = 0;
  };

  T* values() { return head_ == nullptr ? nullptr : reinterpret_cast<T*>(head_ + 1); }
  const T* values() const { return head_ == nullptr ? nullptr : reinterpret_cast<const T*>(head_ + 1); }

  void append(const T* from, std::size_t count) {
    if (count == 0) return;
    if (size() + count > (head_ == nullptr ? 0 : head_->room)) make_room(size() + count);
    std::memcpy(static_cast<void*>(end()), from, count * sizeof(T));
    head_->size += static_cast<std::uint32_t>(count);
  }

  void make_room(std::size_t room) {
    const std::size_t before = size();
    auto* head = static_cast<Head*>(std::realloc(head_, sizeof(Head) + room * sizeof(T)));
    if (head == nullptr) throw std::bad_alloc();
    *head = {static_cast<std::uint32_t>(before), static_cast<std::uint32_t>(room)};
    head_ = head;
  }

  Head* head_ = nullptr;
};

}  // namespace wml
