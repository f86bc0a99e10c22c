# SPDX-License-Identifier: GPL-2.0-or-later
"""libopsig itself: where it is found, its structs and functions, and what all calls share."""
from __future__ import annotations

import ctypes
import ctypes.util
import json
import os
import pathlib
from ctypes import (POINTER, Structure, byref, c_bool, c_char, c_char_p, c_double, c_int,
                    c_int64, c_size_t, c_uint, c_uint32, c_uint64, c_void_p)
from typing import Any, Callable, Iterable

from ._errors import CLASSES, OpsigError

SERIES = '0.1'  # of the library, whose structs are mirrored here
SONAME = 'libopsig.so.0'


# ---- structs, as in the headers (tests/python compares sizes and places)

class Error(Structure):
    """opsig_error"""
    _fields_ = [('status', c_int), ('kind', c_char_p), ('offset', c_int64),
                ('message', c_char * 240)]


class Limits(Structure):
    """opsig_limits"""
    _fields_ = [('version', c_uint32), ('max_file_size', c_uint64), ('max_nodes', c_uint32),
                ('max_edges', c_uint32), ('max_depth', c_uint32), ('max_name_length', c_uint32),
                ('max_memory', c_uint64), ('timeout', c_double), ('cancel', c_void_p),
                ('max_attributes', c_uint32)]


class ScanOptions(Structure):
    """opsig_scan_options"""
    _fields_ = [('version', c_uint32), ('min_severity', c_int), ('max_matches', c_uint32),
                ('max_work', c_uint32), ('workers', c_uint), ('digest', c_int),
                ('limits', Limits), ('ignores', c_void_p), ('baseline', c_void_p),
                ('record', c_void_p), ('without_rules', c_bool), ('rules', c_void_p),
                ('only_new', c_bool)]


class CorpusOptions(Structure):
    """opsig_corpus_options"""
    _fields_ = [('version', c_uint32), ('oracle', c_char_p), ('unlabelled', c_bool),
                ('group_by', c_char_p), ('strata', c_int), ('has_tolerance', c_bool),
                ('tolerance_abs', c_double), ('tolerance_rel', c_double), ('workers', c_uint),
                ('limits', Limits), ('progress', c_void_p), ('payload', c_void_p),
                ('classes', c_char_p)]


class MineOptions(Structure):
    """opsig_mine_options"""
    _fields_ = [('version', c_uint32), ('alphabet', c_int), ('max_length', c_uint32),
                ('min_support', c_uint32), ('alpha', c_double), ('correction', c_int),
                ('permutations', c_uint32), ('max_patterns', c_uint64), ('folds', c_uint32),
                ('seed', c_uint64), ('cancel', c_void_p), ('progress', c_void_p),
                ('payload', c_void_p), ('kind', c_int), ('max_edges', c_uint32),
                ('edge_slots', c_bool), ('n_threads', c_uint), ('max_memory', c_uint64),
                ('undirected', c_bool)]


class PaperOptions(Structure):
    """opsig_paper_options"""
    _fields_ = [('version', c_uint32), ('alphabet', c_int), ('max_paths', c_uint64),
                ('permutations', c_uint32), ('seed', c_uint64), ('n_threads', c_uint),
                ('cancel', c_void_p), ('progress', c_void_p), ('payload', c_void_p)]


class HypothesisOptions(Structure):
    """opsig_hypothesis_options"""
    _fields_ = [('version', c_uint32), ('max_length', c_uint32), ('permutations', c_uint32),
                ('rewirings', c_uint32), ('bootstraps', c_uint32), ('folds', c_uint32),
                ('seed', c_uint64), ('tolerances', c_void_p), ('n_tolerances', c_size_t),
                ('n_threads', c_uint), ('cancel', c_void_p), ('progress', c_void_p),
                ('payload', c_void_p)]


class Style(Structure):
    """opsig_report_style"""
    _fields_ = [('format', c_int), ('color', c_bool), ('verbose', c_bool), ('explain', c_bool),
                ('fail_on', c_int)]


class Scanned(Structure):
    """opsig_scanned"""
    _fields_ = [('path', c_char_p), ('graph', c_void_p), ('result', c_void_p),
                ('error', POINTER(Error)), ('sha256', c_char_p)]


class Edge(Structure):
    """opsig_edge"""
    _fields_ = [('from', c_uint32), ('to', c_uint32), ('output_slot', c_uint32),
                ('input_slot', c_uint32)]


