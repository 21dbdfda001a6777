"""The site in a browser: accessible, complete, from a file, at a desk and on a phone."""

from __future__ import annotations

import re
from base64 import b64decode
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlparse

import pytest

WIDTHS = (1280, 390)
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], resultTypes: ['violations']}"


WHOLE = pytest.mark.parametrize(
    "site", [pytest.param("whole", marks=pytest.mark.whole)], indirect=True
)
"""What looks at a page that the small site does not have."""


def searches(named=("asked", "page"), **asked: list[tuple[str, ...]]):
    """What is asked of the small site and, the rest, of the whole one; with the page that is found."""
    marks = {"small": (), "whole": pytest.mark.whole}
    return pytest.mark.parametrize(
        ("site", *named),
        [pytest.param(on, *one, marks=marks[on]) for on, every in asked.items() for one in every],
        indirect=["site"],
    )


def pages(site):
    return sorted(file for file in site.rglob("*.html") if "pack" not in file.parts)


LOOK = """
(() => ({
  wide: document.documentElement.scrollWidth,
  links: [...document.links].map((a) => a.getAttribute('href')),
  unnamed: [...document.querySelectorAll('main img')].filter((i) => (i.alt || '').length < 20)
    .map((i) => i.outerHTML.slice(0, 80)),
  takes: document.querySelectorAll('main .take a').length,
  tables: document.querySelectorAll('main table').length,
  lang: document.documentElement.lang,
  band: !!document.querySelector('.band'),
  small: [...document.querySelectorAll('main figure img, main .on-phone img, .key-years img')]
    .filter((i) => i.offsetParent && i.clientWidth < 0.98 * Math.min(i.naturalWidth, 691))
    .map((i) => `${(i.closest('figure, li')?.textContent ?? i.alt).trim().slice(0, 40)}: ${i.clientWidth} of ${i.naturalWidth}`),
  crammed: [...document.querySelectorAll('main tbody th:first-child')]
    .filter((h) => {
      const words = document.createRange();
      words.selectNodeContents(h);
      return words.getBoundingClientRect().height > 8.5 * parseFloat(getComputedStyle(h).lineHeight);
    })
    .map((h) => h.textContent.trim().slice(0, 60)),
  stiff: [...document.querySelectorAll('main table:has(thead th:nth-child(2).to-right):has(thead th:last-child.to-right):not(:has(thead th:nth-child(8)))')]
    .filter((t) => parseFloat(getComputedStyle(t).minWidth) > 0)
    .map((t) => t.innerText.trim().slice(0, 60)),
  scrolled: [...document.querySelectorAll('main table.stacked')]
    .filter((t) => window.innerWidth < 600 && t.scrollWidth > t.closest('.table-scroll').clientWidth)
    .map((t) => t.innerText.trim().slice(0, 60)),
  uneven: [...document.querySelectorAll('main .table-scroll tbody tr')]
    .filter((r) => Math.abs(r.getBoundingClientRect().height - Math.round(r.getBoundingClientRect().height)) > 0.02)
    .map((r) => `${r.textContent.trim().slice(0, 40)}: ${r.getBoundingClientRect().height}`),
  unsaid: [...document.querySelectorAll('main .table-figure')]
    .filter((t) => [...t.querySelectorAll('thead th')].filter((h) => /^20[0-9]{2}$/.test(h.textContent.trim())).length > 1)
    .map((t) => [t.id, t.nextElementSibling?.matches('.source') ? t.nextElementSibling.textContent : ''])
    .filter(([, note]) => /simulated records|registros simulados/.test(note))
    .filter(([, note]) => !/invented|published|public already|inventad|publicad|públicos/i.test(note))
    .map(([id]) => id),
  unranged: [...document.querySelectorAll('main tbody tr')]
    .filter((r) => [...r.cells].some((c) => c.textContent.trim() === 'c'))
    .map((r) => r.cells[0].textContent.trim())
    .filter((head) => !/%|median|ratio/i.test(head)),
  home: [...document.querySelectorAll('.ways a')].map((a) => a.getAttribute('href')),
}))()
"""
LENGTH = "document.documentElement.scrollHeight"
LONGEST = 15_000
"""Pixels of a page on a phone, with what is folded away left folded."""


