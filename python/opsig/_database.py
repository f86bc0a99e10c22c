# SPDX-License-Identifier: GPL-2.0-or-later
"""Signature databases and rules."""
from __future__ import annotations

import os
from ctypes import byref, c_size_t, c_void_p
from typing import Any, Iterable, Union

from ._errors import NotFoundError
from ._library import (CorpusOptions, Handle, Text, Watch, array, call, decode, encode, lib, make,
                       options, report)

Path = Union[str, 'os.PathLike[str]']


def open_rules(paths: Iterable[Path]) -> Handle | None:
    """Rules of files and folders; None where none are named. Raises FormatError for the first
    mistake in one."""
    several = list(paths)
    if not several:
        return None
    rules = make('opsig_rules_new', 'opsig_rules_free')
    with make('opsig_path_list_new_of', 'opsig_path_list_free', b'.rules', *array(several), None,
              None) as listed:
        for i in range(lib.opsig_path_list_n(listed.get())):
            name = lib.opsig_path_list_paths(listed.get())[i]
            call(lib.opsig_rules_add_file, rules.get(), name, path=decode(name))
    return rules


class Database(Handle):
    """A signature database, opened for reading; never changed. Closed by ``close()`` or ``with``."""

    def __init__(self, path: Path, _pointer: Any = None) -> None:
        self.path = decode(encode(path))
        out = _pointer if _pointer is not None else c_void_p()
        super().__init__('opsig_database_free', None)
        if _pointer is None:
            call(lib.opsig_database_open, byref(out), encode(path), path=path)
        self.pointer = out

    @classmethod
    def read_text(cls, path: Path) -> Database:
        """Reads the text form, as ``opsig db import`` does."""
        out = c_void_p()
        call(lib.opsig_database_import, byref(out), encode(path), path=path)
        return cls(path, out)

    def write(self, path: Path) -> None:
        """Writes a database file; it appears whole or not at all."""
        call(lib.opsig_database_write, self.get(), encode(path), path=path)

    def text(self) -> str:
        """The text form, as ``opsig db export`` prints it."""
        with Text() as text:
            call(lib.opsig_database_export, self.get(), text.stream)
            return text.finish().decode()

    def info(self) -> dict[str, Any]:
        """What it holds and where it comes from."""
        return report('opsig_report_db_info', encode(self.path), self.get())

    def signatures(self) -> list[dict[str, Any]]:
        """Its signatures, strongest first."""
        return report('opsig_report_db_list', encode(self.path), self.get())['signatures']

    def rules(self) -> list[dict[str, Any]]:
        """Its rules."""
        return report('opsig_report_db_list', encode(self.path), self.get()).get('rules', [])

    def show(self, identifier: str) -> dict[str, Any]:
        """The evidence for a signature (the beginning of its id is enough) or a rule."""
        signature = lib.opsig_database_find(self.get(), encode(identifier))
        if signature:
            return report('opsig_report_db_show', c_void_p(signature))
        rules = lib.opsig_database_rules(self.get())
        rule = lib.opsig_rules_find(c_void_p(rules), encode(identifier)) if rules else None
        if not rule:
            raise NotFoundError(f'no signature or rule {identifier!r}', 'not-found',
                                path=self.path)
        return report('opsig_report_rule', c_void_p(rule))

    def diff(self, other: Database) -> dict[str, Any]:
        """What appeared, vanished and changed from this one to another."""
        with make('opsig_db_diff_new', 'opsig_db_diff_free', self.get(), other.get()) as diff:
            return report('opsig_report_db_diff', encode(self.path), encode(other.path),
                          diff.get())

    def merge(self, *others: Database) -> Database:
        """One database of several; of what several have this one counts first."""
        several = (self, *others)
        pointers = (c_void_p * len(several))(*(d.get() for d in several))
        out = c_void_p()
        call(lib.opsig_database_merge, byref(out), pointers, c_size_t(len(several)))
        return Database(self.path, out)

    def update(self, manifest: Path, **corpus_options: Any) -> Database:
        """This database with the counts of another labelled corpus added. Options as for
        :func:`opsig.mine`: ``oracle``, ``limits``, ..."""
        out = c_void_p()
        given = options(CorpusOptions, 'opsig_corpus_options_init', corpus_options)
        with Watch(None) as watch:
            watch.put_into(given)
            with make('opsig_corpus_load_manifest', 'opsig_corpus_free', encode(manifest),
                      byref(given), path=manifest) as corpus:
                call(lib.opsig_database_update, byref(out), self.get(), corpus.get(), None,
                     path=manifest)
        return Database(self.path, out)
