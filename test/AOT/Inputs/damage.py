"""Copies a program and changes one byte of its image: damage.py PROGRAM COPY OFFSET."""

import shutil
import sys

program, copy, offset = sys.argv[1], sys.argv[2], int(sys.argv[3])
shutil.copy(program, copy)
data = bytearray(open(copy, "rb").read())
# The head: magic, version 1, four zero bytes. The runtime holds the magic alone.
at = data.index(b"BLIMAGE\n\x01\0\0\0\0\0\0\0")
data[at + offset] ^= 1
with open(copy, "wb") as file:
    file.write(data)
