#include "analyzer/wasm/allocator_fingerprint.h"

#include <string>

#include <gtest/gtest.h>

namespace wml {
namespace {

/// What is found in a module whose data is `data`, with `growers` functions that grow memory.
std::optional<Fingerprint> find(const std::string& data, std::size_t growers) {
  ModuleFacts facts;
  facts.segments.push_back({.address = 1024, .bytes = data.size()});
  facts.functions.resize(growers + 1);
  std::vector<BodySummary> bodies(growers + 1);
  for (std::size_t i = 0; i < growers; ++i) bodies[i].grows.push_back({.function = static_cast<std::uint32_t>(i)});
  const ByteSpan file(reinterpret_cast<const std::uint8_t*>(data.data()), data.size());
  return find_fingerprint(file, facts, bodies, ScanInput{});
}

TEST(AllocatorFingerprint, TalcByItsSources) {
  const auto found = find("called `unwrap()`.cargo/registry/src/index.crates.io-6f17d22b/talc-4.4.3/src/talc.rs", 1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->allocator, &kTalc);
  EXPECT_EQ(found->how, "sources of talc-4.4.3 are named in the data, and one function grows memory");
}

TEST(AllocatorFingerprint, WhatOnlyLooksLikeTalc) {
  for (const char* data : {"/talc-4.4.3/README.md", "/talc-/src/talc.rs", "/talc-wasm-4.4.3/src/lib.rs",
                           "talc-4.4.3/src/", "/talc-4.4.3", "/talc-4.4.3/src", "/talc-", ""}) {
    EXPECT_FALSE(find(data, 1)) << data;
  }
}

TEST(AllocatorFingerprint, TalcBesideAnotherGrowerIsNotTold) {
  EXPECT_FALSE(find("/talc-4.4.3/src/talc.rs", 0));
  EXPECT_FALSE(find("/talc-4.4.3/src/talc.rs", 2));
}

TEST(AllocatorFingerprint, TheFirstMentionNeedNotBeTheOne) {
  EXPECT_TRUE(find("/talc-notes /talc-4 /talc-4.4.3/src/talc.rs", 1));
}

}  // namespace
}  // namespace wml
