#include "rules/source/object_savings.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "rules/model/pages.h"
#include "rules/model/quantity.h"

namespace wml {
namespace {

constexpr std::size_t kNamedPlaces = 3;
constexpr std::uint64_t kMuchStaticData = 64;

/// What the objects of one place save: a variable, a block of the heap, a member of what is not understood.
struct Place {
  Storage storage = Storage::static_storage;
  std::string text;        ///< "1000 of them in static data ('table')"
  bool of_each = false;    ///< how many objects are there is not known: low and high are those of one
  std::uint64_t low = 0;   ///< of all objects that are there
  std::uint64_t high = 0;  ///< at most
  std::uint64_t each = 0;  ///< of one of them, at most
  std::string why_nothing;
};

using PlaceOfField = std::tuple<std::string, std::uint64_t>;

class Places {
public:
  Places(std::span<const Resizing> edits, const SourceContext& context) : profile_(context.profile) {
    const std::vector<ResizedRecord> resized = resized_records(edits, context);
    for (std::size_t i = edits.size(); i < resized.size(); ++i) {
      for (const FieldFact& field : resized[i].record().fields) held_.emplace(field.where.file, field.where.offset);
    }
    for (std::size_t i = 0; i < resized.size(); ++i) add(resized[i], i >= edits.size());
    // What is saved for good first, what is saved for the time of a call last.
    std::ranges::stable_sort(list, {}, [](const Place& place) {
      return place.storage == Storage::stack ? 9 : static_cast<int>(place.storage);
    });
  }

  std::vector<Place> list;

private:
  void add(const ResizedRecord& resized, bool is_holder) {
    const RecordFact& record = resized.record();
    if (is_holder && (resized.high_bytes() == 0 || record.instances.empty())) {
      Place place{Storage::member,
                  fmt::format("in each '{}'", record.name),
                  true,
                  resized.low_bytes(),
                  resized.high_bytes(),
                  resized.high_bytes(),
                  ""};
      if (resized.high_bytes() == 0) place.why_nothing = ", since its padding grows";
      list.push_back(std::move(place));
      return;
    }
    for (const InstanceFact& instance : record.instances) {
      const bool is_held =
          instance.storage == Storage::member && held_.contains({instance.where.file, instance.where.offset});
      if (!is_held && instance.storage <= Storage::container) add(resized, instance, is_holder);
    }
  }

  void add(const ResizedRecord& resized, const InstanceFact& instance, bool is_holder) {
    Place place;
    place.storage = instance.storage;
    place.text = place_text(instance, is_holder ? resized.record().name : "");
    place.of_each = !instance.count || instance.storage == Storage::container;
    place.low = resized.low_bytes();
    place.high = resized.high_bytes();
    if (!place.of_each) {
      const std::uint64_t count = *instance.count;
      place.low = saturating_multiply(count, place.low);
      place.high = saturating_multiply(count, place.high);
      if (instance.storage == Storage::heap) set_block(resized, instance, place);
    }
    if (instance.storage == Storage::member) place.low = 0;  // its padding may grow by as much
    place.each = instance.count == 1U ? place.high : (place.high > 0 ? resized.high_bytes() : 0);
    list.push_back(std::move(place));
  }

  void set_block(const ResizedRecord& resized, const InstanceFact& instance, Place& place) const {
    const auto saved = [&](const Resizing& resizing) {
      const auto block = [&](std::uint64_t bytes) {
        const std::uint64_t header = align_up(instance.header_bytes, resizing.record->align_bytes);
        return heap_block_bytes(saturating_add(header, saturating_multiply(*instance.count, bytes)), profile_);
      };
      return block(resizing.from_bytes) - std::min(block(resizing.from_bytes), block(resizing.to_bytes));
    };
    place.low = std::min(saved(resized.as_ordered), saved(resized.reordered));
    place.high = std::max(saved(resized.as_ordered), saved(resized.reordered));
    if (place.high == 0) place.why_nothing = ", since the allocator rounds up";
  }

  static std::string place_text(const InstanceFact& instance, const std::string& holder) {
    std::string what = holder.empty() ? "" : fmt::format("'{}' ", holder);
    if (instance.count && *instance.count != 1)
      what = holder.empty() ? fmt::format("{} of them ", *instance.count)
                            : fmt::format("{} of '{}' ", *instance.count, holder);
    switch (instance.storage) {
      case Storage::static_storage: return fmt::format("{}in static data ('{}')", what, instance.name);
      case Storage::stack: return fmt::format("{}on the stack ('{}')", what, instance.name);
      case Storage::member: return fmt::format("{}in each '{}'", what, instance.name);
      case Storage::heap: return fmt::format("{}in {} of the heap", what, instance.count ? "a block" : "arrays");
      case Storage::container:
        return instance.name.empty() ? what + "in memory of another allocator"
                                     : fmt::format("{}in '{}'", what, instance.name);
      case Storage::temporary:
      case Storage::untyped: break;
    }
    return {};
  }

