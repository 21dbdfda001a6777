"""What the names of files and sheets say: agency, year, stream and version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from atips_analysis.codebook import Codebook, fold, words
from atips_analysis.intake.word_lists import word_list

YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_TWO_YEARS = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*[-/–_]\s*(\d{2}|(?:19|20)\d{2})(?!\d)")
_WORDS = word_list(Path(__file__).with_name("name_words.csv"))
CORRECTED = frozenset(_WORDS["corrected"])
PARTS = frozenset(_WORDS["part"])
"""Words beside a stream's name that only say which part of it a sheet holds."""
_NUMBERED = re.compile(r"(?:v|ver|version|rev|r)(\d{1,2})|(?:corrected|corregido|revised)(\d{1,2})")
# What a browser, Windows or a hurried person puts behind the name of a file that is there already.
_COPIED = re.compile(
    r"(?:(?<!\s)\s+)?\(\d{1,2}\)|(?<![^\W_])(?:final\d*|copy(?: of)?|copia(?: de)?|latest|last|definitiv[oa]|"
    r"últim[oa]|ultim[oa]|new|nuev[oa])(?![^\W_])",
    re.IGNORECASE,
)


@dataclass(frozen=True, order=True)
class Version:
    """How often a return was corrected: 1 for the first one; `marked` for "corrected" alone."""

    number: int = 1
    marked: bool = False

    @property
    def is_correction(self) -> bool:
        return self > Version()


@dataclass(frozen=True)
class FileName:
    """What a file's name (and the folders above it) says; None where it says nothing.

    `family` is the name without what marks a version: files of one family and ending are the same
    return, sent again. `original` is the family without what programs and people put behind the
    name of a copy ("(1)", "final2", "copy"), and `copied` whether there is any.
    """

    agency: str | None
    year: int | None
    stream: str | None
    version: Version
    family: str
    copied: bool = False
    original: str = ""


def file_name(path: str, codebook: Codebook) -> FileName:
    """Read `AGENCY_YEAR[_stream][_v2].ext`, in any order of the parts; folders help out."""
    pure = PurePosixPath(path)
    tokens, version = _without_version(_tokens(pure.stem))
    family = "/".join([*pure.parts[:-1], "_".join(tokens)])
    agency, year, stream = _read(tokens, codebook)
    year = None if len(years_said(pure.stem)) > 1 else year
    for folder in reversed(pure.parts[:-1]):
        more_agency, more_year, _ = _read(_tokens(folder), codebook)
        agency, year = agency or more_agency, year or more_year
    bare = _COPIED.sub(" ", pure.stem)
    original = "/".join([*pure.parts[:-1], "_".join(_without_version(_tokens(bare))[0])])
    copied = bare != pure.stem
    return FileName(agency, year, stream, version, family, copied, original)


def years_said(text: str) -> set[int]:
    """The years that a text names; of 2024/25 and 2024-2025 both."""
    years = {int(year) for year in YEAR.findall(text)}
    for first, last in _TWO_YEARS.findall(text):
        second = int(last) if len(last) == 4 else int(first[:2] + last)
        if second == int(first) + 1:
            years |= {int(first), second}
    return years


def stream_of_sheet(name: str, codebook: Codebook) -> str | None:
    """The stream that a sheet's name means; "Victims 2024", "Víctimas (ene-jun)" are victims."""
    known = _streams(codebook)
    if fold(name) in known:
        return known[fold(name)]
    kept = [word for word in words(name) if not word.isdecimal() and word not in PARTS]
    return known.get("".join(kept))


def agency_of(text: str, codebook: Codebook) -> str | None:
    """The agency's code from its code, label or a listed name; "DHS - Human Services" too."""
    found = codebook.code_of("source_agency", text)
    if found:
        return found
    parts = re.split(r"(?<!\s)\s+[-–—]\s+|[:()\[\]]", text)
    codes = {codebook.code_of("source_agency", part) for part in parts if part.strip()} - {None}
    return codes.pop() if len(codes) == 1 else None


@lru_cache(maxsize=4)
def _streams_of(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    known: dict[str, str] = {}
    for text, stream in pairs:
        known.setdefault(fold(text), stream)
        known.setdefault(fold(text[:31]), stream)  # as Excel cuts the name of a sheet
    return known


def _streams(codebook: Codebook) -> dict[str, str]:
    return _streams_of(codebook.stream_spellings)


def _tokens(text: str) -> list[str]:
    apart = re.sub(r"(?<=\D)((?:19|20)\d{2})(?!\d)", r" \1 ", text)
    return [token for token in re.split(r"[\s_\-.()\[\]]+", fold_keep(apart)) if token]


def fold_keep(text: str) -> str:
    """Lower case without accents, separators kept."""
    return " ".join(
        "".join(words(part)) if not part.isspace() else part
        for part in re.split(r"[\s_\-.()\[\]]+", text)
    )


def _without_version(tokens: list[str]) -> tuple[list[str], Version]:
    number, marked, kept = 1, False, []
    skip = False
    for position, token in enumerate(tokens):
        if skip:
            skip = False
            continue
        match = _NUMBERED.fullmatch(token)
        follower = tokens[position + 1] if position + 1 < len(tokens) else ""
        if match and token.startswith(("v", "c")):
            number = max(number, int(match[1] or match[2]))
            marked = marked or token.startswith("c")
        elif match:
            number = max(number, int(match[1] or match[2]) + 1)  # rev1 follows the first
        elif token in ("v", "ver", "version", "rev") and re.fullmatch(r"\d{1,2}", follower):
            number, skip = max(number, int(follower) + (token == "rev")), True
        elif token in CORRECTED:
            marked = True
            if re.fullmatch(r"\d{1,2}", follower):
                number, skip = max(number, int(follower)), True
        else:
            kept.append(token)
    return kept, Version(number, marked)


def _read(tokens: list[str], codebook: Codebook) -> tuple[str | None, int | None, str | None]:
    years = {int(token) for token in tokens if YEAR.fullmatch(token)}
    runs = [
        (start, start + length)
        for length in range(len(tokens), 0, -1)
        for start in range(len(tokens) - length + 1)
    ]
    agency = stream = None
    used: range = range(0)
    for start, end in runs:
        agency = codebook.code_of("source_agency", " ".join(tokens[start:end]))
        if agency:
            used = range(start, end)
            break
    for start, end in runs:  # the services of "Human Services" are no stream
        stream = _streams(codebook).get(fold(" ".join(tokens[start:end])))
        if stream and not set(used) & set(range(start, end)):
            break
        stream = None
    return agency, years.pop() if len(years) == 1 else None, stream
