"""A third language is a catalogue and label columns: no code knows of it."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from atips_analysis.notebooks.kernels import ADDRESS
from atips_analysis.project import find_project
from atips_analysis.words import catalogues

PROJECT = find_project()
MADE_UP = """
import sys
from pathlib import Path
from atips_analysis.render import Report, publication_from, render
from atips_analysis.notebooks import run_notebook
from atips_analysis.project import Project

project, out = Project(Path(sys.argv[1])), Path(sys.argv[2])
notebook = project.notebooks / "data-dictionary.ipynb"
executed = run_notebook(notebook, out / "executed" / "page.ipynb", {"lang": "xx"})
publication = publication_from(project.profile, lang="xx", simulated=False)
render(Report("page", executed, publication), out, renderer="embedded", formats=["html"])

from atips_analysis.intake.agency.form import write_template
write_template("DHS", 2024, "xx", out / "form.xlsx")
"""


def turned(text: str) -> str:
    """Our made-up language: every word of three letters or more has its vowels turned to u."""
    kept = re.compile(r"\{[^{}]*\}|`[^`]*`|<[^<>]*>|https?://\S+|@[\w-]+|\w+_\w+")
    parts, at = [], 0
    for match in kept.finditer(text):
        parts += [re.sub("[aeio]", "u", text[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*parts, re.sub("[aeio]", "u", text[at:])])


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Path:
    """A copy of the library and of a project's data with a made-up language in both."""
    root = tmp_path_factory.mktemp("third")
    for folder in ("src", "notebooks", "data/framework", "data/council", "_extensions"):
        ignore = shutil.ignore_patterns("__pycache__", "2*", ".*")
        shutil.copytree(PROJECT.root / folder, root / folder, ignore=ignore)
    profile = (PROJECT.council / "profile.toml").read_text(encoding="utf-8")
    said = re.sub(
        r"^((\w+)_en\b.*)$", lambda m: f"{m[1]}\n{in_xx(m[1], m[2])}", profile, flags=re.M
    )
    (root / "data" / "council" / "profile.toml").write_text(said, encoding="utf-8")
    package = root / "src" / "atips_analysis"
    for folder in (package / "codebook", root / "data" / "framework", root / "data" / "council"):
        for table in folder.rglob("*.csv"):
            add_columns(table)
    write_catalogue(package / "locale")
    return root


def in_xx(line: str, name: str) -> str:
    return line.replace(f"{name}_en", f"{name}_xx", 1)


def add_columns(table: Path) -> None:
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    about = [line for line in lines if line.startswith("#")]
    rows = list(csv.DictReader(line for line in lines if line not in about))
    english = [name for name in (rows[0] if rows else {}) if name.endswith("_en") or name == "en"]
    if not english:
        return
    for row in rows:
        for name in english:
            row[re.sub("en$", "xx", name)] = turned(row[name])
    with table.open("w", encoding="utf-8", newline="") as file:
        file.writelines(about)
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_catalogue(locale: Path) -> None:
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    catalogue = Catalog(locale="fr", charset="utf-8")
    for message in catalogues.read_catalogue(locale / "atips.pot"):
        if message.id and isinstance(message.id, str):
            pattern = (message.context or "").startswith("pattern")
            said = message.id if pattern else turned(message.id)
            catalogue.add(message.id, said, context=message.context, flags=["fuzzy"])
    file = locale / "xx" / "LC_MESSAGES" / "atips.po"
    file.parent.mkdir(parents=True)
    with file.open("wb") as out:
        write_po(out, catalogue)


@pytest.mark.slow
def test_a_page_and_a_form_are_made_in_a_made_up_language(house, tmp_path):
    import openpyxl

    script = tmp_path / "make.py"
    script.write_text(MADE_UP, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(house / "src")}
    environment.pop(ADDRESS, None)  # kernels of this package know this package's languages
    made = subprocess.run(
        [sys.executable, str(script), str(house), str(tmp_path)],
        cwd=house,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert made.returncode == 0, made.stderr[-2000:]
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert '<html lang="xx"' in html
    assert turned("Data dictionary") in html and "Data dictionary" not in html
    assert turned("Skip to the content") in html
    assert turned("The translation of this page is a draft that nobody has reviewed.") in html
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    assert book["Cover"]["A1"].value == turned("Trafficking in persons: yearly return")
    assert turned("Victims") in book.sheetnames
