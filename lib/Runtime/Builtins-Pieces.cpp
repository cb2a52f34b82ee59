// The pieces of library functions that engines run as loops of their own: argument checks and
// single steps. The functions themselves are in the files of their groups.
#include "branchline/Runtime/Builtins.h"
#include "branchline/Runtime/Ops.h"

namespace branchline::runtime {

Result<void> checkListArgument(Builtin builtin, const Value &list) {
  if (list.isList())
    return {};
  bool onlyArgument = info(builtin).maxArgs == 1;
  return trap<TrapId::LibraryState>(
      fmt::format("{}: {} must be list", info(builtin).name, onlyArgument ? "arg" : "arg 1"));
}

Result<Value> sumStep(Heap &heap, Builtin builtin, const Value &sum, const Value &item) {
  if (!item.isNumber())
    return trap<TrapId::LibraryArgument>(
        fmt::format("{}: all elements must be numbers", info(builtin).name));
  return addNumbers(heap, sum, item);
}

} // namespace branchline::runtime
