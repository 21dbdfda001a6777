"""The specification: the tests that define the method, each with what it states and its code.

`data/framework/specification.csv` chooses them; a room of the library is a chapter. Statement and
example stand or fall together: the example is the test's own code, read from the repository.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.framework.register_files import read_framework_table, records
from atips_analysis.project import Project
from atips_analysis.words import by_language, in_language

REGISTER = "data/framework/specification.csv"


def load_statements(project: Project, chapters: Collection[str], lang: str = "en") -> pd.DataFrame:
    """The statements of the register, in its order, each with the code of its test.

    Parameters
    ----------
    chapters : collection of str
        The rooms of the library that the reader of the statements has a chapter for.
    lang : str
        The language of the statements; code is code in every language.

    Returns
    -------
    DataFrame
        One row a statement, all text: chapter, test (its node id), statement, example.

    Raises
    ------
    InputError
        If a row names a chapter or a test that is not there, leaves a statement blank, or there is
        no column for the language.
    """
    table = read_framework_table(
        project.root / REGISTER, columns=["chapter", "test", "statement_en"], key=["test"]
    )
    files = {test.partition("::")[0] for test in table["test"]}
    read = {file: _tests_of(project.tests.parent / file) for file in files}
    rows = []
    for number, row in enumerate(records(table), start=2):
        file, _, name = row["test"].partition("::")
        if name not in read[file] or row["chapter"] not in chapters:
            raise InputError(
                f"{row['test']} is no test of the repository, or {row['chapter']} no chapter; "
                "correct the row or take it out",
                file=REGISTER,
                row=number,
            )
        said = by_language(row, "statement")
        if not all(said.values()):
            raise InputError("a statement is blank; fill it in", file=REGISTER, row=number)
        statement = in_language(said, lang, "statement", REGISTER)
        rows.append((row["chapter"], row["test"], statement, read[file][name]))
    return pd.DataFrame(rows, columns=["chapter", "test", "statement", "example"])


def _tests_of(file: Path) -> dict[str, str]:
    """The tests of a file by name, each with its body as code (docstring left out)."""
    if not file.is_file():
        return {}
    source = file.read_text(encoding="utf-8")
    lines = source.splitlines()
    return {
        node.name: _body(node, lines)
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def _body(test: ast.FunctionDef, lines: list[str]) -> str:
    statements = test.body[1:] if ast.get_docstring(test) and test.body[1:] else test.body
    first, last = statements[0].lineno, test.end_lineno or statements[-1].lineno
    return textwrap.dedent("\n".join(lines[first - 1 : last])).rstrip()
