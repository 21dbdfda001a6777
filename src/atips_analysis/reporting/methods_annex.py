"""The methods annex: what the specification tests state, with their examples.

`data/framework/specification.csv` chooses the tests that are the method's reference: a room of
the library is a chapter, a test a paragraph. Statement and example stand or fall together: the
example is the test's own code, read from the repository when the page is made. The Spanish annex
gives the same statements without the code.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from atips_analysis.errors import InputError
from atips_analysis.framework.tables import read_framework_table
from atips_analysis.project import Project, find_project
from atips_analysis.reporting import page
from atips_analysis.words import N_, Translator, by_language, in_language, translator
from atips_analysis.words.catalogues import SOURCE

REGISTER = "data/framework/specification.csv"
CHAPTERS = {
    "cleaning": (
        N_("Cleaning"),
        N_(
            "What agencies write is brought into one form: codes, months, numbers, yes and no. A "
            "value that cannot be read with certainty is left as it is, for the next step to judge."
        ),
    ),
    "quality": (
        N_("Quality"),
        N_(
            "Each row is judged by rules that agencies can read. A row that cannot be used is set "
            "aside with its reason and how to correct it; a doubtful one is used, and the agency "
            "is asked."
        ),
    ),
    "databank": (
        N_("The data bank"),
        N_(
            "Accepted rows make an edition that is never changed. Persons are known by pseudonyms "
            "made at the agencies; records of two agencies are linked by rules, and by people where "
            "rules do not decide."
        ),
    ),
    "framework": (
        N_("Indicators and published sources"),
        N_(
            "The framework's indicators, their sources and assumptions are registers. What others "
            "have published is compared source by source, and contradictions are listed, never "
            "resolved by us."
        ),
    ),
    "indicators": (
        N_("Measurement"),
        N_(
            "An indicator is a population, a unit of count and a statistic. Missing is not zero, "
            "and what is not collected is said."
        ),
    ),
    "statistics": (
        N_("Statistics for small numbers"),
        N_(
            "Counts of a few cases a year move by chance. Intervals are exact; a change or a trend "
            "is named only where chance is no explanation; what small numbers cannot answer is "
            "refused."
        ),
    ),
    "disclosure": (
        N_("Protection of persons"),
        N_(
            "Everything that is published is protected as one system of tables, and attacked with "
            "all that a reader can know before it leaves. A table of which more than half would be "
            "hidden is rounded to base 5 instead, true zeros with it: each number is less than 10 "
            "from the count."
        ),
    ),
    "reporting": (
        N_("Words and tables"),
        N_("What reports may say about numbers, and how they show what they cannot."),
    ),
}


@dataclass(frozen=True)
class Statement:
    """What a test states: its chapter, its words by language, and its code."""

    chapter: str
    test: str
    said: Mapping[str, str] = field(hash=False)
    """By language."""
    example: str = ""


@dataclass(frozen=True)
class Annex:
    """What the chapters need: the statements and the words."""

    statements: tuple[Statement, ...]
    words: Translator

    @property
    def chapters(self) -> list[str]:
        return [name for name in CHAPTERS if any(s.chapter == name for s in self.statements)]


def open_annex(project: Path, lang: str) -> Annex:
    """The annex in a language, with every example read from the repository's tests."""
    return Annex(load_statements(find_project(Path(project))), translator(lang))


def load_statements(project: Project) -> tuple[Statement, ...]:
    """The statements of the register, in its order, each with the code of its test.

    Raises
    ------
    InputError
        If a row names a chapter or a test that is not there, or leaves a statement blank.
    """
    table = read_framework_table(
        project.root / REGISTER,
        columns=["chapter", "test", "statement_en"],
        key=["test"],
    )
    found, read = [], {}
    for number, row in enumerate(table.to_dict("records"), start=2):
        file, _, name = str(row["test"]).partition("::")
        if file not in read:
            read[file] = _tests_of(project.tests.parent / file)
        if name not in read[file] or row["chapter"] not in CHAPTERS:
            raise InputError(
                f"{row['test']} is no test of the repository, or {row['chapter']} no chapter; "
                "correct the row or take it out",
                file=REGISTER,
                row=number,
            )
        said = by_language(row, "statement")
        if not all(said.values()):
            raise InputError("a statement is blank; fill it in", file=REGISTER, row=number)
        found.append(
            Statement(
                str(row["chapter"]),
                str(row["test"]),
                said,
                read[file][name],
            )
        )
    return tuple(found)


def front_matter(annex: Annex) -> None:
    """Title of the annex."""
    _ = annex.words
    title, subtitle = _("Methods annex"), _("What the software is tested to do")
    page.say(f"---\ntitle: {title}\nsubtitle: {subtitle}\nlang: {annex.words.lang}\n---")


def introduction(annex: Annex) -> None:
    """What the annex is made from."""
    _ = annex.words
    number = len(annex.statements)
    page.say(
        _(
            "Every statement below is a test that runs whenever the software is changed, and fails "
            "if the statement does not hold. The statements are {number} of the tests, chosen "
            "as those that define the method.",
            number=number,
        )
    )
    if annex.words.lang == SOURCE:
        page.say(
            "The code under a statement is the test itself: its example, with the number that it "
            "must give. Numbers that others have published are preferred to our own."
        )
    else:
        page.say(
            _(
                "The page *Methods annex* in English adds to each statement its example: the code "
                "of the test, with the number that it must give."
            )
        )


def chapters(annex: Annex) -> None:
    """A chapter a room of the library, a paragraph a test."""
    _ = annex.words
    for name in annex.chapters:
        title, intro = CHAPTERS[name]
        page.say(f"# {_(title)} {{#sec-{name}}}", _(intro))
        own = [statement for statement in annex.statements if statement.chapter == name]
        if annex.words.lang == SOURCE:
            page.say(*[f"**{each.said[SOURCE]}**\n\n```\n{each.example}\n```" for each in own])
        else:
            lang = annex.words.lang
            page.say_list(*[in_language(each.said, lang, "statement", REGISTER) for each in own])


def _tests_of(file: Path) -> dict[str, str]:
    """The tests of a file by name, each with its body as code (docstring left out)."""
    if not file.is_file():
        return {}
    source = file.read_text(encoding="utf-8")
    lines = source.splitlines()
    return {
        node.name: _body(node, lines)
        for node in _functions(ast.parse(source).body)
        if node.name.startswith("test_")
    }


def _functions(body: Iterable[ast.stmt]) -> list[ast.FunctionDef]:
    return [node for node in body if isinstance(node, ast.FunctionDef)]


def _body(node: ast.FunctionDef, lines: list[str]) -> str:
    statements = node.body[1:] if ast.get_docstring(node) and node.body[1:] else node.body
    first, last = statements[0].lineno, node.end_lineno or statements[-1].lineno
    return textwrap.dedent("\n".join(lines[first - 1 : last])).rstrip()
