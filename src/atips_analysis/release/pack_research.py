"""What is released beside the indicators, as tables of a pack: research, and bulletins."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.disclosure.research_tables_released import COLUMNS, research_rows
from atips_analysis.pages.known_names import CODELIST
from atips_analysis.release.pack_tables import PackTable, as_text
from atips_analysis.words import N_, in_all_languages, languages, translator

LABELS = {
    "OPENED": N_("Cases opened"),
    "CHARGED": N_("First charge"),
    "COMMITTED": N_("Committed for trial"),
    "DISPOSED": N_("Disposed of"),
    "CONVICTED": N_("Convicted of trafficking"),
    "DEBT": N_("Debt bondage, money withheld"),
    "THREATS": N_("Threats"),
    "ABUSE": N_("Psychological, physical or sexual abuse"),
    "PROMISES": N_("False promises"),
    "MOVEMENT": N_("Movement or medical care restricted"),
    "NECESSITIES": N_("Necessities or documents withheld"),
    "HOURS": N_("Excessive working hours"),
    "SUBSTANCES": N_("Psychoactive substances"),
    "OTHER": N_("Other means"),
    "NOT_RECORDED": N_("No means recorded"),
    "opened to first charge": N_("Opened to first charge"),
    "first charge to disposal": N_("First charge to disposal"),
    "age of cases without a charge": N_("Age of cases without a charge"),
    "VICTIMS": N_("Victims, those on no list included"),
}


def research_table(public: Mapping[str, Any]) -> PackTable:
    """Rows of `research.json`: attrition, means of control, durations and the overlap of lists."""
    frame = pd.DataFrame(research_rows(public), columns=list(COLUMNS), dtype=object).map(as_text)
    for at, lang in enumerate(languages(), start=3):
        labels = [
            _label(topic, code, lang)
            for topic, code in zip(frame["topic"], frame["code"], strict=True)
        ]
        frame.insert(at, f"category_{lang}", labels)
    return PackTable(
        "research",
        in_all_languages(N_("Tables of the research pages")),
        frame,
        "Cases opened in the years by the stages they reached; victims by means of control (several "
        "for one victim); medians in months; whether agencies' lists allow an estimate.",
    )


def _label(topic: str, code: str, lang: str) -> str:
    """What a row is about: of a means by a category, the one and the other."""
    _ = translator(lang)
    means, _colon, category = code.partition(":")
    told = _(LABELS[means]) if means in LABELS else means
    if not category:
        return told
    dimension, book = topic.removeprefix("means by "), load_codebook()
    own = book.own_labels(dimension, lang).get(category)
    if own is None:
        own = book.codelist(CODELIST.get(dimension, dimension)).label(category, lang)
    return f"{told}: {own}"


def bulletin_table(file: Path) -> PackTable:
    """The table of a bulletin, as it was published."""
    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    period = file.stem.removeprefix("bulletin-")
    return PackTable(
        file.stem,
        in_all_languages(N_("Bulletin {period}"), period=period),
        frame,
        "Beside the same months of the year before.",
    )
