# How lit runs the tests in this folder: which files are tests, what a RUN line may use, and an
# environment that is the same on every machine.

import os

import lit.formats

config.name = "Branchline"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".bl", ".blasm", ".blir", ".test"]
config.excludes = ["Inputs", "Golden"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.branchline_binary_dir, "test")

config.substitutions.append(("%blc", config.branchline_blc))
config.substitutions.append(("%python", config.branchline_python))
# What links here, of whatever kind the build is; without it the system's `cc` does.
config.substitutions.append(("%linker", f"--linker '{config.branchline_linker}'"))

# FileCheck and not come from here, ahead of anything else of that name.
config.environment["PATH"] = os.pathsep.join(
    [config.llvm_tools_dir, os.environ.get("PATH", os.defpath)]
)
config.environment["LC_ALL"] = "C.UTF-8"
config.environment["TZ"] = "UTC"
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

# Native code of earlier runs must not decide what a test sees, nor end up among the user's files.
config.environment["XDG_CACHE_HOME"] = os.path.join(config.test_exec_root, "cache")

# Tests of what only some builds have say REQUIRES: or UNSUPPORTED: with these words.
if config.branchline_sanitize:
    config.available_features.add("sanitize")
config.available_features.add("jit" if config.branchline_jit else "nojit")


def hasTerminals():
    """Whether this machine hands out pseudo terminals; bare chroots do not."""
    import pty
    try:
        for end in pty.openpty():
            os.close(end)
        return True
    except OSError:
        return False


def hasDebugger():
    """Whether gdb is there and may run programs; some containers forbid that."""
    import shutil
    import subprocess
    if not shutil.which("gdb"):
        return False
    command = ["gdb", "-q", "-nx", "-batch", "-ex", "run", "--args", config.branchline_blc, "version"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return "exited normally" in ran.stdout


if hasTerminals():
    config.available_features.add("pty")
if os.path.exists(os.path.join(config.llvm_tools_dir, "llvm-dwarfdump")):
    config.available_features.add("dwarfdump")
if config.branchline_jit and hasDebugger():
    config.available_features.add("gdb")
