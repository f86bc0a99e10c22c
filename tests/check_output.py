#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Puts hostile names everywhere, and reads what every writer makes of them with a second parser.

usage: check_output.py OPSIG [--seed S] [--random N]
  --seed S    of the random names (default 1)
  --random N  random names beside the fixed ones (default 24)

Names of nodes, tensors, graphs, attributes, operators, domains, files, oracles, groups and rules are
escape sequences, markup, formulas, quotes, line ends, changes of direction, bytes that are no
UTF-8. No output may hold one of them raw: each is valid UTF-8 without a control or hidden
character. JSON, SARIF, XML, CSV, HTML, Markdown (cmark-gfm, where it is there), DOT, SQLite and the
texts of databases, patterns and rules are read back, and must give the names, as they are or as
shown.
"""

import argparse
import csv
import io
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
import urllib.parse
import xml.etree.ElementTree as xml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import check_page  # noqa: E402
import onnx_bytes as onnx  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
FIXED = [
    "\x1b[2J\x1b[1;1H", "\x1b]0;title\x07", "\x1b]8;;http://x.test\x1b\\link", "a\nopsig: b", "a\rb",
    "a\tb", "\x7f\x08\x08", "\x9b31m", "\u202egnp.x", "\u2066\u2069", "\u200b\ufeff\u2028\u2029",
    "\U000e0041\U0001d173\U0001bca0\u061c", "<xss-1 onx='1'>", "</script><script>x()</script>",
    "<!--", "]]>", "&lt;&#27;", '" onx="1', "'';DROP TABLE model;--", "\\", "\\\"", "%s%n%x",
    "=1+1", "+cmd|' /C x'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", "::error::x", "##[group]x", "->",
    "a -> b; c", "a|b\\|c", "`x` ``y``", "[a](http://x.test) ![b](c) ~~d~~ <http://x.test>", "{0} {{}}",
    "# t", ",\";\n", "a//../../b", "\U0001f9e0", "\ufffe\uffff", "x" * 4000, "\x1b" * 1200, " ", "  a  ",
]
RAW = [b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"a\0b",
       b"\x80\x9b31m"]
PIECES = ["\x1b[", "\x1b]0;", "\x07", "\n", "\r", "\t", "\0", "\x7f", "\x85", "\u202e", "\u2067",
          "\u200f", "<", ">", "&", '"', "'", "`", "|", "\\", "/", "=", "+", "-", "@", "{", "}", "[", "](",
          "%", "$", "#", ";", ",", ":", " ", "a", "Z", "0", "\u00e9", "\u4e2d", "\U0001f600", "-->", "<![CDATA["]
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
VISIBLE = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
                     "\U00013430-\U0001343f]")  # format characters that are seen
PROBLEMS = []


def need(holds, what):
    if not holds:
        PROBLEMS.append(what)


def hidden(text):
    """The characters of a text that cannot be seen, control a terminal, or turn its direction."""
    bad = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")} - {"\n"}
    return {c for c in bad if not VISIBLE.match(c)}


def read(data, where):
    """What was printed, as text; notes what is not harmless in it."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        PROBLEMS.append(f"{where}: not UTF-8: {error}")
        return data.decode(errors="replace")
    need(not hidden(text), f"{where}: raw {sorted(map(ascii, hidden(text)))[:5]}")
    return text


def pieces(name):
    """The characters of a name (bytes), those that are no UTF-8 as single bytes."""
    for char in name.decode(errors="surrogateescape"):
        yield char if not "\udc80" <= char <= "\udcff" else os.fsencode(char)


def shown(name):
    """A name as people see it: what is hidden or no UTF-8 is spelled."""
    out = []
    for char in pieces(name):
        if isinstance(char, bytes):
            out.append(f"\\x{char[0]:02x}")
        elif char in "\n\ufffe\uffff" or hidden(char):
            out.append(f"\\x{ord(char):02x}" if ord(char) < 0x80 else f"\\u{{{ord(char):04x}}}")
        else:
            out.append(char)
    return "".join(out)


def exact(name):
    """A name as JSON gives it back: itself, but for bytes that are no UTF-8."""
    return "".join(c if isinstance(c, str) else f"\\x{c[0]:02x}" for c in pieces(name))


