"""Findings: what is wrong with which cell, why, and what to do, in every language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from atips_analysis.codebook import Stream
from atips_analysis.quality.expectation_kinds import KINDS, Boolean, Returns, text
from atips_analysis.quality.suites import PLACEHOLDER, Rule
from atips_analysis.words import languages
from atips_analysis.words.catalogues import SOURCE


def said_in(word: str, lang: str) -> str:
    """The column of findings that holds a reason or remedy in a language; English has no mark."""
    return word if lang == SOURCE else f"{word}_{lang}"


WORDS = tuple(
    words for lang in languages() for words in (said_in("reason", lang), said_in("remedy", lang))
)
"""reason and remedy, in English; reason_LANG and remedy_LANG, in each other language."""
FINDING_COLUMNS = (
    "stream",
    "file",
    "sheet",
    "row",
    "submitted_by",
    "submitted_for",
    "column",
    "value",
    "rule",
    "severity",
    *WORDS,
)
PARTS = ("at", "column", "value", "rule", "severity", *WORDS)


def as_findings(
    own: pd.DataFrame, stream: Stream, judged: list[tuple[Rule, Boolean]], returns: Returns
) -> pd.DataFrame:
    """One row for each failing row of each rule; `at` is its position among the rows."""
    parts = []
    for rule, failing in judged:
        at = np.flatnonzero(failing)
        if len(at):
            value = text(own[rule.column].iloc[at])
            told = _Told(own, stream, returns, rule, at)
            words = {
                lang: (told.filled(reason, lang), remedy)
                for lang, (reason, remedy) in rule.words.items()
            }
            parts.append(finding_rows(at, rule.column, value, rule.name, rule.severity, words))
    return pd.concat(parts, ignore_index=True) if parts else no_findings()


@dataclass(frozen=True)
class _Told:
    """What the failing rows of a rule say in its words."""

    own: pd.DataFrame
    stream: Stream
    returns: Returns
    rule: Rule
    at: np.ndarray

    def filled(self, words: str, lang: str) -> np.ndarray | str:
        """The words with `value`, `detail` and the row's own values; codes are told by label."""
        places = sorted(set(PLACEHOLDER.findall(words)))
        if not places:
            return words
        said = np.full(len(self.at), words, dtype=object)
        for place in places:
            told = self._told(place, lang)
            said = np.array(
                [
                    one.replace(f"{{{place}}}", str(value))
                    for one, value in zip(said, told, strict=True)
                ],
                dtype=object,
            )
        return said

    def _told(self, place: str, lang: str) -> np.ndarray:
        if place == "value":
            return text(self.own[self.rule.column].iloc[self.at])
        if place == "detail":
            return self._detail(lang)
        value = text(self.own[place].iloc[self.at])
        codelist = next((c.codelist for c in self.stream.columns if c.name == place), "")
        return self._labelled(value, codelist, lang)

    def _detail(self, lang: str) -> np.ndarray:
        arguments = dict(self.rule.expectation["kwargs"])
        columns = arguments.pop("column_list")
        arguments.pop("row_condition", None)
        kind = KINDS[self.rule.expectation["type"]]
        found = kind.function(self.own[columns].reset_index(drop=True), self.returns, **arguments)
        if found.detail is None:
            return np.full(len(self.at), "", dtype=object)
        detail = found.detail[self.at]
        if found.told_as != "columns":
            return self._labelled(detail, found.told_as, lang)
        return np.array(
            [
                ", ".join(self.stream.column(name).label(lang) for name in names.split(";"))
                for names in detail
            ],
            dtype=object,
        )

    def _labelled(self, values: np.ndarray, codelist: str, lang: str) -> np.ndarray:
        """Codes by their labels; what the list does not hold as it is."""
        if not codelist:
            return values
        labels = self.returns.codebook.codelist(codelist).labels(lang)
        return np.array([labels.get(value, value) for value in values], dtype=object)


def finding_rows(
    at: np.ndarray,
    column: str,
    value: np.ndarray,
    rule: str,
    severity: str,
    words: Mapping[str, tuple[np.ndarray | str, str]],
) -> pd.DataFrame:
    """Findings at the positions `at`; `words` holds what is wrong and what to do by language."""
    said = {}
    for lang, (reason, remedy) in words.items():
        said[said_in("reason", lang)] = reason
        said[said_in("remedy", lang)] = remedy
    return pd.DataFrame(
        {"at": at, "column": column, "value": value, "rule": rule, "severity": severity} | said
    )


def no_findings() -> pd.DataFrame:
    """An empty frame of findings."""
    return pd.DataFrame({name: pd.Series(dtype="object") for name in PARTS})
