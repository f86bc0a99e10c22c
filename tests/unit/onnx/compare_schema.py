#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares proto/onnx.proto with the schema that Debian's libonnx-dev ships: each message, field
number, type, label and packing, and each enum value. Ours may have more, since it is newer, but
nothing under a number or name that theirs reserves for something else.

usage: compare_schema.py PROTOC OURS
"""

import os
import subprocess
import sys
import tempfile

from listing import finish, skip

THEIRS = "/usr/include/onnx/onnx.proto"
# Not described: the version enum is prose, the operator status was removed from the schema.
LEFT_OUT = {"Version", "OperatorStatus"}

try:
    from google.protobuf import descriptor_pb2
except ImportError:
    skip("python3-protobuf is absent")


def describe(protoc, path):
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(
            [protoc, "--proto_path", os.path.dirname(path), "--descriptor_set_out", out.name, path],
            check=True,
        )
        files = descriptor_pb2.FileDescriptorSet()
        files.ParseFromString(out.read())
    return files.file[0]


def enums_of(prefix, enums):
    for enum in enums:
        if enum.name not in LEFT_OUT:
            yield from ((prefix + enum.name, v.name, v.number) for v in enum.value)


def facts(prefix, messages):
    """(place, name, what) of all fields and enum values."""
    for message in messages:
        name = prefix + message.name
        for field in message.field:
            oneof = message.oneof_decl[field.oneof_index].name if field.HasField("oneof_index") else ""
            yield (
                name,
                field.name,
                (field.number, field.type, field.label, field.type_name, field.options.packed, oneof),
            )
        yield from enums_of(name + ".", message.enum_type)
        yield from facts(name + ".", message.nested_type)


def table(file):
    rows = list(facts("", file.message_type)) + list(enums_of("", file.enum_type))
    return {(place, name): what for place, name, what in rows}


def main():
    if len(sys.argv) != 3 or not os.path.exists(THEIRS):
        skip(THEIRS + " is absent")
    ours = table(describe(sys.argv[1], sys.argv[2]))
    theirs = table(describe(sys.argv[1], THEIRS))
    failures = [
        f"{'.'.join(key)}: ours {ours.get(key)}, theirs {what}"
        for key, what in theirs.items()
        if ours.get(key) != what
    ]
    if describe(sys.argv[1], sys.argv[2]).package != describe(sys.argv[1], THEIRS).package:
        failures.append("the packages differ")
    finish(len(theirs), failures)


main()
