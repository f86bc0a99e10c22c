# SPDX-License-Identifier: GPL-2.0-or-later
"""Labelled corpora: mining, and the hypothesis."""
from __future__ import annotations

import os
from ctypes import byref, c_double, c_void_p, cast
from typing import Any, Callable, Sequence, Union

from ._library import (CorpusOptions, Handle, HypothesisOptions, MineOptions, PaperOptions, Watch,
                       call, encode, lib, make, options, report)

Path = Union[str, 'os.PathLike[str]']
Progress = Callable[[str, int, int], None]


def _split(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Options of the corpus, and the others; ``tolerance`` is a number or a pair."""
    names = {name for name, *_ in CorpusOptions._fields_}
    corpus = {k: v for k, v in given.items() if k in names}
    rest = {k: v for k, v in given.items() if k not in names}
    if 'tolerance' in rest:
        value = rest.pop('tolerance')
        pair = value if isinstance(value, (tuple, list)) else (value, 0.0)
        corpus.update(has_tolerance=True, tolerance_abs=pair[0], tolerance_rel=pair[1])
    return corpus, rest


def _load(manifest: Path, given: dict[str, Any], watch: Watch) -> Handle:
    corpus = options(CorpusOptions, 'opsig_corpus_options_init', given)
    watch.put_into(corpus)
    return make('opsig_corpus_load_manifest', 'opsig_corpus_free', encode(manifest),
                byref(corpus), path=manifest)


def mine(manifest: Path, output: Path | None = None, progress: Progress | None = None,
         **given: Any) -> dict[str, Any]:
    """Mines a labelled corpus and writes the signature database ``output``, unless it is None or
    nothing was found.

    Options are those of ``opsig help mine`` with underscores: ``oracle='ort_opt'``,
    ``kind='sequence'``, ``max_length=6``, ``min_support=5``, ``correction='bh'``, ``seed=1``,
    ``strata='group'``, ``tolerance=(1e-3, 1e-3)``, ``n_threads=2``, ...; ``progress`` is called
    with a step, how much of it is done, and how much there is. Returns what ``opsig mine --format
    json`` prints; "database" is None where none was written.
    """
    corpus_given, rest = _split(given)
    mine_given = options(MineOptions, 'opsig_mine_options_init', rest)
    with Watch(progress) as watch, _load(manifest, corpus_given, watch) as corpus:
        watch.put_into(mine_given)
        with make('opsig_mine', 'opsig_database_free', corpus.get(), byref(mine_given)) as found:
            written = None
            if output is not None and lib.opsig_database_n_signatures(found.get()) > 0:
                call(lib.opsig_database_write, found.get(), encode(output), path=output)
                written = encode(output)
            return report('opsig_report_mine', corpus.get(), found.get(), written)


def hypothesis(manifest: Path, mode: str = 'both', tolerances: Sequence[float] | None = None,
               paper: dict[str, Any] | None = None, progress: Progress | None = None,
               **given: Any) -> dict[str, Any]:
    """Tests the shared-sequence hypothesis on a labelled corpus: ``mode`` is 'paper', 'test' or
    'both'.

    Options of the corpus are as for :func:`mine`; others are those of the tests
    (``permutations=1000``, ``rewirings=100``, ``seed=1``, ``n_threads=2``, ...), and ``paper`` a
    dict of those of the paper's own analysis (``max_paths``, ``permutations``, ``alphabet``).
    Returns what ``opsig hypothesis --format json`` prints.
    """
    if mode not in ('paper', 'test', 'both'):
        raise ValueError(f'mode: {mode!r} is none of paper, test, both')
    corpus_given, rest = _split(given)
    test_given = options(HypothesisOptions, 'opsig_hypothesis_options_init', rest)
    paper_given = options(PaperOptions, 'opsig_paper_options_init', paper or {})
    series = (c_double * len(tolerances))(*tolerances) if tolerances is not None else None
    if series is not None:
        test_given.tolerances, test_given.n_tolerances = cast(series, c_void_p), len(series)
    compared = tested = None
    with Watch(progress) as watch, _load(manifest, corpus_given, watch) as corpus:
        try:
            if mode != 'test':
                watch.put_into(paper_given)
                compared = make('opsig_paper_compare', 'opsig_paper_free', corpus.get(), None,
                                byref(paper_given))
            if mode != 'paper':
                watch.put_into(test_given)
                tested = make('opsig_hypothesis_test', 'opsig_hypothesis_free', corpus.get(),
                              byref(test_given))
            return report('opsig_report_hypothesis', corpus.get(),
                          compared.get() if compared else None, tested.get() if tested else None)
        finally:
            for made in (compared, tested):
                if made is not None:
                    made.close()
