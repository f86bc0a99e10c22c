#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds what `--format json` prints against docs/schema, through the real program.

usage: check_schemas.py OPSIG SOURCE_DIR
Each schema must also refuse its documents once something is taken out of them, added, or made of
another type. Skips (status 77) where python3-jsonschema is missing.
"""
import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    jsonschema = None

BROKEN_RULES = '''rule x
  titel "y"
end
rule sound
  title "a rule"
  severity low
match
  a:Pad -> b:Relu
report at b
end
'''


class Program:
    def __init__(self, opsig):
        self.opsig = opsig

    def run(self, *arguments):
        return subprocess.run([self.opsig, *map(str, arguments)], capture_output=True, check=False,
                              stdin=subprocess.DEVNULL).stdout

    def json(self, *arguments):
        return json.loads(self.run(*arguments, '--format', 'json', '-q'))


def scans(program, models, some):
    for arguments in (['--explain', 'broken.onnx', some], ['--explain', '--db', 'a.db', some],
                      ['--db', 'b.db', '--db', 'a.db', models], [models],
                      ['--rules', 'broken.rules', some],
                      ['--rules', 'sound.rules', '--explain', some],
                      ['--baseline', 'base.json', '--ignore-file', 'ignore', models],
                      ['--ignore-file', 'ignore', '--only-new', models], ['--max-work', 1, models],
                      ['--db', 'a.db', 'broken.onnx']):
        text = program.run('scan', *arguments, '--format', 'json', '-q')
        if text:
            yield json.loads(text)


def rules(program, source):
    shipped = program.json('rules', 'list')
    yield 'rules-list', shipped
    yield 'rules-list', program.json('rules', 'list', 'broken.rules', source / 'patterns')
    for rule in shipped['rules'][::15]:
        yield 'db-show', program.json('rules', 'explain', rule['id'])
    data = sorted((source / 'tests/data/rules').glob('*.rules'))
    for path in (source / 'patterns', 'broken.rules', *data):
        yield 'rules-check', program.json('rules', 'check', path)
        yield 'rules-test', program.json('rules', 'test', path)


def databases(program, default):
    for path in ('a.db', 'b.db', 'm.db', default):
        yield 'db-info', program.json('db', 'info', path)
        listed = program.json('db', 'list', path)
        yield 'db-list', listed
        for signature in listed['signatures'][:5]:
            yield 'db-show', program.json('db', 'show', path, signature['id'])
    for before, after in (('a.db', 'b.db'), ('a.db', default), (default, 'a.db'), ('a.db', 'a.db')):
        yield 'db-diff', program.json('db', 'diff', before, after)


def corpora(program, corpus, models):
    mine, scan = corpus / 'mine.csv', corpus / 'scan.csv'
    yield 'mine', program.json('mine', mine, '--oracle', 'ort_opt', '-o', 'x.db')
    yield 'mine', program.json('mine', mine, '--oracle', 'torch_ort', '-o', 'x.db', '--kind',
                               'subgraph', '--correction', 'bh', '--min-support', '5%')
    yield 'mine', program.json('mine', scan, '--oracle', 'ort_opt', '-o', 'y.db', '--max-length', 2)
    few = ['--permutations', 9, '--rewirings', 3]
    yield 'hypothesis', program.json('hypothesis', scan, '--oracle', 'ort_opt', *few)
    yield 'hypothesis', program.json('hypothesis', scan, '--oracle', 'torch_ort', '--mode', 'test',
                                     '--tolerances', 'none', *few)
    yield 'hypothesis', program.json('hypothesis', scan, '--oracle', 'ort_opt', '--mode', 'paper',
                                     '--permutations', 0)
    yield 'hypothesis', program.json('hypothesis', scan, '--oracle', 'ort_opt', '--mode', 'paper',
                                     '--permutations', 2, '--tests', mine)
    for reference in (models, models / 'wide-001609.onnx'):
        yield 'coverage', program.json('coverage', '--reference', reference, '--target', models)
    for options in ([], ['--count-only'], ['--kind', 'subgraph']):
        yield 'frequent', program.json('frequent', models, '--min-support', 60, *options)


def documents(program, source):
    """Pairs of a schema's name and a document."""
    corpus = source / 'examples/corpus'
    models, default = corpus / 'models', program.opsig.parent / 'share/opsig/default.db'
    some = models / 'wide-001609.onnx'
    pathlib.Path('broken.onnx').write_bytes(some.read_bytes()[:100])
    pathlib.Path('broken.rules').write_text(BROKEN_RULES)
    pathlib.Path('sound.rules').write_text(BROKEN_RULES[BROKEN_RULES.index('rule sound'):])
    program.run('mine', corpus / 'mine.csv', '--oracle', 'ort_opt', '-o', 'a.db')
    program.run('mine', corpus / 'mine.csv', '--oracle', 'torch_ort', '-o', 'b.db', '--kind',
                'sequence')
    program.run('db', 'merge', 'a.db', default, '-o', 'm.db')
    program.run('scan', models, '--write-baseline', 'base.json')
    found = program.json('scan', some)['models'][0]['findings'][0]
    pathlib.Path('ignore').write_text(f'{found["id"]} *.onnx until=2999-01-01 because\n')
    yield 'baseline', json.loads(pathlib.Path('base.json').read_text())
    yield 'version', program.json('version')
    for paths in ([some], [models, 'broken.onnx'], ['broken.onnx']):
        yield 'inspect', program.json('inspect', *paths)
    for document in scans(program, models, some):
        yield 'scan', document
    yield from databases(program, default)
    yield from rules(program, source)
    yield from corpora(program, corpus, models)


def spoilt(document):
    """Copies of a document with something wrong at the top."""
    for key in document:
        other = copy.deepcopy(document)
        other[key] = {'wrong': []} if not isinstance(document[key], dict) else 'wrong'
        yield f'{key} of another type', other
    other = copy.deepcopy(document)
    other['unheard-of'] = 1
    yield 'an unknown key', other


def main():
    if jsonschema is None:
        print('skipped: python3-jsonschema is missing', file=sys.stderr)
        return 77
    program = Program(pathlib.Path(sys.argv[1]).resolve())
    source = pathlib.Path(sys.argv[2]).resolve()
    schemas, problems, n = {}, [], 0
    for path in sorted((source / 'docs/schema').glob('*.json')):
        schema = json.loads(path.read_text(encoding='utf-8'))
        jsonschema.Draft7Validator.check_schema(schema)
        schemas[path.stem] = jsonschema.Draft7Validator(schema)
    met = set()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, document in documents(program, source):
            n += 1
            for error in schemas[name].iter_errors(document):
                worst = jsonschema.exceptions.best_match([error])
                problems.append(f'{name}: {list(worst.absolute_path)}: {worst.message[:200]}')
            if name in met:
                continue
            met.add(name)
            for what, wrong in spoilt(document):
                if schemas[name].is_valid(wrong):
                    problems.append(f'{name}: {what} is not refused')
            for key in schemas[name].schema.get('required', []):
                less = {k: v for k, v in document.items() if k != key}
                if schemas[name].is_valid(less):
                    problems.append(f'{name}: without {key} it is not refused')
        os.chdir('/')
    problems += [f'{name}: no document' for name in set(schemas) - met]
    for problem in problems[:30]:
        print(problem, file=sys.stderr)
    print(f'{n} documents, {len(schemas)} schemas, {len(problems)} problems')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
