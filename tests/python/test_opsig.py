# SPDX-License-Identifier: GPL-2.0-or-later
"""The Python package against the library, and its results against those of the program.

usage: test_opsig.py OPSIG SOURCE_DIR LAYOUTS [unittest's arguments]
OPSIG_LIBRARY names the library, PYTHONPATH the package.
"""
import doctest
import gc
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

import opsig
from opsig import _library

PROGRAM, SOURCE, LAYOUTS = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
CORPUS = SOURCE / 'examples/corpus'
MODEL = CORPUS / 'models/wide-001609.onnx'
DEFAULT = PROGRAM.parent / 'share/opsig/default.db'


def program(*arguments):
    """What the program prints as JSON."""
    done = subprocess.run([PROGRAM, *arguments, '--format', 'json', '-q'], check=False,
                          capture_output=True, cwd=CORPUS)
    return json.loads(done.stdout)


class InFolder(unittest.TestCase):
    """Tests that work in the corpus, with a place for what they write."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.out = pathlib.Path(self.folder.name)
        os.chdir(CORPUS)

    def tearDown(self):
        self.folder.cleanup()


class LibraryTest(InFolder):
    def test_structs_are_those_of_the_headers(self):
        layouts = json.loads(subprocess.check_output([LAYOUTS]))
        self.assertEqual(set(layouts), set(_library.STRUCTS))
        for name, struct in _library.STRUCTS.items():
            mirrored = {member: getattr(struct, member).offset
                        for member, *_ in struct._fields_}
            mirrored[''] = _library.ctypes.sizeof(struct)
            self.assertEqual(layouts[name], mirrored, name)

    def test_versions_are_the_same(self):
        self.assertEqual(opsig.version(), program('version')['version'])
        text = (SOURCE / 'python/pyproject.toml').read_text()
        self.assertIn(f'version = "{opsig.version()}"', text)

    def test_a_library_that_is_none_is_named(self):
        done = subprocess.run([sys.executable, '-c', 'import opsig'], check=False,
                              capture_output=True, text=True,
                              env=dict(os.environ, OPSIG_LIBRARY='/nowhere/libopsig.so'))
        self.assertEqual(done.returncode, 1)
        self.assertIn('ImportError: libopsig is not found', done.stderr)

    def test_words_of_options_are_those_of_the_library(self):
        _library.lib.opsig_correction_name.restype = _library.c_char_p
        names = [_library.lib.opsig_correction_name(i).decode() for i in range(4)]
        self.assertEqual(list(_library.ENUMS['correction']), names)


class GraphTest(InFolder):
    def test_a_graph_is_that_of_inspect(self):
        shown = program('inspect', 'models/wide-001609.onnx')
        with opsig.load('models/wide-001609.onnx') as graph:
            self.assertEqual(graph.n_nodes, shown['nodes'])
            self.assertEqual(graph.n_edges, shown['edges'])
            self.assertEqual(graph.operators(), shown['operators'])
            self.assertEqual(graph.opsets(), shown['opset'])
            nodes, edges = graph.nodes(), graph.edges()
        self.assertEqual(len(nodes), shown['nodes'])
        self.assertEqual(len({(e['from'], e['to']) for e in edges}), shown['edges'])
        pads = [n for n in nodes if n['op_type'] == 'Pad']
        self.assertEqual(pads[0]['label'], '/mods.0/Pad')
        self.assertTrue(pads[0]['symbol'].startswith('Pad{mode='))
        self.assertTrue(all(0 <= e[end] < len(nodes) for e in edges for end in ('from', 'to')))

    def test_errors_tell_their_kind_and_place(self):
        broken = self.out / 'broken.onnx'
        broken.write_bytes(MODEL.read_bytes()[:100])
        with self.assertRaises(opsig.FormatError) as caught:
            opsig.load(broken)
        self.assertEqual((caught.exception.status, caught.exception.kind,
                          caught.exception.path), ('format', 'truncated', str(broken)))
        self.assertIsInstance(caught.exception.offset, int)
        with self.assertRaises(opsig.OpsigError):
            opsig.load('nowhere.onnx')
        with self.assertRaises(opsig.LimitError):
            opsig.load(MODEL, max_nodes=3)
        with self.assertRaises(TypeError):
            opsig.load(MODEL, max_nods=3)

    def test_what_is_closed_cannot_be_used(self):
        graph = opsig.load(MODEL)
        graph.close()
        graph.close()
        with self.assertRaises(ValueError):
            graph.nodes()


class ScanTest(InFolder):
    def same(self, mine, *arguments):
        theirs = program(*arguments)
        self.assertEqual(json.dumps(mine), json.dumps(theirs))

    def test_inspect_is_that_of_the_program(self):
        paths = ['models/wide-001609.onnx', 'models/nnsmith-000029.onnx']
        self.same({'models': opsig.inspect(paths)}, 'inspect', *paths)
        self.assertEqual(len(opsig.inspect('models')), 300)

    def test_scans_are_those_of_the_program(self):
        self.same(opsig.scan('models', [DEFAULT]), 'scan', '--db', DEFAULT, 'models')

    def test_options_of_scans(self):
        result = opsig.scan(MODEL, [DEFAULT], min_severity='high', max_matches=1, digest='none')
        self.assertEqual({f['severity'] for f in result['models'][0]['findings']}, {'high'})
        self.assertNotIn('sha256', [k for k, v in result['models'][0].items() if v])
        with self.assertRaises(ValueError):
            opsig.scan(MODEL, [DEFAULT], min_severity='extreme')
        with self.assertRaises(TypeError):
            opsig.scan(MODEL, [DEFAULT], severity='high')

    def test_rules_of_files(self):
        rules = SOURCE / 'patterns'
        self.same(opsig.scan([MODEL], rules=[rules]), 'scan', '--rules', rules, MODEL)
        bad = self.out / 'bad.rules'
        bad.write_text('rule x\n  titel "y"\nend\n')
        with self.assertRaises(opsig.FormatError):
            opsig.scan(MODEL, rules=[bad])

    def test_a_model_that_cannot_be_read_is_an_entry(self):
        (self.out / 'bad.onnx').write_bytes(b'\x08')
        result = opsig.scan([self.out / 'bad.onnx', MODEL], [DEFAULT])
        self.assertEqual([m['status'] for m in result['models']], ['error', 'ok'])
        self.assertEqual(result['summary']['errors'], 1)

    def test_what_is_missing_or_no_database_is_an_error(self):
        with self.assertRaises(opsig.OpsigError):
            opsig.scan('nowhere', [DEFAULT])
        with self.assertRaises(opsig.OpsigError):
            opsig.scan(MODEL, ['nowhere.db'])
        with self.assertRaises(opsig.FormatError):
            opsig.scan(MODEL, [MODEL])

    def test_threads_scan_beside_each_other(self):
        expected = json.dumps(opsig.scan(MODEL, [DEFAULT]))
        results = []
        threads = [threading.Thread(target=lambda: results.append(
            json.dumps(opsig.scan(MODEL, [DEFAULT])))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, 4 * [expected])

    def test_names_that_are_no_text_come_back(self):
        odd = os.path.join(os.fsencode(self.out), b'odd\xff.onnx')
        with open(odd, 'wb') as file:
            file.write(MODEL.read_bytes())
        result = opsig.scan([os.fsdecode(odd)], [DEFAULT])
        self.assertEqual(result['models'][0]['status'], 'ok')


class CorpusTest(InFolder):
    def test_mining_is_that_of_the_program(self):
        mine, theirs = self.out / 'mine.db', self.out / 'theirs.db'
        steps = []
        result = opsig.mine('mine.csv', mine, oracle='ort_opt',
                            progress=lambda step, done, total: steps.append(step))
        shown = program('mine', 'mine.csv', '--oracle', 'ort_opt', '-o', theirs)
        self.assertEqual(mine.read_bytes(), theirs.read_bytes())
        result['database'] = shown['database'] = None
        self.assertEqual(result, shown)
        self.assertIn('load', steps)

    def test_options_of_mining(self):
        result = opsig.mine('mine.csv', oracle='ort_opt', kind='sequence', correction='bh',
                            max_length=2, tolerance=(1e-3, 1e-3), n_threads=2)
        self.assertIsNone(result['database'])
        self.assertEqual(result['options']['correction'], 'bh')
        self.assertEqual(result['options']['kind'], 'sequence')
        with self.assertRaises(opsig.OpsigError):
            opsig.mine('mine.csv')
        with self.assertRaises(opsig.OpsigError):
            opsig.mine('nowhere.csv')
        with self.assertRaises(TypeError):
            opsig.mine('mine.csv', oracle='ort_opt', longest=3)

    def test_an_exception_of_progress_ends_the_work(self):
        def stop(_step, _done, _total):
            raise KeyboardInterrupt
        with self.assertRaises(KeyboardInterrupt):
            opsig.mine('mine.csv', self.out / 'x.db', oracle='ort_opt', progress=stop)
        self.assertFalse((self.out / 'x.db').exists())

    def test_the_hypothesis_is_that_of_the_program(self):
        few = dict(permutations=19, rewirings=5, bootstraps=20)
        result = opsig.hypothesis('mine.csv', oracle='ort_opt', tolerances=[], paper={
            'permutations': 2}, **few)
        self.assertIn('verdict', json.dumps(result))
        paper = opsig.hypothesis('mine.csv', 'paper', oracle='ort_opt', paper={'permutations': 2})
        self.assertEqual(paper, program('hypothesis', 'mine.csv', '--oracle', 'ort_opt', '--mode',
                                        'paper', '--permutations', '2'))
        with self.assertRaises(ValueError):
            opsig.hypothesis('mine.csv', 'all', oracle='ort_opt')


class DatabaseTest(InFolder):
    def test_a_database_is_that_of_the_program(self):
        with opsig.Database(DEFAULT) as database:
            self.assertEqual(database.info(), program('db', 'info', DEFAULT))
            listed = program('db', 'list', DEFAULT)
            self.assertEqual(database.signatures(), listed['signatures'])
            self.assertEqual(database.rules(), listed['rules'])
            self.assertEqual(database.show('OPS-998b'), program('db', 'show', DEFAULT, 'OPS-998b'))
            self.assertEqual(database.show('negative-indices'),
                             program('db', 'show', DEFAULT, 'negative-indices'))
            with self.assertRaises(LookupError):
                database.show('nothing')

    def test_text_and_back(self):
        with opsig.Database(DEFAULT) as database:
            (self.out / 'text').write_text(database.text())
        with opsig.Database.read_text(self.out / 'text') as again:
            again.write(self.out / 'again.db')
        self.assertEqual((self.out / 'again.db').read_bytes(), DEFAULT.read_bytes())
        with opsig.Database(DEFAULT) as before, opsig.Database(self.out / 'again.db') as after:
            difference = before.diff(after)
            self.assertEqual(difference['appeared'] + difference['vanished'] +
                             difference['changed'], [])
        with self.assertRaises(opsig.OpsigError):
            opsig.Database.read_text(MODEL)
        with self.assertRaises(OSError), opsig.Database(DEFAULT) as database:
            database.write('/nowhere/x.db')

    def test_merge_and_update(self):
        opsig.mine('mine.csv', self.out / 'a.db', oracle='ort_opt')
        with opsig.Database(self.out / 'a.db') as a, opsig.Database(DEFAULT) as b:
            merged = a.merge(b)
            self.assertGreater(len(merged.signatures()), len(a.signatures()))
            updated = a.update('scan.csv', oracle='ort_opt')
            before = a.show('OPS-998b')['support']
            after = updated.show('OPS-998b')['support']
            self.assertEqual(after['inconsistent'][1], before['inconsistent'][1] + 8)

    def test_nothing_stays_open(self):
        for _ in range(50):
            opsig.Database(DEFAULT)
        gc.collect()
        open_files = os.listdir('/proc/self/fd') if os.path.isdir('/proc/self/fd') else []
        self.assertFalse([f for f in open_files
                          if os.path.realpath(f'/proc/self/fd/{f}') == str(DEFAULT)])


class GuideTest(InFolder):
    def test_examples_of_the_guide(self):
        os.chdir(SOURCE)
        failed, tried = doctest.testfile(str(SOURCE / 'docs/python.md'), module_relative=False,
                                         globs={'DEFAULT': str(DEFAULT), 'OUT': str(self.out)},
                                         optionflags=doctest.ELLIPSIS)
        self.assertGreater(tried, 5)
        self.assertEqual(failed, 0)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