STRUCTS = {'opsig_error': Error, 'opsig_limits': Limits, 'opsig_scan_options': ScanOptions,
           'opsig_corpus_options': CorpusOptions, 'opsig_mine_options': MineOptions,
           'opsig_paper_options': PaperOptions, 'opsig_hypothesis_options': HypothesisOptions,
           'opsig_report_style': Style, 'opsig_scanned': Scanned, 'opsig_edge': Edge}

ENUMS = {'alphabet': ('op', 'op+attr', 'both'),
         'correction': ('bh', 'bonferroni', 'tarone', 'westfall-young'),
         'kind': (None, 'sequence', 'subgraph', 'both'),
         'strata': ('none', 'group', 'size', 'both'),
         'min_severity': ('low', 'medium', 'high'),
         'digest': ('small', 'none', 'all')}

JSON = 1  # OPSIG_REPORT_JSON
PROGRESS = ctypes.CFUNCTYPE(None, c_char_p, c_size_t, c_size_t, c_void_p)
SCAN_CALLBACK = ctypes.CFUNCTYPE(c_int, POINTER(Scanned), c_void_p)


# ---- the library

def _candidates() -> list[str]:
    named = os.environ.get('OPSIG_LIBRARY')
    if named:
        return [named]
    beside = pathlib.Path(__file__).with_name(SONAME)
    found = ctypes.util.find_library('opsig')
    return [str(beside)] * beside.exists() + [SONAME] + ([found] if found else [])


def _open() -> ctypes.CDLL:
    problems = []
    for name in _candidates():
        try:
            library = ctypes.CDLL(name)
            library.opsig_version.restype = c_char_p
            found = library.opsig_version().decode()
        except (OSError, AttributeError) as error:
            problems.append(str(error))
            continue
        if not found.startswith(SERIES + '.'):
            raise ImportError(f'{name} is opsig {found}; this package is for {SERIES}')
        return library
    raise ImportError('libopsig is not found; OPSIG_LIBRARY may name it: ' + '; '.join(problems))


lib = _open()
libc = ctypes.CDLL(None)
libc.open_memstream.restype = c_void_p
libc.open_memstream.argtypes = [POINTER(c_void_p), POINTER(c_size_t)]
libc.fclose.argtypes = [c_void_p]
libc.free.argtypes = [c_void_p]
lib.opsig_status_name.restype = c_char_p
for _name in ('opsig_graph_op_type', 'opsig_graph_domain', 'opsig_graph_node_name',
              'opsig_graph_node_label', 'opsig_graph_symbol', 'opsig_graph_opset_domain',
              'opsig_graph_note', 'opsig_graph_producer', 'opsig_database_provenance_key',
              'opsig_database_provenance_value', 'opsig_paper_left_out', 'opsig_signature_id'):
    getattr(lib, _name).restype = c_char_p
for _name in ('opsig_database_signature', 'opsig_database_find', 'opsig_database_rules',
              'opsig_rules_find', 'opsig_rules_at', 'opsig_scan_result_finding'):
    getattr(lib, _name).restype = c_void_p
for _name in ('opsig_database_n_signatures', 'opsig_database_n_provenance', 'opsig_rules_n',
              'opsig_path_list_n', 'opsig_corpus_n_models', 'opsig_paper_n_left_out'):
    getattr(lib, _name).restype = c_size_t
lib.opsig_path_list_paths.restype = POINTER(c_char_p)
lib.opsig_graph_opset_version.restype = c_int64
lib.opsig_graph_ir_version.restype = c_int64
lib.opsig_graph_edge.restype = Edge


def version() -> str:
    """The version of libopsig."""
    return lib.opsig_version().decode()


# ---- what all calls share

def encode(path: str | os.PathLike[str]) -> bytes:
    """A path as the library takes it."""
    return os.fsencode(path)


def decode(text: bytes | None) -> str:
    """A path or name as Python has it."""
    return '' if text is None else os.fsdecode(text)


def array(paths: Iterable[str | os.PathLike[str]]) -> tuple[Any, int]:
    """Paths as the library takes them, and their number."""
    encoded = [encode(p) for p in paths]
    return (c_char_p * len(encoded))(*encoded), c_size_t(len(encoded))


