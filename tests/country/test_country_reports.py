"""Every report of an invented country is built, and none of its pages names another one.

The invented country's submissions are simulated from its own data (`tests/country`). What is read
is the text of every page and of every PDF.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from atips_analysis.build.building import build_reports
from atips_analysis.build.page_register import load_pages
from atips_analysis.codebook import load_codebook
from atips_analysis.example import read_scenario
from atips_analysis.example.writing import write_example
from atips_analysis.project import Project

pytestmark = pytest.mark.whole
ANNEX = "specification"
"""The page that shows the library's tests as they stand: their code has codes of agencies."""
NEAR, LISTED = 160, 3
"""A country stands in a list of countries where so many others stand so many letters from it."""


class Text(HTMLParser):
    """What a reader of a page reads or hears: its text, and the texts of its pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style"}
        said = dict(attrs)
        self.parts += [str(said[name]) for name in ("alt", "title", "content") if said.get(name)]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def text_of(file: Path) -> str:
    if file.suffix == ".html":
        reader = Text()
        reader.feed(file.read_text(encoding="utf-8"))
        return " ".join(" ".join(reader.parts).split())
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return " ".join(" ".join(pages).split())


def in_a_list_of_countries(text: str, start: int, countries: set[str]) -> bool:
    around = text[max(0, start - NEAR) : start + NEAR]
    return sum(country in around for country in countries) >= LISTED


@pytest.fixture(scope="module")
def texts(invented: Project) -> dict[str, str]:
    """The text of each page and PDF of the invented country's reports, by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(invented.root)
        write_example(invented.example, read_scenario(invented))
        build_reports(project=invented, renderer="embedded", show=False)
    built = invented.reports / "2024-simulated"
    files = sorted([*built.rglob("*.html"), *built.rglob("*.pdf")])
    return {file.relative_to(built).as_posix(): text_of(file) for file in files}


def test_every_page_is_built_in_every_form(invented: Project, texts: dict[str, str]) -> None:
    wanted = {f"{page.name}.{form}" for page in load_pages(invented) for form in page.formats}
    assert wanted | {"index.html"} <= set(texts)
    assert all(len(text) > 500 for text in texts.values())


def test_no_page_names_the_other_country_its_districts_or_its_agencies(
    texts: dict[str, str], ours: Project, own_names: list[str]
) -> None:
    countries = set(load_codebook(ours).codelist("country_iso3").labels("en").values())
    countries |= set(load_codebook(ours).codelist("country_iso3").labels("es").values())
    own = {ours.profile["country"][f"name_{lang}"] for lang in ("en", "es")}
    found = []
    for name in own_names:
        pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        for page, text in texts.items():
            if page.startswith(ANNEX) and re.fullmatch("[A-Z_]+", name):
                continue
            for match in pattern.finditer(text):
                if name in own | {ours.profile["country"]["iso3"]} and in_a_list_of_countries(
                    text, match.start(), countries - own
                ):
                    continue
                found.append(f"{page}: {text[max(0, match.start() - 40) : match.end() + 40]}")
    assert found == []


def test_the_pages_name_the_invented_country_its_districts_and_agencies(
    texts: dict[str, str],
) -> None:
    whole = " ".join(texts.values())
    for name in ("Costa Serena", "Serenian Council", "Puerto Lirio", "Guard Unit on Trafficking"):
        assert name in whole, name