class Program:
    def __init__(self, opsig, folder):
        self.opsig, self.folder, self.runs = opsig, folder, 0

    def run(self, *arguments, stdin=b"", statuses=(0, 1)):
        """@return what a command prints, harmless; errors are lines that begin as all do"""
        done = subprocess.run([self.opsig, *arguments], input=stdin, capture_output=True, check=False,
                              cwd=self.folder, timeout=120, env={**os.environ, "LC_ALL": "C"})
        where = " ".join(map(ascii, arguments))[:160]
        self.runs += 1
        errors = read(done.stderr, where + " (errors)")
        if done.returncode not in statuses:
            sys.exit(f"check_output: {where}: ends with {done.returncode}: {errors[:300]}")
        for line in errors.splitlines():
            need(line.startswith("opsig"), f"{where}: an error spans lines: {ascii(line)[:100]}")
        return done.stdout


class Corpus:
    """A model for each name, every second one inconsistent: operators `first` and `second` follow each
    other there and stand apart in the others."""

    def __init__(self, folder, names, first, second):
        self.folder, self.oracle = folder, "o\x1b[1m,<b>=\"'"
        self.domain = b"d" + first
        self.nodes, self.paths, self.bad = {}, [], []  # names of the two nodes by path
        n = len(names)
        names = names + names[:5]
        rows = [["path", "g\n=1", self.oracle + "_status", "culprit"]]
        for i in range(n):
            path = b"%02d" % i + re.sub(rb"[/\0]", b"_", names[i])[:200] + b".onnx"
            bad = i % 2 == 0
            twice = names[i], names[i + 1]
            tensor = names[i + 2]
            graph = onnx.message(2, names[i + 3]) + onnx.value(11, "x")
            graph += onnx.node(first, ["x"], [tensor + b"1"], twice[0], self.domain,
                               onnx.attribute(names[i + 4], names[i + 5]))
            graph += onnx.node(second, [tensor + b"1" if bad else "x"], [tensor + b"2"], twice[1])
            graph += onnx.node("Add", [tensor + b"1", tensor + b"2"], ["y"]) + onnx.value(12, "y")
            with open(os.path.join(os.fsencode(folder), path), "wb") as file:
                file.write(onnx.model(graph, domains=[self.domain]))
            self.nodes[path] = twice
            self.paths.append(path)
            self.bad += [path] if bad else []
            status = "inconsistent" if bad else "consistent"
            rows.append([os.fsdecode(path), f"{names[i % 3]!r}"[:60], status, shown(names[i])[:30]])
        self.symbol = b"::".join(re.sub(rb"([\\:])", rb"\\\1", part) for part in (self.domain, first))
        with open(os.path.join(folder, "manifest.csv"), "w", newline="", encoding="utf-8",
                  errors="surrogateescape") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)


def read_xml(data, where):
    """@return the root; its texts and attributes are harmless also once entities are undone"""
    text = read(data, where)
    try:
        root = xml.fromstring(text)
    except xml.ParseError as error:
        PROBLEMS.append(f"{where}: {error}")
        return xml.Element("none")
    return root


def words_of(root):
    return [word for e in root.iter() for word in (e.text or "", e.tail or "", *e.attrib.values())]


def need_all(names, text, where):
    for name in names:
        need(shown(name) in text, f"{where}: {ascii(shown(name))[:80]} is not shown")


def check_json(program, corpus, scan):
    report = json.loads(read(program.run(*scan, "json", "."), "scan json"))
    found = {m["path"]: m for m in report["models"]}
    for path, nodes in corpus.nodes.items():
        model = found.get("./" + exact(path)) or found.get(exact(path))
        need(model is not None, f"scan json: no {ascii(path)}")
        if model and model["status"] == "ok" and model["findings"]:
            match = model["findings"][0]["matches"][0]
            need(match == [exact(n) for n in nodes][:len(match)], f"scan json: {ascii(match)[:200]}")
    bad = [p for p in corpus.paths if (found.get("./" + exact(p)) or found[exact(p)])["findings"]]
    need(bad == corpus.bad, f"scan json: findings in {len(bad)} models")


def sarif_of(program, data):
    report = json.loads(read(data, "scan sarif"))
    path = os.path.join(program.folder, "..", "report.sarif")
    with open(path, "wb") as file:
        file.write(data)
    done = subprocess.run(["/usr/bin/python3", "-B", os.path.join(HERE, "check_sarif.py"), path],
                          capture_output=True, text=True, check=False)
    need(done.returncode == 0, f"scan sarif: {done.stderr[:300]}")
    return report["runs"][0]


