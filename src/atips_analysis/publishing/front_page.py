"""`index.html`: the way to everything that a build made."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from atips_analysis.project import Project
from atips_analysis.publishing.front_page_search import search_section
from atips_analysis.publishing.front_page_tables import Download, write_area_tables
from atips_analysis.publishing.page import page_html
from atips_analysis.publishing.particulars import made_from
from atips_analysis.publishing.publication import publication_from, theme_words

SECTIONS = (
    ("figures", "The year in figures"),
    ("reports", "Reports"),
    ("research", "Research"),
    ("reference", "Methods and definitions"),
    ("tables", "Tables"),
    ("earlier", "Earlier years"),
)
REFERENCE = ("for-researchers", "methods", "data-dictionary", "why-no-records")
"""How the names of pages begin that say how the others are made, and of what."""
YEAR_FOLDER = re.compile(r"^(\d{4})(-simulated)?$")


def write_front_page(
    folder: Path,
    public: Path,
    project: Project,
    pages: Sequence[tuple[str, str, str]],
    *,
    draft: bool = True,
) -> None:
    """Write `index.html` and the tables of each priority area into `folder`.

    Parameters
    ----------
    folder : Path
        Holds the rendered pages; a draft links its neighbours named as years as earlier years.
        What is released names nothing beside it, so that it is the same wherever it lies.
    public : Path
        Public side of the build: the protected table and what goes with it.
    pages : sequence of (name, title, what it is about)
        In the order in which they are listed; those that were not made are left out. The
        bulletins that lie in the folder follow them.
    draft : bool
        Which of the two the page calls itself: a draft, or released.
    """
    about = json.loads((public / "build.json").read_text(encoding="utf-8"))
    protection = json.loads((public / "protection.json").read_text(encoding="utf-8"))
    profile = project.profile
    year, simulated = int(about["year"]), bool(about["simulated"])
    publication = publication_from(
        profile,
        lang="en",
        simulated=simulated,
        title=f"Trafficking in persons: {year}",
        subtitle=f"Statistics and reports on {profile['country']['name_en']}",
        period=f"January to December {year}",
        layout="brief",
        draft=draft,
    )
    words = theme_words(project.extension, publication)
    there = [page for page in pages if (folder / f"{page[0]}.html").is_file()]
    there += _bulletins(folder)
    parts = {
        "figures": _key_figures(public, project, year),
        **{
            part: _pages(folder, [page for page in there if _part_of(page[0]) == part])
            for part in ("reports", "research", "reference")
        },
        "tables": _tables(
            folder,
            protection,
            write_area_tables(folder, public / "indicators.csv", simulated=simulated),
        ),
        "earlier": _earlier_years(folder.parent, year) if draft else "",
    }
    shown = [(id, title) for id, title in SECTIONS if parts[id]]
    search = search_section(folder, [(name, title) for name, title, _ in there], project.extension)
    body = search + "".join(
        f'<section id="{id}"><h2>{title}</h2>{parts[id]}</section>\n' for id, title in shown
    )
    contents = "".join(f'<li><a href="#{id}">{title}</a></li>' for id, title in shown)
    lines = made_from(publication, words, "")[:-1]
    lines += [
        ("Edition of the data bank", about["edition"]),
        ("Baseline", str(about["baseline"]).replace("-", "–")),
        ("Version", f"atips-analysis {about['version']}"),
    ]
    html = page_html(publication, words, f"<ul>{contents}</ul>", body, lines, project.extension)
    (folder / "index.html").write_text(html, encoding="utf-8", newline="\n")


def _bulletins(folder: Path) -> list[tuple[str, str, str]]:
    from atips_analysis.indicators import parse_period
    from atips_analysis.reporting.bulletin import period_words

    found = []
    for file in sorted(folder.glob("bulletin-*.html")):
        period = parse_period(file.stem.removeprefix("bulletin-").replace("-to-", ".."))
        title = f"Bulletin, {period_words(period)}"
        found.append((file.stem, title, "What a part of the year shows, on two pages."))
    return found


def _part_of(name: str) -> str:
    if "/" in name:
        return "research"
    return "reference" if name.startswith(REFERENCE) else "reports"


def _key_figures(public: Path, project: Project, year: int) -> str:
    """The figures that open the annual report, from the same protected table."""
    from atips_analysis.reporting.annual_report_front import KEY_FIGURES
    from atips_analysis.reporting.annual_report_pieces import figure
    from atips_analysis.reporting.tidy import open_tidy

    tidy = open_tidy(public, project)
    items = "".join(
        f"<li><strong>{escape(figure(tidy.cell(indicator, year, unit, 'count')))}</strong> "
        f"{escape(words)}</li>"
        for indicator, unit, words in KEY_FIGURES
    )
    return (
        f'<div class="key-figures"><ul>{items}</ul></div>'
        "<p>Different units: one of these figures is never a share of another, and more victims "
        "detected is neither better nor worse. “Hidden” stands for a number kept back for "
        "protection.</p>"
    )


def _pages(folder: Path, pages: Sequence[tuple[str, str, str]]) -> str:
    items = []
    for name, title, about in pages:
        lang = ' lang="es"' if name.endswith("-es") else ""
        paper = (
            f' <small>(<a href="{name}.pdf">PDF<span class="visually-hidden"> of '
            f"{escape(title)}</span></a>)</small>"
            if (folder / f"{name}.pdf").is_file()
            else ""
        )
        items.append(
            f'<dt{lang}><a href="{name}.html">{escape(title)}</a>{paper}</dt>'
            f"<dd{lang}>{escape(about)}</dd>"
        )
    return f"<dl>{''.join(items)}</dl>" if items else ""


def _tables(folder: Path, protection: Mapping[str, object], downloads: Sequence[Download]) -> str:
    smallest = int(str(protection["threshold"])) - 1
    research = (
        '<dt><a href="research.json" download>Tables of the research pages</a> '
        "<small>(JSON)</small></dt><dd>Protected like all others.</dd>"
        if (folder / "research.json").is_file()
        else ""
    )
    areas = "".join(
        f'<dt><a href="{file.name}" download>{escape(file.title)}</a> <small>(CSV)</small></dt>'
        f"<dd>{file.rows:,} values.</dd>"
        for file in downloads
    )
    return (
        '<dl><dt><a href="indicators.csv" download>All indicators</a> <small>(CSV)</small></dt>'
        f"<dd>One row a value; {_number(protection, 'shown')} values are shown, "
        f"{_number(protection, 'rounded')} rounded to multiples of 5 and "
        f"{_number(protection, 'hidden')} hidden for protection (counts of persons from 1 to "
        f"{smallest}, and what would give "
        f"them away).</dd>{areas}"
        f"{research}"
        '<dt><a href="manifest.json" download>Manifest</a> <small>(JSON)</small></dt>'
        "<dd>What was made, from which edition of the data bank, with a SHA-256 of every "
        "file.</dd></dl>"
        "<p>Every table on a page can be downloaded below it, too.</p>"
    )


def _number(protection: Mapping[str, object], name: str) -> str:
    return f"{int(str(protection.get(name, 0))):,}"


def _earlier_years(reports: Path, year: int) -> str:
    """Links to the front pages of earlier years that lie beside this one."""
    found = []
    for folder in sorted(reports.iterdir(), reverse=True) if reports.is_dir() else []:
        match = YEAR_FOLDER.match(folder.name)
        if match and int(match[1]) < year and (folder / "index.html").is_file():
            mark = " (simulated records)" if match[2] else ""
            found.append(f'<li><a href="../{folder.name}/index.html">{match[1]}</a>{mark}</li>')
    return f"<ul>{''.join(found)}</ul>" if found else ""
