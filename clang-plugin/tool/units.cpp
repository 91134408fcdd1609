#include "tool/units.h"

#include <algorithm>

#include "analyzer/source/merge_units.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Tooling/Tooling.h"
#include "extract/places.h"
#include "extract/unit.h"

namespace wml::extract {
namespace {

constexpr std::size_t kMostErrors = 20;

/// Keeps the errors, and prints nothing.
class ErrorKeeper : public clang::DiagnosticConsumer {
public:
  explicit ErrorKeeper(std::vector<SourceError>& errors) : errors_(errors) {}

  void BeginSourceFile(const clang::LangOptions& language, const clang::Preprocessor*) override {
    language_ = &language;
  }
  void EndSourceFile() override { language_ = nullptr; }

  void HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic& info) override {
    DiagnosticConsumer::HandleDiagnostic(level, info);
    if (level < clang::DiagnosticsEngine::Error || errors_.size() >= kMostErrors) return;
    llvm::SmallString<128> message;
    info.FormatDiagnostic(message);
    SourceError error{{}, message.str().str()};
    if (info.hasSourceManager() && language_ != nullptr)
      error.where = Places(info.getSourceManager(), *language_).of(info.getLocation());
    errors_.push_back(std::move(error));
  }

private:
  std::vector<SourceError>& errors_;
  const clang::LangOptions* language_ = nullptr;
};

class FactsConsumer : public clang::ASTConsumer {
public:
  explicit FactsConsumer(SourceFacts& facts) : facts_(facts) {}

  void HandleTranslationUnit(clang::ASTContext& context) override {
    const std::optional<TargetProfile> profile = profile_of(context.getTargetInfo());
    if (!profile) {
      facts_.errors.push_back({{},
                               "its command is for " + context.getTargetInfo().getTriple().str() +
                                   ", whose layouts are not those of wasm"});
      return;
    }
    SourceFacts read = read_unit(context, *profile);
    read.unit = std::move(facts_.unit);
    read.errors = std::move(facts_.errors);
    facts_ = std::move(read);
  }

private:
  SourceFacts& facts_;
};

class FactsAction : public clang::ASTFrontendAction {
public:
  explicit FactsAction(SourceFacts& facts) : facts_(facts) {}

  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance&, llvm::StringRef) override {
    return std::make_unique<FactsConsumer>(facts_);
  }

private:
  SourceFacts& facts_;
};

class FactsActions : public clang::tooling::FrontendActionFactory {
public:
  explicit FactsActions(SourceFacts& facts) : facts_(facts) {}
  std::unique_ptr<clang::FrontendAction> create() override { return std::make_unique<FactsAction>(facts_); }

private:
  SourceFacts& facts_;
};

/// One command, as a database of its own: what it says is run as it is.
SourceFacts run(const std::string& unit, const clang::tooling::CompileCommand& command, const Overlay& overlay) {
  SourceFacts facts;
  facts.unit = unit;
  class OneCommand : public clang::tooling::CompilationDatabase {
  public:
    explicit OneCommand(const clang::tooling::CompileCommand& command) : command_(command) {}
    std::vector<clang::tooling::CompileCommand> getCompileCommands(llvm::StringRef) const override {
      return {command_};
    }

  private:
    const clang::tooling::CompileCommand& command_;
  };
  std::vector<SourceError> errors;
  ErrorKeeper keeper(errors);
  const OneCommand database(command);
  clang::tooling::ClangTool tool(database, {command.Filename});
  tool.clearArgumentsAdjusters();
  tool.setPrintErrorMessage(false);
  tool.setDiagnosticConsumer(&keeper);
  for (const auto& [path, text] : overlay) tool.mapVirtualFile(path, text);
  FactsActions actions(facts);
  tool.run(&actions);
  // Where there is nothing to compile the driver says so thrice; the first one tells why.
  const bool driver_alone = std::ranges::all_of(errors, [](const SourceError& e) { return e.where.file.empty(); });
  if (driver_alone && facts.compiler.empty() && !errors.empty() && !is_about_argument(errors.front())) errors.resize(1);
  facts.errors.insert(facts.errors.end(), errors.begin(), errors.end());
  return facts;
}

SourceFacts without_facts(const std::string& unit, std::string why) {
  SourceFacts none;
  none.unit = unit;
  none.errors.push_back({{}, std::move(why)});
  return none;
}

bool is_cuda(const clang::tooling::CompileCommand& command) {
  const auto language = std::ranges::find(command.CommandLine, "-x");
  const bool named = language != command.CommandLine.end() && language + 1 != command.CommandLine.end() &&
                     (*(language + 1) == "cu" || *(language + 1) == "cuda" || *(language + 1) == "hip");
  return named || llvm::StringRef(command.Filename).ends_with(".cu");
}

SourceFacts read_command(const std::string& unit, clang::tooling::CompileCommand command, const Overlay& overlay) {
  if (is_cuda(command)) return without_facts(unit, "it is a unit for a GPU, of which nothing can be read for wasm");
  SourceFacts facts = run(unit, command, overlay);
  const std::vector<std::string> better = without_unknown(command.CommandLine, facts.errors);
  if (better.empty()) return facts;
  command.CommandLine = better;
  return run(unit, command, overlay);
}

/// A file that is compiled several times, with other macros perhaps, is one unit: what holds for one of its commands
/// only (a layout, a hazard) holds for it.
SourceFacts united(const std::string& unit, std::vector<SourceFacts>& commands) {
  SourceFacts facts = merge_units(commands, Coverage::some_units);
  facts.unit = unit;
  for (const SourceFacts& command : commands) {
    for (const std::string& file : command.files) {
      if (std::ranges::find(facts.files, file) == facts.files.end()) facts.files.push_back(file);
    }
    facts.errors.insert(facts.errors.end(), command.errors.begin(), command.errors.end());
  }
  return facts;
}

}  // namespace

SourceFacts UnitReader::read(const std::string& unit) const {
  std::vector<clang::tooling::CompileCommand> commands = database_.getCompileCommands(unit);
  if (commands.empty()) return without_facts(unit, "the compilation database has no command for it");
  std::vector<std::vector<std::string>> seen;
  std::vector<SourceFacts> read;
  for (clang::tooling::CompileCommand& command : commands) {
    command.CommandLine = retarget(command.CommandLine, target_);
    if (std::ranges::find(seen, command.CommandLine) != seen.end()) continue;
    seen.push_back(command.CommandLine);
    read.push_back(read_command(unit, command, overlay_));
  }
  return read.size() == 1 ? std::move(read.front()) : united(unit, read);
}

}  // namespace wml::extract
