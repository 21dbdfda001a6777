"""What JupyterLab shows of a table is what the page shows."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.pages import Cell, Drawing, charts, show
from atips_analysis.project import find_project

HERE = find_project(Path(__file__).parent)


def shown_sometimes(code: str) -> set[str]:
    """Identifiers of tables and figures that stand within a choice: `show(…) if … else …`."""
    choices = (one for one in ast.walk(ast.parse(code)) if isinstance(one, ast.If | ast.IfExp))
    parts = [
        part
        for one in choices
        for part in (
            [one.body, one.orelse] if isinstance(one, ast.IfExp) else one.body + one.orelse
        )
    ]
    texts = (
        node.value for part in parts for node in ast.walk(part) if isinstance(node, ast.Constant)
    )
    return {text for text in texts if re.fullmatch(r"(?:tbl|fig)-[\w-]+", str(text))}


@pytest.mark.parametrize("file", sorted(HERE.notebooks.rglob("*.ipynb")), ids=lambda one: one.stem)
def test_no_words_point_to_a_table_that_is_left_out_where_its_numbers_are_hidden(
    file: Path,
) -> None:
    """A higher threshold, or few records, and the page would point to nothing: a build stops at it."""
    cells = json.loads(file.read_text("utf-8"))["cells"]
    sources = {
        kind: ["".join(cell["source"]) for cell in cells if cell["cell_type"] == kind]
        for kind in ("code", "markdown")
    }
    words = re.sub(r"`\{python\}[^`]*`", "", "\n".join(sources["markdown"]))
    pointed = set(re.findall(r"(?<![\\\w])@((?:tbl|fig)-[\w-]+)", words))
    assert not pointed & set().union(*map(shown_sometimes, sources["code"]))


def test_a_year_has_no_thousands_separator_in_jupyterlab_either() -> None:
    frame = pd.DataFrame({"Year": [2024], "Victims": [Cell(1234)], "Rate": [1.5]})
    shown = show(frame, "Victims", "tbl-victims", decimals={"Rate": 2})
    bundle = shown._repr_mimebundle_()
    assert "| 2024 | 1,234 | 1.50 |" in bundle["text/markdown"]
    for text in ("2024", "1,234", "1.50"):
        assert f"<td>{text}</td>" in bundle["text/html"]


def test_numbers_that_a_drawing_says_itself_fold_out_on_a_screen_and_are_not_printed() -> None:
    frame = pd.DataFrame({"Cases": ["opened"], "2024": [Cell(5, "PV")]})
    drawn = Drawing("<svg/>", "Cases. 2024: 5.")
    printed = show(drawn, "Cases", "fig-cases", data=frame).markdown
    folded = show(drawn, "Cases", "fig-cases", data=frame, on_screen_only=True).markdown
    assert "::: {.figure-data for=fig-cases}" in printed and "content-visible" not in printed
    assert ':::: {.content-visible when-format="html"}\n::: {.figure-data for=fig-cases}' in folded
    assert "provisional" not in folded.partition("::: {.figure-data")[0]  # no mark is drawn
    assert "p = provisional" in folded


def test_a_district_that_is_hidden_is_hatched_on_the_tiles_and_says_no_number() -> None:
    districts = pd.DataFrame(
        {
            "name": ["Cayo", "Belize"],
            "place": [(0, 1), (1, 0)],
            "Cases": [Cell(2, "C"), Cell(12)],
            "Victims": [Cell(31), Cell(None, "NC")],
        }
    )
    given = {"label": "name", "place": "place", "unit": "Persons"}
    drawn = charts.tiles(districts, cells=["Cases", "Victims"], **given)
    assert drawn.alt == (
        "Persons, on a map of tiles. Cases. Cayo: hidden for protection; Belize: 12. "
        "Victims. Cayo: 31; Belize: not collected."
    )
    other = districts.assign(Cases=[Cell(4, "C"), Cell(12)])
    assert charts.tiles(other, cells=["Cases", "Victims"], **given) == drawn
