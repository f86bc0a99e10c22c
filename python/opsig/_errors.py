# SPDX-License-Identifier: GPL-2.0-or-later
"""Exceptions, one for each status that a caller may want to tell from others."""
from __future__ import annotations


class OpsigError(Exception):
    """Something could not be done.

    ``status`` is the library's ("format", "limit", ...), ``kind`` a short stable word
    ("truncated", "cycle", ...), ``offset`` the byte in the input, or None, and ``path`` the
    input, or None.
    """

    def __init__(self, message: str, status: str = 'internal', kind: str = '',
                 offset: int | None = None, path: str | None = None) -> None:
        super().__init__(message if path is None else f'{path}: {message}')
        self.status, self.kind, self.offset, self.path = status, kind, offset, path


class UsageError(OpsigError, ValueError):
    """An argument makes no sense."""


class FormatError(OpsigError, ValueError):
    """An input is not what it should be."""


class UnsupportedError(OpsigError, NotImplementedError):
    """An input is legal, and this version does not handle it."""


class LimitError(OpsigError):
    """An input passes a limit, or its deadline."""


class NotFoundError(OpsigError, LookupError):
    """What was named does not exist."""


class FileError(OpsigError, OSError):
    """The operating system refused to read or to write."""


CLASSES = {'usage': UsageError, 'format': FormatError, 'unsupported': UnsupportedError,
           'limit': LimitError, 'timeout': LimitError, 'not-found': NotFoundError,
           'io': FileError}
