// Lowers a program: one BIR function per TRANSFORM, FUNC and lambda. Transforms come first, in
// source order, then FUNCs, then lambdas as they are met.
#include "FunctionGen.h"

#include <algorithm>

namespace branchline::irgen {

using namespace syntax;

std::string ModuleGen::uniqueName(std::string wanted) {
  std::string name = wanted;
  for (unsigned i = 1; !functionNames.insert(name).second; ++i)
    name = wanted + "." + std::to_string(i);
  return name;
}

bool ModuleGen::isHostFunction(std::string_view name) const {
  return std::find(options.hostFunctions.begin(), options.hostFunctions.end(), name) !=
         options.hostFunctions.end();
}

namespace {

/// Shared resources a transform can name: file level first, then its own OPTIONS (R2.3.1).
std::vector<std::string_view> sharedNames(const Program &program, const Transform &transform) {
  std::vector<std::string_view> names;
  for (const Decl *decl : program.decls)
    if (const auto *shared = dynCast<Shared>(decl))
      names.push_back(shared->name.text);
  if (transform.options)
    for (const SharedEntry &entry : transform.options->shared)
      names.push_back(entry.name.text);
  return names;
}

void declareShared(ir::Module &module, const Name &name, SharedKind kind) {
  bool single = kind == SharedKind::Single;
  for (ir::SharedResource &known : module.shared)
    if (known.name == name.text) {
      known.single = single;
      return;
    }
  module.shared.push_back({std::string(name.text), single});
}

/// File-level kinds first, OPTIONS override them (R1.17.4).
void declareAllShared(ir::Module &module, const Program &program) {
  for (const Decl *decl : program.decls)
    if (const auto *shared = dynCast<Shared>(decl))
      declareShared(module, shared->name, shared->sharedKind);
  for (const Decl *decl : program.decls)
    if (const auto *transform = dynCast<Transform>(decl); transform && transform->options)
      for (const SharedEntry &entry : transform->options->shared)
        declareShared(module, entry.name, entry.kind);
}

ir::FunctionId addFunction(ModuleGen &gen, ir::FunctionKind kind, const Name &name,
                           std::string_view fallback, uint32_t offset) {
  ir::Function fn;
  fn.name = gen.uniqueName(std::string(name.text.empty() ? fallback : name.text));
  fn.kind = kind;
  fn.sourceName = name.text;
  fn.loc = gen.place(offset);
  gen.module.functions.push_back(std::move(fn));
  return static_cast<ir::FunctionId>(gen.module.functions.size() - 1);
}

} // namespace

std::unique_ptr<ir::Module> generate(const Program &program, const SourceText &source,
                                     const Options &options) {
  auto module = std::make_unique<ir::Module>();
  ModuleGen gen(*module, source, options, sema::buildScopes(program));
  declareAllShared(*module, program);
  std::vector<std::pair<const Decl *, ir::FunctionId>> bodies;
  for (const Decl *decl : program.decls)
    if (const auto *transform = dynCast<Transform>(decl)) {
      auto id = addFunction(gen, ir::FunctionKind::Transform, transform->name, "transform",
                            decl->token.begin);
      module->transforms.push_back({std::string(transform->name.text), id});
      bodies.emplace_back(decl, id);
    }
  for (const Decl *decl : program.decls)
    if (const auto *func = dynCast<Func>(decl)) {
      auto id = addFunction(gen, ir::FunctionKind::Func, func->name, "func", decl->token.begin);
      gen.funcs.emplace(func->name.text, id);
      bodies.emplace_back(decl, id);
    }
  for (auto [decl, id] : bodies) {
    FunctionGen fn(gen, id, gen.scopes.of(decl), nullptr);
    if (const auto *transform = dynCast<Transform>(decl)) {
      fn.genTransform(*transform, sharedNames(program, *transform));
    } else {
      const auto &func = cast<Func>(*decl);
      fn.genBody(func.params, func.body, func.block);
    }
  }
  return module;
}

} // namespace branchline::irgen
