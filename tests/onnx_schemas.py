#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes what Debian's python3-onnx knows of operators: all versions of all of them.

usage: onnx_schemas.py OPERATORS.csv ATTRIBUTES.csv

OPERATORS: domain, op_type, opset, deprecated (0 or 1), inputs, outputs (names separated by
blanks, with ? behind an optional one, * or + behind one that stands for any number, or for at
least one), attributes (how many).
ATTRIBUTES: domain, op_type, opset, attribute, type (INT, FLOAT, STRING, INTS, ...), required (0
or 1), has_default (0 or 1), value (lists separated by blanks).
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


def last_word(enumerator):
    return str(enumerator).rsplit(".", 1)[-1]


def ports(formal, least):
    names = []
    for port in formal:
        mark = {"Optional": "?", "Variadic": "*"}.get(last_word(port.option), "")
        if mark == "*" and least >= len(formal):
            mark = "+"
        names.append(port.name + mark)
    return " ".join(names)


def main():
    with open(sys.argv[1], "w", newline="", encoding="utf-8") as operators_file, \
            open(sys.argv[2], "w", newline="", encoding="utf-8") as attributes_file:
        operators = csv.writer(operators_file, lineterminator="\n")
        attributes = csv.writer(attributes_file, lineterminator="\n")
        operators.writerow(["domain", "op_type", "opset", "deprecated", "inputs", "outputs",
                            "attributes"])
        attributes.writerow(["domain", "op_type", "opset", "attribute", "type", "required",
                             "has_default", "value"])
        for schema in onnx.defs.get_all_schemas_with_history():
            version = [schema.domain, schema.name, schema.since_version]
            operators.writerow(version + [int(schema.deprecated),
                                          ports(schema.inputs, schema.min_input),
                                          ports(schema.outputs, schema.min_output),
                                          len(schema.attributes)])
            for name, attribute in sorted(schema.attributes.items()):
                default = attribute.default_value
                value = text(onnx.helper.get_attribute_value(default)) if default.type else ""
                attributes.writerow(version + [name, last_word(attribute.type),
                                               int(attribute.required), int(default.type != 0),
                                               value])


if __name__ == "__main__":
    main()
