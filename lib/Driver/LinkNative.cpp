// The linker is the system's compiler driver, which knows where the C and C++ libraries are. It
// gets an object file, the archive with the runtime, and the flags that lie beside the archive.
#include "LinkNative.h"

#include "branchline/Driver/Engines.h"
#include "branchline/Driver/ReadPlans.h"
#include "branchline/Image/Image.h"
#include "branchline/JIT/JIT.h"
#include "branchline/Lang/Errors.h"
#include "branchline/Opt/PassManager.h"

#include <algorithm>
#include <fmt/format.h>

namespace branchline::driver {
namespace {

constexpr std::string_view kArchive = "libbranchline-program.a";
constexpr std::string_view kFlags = "branchline-program.flags";
/// What a shared library shows of itself: the functions of branchline-c/program.h.
constexpr std::string_view kExports = "branchline-program.exports";

std::string imageOf(const CommandLine &line, const Compilation &compilation) {
  const ir::Module &module = *compilation.module;
  image::Program program;
  program.tables = jit::tablesOf(module);
  for (const ir::TransformEntry &entry : module.transforms)
    program.transforms.push_back({entry.name, entry.function, readPlanOf(module, entry, false),
                                  readPlanOf(module, entry, true)});
  for (const ir::SharedResource &resource : module.shared)
    program.shared.push_back({resource.name, resource.single});
  // Calls that are gone are not counted, as in bytecode.
  if (std::any_of(module.functions.begin(), module.functions.end(),
                  [](const ir::Function &fn) { return !fn.inlineSites.empty(); }))
    program.minCallDepth = opt::kInlinedCallDepth;
  program.sourceName = compilation.source.name();
  program.source = compilation.source.text();
  return image::write(program, {line.has(Option::Strip)});
}

/// The words of a command, separated by blanks.
std::vector<std::string> wordsOf(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (end != 0)
      words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

/// The folder of the archive: beside the program, or in `../lib` from there. \errors LinkRuntime
Expected<std::string, Error> runtimeFolder(System &system) {
  const std::string folder = system.programFolder();
  const std::string other = folder + "/../lib";
  for (const std::string &candidate : {folder, other})
    if (system.checkFile(fmt::format("{}/{}", candidate, kArchive)))
      return candidate;
  return Unexpected(error::make<error::Id::LinkRuntime>(kArchive, folder, other));
}

/// A path that no tool takes for an option or a file of arguments.
std::string plainPath(const std::string &path) {
  return path.starts_with('-') || path.starts_with('@') ? "./" + path : path;
}

/// Runs the linker. \param object,target  paths
/// \errors LinkRuntime, LinkerStart, LinkerFailed
Expected<void, Error> link(const CommandLine &line, const std::string &object,
                           const std::string &target, System &system) {
  BL_TRY(const std::string folder, runtimeFolder(system));
  std::vector<std::string> command = wordsOf(line.text(Option::Linker));
  if (command.empty())
    return Unexpected(error::make<error::Id::LinkerStart>("", "it has no name"));
  const std::string linker = command.front();
  command.insert(command.end(), {"-o", plainPath(target), plainPath(object)});
  // A library is known by the name it gets, wherever it is when somebody links with it.
  const std::string_view output = line.text(Option::Output);
  if (line.text(Option::Emit) == "shared")
    command.insert(command.end(),
                   {"-shared", "-Xlinker", "-soname", "-Xlinker",
                    std::string(output.substr(output.rfind('/') + 1)), "-Wl,-u,bl_abi_version",
                    "-Wl,-Bsymbolic", "-Xlinker", "--version-script", "-Xlinker",
                    fmt::format("{}/{}", folder, kExports)});
  command.insert(command.end(), {fmt::format("{}/{}", folder, kArchive), "-Wl,--gc-sections",
                                 "-Wl,--as-needed", fmt::format("@{}/{}", folder, kFlags)});
  const auto ran = system.runCommand(command);
  if (!ran)
    return Unexpected(error::make<error::Id::LinkerStart>(linker, ran.error()));
  if (ran->status != 0) {
    std::string_view said = ran->messages;
    while (!said.empty() && said.back() == '\n')
      said.remove_suffix(1);
    return Unexpected(error::make<error::Id::LinkerFailed>(
        linker, ran->status, said.empty() ? "" : ": " + std::string(said)));
  }
  return {};
}

} // namespace

jit::DebugOptions debugOptionsOf(const CommandLine &line, const Compilation &compilation,
                                 const System &system) {
  return {line.has(Option::DebugInfo), std::string(compilation.source.name()),
          system.currentFolder()};
}

ExitStatus linkNative(const CommandLine &line, const Compilation &compilation, Reporter &reporter) {
  System &system = reporter.system();
  if (!line.has(Option::Output))
    return reporter.report(error::make<error::Id::OptionNeeds>(
        fmt::format("--emit={}", line.text(Option::Emit)), info(Option::Output).name));
  jit::EmitOptions options;
  options.optimise = line.text(Option::OptLevel) != "0";
  options.debug = debugOptionsOf(line, compilation, system);
  const std::string image = imageOf(line, compilation);
  options.image = image;
  const auto object = jit::emit(*compilation.module, jit::Form::Object, options);
  if (!object)
    return reporter.report(object.error());
  // Linked beside its place and renamed, so that the file is replaced as a whole or not at all.
  const auto found = system.replaceablePath(std::string(line.text(Option::Output)));
  if (!found)
    return reporter.report(found.error());
  const std::string &target = *found;
  const auto file = system.makeTemporary(target, *object);
  if (!file)
    return reporter.report(file.error());
  const std::string beside = *file + ".linked";
  auto made = link(line, *file, beside, system);
  if (made)
    made = system.renameFile(beside, target);
  system.removeFile(*file);
  system.removeFile(beside);
  return made ? ExitStatus::Ok : reporter.report(made.error());
}

} // namespace branchline::driver
