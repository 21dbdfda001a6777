"""Narrative passages: text files that the Council edits, whose numbers come from the tables.

A passage is ``data/narrative/YEAR/NAME.md``. Where a number belongs it holds a placeholder, so that
no number is typed:

- ``{{PROS-01}}``: the indicator's count for the year of the report;
- ``{{PREV-02 audience=POLICE}}``, ``{{PROT-06 unit=VICTIM period=2023}}``: one category, another
  unit of count, period or statistic;
- ``{{published NGO-03}}``: a figure of the Council's published report, by its number in the register;
- ``{{year}}``, ``{{baseline}}``;
- ``{{"143"}}``: these characters, typed on purpose.

A number that is typed otherwise, in figures or in words, stops the build: it would not change with
the data, and could give away what the tables hide. Years, days, times, laws, telephone numbers and
numbered lists count nothing and may be typed.

Passages about a real year are not read for simulated records: those take the neutral passages of
``data/narrative/example``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.framework.published import load_council_figures
from atips_analysis.indicators import DIMENSIONS
from atips_analysis.project import Project
from atips_analysis.reporting.numbers import format_number
from atips_analysis.reporting.tidy import CODELIST, Tidy, number_kept_back

PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
TYPED = re.compile(r"(?<![\w.,/-])[$£€]?\d[\d,.]*(?!\w)(?<![.,])", re.ASCII)
NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty hundred thousand"
)
COUNTED_NOUNS = (
    "cases? victims? survivors? persons? people men|man wom[ae]n child(?:ren)? girls? boys? "
    "arrests? convictions? officers? sessions? participants? inspections? migrants? services? reports? "
    "minors? suspects? witness(?:es)? adults? charges? traffickers? foreigners? nationals?"
)
IN_WORDS = re.compile(
    rf"\b(?:{'|'.join(NUMBER_WORDS.split())})\s+(?:\w+\s+)?(?:{'|'.join(COUNTED_NOUNS.split())})\b",
    re.IGNORECASE,
)
TOP_HEADING = re.compile(r"^# ", re.MULTILINE)

MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DAY = r"\d{1,2}(?:\s*(?:[-–]|to|and)\s*\d{1,2})?"
NAMED_BY_NUMBER = (
    "Chapter|Chapters|Cap\\.?|Section|Sections|Article|Articles|Part|Schedule|Clause|Rule|Regulation|"
    "Protocol|Paragraph|Goal|Target|Indicator|Objective|Priority|Phase|Stage|Step|Level|Module|Channel|"
    "Figure|Table|Page|Annex|Form|Resolution|No\\.?|Nr\\.?|Number|S\\.I\\.|Room|P\\.?O\\.? Box|Trafficking"
)
NO_QUANTITIES = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"https?://\S+|\]\([^)]*\)",  # addresses
        r"^\s*\d+[.)]\s",  # a numbered list
        r"\+?(?:\d{1,3}[ -])?\b\d{3}[ -]\d{4}\b|\b0[ -]800[ -]\w+|\b9(?:11|22)\b",  # telephones
        rf"\b{DAY}\s+{MONTH}\b|\b{MONTH}\s+{DAY}(?!\d)",  # days
        r"(?i:\b(?:in|during|since|until|from|by|of|year)\s+)(?:19|20)\d\d\b(?![\d,.]*\d)",  # "in 2024"
        r"(?<![\d,.$£€])(?:19|20)\d\d(?:\s*[-–/]\s*(?:(?:19|20)\d\d|\d\d))*(?![\d,.]*\d)"
        rf"(?!\s+(?:\w+\s+)?(?:{'|'.join(COUNTED_NOUNS.split())})\b)",  # years
        r"\b\d{1,2}(?::\d\d)?\s?[ap]\.?m\b|\b\d{1,2}:\d\d\b(?!:)|\b24/7\b|\b24 hours\b",  # times
        rf"\b(?:{NAMED_BY_NUMBER})\s*\d[\d.:/()-]*(?:\s+(?:of|and|to)\s+\d[\d.:/()-]*)*",  # laws
        r"(?i:\b(?:under|over|below|above|aged|age of)\s+18\b|\b18 years\b)",  # who is a child
    )
)
"""Numbers that count nothing: what an officer may type."""


@dataclass(frozen=True)
class Passage:
    """A passage with its numbers filled in.

    `text` is Markdown, empty where there is no passage.
    """

    file: str
    text: str

    def __bool__(self) -> bool:
        return bool(self.text)


def passage(tidy: Tidy, project: Project, year: int, name: str) -> Passage:
    """The passage of a chapter, its placeholders replaced from the protected table.

    A missing or blank file is an empty passage, which a chapter leaves out.

    Raises
    ------
    InputError
        If a number is typed or a placeholder names what is not there (file and line are said), or
        the passage has a heading of the first level, which belongs to the report.
    """
    folder = "example" if tidy.simulated else str(year)
    path = project.root / "data" / "narrative" / folder / f"{name}.md"
    file = f"data/narrative/{folder}/{name}.md"
    if not path.is_file():
        return Passage(file, "")
    text = _read(path)
    return fill(text, tidy, project, year, file) if text else Passage(file, "")


def check_passages(project: Project, year: int) -> None:
    """Nothing, when no passage of the year, or of the example, holds a typed number or a chapter.

    Raises
    ------
    InputError
        Before a build does any work: the file, the line and what stands there.
    """
    narrative = project.root / "data" / "narrative"
    for folder in (str(year), "example"):
        for path in sorted((narrative / folder).glob("*.md")):
            _check(_read(path), f"data/narrative/{folder}/{path.name}")


def fill(text: str, tidy: Tidy, project: Project, year: int, file: str) -> Passage:
    """Replace the placeholders of a text, in which no number may be typed."""
    _check(text, file)

    def value(found: re.Match[str]) -> str:
        try:
            return _value(found[1], tidy, project, year)
        except (InputError, KeyError, ValueError) as error:
            what = error.args[0] if error.args else ""
            raise InputError(
                f"placeholder {{{{{found[1]}}}}}: {what}", file=file, row=_line(text, found.start())
            ) from None

    return Passage(file, PLACEHOLDER.sub(value, text))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n").rstrip()
    except UnicodeDecodeError:
        raise InputError(
            "is not saved as UTF-8 text; save it again with that encoding",
            file=f"data/narrative/{path.parent.name}/{path.name}",
        ) from None


def _check(text: str, file: str) -> None:
    heading = TOP_HEADING.search(text)
    if heading:
        raise InputError(
            "a passage opens no chapter: write its headings with ## or smaller",
            file=file,
            row=_line(text, heading.start()),
        )
    typed = typed_numbers(text)
    if typed:
        line, number = typed[0]
        more = [f"“{other}” in row {at}" for at, other in typed[1:]]
        also = f" (so are {', '.join(more)})" if more else ""
        raise InputError(
            f"the number “{number}” is typed{also}; write a placeholder such as {{{{PROS-01}}}}, or "
            f'{{{{"{number}"}}}} where no table has it',
            file=file,
            row=line,
        )


def _value(inside: str, tidy: Tidy, project: Project, year: int) -> str:
    if inside.startswith('"') and inside.endswith('"') and len(inside) > 1:
        return inside[1:-1]
    words = inside.split()
    if words == ["year"]:
        return str(year)
    if words == ["baseline"]:
        return str(tidy.about["baseline"]).replace("-", "–")
    if words[:1] == ["published"] and len(words) == 2:
        return _published(words[1], project)
    if not words:
        raise InputError("nothing is named; write an indicator, such as PROS-01")
    given = dict(_pair(word) for word in words[1:])
    return _indicator(words[0], given, tidy, year)


def _indicator(indicator_id: str, given: dict[str, str], tidy: Tidy, year: int) -> str:
    known = [indicator.id for indicator in tidy.indicators]
    if indicator_id not in known:
        raise InputError(f"{indicator_id} is not an indicator{_near(indicator_id, known)}")
    period = given.pop("period", str(year))
    statistic = given.pop("statistic", None)
    unit = given.pop("unit", None)
    for dimension, code in given.items():
        _check_category(dimension, code)
    rows = tidy.rows(indicator_id, period, unit, statistic)
    if statistic is None and "count" in set(rows["statistic"]):
        statistic = "count"
        rows = rows[rows["statistic"] == "count"]
    if unit is None and len(set(rows["unit_of_count"])) > 1:
        own = tidy.indicator(indicator_id).unit_of_count
        unit = own if own in set(rows["unit_of_count"]) else None
        if unit is None:
            choices = " or ".join(sorted(set(rows["unit_of_count"])))
            raise InputError(f"say which unit of count: unit={choices}")
    if rows.empty:
        raise InputError(f"there is no such value for {period}")
    if (
        given
        and tidy.rows(indicator_id, period, unit, statistic, **dict.fromkeys(given, "*")).empty
    ):
        raise InputError(f"{indicator_id} is not broken down by {' and '.join(given)}")
    cell = tidy.cell(indicator_id, period, unit, statistic, **given)
    if cell.value is None:
        return number_kept_back(cell, tidy.lang)
    decimals = None if statistic == "count" else 1
    return format_number(cell.value, tidy.lang, decimals)


def _published(figure_id: str, project: Project) -> str:
    figures = load_council_figures(project).set_index("figure_id")["value"]
    if figure_id not in figures.index or figures[figure_id] != figures[figure_id]:
        raise InputError(f"{figure_id} is not a published figure{_near(figure_id, figures.index)}")
    return format_number(float(figures[figure_id]))


def _pair(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals or name not in {*DIMENSIONS, "period", "statistic", "unit"}:
        raise InputError(f"{word!r} is not understood; write it as audience=POLICE or period=2023")
    return name, value


def _check_category(dimension: str, code: str) -> None:
    """A category that is on no list would read as a true zero: refuse it."""
    own = load_codebook().own_labels(dimension)
    listed = load_codebook().codelists.get(CODELIST.get(dimension, dimension))
    codes = [*own, *(listed.table["code"] if listed else ())]
    if code not in codes:
        raise InputError(f"{dimension} has no category {code}{_near(code, codes)}")


def _near(word: str, choices: object) -> str:
    found = get_close_matches(word, list(choices), 1)  # type: ignore[call-overload]
    return f"; {found[0]} is meant?" if found else ""


def typed_numbers(text: str) -> list[tuple[int, str]]:
    """Numbers outside placeholders that count something, each with its line."""

    def blank(found: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", found[0])

    bare = PLACEHOLDER.sub(lambda found: re.sub(r"[^\n]", "x", found[0]), text)
    for pattern in NO_QUANTITIES:
        bare = pattern.sub(blank, bare)
    found = [*TYPED.finditer(bare), *IN_WORDS.finditer(bare)]
    return sorted((_line(text, one.start()), " ".join(one[0].split())) for one in found)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
