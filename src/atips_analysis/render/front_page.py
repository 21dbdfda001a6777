"""`index.html`: the way to everything that a build made."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path

from atips_analysis.pages.provenance import made_from as made_from_build
from atips_analysis.project import Project
from atips_analysis.render.front_page_search import search_program, search_section
from atips_analysis.render.front_page_tables import Download, write_area_tables
from atips_analysis.render.page import page_html
from atips_analysis.render.particulars import made_from
from atips_analysis.render.policy import sealed
from atips_analysis.render.publication import Publication, publication_from, theme_words
from atips_analysis.words import N_, Translator, languages, translator
from atips_analysis.words.catalogues import SOURCE

SECTIONS = (
    ("figures", N_("The year in figures")),
    ("reports", N_("Reports")),
    ("research", N_("Research")),
    ("reference", N_("Methods and definitions")),
    ("tables", N_("Tables")),
    ("earlier", N_("Earlier years")),
)
REFERENCE = (
    "methods",
    "reference-sheets",
    "data-dictionary",
    "why-no-records",
    "for-researchers",
    "specification",
)
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
    year, simulated = int(about["year"]), bool(about["simulated"])
    _ = translator(SOURCE)
    publication = _publication(project, year, simulated=simulated, draft=draft)
    words = theme_words(publication)
    there = [page for page in pages if (folder / f"{page[0]}.html").is_file()]
    there += _bulletins(folder, _)
    parts = {
        "figures": _key_figures(public, project, year, _),
        **{
            part: _pages(folder, _, [page for page in there if _part_of(page[0]) == part])
            for part in ("reports", "research", "reference")
        },
        "tables": _tables(
            folder,
            _,
            protection,
            write_area_tables(folder, public / "indicators.csv", simulated=simulated),
        ),
        "earlier": _earlier_years(folder.parent, year, _) if draft else "",
    }
    shown = [(id, _(title)) for id, title in SECTIONS if parts[id]]
    search = search_section(folder, [(name, title) for name, title, _ in there], project.extension)
    body = search + "".join(
        f'<section id="{id}"><h2>{title}</h2>{parts[id]}</section>\n' for id, title in shown
    )
    contents = "".join(f'<li><a href="#{id}">{title}</a></li>' for id, title in shown)
    lines = made_from(publication, words, "")[:-1]
    lines += made_from_build(about, project.profile, title=publication.title, simulated=simulated)
    html = page_html(
        publication,
        words,
        f"<ul>{contents}</ul>",
        body,
        lines,
        project.extension,
        programs=[search_program(project.extension)],
    )
    (folder / "index.html").write_text(sealed(html), encoding="utf-8", newline="\n")


def _publication(project: Project, year: int, *, simulated: bool, draft: bool) -> Publication:
    _ = translator(SOURCE)
    named = publication_from(project.profile, lang=_.lang, simulated=simulated, draft=draft)
    return replace(
        named,
        title=_("Trafficking in persons: {year}", year=year),
        subtitle=_("Statistics and reports on {country}", country=named.country),
        period=_("January to December {year}", year=year),
        layout="brief",
    )


def _bulletins(folder: Path, _: Translator) -> list[tuple[str, str, str]]:
    from atips_analysis.indicators import parse_period
    from atips_analysis.pages.part_year import months_in_words

    found = []
    for file in sorted(folder.glob("bulletin-*.html")):
        period = parse_period(file.stem.removeprefix("bulletin-").replace("-to-", ".."))
        title = _("Bulletin, {period}", period=months_in_words(period))
        about = _("What a part of the year shows, on two pages.")
        found.append((file.stem, title, about))
    return found


def _part_of(name: str) -> str:
    if "/" in name:
        return "research"
    return "reference" if name.startswith(REFERENCE) else "reports"


def _key_figures(public: Path, project: Project, year: int, _: Translator) -> str:
    """The figures that open the annual report, from the same protected table."""
    from atips_analysis.pages.tidy import open_tidy
    from atips_analysis.reporting.annual_report_front import KEY_FIGURES
    from atips_analysis.reporting.annual_report_pieces import figure

    tidy = open_tidy(public, project)
    items = "".join(
        f"<li><strong>{escape(figure(tidy.cell(indicator, year, unit, 'count')))}</strong> "
        f"{escape(words)}</li>"
        for indicator, unit, words in KEY_FIGURES
    )
    caution = _(
        "Different units: one of these figures is never a share of another, and more victims "
        "detected is neither better nor worse. “Hidden” stands for a number kept back for "
        "protection."
    )
    return f'<div class="key-figures"><ul>{items}</ul></div><p>{caution}</p>'


def _pages(folder: Path, _: Translator, pages: Sequence[tuple[str, str, str]]) -> str:
    items = []
    for name, title, about in pages:
        own = name.rpartition("-")[2]
        lang = f' lang="{own}"' if own in languages() and own != SOURCE else ""
        paper = ""
        if (folder / f"{name}.pdf").is_file():
            of = _.pgettext("PDF of a page, to be heard", " of {title}", title=escape(title))
            paper = (
                f' <small>(<a href="{name}.pdf">PDF<span class="visually-hidden">{of}'
                "</span></a>)</small>"
            )
        items.append(
            f'<dt{lang}><a href="{name}.html">{escape(title)}</a>{paper}</dt>'
            f"<dd{lang}>{escape(about)}</dd>"
        )
    return f"<dl>{''.join(items)}</dl>" if items else ""


def _tables(
    folder: Path,
    _: Translator,
    protection: Mapping[str, object],
    downloads: Sequence[Download],
) -> str:
    what_is_in_all = _(
        "One row a value; {shown} values are shown, {rounded} rounded to multiples of 5 and "
        "{hidden} hidden for protection (counts of persons from 1 to {smallest}, and what would "
        "give them away).",
        shown=_number(protection, "shown"),
        rounded=_number(protection, "rounded"),
        hidden=_number(protection, "hidden"),
        smallest=int(str(protection["threshold"])) - 1,
    )
    files = [("indicators.csv", "CSV", _("All indicators"), what_is_in_all)]
    for file in downloads:
        values = _("{rows} values.", rows=f"{file.rows:,}")
        files.append((file.name, "CSV", escape(file.title), values))
    if (folder / "research.json").is_file():
        about = _("Protected like all others.")
        files.append(("research.json", "JSON", _("Tables of the research pages"), about))
    about = _("What was made, from which edition of the data bank, with a SHA-256 of every file.")
    files.append(("manifest.json", "JSON", _("Manifest"), about))
    listed = "".join(
        f'<dt><a href="{name}" download>{title}</a> <small>({kind})</small></dt><dd>{about}</dd>'
        for name, kind, title, about in files
    )
    below = _("Every table on a page can be downloaded below it, too.")
    return f"<dl>{listed}</dl><p>{below}</p>"


def _number(protection: Mapping[str, object], name: str) -> str:
    return f"{int(str(protection.get(name, 0))):,}"


def _earlier_years(reports: Path, year: int, _: Translator) -> str:
    """Links to the front pages of earlier years that lie beside this one."""
    found, simulated = [], _("simulated records")
    for folder in sorted(reports.iterdir(), reverse=True) if reports.is_dir() else []:
        match = YEAR_FOLDER.match(folder.name)
        if match and int(match[1]) < year and (folder / "index.html").is_file():
            mark = f" ({simulated})" if match[2] else ""
            found.append(f'<li><a href="../{folder.name}/index.html">{match[1]}</a>{mark}</li>')
    return f"<ul>{''.join(found)}</ul>" if found else ""
