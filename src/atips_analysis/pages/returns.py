"""Returns that have not come, in words and as a picture: whose, of which months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators.incomplete import Gap, Incomplete
from atips_analysis.words import locale_of, translator


def incomplete_in_words(lack: Incomplete, lang: str = "en") -> str:
    """ "7 of 12 months; the police have not sent July to December 2024", in a language."""
    _ = translator(lang)
    months = _("{complete} of {months} months", complete=lack.complete, months=lack.of)
    return "; ".join([months, *(not_sent(gap, lang) for gap in lack.gaps)])


def not_sent(gap: Gap, lang: str = "en") -> str:
    """Who has not sent which months."""
    _ = translator(lang)
    agency = load_codebook().codelist("source_agency").label(gap.agency, lang)
    return _("{agency} has not sent {months}", agency=agency, months=months_in_words(gap, lang))


def missing_in_words(gaps: Iterable[Mapping[str, str]], lang: str = "en") -> str:
    """Every gap of a build in one sentence; blank where nothing is missing."""
    return "; ".join(not_sent(Gap(gap["agency"], gap["first"], gap["last"]), lang) for gap in gaps)


def months_in_words(gap: Gap, lang: str = "en") -> str:
    """A run of months: July to December 2024; November 2023 to February 2024."""
    _ = translator(lang)
    first, last = month_in_words(gap.first, lang), month_in_words(gap.last, lang)
    if gap.first == gap.last:
        return first
    if gap.first[:4] == gap.last[:4]:
        first = month_in_words(gap.first, lang, year=False)
    return _("{first} to {last}", first=first, last=last)


def month_in_words(month: str, lang: str = "en", *, year: bool = True) -> str:
    """A month (yyyy-mm) in words: July 2024; julio de 2024."""
    from babel.dates import format_skeleton

    day = dt.date(int(month[:4]), int(month[5:]), 1)
    return str(format_skeleton("yMMMM" if year else "MMMM", day, locale=locale_of(lang)))
