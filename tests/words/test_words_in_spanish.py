"""What is said in Spanish as a Central American statistician says it: every label and every page."""

from __future__ import annotations

import csv
import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from atips_analysis.build.officers_files import wrong_files
from atips_analysis.build.page_register import load_pages
from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.project import Project, find_project
from atips_analysis.words import translator
from atips_analysis.words.said import in_language
from atips_analysis.words.terminology import forbidden_in

PROJECT = find_project(Path(__file__).parent)
PACKAGE = PROJECT.root / "src" / "atips_analysis"
TABLES = sorted(
    file
    for folder in (PACKAGE, PROJECT.framework, PROJECT.root / "data" / "council")
    for file in folder.rglob("*.csv")
    if "synonyms" not in file.parts and file.name not in ("terminology.csv", "spellings.csv")
)
NOT_A_CATEGORY = "missing_value"
"""Why a value is missing is told apart there: asked and not known, never asked."""


def rows_of(file: Path) -> list[dict[str, str]]:
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    while lines and lines[0].startswith("#"):
        lines.pop(0)
    return list(csv.DictReader(lines))


def said_in_tables() -> Iterator[tuple[str, str]]:
    for file in TABLES:
        for row in rows_of(file):
            for column, text in row.items():
                if (str(column).endswith("_es") or column == "es") and text:
                    yield file.name, text


def said_in(node: object) -> Iterator[str]:
    """Every Spanish text of a JSON or TOML tree."""
    if isinstance(node, dict):
        for name, value in node.items():
            if str(name).endswith("_es"):
                yield from [value] if isinstance(value, str) else value
            else:
                yield from said_in(value)
    elif isinstance(node, list):
        for one in node:
            yield from said_in(one)


def test_no_label_in_spanish_says_a_word_to_avoid():
    found = [
        f"{name}: {what}" for name, text in said_in_tables() for what in forbidden_in(text, "es")
    ]
    assert not found


def test_no_rule_for_agencies_and_no_particular_of_the_country_says_one():
    trees = [
        json.loads(file.read_text("utf-8")) for file in PROJECT.root.glob("expectations/*.json")
    ]
    trees.append(tomllib.loads((PROJECT.root / "data/council/profile.toml").read_text("utf-8")))
    assert len(trees) > 10
    assert not [what for text in said_in(trees) for what in forbidden_in(text, "es")]


def test_no_title_of_a_page_in_spanish_says_one():
    pages = [row for row in rows_of(PROJECT.notebooks / "pages.csv") if row["lang"] == "es"]
    assert pages
    said = [row[name] for row in pages for name in ("title", "about")]
    assert not [what for text in said for what in forbidden_in(text, "es")]


def test_a_page_in_a_language_that_its_notebook_does_not_speak_is_refused(tmp_path):
    shutil.copytree(PROJECT.notebooks, tmp_path / "notebooks")
    register = tmp_path / "notebooks" / "pages.csv"
    text = register.read_text(encoding="utf-8")
    english = "annual-report,annual-report,Annual report,html pdf,report,yes,en,"
    assert english in text
    register.write_text(text.replace(english, english.replace(",en,", ",es,")), encoding="utf-8")
    with pytest.raises(InputError, match="has no parameter lang"):
        load_pages(Project(tmp_path))


def test_what_a_page_in_english_alone_is_about_is_known_in_spanish():
    rows = rows_of(PROJECT.notebooks / "pages.csv")
    notebooks = [row["notebook"] for row in rows]
    alone = [row["about"] for row in rows if notebooks.count(row["notebook"]) == 1]
    assert alone
    assert [about for about in alone if not translator("es").knows(about)] == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("2021–2023 y 2024, lado a lado", "2021–2023 y 2024, comparados"),
        ("Deserción de casos", "Deserción procesal de los casos"),
        ("víctimas por cada 100,000 habitantes", "víctimas por cada 100\u00a0000 habitantes"),
        ("víctimas por cada 100 000 habitantes", "víctimas por cada 100\u00a0000 habitantes"),
        ("1,669 asistencias", "1669 asistencias"),
        ("adolescentes (menores de 18)", "adolescentes (menores de 18 años)"),
    ],
)
def test_the_words_that_were_wrong_are_found_and_the_right_ones_pass(wrong, right):
    assert list(forbidden_in(wrong, "es"))
    assert not list(forbidden_in(right, "es"))


def test_what_is_not_known_is_called_sin_informacion_in_every_list():
    codebook = load_codebook()
    said = {
        (name, code): codebook.codelist(name).label(code, "es")
        for name in codebook.codelists
        if name != NOT_A_CATEGORY
        for code in codebook.codelist(name).codes
        if re.fullmatch("UNK|UNKNOWN", code) or (name, code) == ("sex", "U")
    }
    assert len(said) > 15
    assert set(said.values()) == {"Sin información"}


def test_what_is_not_known_is_called_so_in_every_dimension_too():
    said = {
        (row["dimension"], row["code"]): row["label_es"]
        for row in rows_of(PACKAGE / "codebook" / "categories.csv")
        if row["code"] in ("U", "UNK", "UNKNOWN")
    }
    assert said and set(said.values()) == {"Sin información"}


def test_units_of_count_have_a_plural_in_every_language():
    units = load_codebook().codelist("unit_of_count").table
    for lang in ("en", "es"):
        assert (units[f"plural_{lang}"].str.strip() != "").all()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "data/council/profile.toml",
            'iso2 = "BZ"',
            'iso2 = "bz"',
            "debe ser dos letras mayúsculas",
        ),
        ("data/council/profile.toml", "[quality]", "[qualit]", "falta [quality]; agréguelo"),
        (
            "data/framework/publication_plan.csv",
            "age_group,every",
            "age_group,yearly",
            "escriba every",
        ),
        (
            "data/framework/publication_plan.csv",
            "PROT-01,VICTIM",
            "PROT-99,VICTIM",
            "no tiene medida",
        ),
        (
            "expectations/victims.json",
            '"severity": "critical"',
            '"severity": "grave"',
            "valores: critical",
        ),
    ],
)
def test_what_is_wrong_in_the_officer_s_files_is_said_in_the_officer_s_language(
    tmp_path, file, old, new, said
):
    for folder in ("expectations", "notebooks", "data/council", "data/framework", "data/published"):
        shutil.copytree(PROJECT.root / folder, tmp_path / folder)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    lines = [in_language(one, "es") for one in wrong_files(Project(tmp_path))]
    assert any(Path(file).name in line and said in line for line in lines), lines
