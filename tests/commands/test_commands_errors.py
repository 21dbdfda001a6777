"""A wrong word on the command line is answered in one line and an exit code, never a traceback."""

from __future__ import annotations

import pytest

from atips_analysis.cli import run

WRONG = [
    ["build", "--year", "abc"],
    ["build", "--baseline", "2021-2024"],
    ["build", "--baseline", "last year"],
    ["build", "--submissions", "no-such-folder"],
    ["build", "--renderer", "word"],
    ["build", "--jobs", "0"],
    ["indicators", "--databank", "no-such-folder", "--year", "2024", "--out", "x.csv"],
    ["consolidate"],
    ["frobnicate"],
    ["run", "no-such-notebook"],
]


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_a_wrong_word_is_answered_in_one_line_and_leaves_with_2(words, capfd):
    assert run(words) == 2
    said = capfd.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert said[0].startswith("atips: ")
    assert "unexpected fault" not in said[0]


def test_the_version_is_that_of_the_package(capfd):
    from atips_analysis import __version__

    assert run(["--version"]) == 0
    assert capfd.readouterr().out.strip() == f"atips {__version__}"


def _commands(group, before=()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, (*before, name))
        else:
            yield " ".join((*before, name)), command


def test_quiet_and_verbose_stand_everywhere():
    import typer

    from atips_analysis.cli import app

    found = dict(_commands(typer.main.get_command(app)))
    assert len(found) > 15
    without = {
        name: {"--quiet", "--verbose"} - {word for one in command.params for word in one.opts}
        for name, command in found.items()
    }
    assert {name: missing for name, missing in without.items() if missing} == {}


def test_reports_that_cannot_be_written_stop_a_build_before_it_begins(tmp_path, capfd):
    a_file = tmp_path / "reports"
    a_file.write_text("not a folder")
    assert run(["build", "--out", str(a_file)]) == 3
    said = capfd.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert "--out" in said[0]
