"""No module and no code list of the library names the country that the repository holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import atips_analysis
from atips_analysis.codebook import load_codebook
from atips_analysis.project import find_project

PROJECT = find_project(Path(__file__).parent)
PACKAGE = Path(atips_analysis.__file__).parent
READ = {".py", ".csv", ".toml", ".md", ".po", ".pot", ".json"}
COUNTRIES = ("codelists/country_iso3.csv", "synonyms/values.csv:country_iso3,")
"""Where every country of the world is listed."""
INTERNATIONAL = {"IOM", "UNICEF"}
"""Organisations that work in many countries."""


def names() -> list[str]:
    """What names the country: itself, its districts, its agencies, how its cases are coded."""
    country, council = PROJECT.profile["country"], PROJECT.profile["council"]
    own = [country[key] for key in ("name_en", "name_es", "demonym_en", "demonym_es", "iso3")]
    own += [country["case_prefix"], country["currency"], council["sdmx_agency"], "A-TIPs"]
    codebook = load_codebook(PROJECT)
    districts = codebook.codelist("district").table
    placed = districts[districts["tile_column"] != ""]
    agencies = codebook.codelist("source_agency").table
    agencies = agencies[~agencies["code"].isin(INTERNATIONAL)]
    for table in (placed, agencies):
        own += [*table["label_en"], *table["label_es"]]
    own += [code for code in agencies["code"] if "_" in code or code in {"ODPP", "NOPCAN", "NCFC"}]
    return sorted({name for name in own if len(name) > 2 and name != "YES"})


def lines() -> list[tuple[str, str]]:
    found = []
    for file in sorted(PACKAGE.rglob("*")):
        name = file.relative_to(PACKAGE).as_posix()
        if file.suffix not in READ or "project_files" in name:
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if f"{name}".endswith(COUNTRIES[0]) or f"{name}:{line}".find(COUNTRIES[1]) >= 0:
                continue
            found.append((f"{name}:{number}", line))
    return found


@pytest.fixture(scope="module")
def source() -> list[tuple[str, str]]:
    return lines()


@pytest.mark.parametrize("name", names())
def test_the_library_does_not_name(name: str, source: list[tuple[str, str]]) -> None:
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    assert [place for place, line in source if pattern.search(line)] == []
