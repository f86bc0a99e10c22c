# SPDX-License-Identifier: GPL-2.0-or-later
"""What docs/ci.md gives to paste names hooks, inputs and outputs that are there, and its table of the
action's inputs is whole.

usage: check_guide.py
exit status 77 (skipped): python3-yaml is missing
"""
import re

from workplace import SOURCE, documents, expect, yaml

GUIDE = (SOURCE / "docs/ci.md").read_text(encoding="utf-8")
ACTION = documents("action.yml")[0]


def check_hooks(block):
    known = {hook["id"] for hook in documents(".pre-commit-hooks.yaml")[0]}
    used = {hook["id"] for entry in block["repos"] for hook in entry["hooks"]}
    expect(used <= known, f"hooks: {used - known}")


def check_action(block):
    for job in block["jobs"].values():
        for step in job["steps"]:
            if re.fullmatch("OWNER/opsig@.*", step["uses"]):
                unknown = set(step["with"]) - set(ACTION["inputs"])
                expect(not unknown, f"inputs of the action: {unknown}")
                outputs = re.findall(rf"steps\.{step['id']}\.outputs\.(\w+)", str(block))
                expect(outputs and set(outputs) <= set(ACTION["outputs"]), f"outputs: {outputs}")
                return
    expect(False, "the action is not used")


def check_template(block):
    known = documents("templates/opsig.yml")[0]["spec"]["inputs"]
    for include in block["include"]:
        expect((SOURCE / include["file"]).exists(), f"{include['file']} is not there")
        expect(set(include["inputs"]) <= set(known), f"inputs: {include['inputs']}")


def check_table():
    rows = re.search(r"\| input \|.*?\n\n", GUIDE, flags=re.S).group()
    told = {name for row in rows.strip().splitlines()[2:]
            for name in re.findall(r"`([\w-]+)`", row.split("|")[1])}
    expect(told == set(ACTION["inputs"]), f"table of inputs: {told ^ set(ACTION['inputs'])}")


def main():
    checks = {"repos": check_hooks, "jobs": check_action, "include": check_template}
    for text in re.findall(r"^```yaml\n(.*?)^```", GUIDE, flags=re.M | re.S):
        block = yaml.safe_load(text)
        checks.pop(next(iter(block)))(block)
    expect(not checks, f"no example of {', '.join(checks)}")
    check_table()


main()
