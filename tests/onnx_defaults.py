#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the attributes of all operators that Debian's python3-onnx knows, with their defaults.

usage: onnx_defaults.py OUT.csv

One row an attribute of each version of an operator: domain, op_type, opset, attribute, type
(INT, FLOAT, STRING, INTS, ...), has_default (0 or 1), value (lists separated by blanks).
Exit status 77 where python3-onnx is missing.
"""
import csv
import sys

try:
    import onnx.defs
    import onnx.helper
except ImportError:
    print("skipped: python3-onnx is missing")
    sys.exit(77)


def text(value):
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, (list, tuple)) or hasattr(value, "append"):
        return " ".join(text(item) for item in value)
    return repr(value)


def main():
    with open(sys.argv[1], "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["domain", "op_type", "opset", "attribute", "type", "has_default",
                         "value"])
        for schema in onnx.defs.get_all_schemas_with_history():
            for name, attribute in sorted(schema.attributes.items()):
                default = attribute.default_value
                value = text(onnx.helper.get_attribute_value(default)) if default.type else ""
                writer.writerow([schema.domain, schema.name, schema.since_version, name,
                                 str(attribute.type).rsplit(".", 1)[-1],
                                 int(default.type != 0), value])


if __name__ == "__main__":
    main()
