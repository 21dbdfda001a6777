"""The front page: what it names, what it bears, and what its search reads."""

from __future__ import annotations

import json
import re
import shutil
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import dimensions
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.place import narrow, wide_columns
from atips_analysis.indicators.table import write_table
from atips_analysis.project import find_project
from atips_analysis.render.front_page import write_front_pages
from atips_analysis.render.front_page_search import sections_of

PROJECT = find_project(Path(__file__).parent)
PAGES = [
    ("annual-report", "Annual report", "The year.", "en", "annual-report"),
    ("research/trends", "What changed", "Series.", "en", "research/trends"),
    ("methods-en", "Methods", "What figures cover.", "en", "methods"),
    ("methods-es", "Nota metodológica", "Qué abarcan las cifras.", "es", "methods"),
]


def public_side(folder: Path, *, simulated: bool, calendar: dict[str, str] | None = None) -> Path:
    period = parse_period("2024")
    row = dict.fromkeys(wide_columns(), "") | dict.fromkeys(dimensions(), "Total")
    row |= {"indicator_id": "PROS-01", "unit_of_count": "CASE", "statistic": "count"}
    row |= {"period": "2024", "period_start": period.start_date, "period_end": period.end_date}
    row |= {"status": "OK", "source": "simulated" if simulated else "register"}
    table = pd.DataFrame([row], columns=list(wide_columns()))
    for name in ("value", "numerator", "denominator", "ci_low", "ci_high", "low", "high"):
        table[name] = pd.array([18 if name == "value" else None], dtype="Float64")
    folder.mkdir()
    write_table(narrow(table), folder / "indicators.csv")
    about = {"year": 2024, "baseline": "2021-2023", "edition": "0123456789ab", "version": "1"}
    about |= {"simulated": simulated, "calendar": calendar or {}}
    (folder / "build.json").write_text(json.dumps(about))
    account = {"threshold": 5, "shown": 1, "hidden": 1234}
    (folder / "protection.json").write_text(json.dumps(account))
    return folder


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """`reports/` with front pages, written once for all that ask for the same."""

    @cache
    def written(name: str, draft: bool, days: tuple, bulletins: tuple[str, ...]) -> Path:
        root = tmp_path_factory.mktemp("front")
        folder = root / "reports" / name
        (folder / "research").mkdir(parents=True)
        for page, title, *_ in PAGES:
            (folder / f"{page}.html").write_text(f"<main><h2>{title}</h2></main>", encoding="utf-8")
        for bulletin in bulletins:
            (folder / f"{bulletin}.html").write_text("<main></main>")
        earlier = root / "reports" / name.replace("2024", "2023")
        earlier.mkdir()
        (earlier / "index.html").write_text("", encoding="utf-8")
        public = public_side(
            root / "public", simulated=name.endswith("-simulated"), calendar=dict(days)
        )
        write_front_pages(folder, public, PROJECT, PAGES, draft=draft)
        return root / "reports"

    return written


@pytest.fixture
def front_page(reports, tmp_path: Path):
    """Writes `reports/` into the test's folder, and returns what the front page is."""

    def copied(*, simulated: bool, draft: bool = True, calendar=None, bulletins=()) -> str:
        name = "2024-simulated" if simulated else "2024"
        made = reports(name, draft, tuple((calendar or {}).items()), bulletins)
        shutil.copytree(made, tmp_path / "reports")
        return (tmp_path / "reports" / name / "index.html").read_text(encoding="utf-8")

    return copied


def test_what_agencies_returned_bears_the_council_and_no_mark(front_page, tmp_path) -> None:
    html = front_page(simulated=False)
    assert PROJECT.profile["council"]["issuing_body_en"] in html
    assert 'class="band"' not in html and "SIMULATED" not in html
    assert (tmp_path / "reports" / "2024" / "tables" / "prosecution.csv").is_file()


def test_what_was_simulated_bears_nobody_and_its_tables_say_so_in_their_names(
    front_page, tmp_path
) -> None:
    html = front_page(simulated=True)
    assert PROJECT.profile["council"]["issuing_body_en"] not in html
    assert 'class="band"' in html and "SIMULATED RECORDS" in html
    tables = tmp_path / "reports" / "2024-simulated" / "tables"
    assert sorted(file.name for file in tables.iterdir()) == [
        "all-long-simulated.csv",
        "prosecution-simulated.csv",
    ]


def test_the_bulletins_that_lie_there_are_led_to(front_page) -> None:
    there = ("bulletin-2024-Q3", "bulletin-2023-11-to-2024-02")
    html = front_page(simulated=True, bulletins=there)
    reports = html.split('<section id="reports">')[1].split("</section>")[0]
    assert 'href="bulletin-2024-Q3.html">Bulletin, July to September 2024<' in reports
    assert "Bulletin, November 2023 to February 2024" in reports


def test_pages_stand_under_what_they_are(front_page) -> None:
    html = front_page(simulated=True)
    parts = html.split('<section id="')
    holding = {part.split('"')[0]: part for part in parts}
    assert "annual-report.html" in holding["reports"]
    assert "research/trends.html" in holding["research"]
    assert "methods-en.html" in holding["reference"]
    assert "methods-es" not in holding["reference"]