  TargetProfile profile_;
  std::set<PlaceOfField> held_;  // fields of holders: their savings are those of the holder
};

/// Where other pointers become pointers to it, it may be in memory that was asked for under another name.
bool is_never_made(const RecordFact& record) {
  return has_no_objects(record) &&
         std::ranges::find(record.hazards, HazardKind::pointer_converted, &Hazard::kind) == record.hazards.end();
}

/// How many objects of a record exist at one time, at most.
struct Number {
  std::uint64_t lasting = 0;  ///< in static data
  std::uint64_t passing = 0;  ///< on the stack: as many as one variable has, since those of other functions come and go
};

/// Objects whose number the sources tell: variables, temporaries, and what such ones hold as members and bases, or keep
/// in the heap by a std::unique_ptr.
class KnownNumbers {
public:
  explicit KnownNumbers(std::span<const RecordFact> records) {
    for (const RecordFact& record : records) records_.emplace(record.id, &record);
  }

  /// Nothing where some are elsewhere: in the heap, in containers, in memory that somebody hands out.
  std::optional<Number> of(const RecordFact& record) {
    const auto [known, is_new] = numbers_.try_emplace(&record);  // nothing, where it holds itself
    if (is_new) known->second = count(record);
    return known->second;
  }

private:
  // NOLINTNEXTLINE(misc-no-recursion): as deep as records hold each other
  std::optional<Number> count(const RecordFact& record) {
    if (!record.all_uses_seen || record.instances.empty()) return std::nullopt;
    Number sum;
    for (const InstanceFact& instance : record.instances) {
      if (instance.storage == Storage::temporary) {
        sum.passing = std::max<std::uint64_t>(sum.passing, 1);
        continue;
      }
      if (!instance.count) return std::nullopt;
      const std::optional<Number> around = around_of(instance);
      if (!around) return std::nullopt;
      sum.lasting = saturating_add(sum.lasting, saturating_multiply(*instance.count, around->lasting));
      sum.passing = std::max(sum.passing, saturating_multiply(*instance.count, around->passing));
    }
    return sum.lasting + sum.passing == 0 ? std::nullopt : std::optional(sum);
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as records hold each other
  std::optional<Number> around_of(const InstanceFact& instance) {
    if (instance.storage == Storage::static_storage) return Number{1, 0};
    if (instance.storage == Storage::stack) return Number{0, 1};
    const auto holder = instance.holder.empty() ? records_.end() : records_.find(instance.holder);
    if (holder == records_.end()) return std::nullopt;
    return is_never_made(*holder->second) ? Number{} : of(*holder->second);
  }

  std::map<std::string_view, const RecordFact*> records_;
  std::map<const RecordFact*, std::optional<Number>> numbers_;
};

/// What all objects of records save that exist at one time, where their number is known.
std::optional<std::uint64_t> saved_by_all(std::span<const Resizing> edits, const SourceContext& context) {
  KnownNumbers numbers(context.records);
  std::uint64_t lasting = 0, passing = 0;
  for (const Resizing& edit : edits) {
    const std::optional<Number> number = numbers.of(*edit.record);
    if (!number) return std::nullopt;
    const std::uint64_t saved = edit.from_bytes - std::min(edit.from_bytes, edit.to_bytes);
    lasting = saturating_add(lasting, saturating_multiply(number->lasting, saved));
    passing = std::max(passing, saturating_multiply(number->passing, saved));
  }
  return saturating_add(lasting, passing);
}

std::string amount_text(const Place& place) {
  std::string text = bytes_text(place.high);
  if (place.low < place.high)
    text = place.low == 0 ? "up to " + text : fmt::format("{} to {}", bytes_text(place.low), text);
  return text + (place.of_each && place.storage != Storage::member ? " of each" : "") + place.why_nothing;
}

/// Equal ones are named once.
std::string text_of(const std::vector<Place>& places) {
  std::vector<std::pair<std::string, std::string>> groups;
  std::vector<std::size_t> times;
  for (const Place& place : places) {
    std::pair group(place.text, amount_text(place));
    const auto known = std::ranges::find(groups, group);
    if (known == groups.end()) {
      groups.push_back(std::move(group));
      times.push_back(1);
    } else {
      ++times[static_cast<std::size_t>(known - groups.begin())];
    }
  }
  std::string text;
  std::size_t others = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i >= kNamedPlaces) {
      others += times[i];
      continue;
    }
    text += fmt::format("{} {}", i == 0 ? ";" : ",", groups[i].first);
    text += times[i] == 1 ? fmt::format(": {}", groups[i].second)
                          : fmt::format(", {} times: {} each", times[i], groups[i].second);
  }
  return others == 0 ? text : text + fmt::format(", and {} more", others);
}

}  // namespace

