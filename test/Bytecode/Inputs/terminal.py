"""Runs a command with a terminal as its standard output and prints what it wrote there."""

import os
import pty
import subprocess
import sys

ours, theirs = pty.openpty()
process = subprocess.Popen(sys.argv[1:], stdout=theirs)
os.close(theirs)
written = b""
while True:
    try:
        piece = os.read(ours, 4096)
    except OSError:  # the other end is closed
        break
    if not piece:
        break
    written += piece
sys.stdout.buffer.write(written)
sys.exit(process.wait())