@pytest.fixture(scope="module")
def looks(site, browser, axe):
    """What each page is at a desk and on a phone: every page is opened once a width."""
    found = {}
    for page in pages(site):
        for width in WIDTHS:
            visit = browser.open(page, width)
            length = browser.value(LENGTH)
            browser.value("document.querySelectorAll('details').forEach(d => { d.open = true; })")
            browser.value(
                "document.querySelectorAll('button.chapter[aria-expanded=false]').forEach(b => b.click())"
            )
            look = browser.value(LOOK) | {"length": length}
            browser.value(axe + "; true")
            look["violations"] = browser.value(
                f"axe.run(document, {RULES}).then(r => r.violations.map(v => "
                "v.id + ': ' + v.nodes.slice(0, 2).map(n => n.html.slice(0, 120)).join(' | ')))"
            )
            look["errors"] = list(visit.errors)
            asked = [url for url in visit.requests if not url.startswith("data:")]
            look["asked"] = [url for url in asked if url != page.resolve().as_uri()]
            found[page, width] = look
    return found


def every(site, looks, what):
    return [
        f"{page.relative_to(site).as_posix()} at {width}: {one}"
        for (page, width), look in looks.items()
        for one in look[what]
    ]


def test_no_page_violates_wcag_21_aa_at_a_desk_or_on_a_phone(site, looks):
    assert every(site, looks, "violations") == []


def test_a_table_of_numbers_is_as_narrow_as_they_are(site, looks):
    assert every(site, looks, "stiff") == []


def test_a_table_of_words_need_not_be_scrolled_on_a_phone(site, looks):
    assert every(site, looks, "scrolled") == []


def test_no_page_reports_an_error_or_asks_for_anything(site, looks):
    assert every(site, looks, "errors") == []
    assert every(site, looks, "asked") == []


def test_no_page_is_wider_than_the_screen(site, looks):
    assert [
        f"{page.name} at {width}: {look['wide']}"
        for (page, width), look in looks.items()
        if look["wide"] > width
    ] == []


def test_the_words_in_charts_are_as_large_as_they_were_drawn_also_on_a_phone(site, looks):
    assert every(site, looks, "small") == []


def test_words_are_drawn_at_nine_points_which_are_twelve_pixels(site):
    small = {
        (page.name, size)
        for page in pages(site)
        for picture in re.findall('data:image/svg.xml;base64,([^"]+)', page.read_text("utf-8"))
        for size in re.findall(r"scale\((0\.\d+) -0\.\d+\)", b64decode(picture).decode("utf-8"))
        if float(size) < 0.09  # of glyphs that are drawn at a hundred points
    }
    assert small == set()


def test_rows_are_whole_pixels_high_so_that_each_shows_its_line(site, looks):
    assert every(site, looks, "uneven") == []


def test_the_head_of_a_row_is_not_crammed_into_many_lines(site, looks):
    assert every(site, looks, "crammed") == []


def test_a_page_on_a_phone_has_an_end(site, looks):
    assert [
        f"{page.relative_to(site).as_posix()}: {look['length']}"
        for (page, width), look in looks.items()
        if width == min(WIDTHS) and look["length"] > LONGEST
    ] == []


def test_a_long_page_on_a_phone_opens_the_chapter_that_a_link_leads_to(site, browser):
    browser.open(site / "annual-report.html", min(WIDTHS))
    closed = "document.querySelectorAll('button.chapter[aria-expanded=false]').length"
    before = browser.value(closed)
    assert before >= 3
    browser.value(
        "window.location.hash = '#' + [...document.querySelectorAll('button.chapter')].at(-1).closest('section').id"
    )
    browser.wait_for(f"{closed} === {before - 1}")
    browser.open(site / "annual-report.html", max(WIDTHS))
    assert browser.value(closed) == 0


def test_every_page_leads_home_to_its_pdf_and_to_its_other_language(site, looks):
    for (page, _width), look in looks.items():
        if page.name.startswith("index"):
            continue
        up = "../" * (len(page.relative_to(site).parts) - 1)
        home = "index.html" if look["lang"] == "en" else f"index-{look['lang']}.html"
        assert up + home in look["home"], page
        if page.with_suffix(".pdf").is_file():
            assert page.with_suffix(".pdf").name in look["home"], page
        for lang, other in (("-en.", "-es."), ("-es.", "-en.")):
            sister = page.with_name(page.name.replace(lang, other))
            assert sister == page or not sister.is_file() or sister.name in look["home"], page


