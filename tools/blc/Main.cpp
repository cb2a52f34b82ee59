// The process `blc`. Everything it does is in lib/Driver.
#include "branchline/Driver/Driver.h"

#include "Process.h"

int main(int argc, char **argv) {
  return branchline::runProcess(argc, argv, "blc", branchline::driver::runCommandLine);
}
