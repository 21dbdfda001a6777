"""Narrative passages: text files that the Council edits, whose numbers come from the tables.

A passage is ``data/narrative/YEAR/NAME.md``. Where a number belongs it holds an inline expression,
as notebooks do, so that no number is typed; but only these, which are read and never run:

- ``value("PROS-01")``: the indicator's count for the year of the report;
- ``value("PREV-02", audience="POLICE")``, ``value("PROT-06", unit="VICTIM", period=2023)``: one
  category, another unit of count, period or statistic;
- ``said("PROS-01")``: the count with what it counts, 18 cases; it takes what `value` takes;
- ``published("NGO-03")``: a figure of the Council's published report, by its number in the register;
- ``year``, ``baseline``; ``"143"``: these characters, typed on purpose, and no markup.

A number that is typed otherwise, in figures or in words, stops the build (`typed_numbers`).

For simulated records a passage of the year is read only where it restates a published text
(``restated.csv``): then its numbers are published ones, and none is of the tables. All other
passages come from ``data/narrative/example``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from atips_analysis.codebook import dimensions
from atips_analysis.errors import InputError
from atips_analysis.framework import load_indicators
from atips_analysis.indicators.measure import unit_of
from atips_analysis.pages.known_names import check_category, check_indicator, meant
from atips_analysis.pages.numbers import NO_BREAK, format_number, kept_in_words
from atips_analysis.pages.restated import load_restated
from atips_analysis.pages.text import escape_markdown
from atips_analysis.pages.tidy import Tidy, number_kept_back
from atips_analysis.profile import UNSEEN
from atips_analysis.project import Project
from atips_analysis.published.sources import load_council_figures
from atips_analysis.words.paragraphs import EXPRESSION
from atips_analysis.words.said import Message, joined
from atips_analysis.words.typed_numbers import line_of, typed_numbers

OLD_PLACEHOLDER = re.compile(r"\{\{.*?\}\}", re.DOTALL)
CALLS = "value(…), said(…), published(…), year, baseline"
OF_A_TABLE = '`{python} value("PROS-01")`'
PRINTED = '`{python} published("NGO-03")`'
TYPED = Message("the number “{number}” is typed; write {table}, or {quoted} where no table has it")
TYPED_TOO = Message(
    "the number “{number}” is typed (so are {more}); write {table}, or {quoted} where no table has it"
)
TYPED_THERE = Message("“{number}” in row {row}")
OF_AN_EXPRESSION = Message("{expression}: {what}")
NOT_UNDERSTOOD_NAME = Message("{name} is not understood; write it as in {example}")
NOT_UNDERSTOOD = Message("is not understood; write one of {calls}")
LEFT_OVER = re.compile(r"\{python\}", re.IGNORECASE)
NO_WORDS = re.compile(f"[{UNSEEN}]")
TOP_HEADING = re.compile(r"^# ", re.MULTILINE)


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
    own = not tidy.simulated or name in load_restated(project, year)
    folder = str(year) if own else "example"
    path = project.root / "data" / "narrative" / folder / f"{name}.md"
    file = f"data/narrative/{folder}/{name}.md"
    if not path.is_file():
        return Passage(file, "")
    text = read_passage(path)
    if tidy.simulated and own:
        _check_restated(text, file)
    return fill(text, tidy, project, year, file) if text else Passage(file, "")


def check_passages(project: Project, year: int) -> None:
    """Nothing, when no passage of the year, or of the example, holds a typed number or a chapter.

    Raises
    ------
    InputError
        Before a build does any work: the file, the line and what stands there. So does a passage
        that restates a published text and takes a number from elsewhere.
    """
    restated = load_restated(project, year)
    for path, file in passage_files(project, year):
        text = read_passage(path)
        _check(text, file, project)
        if path.stem in restated and path.parent.name == str(year):
            _check_restated(text, file)


def _check_restated(text: str, file: str) -> None:
    """Stop at a number of our tables in what a published text says."""
    for found in EXPRESSION.finditer(text):
        if _parsed(found[1]).name in ("value", "said"):
            raise InputError(
                Message(
                    "{expression} is of our tables, and this passage restates a published text; write "
                    "{printed}, or take it out of restated.csv"
                ).format(expression=_shown(found), printed=PRINTED),
                file=file,
                row=line_of(text, found.start()),
            )


def passage_files(project: Project, year: int) -> Iterator[tuple[Path, str]]:
    """The passages of a year and of the example, each with what errors call it."""
    for folder in (str(year), "example"):
        for path in sorted((project.root / "data" / "narrative" / folder).glob("*.md")):
            yield path, f"data/narrative/{folder}/{path.name}"


def fill(text: str, tidy: Tidy, project: Project, year: int, file: str) -> Passage:
    """Replace the placeholders of a text, in which no number may be typed."""
    _check(text, file, project)

    def words(found: re.Match[str]) -> str:
        try:
            return _call_in_words(_parsed(found[1]), tidy, project, year)
        except (InputError, KeyError, ValueError) as error:
            raise _of_expression(found, error, file, text) from None

    return Passage(file, EXPRESSION.sub(words, text))


def _shown(found: re.Match[str]) -> str:
    return f"`{{python}} {found[1]}`"


def _of_expression(found: re.Match[str], error: Exception, file: str, text: str) -> InputError:
    """An error of one expression of a passage, with its place."""
    own = error.args[0] if error.args else ""
    said = OF_AN_EXPRESSION.format(expression=_shown(found), what=getattr(error, "what", own))
    return InputError(said, file=file, row=line_of(text, found.start()))


def read_passage(path: Path) -> str:
    """The text of a passage as it was written, without blank ends.

    Raises
    ------
    InputError
        If it is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n").rstrip()
    except UnicodeDecodeError:
        raise InputError(
            Message("is not saved as UTF-8 text; save it again with that encoding").format(),
            file=f"data/narrative/{path.parent.name}/{path.name}",
        ) from None


