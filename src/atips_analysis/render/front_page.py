"""`index.html` and its sisters in other languages: the way to everything that a build made."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from atips_analysis.files import read_json
from atips_analysis.pages.numbers import format_date
from atips_analysis.pages.particulars import particulars
from atips_analysis.pages.provenance import made_from as made_from_build
from atips_analysis.project import Project
from atips_analysis.render.drafts import words_of_draft
from atips_analysis.render.front_page_name import front_page_name
from atips_analysis.render.front_page_search import search_program, search_section
from atips_analysis.render.front_page_tables import Download, download_list, write_area_tables
from atips_analysis.render.logo import read_logo
from atips_analysis.render.page import contents_of, page_html, template
from atips_analysis.render.policy import sealed
from atips_analysis.render.publication import (
    Publication,
    Ways,
    name_of_language,
    publication_from,
    theme_words,
)
from atips_analysis.render.staging import made_from
from atips_analysis.words import N_, Translator, recording_drafts, translator
from atips_analysis.words.catalogues import SOURCE

TEMPLATE = "front-page.html"
SECTIONS = {
    "figures": N_("The year in figures"),
    "reports": N_("Reports"),
    "research": N_("Research"),
    "reference": N_("Methods and definitions"),
    "elsewhere": N_("In other languages only"),
    "tables": N_("Tables"),
    "next": N_("What comes next"),
    "earlier": N_("Earlier years"),
}
REFERENCE = tuple(
    """manual methods reference-sheets back-test data-dictionary why-no-records
    for-researchers specification""".split()
)
"""How the names of pages begin that say how the others are made, and of what."""
YEAR_FOLDER = re.compile(r"^(\d{4})(-simulated)?$")
YEARS_SHOWN = 4


class Listed(NamedTuple):
    """A page as the front page lists it: name, title, what it is about, language, notebook."""

    name: str
    title: str
    about: str
    lang: str
    notebook: str


@dataclass(frozen=True)
class Front:
    """What the front pages of all languages are made of."""

    folder: Path
    public: Path
    project: Project
    about: Mapping[str, Any]
    pages: tuple[Listed, ...]
    draft: bool

    @property
    def year(self) -> int:
        return int(self.about["year"])

    @property
    def simulated(self) -> bool:
        return bool(self.about["simulated"])


def write_front_pages(
    folder: Path,
    public: Path,
    project: Project,
    pages: Sequence[Sequence[str]],
    *,
    draft: bool = True,
) -> list[Path]:
    """Write a front page for each language of the pages, and the tables of each priority area.

    Parameters
    ----------
    folder : Path
        Holds the rendered pages; a draft links its neighbours named as years as earlier years.
        What is released names nothing beside it, so that it is the same wherever it lies.
    public : Path
        Public side of the build: the protected table and what goes with it.
    pages : sequence of (name, title, what it is about, language, notebook)
        In the order in which they are listed; those that were not made are left out. The
        bulletins that lie in the folder follow them.
    draft : bool
        Which of the two the pages call themselves: draft, or released. A released one is not
        written in a language in which nobody but the drafter has read its words.

    Returns
    -------
    list of Path
        The front pages that were written.
    """
    front = _front(folder, public, project, pages, draft=draft)
    table, simulated = public / "indicators.csv", front.simulated
    bodies = _bodies(front, write_area_tables(folder, table, simulated=simulated))
    written = []
    for lang, body in bodies.items():
        others = tuple((one, front_page_name(one)) for one in bodies if one != lang)
        file = folder / front_page_name(lang)
        html = _framed(front, lang, body, Ways(languages=others))
        file.write_text(sealed(html), encoding="utf-8", newline="\n")
        written.append(file)
    return written


def front_page_languages(
    folder: Path, public: Path, project: Project, pages: Sequence[Sequence[str]]
) -> tuple[str, ...]:
    """The languages in which a release of what lies in the folder has a front page."""
    return tuple(_bodies(_front(folder, public, project, pages, draft=False), ()))


def _front(
    folder: Path, public: Path, project: Project, pages: Sequence[Sequence[str]], *, draft: bool
) -> Front:
    about = read_json(public / "build.json")
    there = [Listed(*page) for page in pages if (folder / f"{page[0]}.html").is_file()]
    return Front(folder, public, project, about, (*there, *_bulletins(folder)), draft)


def _bodies(front: Front, tables: Sequence[Download]) -> dict[str, str]:
    """What a front page shows, by language; released, only where somebody read its words."""
    protection = read_json(front.public / "protection.json")
    bodies = {}
    for lang in (SOURCE, *sorted({page.lang for page in front.pages} - {SOURCE})):
        _ = translator(lang)
        with recording_drafts() as drafted:
            body = _body(front, _, download_list(front.folder, _, protection, tables))
        unread = lang != SOURCE and bool(drafted)
        if front.draft or not unread:
            bodies[lang] = f"<p><em>{words_of_draft(lang)}</em></p>\n{body}" if unread else body
    return bodies


def _framed(front: Front, lang: str, body: str, ways: Ways) -> str:
    publication = replace(_publication(front, lang), ways=ways)
    words, extension = theme_words(publication), front.project.extension
    lines = made_from(publication, words, "")[:-1]
    lines += made_from_build(
        front.about,
        front.project.profile,
        title=publication.title,
        simulated=front.simulated,
        lang=lang,
    )
    return page_html(
        publication,
        words,
        contents_of(body),
        body,
        lines,
        extension,
        programs=[search_program(extension)],
    )


def _publication(front: Front, lang: str) -> Publication:
    _ = translator(lang)
    named = publication_from(
        front.project.profile,
        lang=lang,
        simulated=front.simulated,
        draft=front.draft,
        logo=read_logo(front.project),
    )
    return replace(
        named,
        title=_("Trafficking in persons: {year}", year=front.year),
        subtitle=_("Statistics and reports on {country}", country=named.country),
        period=_("January to December {year}", year=front.year),
        layout="brief",
    )


def _body(front: Front, _: Translator, tables: list[dict[str, str]]) -> str:
    from markupsafe import Markup

    own, foreign = _by_language(front.pages, _.lang)
    listed = {
        part: [_shown(front.folder, page, _) for page in pages]
        for part, pages in (
            *((part, [one for one in own if _part_of(one.name) == part]) for part in PARTS),
            ("elsewhere", foreign),
        )
    }
    figures, legend = _key_figures(front, _.lang)
    said = {
        "caution": _(
            "Different units: one of these figures is never a share of another, and more victims "
            "detected is neither better nor worse. The bars are the year and those before it."
        ),
        "paper_of": _.pgettext("PDF of a page, to be heard", " of {title}"),
        "below": _("Every table on a page can be downloaded below it, too."),
        "simulated": _("simulated records"),
    }
    publication = _publication(front, _.lang)
    report = theme_words(publication)["report_title"]
    ways_to_report = [
        (" ".join([f"{report}:", intro, *lines]), "reporting-lines", "")
        for intro, lines in publication.reporting_groups
    ]
    contact = particulars(
        front.project.profile, front.about, title="", simulated=front.simulated, lang=_.lang
    ).contact
    search = search_section(
        front.folder,
        [
            (page.name, page.title, page.lang, _is_annex(page))
            for page in sorted(own, key=_order) + sorted(foreign, key=_order)
        ],
        [
            (f"{_('Contact')}: {contact}", "made-from", ""),
            *((f"{one['number']} {one['words']}", "figures", str(front.year)) for one in figures),
            *ways_to_report,
            *([(_("Tables and data to download (CSV)"), "tables", "")] if tables else []),
        ],
        front.project,
        _.lang,
    )
    html: str = template(TEMPLATE, front.project.extension).render(
        lang=_.lang,
        sections={part: _(title) for part, title in SECTIONS.items()} | _elsewhere(foreign, _),
        search=Markup(search),
        figures=figures,
        legend=legend,
        listed=[(part, pages) for part, pages in listed.items() if pages],
        tables=tables,
        next=list(_next(front, _)),
        earlier=list(_earlier_years(front)) if front.draft else [],
        said=said,
    )
    return html


def _next(front: Front, _: Translator) -> Iterator[str]:
    """Three lines of days that the Council and its register have set; what nobody set is not told."""
    days = {
        name: format_date(dt.date.fromisoformat(day), _.lang)
        for name, day in front.about.get("calendar", {}).items()
    }
    if "released" in days:
        year, day = front.year, days["released"]
        if front.draft:
            yield _("Reports on {year}: to be released by {day}.", year=year, day=day)
        else:
            yield _(
                "Reports on {year}: released; what is corrected later is told in the methods note.",
                year=year,
            )
    if "next_due" in days:
        yield _(
            "Returns for {year}: the last of the agencies is due by {day}.",
            year=front.year + 1,
            day=days["next_due"],
        )
    if "next_release" in days:
        yield _(
            "Reports on {year}: to be released by {day}.",
            year=front.year + 1,
            day=days["next_release"],
        )


PARTS = ("reports", "research", "reference")


def _part_of(name: str) -> str:
    if "/" in name:
        return "research"
    return "reference" if name.startswith(REFERENCE) else "reports"


def _order(page: Listed) -> int:
    return PARTS.index(_part_of(page.name))


def _is_annex(page: Listed) -> bool:
    """Whether a page is looked up rather than read: the methods note is read."""
    return _part_of(page.name) == "reference" and page.notebook != "methods"


def _elsewhere(foreign: Sequence[Listed], _: Translator) -> dict[str, str]:
    """The heading of pages that are in one other language only: it names the language."""
    others = {page.lang for page in foreign}
    if len(others) != 1:
        return {}
    return {"elsewhere": _("In {language} only", language=name_of_language(others.pop(), _.lang))}


def _by_language(pages: Sequence[Listed], lang: str) -> tuple[list[Listed], list[Listed]]:
    """The pages in a language, and those of other languages that have no sister in it."""
    own = [page for page in pages if page.lang == lang]
    known = {page.notebook for page in own}
    return own, [page for page in pages if page.lang != lang and page.notebook not in known]


def _shown(folder: Path, page: Listed, _: Translator) -> dict[str, Any]:
    """A page of the list; of one in another language is said what it is about, where anybody can."""
    said = page.lang != _.lang and _.knows(page.about)
    return {
        **page._asdict(),
        "paper": (folder / f"{page.name}.pdf").is_file(),
        "about": _(page.about) if said else page.about,
        "said_in": _.lang if said else page.lang,
    }


def _bulletins(folder: Path) -> Iterator[Listed]:
    from atips_analysis.indicators import parse_period
    from atips_analysis.pages.part_year import months_in_words

    _ = translator(SOURCE)
    for file in sorted(folder.glob("bulletin-*.html")):
        period = parse_period(file.stem.removeprefix("bulletin-").replace("-to-", ".."))
        title = _("Bulletin, {period}", period=months_in_words(period))
        about = _("What a part of the year shows, on two pages.")
        yield Listed(file.stem, title, about, SOURCE, file.stem)


def _key_figures(front: Front, lang: str) -> tuple[list[dict[str, str]], str]:
    """The key figures, each with the years up to its own, and what their marks mean."""
    from atips_analysis.pages.edition import read_edition
    from atips_analysis.pages.key_figures import KEY_FIGURES
    from atips_analysis.pages.numbers import legend_of

    edition = read_edition(front.public, front.project, lang)
    years = _years(edition.table["period"], front.year)
    shown, cells = [], []
    for one in KEY_FIGURES:
        shown.append(one.card(edition, years) | {"origin": one.origin(edition, front.year)})
        cells += [one.cell(edition, year) for year in years]
    return shown, legend_of(cells, lang)


def _years(periods: Sequence[str], newest: int) -> list[int]:
    """The last years up to the newest that the table has, one period a year."""
    known = {int(name) for name in map(str, set(periods)) if re.fullmatch(r"\d{4}", name)}
    return sorted(year for year in known | {newest} if year <= newest)[-YEARS_SHOWN:]


def _earlier_years(front: Front) -> Iterator[dict[str, Any]]:
    """The front pages of earlier years that lie beside this one, newest first."""
    reports = front.folder.parent
    for folder in sorted(reports.iterdir(), reverse=True) if reports.is_dir() else []:
        match = YEAR_FOLDER.match(folder.name)
        if match and int(match[1]) < front.year and (folder / "index.html").is_file():
            yield {
                "folder": folder.name,
                "file": "index.html",
                "year": match[1],
                "simulated": bool(match[2]),
            }
