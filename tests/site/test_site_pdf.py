"""The same reports on paper: nothing missing, nothing unresolved, everything named."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.pages.key_figures import KEY_FIGURES
from atips_analysis.pages.tidy import open_tidy

PAGES = {
    "annual-report": (10, 14),
    "back-test": (4, 8),
    "baseline": (6, 12),
    "best-practices": (5, 10),
    "methods-en": (3, 4),
    "methods-es": (3, 4),
    "reference-sheets-en": (10, 24),
}
PAGES |= {f"regional-pack-{lang}": (6, 10) for lang in ("en", "es")}
PAGES |= {f"brief-{lang}": (2, 2) for lang in ("en", "es")}


@pytest.fixture(scope="module")
def read(site):
    from pypdf import PdfReader

    readers = {}

    def open_once(name):
        if name not in readers:
            readers[name] = PdfReader(site / f"{name}.pdf")
        return readers[name]

    return open_once


@cache
def words_of(reader) -> str:
    """All text of a PDF, read once."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


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
        assert len(reader.outline) >= (2 if name.startswith("bulletin") else 3), name


def test_no_glyph_is_missing_and_no_reference_unresolved(site, read):
    for name in reports(site):
        text = words_of(read(name))
        assert "\ufffd" not in text and "□" not in text, name
        assert not re.search(r"@(?:fig|tbl|sec)-|\?@|\(\?\)|\?\?", text), name
        assert not re.search(r"\{\{|\}\}|\bnan\b|<NA>", text), name
        assert ":::" not in text and "{#" not in text, name


def test_page_counts_are_what_a_reader_expects(site, read):
    for name, (least, most) in PAGES.items():
        if (site / f"{name}.pdf").is_file():
            assert least <= len(read(name).pages) <= most, name


def test_every_report_claims_pdf_ua_and_every_picture_in_it_has_words(site, read):
    for name in reports(site):
        root = read(name).trailer["/Root"]
        assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data(), name
        pictures = [one for one in structure(root) if one.get("/S") == "/Figure"]
        assert [one for one in pictures if not str(one.get("/Alt", "")).strip()] == [], name
    figures = structure(read("annual-report").trailer["/Root"])
    assert sum(one.get("/S") == "/Figure" for one in figures) >= 5


def structure(root):
    """The elements of a PDF's structure tree, from the top."""
    waiting = [root["/StructTreeRoot"]["/K"]]
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            yield one
            waiting.extend([one["/K"]] if "/K" in one else [])


def test_bookmarks_lead_through_the_chapters_of_the_published_report(read):
    titles = [one.title for one in read("annual-report").outline if not isinstance(one, list)]
    words = [title.split(" ", 1)[-1].strip().lower() for title in titles]
    wanted = ["the year in brief", "foreword", "introduction", "partnership and coordination"]
    wanted += ["ngo highlight", "prevention and capacity building", "protection"]
    wanted += ["prosecution and investigation", "labour highlight", "beside earlier years"]
    wanted += ["where to find more", "acronyms"]
    places = [
        next(at for at, title in enumerate(titles) if title.lower().endswith(one)) for one in wanted
    ]
    assert places == sorted(places), words


def test_how_to_report_trafficking_stands_at_the_front(read):
    front = " ".join(read("annual-report").pages[1].extract_text().split())
    assert "To report human trafficking" in front
    assert "911" in front and "0-800-PROTECT" in front and "922" in front


def test_the_year_stands_on_one_page(read):
    pages = [" ".join(page.extract_text().split()) for page in read("annual-report").pages]
    first = next(text for text in pages[2:] if "The year in brief" in text)
    assert "How to read the numbers" in first and "What is not collected." in first


def test_no_page_but_the_cover_and_the_last_is_nearly_empty(read):
    pages = read("annual-report").pages
    thin = [
        number
        for number, page in enumerate(pages, start=1)
        if 1 < number < len(pages) and len(page.extract_text()) < 350
    ]
    assert thin == []


def test_the_key_figures_are_those_of_the_protected_table(site, read):
    from atips_analysis.project import find_project

    tidy = open_tidy(_public(site), find_project(Path(__file__).parent))
    text = words_of(read("annual-report"))
    for indicator, unit, words in KEY_FIGURES:
        cell = tidy.cell(indicator, 2024, unit, "count")
        number = "hidden" if cell.status == "C" else _as_printed(cell)
        assert f"{number} {words}" in text, words


def test_the_first_page_of_text_or_a_brief_s_end_says_what_the_report_is_made_from(site, read):
    for name in reports(site):
        spanish = name.endswith("-es")
        title = (
            "Con qué se elaboró esta publicación"
            if spanish
            else "What this publication is made from"
        )
        pages = read(name).pages
        some = {" ".join(page.extract_text().split()) for page in (*pages[:2], pages[-1])}
        (page,) = [text for text in some if title in text]
        colophon = page[page.index(title) :]
        for what in ("Borrador" if spanish else "Draft", "Typst"):
            assert what in colophon, (name, what)
        if name == "annual-report":
            for what in ("Simulated", "Edition of the data bank", "Baseline", "atips-analysis"):
                assert what in colophon, what


def _as_printed(cell) -> str:
    if pd.isna(cell.value):
        return "c"
    mark = " p" if cell.status == "PV" else ""
    return f"{cell.value:,.0f}{mark}"


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