def test_every_picture_has_words(site, looks):
    assert every(site, looks, "unnamed") == []


def test_every_table_of_every_page_can_be_taken(site, looks):
    for (page, _), look in looks.items():
        assert look["takes"] == look["tables"], page.name
    assert sum(look["tables"] for look in looks.values()) > 50


def test_pages_that_come_from_simulated_records_say_so_and_no_others(site, looks):
    from atips_analysis.build.page_register import load_pages
    from atips_analysis.project import find_project

    real = {
        page.name
        for page in load_pages(find_project(Path(__file__).parent))
        if not page.from_records
    }
    for (page, _), look in looks.items():
        name = page.relative_to(site).with_suffix("").as_posix()
        assert look["band"] is (name not in real), name
        assert look["lang"] == ("es" if name.endswith("-es") else "en"), name


def test_every_table_of_simulated_years_says_which_totals_are_published_and_which_invented(
    site, looks
):
    assert every(site, looks, "unsaid") == []


def test_a_hidden_count_stands_with_its_range_and_only_shares_of_such_have_none(site, looks):
    assert every(site, looks, "unranged") == []


def test_every_link_leads_to_something(site, looks):
    broken, ids, elsewhere = [], {}, left_out(site)
    for (page, width), look in looks.items():
        if width != WIDTHS[0]:
            continue
        for link in look["links"]:
            if link.startswith("data:text/csv"):
                continue
            target, fragment = urldefrag(urljoin(page.resolve().as_uri(), link))
            parts = urlparse(target)
            if parts.scheme != "file":
                assert parts.scheme in {"http", "https", "mailto", "tel"}, link
                continue
            path = unquote(parts.path)
            if path in elsewhere:
                continue
            if path not in ids:
                ids[path] = _ids(path)
            if ids[path] is None or (fragment and unquote(fragment) not in ids[path]):
                broken.append(f"{page.name}: {link}")
    assert broken == []


def left_out(site) -> set[str]:
    """Pages of the house that the project of a small site does not have."""
    from atips_analysis.build.page_register import load_pages
    from atips_analysis.project import Project, find_project

    ours, theirs = (
        {page.name for page in load_pages(one)}
        for one in (find_project(Path(__file__).parent), Project(site.parents[1]))
    )
    return {f"{site.resolve() / name}.html" for name in ours - theirs}


def test_the_front_pages_lead_to_every_page_and_table(site, browser):
    linked = set()
    for front in ("index.html", "index-es.html"):
        browser.open(site / front, 1280)
        linked |= set(browser.value("[...document.links].map(a => a.getAttribute('href'))"))
    made = {
        file.relative_to(site).as_posix()
        for kind in ("html", "pdf", "csv")
        for file in site.rglob(f"*.{kind}")
    }
    assert made <= linked


@searches(
    small=[
        ("persons prosecuted", "annual-report.html"),
        ("contradict", "research/published-sources.html"),
        ("how many victims", "#figures"),
        ("who do I call", "#reporting-lines"),
        ("kids", "#figures"),
    ],
    whole=[
        ("shelter procedures", "best-practices.html"),
        ("labor", "#figures"),
        ("phone number", "#reporting-lines"),
        ("prevalence", "brief-en.html"),
        ("budget", "brief-en.html"),
        ("codes district", "data-dictionary-en.html"),
        ("download data", "#tables"),
        ("nationality of victims", "regional-pack-en.html"),
    ],
)
def test_search_finds_what_readers_ask_for(site, browser, asked, page):
    browser.open(site / "index.html", 1280)
    browser.value(
        "(() => { const box = document.getElementById('search-words'); box.value = '" + asked + "';"
        " box.dispatchEvent(new Event('input')); })()"
    )
    browser.wait_for("document.querySelectorAll('#search-found li').length > 0")
    found = browser.value(
        "[...document.querySelectorAll('#search-found a')].map(a => { const way = a.getAttribute('href'); return way[0] === '#' ? way : way.split('#')[0]; })"
    )
    assert page in found


