"""Names that a page may ask for: a misspelt one would read as a true zero, and is refused."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.indicators import DIMENSIONS

CODELIST = {
    "status_of_victim": "victim_status",
    "form": "form_of_exploitation",
    "stage": "case_stage",
    "outcome": "screening_outcome",
    "provider": "source_agency",
    "facilitator": "source_agency",
    "audience": "training_audience",
    "topic": "training_topic",
    "theme": "training_topic",
    "channel": "awareness_channel",
    "finding": "inspection_finding",
    "sector": "economic_sector",
    "kind": "engagement_kind",
    "country": "country_iso3",
    "from_agency": "source_agency",
    "to_agency": "source_agency",
    "agency": "source_agency",
}
"""The code list of a dimension that is not called like it."""


def check_indicator(indicator_id: str, known: Iterable[str]) -> None:
    """Stop unless the framework has the indicator."""
    listed = list(known)
    if indicator_id not in listed:
        raise InputError(f"{indicator_id} is not an indicator{meant(indicator_id, listed)}")


def check_category(dimension: str, code: str, also: Iterable[str] = ()) -> None:
    """Stop unless a dimension has the category: by its code list, its own labels, or `also`."""
    if dimension not in DIMENSIONS:
        raise InputError(f"{dimension} is no dimension{meant(dimension, DIMENSIONS)}")
    codebook = load_codebook()
    listed = codebook.codelists.get(CODELIST.get(dimension, dimension))
    codes = [*codebook.own_labels(dimension), *(listed.table["code"] if listed else ()), *also]
    if code not in codes:
        raise InputError(f"{dimension} has no category {code}{meant(code, codes)}")


def meant(word: str, choices: Iterable[str]) -> str:
    """The nearest of the choices, asked after; nothing where none is near."""
    found = get_close_matches(word, list(choices), 1)
    return f"; {found[0]} is meant?" if found else ""
