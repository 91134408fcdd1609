#include <atomic>
#include <map>
#include <mutex>

#include "clang-tidy/ClangTidyCheck.h"
#include "clang-tidy/ClangTidyModule.h"
#include "clang/ASTMatchers/ASTMatchFinder.h"
#include "clang/ASTMatchers/ASTMatchers.h"
#include "clang/Basic/TargetInfo.h"
#include "diagnose.h"
#include "extract/unit.h"
#include "rules/engine/registry.h"
#include "rules/engine/run_rules.h"

// Every rule over sources as a check of clang-tidy, wasm-memlint-<id>: in clang-tidy by -load=, in our clang-tidy and
// clangd linked in.

namespace wml::extract {
namespace {

namespace tidy = clang::tidy;
namespace matchers = clang::ast_matchers;

/// The facts of one unit, read when the first of its checks asks.
class UnitFacts {
public:
  /// A unit begins: what is known is of another.
  void forget() { read_ = false; }

  /// Nothing where the unit is not compiled for a wasm target.
  const std::optional<SourceFacts>& of(clang::ASTContext& context) {
    if (read_) return facts_;
    read_ = true;
    facts_.reset();
    const std::optional<TargetProfile> profile = profile_of(context.getTargetInfo());
    if (!profile) return facts_;
    facts_ = read_unit(context, *profile);
    // clang-tidy and clangd look at these themselves, and count them.
    std::erase_if(facts_->suppressions, [](const SuppressionFact& s) { return s.kind == SuppressionKind::nolint; });
    return facts_;
  }

private:
  bool read_ = false;
  std::optional<SourceFacts> facts_;
};

/// What the checks of one run share; clangd runs several units at a time, each with a context of its own.
class Run {
public:
  /// The same for all checks that are made for one unit: they live together and die together.
  std::shared_ptr<UnitFacts> facts_for(const tidy::ClangTidyContext* context) {
    const std::lock_guard lock(mutex_);
    std::erase_if(units_, [](const auto& unit) { return unit.second.expired(); });
    std::weak_ptr<UnitFacts>& known = units_[context];
    std::shared_ptr<UnitFacts> facts = known.lock();
    if (facts == nullptr) known = facts = std::make_shared<UnitFacts>();
    return facts;
  }

  /// True once.
  bool may_say_that_the_target_is_wrong() { return !said_.exchange(true); }

private:
  std::mutex mutex_;
  std::map<const tidy::ClangTidyContext*, std::weak_ptr<UnitFacts>> units_;
  std::atomic<bool> said_ = false;
};

/// The first declaration that clang-tidy visits, when the unit is complete. In clangd that is not the unit itself,
/// since it visits those of the main file only.
class FirstVisited : public matchers::internal::MatcherInterface<clang::Decl> {
public:
  bool matches(const clang::Decl& declaration, matchers::internal::ASTMatchFinder* finder,
               matchers::internal::BoundNodesTreeBuilder*) const override {
    const auto scope = finder->getASTContext().getTraversalScope();
    return !scope.empty() && scope.front() == &declaration;
  }
};

class RuleCheck : public tidy::ClangTidyCheck {
public:
  RuleCheck(llvm::StringRef name, tidy::ClangTidyContext* context, const Rule& rule, std::shared_ptr<Run> run)
      : ClangTidyCheck(name, context), rule_(rule), run_(std::move(run)), facts_(run_->facts_for(context)) {
    for (auto& [id, setting] : settings_.rules) {
      if (id != rule.info.id) setting.severity = Severity::off;
    }
    RuleSetting& own = settings_.rules.find(rule.info.id)->second;
    own.severity = Severity::warning;
    for (const Option& option : rule.info.options) read_option(option, own.options);
  }

  void storeOptions(tidy::ClangTidyOptions::OptionMap& map) override {
    const OptionValues& values = settings_.rules.find(rule_.info.id)->second.options;
    for (const Option& option : rule_.info.options) {
      if (std::holds_alternative<bool>(option.default_value)) {
        Options.store(map, option.key, values.flag(option.key));
      } else {
        Options.store(map, option.key, values.number(option.key));
      }
    }
  }

  void registerMatchers(matchers::MatchFinder* finder) override {
    finder->addMatcher(matchers::decl(matchers::internal::Matcher<clang::Decl>(new FirstVisited)), this);
  }

  void onStartOfTranslationUnit() override { facts_->forget(); }

  void check(const matchers::MatchFinder::MatchResult& result) override {
    const std::optional<SourceFacts>& facts = facts_->of(*result.Context);
    if (!facts) {
      if (run_->may_say_that_the_target_is_wrong())
        configurationDiag(
            "wasm-memlint-* says nothing about code for %0, whose layouts are not those of WebAssembly; "
            "give clang-tidy --extra-arg=--target=wasm32-wasi, or the target of your SDK")
            << result.Context->getTargetInfo().getTriple().str();
      return;
    }
    for (const Finding& finding : run_source_rules(*facts, settings_).findings) {
      diagnose_finding(
          finding, *result.SourceManager,
          [&](clang::SourceLocation where, clang::DiagnosticIDs::Level level) { return diag(where, "%0", level); });
    }
  }

private:
  void read_option(const Option& option, OptionValues& values) {
    if (const auto* flag = std::get_if<bool>(&option.default_value)) {
      values.set(option.key, Options.get(option.key, *flag));
    } else {
      const auto number = static_cast<std::uint64_t>(std::get<std::int64_t>(option.default_value));
      values.set(option.key, static_cast<std::int64_t>(Options.get(option.key, number)));
    }
  }

  const Rule& rule_;
  const std::shared_ptr<Run> run_;
  const std::shared_ptr<UnitFacts> facts_;
  RuleSettings settings_ = RuleSettings::defaults();
};

class Module : public tidy::ClangTidyModule {
public:
  void addCheckFactories(tidy::ClangTidyCheckFactories& factories) override {
    const auto run = std::make_shared<Run>();
    for (const Rule* rule : all_rules()) {
      if (!reads_sources(*rule)) continue;
      factories.registerCheckFactory("wasm-memlint-" + std::string(rule->info.id),
                                     [rule, run](llvm::StringRef name, tidy::ClangTidyContext* context) {
                                       return std::make_unique<RuleCheck>(name, context, *rule, run);
                                     });
    }
  }
};

// NOLINTNEXTLINE(bugprone-throwing-static-initialization): this is how clang-tidy learns of modules
const tidy::ClangTidyModuleRegistry::Add<Module> registration("wasm-memlint-module",
                                                              "Finds memory that WebAssembly programs waste.");

}  // namespace
}  // namespace wml::extract
