#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace wml {

/// Why an input could not be analysed. `offset` is in bytes from the start of the file.
struct Error {
  std::string message;
  std::optional<std::uint64_t> offset;
};

/// A value, or why there is none.
template <class T>
class [[nodiscard]] Result {
public:
  Result(T value) : state_(std::move(value)) {}
  Result(Error error) : state_(std::move(error)) {}

  bool ok() const { return std::holds_alternative<T>(state_); }
  T& value() { return std::get<T>(state_); }
  const T& value() const { return std::get<T>(state_); }
  const Error& error() const { return std::get<Error>(state_); }

private:
  std::variant<T, Error> state_;
};

/// `WML_TRY(Bytes bytes, read(path));` declares `bytes`, or returns the error.
#define WML_TRY_CONCAT_(a, b) a##b
#define WML_TRY_CONCAT(a, b) WML_TRY_CONCAT_(a, b)
#define WML_TRY(declaration, expression) WML_TRY_IMPL(declaration, expression, WML_TRY_CONCAT(wml_try_, __LINE__))
#define WML_TRY_IMPL(declaration, expression, name) \
  auto name = (expression);                         \
  if (!name.ok()) return name.error();              \
  declaration = std::move(name.value())

}  // namespace wml
