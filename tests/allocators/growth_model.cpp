// Runs the program's growth models for test_growth.py. Reads a list of
// {model, pages, heap_base, maximum_pages, host_grows, requests: [bytes, ...]} as JSON from standard input and prints,
// in the same order, {pages: [after each request] or null, most: pages or null}.
#include <array>
#include <iostream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "analyzer/predict/growth.h"

namespace {

using Json = nlohmann::json;

wml::GrowthModel model_named(const std::string& name) {
  using enum wml::GrowthModel;
  for (const wml::GrowthModel model : {dlmalloc, dlmalloc_sbrk, dlmalloc_rust, emmalloc, tlsf, bump_doubling, zig}) {
    if (to_string(model) == name) return model;
  }
  throw std::runtime_error("there is no growth model " + name);
}

Json run(const Json& job) {
  const wml::GrowthModel model = model_named(job.at("model"));
  wml::HeapStart start{.pages = job.at("pages"),
                       .heap_base = std::nullopt,
                       .maximum_pages = job.at("maximum_pages"),
                       .host_grows = job.at("host_grows")};
  if (!job.at("heap_base").is_null()) start.heap_base = job.at("heap_base").get<std::uint64_t>();
  const auto requests = job.at("requests").get<std::vector<std::uint64_t>>();
  std::vector<wml::HeapRequest> unordered;
  for (const std::uint64_t bytes : requests) unordered.push_back({bytes, 1});
  const auto pages = pages_after(model, start, requests);
  const auto most = most_pages(model, start, unordered);
  return {{"pages", pages ? Json(*pages) : Json(nullptr)}, {"most", most ? Json(*most) : Json(nullptr)}};
}

}  // namespace

int main() {
  Json answers = Json::array();
  for (const Json& job : Json::parse(std::cin)) answers.push_back(run(job));
  std::cout << answers << '\n';
}
