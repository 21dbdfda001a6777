"""No module and no code list of the library names the country that the repository holds."""

from __future__ import annotations

import re
from pathlib import Path

import atips_analysis

PACKAGE = Path(atips_analysis.__file__).parent
READ = {".py", ".csv", ".toml", ".md", ".po", ".pot", ".json"}
COUNTRIES = ("codebook/codelists/country_iso3.csv:", "codebook/synonyms/values.csv:country_iso3,")
"""Where every country of the world is listed."""


def lines() -> list[tuple[str, str]]:
    """Every line of the library with its file, lists of countries left out."""
    return [
        (name, line)
        for file in sorted(PACKAGE.rglob("*"))
        if file.suffix in READ
        for name in (file.relative_to(PACKAGE).as_posix(),)
        if not name.startswith("project_files")
        for line in file.read_text(encoding="utf-8").splitlines()
        if not f"{name}:{line}".startswith(COUNTRIES)
    ]


def test_the_library_names_neither_the_country_nor_its_districts_nor_its_agencies(own_names):
    every = lines()
    assert len(own_names) > 40 and len(every) > 20_000
    named = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in own_names))
    found = [f"{name}: {line.strip()[:100]}" for name, line in every if named.search(line)]
    assert found == []
