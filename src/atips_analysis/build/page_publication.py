"""What a build gives a page besides its text: parameters, cover, mark, provenance, ways to others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from atips_analysis.build.asked_for import Build
from atips_analysis.build.page_register import Page
from atips_analysis.project import Project
from atips_analysis.render.front_page_name import front_page_name
from atips_analysis.words import translator
from atips_analysis.words.catalogues import SOURCE

if TYPE_CHECKING:
    from atips_analysis.render import Publication

OF_RECORDS = frozenset({"edition", "baseline", "design_factors", "incomplete"})
"""What a build says of agencies' records; a page of published figures alone rests on none."""


def parameters_of(build: Build, page: Page) -> dict[str, Any]:
    """The parameters that notebooks may declare and a build knows: `period` is the years that are pooled.

    A page on published figures has years of its own.
    """
    given = {
        "year": build.year,
        "baseline": build.baseline,
        "period": build.baseline,
        "lang": page.lang,
    }
    if page.from_records:
        given |= {"first_year": build.periods[0].years[0], "last_year": build.year}
    return given


def particulars(
    build: Build, page: Page, simulated: bool, pages: Sequence[Page] = ()
) -> dict[str, Any]:
    """What a build gives a page besides its text, as `publication_of` takes it.

    `pages` are those that are made with it, to which it leads.
    """
    return {
        "ways": ways_of(page, pages),
        "title": page.title,
        "layout": page.layout,
        "lang": page.lang,
        "period": _period_words(build, page),
        "simulated": simulated and page.from_records,
        "bears_issuing_body": not simulated,
        "from_records": page.from_records,
    }


def ways_of(page: Page, pages: Sequence[Page]) -> dict[str, Any]:
    """Where a page of a build leads, as addresses from where it lies; none where it stands alone."""
    if not pages:
        return {}
    up = "../" * page.name.count("/")
    stem = page.name.rpartition("/")[2]
    return {
        "home": up + front_page_name(page.lang),
        "paper": f"{stem}.pdf" if "pdf" in page.formats else "",
        "data": f"{up}indicators.csv" if page.from_records else "",
        "languages": [
            [other.lang, f"{up}{other.name}.html"]
            for other in pages
            if other.notebook == page.notebook and other.lang != page.lang
        ],
    }


def reachable(
    ways: Mapping[str, Any], left_out: Collection[str], fronts: Collection[str]
) -> dict[str, Any]:
    """Where a released page leads: to no page that the release leaves out.

    `fronts` are the languages in which it has a front page.
    """
    home = ways["home"]
    if home.rpartition("/")[2] not in map(front_page_name, fronts):
        home = home.rpartition("/")[0] + ("/" if "/" in home else "") + front_page_name(SOURCE)
    names = {f"{name}.html" for name in left_out}
    others = [[lang, way] for lang, way in ways["languages"] if way.lstrip("./") not in names]
    return {**ways, "home": home, "languages": others}


def apart_from_records(about: Mapping[str, Any]) -> dict[str, Any]:
    """What a build says that holds whatever its records say: all that other pages rest on."""
    return {of: said for of, said in about.items() if of not in OF_RECORDS}


def publication_of(
    project: Project,
    about: Mapping[str, Any],
    *,
    title: str,
    layout: Literal["report", "brief"],
    lang: str,
    period: str,
    simulated: bool,
    bears_issuing_body: bool,
    from_records: bool,
    ways: Mapping[str, Any] = MappingProxyType({}),
    draft: bool = True,
) -> Publication:
    """What a page of a build says about itself: from the build's `build.json`.

    One that is made from published figures alone has no edition behind it, and lacks no return.
    """
    from atips_analysis.pages.provenance import made_from
    from atips_analysis.render import Ways, publication_from
    from atips_analysis.render.logo import read_logo
    from atips_analysis.render.publication import moment_after

    return publication_from(
        project.profile,
        logo=read_logo(project),
        timestamp=moment_after(about["year"]),
        lang=lang,
        period=period,
        simulated=simulated,
        draft=draft,
        layout=layout,
        running_title=title,
        ways=Ways(**{**ways, "languages": tuple(map(tuple, ways.get("languages", ())))}),
        made_from=made_from(
            about if from_records else apart_from_records(about),
            project.profile,
            title=title,
            period=period,
            simulated=simulated,
            lang=lang,
        ),
        **({} if bears_issuing_body else {"issuing_body": None}),
    )


def _period_words(build: Build, page: Page) -> str:
    """What the cover says that the numbers cover: the years that the page's notebook is given.

    A page on published figures says it itself, and so does the regional pack, in its language.
    """
    from atips_analysis.notebooks import declared_parameters

    if not page.from_records or page.notebook == "regional-pack":
        return ""
    notebook = build.project.notebooks / f"{page.notebook}.ipynb"
    given = {parameter.name for parameter in declared_parameters(notebook)}
    if "year" not in given and given & {"period", "baseline"}:
        return build.baseline.replace("-", "–")
    if page.notebook.startswith("research/"):
        return f"{build.periods[0].years[0]}–{build.year}"
    _ = translator(page.lang)
    return _("January to December {year}", year=build.year)
