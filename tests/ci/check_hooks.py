# SPDX-License-Identifier: GPL-2.0-or-later
""".pre-commit-hooks.yaml is a manifest of hooks, and pre-commit itself runs them in somebody's
repository.

usage: check_hooks.py OPSIG [--build]
  --build  also the hook that builds opsig, from the last commit of this tree
exit status 77 (skipped): python3-yaml or pre-commit is missing
"""
import os
import pathlib
import re
import shutil
import sys
import tempfile

from workplace import SOURCE, documents, expect, git, repository, run

HOOKS = documents(".pre-commit-hooks.yaml")[0]


def check_form():
    for hook in HOOKS:
        for key in ("id", "name", "entry", "language"):
            expect(isinstance(hook.get(key), str), f"a hook without {key}")
        expect(hook["require_serial"] is True, f"{hook['id']} is started several times")
        for path, wanted in (("a.onnx", True), ("b/a b.onnx", True), ("a.onnx.txt", False)):
            expect(bool(re.search(hook["files"], path)) == wanted, f"{hook['id']}: {path}")
        if hook["language"] == "script":
            expect(os.access(SOURCE / hook["entry"], os.X_OK), f"{hook['entry']} cannot be run")
    expect({hook["id"] for hook in HOOKS} == {"opsig", "opsig-system"}, "other hooks")


def configure(folder, address, revision, hook, arguments=()):
    (folder / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {address}\n    rev: {revision}\n    hooks:\n      - id: {hook}\n"
        f"        args: [{', '.join(arguments)}]\n")
    git(folder, "add", ".pre-commit-config.yaml")


def check_hook(folder, place, path, address, revision, hook):
    def hooks_say(*files):
        return run(["pre-commit", "run", "--color=never", "--files", *files], folder,
                   PATH=path, PRE_COMMIT_HOME=str(place / "cache"), HOME=str(place))
    configure(folder, address, revision, hook)
    done = hooks_say("clean/a model.onnx")
    expect(done.returncode == 0 and "Passed" in done.stdout, done.stdout)
    done = hooks_say("clean/a model.onnx", "risky/a model.onnx")
    expect(done.returncode == 1 and "ort-pad-averagepool-fusion" in done.stdout, done.stdout)
    expect("exit code: 1" in done.stdout, done.stdout)
    done = hooks_say("broken/a model.onnx")
    expect(done.returncode == 1 and "exit code: 3" in done.stdout, done.stdout)
    done = hooks_say(".pre-commit-config.yaml")
    expect(done.returncode == 0 and "no files to check" in done.stdout, done.stdout)
    configure(folder, address, revision, hook, ["--fail-on=never"])
    done = hooks_say("risky/a model.onnx")
    expect(done.returncode == 0, done.stdout)


def main():
    check_form()
    if shutil.which("pre-commit") is None:
        print("check_hooks: skipped: pre-commit is missing")
        sys.exit(77)
    done = run(["pre-commit", "validate-manifest", str(SOURCE / ".pre-commit-hooks.yaml")], "/")
    expect(done.returncode == 0, done.stdout)
    with tempfile.TemporaryDirectory() as name:
        place = pathlib.Path(name)
        folder = repository(place / "theirs")
        ours = place / "ours"
        ours.mkdir()
        shutil.copy(SOURCE / ".pre-commit-hooks.yaml", ours)
        git(ours, "init", "-q")
        git(ours, "add", ".")
        git(ours, "commit", "-q", "-m", "hooks")
        git(ours, "tag", "v1")
        path = f"{pathlib.Path(sys.argv[1]).parent}:{os.environ['PATH']}"
        check_hook(folder, place, path, ours, "v1", "opsig-system")
        if "--build" in sys.argv:
            check_hook(folder, place, os.environ["PATH"], SOURCE, "HEAD", "opsig")


main()