def check_sarif(program, corpus, scan):
    for result in sarif_of(program, program.run(*scan, "sarif", "."))["results"]:
        location = result["locations"][0]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        nodes = corpus.nodes[urllib.parse.unquote_to_bytes(uri).removeprefix(b"./")]
        named = [place["name"] for place in location["logicalLocations"]]
        need(named == [exact(n) for n in nodes][:len(named)], f"scan sarif: {ascii(named)[:200]}")


def junit_of(data):
    root = read_xml(data, "scan junit")
    need({e.tag for e in root.iter()} <= {"testsuites", "testsuite", "testcase", "failure", "error",
                                          "system-out"}, "scan junit: other elements")
    need(not any(map(hidden, words_of(root))), "scan junit: hidden characters by entities")
    return root


def check_junit(program, corpus, scan):
    root = junit_of(program.run(*scan, "junit", "."))
    suites = [suite.get("name").removeprefix("./") for suite in root]
    need(suites == [shown(p) for p in corpus.paths], "scan junit: other names of suites")
    for suite, path in zip(root, corpus.paths):
        names = corpus.nodes[path] if path in corpus.bad else ()
        need_all(names, "".join(suite.itertext()), "scan junit")


def csv_of(data):
    text = read(data.replace(b"\r\n", b"\n"), "scan csv")
    rows = list(csv.reader(io.StringIO(text), strict=True))
    need({len(row) for row in rows} == {22}, f"scan csv: {set(map(len, rows))} columns")
    for row in rows:
        need(not any(re.match("[=+@\t\r-]", cell) for cell in row), f"scan csv: formula {row}"[:300])
    return rows


def check_csv(program, corpus, scan):
    rows = csv_of(program.run(*scan, "csv", "."))
    cells = {(row[0].removeprefix("./"), row[20]) for row in rows[1:]}
    for path in corpus.bad:
        nodes = " ".join(shown(name) for name in corpus.nodes[path])
        guard = "'" if nodes[:1] in "=+-@" else ""
        need((shown(path), guard + nodes) in cells, f"scan csv: no {ascii(nodes)[:100]}")


def check_html(program, arguments, names):
    where = " ".join(arguments[:2]) + " html"
    text = read(program.run(*arguments, "--format", "html", "--verbose"), where)
    for problem in check_page.check(text, True):
        need(problem.startswith("refers to {'http://x.test"), f"{where}: {problem}")  # as text
    page = Words()
    page.feed(text)
    need(not hidden(page.words), f"{where}: hidden characters by entities")
    need_all(names, page.words, where)


class Words(check_page.Page):
    """The text of a page, and the values of its attributes."""

    words = ""

    def handle_data(self, data):
        super().handle_data(data)
        self.words += data

    def start(self, tag, attrs):
        super().start(tag, attrs)
        self.words += " ".join(value or "" for _, value in attrs)


def markdown_of(data):
    """@return its rows; None where cmark-gfm is missing"""
    text = read(data, "scan markdown")
    if not shutil.which("cmark-gfm"):
        return None
    extensions = "-e table -e autolink -e strikethrough -e tagfilter".split()
    done = subprocess.run(["cmark-gfm", *extensions, "--unsafe", "-t", "xml"], input=text.encode(),
                          capture_output=True, check=True)
    root = read_xml(re.sub(rb' xmlns="[^"]*"', b"", done.stdout), "scan markdown")
    need({e.tag for e in root.iter()} <= {"document", "heading", "paragraph", "text", "table", "code",
         "table_header", "table_row", "table_cell", "html_inline", "strong", "softbreak"},
         f"scan markdown: {({e.tag for e in root.iter()})}")
    html = {e.text for e in root.iter("html_inline")}
    need(html <= {"<br>"}, f"scan markdown: HTML from data: {ascii(html)[:200]}")
    rows = list(root.iter("table_row"))
    need({len(row) for row in rows} == {3}, "scan markdown: other numbers of cells")
    return rows


def check_markdown(program, corpus, scan):
    rows = markdown_of(program.run(*scan, "markdown", "--verbose", "."))
    if rows is None:
        return "not read back: cmark-gfm is missing"
    paths = [row[0][0].text.removeprefix("./") for row in rows if len(row[0])]
    need(paths == [shown(path) for path in corpus.bad], f"scan markdown: {len(paths)} of {len(rows)} paths")
    return "read back by cmark-gfm"