def _check(text: str, file: str, project: Project) -> None:
    old = OLD_PLACEHOLDER.search(text)
    if old:
        raise InputError(
            Message(
                "{old} is the form of earlier versions; write {table}, {printed} or {year}"
            ).format(
                old=" ".join(old[0].split()),
                table=OF_A_TABLE,
                printed=PRINTED,
                year="`{python} year`",
            ),
            file=file,
            row=line_of(text, old.start()),
        )
    unseen = NO_WORDS.search(text)
    if unseen:
        raise InputError(
            Message(
                "holds {unseen}, a character that nobody sees; take it out, or type the line again"
            ).format(unseen=ascii(unseen[0])),
            file=file,
            row=line_of(text, unseen.start()),
        )
    heading = TOP_HEADING.search(text)
    if heading:
        raise InputError(
            Message("a passage opens no chapter: write its headings with ## or smaller").format(),
            file=file,
            row=line_of(text, heading.start()),
        )
    for found in EXPRESSION.finditer(text):
        try:
            _check_names(_parsed(found[1]), project)
        except InputError as error:
            raise _of_expression(found, error, file, text) from None
    left = LEFT_OVER.search(EXPRESSION.sub(lambda found: "x" * len(found[0]), text))
    if left:
        raise InputError(
            Message(
                "{opening} opens an expression that does not end as one; write {table}, with a blank "
                "and between backquotes"
            ).format(opening="{python}", table=OF_A_TABLE),
            file=file,
            row=line_of(text, left.start()),
        )
    typed = typed_numbers(text)
    if typed:
        line, number = typed[0]
        also = [TYPED_THERE.format(number=other, row=at) for at, other in typed[1:]]
        said = TYPED_TOO if also else TYPED
        raise InputError(
            said.format(
                number=number,
                more=joined(", ", also),
                table=OF_A_TABLE,
                quoted=f'`{{python}} "{number}"`',
            ),
            file=file,
            row=line,
        )


@dataclass(frozen=True)
class _Call:
    """An expression of the closed set: what is asked for, of what, and with which categories."""

    name: str
    of: str = ""
    given: dict[str, str] = field(default_factory=dict)


def _parsed(expression: str) -> _Call:
    """What an expression asks for; its text is parsed, and nothing of it is run."""
    try:
        node = ast.parse(expression, mode="eval").body
    except (
        SyntaxError,
        ValueError,
        MemoryError,
        RecursionError,
    ):  # the last two: nested too deeply
        raise InputError(NOT_UNDERSTOOD.format(calls=CALLS)) from None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _Call("text", node.value)
    if isinstance(node, ast.Name) and node.id in ("year", "baseline"):
        return _Call(node.id)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        raise InputError(NOT_UNDERSTOOD.format(calls=CALLS))
    name = node.func.id
    if name not in ("value", "said", "published"):
        raise InputError(
            Message("{name}(…) is no call of passages; write one of {calls}").format(
                name=name, calls=CALLS
            )
        )
    of, given = _arguments(node)
    if name == "published" and given:
        raise InputError(
            Message("published(…) takes one name, such as {example}").format(
                example='published("NGO-03")'
            )
        )
    return _Call(name, of, given)


