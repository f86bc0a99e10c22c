# SPDX-License-Identifier: GPL-2.0-or-later
"""Operator-sequence patterns in ONNX models, by libopsig.

Results are what ``opsig ... --format json`` prints, as dicts and lists. What cannot be done is an
:class:`OpsigError`; a model that cannot be read is no exception where many are looked at, but an
entry with ``"status": "error"``.
"""
from ._corpus import hypothesis, mine
from ._database import Database
from ._errors import (FileError, FormatError, LimitError, NotFoundError, OpsigError, UnsupportedError,
                      UsageError)
from ._library import version
from ._models import Graph, inspect, load, scan

__all__ = ['Database', 'FileError', 'FormatError', 'Graph', 'LimitError', 'NotFoundError', 'OpsigError',
           'UnsupportedError', 'UsageError', 'hypothesis', 'inspect', 'load', 'mine', 'scan',
           'version']
