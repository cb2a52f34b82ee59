// The process of a compiled program: goes into the archive that `blc compile --emit=exe` links with
// the program's code, which defines the image.
#include "branchline/Driver/LinkedProgram.h"

#include "Process.h"

using namespace branchline;

extern const runtime::NativeObject kProgram __asm__("branchline.program");

int main(int argc, char **argv) {
  return runProcess(argc, argv, "program",
                    [](std::string_view name, std::span<const std::string_view> arguments,
                       driver::System &system) {
                      return driver::runLinkedProgram(name, arguments, kProgram, system);
                    });
}
