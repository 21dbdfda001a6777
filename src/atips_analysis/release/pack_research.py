"""What is released beside the indicators, as tables of a pack: research, and bulletins."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.disclosure.research_tables_released import COLUMNS, research_rows
from atips_analysis.release.pack_tables import PackTable, as_text
from atips_analysis.words import N_, in_all_languages, languages
from atips_analysis.words.documents import words_of

WORDS = Path(__file__).with_name("pack_research_words.toml")


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
    means, _, category = code.partition(":")
    told: str = words_of(WORDS, lang).labels.get(means, means)
    if not category:
        return told
    dimension, book = topic.removeprefix("means by "), load_codebook()
    return f"{told}: {book.dimension(dimension).category(category, lang)}"


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
