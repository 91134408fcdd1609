#include <set>

#include "analyzer/source/facts_json.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendPluginRegistry.h"
#include "diagnose.h"
#include "extract/places.h"
#include "extract/unit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "rules/engine/run_rules.h"

// -fplugin=libwasm-memlint-plugin.so: during a build the facts of every unit are written beside its object, as
// <object>.facts.jsonl. Clang takes a plugin's name up to the first hyphen, so that it is wasm_memlint here:
// -fplugin-arg-wasm_memlint-warn reports what the rules find in the unit too.

namespace wml::extract {
namespace {

namespace path = llvm::sys::path;

/// Whether an output is the temporary file of a command that compiles and links: NAME-abcdef.o for NAME.cpp.
bool is_temporary(llvm::StringRef output, llvm::StringRef stem) {
  llvm::SmallString<128> temporary;
  path::system_temp_directory(true, temporary);
  llvm::StringRef name = path::stem(output);
  return path::parent_path(output) == temporary.str() && name.consume_front(stem) && name.consume_front("-") &&
         name.size() == 6 && llvm::all_of(name, llvm::isHexDigit);
}

/// Where the facts go, or nowhere: only what makes code of a file has them, and writes an ordinary file.
std::string facts_path(const clang::FrontendOptions& options) {
  using namespace clang::frontend;
  const std::set<ActionKind> making{EmitObj, EmitAssembly, EmitBC, EmitLLVM};
  const std::string& output = options.OutputFile;
  if (!making.contains(options.ProgramAction) || output.empty() || output == "-") return {};
  if (llvm::sys::fs::exists(output) && !llvm::sys::fs::is_regular_file(output)) return {};  // as /dev/null
  const llvm::StringRef input = options.Inputs.front().isFile() ? options.Inputs.front().getFile() : "-";
  if (input == "-") return {};
  const llvm::StringRef stem = path::stem(input);
  // A command that links as well removes its objects: their facts are named as `-c` would have named them.
  return (is_temporary(output, stem) ? (stem + ".o").str() : output) + ".facts.jsonl";
}

class UnitConsumer : public clang::ASTConsumer {
public:
  UnitConsumer(clang::CompilerInstance& compiler, bool warns)
      : diagnostics_(compiler.getDiagnostics()),
        options_(compiler.getFrontendOpts()),
        facts_path_(facts_path(options_)),
        warns_(warns) {}

  void HandleTranslationUnit(clang::ASTContext& context) override {
    const std::optional<TargetProfile> profile = profile_of(context.getTargetInfo());
    if (!profile) {
      if (warns_)
        remark("no findings: it is compiled for " + context.getTargetInfo().getTriple().str() +
               ", whose layouts are not those of WebAssembly (--target=wasm32-wasi, for example)");
      return;
    }
    if (facts_path_.empty() && !warns_) return;
    if (options_.Inputs.front().getKind().isPreprocessed()) {
      remark(
          "no facts: it was preprocessed before (by -save-temps or a build tool), so that places in the sources are "
          "lost; compile the source itself");
      return;
    }
    if (diagnostics_.hasErrorOccurred()) {
      // The compiler leaves no object either. What is not there counts as removed, and so does the empty path.
      if (const std::error_code problem = llvm::sys::fs::remove(facts_path_))
        warn_of_file("removed", problem.message());
      return;
    }
    SourceFacts facts = read_unit(context, *profile);
    const clang::SourceManager& sources = context.getSourceManager();
    facts.unit = Places(sources, context.getLangOpts()).path(sources.getMainFileID());
    if (!facts_path_.empty()) write(facts);
    if (warns_) report(facts, sources);
  }

private:
  void remark(const std::string& text) const {
    diagnostics_.Report(diagnostics_.getCustomDiagID(clang::DiagnosticsEngine::Remark, "wasm-memlint: %0")) << text;
  }

  /// Into a file that then takes the name: whoever reads it finds all of it, or what was there before.
  void write(const SourceFacts& facts) const {
    llvm::Error problem = llvm::writeToOutput(facts_path_, [&](llvm::raw_ostream& out) {
      out << to_json_line(facts) << "\n";
      return llvm::Error::success();
    });
    if (problem) warn_of_file("written", llvm::toString(std::move(problem)));
  }

  void warn_of_file(const char* what, const std::string& why) const {
    diagnostics_.Report(diagnostics_.getCustomDiagID(clang::DiagnosticsEngine::Warning,
                                                     "wasm-memlint: '%0', the facts of this unit, cannot be %1: %2"))
        << facts_path_ << what << why;
  }

  void report(const SourceFacts& facts, const clang::SourceManager& sources) const {
    if (diagnostics_.getIgnoreAllWarnings()) return;  // Clang asks -w for its own only
    clang::DiagnosticIDs& ids = *diagnostics_.getDiagnosticIDs();
    for (const Finding& finding : run_source_rules(facts, RuleSettings::defaults()).findings) {
      const std::string name = " [wasm-memlint-" + std::string(finding.rule->id) + "]";
      diagnose_finding(finding, sources, [&](clang::SourceLocation where, clang::DiagnosticIDs::Level level) {
        const bool is_note = level == clang::DiagnosticIDs::Note;
        return diagnostics_.Report(where, ids.getCustomDiagID(level, is_note ? "%0" : "%0" + name));
      });
    }
  }

  clang::DiagnosticsEngine& diagnostics_;
  const clang::FrontendOptions& options_;
  const std::string facts_path_;
  const bool warns_;
};

class PluginAction : public clang::PluginASTAction {
public:
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance& compiler, llvm::StringRef) override {
    return std::make_unique<UnitConsumer>(compiler, warns_);
  }

  bool ParseArgs(const clang::CompilerInstance& compiler, const std::vector<std::string>& arguments) override {
    for (const std::string& argument : arguments) {
      if (argument != "warn") {
        clang::DiagnosticsEngine& diagnostics = compiler.getDiagnostics();
        diagnostics.Report(diagnostics.getCustomDiagID(
            clang::DiagnosticsEngine::Error, "wasm-memlint: unknown argument '%0': the plugin knows 'warn' only"))
            << argument;
        return false;
      }
      warns_ = true;
    }
    return true;
  }

  /// After it, so that the compiler makes the same code as without the plugin.
  ActionType getActionType() override { return AddAfterMainAction; }

private:
  bool warns_ = false;
};

// NOLINTNEXTLINE(bugprone-throwing-static-initialization): this is how Clang learns of plugins
const clang::FrontendPluginRegistry::Add<PluginAction> registration(
    "wasm_memlint", "write what the unit says about memory beside its object, for wasm-memlint");

}  // namespace
}  // namespace wml::extract