@searches(
    small=[("index.html", "victms", "#figures"), ("index-es.html", "vitimas", "#figures")],
    whole=[
        ("index.html", "help", "#reporting-lines"),
        ("index.html", "how many victims in 2024", "#figures"),
        ("index.html", "email", "#made-from"),
        ("index.html", "money", "brief-en.html"),
        ("index.html", "women", "annual-report.html"),
        ("index.html", "increase", "research/trends.html"),
        ("index-es.html", "menores", "#figures"),
        ("index-es.html", "jueces", "brief-es.html"),
        ("index-es.html", "repatriación", "brief-es.html"),
    ],
    named=("front", "asked", "page"),
)
def test_the_first_answer_stands_before_annexes_also_to_a_word_that_is_misspelled(
    site, browser, front, asked, page
):
    browser.open(site / front, 1280)
    browser.value(
        f"(() => {{ const box = document.getElementById('search-words'); box.value = '{asked}';"
        " box.dispatchEvent(new Event('input')); })()"
    )
    browser.wait_for("document.querySelectorAll('#search-found li').length > 0")
    first = browser.value("document.querySelector('#search-found a').getAttribute('href')")
    assert first.startswith(page)


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
    assert re.fullmatch(r"one passage|\d+ passages", said)


@searches(
    small=[("cuantas victimas", "#figures")],
    whole=[
        ("metodologica", "methods-es.html"),
        ("ninas adolescentes", "regional-pack-es.html"),
        ("dinero", "reference-sheets-es.html"),
        ("tendencia", "trends.html"),
        ("metodología", "methods-es.html"),
        ("tribunales", "brief-es.html"),
        ("descargar datos", "#tables"),
    ],
)
def test_search_in_spanish_takes_words_without_accents(site, browser, asked, page):
    browser.open(site / "index-es.html", 1280)
    browser.value(
        "(() => { const box = document.getElementById('search-words'); box.value = '" + asked + "';"
        " box.dispatchEvent(new Event('input')); })()"
    )
    browser.wait_for("document.querySelectorAll('#search-found li').length > 0")
    assert page in browser.value(
        "[...document.querySelectorAll('#search-found a')].map(a => a.getAttribute('href')).join(' ')"
    )


@WHOLE
def test_practices_are_shown_by_priority_area_from_the_keyboard(site, browser):
    browser.open(site / "best-practices.html", 1280)
    count = (
        "[...document.querySelectorAll('main section[data-area]')].filter(s => !s.hidden).length"
    )
    assert browser.value(count) == 4
    browser.value("document.querySelectorAll('.filter input')[0].focus()")
    for kind in ("keyDown", "keyUp"):  # as a reader does who has no mouse
        browser.call(
            "Input.dispatchKeyEvent",
            type=kind,
            key="ArrowRight",
            code="ArrowRight",
            windowsVirtualKeyCode=39,
        )
    assert browser.value("document.querySelectorAll('.filter input')[1].checked")
    assert browser.value(count) == 1
    assert browser.value(
        "[...document.querySelectorAll('.table-figure tbody tr')].filter(r => !r.hidden)"
        ".every(r => r.cells[1].textContent.trim() === 'Prevention')"
    )


@WHOLE
def test_without_scripts_every_practice_is_shown(site):
    text = (site / "best-practices.html").read_text(encoding="utf-8")
    assert len(re.findall(r'<section[^>]*data-area="', text)) == 4
    assert not re.search(r"<section[^>]*data-area[^>]*hidden", text)


def test_the_first_tab_leads_past_the_head_of_the_page(site, browser):
    browser.open(site / "annual-report.html", 1280)
    for kind in ("keyDown", "keyUp"):
        browser.call(
            "Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9
        )
    assert browser.value("document.activeElement.className") == "skip"
    assert browser.value("document.activeElement.getBoundingClientRect().left") >= 0


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
    assert len(figures) > 5
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
    file = Path(path)
    if not file.is_file():
        return None
    if file.suffix != ".html":
        return set()
    return set(re.findall(r'\sid="([^"]+)"', file.read_text(encoding="utf-8")))