def dot_strings(text, where):
    """What stands between quotes; the rest must be plain DOT."""
    quoted = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
    rest = quoted.sub("", text)
    need(re.fullmatch(r"[\w\s{}\[\]=;,.>-]*", rest) is not None, f"{where}: {ascii(rest)[:200]}")
    return [re.sub(r'\\(["\\])', r"\1", found) for found in quoted.findall(text)]


def check_graphs(program, corpus):
    for path in corpus.paths:
        names, file = corpus.nodes[path], os.path.join(".", os.fsdecode(path))
        strings = dot_strings(read(program.run("inspect", "-f", "dot", file), "dot"), "inspect dot")
        need({shown(n) for n in names} <= set(strings), f"inspect dot: not {ascii(names)[:100]}")
        root = read_xml(program.run("inspect", "-f", "graphml", file), "inspect graphml")
        texts = [e.text or "" for e in root.iter() if e.get("key") == "name"]
        wanted = [NOT_IN_XML.sub(lambda c: shown(c[0].encode()), exact(n)) for n in names]
        need(texts[:2] == wanted, f"inspect graphml: {ascii(texts)[:100]}, not {ascii(wanted)[:100]}")
        root = read_xml(program.run("inspect", "-f", "svg", file), "inspect svg")
        need({e.tag.split("}")[1] for e in root.iter()} <= {"svg", "style", "title", "desc", "path", "g",
             "rect", "text", "tspan"}, "inspect svg: other elements")
        words = "\n".join(words_of(root))
        need(not hidden(words), "inspect svg: hidden characters by entities")
        need_all(names, words, "inspect svg")
    text = read(program.run("inspect", "."), "inspect")
    need_all(corpus.paths, text, "inspect")
    report = json.loads(read(program.run("inspect", "-f", "json", "."), "inspect json"))
    need([m["path"].removeprefix("./") for m in report["models"]] == [exact(p) for p in corpus.paths],
         "inspect json: other paths")
    need(all(exact(corpus.symbol) in m["operators"] for m in report["models"]),
         "inspect json: not the operator")
    check_html(program, ["inspect", "."], corpus.paths)


WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
ESCAPE = re.compile(rb'\\(?:x([0-9a-f]{2})|(.))')


def words_in(line):
    """The words of a line of a database's text form, as bytes."""
    def one(match):
        if match[1]:
            return bytes([int(match[1], 16)])
        return {b"n": b"\n", b"t": b"\t"}.get(match[2], match[2])
    return [ESCAPE.sub(one, m[1].encode()) if m[1] is not None else m[2].encode()
            for m in WORD.finditer(line)]


def check_database(program, corpus, database):
    text = read(program.run("db", "export", database), "db export")
    need(text.isascii(), "db export: not ASCII")
    lines = [words_in(line) for line in text.splitlines()]
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        connection.text_factory = bytes
        paths = [row[0] for row in connection.execute("SELECT path FROM model ORDER BY number")]
        patterns = {row for row in connection.execute("SELECT id, pattern FROM signature")}
    need([line[3] for line in lines if line[:1] == [b"model"]] == paths, "db export: other paths")
    need(sorted(paths) == sorted(corpus.paths), "SQLite: other paths")
    named = {tuple(line[1:]) for line in lines if line[:1] == [b"evidence"]}
    for path in corpus.bad:
        nodes = tuple(shown(name).encode() for name in corpus.nodes[path])
        need((path, *nodes) in named, f"db export: no evidence of {ascii(path)}")
    copy, again = database + ".txt", database + ".again"
    with open(copy, "w", encoding="ascii") as file:
        file.write(text)
    program.run("db", "import", copy, "-o", again)
    need(program.run("db", "export", again) == text.encode(), "db export: other text after an import")
    for arguments in (["info"], ["list"]):
        read(program.run("db", *arguments, database), "db")
        json.loads(read(program.run("db", *arguments, "-f", "json", database), "db json"))
    titles = [pattern for _, pattern in patterns]
    names = [name for path in corpus.bad for name in (path, *corpus.nodes[path])]
    check_html(program, ["db", "list", database], titles + names)
    for key, pattern in sorted(patterns):
        check_html(program, ["db", "show", database, key.decode()], [pattern])
        for form in ("text", "json"):
            said = read(program.run("db", "show", "-f", form, database, key.decode()), "db show")
            need(form == "text" or json.loads(said)["pattern"] == pattern.decode(), "db show: pattern")
        drawing = program.run("db", "show", "-f", "dot", database, key.decode())
        dot_strings(read(drawing, "db show dot"), "db show dot")
    return len(patterns)


