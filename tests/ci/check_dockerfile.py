# SPDX-License-Identifier: GPL-2.0-or-later
"""The Dockerfile names what is there: instructions, files that are copied, scripts that are run.
scripts/check-image.sh builds it.

usage: check_dockerfile.py
"""
import fnmatch
import re

from workplace import SOURCE, documents, expect

KNOWN = {"FROM", "COPY", "RUN", "WORKDIR", "ENTRYPOINT", "CMD"}


def instructions():
    text = re.sub(r"^#.*\n", "", (SOURCE / "Dockerfile").read_text(), flags=re.M)
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if line.strip():
            word, rest = line.split(None, 1)
            yield word, rest.strip()


def main():
    stages, ignored = [], (SOURCE / ".dockerignore").read_text().split()
    presets = documents("CMakePresets.json")[0]["workflowPresets"]
    release = documents("templates/opsig.yml")[0]["spec"]["inputs"]["image"]["default"]
    for word, rest in instructions():
        expect(word in KNOWN, f"instruction {word}")
        expect(stages or word == "FROM", f"{word} before FROM")
        if word == "FROM":
            image, *name = rest.split(" AS ")
            expect(image.startswith(release), f"{image} is another release than {release}")
            stages.append(name[0] if name else "")
        elif word == "COPY" and rest.startswith("--from="):
            expect(rest.split()[0][len("--from="):] in stages[:-1], f"COPY {rest}: no such stage")
        elif word == "COPY":
            for source in rest.split()[:-1]:
                expect((SOURCE / source).exists(), f"COPY {source}: not there")
        elif word == "RUN":
            for script in re.findall(r"scripts/\S+", rest):
                expect((SOURCE / script).exists(), f"RUN {script}: not there")
                expect(not any(fnmatch.fnmatch(script, glob) for glob in ignored), f"{script}")
            for preset in re.findall(r"--workflow --preset (\S+)", rest):
                expect(preset in [entry["name"] for entry in presets], f"no preset {preset}")
    expect(len(stages) == 2, "two stages: one that builds, one that is left")


main()
