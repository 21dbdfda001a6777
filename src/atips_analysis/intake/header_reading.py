"""A header read whole: the column that it names, and what it says besides.

"Participants (planned)", "Inspections 2024", "People reached ('000)" and "Women %" each name a
column and then say something that changes what stands below. Nothing of it is dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from atips_analysis.codebook import Codebook, HeaderMatch, fold, words
from atips_analysis.intake.personal import forbidden_header
from atips_analysis.intake.word_lists import word_list

HERE = Path(__file__).parent
_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_MARKS = re.compile(r"[*†‡¹²³⁴⁵⁶⁷⁸⁹⁰:;]+|(?<![?¿])[?¿]+$")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_DATE_FORMAT = re.compile(
    r"(?:[dmya]{1,4}[-/. ]){1,2}[dmya]{1,4}|(?:yyyy|aaaa)mm(?:dd)?|ddmm(?:yyyy|aaaa)?",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"(?:(?<!\s)\s+)?/\s*|(?<!\s)\s+[-–—|]\s+|(?<!\s)\s*\n\s*|:\s+")
OPEN_TYPES = ("count", "month", "age", "year")
"""Types of columns where words that nobody knows may change what a figure means."""
DOUBTFUL = {"planned", "estimate", "cumulative", "previous", "part", "fiscal"}
"""What a header may say besides its column that makes a figure another one."""
IGNORED = HeaderMatch("", "ignored")


@dataclass(frozen=True)
class Reading:
    """What one header says.

    `kinds`: planned, actual, cumulative, share and so on, as the list of header words names them;
    `other`: words in brackets, or on another line, that the list does not have; `years`: years that
    it names; `unit`: of time; `times`: what a figure below must be multiplied by.
    """

    match: HeaderMatch = IGNORED
    kinds: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    unit: str = ""
    times: int = 1

    @property
    def plain(self) -> bool:
        """Whether it names its column and says nothing else."""
        return not (self.kinds or self.other or self.years or self.times != 1)

    def is_plain(self, year: int) -> bool:
        """Whether it says nothing that could make figures of `year` others than the form's."""
        doubtful = set(self.kinds) & DOUBTFUL or (self.years and self.years != (year,))
        return not (doubtful or self.other)

    def with_words(self, text: str, strict: bool = True) -> Reading:
        """The reading with what `text`, an aside, adds to it."""
        aside = _aside(text)
        if aside is None:
            if not strict or not fold(text):
                return self
            return replace(self, other=(*self.other, text.strip()))
        return replace(
            self,
            kinds=(*self.kinds, *aside.kinds),
            years=(*self.years, *aside.years),
            unit=aside.unit or self.unit,
            times=self.times * aside.times,
        )


def read_header(text: str, stream: str, codebook: Codebook, near: bool = True) -> Reading:
    """The column that `text` names in `stream`, with all that it says besides.

    `near` also takes a spelling that is all but a listed one; never one that differs by a word
    which says something.
    """
    if match := codebook.column_of(stream, text):
        return Reading(match, unit=_unit_in(text))
    bare = _MARKS.sub(" ", text)
    asides = _BRACKETS.findall(bare)
    base = " ".join(_BRACKETS.sub(" ", bare).split(" ")).strip()
    reading = _base(base, stream, codebook, near)
    if reading.match.how == "ignored":
        return reading
    for aside in asides:
        if not _same_column(aside, reading.match, stream, codebook):
            kind = codebook.stream(stream).column(reading.match.column).type
            reading = reading.with_words(aside, strict=kind in OPEN_TYPES)
    return reading


def below_group(group: str, text: str, stream: str, codebook: Codebook) -> Reading:
    """The reading of a header that stands below another: "Women" under "Participants (actual)".

    The lower one counts where it names a column by itself; where it does not ("Total", "2024",
    "Planned") it says more about the column that the upper one names.
    """
    lower = read_header(text, stream, codebook, near=False)
    upper = read_header(group, stream, codebook, near=False)
    if lower.match.how != "ignored" and not (fold(text) in _VAGUE and upper.match.how != "ignored"):
        if upper.match.how == "ignored":
            return lower.with_words(group, strict=False)
        return replace(
            lower,
            kinds=(*upper.kinds, *lower.kinds),
            other=(*upper.other, *lower.other),
            years=(*upper.years, *lower.years),
            times=upper.times * lower.times,
        )
    if upper.match.how == "ignored" or _aside(text) is None:
        return Reading()
    return upper.with_words(text)


def says_something(text: str) -> bool:
    """Whether a text holds a word that changes what figures mean: planned, cumulative, '000, 2024."""
    aside = _aside(text)
    return aside is not None and not aside.plain


def says_nothing(text: str) -> bool:
    """Whether a text holds words, and only such as change no figure: "persons", "(required)"."""
    aside = _aside(text)
    return bool(fold(text)) and aside is not None and aside.plain


_STOP = {"de", "del", "la", "las", "el", "los", "of", "the"}
_VAGUE = {
    fold(text) for text in ("Total", "Totales", "Number", "No", "No.", "N", "All", "Both", "#")
}


