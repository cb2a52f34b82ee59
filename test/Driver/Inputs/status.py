"""Runs a command and checks how it ended.

  status.py [--stdout full|closed] [--file-limit BYTES] [--interrupt] STATUS COMMAND...

Standard streams are passed on, except that `--stdout full` makes every write fail with ENOSPC and
`--stdout closed` with EPIPE. `--interrupt` sends SIGINT when the first line of output has appeared.
Exits with 0 if the command ended with STATUS.
"""

import argparse
import os
import resource
import signal
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--stdout", choices=["full", "closed"])
    parser.add_argument("--file-limit", type=int)
    parser.add_argument("--interrupt", action="store_true")
    parser.add_argument("status", type=int)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()

    def prepare():
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if options.file_limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (options.file_limit, options.file_limit))

    stdout = None
    if options.stdout == "full":
        stdout = open("/dev/full", "wb")
    elif options.stdout == "closed":
        reader, writer = os.pipe()
        os.close(reader)
        stdout = writer
    elif options.interrupt:
        stdout = subprocess.PIPE
    process = subprocess.Popen(options.command, stdout=stdout, preexec_fn=prepare)
    if options.interrupt:
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        sys.stdout.buffer.write(first + rest)
    status = process.wait(timeout=60)
    if status != options.status:
        sys.exit(f"ended with {status}, expected {options.status}")


if __name__ == "__main__":
    main()
