"""What a publication says about itself, on its cover, its pages and in its colophon."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from atips_analysis.errors import InputError

LANGUAGES = ("en", "es")


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
    draft, simulated : bool
        Each is said on the cover and on every page.
    layout : {"report", "brief"}
        A report has a cover, then the reporting lines, the colophon and a table of contents on
        pages of their own; a brief opens with its title and has the colophon and the reporting
        lines at the foot of its first page. A web page closes with both.
    reporting_lines : tuple of (introduction, lines) pairs
        How to report trafficking, in the publication's language; one line may be a plain text,
        none an empty one.
    made_from : tuple of (what, which) pairs
        Edition, baseline, versions: printed in the colophon; the renderer adds itself.
    timestamp : int
        Seconds since 1970 that the PDF's metadata carry; fixed, so that bytes repeat.

    Raises
    ------
    InputError
        If simulated records bear an issuing body, or the language is not English or Spanish.
    """

    title: str = ""
    subtitle: str = ""
    period: str = ""
    country: str = "Belize"
    lang: str = ""
    issuing_body: str | None = None
    draft: bool = True
    simulated: bool = False
    layout: Literal["report", "brief"] = "report"
    running_title: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    reporting_lines: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    made_from: tuple[tuple[str, str], ...] = ()
    timestamp: int = 1_735_689_600

    def __post_init__(self) -> None:
        if self.simulated and self.issuing_body:
            raise InputError(
                f"{self.title or 'a publication'}: what is made from simulated records bears no "
                "issuing body; leave issuing_body out"
            )
        if self.lang and self.lang not in LANGUAGES:
            raise InputError(
                f"{self.title or 'a publication'}: language {self.lang!r} has no words in the "
                f"theme; use one of {', '.join(LANGUAGES)}"
            )

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
    def date(self) -> datetime:
        return datetime.fromtimestamp(self.timestamp, UTC)


def typographic(text: str) -> str:
    """Apostrophes and quotation marks as they are printed, as Markdown sets those of the text."""
    paired = re.sub(r'"([^"]*)"', r"“\1”", text)
    single = re.sub(r"(?<!\w)'(?=\w[^']*\w'(?!\w))([^']*)'", r"‘\1’", paired)
    return single.replace("'", "’")


def publication_from(
    profile: Mapping[str, Any], *, lang: str = "en", simulated: bool, **particulars: Any
) -> Publication:
    """A publication with the country's name, reporting lines, clock and issuing body.

    Parameters
    ----------
    profile : mapping
        `Project.profile`.
    simulated : bool
        Whether any record behind it is simulated; then it bears no issuing body.
    **particulars
        Fields of `Publication`; they win over the profile's.
    """
    words = lang or "en"
    reporting_lines = tuple(
        (group[f"intro_{words}"], tuple(group[f"lines_{words}"]))
        for group in profile["reporting"]["groups"]
    )
    known: dict[str, Any] = {
        "country": profile["country"][f"name_{words}"],
        "lang": lang,
        "simulated": simulated,
        "issuing_body": None if simulated else profile["council"].get(f"issuing_body_{words}"),
        "reporting_lines": reporting_lines,
        "timestamp": profile.get("publication", {}).get("timestamp", Publication.timestamp),
    }
    return Publication(**(known | particulars))


def theme_words(extension: Path, publication: Publication) -> dict[str, str]:
    """The theme's own words (Contents, Draft, Figure, …) in the publication's language."""
    with (extension / "words.toml").open("rb") as file:
        words: dict[str, str] = tomllib.load(file)[publication.lang]
    return {key: text.replace("{country}", publication.country) for key, text in words.items()}