def test_each_language_has_a_front_page_that_leads_to_the_other(front_page, tmp_path) -> None:
    english = front_page(simulated=True)
    spanish = (tmp_path / "reports" / "2024-simulated" / "index-es.html").read_text("utf-8")
    assert 'href="index-es.html" lang="es"' in english
    assert "es un borrador que nadie ha revisado" in spanish
    assert "draft that nobody has reviewed" not in english
    assert '<html lang="es">' in spanish and 'href="index.html" lang="en"' in spanish
    reference = spanish.split('<section id="reference">')[1].split("</section>")[0]
    assert "methods-es.html" in reference and "methods-en.html" not in spanish
    elsewhere = spanish.split('<section id="elsewhere">')[1].split("</section>")[0]
    assert '<dt lang="en"><a href="annual-report.html">' in elsewhere
    assert "<h2>Solo en inglés</h2>" in elsewhere


def test_words_that_nobody_has_read_are_not_released_on_a_front_page(front_page, tmp_path) -> None:
    english = front_page(simulated=True, draft=False)
    assert not (tmp_path / "reports" / "2024-simulated" / "index-es.html").exists()
    assert "index-es" not in english


def test_a_telephone_number_is_a_link_that_dials_it(front_page) -> None:
    html = front_page(simulated=True)
    assert '<a href="tel:911">911</a>' in html
    assert 'Toll Free <a href="tel:08007768328">0-800-PROTECT</a>' in html


def test_a_key_figure_shows_the_years_that_it_stands_among(front_page) -> None:
    figures = front_page(simulated=True).split('<section id="figures">')[1].split("</section>")[0]
    assert "<strong>18</strong> suspected cases investigated" in figures
    assert 'alt="suspected cases investigated. 2024: 18."' in figures


def test_a_draft_leads_to_the_year_before_and_a_release_stands_alone(front_page, tmp_path) -> None:
    assert "../2023-simulated/index.html" in front_page(simulated=True)


def test_a_release_names_nothing_beside_it(front_page) -> None:
    assert "../2023" not in front_page(simulated=True, draft=False)


DAYS = {"released": "2025-06-30", "next_due": "2026-03-31", "next_release": "2026-06-30"}


def next_lines(html: str) -> list[str]:
    part = html.partition('<section id="next">')[2].partition("</section>")[0]
    return re.findall(r"<li>(.*?)</li>", part)


def test_what_comes_next_is_three_lines_of_public_days(front_page, tmp_path) -> None:
    english = front_page(simulated=True, calendar=DAYS)
    assert next_lines(english) == [
        "Reports on 2024: to be released by 30 June 2025.",
        "Returns for 2025: the last of the agencies is due by 31 March 2026.",
        "Reports on 2025: to be released by 30 June 2026.",
    ]
    spanish = (tmp_path / "reports" / "2024-simulated" / "index-es.html").read_text("utf-8")
    assert (
        next_lines(spanish)[0]
        == "Informes sobre 2024: se publican a más tardar el 30 de junio de 2025."
    )
    for confidential in ("question", "approv", "overdue", "missing"):
        assert confidential not in " ".join(next_lines(english)).lower()


def test_a_released_front_page_says_that_it_is_released(front_page) -> None:
    assert next_lines(front_page(simulated=True, draft=False, calendar=DAYS))[0] == (
        "Reports on 2024: released; what is corrected later is told in the methods note."
    )


def test_where_nobody_set_a_day_the_front_page_tells_none(front_page) -> None:
    assert 'id="next"' not in front_page(simulated=True)


def test_values_that_are_hidden_are_counted(front_page) -> None:
    assert "1,234 hidden for protection" in " ".join(front_page(simulated=True).split())


def test_search_reads_the_sections_of_either_renderers_pages() -> None:
    embedded = (
        '<main><section id="a"><h2><span class="number">1</span> Cases</h2><p>Text</p></section>'
    )
    with_quarto = (
        '<main><section id="a"><h1><span class="header-section-number">1</span> Cases</h1>'
        "<p>Text</p></section>"
    )
    for html in (embedded, with_quarto):
        assert ("a", "Cases", "Text") in sections_of(html)


def test_search_finds_a_table_by_its_caption_and_the_names_of_its_rows() -> None:
    embedded = (
        '<main><section id="a"><h2>Cases</h2><p>Text</p><div id="tbl-x" class="table-figure">'
        '<div id="tbl-x-caption" class="table-caption"><p>Cases by district</p></div>'
        "<table><thead><tr><th>District</th><th>2024</th></tr></thead><tbody><tr>"
        '<th scope="row">Cayo</th><td>7</td></tr></tbody></table></div></section></main>'
    )
    with_quarto = embedded.replace(
        '<div id="tbl-x-caption" class="table-caption"><p>Cases by district</p></div>',
        "<figure><figcaption>Cases by district</figcaption>",
    )
    for html in (embedded, with_quarto):
        anchor, title, text = sections_of(html)[-1]
        assert (anchor, title) == ("tbl-x", "Cases by district")
        assert "Cayo" in text and "7" not in text.split()
