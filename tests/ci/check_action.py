# SPDX-License-Identifier: GPL-2.0-or-later
"""action.yml is a composite action, and its steps do what they say in somebody's repository.

usage: check_action.py OPSIG [--build]
  --build  have the action build opsig, as it does for users; else it takes OPSIG
exit status 77 (skipped): python3-yaml is missing
"""
import json
import pathlib
import re
import sys
import tempfile

from workplace import SOURCE, documents, expect, repository, run

ACTION = documents("action.yml")[0]
STEPS = ACTION["runs"]["steps"]
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def check_form():
    for key in ("name", "description", "inputs", "outputs", "runs"):
        expect(ACTION.get(key), f"no {key}")
    expect(ACTION["runs"]["using"] == "composite", "not a composite action")
    used = set()
    ids = set()
    for step in STEPS:
        expect(step.get("run") and step.get("shell"), "a step without run or shell")
        # An input inside of a script would be run as part of it.
        expect(not EXPRESSION.search(step["run"]), f"an expression in the script of {step['name']}")
        for value in step.get("env", {}).values():
            for expression in EXPRESSION.findall(str(value)):
                kind, name = expression.split(".", 1)
                if kind == "inputs":
                    used.add(name)
                elif kind == "steps":
                    expect(name.split(".")[0] in ids, f"{expression} of no step before")
                else:
                    expect(False, f"unknown: {expression}")
        ids.add(step.get("id"))
    expect(used == set(ACTION["inputs"]), f"inputs: {used ^ set(ACTION['inputs'])}")
    for name, entry in ACTION["inputs"].items():
        expect(entry.get("description") and set(entry) <= {"description", "default", "required"},
               f"input {name}")
    for name, entry in ACTION["outputs"].items():
        expect(entry.get("description") and EXPRESSION.search(entry["value"]), f"output {name}")


def evaluate(text, inputs, outputs):
    def value(match):
        kind, name = match.group(1).split(".", 1)
        if kind == "inputs":
            return inputs[name]
        step, _, key = name.split(".")
        return outputs.get(step, {}).get(key, "")
    return EXPRESSION.sub(value, str(text))


def use(folder, **given):
    """Runs the steps as a runner does. Returns status, outputs of the action, log and summary."""
    with tempfile.TemporaryDirectory() as place:
        temporary = pathlib.Path(place)
        inputs = {name: entry.get("default", "") for name, entry in ACTION["inputs"].items()}
        inputs.update({name.replace("_", "-"): value for name, value in given.items()})
        outputs, log, status = {}, "", 0
        summary = temporary / "summary"
        for step in STEPS:
            script, told = temporary / "script.sh", temporary / "told"
            script.write_text(step["run"])
            told.write_text("")
            env = {name: evaluate(value, inputs, outputs) for name, value in step["env"].items()}
            done = run(["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)], folder,
                       GITHUB_ACTION_PATH=str(SOURCE), GITHUB_OUTPUT=str(told),
                       GITHUB_STEP_SUMMARY=str(summary),
                       RUNNER_TEMP=place, **env)
            log += done.stdout
            if "id" in step:
                outputs[step["id"]] = dict(line.split("=", 1)
                                           for line in told.read_text().splitlines())
            status = done.returncode
            if status != 0:
                break
        result = {name: evaluate(entry["value"], inputs, outputs)
                  for name, entry in ACTION["outputs"].items()}
        return status, result, log, summary.read_text() if summary.exists() else ""


def check_statuses(folder, program):
    for arguments, wanted in (({"paths": "clean"}, 0), ({"paths": "risky"}, 1),
                              ({"paths": "risky", "fail_on": "never"}, 0),
                              ({"paths": "clean\nrisky/a model.onnx\n"}, 1),
                              ({"paths": "broken"}, 3), ({}, 3), ({"paths": "missing"}, 2),
                              ({"paths": "clean", "fail_on": "$(touch ran)"}, 2),
                              ({"paths": "clean", "databases": "$(touch ran)"}, 2),
                              ({"paths": "risky", "options": "-j\n1\n--fail-on=never"}, 0)):
        status, outputs, log, _ = use(folder, program=program, **arguments)
        expect(status == wanted, f"{arguments}: status {status}, expected {wanted}: {log}")
        expect(outputs["status"] == str(wanted), f"{arguments}: output {outputs}")
        expect(bool(outputs["sarif"]) == (wanted != 2), f"{arguments}: {outputs}")
    expect(not (folder / "ran").exists(), "an input was run")


def check_reports(folder, program):
    status, outputs, log, summary = use(
        folder, program=program, paths="risky",
        output="reports of mine.sarif\nopsig.xml\nopsig.html")
    expect(status == 1 and outputs["sarif"] == "reports of mine.sarif", f"{outputs}")
    with open(folder / outputs["sarif"], encoding="utf-8") as file:
        sarif = json.load(file)
    found = {result["ruleId"] for result in sarif["runs"][0]["results"]}
    expect("ort-pad-averagepool-fusion" in found, f"not in SARIF: {found}")
    expect("<testsuites" in (folder / "opsig.xml").read_text(), "opsig.xml is not JUnit")
    expect("<!doctype html" in (folder / "opsig.html").read_text().lower(), "no page")
    expect("ort-pad-averagepool-fusion" in log, "the log does not tell")
    expect("Pad folded into AveragePool" in summary, "no summary")
    status, _, log, _ = use(folder, program=program, paths="broken")
    expect(log.count("broken/a model.onnx") <= 2, f"an error is told again: {log}")


def check_baseline(folder, program):
    status, _, log, _ = use(folder, program=program, paths="risky",
                            options="--write-baseline=known.json")
    expect(status == 1 and (folder / "known.json").exists(), log)
    status, outputs, log, _ = use(folder, program=program, paths="risky", baseline="known.json")
    expect(status == 0, f"known findings count: {log}")
    with open(folder / outputs["sarif"], encoding="utf-8") as file:
        expect(json.load(file)["runs"][0]["results"] == [], "known findings are uploaded")


def main():
    check_form()
    program = "" if "--build" in sys.argv else sys.argv[1]
    with tempfile.TemporaryDirectory() as place:
        folder = repository(pathlib.Path(place) / "theirs")
        if program:
            check_statuses(folder, program)
            check_reports(folder, program)
            check_baseline(folder, program)
        else:
            status, outputs, log, _ = use(folder, paths="risky")
            print(log)
            expect(status == 1 and outputs["status"] == "1", f"{outputs}")
            expect((folder / outputs["sarif"]).exists(), "no report")


main()
