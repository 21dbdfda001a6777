"""One value at a time: from what was written to the form of its column's type.

Each function takes stripped text and returns the value with the rule that made it, or None when
the text is not an accepted way to write such a value: it then stays as it was, for the quality
room to judge. Nothing is guessed.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from atips_analysis.cleaning.months import EXCEL_EPOCH, month_of
from atips_analysis.codebook import Codebook, fold

Rule = Literal[
    "spaces",
    "placeholder",
    "case code",
    "pseudonym",
    "year",
    "month",
    "month of the return's year",
    "yes or no",
    "code",
    "codes",
    "number",
    "age in years",
    "form by age",
    "no consent",
]


class Cleansed(NamedTuple):
    """A value as the codebook writes it, and the rule that made it of what was sent."""

    value: str
    rule: Rule


# What stands in a cell to say that there is nothing to say: read as a blank.
PLACEHOLDERS = {"", "-", "--", "---", "–", "—", ".", "..", "...", "…", "n/a", "n.a.", "na"}
# -99 is how CTDC writes that nothing is known, whatever the column holds.
PLACEHOLDERS |= {
    "-99",
    "null",
    "nan",
    "<na>",
    "n.d.",
    "(blank)",
    "(vacío)",
    "not applicable",
    "no aplica",
}

_PSEUDONYM = re.compile(r"[0-9a-f]{16}", re.I)
_WHOLE = re.compile(r"\d{1,15}(?:[.,]0{1,2})?|0[.,]0+")
# Commas, spaces and apostrophes part thousands; a full stop may be a decimal point, and does so
# only where it stands twice or a comma parts the decimals. No number of thousands begins with 0.
_THOUSANDS = re.compile(
    r"[1-9]\d{0,2}(?:(?:,\d{3})+(?:\.0{1,2})?|(?:[  '’]\d{3})+|(?:\.\d{3})+,0{1,2}|(?:\.\d{3}){2,})"
)
_YEAR = re.compile(r"(?:(?:year|año|fy|cy) ?)?((?:19|20)\d{2})(?:\.0+)?", re.I)
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_AGE = re.compile(r"(\d{1,3})(?:\.0+)? ?(?:years?|yrs?|y|yo|años?|a)?\.?(?: old| de edad)?", re.I)
ZERO = {"zero", "cero", "nil", "ninguno", "ninguna"}

# A run of blanks is looked at from its beginning alone: from each of them it would be its square.
_BEFORE = r"(?:(?<!\s)\s*)?"
_HARD = re.compile(_BEFORE + r"[;|\n]\s*")
_SOFT = (re.compile(_BEFORE + r"[;|\n,]\s*"), re.compile(_BEFORE + r"[;|\n,/]\s*"))
_SOFTEST = re.compile(_BEFORE + r"[;|\n,/+&]\s*|(?<!\s)\s+(?:and|y|e)\s+", re.I)
_BLANKS = re.compile(r"\s+")  # how form software joins several answers, code by code
_PAIR = (
    re.compile(r"([\w/]++)\s*+[-–—:=]\s*+(.+)"),  # CODE - label
    re.compile(r"(.*\S)\s*+[(\[]([^()\[\]]++)[)\]]"),  # label (CODE)
)


def is_placeholder(text: str) -> bool:
    """Whether a text stands for "nothing entered", such as a dash."""
    return text.casefold() in PLACEHOLDERS


def case_code(text: str, prefix: str) -> Cleansed | None:
    """XX-CASE-2024-0007 from "xx case 2024/7"; the year and the number must both be there.

    `prefix` is how the country's codes begin (XX-CASE); of it, its last part must be written.
    """
    match = _case_pattern(prefix).fullmatch(text)
    if not match:
        return None
    return Cleansed(f"{prefix}-{match[1]}-{int(match[2] or match[3]):04d}", "case code")


@lru_cache(maxsize=8)
def _case_pattern(prefix: str) -> re.Pattern[str]:
    *before, last = prefix.split("-")
    start = "".join(rf"(?:{part})?[\W_]*" for part in before)
    return re.compile(rf"{start}{last}[\W_]*(\d{{4}})(?:[\W_]+(\d{{1,4}})|(\d{{4}}))", re.I)


def pseudonym(text: str) -> Cleansed | None:
    """Sixteen hexadecimal digits in small letters: the same pseudonym however it was typed."""
    return Cleansed(text.lower(), "pseudonym") if _PSEUDONYM.fullmatch(text) else None


def year(text: str) -> Cleansed | None:
    """Four digits; a true date gives its year, unless Excel made the date of a year's number."""
    if match := _YEAR.fullmatch(text):
        return Cleansed(match[1], "year")
    if match := _ISO_DATE.fullmatch(text):
        number = int(match[1])
        if number >= 1990:
            return Cleansed(match[1], "year")
        # 2024 in a cell formatted as a date shows as 16 July 1905: the number was the year.
        serial = (date.fromisoformat(match[0]) - EXCEL_EPOCH).days
        if 1990 <= serial <= 2099:
            return Cleansed(str(serial), "year")
    return None