def raise_error(error: Error, path: Any = None) -> None:
    """Raises what the library reported."""
    status = lib.opsig_status_name(error.status).decode()
    offset = None if error.offset < 0 else error.offset
    kind = decode(error.kind)
    raise CLASSES.get(status, OpsigError)(error.message.decode('utf-8', 'replace'), status, kind,
                                          offset, None if path is None else decode(encode(path)))


def call(function: Any, *args: Any, path: Any = None) -> None:
    """Calls a function whose last parameter is an error; raises what it reports."""
    error = Error(offset=-1)
    if function(*args, byref(error)) != 0:
        raise_error(error, path)


class Handle:
    """Something that the library made and that must be freed."""

    def __init__(self, free: str, pointer: Any) -> None:
        self._free, self.pointer = getattr(lib, free), pointer

    def close(self) -> None:
        """Frees it; it cannot be used any more."""
        if self.pointer:
            self._free(self.pointer)
            self.pointer = None

    def get(self) -> Any:
        """The pointer. Raises ValueError where it was freed."""
        if not self.pointer:
            raise ValueError('it is closed')
        return self.pointer

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


def make(function: str, free: str, *args: Any, path: Any = None) -> Handle:
    """Calls a function that makes something, which is its first parameter."""
    out = c_void_p()
    call(getattr(lib, function), byref(out), *args, path=path)
    return Handle(free, out)


class Text:
    """A stream of the C library that collects what is written to it."""

    def __init__(self) -> None:
        self._bytes, self._size = c_void_p(), c_size_t()
        self.stream = c_void_p(libc.open_memstream(byref(self._bytes), byref(self._size)))
        if not self.stream:
            raise MemoryError('open_memstream')

    def __enter__(self) -> Text:
        return self

    def __exit__(self, *exc: object) -> None:
        if self.stream:
            libc.fclose(self.stream)
        libc.free(self._bytes)

    def finish(self) -> bytes:
        """What was written."""
        libc.fclose(self.stream)
        self.stream = None
        return ctypes.string_at(self._bytes, self._size.value)


def report(function: str, *args: Any) -> Any:
    """Has a report written as JSON and reads it."""
    style = Style(format=JSON)
    with Text() as text:
        call(getattr(lib, function), text.stream, byref(style), *args)
        return json.loads(text.finish())


def options(struct: type[Structure], init: str, given: dict[str, Any]) -> Any:
    """An options struct with its defaults and what was given; words stand for enumerations, a
    dict for limits. Raises TypeError for a name that there is not."""
    out = struct()
    getattr(lib, init)(byref(out))
    names = {name for name, *_ in struct._fields_}
    for name, value in given.items():
        if name not in names or name in ('version', 'payload', 'cancel', 'progress'):
            raise TypeError(f'there is no option {name!r}')
        if name == 'limits':
            set_limits(out.limits, value)
        elif name in ENUMS and isinstance(value, str):
            if value not in ENUMS[name]:
                raise ValueError(f'{name}: {value!r} is none of '
                                 f'{", ".join(w for w in ENUMS[name] if w)}')
            setattr(out, name, ENUMS[name].index(value))
        else:
            setattr(out, name, encode(value) if isinstance(value, str) else value)
    return out


def set_limits(limits: Limits, given: dict[str, Any]) -> None:
    """Sets limits by name. Raises TypeError for a name that there is not."""
    names = {name for name, *_ in Limits._fields_} - {'version', 'cancel'}
    for name, value in given.items():
        if name not in names:
            raise TypeError(f'there is no limit {name!r}')
        setattr(limits, name, value)


class Watch:
    """Tells a function how far work is, and ends the work where that raises, as Ctrl-C does."""

    def __init__(self, progress: Callable[[str, int, int], None] | None) -> None:
        self._cancel, self._raised = c_int(0), None
        self._progress = progress
        self._callback = PROGRESS(self._tell)

    def _tell(self, step: bytes, done: int, total: int, _payload: Any) -> None:
        try:
            if self._progress is not None and self._raised is None:
                self._progress(step.decode(), done, total)
        except BaseException as error:  # pylint: disable=broad-except
            self._raised = error
            self._cancel.value = 1

    def put_into(self, given: Any) -> None:
        """Makes options refer to this."""
        given.progress = ctypes.cast(self._callback, c_void_p)
        holder = given.limits if hasattr(given, 'limits') else given
        holder.cancel = ctypes.cast(ctypes.pointer(self._cancel), c_void_p)

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._raised is not None:
            raise self._raised
