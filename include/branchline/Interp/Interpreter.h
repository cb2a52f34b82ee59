// The reference interpreter: walks BIR as lowered, plainly. It is the judge for other engines.
#pragma once

#include "branchline/IR/Module.h"
#include "branchline/Runtime/Context.h"

#include <memory>

namespace branchline::interp {

/// A module made ready to run; immutable, shared by threads.
class Program {
public:
  /// \param module  verified; must outlive the program.
  explicit Program(const ir::Module &module);
  ~Program();
  const ir::Module &module() const;

  struct Impl;
  /// The prepared code; complete only inside Interp.
  const Impl &impl() const { return *impl_; }

private:
  std::unique_ptr<Impl> impl_;
};

/// Runs a transform: its outputs are in `context.outputs` afterwards, also those made before a
/// trap. The native stack must allow `context.limits.callDepth` nested calls of about 1 KiB (run
/// it under `runOnStack`).
/// \errors the trap that ended the run, with place and call stack
runtime::Result<void> run(const Program &program, const ir::TransformEntry &transform,
                          runtime::Context &context);

} // namespace branchline::interp
