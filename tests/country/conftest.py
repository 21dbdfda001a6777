"""An invented country of the Coalition: its project, and what must not be read in its reports."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest

from atips_analysis.codebook import load_codebook
from atips_analysis.project import Project, find_project

HERE = Path(__file__).parent
OURS = find_project(HERE)
INTERNATIONAL = {"IOM", "UNICEF"}
"""Organisations that work in many countries."""
TEXTS = {".csv", ".md"}


def renamed() -> list[tuple[str, str]]:
    """Phrases of the country that the repository holds, longest first, and the invented ones."""
    lines = (HERE / "renamed.csv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [(row["old"], row["new"]) for row in csv.DictReader(lines)]
    return sorted(rows, key=lambda pair: -len(pair[0]))


def make_project(root: Path, ours: Project) -> Project:
    """The invented country's project in `root`.

    Council, simulator and passages are its own (`tests/country`); of the registers that all
    countries share, and of published figures, only names and codes are others. Notebooks and
    extension are those that `atips init` writes.
    """
    for name in ("notebooks", "_extensions", "expectations"):
        shutil.copytree(ours.root / name, root / name)
    shutil.copyfile(ours.root / "CITATION.cff", root / "CITATION.cff")
    for name in ("council", "simulator"):
        shutil.copytree(HERE / name, root / "data" / name)
    pairs = renamed()
    pattern = re.compile("|".join(re.escape(old) for old, _ in pairs))
    new = dict(pairs)

    def rename(text: str) -> str:
        return pattern.sub(lambda match: new[match[0]], text)

    for source in [*ours.framework.rglob("*"), *ours.published.rglob("*")]:
        if source.suffix in TEXTS:
            target = root / rename(source.relative_to(ours.root).as_posix())
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(rename(source.read_text(encoding="utf-8")), encoding="utf-8")
    return Project(root)


def names() -> list[str]:
    """What names the country: itself, its districts, its agencies, how its cases are coded."""
    country, council = OURS.profile["country"], OURS.profile["council"]
    own = [country[key] for key in ("name_en", "name_es", "demonym_en", "demonym_es", "iso3")]
    own += [country["case_prefix"], country["currency"], council["sdmx_agency"], "A-TIPs"]
    codebook = load_codebook(OURS)
    districts = codebook.codelist("district").table
    placed = districts[districts["tile_column"] != ""]
    agencies = codebook.codelist("source_agency").table
    agencies = agencies[~agencies["code"].isin(INTERNATIONAL)]
    for table in (placed, agencies):
        own += [*table["label_en"], *table["label_es"]]
    own += [code for code in agencies["code"] if "_" in code or code in {"ODPP", "NOPCAN", "NCFC"}]
    return sorted({name for name in own if len(name) > 2 and name != "YES"})


@pytest.fixture(scope="session")
def ours() -> Project:
    """The project of the repository, whose country nothing else may name."""
    return OURS


@pytest.fixture(scope="session")
def own_names() -> list[str]:
    return names()


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_project(tmp_path_factory.mktemp("invented"), OURS)
