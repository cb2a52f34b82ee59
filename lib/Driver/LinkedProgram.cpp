// A program whose native code is linked into this process. Names nothing of the compiler.
#include "branchline/Driver/LinkedProgram.h"

#include "branchline/Driver/CommandLine.h"
#include "branchline/Driver/Help.h"
#include "branchline/Image/Image.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Stream/Checkpoint.h"
#include "branchline/Support/StackThread.h"

#include "RunnableProgram.h"

namespace branchline::driver {
namespace {

class NativeExecutable final : public Executable {
public:
  explicit NativeExecutable(const image::Program &program) : program_(program) {}

  runtime::Result<void> run(size_t transform, runtime::Context &context) override {
    if (!machine_)
      machine_.emplace(program_.tables, context.heap);
    return machine_->run(program_.transforms[transform].function, context);
  }
  std::unique_ptr<Executable> another() const override {
    return std::make_unique<NativeExecutable>(program_);
  }
  void releaseValues() override {
    if (machine_)
      machine_->releaseValues();
  }

private:
  const image::Program &program_;
  std::optional<runtime::NativeMachine> machine_;
};

class LinkedProgram final : public RunnableProgram {
public:
  LinkedProgram(const RunOptions &options, Reporter &reporter, StageTimes &times,
                const runtime::NativeObject &object)
      : RunnableProgram(options, reporter, times), object_(object) {}

  Step load() override;
  Step prepare(std::unique_ptr<Executable> &made) override {
    made = std::make_unique<NativeExecutable>(*program_);
    return std::nullopt;
  }
  std::span<const Engine> engines() const override { return {}; }
  std::string_view engine() const override { return "linked"; }
  Step prepare(const Engine &, std::unique_ptr<Executable> &made) override { return prepare(made); }
  const format::ReadPlan *plan() const override {
    const image::Transform &chosen = program_->transforms[transform()];
    return passesText() ? &chosen.texts : &chosen.values;
  }
  uint64_t fingerprint() const override { return stream::Fingerprint().add(bytes()).value(); }

private:
  std::string_view bytes() const { return {object_.image, object_.imageBytes}; }

  const runtime::NativeObject &object_;
  std::unique_ptr<image::Program> program_;
  std::optional<SourceText> text_;
};

Step LinkedProgram::load() {
  auto scope = times_.measure(Stage::Load);
  auto program = image::read(bytes(), {object_.entries, object_.functions});
  if (!program)
    return reporter_.report(program.error());
  program_ = std::move(*program);
  if (options_.limits.callDepth < program_->minCallDepth)
    return reporter_.report(error::make<error::Id::InlinedCallDepth>(program_->minCallDepth,
                                                                     options_.limits.callDepth));
  const std::string_view name = program_->sourceName;
  text_.emplace(std::string(name.empty() ? std::string_view(options_.script) : name),
                std::string(program_->source));
  source_ = &*text_;
  for (const image::Transform &transform : program_->transforms)
    transforms_.push_back(transform.name);
  for (const image::SharedResource &resource : program_->shared)
    shared_.push_back({resource.name, resource.single});
  return std::nullopt;
}

ExitStatus print(std::string_view text, Reporter &reporter) {
  const auto written = reporter.system().writeStdout(text);
  return written ? ExitStatus::Ok : reporter.report(written.error());
}

ExitStatus runWith(std::string_view name, const CommandLine &line,
                   const runtime::NativeObject &object, Reporter &reporter) {
  if (line.command() == Command::Help)
    return print(linkedHelpText(name), reporter);
  if (line.command() == Command::Version)
    return print(fmt::format("{} ({})\n", name, versionText()), reporter);
  auto options = executionOptionsOf(line);
  if (!options)
    return reporter.report(options.error());
  options->script = name;
  if (!options->input)
    options->input = "-";
  StageTimes times;
  return runProgram(*options, reporter, times,
                    std::make_unique<LinkedProgram>(*options, reporter, times, object));
}

} // namespace

ExitStatus runLinkedProgram(std::string_view path, std::span<const std::string_view> arguments,
                            const runtime::NativeObject &object, System &system) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const auto globals = takeGlobalArguments(arguments);
  if (!globals)
    return Reporter(system, ErrorFormat::Text, name).report(globals.error());
  Reporter reporter(system, globals->errorFormat, name);
  const auto line = parseLinkedCommandLine(globals->rest);
  if (!line)
    return reporter.report(line.error());
  ExitStatus status = ExitStatus::Ok;
  if (!runOnStack(kLargeStack, [&] { status = runWith(name, *line, object, reporter); }))
    return reporter.report(error::make<error::Id::NoLargeStack>());
  return status;
}

} // namespace branchline::driver
