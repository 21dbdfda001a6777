"""What a publication says about itself, on its cover, its pages and in its colophon."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from atips_analysis.errors import InputError
from atips_analysis.words import by_language, in_language, locale_of
from atips_analysis.words.catalogues import SOURCE
from atips_analysis.words.documents import words_of

THEME = Path(__file__).with_name("theme_words.toml")
"""The words that the theme itself puts on a page."""


@dataclass(frozen=True)
class Ways:
    """Where a web page leads, as addresses from where it lies; an empty one is not shown.

    Parameters
    ----------
    home : str
        The front page in the page's language.
    paper, data : str
        The same page to print; the table that its numbers come from.
    languages : tuple of (language, address) pairs
        The same page in other languages.
    """

    home: str = ""
    paper: str = ""
    data: str = ""
    languages: tuple[tuple[str, str], ...] = ()

    @property
    def named_languages(self) -> tuple[tuple[str, str, str], ...]:
        """Language, its name as it calls itself, and address."""
        own = ((lang, name_of_language(lang, lang), address) for lang, address in self.languages)
        return tuple((lang, name[:1].upper() + name[1:], address) for lang, name, address in own)


def name_of_language(lang: str, said_in: str) -> str:
    """What a language is called in a language, within a sentence: "español", "Spanish"."""
    from babel import Locale

    return Locale.parse(locale_of(lang)).get_language_name(said_in) or lang


@dataclass(frozen=True)
class Publication:
    """The particulars of one report.

    Parameters
    ----------
    title, subtitle, lang : str
        Empty means: as the notebook's front matter says.
    period : str
        What the numbers cover, as the cover shows it ("January to December 2024").
    country : str
        Named on the mark of simulated records.
    issuing_body : str or None
        None when nobody stands behind the content; simulated records never have one.
    logo : bytes
        The Council's, as PNG (`render.logo`); it stands with the issuing body, or not at all.
    draft, simulated : bool
        Each is said on the cover and on every page.
    layout : {"report", "brief"}
        A report has a cover, then the reporting lines, the colophon and a table of contents on
        pages of their own; a brief opens with its title, has the reporting lines at the foot of
        its first page and closes with the colophon. A web page closes with both.
    reporting_lines : tuple of (introduction, lines) pairs
        How to report trafficking, in the publication's language; one line may be a plain text,
        none an empty one.
    website : str
        The Council's address; in print a code leads a phone to it. Blank when there is none.
    ways : Ways
        Where the web page leads.
    made_from : tuple of (what, which) pairs
        Edition, baseline, versions: printed in the colophon; the renderer adds itself.
    timestamp : int
        Seconds since 1970 that the PDF's metadata carry: no clock is read, so that bytes repeat.
        A year's reports have the moment after the year (`moment_after`).

    Raises
    ------
    InputError
        If simulated records bear an issuing body, or the language has no catalogue.
    """

    title: str = ""
    subtitle: str = ""
    period: str = ""
    country: str = ""
    lang: str = ""
    issuing_body: str | None = None
    logo: bytes = b""
    draft: bool = True
    simulated: bool = False
    layout: Literal["report", "brief"] = "report"
    running_title: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    reporting_lines: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    website: str = ""
    ways: Ways = Ways()
    made_from: tuple[tuple[str, str], ...] = ()
    timestamp: int = 1_735_689_600

    def __post_init__(self) -> None:
        if self.simulated and self.issuing_body:
            raise InputError(
                f"{self.title or 'a publication'}: what is made from simulated records bears no "
                "issuing body; leave issuing_body out"
            )
        if self.lang:
            locale_of(self.lang)

        for name in ("title", "subtitle", "running_title", "description"):
            object.__setattr__(self, name, typographic(getattr(self, name)))

    def completed(self, front_matter: Mapping[str, Any]) -> Publication:
        """The same, with what is empty taken from the notebook's front matter.

        A notebook that says ``simulated: true`` is simulated, whatever the caller says.
        """
        missing: dict[str, Any] = {
            name: str(front_matter[name])
            for name in ("title", "subtitle", "period", "lang", "description")
            if not getattr(self, name) and front_matter.get(name)
        }
        if front_matter.get("simulated") is True:
            missing |= {"simulated": True, "issuing_body": None}
        publication = replace(self, **missing)
        if not publication.title:
            raise InputError(
                "a publication needs a title: give one, or write it in the front matter"
            )
        return publication if publication.lang else replace(publication, lang="en")

    @property
    def reporting_groups(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The reporting lines with their lines always as a tuple."""
        return tuple(
            (introduction, (lines,) if isinstance(lines, str) and lines else tuple(lines))
            for introduction, lines in self.reporting_lines
        )

    @property
    def logo_uri(self) -> str:
        """The logo inside a page; nothing where nobody issues it."""
        if not (self.logo and self.issuing_body):
            return ""
        return "data:image/png;base64," + base64.b64encode(self.logo).decode("ascii")

    @property
    def date(self) -> datetime:
        return datetime.fromtimestamp(self.timestamp, UTC)


@dataclass(frozen=True)
class Report:
    """What is rendered: the file name it gets, its executed notebook, its particulars.

    A `working` page is for the house, never part of a build: it may show numbers that are
    protected for it alone.
    """

    name: str
    notebook: Path
    publication: Publication
    working: bool = False


def moment_after(year: int) -> int:
    """The first second after a year, counted from 1970 (UTC)."""
    return int(datetime(year + 1, 1, 1, tzinfo=UTC).timestamp())


def typographic(text: str) -> str:
    """Apostrophes and quotation marks as they are printed, as Markdown sets those of the text."""
    paired = re.sub(r'"([^"]*)"', r"“\1”", text)
    single = re.sub(r"(?<!\w)'(?=\w[^']*\w'(?!\w))([^']*)'", r"‘\1’", paired)
    return single.replace("'", "’")


def publication_from(
    profile: Mapping[str, Any], *, lang: str = "en", simulated: bool, **particulars: Any
) -> Publication:
    """A publication with the country's name, reporting lines and issuing body.

    Parameters
    ----------
    profile : mapping
        `Project.profile`.
    simulated : bool
        Whether any record behind it is simulated; then it bears no issuing body.
    **particulars
        Fields of `Publication`; they win over the profile's.
    """
    words = lang or SOURCE

    def said(row: Mapping[str, Any], name: str) -> Any:
        return in_language(by_language(row, name), words, name, "data/council/profile.toml")

    reporting_lines = tuple(
        (said(group, "intro"), tuple(said(group, "lines")))
        for group in profile["reporting"]["groups"]
    )
    known: dict[str, Any] = {
        "country": said(profile["country"], "name"),
        "lang": lang,
        "simulated": simulated,
        "issuing_body": None
        if simulated
        else by_language(profile["council"], "issuing_body").get(words),
        "reporting_lines": reporting_lines,
        "website": profile["council"].get("website", ""),
    }
    return Publication(**(known | particulars))


def theme_words(publication: Publication) -> dict[str, str]:
    """The theme's own words (Contents, Draft, Figure, …) in the publication's language."""
    words: dict[str, str] = words_of(THEME, publication.lang).theme
    return {key: text.replace("{country}", publication.country) for key, text in words.items()}
