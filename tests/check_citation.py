# SPDX-License-Identifier: GPL-2.0-or-later
"""CITATION.cff is what the Citation File Format 1.2.0 asks for, of this version and licence.

usage: check_citation.py SOURCE_DIR VERSION
exit status 77 (skipped): python3-yaml is missing
"""
import re
import sys

try:
    import yaml
except ImportError:
    print("check_citation: skipped: python3-yaml is missing")
    sys.exit(77)

# Keys of the format's schema that may stand at the top.
KNOWN = {"abstract", "authors", "cff-version", "commit", "contact", "date-released", "doi",
         "identifiers", "keywords", "license", "license-url", "message", "preferred-citation",
         "references", "repository", "repository-artifact", "repository-code", "title", "type",
         "url", "version"}
PERSON = {"given-names", "family-names", "name-particle", "name-suffix", "alias", "affiliation",
          "orcid"}


def authors_are_known(authors):
    return bool(authors) and all(
        isinstance(author.get("name"), str) or PERSON.issuperset(author) and author
        for author in authors)


def complaints(citation, version, licence):
    if not isinstance(citation, dict):
        yield "no mapping"
        return
    for key in ("cff-version", "message", "title", "authors"):
        if not citation.get(key):
            yield f"no {key}"
    for key in sorted(set(citation) - KNOWN):
        yield f"unknown key {key}"
    if citation.get("cff-version") != "1.2.0":
        yield "cff-version is not 1.2.0"
    if citation.get("type") not in ("software", "dataset"):
        yield "type is neither software nor dataset"
    if citation.get("version") != version:
        yield f"version is {citation.get('version')!r}, the project's is {version!r}"
    if citation.get("license") != licence:
        yield f"license is {citation.get('license')!r}, the sources' is {licence!r}"
    for where in [citation] + citation.get("references", []):
        if not authors_are_known(where.get("authors")):
            yield f"authors of {where.get('title')!r} have no names"
    for reference in citation.get("references", []):
        if not reference.get("title") or not reference.get("type"):
            yield "a reference without title or type"
        if not re.fullmatch(r"10\.\d{4,9}(\.\d+)?/\S+", reference.get("doi", "")):
            yield f"{reference.get('doi')!r} is no DOI"


def main():
    source_dir, version = sys.argv[1:]
    with open(f"{source_dir}/CITATION.cff", encoding="utf-8") as file:
        citation = yaml.safe_load(file)
    with open(f"{source_dir}/include/opsig/opsig.h", encoding="utf-8") as file:
        licence = re.search(r"SPDX-License-Identifier: (\S+)", file.read()).group(1)
    found = list(complaints(citation, version, licence))
    for complaint in found:
        print(f"check_citation: CITATION.cff: {complaint}")
    return 1 if found else 0


sys.exit(main())
