"""The data dictionary: every column of every stream, in words, made from the codebook alone."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook.loader import Codebook, CodeList, Column
from atips_analysis.words import N_, NC_, translator

TYPES = {
    "id": N_("code of a row or person"),
    "year": N_("year (yyyy)"),
    "month": N_("month (yyyy-mm)"),
    "bool": N_("yes or no"),
    "code": N_("one code"),
    "codes": N_("codes, separated by semicolons"),
    "count": N_("whole number from 0"),
    "age": N_("years, 0 to 110"),
}
SENSITIVITY = {
    "pseudonym": NC_("sensitivity", "pseudonym"),
    "high": NC_("sensitivity", "high"),
    "medium": NC_("sensitivity", "medium"),
    "low": NC_("sensitivity", "low"),
}


def dictionary(codebook: Codebook, lang: str = "en") -> pd.DataFrame:
    """One row a column of a stream, in the words of `lang`.

    Returns
    -------
    DataFrame with stream, stream_label, column, label, type, codelist, codes, required, key,
    sensitivity, help, maps_to; all text. `codes` reads "CODE label; CODE label".
    """
    _ = translator(lang)
    yes, no = _.pgettext("answer", "yes"), _.pgettext("answer", "no")
    rows = []
    for stream in codebook.streams.values():
        for column in stream.columns:
            rows.append(
                {
                    "stream": stream.name,
                    "stream_label": stream.label(lang),
                    "column": column.name,
                    "label": column.label(lang),
                    "type": _(TYPES[column.type]),
                    "codelist": column.codelist,
                    "codes": _codes(codebook, column, lang),
                    "required": _("required") if column.required else _("optional"),
                    "key": yes if column.key else no,
                    "sensitivity": _.pgettext("sensitivity", SENSITIVITY[column.sensitivity]),
                    "help": column.help(lang),
                    "maps_to": column.maps_to,
                }
            )
    return pd.DataFrame(rows, dtype=str)


def code_dictionary(codebook: Codebook, lang: str = "en") -> pd.DataFrame:
    """One row a code that a row or a breakdown may carry: codelist, code, label (all text, in `lang`)."""
    rows = [
        {"codelist": name, "code": code, "label": codelist.label(code, lang)}
        for name, codelist in _used(codebook).items()
        for code in codelist.codes
    ]
    return pd.DataFrame(rows, dtype=str)


def dimension_dictionary(codebook: Codebook, lang: str) -> pd.DataFrame:
    """One row a dimension of the indicators, in the order of their columns, in the words of `lang`.

    Returns
    -------
    DataFrame with dimension, label, codelists (names, separated by commas) and codes ("CODE label;
    CODE label" of the categories that no code list has, or calls otherwise); all text.
    """
    rows = [
        {
            "dimension": one.name,
            "label": one.label(lang),
            "codelists": ", ".join(one.codelists),
            "codes": "; ".join(f"{code} {one.category(code, lang)}" for code in one.own),
        }
        for one in codebook.dimensions.values()
    ]
    return pd.DataFrame(rows, dtype=str)


def _used(codebook: Codebook) -> dict[str, CodeList]:
    names = {
        column.codelist
        for stream in codebook.streams.values()
        for column in stream.columns
        if column.codelist
    } | {name for one in codebook.dimensions.values() for name in one.codelists}
    return {name: codebook.codelist(name) for name in sorted(names)}


def _codes(codebook: Codebook, column: Column, lang: str) -> str:
    if not column.codelist:
        return ""
    codelist = codebook.codelist(column.codelist)
    return "; ".join(f"{code} {codelist.label(code, lang)}" for code in codelist.codes)
