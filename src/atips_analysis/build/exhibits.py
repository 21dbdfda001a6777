"""Where each exhibit of a build comes from: figure, table, key figures → notebook, cell, indicators.

Read off the executed notebooks. An exhibit's indicators are those that the statement which shows
it names, and the earlier statements that its variables come from (Weiser, Program slicing, 1981); the series that it shows with the edition's marks;
and where none of these names one, those that the functions of the kit which it calls have built
in. So every number on paper leads to the code that made it, without anybody keeping a list.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atips_analysis import pages as kit
from atips_analysis.files import csv_text, read_json
from atips_analysis.statements import said_on

EXHIBITS = "exhibits.csv"
"""The map, on the public side of a build and in a pack."""
COLUMNS = ("page", "exhibit", "kind", "caption", "notebook", "cell", "indicators")
ALL = "all"
"""An exhibit over the whole table, such as a list of every indicator."""
WHOLE = frozenset({"edition.table", "edition.indicators", "indicator_lines", "indicator_states"})
"""Names through which code takes every indicator."""
FIGURE = re.compile(r"!\[(?P<caption>[^\]]*)\]\([^)]*\)\{#(?P<id>fig-[\w-]+)")
TABLE = re.compile(r"^: (?P<caption>.*?) \{#(?P<id>tbl-[\w-]+)", re.MULTILINE)
KEY_FIGURES = "::: {.key-figures}"


@dataclass(frozen=True)
class Executed:
    """An executed notebook of a page: what the page and its notebook are called, and its file."""

    page: str
    notebook: str
    file: Path


@dataclass(frozen=True)
class _Statement:
    """What a statement of a notebook names: what it sets and uses, and indicators.

    `anew` says whether it sets its names whole, so that what they were before no longer counts.
    """

    sets: frozenset[str]
    uses: frozenset[str]
    indicators: frozenset[str]
    anew: bool


def exhibits(
    executed: Iterable[Executed], register: Iterable[str], series: Mapping[str, str]
) -> list[dict[str, str]]:
    """A row an exhibit, by page, in the order in which they stand; keys are `COLUMNS`.

    `register` holds every indicator's id; `series` the indicator of each declared series. `cell`
    is the cell's number in the notebook, counted from 1 over cells of every kind.
    """
    known = frozenset(register)
    return [row for one in executed for row in _of_page(one, known, series)]


def as_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """The rows as a table."""
    return csv_text([COLUMNS, *([row[name] for name in COLUMNS] for row in rows)])


def _of_page(
    one: Executed, known: frozenset[str], series: Mapping[str, str]
) -> Iterator[dict[str, str]]:
    cells = read_json(one.file)["cells"]
    own = [cell for cell in cells if "injected-parameters" not in _tags(cell)]
    before: list[_Statement] = []
    for number, cell in enumerate(own, start=1):
        if cell["cell_type"] != "code":
            continue
        code = _read("".join(cell["source"]), known)
        for whole, text in _shown(cell):
            found = {series[id] for id, _ in said_on(text) if series.get(id)}
            seed = code if whole else code[-1:]
            earlier = before if whole else [*before, *code[:-1]]
            named = _indicators(seed, earlier, known) | found
            said = ALL if ALL in named else " ".join(sorted(named))
            for exhibit, kind, caption in _exhibits_in(text, number):
                values = (one.page, exhibit, kind, caption, one.notebook, str(number), said)
                yield dict(zip(COLUMNS, values, strict=True))
        before += code


def _tags(cell: Mapping[str, Any]) -> Sequence[str]:
    """The tags of a cell; parameters that a run put in are told by the comment too."""
    injected = "".join(cell["source"]).startswith("# Parameters\n")
    return [*cell["metadata"].get("tags", ()), *(["injected-parameters"] if injected else [])]


def _shown(cell: Mapping[str, Any]) -> Iterator[tuple[bool, str]]:
    """What a cell shows, and whether any of its statements may have: else it is the last one."""
    for output in cell.get("outputs", ()):
        text = "".join(output.get("data", {}).get("text/markdown", ""))
        if text:
            yield output["output_type"] != "execute_result", text


def _exhibits_in(text: str, number: int) -> Iterator[tuple[str, str, str]]:
    for found in FIGURE.finditer(text):
        yield found["id"], "figure", found["caption"]
    for found in TABLE.finditer(text):
        yield found["id"], "table", found["caption"]
    if KEY_FIGURES in text:
        yield f"key-figures-{number}", "key figures", ""


def _read(source: str, known: frozenset[str]) -> list[_Statement]:
    """The statements of a cell; none where it is no Python (a magic of IPython)."""
    try:
        return [_statement(statement, known) for statement in ast.parse(source).body]
    except SyntaxError:
        return []


def _statement(statement: ast.stmt, known: frozenset[str]) -> _Statement:
    nodes = list(ast.walk(statement))
    inner = _inner_names(nodes)
    names = [node for node in nodes if isinstance(node, ast.Name) and node.id not in inner]
    uses = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            uses.add(f"{node.value.id}.{node.attr}")
    if isinstance(statement, ast.FunctionDef):
        sets = {statement.name}
    else:
        sets = {node.id for node in names if isinstance(node.ctx, ast.Store)} | _changed(nodes)
    anew = isinstance(statement, (ast.Assign, ast.AnnAssign, ast.FunctionDef))
    texts = [node.value for node in nodes if isinstance(node, ast.Constant)]
    codes = {text for text in texts if isinstance(text, str) and text in known}
    return _Statement(frozenset(sets), frozenset(uses), frozenset(codes), anew)


def _inner_names(nodes: Iterable[ast.AST]) -> set[str]:
    """Names that mean something within a comprehension or a function alone."""
    inner: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.comprehension):
            inner |= {one.id for one in ast.walk(node.target) if isinstance(one, ast.Name)}
        elif isinstance(node, ast.arg):
            inner.add(node.arg)
        elif isinstance(node, ast.FunctionDef):
            stored = (one for one in ast.walk(node) if isinstance(one, ast.Name))
            inner |= {one.id for one in stored if isinstance(one.ctx, ast.Store)}
    return inner


def _changed(nodes: Iterable[ast.AST]) -> set[str]:
    """Names whose method is called for what it does to them, such as ``rows.append(…)``."""
    calls = (node.value for node in nodes if isinstance(node, ast.Expr))
    called = (call.func for call in calls if isinstance(call, ast.Call))
    return {
        function.value.id
        for function in called
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
    }


def _indicators(
    shown: Sequence[_Statement], before: Sequence[_Statement], known: frozenset[str]
) -> set[str]:
    """The indicators of what is shown: its own, those behind its variables, or those of the kit."""
    reached, wanted = [*shown], {name for one in shown for name in one.uses}
    for earlier in reversed(before):
        if earlier.sets & wanted:
            reached.append(earlier)
            wanted = (wanted - earlier.sets if earlier.anew else wanted) | earlier.uses
    named = {one for part in reached for one in part.indicators}
    if named:
        return named
    if any(part.uses & WHOLE for part in reached):
        return {ALL}
    return {one for part in reached for name in part.uses for one in _built_in(name, known)}


def _built_in(name: str, known: frozenset[str]) -> set[str]:
    """The indicators in the constants that a function of the kit reads, such as its key figures."""
    function = getattr(kit, name, None)
    code = getattr(function, "__code__", None)
    found: set[str] = set()
    for constant in code.co_names if code else ():
        value = getattr(function, "__globals__", {}).get(constant)
        if isinstance(value, tuple):
            found |= {str(part) for row in value if isinstance(row, tuple) for part in row}
    return found & known
