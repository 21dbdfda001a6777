"""The data dictionary: every column of every stream, in words, made from the codebook alone."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook.loader import Codebook, CodeList, Column

TYPES = {
    "en": {
        "id": "code of a row or person",
        "year": "year (yyyy)",
        "month": "month (yyyy-mm)",
        "bool": "yes or no",
        "code": "one code",
        "codes": "codes, separated by semicolons",
        "count": "whole number from 0",
        "age": "years, 0 to 110",
    },
    "es": {
        "id": "código de una fila o persona",
        "year": "año (aaaa)",
        "month": "mes (aaaa-mm)",
        "bool": "sí o no",
        "code": "un código",
        "codes": "códigos separados por punto y coma",
        "count": "número entero desde 0",
        "age": "años, de 0 a 110",
    },
}
WORDS = {
    "en": {
        "required": "required",
        "optional": "optional",
        "pseudonym": "pseudonym",
        "high": "high",
        "medium": "medium",
        "low": "low",
    },
    "es": {
        "required": "obligatorio",
        "optional": "opcional",
        "pseudonym": "seudónimo",
        "high": "alta",
        "medium": "media",
        "low": "baja",
    },
}


def dictionary(codebook: Codebook, lang: str = "en") -> pd.DataFrame:
    """One row a column of a stream, in the words of `lang` (en or es).

    Returns
    -------
    DataFrame with stream, stream_label, column, label, type, codelist, codes, required, key,
    sensitivity, help, maps_to; all text. `codes` reads "CODE label; CODE label".
    """
    words = WORDS[lang]
    rows = []
    for stream in codebook.streams.values():
        for column in stream.columns:
            rows.append(
                {
                    "stream": stream.name,
                    "stream_label": stream.label(lang),
                    "column": column.name,
                    "label": column.label(lang),
                    "type": TYPES[lang][column.type],
                    "codelist": column.codelist,
                    "codes": _codes(codebook, column, lang),
                    "required": words["required" if column.required else "optional"],
                    "key": _yes(column.key, lang),
                    "sensitivity": words[column.sensitivity],
                    "help": column.help_es if lang == "es" else column.help_en,
                    "maps_to": column.maps_to,
                }
            )
    return pd.DataFrame(rows, dtype=str)


def code_dictionary(codebook: Codebook, lang: str = "en") -> pd.DataFrame:
    """One row a code that a row may carry: codelist, code, label (all text, in `lang`)."""
    rows = [
        {"codelist": name, "code": code, "label": codelist.label(code, lang)}
        for name, codelist in _used(codebook).items()
        for code in codelist.codes
    ]
    return pd.DataFrame(rows, dtype=str)


def _used(codebook: Codebook) -> dict[str, CodeList]:
    names = {
        column.codelist
        for stream in codebook.streams.values()
        for column in stream.columns
        if column.codelist
    }
    return {name: codebook.codelist(name) for name in sorted(names)}


def _codes(codebook: Codebook, column: Column, lang: str) -> str:
    if not column.codelist:
        return ""
    codelist = codebook.codelist(column.codelist)
    return "; ".join(f"{code} {codelist.label(code, lang)}" for code in codelist.codes)


def _yes(true: bool, lang: str) -> str:
    return {"en": ("no", "yes"), "es": ("no", "sí")}[lang][int(true)]
