"""What SECURITY.md and the operator's page promise is held by tests that are there."""

from __future__ import annotations

import ast
import re

import pytest
import typer

from atips_analysis.cli import app
from atips_analysis.project import CHECKOUT

PAGES = ("SECURITY.md", "docs/operating.md")
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_is_named_is_there(page):
    named = NAMED.findall((CHECKOUT / page).read_text("utf-8"))
    assert len(named) > 10
    for file, name in named:
        there = CHECKOUT / file
        assert there.is_file(), file
        found = {
            one.name
            for one in ast.walk(ast.parse(there.read_text("utf-8")))
            if isinstance(one, ast.FunctionDef)
        }
        assert name in found if name else any(one.startswith("test_") for one in found), (
            file,
            name,
        )


def test_every_threat_has_a_guard_and_a_test():
    rows = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in (CHECKOUT / "SECURITY.md").read_text("utf-8").splitlines()
        if line.startswith("| ")
    ][1:]
    assert len(rows) > 12
    for _, what, guard, test in rows:
        assert what and guard and NAMED.search(test), what
    who = " ".join(row[0] for row in rows)
    for scene in ("laptop", "cable", "curious"):
        assert scene in who


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_is_named_is_one(page):
    commands = set(typer.main.get_command(app).commands)
    named = set(re.findall(r"`atips ([a-z-]+)", (CHECKOUT / page).read_text("utf-8")))
    assert named <= commands, named - commands