def month(text: str) -> Cleansed | None:
    """A month as ``YYYY-MM``, from any way that agencies write one; None if it is none."""
    found = month_of(text)
    return Cleansed(found, "month") if found else None


def whole_number(text: str) -> Cleansed | None:
    """Digits alone. 12.0, 12,0, "1,020", "1 020", 1.020.000 and "cero" are read; 1.020 and <5 are not."""
    if _WHOLE.fullmatch(text):
        return Cleansed(str(int(re.split("[.,]", text)[0])), "number")
    if _THOUSANDS.fullmatch(text):
        return Cleansed(re.sub(r"\D", "", re.sub(r"[.,]\d{1,2}$", "", text)), "number")
    if fold(text) in ZERO:
        return Cleansed("0", "number")
    return None


def age(text: str) -> Cleansed | None:
    """An age in whole years as text; None if it is none."""
    match = _AGE.fullmatch(text)
    return Cleansed(str(int(match[1])), "age in years") if match else None


def yes_or_no(text: str, codebook: Codebook) -> Cleansed | None:
    """yes, no or unknown, from any way that agencies write it; None if it is none."""
    found = codebook.code_of("yes_no", text)
    return Cleansed(found, "yes or no") if found else None


def code(text: str, codelist: str, codebook: Codebook) -> Cleansed | None:
    """The code that `text` spells: the code, a label in either language, a listed synonym.

    A code with its label beside it ("F - Female", "Female (F)") counts when both say the same.
    """
    found = codebook.code_of(codelist, text)
    if found is None:
        for pattern in _PAIR:
            if match := pattern.fullmatch(text):
                pair = {codebook.code_of(codelist, part) for part in match.groups()}
                if len(pair) == 1 and (found := pair.pop()) is not None:
                    break
    return Cleansed(found, "code") if found else None


def codes(text: str, codelist: str, codebook: Codebook) -> Cleansed:
    """Codes joined by semicolons, each once, in the order of the list.

    Semicolons, bars and line ends always part values; commas, slashes, blanks, "and" and "y" only when
    every part is then an accepted spelling. A part that is none stays, where it stood.
    """
    whole = code(text, codelist, codebook)
    if whole:
        return Cleansed(whole.value, "codes")
    for splitter in (_HARD, *_SOFT, _SOFTEST, _BLANKS):
        parts = [part for part in splitter.split(text) if part.strip()]
        found = [code(part.strip(), codelist, codebook) for part in parts]
        if parts and all(found):
            order = {
                value: rank for rank, value in enumerate(codebook.codelist(codelist).table["code"])
            }
            known = {item.value for item in found if item}
            return Cleansed(";".join(sorted(known, key=order.__getitem__)), "codes")
    kept = []
    for part in (part.strip() for part in _HARD.split(text)):
        known_part = code(part, codelist, codebook)
        value = known_part.value if known_part else part
        if value and value not in kept:
            kept.append(value)
    return Cleansed(";".join(kept), "codes")
