"""The public page on data quality speaks of rules in words."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

from atips_analysis.notebooks.notebook_cells import read_cells
from atips_analysis.project import find_project

HERE = find_project(Path(__file__).parent)


def test_every_rule_of_the_suites_has_words_on_the_page() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in HERE.expectations.glob("*.json"))
    rules = {json.loads(name) for name in re.findall(r'"rule": ("[^"]*")', text)}
    assert rules <= set(words_of_rules())


def words_of_rules() -> dict[str, str]:
    """The dictionary that the notebook's cell assigns."""
    for cell in read_cells(HERE.notebooks / "data-quality.ipynb"):
        if cell["cell_type"] == "code":
            for line in ast.parse(cell["source"]).body:
                if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "rules":
                    return dict(ast.literal_eval(line.value))
    raise AssertionError("the notebook has no words of rules")
