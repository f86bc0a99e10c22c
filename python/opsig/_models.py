# SPDX-License-Identifier: GPL-2.0-or-later
"""Single models and many: graphs, inspection, scans."""
from __future__ import annotations

import json
import os
from collections import Counter
from ctypes import POINTER, byref, c_size_t, c_uint32, c_void_p
from typing import Any, Iterable, Union

from ._database import Database, open_rules
from ._library import (JSON, SCAN_CALLBACK, Error, Handle, Limits, Scanned, ScanOptions, Style,
                       Text, array, call, decode, encode, lib, make, options, raise_error,
                       set_limits)

Path = Union[str, 'os.PathLike[str]']


class Graph(Handle):
    """The operator graph of a model, functions expanded. Closed by ``close()`` or ``with``."""

    @property
    def n_nodes(self) -> int:
        """Nodes, nested graphs included."""
        return lib.opsig_graph_n_vertices(self.get())

    @property
    def n_edges(self) -> int:
        """Edges from node to node, parallel ones counted once."""
        return lib.opsig_graph_n_edges(self.get())

    def nodes(self) -> list[dict[str, Any]]:
        """A dict for each node: label, name, op_type, domain, symbol (the operator with the
        attributes that change what it computes) and depth (0: the main graph)."""
        graph = self.get()
        return [{'label': decode(lib.opsig_graph_node_label(graph, v)),
                 'name': decode(lib.opsig_graph_node_name(graph, v)),
                 'op_type': decode(lib.opsig_graph_op_type(graph, v)),
                 'domain': decode(lib.opsig_graph_domain(graph, v)),
                 'symbol': decode(lib.opsig_graph_symbol(graph, v, 1)),
                 'depth': lib.opsig_graph_depth(graph, v)} for v in range(self.n_nodes)]

    def edges(self) -> list[dict[str, int]]:
        """A dict for each read: "from" and "to", places in ``nodes()``, and which output of the
        one is which input of the other ("output_slot", "input_slot")."""
        graph = self.get()
        edges = (lib.opsig_graph_edge(graph, c_uint32(i))
                 for i in range(lib.opsig_graph_n_parallel_edges(graph)))
        return [{name: getattr(edge, name) for name, _ in edge._fields_} for edge in edges]

    def operators(self) -> dict[str, int]:
        """How often each operator stands in the graph."""
        graph = self.get()
        return dict(Counter(decode(lib.opsig_graph_op_type(graph, v))
                            for v in range(self.n_nodes)))

    def opsets(self) -> dict[str, int]:
        """The version of each operator set; "" is the standard one."""
        graph = self.get()
        return {decode(lib.opsig_graph_opset_domain(graph, i)):
                lib.opsig_graph_opset_version(graph, i)
                for i in range(lib.opsig_graph_n_opsets(graph))}


def load(path: Path, **limits: Any) -> Graph:
    """Loads a model without its weights. Limits are those of ``opsig help scan``, by their names
    with underscores (``max_nodes=1000``, ``timeout=5``)."""
    given = Limits()
    lib.opsig_limits_init(byref(given))
    set_limits(given, limits)
    out = c_void_p()
    call(lib.opsig_graph_load, byref(out), encode(path), byref(given), path=path)
    return Graph('opsig_graph_free', out)


def _listed(paths: Path | Iterable[Path]) -> Handle:
    """The models that paths name, those in folders included."""
    several = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    return make('opsig_path_list_new', 'opsig_path_list_free', *array(several), None, None)


def _run(new: Any, add: Any, end: Any, free: Any, scanner: Handle, listed: Handle,
         head: tuple[Any, ...]) -> Any:
    """Scans models into a report, whose functions are given, and reads its JSON."""
    error = Error(offset=-1)
    made = c_void_p()

    def take(scanned: Any, _payload: Any) -> int:
        return add(made, scanned, byref(error))

    with Text() as text:
        call(new, byref(made), text.stream, byref(Style(format=JSON)), *head)
        try:
            failed = lib.opsig_scan_paths(scanner.get(), lib.opsig_path_list_paths(listed.get()),
                                          c_size_t(lib.opsig_path_list_n(listed.get())),
                                          SCAN_CALLBACK(take), None, byref(error))
            if failed != 0:
                raise_error(error)
            call(end, made)
        finally:
            free(made)
        return json.loads(text.finish())


def scan(paths: Path | Iterable[Path], databases: Iterable[Path | Database] = (),
         rules: Iterable[Path] = (), **scan_options: Any) -> dict[str, Any]:
    """Looks for the signatures and rules of databases, and for rules of files, in models.

    ``paths`` are models and folders; further options are those of ``opsig_scan_options``:
    ``min_severity='medium'``, ``max_matches=10``, ``without_rules=True``, ``digest='none'``,
    ``limits={'max_nodes': 1000}``, ``workers=2`` (processes that load models: they are forked, so
    not from a program that runs other threads). Returns what ``opsig scan --format json`` prints.
    """
    opened = [d if isinstance(d, Database) else Database(d) for d in databases]
    given = options(ScanOptions, 'opsig_scan_options_init', scan_options)
    names, n = array(d.path for d in opened)
    pointers = (c_void_p * len(opened))(*(d.get() for d in opened))
    own = open_rules(rules)
    given.rules = own.get() if own else None
    with _listed(paths) as listed, make('opsig_scanner_new', 'opsig_scanner_free', pointers, n,
                                        byref(given)) as scanner:
        return _run(lib.opsig_scan_report_new, lib.opsig_scan_report_add,
                    lib.opsig_scan_report_end, lib.opsig_scan_report_free, scanner, listed,
                    (pointers, names, n, own.get() if own else None))


def inspect(paths: Path | Iterable[Path], **scan_options: Any) -> list[dict[str, Any]]:
    """Operators, sequences and graph facts of models: an entry for each, as ``opsig inspect
    --format json`` has it. Options as for :func:`scan`."""
    given = options(ScanOptions, 'opsig_scan_options_init', scan_options)
    with _listed(paths) as listed, \
            make('opsig_scanner_new', 'opsig_scanner_free', None, c_size_t(0),
                 byref(given)) as scanner:
        return _run(lib.opsig_inspect_report_new, lib.opsig_inspect_report_add,
                    lib.opsig_inspect_report_end, lib.opsig_inspect_report_free, scanner, listed,
                    (True,))['models']


lib.opsig_scan_report_add.argtypes = [c_void_p, POINTER(Scanned), c_void_p]
lib.opsig_inspect_report_add.argtypes = [c_void_p, POINTER(Scanned), c_void_p]