def check_patterns(program, corpus):
    """Frequent subgraphs, as gSpan's text and read again, and as patterns."""
    options = ["frequent", "--kind", "subgraph", "--min-support", "12"]
    text = read(program.run(*options, "-f", "gspan", "."), "frequent gspan")
    need(text.isascii(), "frequent gspan: not ASCII")
    labels = {line.split(" ", 2)[2] for line in text.splitlines() if line.startswith("v ")}
    undone = {re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]), label.encode())
              for label in labels}
    need(corpus.symbol in undone, f"frequent gspan: {ascii(undone)[:200]}")
    again = ["frequent", "--input", "gspan", "--min-support", "1", "--count-only", "-"]
    read(program.run(*again, stdin=text.encode()), "frequent of gspan")
    for form in ("text", "json"):
        read(program.run(*options, "-f", form, "."), f"frequent {form}")


def check_studies(program, corpus):
    for form in ("text", "json", "html"):
        how = ["-f", form, "--permutations", "19", "--rewirings", "2", "--tolerances", "none",
               "--group-by", "g\n=1"]
        read(program.run("hypothesis", "manifest.csv", *how), f"hypothesis {form}")
    for form in ("text", "json"):
        read(program.run("coverage", "--reference", os.path.join(".", os.fsdecode(corpus.paths[30])),
                         "--target", ".", "-f", form), f"coverage {form}")


def check_rules(program, names):
    """Texts of rules: what is loaded is given back, what is refused is named harmless."""
    accepted, texts = [], []
    for i, name in enumerate(names):
        quoted = name.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
        path = os.path.join(program.folder, "r.rules")
        with open(path, "wb") as file:
            file.write(b'rule r%d\n  title "%s"\n  fix "%s"\n  note "%s"\nmatch\n  a:Add[mode == "%s"]\n'
                       b'report at a\nend\n' % (i, quoted, quoted, quoted, quoted))
        checked = program.run("rules", "check", "-f", "json", path, statuses=(0, 3))
        checked = json.loads(read(checked, "rules check"))
        read(program.run("rules", "check", path, statuses=(0, 3)), "rules check")
        if checked["errors"]:
            continue
        accepted.append(exact(name))
        said = program.run("rules", "explain", "-f", "json", path, f"r{i}")
        said = json.loads(read(said, "rules explain"))
        need(said["title"] == said["fix"] == said["note"] == exact(name), f"rules: {ascii(name)[:80]}")
        read(program.run("rules", "explain", path, f"r{i}"), "rules explain")
        read(program.run("rules", "list", path), "rules list")
        texts.append(re.sub(r"(?s)(?<=\nmatch\n).*(?=report at a\n)", "  a:Add\n", said["text"]))
        with open(path, "w", encoding="utf-8") as file:
            file.write(said["text"])
        again = json.loads(program.run("rules", "explain", "-f", "json", path, f"r{i}"))
        need(again["text"] == said["text"] and again["title"] == said["title"], f"rules: text of r{i}")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(texts))
    check_rules_found(program, accepted)
    os.remove(path)
    return len(accepted)


def check_rules_found(program, titles):
    """A scan in which each of the rules is found, in all formats."""
    os.mkdir(os.path.join(program.folder, "one"))
    with open(os.path.join(program.folder, "one", "a.onnx"), "wb") as file:
        node = onnx.node("Add", ["x", "x"], ["y"])
        file.write(onnx.model(onnx.value(11, "x") + node + onnx.value(12, "y")))
    scan = ["scan", "--rules", "r.rules", "--verbose", "--explain", "--fail-on", "never"]
    found = {f: program.run(*scan, "-f", f, "one")
             for f in ("text", "json", "sarif", "junit", "markdown", "csv", "html")}
    names = [title.encode() for title in titles]
    need_all(names, read(found["text"], "rules text"), "rules text")
    model = json.loads(read(found["json"], "rules json"))["models"][0]
    need(sorted(f["title"] for f in model["findings"]) == sorted(titles), "rules json: other titles")
    need(len(sarif_of(program, found["sarif"])["results"]) == len(titles), "rules sarif: other results")
    need_all(names, "".join(junit_of(found["junit"]).itertext()), "rules junit")
    cells = {row[17].removeprefix("'") for row in csv_of(found["csv"])[1:]}
    need({shown(name).removeprefix("'") for name in names} <= cells, "rules csv: other titles")
    rows = markdown_of(found["markdown"])
    if rows is not None:
        codes = {(code.text or "").strip() for code in rows[0].iter("code")}
        need({shown(name).strip() for name in names} <= codes, "rules markdown: other titles")
    check_html(program, [*scan, "one"], names)