def _base(base: str, stream: str, codebook: Codebook, near: bool) -> Reading:
    if match := codebook.column_of(stream, base):
        return Reading(match, unit=_unit_in(base))
    parts = [part for part in _SPLIT.split(base) if part.strip()]
    found = [codebook.column_of(stream, part) for part in parts]
    named = {match.column for match in found if match}
    if len(parts) > 1 and len(named) == 1:
        match = next(match for match in found if match)
        reading = Reading(match)
        for part, one in zip(parts, found, strict=True):
            if one is None:
                kind = codebook.stream(stream).column(match.column).type
                aside = _aside(part)
                if aside is None and "\n" not in base:
                    return Reading()  # "Participants / rooms" is another column
                reading = reading.with_words(part, strict=kind in OPEN_TYPES)
        return reading
    rest, said = _without_words(base)
    if said and rest and (match := codebook.column_of(stream, rest)):
        return _joined(Reading(match), said)
    if near and forbidden_header(base) is None:
        text = rest if said else base
        if text and (match := codebook.column_near(stream, text)) and _tells_the_same(text, match):
            spellings = [
                known for known, of in codebook.headers[stream].items() if of.column == match.column
            ]
            other = () if _misspelt(text, spellings) else (text,)
            return _joined(Reading(match, other=other), said)
    return Reading()


def _tells_the_same(text: str, match: HeaderMatch) -> bool:
    """Figures make a difference that likeness does not see: Participants1, Women 15."""
    return not any(letter.isdigit() for letter in text) or any(
        letter.isdigit() for letter in match.column
    )


def _misspelt(text: str, spellings: list[str]) -> bool:
    """Whether a text is a spelling but for one letter, an ending, or words that say nothing.

    "Particpants" and "Total participantes" are; "Participant hours" and "Reporters" may be another
    column.
    """
    parts = [word for word in words(text) if word not in _STOP and kind_of(word) != "harmless"]
    if any(len(word) == 1 for word in parts):
        return False
    own = "".join(parts)
    return any(_one_edit(own, other) or _endings(own, other) for other in spellings)


def _one_edit(one: str, other: str) -> bool:
    """Whether two words differ by one letter: more, less, another, or two changed over."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    at = next((i for i, letter in enumerate(one) if letter != other[i]), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at + 1 : at + 2] + one[at : at + 1] + one[at + 2 :]
    return one[at + 1 :] == other[at + 1 :] or swapped == other[at:]


def _endings(one: str, other: str) -> bool:
    """Whether one of two words is the other's plural."""
    short, long = sorted((one, other), key=len)
    return long in (f"{short}s", f"{short}es")


def _joined(reading: Reading, said: list[str]) -> Reading:
    for text in said:
        reading = reading.with_words(text)
    return reading


def _without_words(text: str) -> tuple[str, list[str]]:
    """The words of a header that the list does not have, and the runs of words that it has."""
    tokens = list(words(text))
    kept, said, at = [], [], 0
    while at < len(tokens):
        for length in range(min(4, len(tokens) - at), 0, -1):
            run = " ".join(tokens[at : at + length])
            kind = kind_of(run)
            if _YEAR.fullmatch(run) or (kind and kind != "harmless"):
                said.append(run)
                at += length
                break
        else:
            kept.append(tokens[at])
            at += 1
    return " ".join(kept), said


@lru_cache(maxsize=4096)
def _aside(text: str) -> Reading | None:
    """What an aside says; None when it holds a word that the list does not have."""
    stripped = text.strip(" '’‘´`\".,-–*")
    if not fold(stripped) or _DATE_FORMAT.fullmatch(stripped):
        return Reading()
    reading = Reading()
    tokens = list(words(stripped))
    at = 0
    while at < len(tokens):
        for length in range(min(4, len(tokens) - at), 0, -1):
            run = " ".join(tokens[at : at + length])
            if _YEAR.fullmatch(run):
                reading = replace(reading, years=(*reading.years, int(run)))
            elif kind := kind_of(run):
                reading = _taken(reading, kind)
            else:
                continue
            at += length
            break
        else:
            return None
    return reading


def _taken(reading: Reading, kind: str) -> Reading:
    if kind == "harmless":
        return reading
    if kind.startswith("unit "):
        return replace(reading, unit=kind.removeprefix("unit "))
    if kind.startswith("times "):
        return replace(reading, times=reading.times * int(kind.removeprefix("times ")))
    return replace(reading, kinds=(*reading.kinds, kind))


def _unit_in(text: str) -> str:
    """The unit of time among the words of a header: "working days" before "days"."""
    tokens = list(words(text))
    for length in (2, 1):
        for at in range(len(tokens) - length + 1):
            kind = kind_of(" ".join(tokens[at : at + length]))
            if kind.startswith("unit "):
                return kind.removeprefix("unit ")
    return ""


def _same_column(aside: str, match: HeaderMatch, stream: str, codebook: Codebook) -> bool:
    """Whether an aside only names the column again: Sex (Sexo), Location (district)."""
    other = codebook.column_of(stream, aside)
    return other is not None and other.column == match.column


def kind_of(text: str) -> str:
    """What a word or a run of words of a header says; nothing where the list does not have it.

    A spelling of the list that ends in a hyphen begins words: "accumul-" is in "accumulated".
    """
    whole, beginnings = _header_words()
    folded = fold(text)
    if folded in whole or len(words(text)) > 1:
        return whole.get(folded, "")
    return next((kind for start, kind in beginnings.items() if folded.startswith(start)), "")


@lru_cache(maxsize=1)
def _header_words() -> tuple[dict[str, str], dict[str, str]]:
    """Folded words of headers to their kinds: whole words, and beginnings of words."""
    found: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for kind, spellings in word_list(HERE / "header_words.csv").items():
        for text in spellings:
            found[text.endswith("-")][fold(text)] = kind
    return found