std::uint64_t heap_block_bytes(std::uint64_t bytes, TargetProfile profile) {
  const bool emscripten = profile == TargetProfile::wasm32_emscripten || profile == TargetProfile::wasm64_emscripten;
  const bool wide = profile == TargetProfile::wasm64 || profile == TargetProfile::wasm64_emscripten;
  const std::uint64_t header = wide ? 8 : 4;
  const std::uint64_t least = wide ? 32 : 16;
  return std::max(least, align_up(saturating_add(bytes, header), emscripten && !wide ? 8 : 16));
}

ObjectSavings object_savings(std::span<const Resizing> edits, const SourceContext& context) {
  const std::vector<Place> places = Places(edits, context).list;
  ObjectSavings savings;
  Saving in_static_data, of_one{Space::object, 0, 0};
  if (places.empty()) {  // some, somewhere else
    for (const Resizing& edit : edits)
      savings.each = std::max(savings.each, edit.from_bytes - std::min(edit.from_bytes, edit.to_bytes));
    of_one = {Space::object, savings.each, savings.each};
  } else {
    of_one.low_bytes = ~std::uint64_t{0};
  }
  savings.complete = !places.empty();
  savings.seen = !places.empty();
  savings.one_maker = places.size() == 1 && places.front().storage == Storage::heap && !places.front().of_each;
  savings.certain = std::ranges::any_of(places, [](const Place& place) {
    return place.storage != Storage::stack && (place.storage == Storage::member ? place.low : place.high) > 0;
  });
  std::uint64_t on_stack = 0;  // of the largest variable; those of other functions exist at other times
  for (const Place& place : places) {
    const bool is_variable = place.storage == Storage::static_storage || place.storage == Storage::stack;
    if (place.storage == Storage::static_storage) {
      in_static_data.low_bytes = saturating_add(in_static_data.low_bytes, place.low);
      in_static_data.high_bytes = saturating_add(in_static_data.high_bytes, place.high);
    }
    if (is_variable && !place.of_each) {
      if (place.storage == Storage::stack) {
        on_stack = std::max(on_stack, place.low);
      } else {
        savings.variables = saturating_add(savings.variables, place.low);
      }
    } else {
      savings.complete = false;
    }
    savings.each = std::max(savings.each, place.each);
    of_one.low_bytes = std::min(of_one.low_bytes, place.low == 0 ? 0 : place.each);
    of_one.high_bytes = std::max(of_one.high_bytes, place.each);
  }
  savings.variables = saturating_add(savings.variables, on_stack);
  savings.in_all = saved_by_all(edits, context);
  if (savings.in_all) savings.in_all = std::max(*savings.in_all, savings.variables);  // holders may save more
  savings.saving = in_static_data.high_bytes > 0 ? in_static_data : of_one;
  savings.text = text_of(places);
  return savings;
}

ObjectSavings object_savings(const Resizing& edit, const SourceContext& context) {
  return object_savings(std::span(&edit, 1), context);
}

LeastSaving least_saving(const OptionValues& options, std::uint64_t percent) {
  return {options.number("min-saved-bytes"), percent, options.number("min-saved-in-all"),
          options.number("min-saved-unseen")};
}

bool is_worth_it(const Resizing& edit, const ObjectSavings& savings, const LeastSaving& least) {
  if (savings.each == 0 || edit.to_bytes >= edit.from_bytes) return false;
  const Saving& saving = savings.saving;
  if (saving.space == Space::linear_memory && saving.low_bytes >= std::max(kMuchStaticData, least.bytes)) return true;
  const std::uint64_t saved = edit.from_bytes - edit.to_bytes;
  if (savings.in_all && *savings.in_all < least.in_all_bytes) return false;
  if ((!savings.seen || !savings.certain) && saved < least.unseen_bytes) return false;
  return saved >= least.bytes &&
         saturating_multiply(saved, 100) >= saturating_multiply(edit.record->bytes, least.percent);
}

bool is_worth_it_by_hand(const Resizing& edit, const ObjectSavings& savings, const OptionValues& options) {
  const bool few = !savings.seen || savings.one_maker;
  return !few || edit.from_bytes - std::min(edit.from_bytes, edit.to_bytes) >= options.number("min-saved-by-hand");
}

bool has_no_objects(const RecordFact& record) { return record.all_uses_seen && record.instances.empty(); }

}  // namespace wml