def _call_in_words(call: _Call, tidy: Tidy, project: Project, year: int) -> str:
    """What a call says of a build."""
    if call.name == "text":
        return escape_markdown(call.of)
    if call.name == "year":
        return str(year)
    if call.name == "baseline":
        return str(tidy.about["baseline"]).replace("-", "–")
    if call.name == "published":
        return _published(call.of, project)
    given = dict(call.given)
    return _indicator(call.of, given, tidy, year, with_unit=call.name == "said")


def _check_names(call: _Call, project: Project) -> None:
    """Stop at a name that neither register nor code lists have; no table is needed for that."""
    if call.name == "published":
        _published(call.of, project)
    if call.name in ("value", "said"):
        check_indicator(call.of, [indicator.id for indicator in load_indicators(project)])
        for dimension, code in call.given.items():
            if dimension in dimensions():
                check_category(dimension, code)


def _arguments(node: ast.Call) -> tuple[str, dict[str, str]]:
    """One text, and further ones by name: nothing else is taken."""
    plain = [one.value for one in node.args if isinstance(one, ast.Constant)]
    named = {
        str(one.arg): str(one.value.value)
        for one in node.keywords
        if isinstance(one.value, ast.Constant)
    }
    if len(plain) != 1 or len(node.args) != 1 or len(named) != len(node.keywords):
        raise InputError(
            Message("takes one name in quotes, such as {example}").format(
                example='value("PROS-01", period=2023)'
            )
        )
    unknown = sorted(set(named) - {*dimensions(), "period", "statistic", "unit"})
    if unknown:
        raise InputError(
            NOT_UNDERSTOOD_NAME.format(name=unknown[0], example='audience="POLICE", period=2023')
        )
    return str(plain[0]), named


def _indicator(
    indicator_id: str, given: dict[str, str], tidy: Tidy, year: int, *, with_unit: bool
) -> str:
    period = given.pop("period", str(year))
    statistic = given.pop("statistic", None)
    unit = given.pop("unit", None)
    rows = tidy.rows(indicator_id, period, unit, statistic)
    if statistic is None and "count" in set(rows["statistic"]):
        statistic = "count"
        rows = rows[rows["statistic"] == "count"]
    if unit is None and len(set(rows["unit_of_count"])) > 1:
        own = unit_of(indicator_id)
        unit = own if own in set(rows["unit_of_count"]) else None
        if unit is None:
            choices = sorted(set(rows["unit_of_count"]))
            raise InputError(
                Message("say which unit of count: {choices}").format(
                    choices=", ".join(f"unit={one}" for one in choices)
                )
            )
    if rows.empty:
        raise InputError(Message("there is no such value for {period}").format(period=period))
    if (
        given
        and tidy.rows(indicator_id, period, unit, statistic, **dict.fromkeys(given, "*")).empty
    ):
        whole = tidy.cell(indicator_id, period, unit, statistic)
        if whole.value is None:  # nothing was returned, of its parts no more than of all
            return number_kept_back(whole, tidy.lang)
        raise InputError(
            Message("{indicator} is not broken down by {dimensions}").format(
                indicator=indicator_id, dimensions=", ".join(given)
            )
        )
    cell = tidy.cell(indicator_id, period, unit, statistic, **given)
    if cell.value is None:
        return number_kept_back(cell, tidy.lang)
    decimals = None if statistic == "count" else 1
    number = format_number(cell.value, tidy.lang, decimals)
    code = unit or str(rows["unit_of_count"].iloc[0])
    if not with_unit:
        return kept_in_words(number, cell, tidy.lang)
    if statistic != "count":
        raise InputError(f"said(…) is of counts; write value({indicator_id!r}, …) of a {statistic}")
    words = f"{number}{NO_BREAK}{tidy.counted_unit(float(cell.value), code)}"
    return kept_in_words(words, cell, tidy.lang)


def _published(figure_id: str, project: Project) -> str:
    figures = load_council_figures(project).set_index("figure_id")["value"]
    if figure_id not in figures.index or figures[figure_id] != figures[figure_id]:
        raise InputError(
            meant(
                Message("{name} is not a published figure").format(name=figure_id),
                figure_id,
                figures.index,
            )
        )
    return format_number(float(figures[figure_id]))
