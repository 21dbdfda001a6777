"""Words that no person would write, all over what agencies send: none leaves the confidential side."""

from __future__ import annotations

import csv
import html
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from pypdf import PdfReader

from atips_analysis.databank import open_databank

pytestmark = pytest.mark.whole
IN_CELLS = ("Xiomara Quetzalhuitl", "918273645546", "zephyr quillwort")
"""A name, a number, and a phrase."""
IN_NAMES = "Ysolde-Brannigan-Oyelaran"
"""A name of a person in the names of the files that are sent: said to the officer, and to nobody else."""
FOLDERS = ("--submissions", "data/submissions", "--databank", "data/databank")
BUILD = ("--year", "2024", "--baseline", "2023", "--renderer", "embedded")
ROLES = ("--checked-by", "M&E Officer", "--approved-by", "Council Chair")


def canary(column: int, value: object) -> str:
    """One after the other; a code is no name (that is refused), and a sum of numbers is no secret."""
    if isinstance(value, int | float) or str(value or "0").isdigit():
        return IN_CELLS[2]
    return IN_CELLS[1] if re.search(r"\d", str(value)) else IN_CELLS[column % 3]


def poison_sheet(sheet) -> None:
    """A row for each column, true but for a canary in it; then one of canaries alone."""
    head = next((row for row in sheet.iter_rows() if sum(bool(c.value) for c in row) > 3), None)
    if head is None or sheet.max_row <= head[0].row:
        return
    values = [cell.value for cell in sheet[head[0].row + 1]]
    for place in range(len(values)):
        row = list(values)
        row[place] = canary(place, values[place])
        sheet.append(row)
    sheet.append([canary(place, value) for place, value in enumerate(values)])
    head[0].comment = Comment(IN_CELLS[2], IN_CELLS[0])
    sheet.cell(sheet.max_row, 1).comment = Comment(IN_CELLS[1], IN_CELLS[0])
    sheet.oddFooter.center.text = IN_CELLS[0]


def poison_workbook(file: Path) -> None:
    book = openpyxl.load_workbook(file)
    for sheet in book.worksheets[1:]:
        poison_sheet(sheet)
    for title, state in ((IN_CELLS[0], "visible"), (IN_CELLS[2], "hidden")):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        sheet.append(list(IN_CELLS))
    book.properties.creator, book.properties.title = IN_CELLS[0], IN_CELLS[2]
    book.save(file)


def poison_csv(file: Path) -> None:
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    values = next(row for row in rows[3:] if len(row) > 3)
    for place in range(len(values)):
        rows.append([*values[:place], canary(place, values[place]), *values[place + 1 :]])
    rows.append([canary(place, value) for place, value in enumerate(values)])
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)


@pytest.fixture(scope="module")
def poisoned(make_project, tmp_path_factory):
    """(project, what the terminal was shown) after a build and a release of poisoned returns."""
    project = make_project(tmp_path_factory.mktemp("canaries"))
    sent = project.data / "submissions"
    shutil.move(project.example / "submissions", sent)
    for file in sorted(sent.glob("*_2024*")):
        poison_csv(file) if file.suffix == ".csv" else poison_workbook(file)
        file.rename(file.with_name(f"{file.stem}_{IN_NAMES}{file.suffix}"))
    profile = project.council / "profile.toml"
    text = profile.read_text(encoding="utf-8")
    allowed = re.sub(r"(?m)^quarantined_share = .*$", "quarantined_share = 1.0", text)
    assert allowed != text
    profile.write_text(allowed, encoding="utf-8")
    said = [
        atips(project.root, *words)
        for words in (
            ["consolidate", *FOLDERS],
            ["build", *BUILD, "--submissions", "data/submissions", "--explain"],
            ["release", "--year", "2024", *ROLES],
        )
    ]
    return project, "".join(said)


def atips(root: Path, *words: str) -> str:
    """What a command shows on the terminal; what it leaves elsewhere lies beside the project."""
    home, temporary = root.parent / "home", root.parent / "temporary"
    home.mkdir(exist_ok=True)
    temporary.mkdir(exist_ok=True)
    environment = os.environ | {"HOME": str(home), "TMPDIR": str(temporary)}
    done = subprocess.run(
        [sys.executable, "-m", "atips_analysis", *words],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def texts(name: str, content: bytes):
    """(name, text) of a file as a reader gets it: what a zip holds, what a PDF shows and says of itself."""
    yield name, content.decode("latin-1")
    yield name, html.unescape(content.decode("utf-8", errors="ignore"))
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for one in archive.namelist():
                yield from texts(f"{name}/{one}", archive.read(one))
    elif content.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(content))
        yield name, "".join(page.extract_text() for page in reader.pages)
        yield name, str(reader.metadata)


def holds(text: str, canary: str) -> bool:
    """Whether a text holds it, however it is broken into lines, grouped or written in an address."""
    plain, sought = (re.sub(r"%20|[^a-z0-9]", "", one.lower()) for one in (text, canary))
    return sought in plain


def found(root: Path, but: tuple[Path, ...] = ()) -> list[tuple[str, str]]:
    """(file, canary) of every canary below a folder, in names and contents; not below `but`."""
    files = [path for path in root.rglob("*") if path.is_file()]
    return [
        (name, canary)
        for path in files
        if not any(path.is_relative_to(one) for one in but)
        for name, text in texts(path.relative_to(root).as_posix(), path.read_bytes())
        for canary in (*IN_CELLS, IN_NAMES)
        if holds(name, canary) or holds(text, canary)
    ]


def test_canaries_are_read_and_stand_in_the_data_bank_so_that_they_could_leave(poisoned):
    project, _ = poisoned
    bank = open_databank(project.databank)
    kept = {name: bank.kept(name).to_csv() for name in ("quarantine", "files")}
    assert all(canary in kept["quarantine"] for canary in IN_CELLS)
    assert IN_NAMES in kept["files"]


def test_no_public_byte_holds_a_canary(poisoned):
    project, _ = poisoned
    pages = [
        file for file in project.reports.rglob("*") if file.suffix in (".html", ".pdf", ".zip")
    ]
    assert {file.suffix for file in pages} == {".html", ".pdf", ".zip"}
    assert not found(project.root, project.confidential)


def test_no_cache_and_no_temporary_file_outside_of_the_project_holds_a_canary(poisoned):
    project, _ = poisoned
    assert not found(project.root.parent / "home") + found(project.root.parent / "temporary")


def test_the_terminal_names_files_to_the_officer_and_never_shows_what_a_cell_holds(poisoned):
    _, shown = poisoned
    assert not [canary for canary in IN_CELLS if holds(shown, canary)]


def test_a_canary_that_is_put_into_a_page_a_pack_or_a_name_is_found(tmp_path):
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as archive:
        archive.writestr("reports/page.html", "<p>zephyr\nquillwort, Xiomara&nbsp;Quetzalhuitl</p>")
    (tmp_path / "Xiomara_Quetzalhuitl.csv").write_text("918,273,645,546")
    assert {canary for _, canary in found(tmp_path)} == set(IN_CELLS)
