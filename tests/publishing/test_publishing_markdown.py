from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from atips_analysis.errors import InputError
from atips_analysis.render.markdown import flatten


def test_flattening_keeps_markdown_and_front_matter_and_drops_code(
    tmp_path: Path, sample: Any
) -> None:
    flat = flatten(sample.example_notebook(tmp_path / "report.ipynb"))
    assert flat.front_matter == {"title": "Fixture report"}
    assert flat.pictures == ("figures/cases.svg", "figures/two.svg")
    assert "{#tbl-long}" in flat.text and "show()" not in flat.text


def test_a_cell_may_state_particulars_that_it_computed(tmp_path: Path, sample: Any) -> None:
    computed = sample.markdown_output("---\nsimulated: true\nperiod: 2024-Q3\n---")
    cells = (sample.text_cell("---\ntitle: T\n---", "raw"), sample.code_cell("x", computed))
    flat = flatten(sample.write_notebook(tmp_path / "n.ipynb", *cells, sample.text_cell("Text.")))
    assert flat.front_matter == {"title": "T", "simulated": True, "period": "2024-Q3"}
    assert flat.text == "Text.\n"


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ({"output_type": "error", "ename": "KeyError", "evalue": "x"}, "holds an error"),
        ({"output_type": "stream", "name": "stdout", "text": "18"}, "plain text"),
        ({"output_type": "display_data", "data": {"text/html": "<b>"}}, "HTML table or widget"),
        ({"output_type": "execute_result", "data": {"text/plain": "18"}}, "a plain value"),
        ({"output_type": "display_data", "data": {"image/png": "iVBO"}}, "not saved to a file"),
    ],
)
def test_whatever_is_not_markdown_fails_with_its_cell(
    tmp_path: Path, sample: Any, output: dict[str, Any], words: str
) -> None:
    path = sample.write_notebook(tmp_path / "leftover.ipynb", sample.code_cell("x", output))
    with pytest.raises(InputError, match=f"leftover.ipynb: cell 1 .*{words}"):
        flatten(path)


def test_a_cell_that_never_ran_fails(tmp_path: Path, sample: Any) -> None:
    path = sample.write_notebook(tmp_path / "unrun.ipynb", sample.code_cell("x", count=None))
    with pytest.raises(InputError, match="was not run"):
        flatten(path)


def test_warnings_of_libraries_stay_out_of_the_page(tmp_path: Path, sample: Any) -> None:
    warning = {"output_type": "stream", "name": "stderr", "text": "FutureWarning"}
    path = sample.write_notebook(tmp_path / "n.ipynb", sample.code_cell("x", warning))
    assert "Warning" not in flatten(path).text


@pytest.mark.parametrize(
    "picture", ["figures/none.svg", "/etc/passwd.svg", "https://example.org/a.png", "../up.svg"]
)
def test_a_picture_that_is_missing_or_elsewhere_fails(
    tmp_path: Path, sample: Any, picture: str
) -> None:
    cell = sample.text_cell(f"![A]({picture}){{#fig-a fig-alt='B'}}")
    with pytest.raises(InputError, match=r"missing|elsewhere"):
        flatten(sample.write_notebook(tmp_path / "n.ipynb", cell))
