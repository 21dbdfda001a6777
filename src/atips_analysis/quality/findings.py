"""Findings: what is wrong with which cell, why, and what to do, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from atips_analysis.codebook import Codebook
from atips_analysis.quality.checking import Boolean, Check, Rows, text

WORDS = ("reason_en", "remedy_en", "reason_es", "remedy_es")
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
    "reason",
    "remedy",
    "reason_es",
    "remedy_es",
)
PARTS = ("at", "column", "value", "rule", "severity", "reason", "remedy", "reason_es", "remedy_es")


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
        for lang in ("en", "es"):
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
            "reason": _filled(meta["reason_en"], *words["en"]),
            "remedy": meta["remedy_en"],
            "reason_es": _filled(meta["reason_es"], *words["es"]),
            "remedy_es": meta["remedy_es"],
        }
    )


def no_findings() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="object") for name in PARTS})


def _detail(check: Check | None, at: np.ndarray, codebook: Codebook, lang: str) -> np.ndarray:
    if check is None or check.detail is None:
        return np.full(len(at), "", dtype=object)
    spanish = lang == "es" and check.detail_es is not None
    detail = check.detail_es if spanish else check.detail
    return _told(np.asarray(detail)[at], check.detail_codelist, codebook, lang)


def _told(values: np.ndarray, codelist: str, codebook: Codebook, lang: str) -> np.ndarray:
    """Codes by their labels; what the list does not hold as it is."""
    if not codelist:
        return values
    labels = codebook.codelist(codelist).attribute(f"label_{lang}")
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
