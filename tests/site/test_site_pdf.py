"""The same reports on paper: nothing missing, nothing unresolved, everything named."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.reporting.annual_report_front import KEY_FIGURES
from atips_analysis.reporting.tidy import open_tidy

pytestmark = pytest.mark.xdist_group("site")

PAGES = {"annual-report": (14, 32), "best-practices": (5, 10)}
SHOWN = (
    ("PREV-02", "audience", "PARTICIPANT"),
    ("PREV-01", "topic", "SESSION"),
    ("PREV-05", "channel", "PRODUCT"),
    ("PREV-07", "citizenship_group", "SCREENING"),
    ("PREV-08", "inspection_type", "INSPECTION"),
    ("PREV-08", "finding", "INSPECTION"),
    ("PROT-06", "service_type", "SERVICE"),
    ("PROT-01", "age_group", "VICTIM"),
    ("PROT-01", "status_of_victim", "VICTIM"),
    ("PROS-01", "stage", "CASE"),
    ("PROS-01", "carried_over", "CASE"),
    ("PROS-07", "offence_group", "SUSPECT"),
)
"""Breakdowns that the annual report's chapters show."""


@pytest.fixture(scope="module")
def read(site):
    from pypdf import PdfReader

    readers = {}

    def open_once(name):
        if name not in readers:
            readers[name] = PdfReader(site / f"{name}.pdf")
        return readers[name]

    return open_once


TEXTS: dict[int, str] = {}


def words_of(reader) -> str:
    """All text of a PDF, read once."""
    if id(reader) not in TEXTS:
        text = " ".join(page.extract_text() for page in reader.pages)
        TEXTS[id(reader)] = " ".join(text.split())
    return TEXTS[id(reader)]


def reports(site: Path) -> list[str]:
    return sorted(
        file.relative_to(site).with_suffix("").as_posix()
        for file in site.rglob("*.pdf")
        if "pack" not in file.parts
    )


def test_every_report_has_title_language_bookmarks_and_tags(site, read):
    for name in reports(site):
        reader = read(name)
        root = reader.trailer["/Root"]
        assert reader.metadata.title, name
        assert root["/Lang"].startswith("es" if name.endswith("-es") else "en"), name
        assert root["/MarkInfo"]["/Marked"], name
        assert len(reader.outline) > 2, name


def test_no_glyph_is_missing_and_no_reference_unresolved(site, read):
    for name in reports(site):
        text = words_of(read(name))
        assert "\ufffd" not in text and "□" not in text, name
        assert not re.search(r"@(?:fig|tbl|sec)-|\?@|\(\?\)|\?\?", text), name
        assert not re.search(r"\{\{|\}\}|\bnan\b|<NA>", text), name
        assert ":::" not in text and "{#" not in text, name


def test_page_counts_are_what_a_reader_expects(read):
    for name, (least, most) in PAGES.items():
        assert least <= len(read(name).pages) <= most, name


def test_no_page_but_the_cover_and_the_last_is_nearly_empty(read):
    pages = read("annual-report").pages
    thin = [
        number
        for number, page in enumerate(pages, start=1)
        if 1 < number < len(pages) and len(page.extract_text()) < 350
    ]
    assert thin == []


def test_the_annual_report_prints_each_number_of_the_table_that_its_chapters_show(site, read):
    from atips_analysis.project import find_project

    tidy = open_tidy(_public(site), find_project(Path(__file__).parent))
    text = words_of(read("annual-report"))
    years = sorted(
        year for year in tidy.table["period"].unique() if re.fullmatch(r"\d{4}", str(year))
    )
    missing = []
    for indicator, dimension, unit in SHOWN:
        table = tidy.across(indicator, years, dimension, unit=unit, statistic="count")
        for _, row in table.iterrows():
            numbers = " ".join(_as_printed(row[year]) for year in years)
            if row[""] != "Total" and numbers not in text:
                missing.append(f"{indicator} {row['']}: {numbers}")
    assert missing == []


def test_the_key_figures_are_those_of_the_protected_table(site, read):
    from atips_analysis.project import find_project

    tidy = open_tidy(_public(site), find_project(Path(__file__).parent))
    text = words_of(read("annual-report"))
    for indicator, unit, words in KEY_FIGURES:
        number = _as_printed(tidy.cell(indicator, 2024, unit, "count"))
        assert f"{number} {words}" in text, words


def test_the_last_page_says_what_the_report_is_made_from(site, read):
    for name in reports(site):
        last = words_of(read(name))[-2500:]
        for what in ("Draft", "Typst") if not name.endswith("-es") else ("Borrador", "Typst"):
            assert what in last, (name, what)
    text = words_of(read("annual-report"))[-1200:]
    for what in ("Simulated", "Edition of the data bank", "Baseline", "atips-analysis"):
        assert what in text, what


def _as_printed(cell) -> str:
    return "c" if pd.isna(cell.value) else f"{cell.value:,.0f}"


def _public(site: Path) -> Path:
    """A folder as `open_tidy` takes it, from what is published."""
    import json
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="atips-public-"))
    shutil.copyfile(site / "indicators.csv", folder / "indicators.csv")
    manifest = json.loads((site / "manifest.json").read_text(encoding="utf-8"))
    about = {key: manifest[key] for key in ("edition", "simulated", "year", "baseline")}
    (folder / "build.json").write_text(json.dumps(about), encoding="utf-8")
    return folder
