# SPDX-License-Identifier: GPL-2.0-or-later
"""A repository of somebody else, and what the tests of files for CI share."""
import os
import pathlib
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
MODELS = SOURCE / "examples/corpus/models"

try:
    import yaml
except ImportError:
    print("skipped: python3-yaml is missing")
    sys.exit(77)


def documents(name):
    """The YAML documents of a file in the tree."""
    with open(SOURCE / name, encoding="utf-8") as file:
        return list(yaml.safe_load_all(file))


def expect(condition, what):
    if not condition:
        sys.exit(f"{pathlib.Path(sys.argv[0]).name}: {what}")


def environment(**more):
    """Variables of a job: nothing from around the job but the way to programs."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LSAN_OPTIONS", "ASAN_OPTIONS")
            if name in os.environ}
    return {**kept, "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.invalid",
            "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.invalid", **more}


def run(command, cwd, **more):
    return subprocess.run(command, cwd=cwd, env=environment(**more), text=True, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)


def git(folder, *arguments):
    done = run(["git", *arguments], folder)
    expect(done.returncode == 0, f"git {arguments[0]}: {done.stdout}")


def repository(folder):
    """A git repository with a model that has a finding of severity high, one that has none and one
    that is broken, in folders of their own; the names have blanks."""
    for kind in ("risky", "clean", "broken"):
        (folder / kind).mkdir(parents=True)
    shutil.copy(MODELS / "wide-001609.onnx", folder / "risky/a model.onnx")
    shutil.copy(MODELS / "nnsmith-001478.onnx", folder / "clean/a model.onnx")
    (folder / "broken/a model.onnx").write_bytes(b"\x08\x08\x3a\xff\x7f")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "models")
    return folder
