#include "analyzer/profile.h"

#include <algorithm>
#include <initializer_list>

#include <fmt/format.h>
#ifdef MEMLINT_LLVM
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/SHA256.h>
#endif
#include <nlohmann/json.hpp>

#include "rules/model/quantity.h"

namespace wml {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostProfileBytes = std::size_t{1} << 20;
constexpr std::string_view kExample = R"({"version": 1, "runs": [{"stack_peak_bytes": 11184, "peak_pages": 141}]})";

/// Finds where a text stops being JSON; the library tells that without an exception only in this way.
struct Place final : nlohmann::json_sax<Json> {
  std::size_t error = 0;

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
    error = position;
    return false;
  }
};

/// Reads a parsed file. The first error is kept and ends it.
class ProfileReader {
public:
  explicit ProfileReader(std::string path) : path_(std::move(path)) {}

  Result<Profile> read(const Json& root) {
    if (!root.is_object()) {
      fail("an object is expected");
    } else {
      check_keys(root, "", {"version", "sha256", "runs"});
      if (!root.contains("version") || root["version"] != 1) fail("\"version\" must be 1");
      if (root.contains("sha256")) read_digest(root["sha256"]);
      if (!root.contains("runs") || !root["runs"].is_array() || root["runs"].empty()) {
        fail("\"runs\" must be a list with at least one run");
      } else {
        for (const Json& run : root["runs"]) read_run(run);
      }
    }
    if (error_) return *error_;
    return std::move(profile_);
  }

private:
  void fail(std::string_view what) {
    if (!error_) error_ = Error{fmt::format("{}: {}; for example {}", path_, what, kExample), std::nullopt};
  }

  void check_keys(const Json& object, std::string_view of, std::initializer_list<std::string_view> known) {
    for (const auto& [key, value] : object.items()) {
      if (std::ranges::find(known, key) == known.end()) fail(fmt::format("unknown key \"{}\"{}", key, of));
    }
  }

  void read_digest(const Json& value) {
    constexpr std::size_t kDigits = 64;
    std::string digest = value.is_string() ? value.get<std::string>() : "";
    std::ranges::transform(digest, digest.begin(),
                           [](char c) { return c >= 'A' && c <= 'F' ? char(c - 'A' + 'a') : c; });
    if (digest.size() != kDigits || digest.find_first_not_of("0123456789abcdef") != std::string::npos) {
      fail("\"sha256\" must be a text of 64 hexadecimal digits");
      return;
    }
    profile_.sha256 = std::move(digest);
  }

  void read_run(const Json& run) {
    const std::size_t number = ++profile_.facts.runs;
    const std::string of = fmt::format(" of run {}", number);
    if (!run.is_object()) return fail(fmt::format("run {} must be an object", number));
    check_keys(run, of, {"stack_peak_bytes", "peak_pages"});
    if (!run.contains("stack_peak_bytes") && !run.contains("peak_pages"))
      return fail(fmt::format("run {} has neither \"stack_peak_bytes\" nor \"peak_pages\"", number));
    read_peak(run, "stack_peak_bytes", of, profile_.facts.stack_peak_bytes);
    read_peak(run, "peak_pages", of, profile_.facts.peak_pages);
  }

  void read_peak(const Json& run, const char* key, std::string_view of, std::optional<std::uint64_t>& peak) {
    constexpr std::uint64_t kMost = std::uint64_t{1} << 48;
    if (!run.contains(key)) return;
    const Json& value = run[key];
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kMost)
      return fail(fmt::format("\"{}\"{} must be a whole number from 0 to 2^48", key, of));
    peak = std::max(peak.value_or(0), value.get<std::uint64_t>());
  }

  std::string path_;
  Profile profile_;
  std::optional<Error> error_;
};

}  // namespace

Result<Profile> read_profile(const std::string& path) {
  WML_TRY(const FileBytes file, read_file(path));
  const ByteSpan bytes = file;
  if (bytes.size() > kMostProfileBytes)
    return Error{fmt::format("{}: a profile has at most 1 MiB, this has {}", path, bytes_text(bytes.size())),
                 std::nullopt};
  const Json root = Json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (root.is_discarded()) {
    Place place;
    Json::sax_parse(bytes.begin(), bytes.end(), &place);
    return Error{
        fmt::format("{}: at byte {} it is no JSON; expected is an object, for example {}", path, place.error, kExample),
        std::nullopt};
  }
  return ProfileReader(path).read(root);
}

#ifdef MEMLINT_LLVM
std::optional<std::string> sha256_of(ByteSpan bytes) {
  const auto digest = llvm::SHA256::hash(llvm::ArrayRef(bytes.data(), bytes.size()));
  return llvm::toHex(digest, /*LowerCase=*/true);
}
#else
std::optional<std::string> sha256_of(ByteSpan) { return std::nullopt; }
#endif

ProfileFacts profile_for(ProfileFacts profile, ModuleFacts& module) {
  std::uint64_t least = 0;
  for (const MemoryFact& memory : module.memories) least = saturating_add(least, pages_for(memory.minimum_bytes()));
  if (profile.peak_pages && *profile.peak_pages < least) {
    module.notes.push_back(fmt::format("the profile says {} at the peak, and the module starts with {}: not used",
                                       pages_text(*profile.peak_pages), least));
    profile.peak_pages.reset();
  }
  const bool all_have_maximum =
      std::ranges::all_of(module.memories, [](const MemoryFact& memory) { return memory.maximum_pages.has_value(); });
  std::uint64_t most = 0;
  for (const MemoryFact& memory : module.memories)
    most = saturating_add(most, pages_for(memory.maximum_bytes().value_or(0)));
  if (profile.peak_pages && all_have_maximum && *profile.peak_pages > most) {
    module.notes.push_back(fmt::format("the profile says {} at the peak, and the module's maximum is {}: not used",
                                       pages_text(*profile.peak_pages), most));
    profile.peak_pages.reset();
  }
  if (profile.stack_peak_bytes && module.stack && module.stack->reserved_bytes &&
      *profile.stack_peak_bytes > module.stack->reserved_bytes->high) {
    module.notes.push_back(
        fmt::format("the profile says that {} of stack were used, and no more than {} are reserved: not used; the "
                    "stack overflowed, or "
                    "more than the stack was painted",
                    bytes_text(*profile.stack_peak_bytes), bytes_text(module.stack->reserved_bytes->high)));
    profile.stack_peak_bytes.reset();
  }
  return profile;
}

}  // namespace wml
