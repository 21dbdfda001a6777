"""The officer's desk: one page on the confidential side with all that an officer has to know."""

from __future__ import annotations

import shutil

import pytest

from atips_analysis.databank.consolidation import consolidate
from atips_analysis.project import Project, find_project
from atips_analysis.release.desk import TEN, write_desk
from atips_analysis.render.page_html import read_page
from atips_analysis.words import languages

OURS = find_project().root
ROWS = "month,inspection_type,sector,district,finding,n\n" + "".join(
    f"2024-{month:02d},ROUTINE,I,CY,NONE,{month}\n" for month in range(1, 7)
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A project with the half year of one agency that owes a whole one, and no reports yet."""
    root = tmp_path_factory.mktemp("desk")
    for folder in ("_extensions", "expectations", "notebooks", "data/council", "data/framework"):
        shutil.copytree(OURS / folder, root / folder)
    (root / "data" / "council" / "returns.csv").write_text(
        "agency,stream,period,due\nLABOUR,inspections,2024,90 days\n", encoding="utf-8"
    )
    submissions = root / "data" / "submissions"
    submissions.mkdir()
    (submissions / "LABOUR_2024_inspections.csv").write_text(ROWS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        project = Project(root)
        consolidate(submissions, project.databank, project.expectations, {})
        yield project, write_desk(project, project.databank)


def test_it_lies_on_the_confidential_side_and_says_so_first(desk):
    project, path = desk
    assert path == project.root / "data" / "work" / "desk.html"
    assert "Confidential" in read_page(path.read_text(encoding="utf-8")).text[:600]


def test_it_loads_nothing_and_its_tables_and_pictures_can_be_heard(desk):
    html = desk[1].read_text(encoding="utf-8")
    assert read_page(html).loads == []
    assert html.count("<caption") == html.count("<table") >= 1
    assert 'scope="row">LABOUR' in html and "6 received, 6 missing" in html
    assert '<html lang="en"' in html


def test_it_says_what_was_read_what_waits_and_what_comes_next(desk):
    text = " ".join(read_page(desk[1].read_text(encoding="utf-8")).text.split())
    assert "rows read 6 = accepted 6 + quarantined 0 + duplicates 0" in text
    assert "■■■■■■······" in text
    assert "returns: due 2025-03-31: LABOUR" in text and "questions: none is open" in text
    assert "No reports of 2024 are built from these records yet" in text


def test_it_explains_the_marks_that_it_uses_and_no_others(desk):
    text = " ".join(read_page(desk[1].read_text(encoding="utf-8")).text.split())
    assert "■ received; · missing." in text
    assert not {"◪", "◐", "×"} & set(text)


def test_its_apostrophes_are_set_as_those_of_every_page(desk):
    text = read_page(desk[1].read_text(encoding="utf-8")).text
    assert "This page stays on the officer’s side" in text and "'" not in text


def test_a_day_stands_on_one_line(desk):
    assert '<span class="as-one">2025-03-31</span>' in desk[1].read_text(encoding="utf-8")


def test_a_wide_table_scrolls_by_itself_and_the_page_does_not():
    written = (OURS / "_extensions" / "atips" / "desk.html").read_text(encoding="utf-8")
    assert written.count('<div class="table-scroll"') == written.count("<table") == 2


def test_it_says_what_a_build_would_stop_at_with_file_and_row(desk):
    project, _ = desk
    targets = project.council / "targets.csv"
    good = targets.read_text(encoding="utf-8")
    targets.write_text(good.rstrip("\n") + "\nNO-01" + "," * 20 + "\n", encoding="utf-8")
    try:
        text = read_page(write_desk(project, project.databank).read_text(encoding="utf-8")).text
    finally:
        targets.write_text(good, encoding="utf-8")
    assert "targets.csv" in text.partition("What the gate would still refuse")[2]


def test_it_is_written_in_the_project_s_language_and_what_is_wrong_too(desk, monkeypatch):
    project, path = desk
    before = path.read_bytes()
    spoken = project.profile["languages"] | {"reports": ["es"]}
    monkeypatch.setitem(project.profile, "languages", spoken)
    targets = project.council / "targets.csv"
    good = targets.read_text(encoding="utf-8")
    targets.write_text(f"{good}NO-01,2025\n", encoding="utf-8")
    html = write_desk(project, project.databank).read_text(encoding="utf-8")
    targets.write_text(good, encoding="utf-8")
    path.write_bytes(before)
    text = " ".join(read_page(html).text.split())
    assert '<html lang="es"' in html and "Confidencial" in text[:600]
    assert "Qué sigue" in text and "remisiones: vence el 2025-03-31: LABOUR" in text
    assert "6 recibidos, 6 faltantes" in text
    assert "NO-01 no es un indicador del marco; corríjalo" in text
    assert "no hay nada generado de 2024 en reports; ejecute antes" in text
    for english in ("What ", "Nothing", "Waiting", "received", "rows read"):
        assert english not in text, english


def test_its_ten_figures_are_named_in_every_language():
    assert len(TEN) == 10
    for lang in languages():
        assert len({one.said(lang) for one in TEN}) == 10


def test_another_data_bank_than_the_project_s_writes_no_desk(desk, tmp_path):
    project, path = desk
    before = path.read_bytes()
    assert write_desk(project, tmp_path) is None
    assert path.read_bytes() == before
