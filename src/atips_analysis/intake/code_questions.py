"""Codes that can be read in two ways, seen only when their column is looked at whole."""

from __future__ import annotations

import re

from atips_analysis.cleaning.values import is_placeholder
from atips_analysis.codebook import fold
from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.questions import Choice
from atips_analysis.intake.sheet import ISO_DATE, ChosenColumn, mapped

SPANISH_SEX = {fold("Sexo"), fold("Género")}
_TWO_LETTERS = re.compile(r"[A-Za-z]{2}")


def ask_about_codes(own: ChosenColumn) -> None:
    """Ask which codes are meant where what stands there is a code in two ways, or a date."""
    _bands_in_dates(own)
    if own.column.codelist == "country_iso3":
        _country_na(own)
    if own.column.codelist == "sex":
        _letters_of_sexes(own)


def _bands_in_dates(own: ChosenColumn) -> None:
    """9-11 that Excel made the 11th of September: the code, when one reading alone is in the list."""
    if not own.sheet.grid.from_workbook:
        return
    known = {}
    for text in own.values.dropna().unique():
        match = ISO_DATE.fullmatch(str(text))
        if not match:
            continue
        month, day, year = int(match[2]), int(match[3]), int(match[1]) % 100
        typed = [f"{month}-{day}", f"{day}-{month}", f"{month}-{year:02d}"]
        codes = {
            code: band
            for band in reversed(typed)
            if (code := own.sheet.codebook.code_of(own.column.codelist, band))
        }
        if len(codes) == 1:
            ((_, band),) = codes.items()
            known[str(text)] = band
        else:
            known[str(text)] = f"{typed[0]} (a date in Excel)"
    if known:
        own.then(mapped(known))
        said = ", ".join(sorted(set(known.values())))
        own.note(say.N_AS_TYPED, said=said)


def _country_na(own: ChosenColumn) -> None:
    """NA is Namibia's code among codes of two letters, and "not available" elsewhere."""
    values = own.values.dropna().astype("str").str.strip()
    na = values.index[values == "NA"]
    others = [
        text
        for text in values.unique()
        if text != "NA"
        and _TWO_LETTERS.fullmatch(text)
        and own.sheet.codebook.code_of(own.column.codelist, text)
    ]
    if not len(na) or not others:
        return
    answer = own.ask(
        "country code",
        say.COUNTRY_CODE.format(header=own.header),
        (Choice("Namibia", say.NAMIBIA), Choice("unknown", say.NOT_KNOWN)),
        na,
    )
    if answer == "Namibia":
        own.then(mapped({"NA": "NAM"}))


def _letters_of_sexes(own: ChosenColumn) -> None:
    """M is mujer beside H (hombre) or V (varón); alone below a Spanish header it is either."""
    values = own.values.dropna().astype("str")
    letters = {text: fold(text) for text in values.unique() if not is_placeholder(text)}
    found = set(letters.values())
    if "m" not in found or any(
        letter != "m" and own.sheet.codebook.code_of("sex", text) == "F"
        for text, letter in letters.items()
    ):
        return
    women = {text: "F" for text, letter in letters.items() if letter == "m"}
    header = own.header
    if found & {"h", "v"}:
        men = {text: "M" for text, letter in letters.items() if letter in ("h", "v")}
        own.then(mapped(women | men))
        own.note(say.N_LETTERS_OF_SEXES)
    elif found == {"m"} and fold(header) in SPANISH_SEX:
        choices = (Choice("woman", say.MUJER), Choice("man", say.MASCULINO))
        text = say.LETTER_M.format(header=header)
        rows = values.index[values.isin(list(women))]
        if own.ask("letter of a sex", text, choices, rows) == "woman":
            own.then(mapped(women))
