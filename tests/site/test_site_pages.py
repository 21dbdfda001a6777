"""The site in a browser: accessible, complete, from a file, at a desk and on a phone."""

from __future__ import annotations

import re
from urllib.parse import unquote, urldefrag, urljoin, urlparse

import pytest

pytestmark = pytest.mark.xdist_group("site")

WIDTHS = (1280, 390)
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], resultTypes: ['violations']}"


def pages(site):
    return sorted(file for file in site.rglob("*.html") if "pack" not in file.parts)


def test_no_page_violates_wcag_21_aa_at_a_desk_or_on_a_phone(site, browser, axe):
    found = []
    for page in pages(site):
        for width in WIDTHS:
            browser.open(page, width)
            browser.value("document.querySelectorAll('details').forEach(d => { d.open = true; })")
            browser.value(axe + "; true")
            violations = browser.value(
                f"axe.run(document, {RULES}).then(r => r.violations.map(v => "
                "v.id + ': ' + v.nodes.slice(0, 2).map(n => n.html.slice(0, 120)).join(' | ')))"
            )
            found += [f"{page.name} at {width}: {one}" for one in violations]
    assert found == []


def test_no_page_reports_an_error_asks_for_anything_or_is_wider_than_the_screen(site, browser):
    for page in pages(site):
        for width in WIDTHS:
            visit = browser.open(page, width)
            browser.value("document.querySelectorAll('details').forEach(d => { d.open = true; })")
            wide = browser.value("document.documentElement.scrollWidth")
            assert visit.errors == [], page.name
            asked = [url for url in visit.requests if not url.startswith("data:")]
            assert asked == [page.resolve().as_uri()], page.name
            assert wide <= width, f"{page.name} at {width}"


def test_every_link_and_download_leads_to_something(site, browser):
    broken, ids = [], {}
    for page in pages(site):
        browser.open(page, 1280)
        here = page.resolve().as_uri()
        for link in browser.value("[...document.links].map(a => a.getAttribute('href'))"):
            if link.startswith("data:text/csv"):
                continue
            target, fragment = urldefrag(urljoin(here, link))
            parts = urlparse(target)
            if parts.scheme != "file":
                assert parts.scheme in {"http", "https", "mailto", "tel"}, link
                continue
            path = unquote(parts.path)
            if path not in ids:
                ids[path] = _ids(path)
            if ids[path] is None or (fragment and unquote(fragment) not in ids[path]):
                broken.append(f"{page.name}: {link}")
    assert broken == []


def test_the_front_page_leads_to_every_page_and_table(site, browser):
    browser.open(site / "index.html", 1280)
    linked = set(browser.value("[...document.links].map(a => a.getAttribute('href'))"))
    made = {
        file.relative_to(site).as_posix()
        for kind in ("html", "pdf", "csv")
        for file in site.rglob(f"*.{kind}")
    }
    assert made - {"index.html"} <= linked


def test_search_finds_a_section_by_its_words_without_a_server(site, browser):
    browser.open(site / "index.html", 1280)
    browser.value(
        "(() => { const box = document.getElementById('search-words'); box.value = 'arrest becam';"
        " box.dispatchEvent(new Event('input')); })()"
    )
    browser.wait_for("document.querySelectorAll('#search-found li').length > 0")
    first = browser.value("document.querySelector('#search-found a').getAttribute('href')")
    assert first == "annual-report.html#sec-arrests"
    said = browser.value("document.getElementById('search-count').textContent")
    assert re.fullmatch(r"\d+ sections?", said)


def test_search_in_spanish_takes_words_without_accents(site, browser):
    browser.open(site / "index.html", 1280)
    browser.value(
        "(() => { const box = document.getElementById('search-words'); box.value = 'victimas';"
        " box.dispatchEvent(new Event('input')); })()"
    )
    browser.wait_for("document.querySelectorAll('#search-found li').length > 0")
    assert "regional-pack-es.html" in browser.value(
        "[...document.querySelectorAll('#search-found a')].map(a => a.getAttribute('href')).join(' ')"
    )


def test_practices_are_shown_by_priority_area_from_the_keyboard(site, browser):
    browser.open(site / "best-practices.html", 1280)
    count = (
        "[...document.querySelectorAll('main section[data-area]')].filter(s => !s.hidden).length"
    )
    assert browser.value(count) == 4
    browser.value("document.querySelectorAll('.filter input')[1].click()")
    assert browser.value(count) == 1
    assert browser.value(
        "[...document.querySelectorAll('.table-figure tbody tr')].filter(r => !r.hidden)"
        ".every(r => r.cells[1].textContent.trim() === 'Prevention')"
    )


def test_a_table_can_be_taken_and_says_that_it_is_simulated(site, browser):
    browser.open(site / "annual-report.html", 1280)
    name, text = browser.value(
        "(() => { const a = document.querySelector('#tbl-courts .take a, #tbl-courts + .take a') || "
        "document.querySelector('.take a'); return [a.download, decodeURIComponent(a.href)]; })()"
    )
    assert name.endswith("-simulated.csv")
    assert "SIMULATED RECORDS" in text.splitlines()[0]


def test_every_figure_has_words_and_its_numbers_one_click_away(site, browser):
    browser.open(site / "annual-report.html", 1280)
    figures = browser.value(
        "[...document.querySelectorAll('main figure')].map(f => { let n = f.nextElementSibling;"
        " while (n && n.matches('.source')) n = n.nextElementSibling;"
        " return [f.id, f.querySelector('img').alt, !!n && n.matches('details.figure-data')]; })"
    )
    assert len(figures) > 12
    for id, alt, has_table in figures:
        assert len(alt) > 40 and not re.search(r"\bnan\b|None", alt), id
        assert has_table, id


def test_every_page_says_what_it_is_made_from_and_how_to_report(site):
    for page in pages(site):
        text = page.read_text(encoding="utf-8")
        assert 'class="made-from"' in text, page.name
        assert 'class="reporting-lines"' in text, page.name
        assert "atips-analysis" in text, page.name


def _ids(path: str) -> set[str] | None:
    from pathlib import Path

    file = Path(path)
    if not file.is_file():
        return None
    if file.suffix != ".html":
        return set()
    return set(re.findall(r'\sid="([^"]+)"', file.read_text(encoding="utf-8")))
