"""Writes bytes into a file: patch.py IN OUT OFFSET=HEX..., a negative offset counts from the end;
`cut=N` keeps N bytes only."""

import sys

data = bytearray(open(sys.argv[1], "rb").read())
for change in sys.argv[3:]:
    where, value = change.split("=")
    if where == "cut":
        data = data[: int(value)]
        continue
    new = bytes.fromhex(value)
    at = int(where) % len(data)
    data[at : at + len(new)] = new
open(sys.argv[2], "wb").write(data)
