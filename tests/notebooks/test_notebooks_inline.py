"""Words of notebooks: expressions are filled where they stand, and what has no words is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from atips_analysis.errors import InputError
from atips_analysis.notebooks.inline import expressions, filled
from atips_analysis.notebooks.notebook_cells import read_cells
from atips_analysis.notebooks.running import run_notebook
from atips_analysis.notebooks.words_check import check_words
from atips_analysis.render.markdown import flatten

OPENING = """\
import pandas as pd
from atips_analysis.pages import Cell, number, paragraph
cases, share, nothing = 1669, 0.125, None
hidden, known = Cell(None, "C"), Cell(18.0, "OK")
frame = pd.DataFrame({"a": [1]})
"""


def notebook(folder: Path, *cells: tuple[str, str], name: str = "page") -> Path:
    """A notebook of the given (kind, source) cells, behind one that opens it."""
    every = [("parameters", "year: int = 2024  # year of the page"), ("code", OPENING), *cells]
    document = {
        "cells": [_cell(kind, source, at) for at, (kind, source) in enumerate(every)],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = folder / f"{name}.ipynb"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def _cell(kind: str, source: str, at: int) -> dict[str, object]:
    if kind == "markdown":
        return {"cell_type": "markdown", "id": f"c{at}", "metadata": {}, "source": source}
    tags = {"tags": ["parameters"]} if kind == "parameters" else {}
    empty = {"execution_count": None, "outputs": []}
    return {"cell_type": "code", "id": f"c{at}", "metadata": tags, "source": source} | empty


def said(folder: Path, *texts: str, **given: object) -> str:
    path = notebook(folder, *[("markdown", text) for text in texts])
    return flatten(run_notebook(path, folder / "out" / "page.ipynb", given)).text.strip()


@pytest.fixture(scope="module", autouse=True)
def warm():
    from atips_analysis.notebooks import warm_kernels

    with warm_kernels() as kept:
        yield kept


def test_an_expression_is_evaluated_in_the_kernel_at_its_place(tmp_path: Path) -> None:
    path = notebook(
        tmp_path,
        ("markdown", "Before: `{python} number(cases)`."),
        ("code", "cases = cases + 1"),
        ("markdown", "After: `{python} number(cases)` in `{python} year`."),
    )
    text = flatten(run_notebook(path, tmp_path / "out.ipynb", {"year": 2023})).text
    assert text.split("\n\n")[:2] == ["Before: 1,669.", "After: 1,670 in 2023.\n"]


def test_texts_whole_numbers_words_and_known_cells_may_stand_in_a_sentence(tmp_path: Path) -> None:
    text = "`{python} 'So'`, `{python} cases`, `{python} known`, `{python} paragraph('and so on')`."
    assert said(tmp_path, text) == "So, 1669, 18, and so on."


def test_an_address_and_the_name_of_a_file_are_words_that_nobody_fetches(tmp_path: Path) -> None:
    text = "`{python} 'https://no.such.host.invalid'` and `{python} __import__('os').sep`."
    assert said(tmp_path, text) == "https://no.such.host.invalid and /."


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("frame", "is a DataFrame, which no sentence can hold"),
        ("frame['a']", "is a Series, which no sentence can hold"),
        ("hidden", "is a value that is hidden or missing"),
        ("nothing", "is None, which is no word"),
        ("float('nan')", "is a number that is hidden or missing"),
        ("frame['a'].astype('Int64').shift()[0]", "is a number that is hidden or missing"),
        ("str(pd.NA)", "is a number that is hidden or missing"),
        ("share", "is a number with decimals; write number"),
        ("''", "is an empty text"),
        ("caes", "NameError: name 'caes' is not defined"),
        ("1 / 0", "ZeroDivisionError"),
        ("[cases]", "is a list, which is no word"),
    ],
)
def test_what_has_no_words_is_one_line_with_notebook_cell_and_what_to_do(
    tmp_path: Path, expression: str, told: str
) -> None:
    with pytest.raises(InputError) as refused:
        said(tmp_path, "First words.", f"There were `{{python}} {expression}` cases.", year=2023)
    line = str(refused.value)
    assert line.startswith(f"page.ipynb, cell 4: `{{python}} {expression}`") and told in line
    assert "\n" not in line
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").glob("*.ipynb"))


def test_nothing_that_an_earlier_run_left_in_a_cell_is_read(tmp_path: Path) -> None:
    path = notebook(tmp_path, ("markdown", "There were `{python} number(cases)` cases."))
    document = json.loads(path.read_text())
    document["cells"][2]["metadata"] = {
        "user_expressions": [{"expression": "number(cases)", "result": {"data": "99"}}]
    }
    path.write_text(json.dumps(document))
    assert "There were 1,669 cases." in flatten(run_notebook(path, tmp_path / "out.ipynb")).text


def test_an_expression_in_a_block_of_code_or_in_double_backquotes_is_an_example() -> None:
    text = "Write ``In `{python} year` `` so:\n\n```\n`{python} year`\n```\n\nNow `{python} year`."
    assert expressions(text) == ("year",)
    assert filled(text, {"year": "2024"}).endswith("```\n`{python} year`\n```\n\nNow 2024.")


@pytest.mark.parametrize("typed", ["18 cases", "In all, 1,669 people", "two victims", "5 %"])
def test_a_number_typed_in_words_stops_before_anything_is_run(tmp_path: Path, typed: str) -> None:
    path = notebook(tmp_path, ("markdown", f"Words.\n\nThere were {typed}."))
    with pytest.raises(InputError, match=r"page.ipynb, cell 3, row 3: the number “.*” is typed"):
        check_words(read_cells(path), path.name)


def test_years_references_and_expressions_are_no_typed_numbers(tmp_path: Path) -> None:
    words = (
        "## In 2024 {#sec-part-2}\n\nSee @tbl-2 and section 4.5 (Wilson 1927); `x = 3`; "
        "`{python} number(18)` cases; children under 18.\n\n::: {.box width=40}\nWords.\n:::"
    )
    path = notebook(tmp_path, ("markdown", words))
    check_words(read_cells(path), path.name)


def test_an_expression_that_is_not_python_is_refused_before_the_run(tmp_path: Path) -> None:
    path = notebook(tmp_path, ("markdown", "There were `{python} number(` cases."))
    with pytest.raises(InputError, match=r"page.ipynb, cell 3: `{python} number\(` is not Python"):
        check_words(read_cells(path), path.name)


@pytest.mark.parametrize("left", ["`{python}year`", "{python} year", "`{Python} year`", "`{r} x`"])
def test_what_does_not_end_as_an_expression_is_refused_before_the_run(
    tmp_path: Path, left: str
) -> None:
    path = notebook(tmp_path, ("markdown", f"In {left} it was so."))
    with pytest.raises(InputError, match=r"page.ipynb, cell 3: \{\w+\} opens an expression"):
        check_words(read_cells(path), path.name)
