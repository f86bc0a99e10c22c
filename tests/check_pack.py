#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds the rules of patterns/ against their page, their examples, and what is known of risks.

usage: check_pack.py OPSIG SOURCE_DIR [--write]
  --write  writes the table of docs/pack.md instead of comparing it

1. No rule has an error or a warning, so each has title, severity, confidence, evidence, a fix and
   examples that match and do not; every example passes.
2. The table in docs/pack.md lists the rules, and the whole rules in docs/rules.md find what they say.
3. Each entry of evidence/known-risks.jsonl of the shared data (where it is there) is a rule, with
   all of its evidence, or stands in docs/pack.md with the reason why it is none.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

MARK = "<!-- written by tests/check_pack.py --write -->"
CONFIDENCE = {
    "confirmed-fixed": "fixed",
    "confirmed-maintainer": "maintainer",
    "reported": "reported",
}


def run(opsig, verb, folder):
    command = [opsig, "rules", verb, "--no-config", "--format", "json", folder]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return json.loads(result.stdout)
    except ValueError:
        sys.exit(f"check_pack: {' '.join(command)}: {result.stderr}")


def table(rules):
    """The rules by file, a row each."""
    lines, file = [], None
    for rule in rules:
        name = os.path.basename(rule["path"])
        if name != file:
            lines += ["", f"**{name}**", "", "| rule | severity | confidence | affects |",
                      "| --- | --- | --- | --- |"]
            file = name
        affects = ", ".join(rule["affects"]).replace("<", "&lt;") or "everybody"
        lines.append(f"| `{rule['id']}` | {rule['severity']} | {rule['confidence']} | {affects} |")
    return "\n".join(lines[1:]) + "\n"


def check_page(page, rules):
    with open(page, encoding="utf-8") as file:
        text = file.read()
    front, rest = text.split(MARK + "\n", 1)
    old, end = rest.split("\n## Not expressible", 1)
    new = "\n" + table(rules)
    if "--write" in sys.argv:
        with open(page, "w", encoding="utf-8") as file:
            file.write(f"{front}{MARK}\n{new}\n## Not expressible{end}")
        return [], end
    same = old.strip() == new.strip()
    return [] if same else ["docs/pack.md does not list the rules: check_pack.py --write"], end


def check_guide(opsig, guide):
    """The whole rules of a page, tested."""
    with open(guide, encoding="utf-8") as file:
        blocks = re.findall(r"^```\n(rule .*?)^```$", file.read(), re.DOTALL | re.MULTILINE)
    with tempfile.TemporaryDirectory() as folder:
        for number, block in enumerate(blocks):
            with open(os.path.join(folder, f"{number}.rules"), "w", encoding="utf-8") as file:
                file.write(block)
        tested = run(opsig, "test", folder)
    if not blocks or tested["failed"] or not tested["examples"]:
        return [f"{guide}: a rule of the page fails, or there is none"]
    return []


def check_entries(path, rules, reasons):
    if not os.path.exists(path):
        print(f"check_pack: the collection of known risks is not there: {path}")
        return []
    problems = []
    by_id = {rule["id"]: rule for rule in rules}
    with open(path, encoding="utf-8") as file:
        entries = [json.loads(line) for line in file]
    for entry in entries:
        rule = by_id.get(entry["id"])
        if rule is None:
            if f"| `{entry['id']}` |" not in reasons:
                problems.append(f"{entry['id']} is neither a rule nor said not to be one")
            continue
        missing = set(entry["evidence"]) - set(rule["refs"])
        problems += [f"{entry['id']} lacks the evidence {ref}" for ref in sorted(missing)]
        if rule["confidence"] != CONFIDENCE[entry["confidence"]]:
            problems.append(f"{entry['id']} has another confidence than its evidence")
    known = {entry["id"] for entry in entries}
    for name in re.findall(r"^\| `([^`]+)` \|", reasons, re.MULTILINE):
        if name not in known or name in by_id:
            problems.append(f"docs/pack.md gives a reason for {name}, which needs none")
    return problems


def main():
    opsig, source = sys.argv[1:3]
    folder = os.path.join(source, "patterns")
    problems = [
        f"{d['path']}:{d['line']}:{d['column']}: {d['message']}"
        for d in run(opsig, "check", folder)["diagnostics"]
    ]
    tested = run(opsig, "test", folder)
    problems += [
        f"{e['path']}:{e['line']}: {e['rule']}: expected {e['expected']}, found {e['found']} {e['error']}"
        for e in tested["examples"]
        if not e["passed"]
    ]
    rules = run(opsig, "list", folder)["rules"]
    wrong, reasons = check_page(os.path.join(source, "docs", "pack.md"), rules)
    shared = os.environ.get("OPSIG_SHARED", os.path.join(source, "..", "shared"))
    problems += wrong
    problems += check_guide(opsig, os.path.join(source, "docs", "rules.md"))
    problems += check_entries(os.path.join(shared, "evidence", "known-risks.jsonl"), rules, reasons)
    print(f"{len(rules)} rules, {len(tested['examples'])} examples, {len(problems)} problems")
    for problem in problems:
        print(f"check_pack: {problem}")
    sys.exit(1 if problems else 0)


main()
