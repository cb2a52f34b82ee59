#!/usr/bin/env python3
"""Writes XidTables.inc to standard output: the code points outside ASCII that may start and continue
an identifier, as ranges. The properties are those of the Unicode version of the Python that runs it."""

import unicodedata


def ranges(accepts):
    first = None
    for point in range(0x80, 0x110001):
        inside = point < 0x110000 and not 0xD800 <= point <= 0xDFFF and accepts(chr(point))
        if inside and first is None:
            first = point
        elif not inside and first is not None:
            yield first, point - 1
            first = None


def write(name, accepts):
    print(f"constexpr CodePointRange {name}[] = {{")
    row = ""
    for first, last in ranges(accepts):
        item = f"{{0x{first:X}, 0x{last:X}}},"
        if len(row) + len(item) + 3 > 100:
            print("   " + row)
            row = ""
        row += " " + item
    print("   " + row)
    print("};")


print("// clang-format off")
print(f"// Written by generate-xid-tables.py from Unicode {unicodedata.unidata_version}; not edited by hand.")
write("kXidStart", lambda c: c.isidentifier())
write("kXidContinue", lambda c: ("a" + c).isidentifier())
print("// clang-format on")
