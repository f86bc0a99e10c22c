# SPDX-License-Identifier: GPL-2.0-or-later
"""templates/opsig.yml is a GitLab template with inputs, and its job does what it says where opsig
is installed.

usage: check_gitlab.py BUILD_DIR
       check_gitlab.py --build REPOSITORY REF
  --build  have the job build and install opsig on this machine, as it does in an image without it
exit status 77 (skipped): python3-yaml is missing
"""
import os
import pathlib
import re
import sys
import tempfile
import xml.etree.ElementTree

from workplace import documents, expect, repository, run

SPEC, TEMPLATE = documents("templates/opsig.yml")
INPUTS = SPEC["spec"]["inputs"]
INTERPOLATION = re.compile(r"\$\[\[\s*inputs\.(\w+)\s*\]\]")
KEYWORDS = {"stage", "image", "variables", "before_script", "script", "artifacts"}


def fill_in(value, given, used):
    """The template as it is once inputs stand in it."""
    if isinstance(value, dict):
        return {key: fill_in(item, given, used) for key, item in value.items()}
    if isinstance(value, list):
        return [fill_in(item, given, used) for item in value]
    if isinstance(value, str):
        used.update(INTERPOLATION.findall(value))
        return INTERPOLATION.sub(lambda m: given.get(m.group(1), INPUTS[m.group(1)]["default"]),
                                 value)
    return value


def check_form():
    used = set()
    job = fill_in(TEMPLATE, {}, used)["opsig"]
    expect(used == set(INPUTS), f"inputs: {used ^ set(INPUTS)}")
    for name, entry in INPUTS.items():
        expect(set(entry) == {"default", "description"} and isinstance(entry["default"], str),
               f"input {name}")
    expect(set(job) <= KEYWORDS and "script" in job, f"keywords: {set(job) - KEYWORDS}")
    expect(all(isinstance(line, str) for line in job["before_script"] + job["script"]),
           "a line of a script is no text")
    for variable, value in job["variables"].items():
        expect(isinstance(value, str), f"variable {variable}")
        expect(re.match("SCAN_|OPSIG_SOURCE|OPSIG_REF", variable), f"variable {variable}")


def use(folder, shell, path, **given):
    job = fill_in(TEMPLATE, given, set())["opsig"]
    script = "\n".join(job["before_script"] + job["script"])
    done = run([*shell, "-c", script], folder, PATH=path, **job["variables"])
    return done.returncode, done.stdout


def check_installed(folder, path):
    for shell in (["bash", "-eo", "pipefail"], ["sh", "-e"]):
        for given, wanted in (({"paths": "clean"}, 0), ({"paths": "risky"}, 1),
                              ({"paths": "clean\nrisky/a model.onnx"}, 1),
                              ({"paths": "risky", "fail_on": "never"}, 0),
                              ({"paths": "broken"}, 3), ({"paths": "missing"}, 2)):
            for report in ("opsig-junit.xml", "opsig.html"):
                (folder / report).unlink(missing_ok=True)
            status, log = use(folder, shell, path, **given)
            expect(status == wanted, f"{given}: status {status}, expected {wanted}: {log}")
            if wanted != 2:
                suites = xml.etree.ElementTree.parse(folder / "opsig-junit.xml").getroot()
                failed = any(True for _ in suites.iter("failure"))
                expect(failed == (wanted == 1), f"{given}: failures in JUnit: {failed}")
                expect((folder / "opsig.html").exists(), "no page")


def main():
    check_form()
    with tempfile.TemporaryDirectory() as place:
        folder = repository(pathlib.Path(place) / "theirs")
        path = os.environ["PATH"]
        if sys.argv[1] == "--build":
            status, log = use(folder, ["bash", "-eo", "pipefail"], path, paths="risky",
                              source=sys.argv[2], ref=sys.argv[3])
            expect(status == 1, log[-3000:])
        else:
            prefix = pathlib.Path(place) / "prefix"
            done = run(["cmake", "--install", sys.argv[1], "--prefix", str(prefix)], place)
            expect(done.returncode == 0, done.stdout)
            path = f"{prefix}/bin:{path}"
        check_installed(folder, path)


main()
