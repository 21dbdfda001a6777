"""Findings: what is wrong with which cell, why, and what to do, in every language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from atips_analysis.codebook import Codebook
from atips_analysis.errors import InputError
from atips_analysis.quality.checking import Boolean, Check, Rows, text
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
    rows: Rows, judged: list[tuple[dict[str, Any], Boolean]], checks: Mapping[str, Check]
) -> pd.DataFrame:
    """One row for each failing row of each expectation; `at` is its position among the rows.

    In the words for the agency a code is told by its label.
    """
    parts = []
    for expectation, failing in judged:
        at = np.flatnonzero(failing)
        if not len(at):
            continue
        meta = expectation["meta"]
        column = rows.codebook.streams[rows.stream].column(meta["column"])
        value = text(rows.own[column.name].iloc[at])
        check = checks.get(expectation["kwargs"]["column"])
        words = {}
        for lang in languages():
            told = _told(value, column.codelist if check else "", rows.codebook, lang)
            words[lang] = (told, _detail(check, at, rows.codebook, lang))
        parts.append(finding_rows(at, meta, expectation["severity"], value, words))
    return pd.concat(parts, ignore_index=True) if parts else no_findings()


def finding_rows(
    at: np.ndarray,
    meta: Mapping[str, Any],
    severity: str,
    value: np.ndarray,
    words: Mapping[str, tuple[np.ndarray, np.ndarray]],
) -> pd.DataFrame:
    """Findings at the positions `at`; `words` holds value and detail as each language tells them."""
    return pd.DataFrame(
        {
            "at": at,
            "column": meta["column"],
            "value": value,
            "rule": meta["rule"],
            "severity": severity,
        }
        | _in_words(meta, words)
    )


def _in_words(
    meta: Mapping[str, Any], words: Mapping[str, tuple[np.ndarray, np.ndarray]]
) -> dict[str, Any]:
    """Reason and remedy by column, in each language."""
    said = {}
    for lang, told in words.items():
        if f"reason_{lang}" not in meta:
            raise InputError(
                f"rule {meta['rule']!r} has no words in language {lang}; write the suites again: "
                "python -m atips_analysis.quality"
            )
        said[said_in("reason", lang)] = _filled(meta[f"reason_{lang}"], *told)
        said[said_in("remedy", lang)] = meta[f"remedy_{lang}"]
    return said


def no_findings() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="object") for name in PARTS})


def _detail(check: Check | None, at: np.ndarray, codebook: Codebook, lang: str) -> np.ndarray:
    if check is None or check.detail is None:
        return np.full(len(at), "", dtype=object)
    detail = check.detail[lang] if isinstance(check.detail, Mapping) else check.detail
    return _told(np.asarray(detail)[at], check.detail_codelist, codebook, lang)


def _told(values: np.ndarray, codelist: str, codebook: Codebook, lang: str) -> np.ndarray:
    """Codes by their labels; what the list does not hold as it is."""
    if not codelist:
        return values
    labels = codebook.codelist(codelist).labels(lang)
    return np.array([labels.get(value, value) for value in values], dtype=object)


def _filled(words: str, value: np.ndarray, detail: np.ndarray) -> np.ndarray | str:
    if "{value}" not in words and "{detail}" not in words:
        return words
    return np.array(
        [
            words.replace("{value}", str(v)).replace("{detail}", str(d))
            for v, d in zip(value, detail, strict=True)
        ],
        dtype=object,
    )