def check_refused(program, names, folder):
    """Names that make a model unreadable, and files that are none: errors in all formats."""
    os.mkdir(folder)
    for i, name in enumerate(names):
        path = b"%03d" % i + re.sub(rb"[/\0]", b"_", name)[:200] + b".onnx"
        graph = onnx.node("Relu", ["x"], [b"t" + name]) + onnx.node("Neg", ["x"], [b"t" + name])
        with open(os.path.join(os.fsencode(folder), path), "wb") as file:
            file.write(onnx.model(graph))  # two writers of one tensor, which the error names
    refused = {}
    for form in ("text", "json", "sarif", "junit", "markdown", "csv", "html"):
        done = program.run("scan", "--no-default", "--db", os.path.join(program.folder, "..", "c.db"),
                           "--verbose", "-f", form, folder, statuses=(3,))
        text = read(done.replace(b"\r\n", b"\n"), f"refused {form}")
        if form == "json":
            refused = json.loads(text)
            need(all(m["status"] == "error" for m in refused["models"]), "refused: not all")
        if form == "junit":
            need(len(xml.fromstring(text)) == len(names), "refused junit: other numbers")
        if form == "csv":
            need(len(list(csv.reader(io.StringIO(text)))) == len(names) + 1, "refused csv: other numbers")
    return len(refused["models"])


def random_names(dice, n):
    out = []
    for _ in range(n):
        text = "".join(dice.choice(PIECES) for _ in range(dice.randint(1, 30))).encode()
        out.append(text + (dice.choice(RAW[:5]) if dice.random() < 0.3 else b""))
    return out


def check_corpus(program, corpus):
    database = os.path.join(program.folder, "..", "c.db")
    program.run("mine", "manifest.csv", "--group-by", "g\n=1", "--strata", "none", "-o", database)
    scan = ["scan", "--no-default", "--db", database, "--fail-on", "low", "-f"]
    check_json(program, corpus, scan)
    check_sarif(program, corpus, scan)
    check_junit(program, corpus, scan)
    check_csv(program, corpus, scan)
    names = [name for path in corpus.bad for name in (path, *corpus.nodes[path])]
    check_html(program, [*scan[:-1], "."], names)
    markdown = check_markdown(program, corpus, scan)
    text = read(program.run(*scan, "text", "--explain", "--verbose", "."), "scan text")
    need_all(names, text, "scan text")
    check_graphs(program, corpus)
    check_patterns(program, corpus)
    check_studies(program, corpus)
    return check_database(program, corpus, database), markdown


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("opsig")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--random", type=int, default=24)
    args = parser.parse_args()
    dice = random.Random(args.seed)
    everything = [name.encode() for name in FIXED] + RAW + random_names(dice, args.random)
    loaded = [n for n in everything if b"\0" not in n]
    signatures, runs, markdown = 0, 0, ""
    for first, second in ((b"\x1b[1m<b>|`\\", b"=Op\xe2\x80\xae"), (b'"->; a:', b"Add'\n,\xc2\x9b")):
        with tempfile.TemporaryDirectory() as folder:
            inner = os.path.join(folder, "c")
            os.mkdir(inner)
            names = dice.sample(loaded, len(loaded))
            program = Program(os.path.realpath(args.opsig), inner)
            n, markdown = check_corpus(program, Corpus(inner, names, first, second))
            signatures += n
            rules = check_rules(program, everything)
            refused = check_refused(program, everything, os.path.join(folder, "refused"))
            runs += program.runs
    print(f"{len(everything)} names, {runs} runs, {signatures} signatures; {rules} of {len(everything)} rules "
          f"loaded; {refused} models refused; Markdown {markdown}; {len(PROBLEMS)} problems")
    for problem in PROBLEMS[:40]:
        print(f"check_output: {problem}")
    sys.exit(1 if PROBLEMS else 0)


main()
