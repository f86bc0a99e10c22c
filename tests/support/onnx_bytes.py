# SPDX-License-Identifier: GPL-2.0-or-later
"""Bytes of ONNX models of any kind, also such as no exporter writes: names are bytes."""


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def message(field, content):
    """Text, bytes or a message."""
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def attribute(name, text):
    """An attribute that holds a string."""
    return message(5, message(1, name) + message(4, text) + number(20, 3))


def body(name, graph):
    """An attribute that holds a graph."""
    return message(5, message(1, name) + message(6, graph) + number(20, 5))


def node(op, inputs, outputs, name="", domain="", more=b""):
    """A node as a part of a graph; `more` are attributes."""
    content = b"".join(message(1, each) for each in inputs)
    content += b"".join(message(2, each) for each in outputs)
    content += message(3, name) if name else b""
    content += message(4, op) + (message(7, domain) if domain else b"") + more
    return message(1, content)


def value(field, name):
    """An input (field 11) or output (12) of a graph: a tensor of floats, shape [1]."""
    shape = message(2, message(1, number(1, 1)))
    return message(field, message(1, name) + message(2, message(1, number(1, 1) + shape)))


def model(graph, opset=17, domains=(), more=b""):
    """A model of the parts of its graph."""
    content = number(1, 8) + message(7, graph) + message(8, message(1, "") + number(2, opset))
    content += b"".join(message(8, message(1, each) + number(2, 1)) for each in domains)
    return content + more
