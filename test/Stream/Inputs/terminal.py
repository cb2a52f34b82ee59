"""Runs a command with a terminal as its standard error and prints what appeared there, escaped.

  terminal.py COMMAND...    standard input and output are passed on; input is given slowly
"""

import os
import pty
import subprocess
import sys
import time


def main():
    terminal, end = pty.openpty()
    process = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                               stderr=end)
    os.close(end)
    for i in range(4):
        process.stdin.write(b'{"a":%d}\n' % i)
        process.stdin.flush()
        time.sleep(0.25)
    process.stdin.close()
    seen = b""
    while True:
        try:
            seen += os.read(terminal, 4096)
        except OSError:
            break
        if not seen:
            break
    print(ascii(seen.decode()), process.wait())


if __name__ == "__main__":
    main()
