from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from atips_analysis.cli import run
from atips_analysis.commands import doctor
from atips_analysis.commands.run import find_notebook
from atips_analysis.errors import InputError
from atips_analysis.notebooks import warm_kernels
from atips_analysis.project import find_project


def test_the_doctor_names_what_there_is_and_leaves_with_0(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["doctor"]) == 0
    told = capsys.readouterr().out
    for what in ("Python", "Quarto", "Pandoc", "Typst", "Fonts", "Languages", "Kernel"):
        assert what in told


def test_the_doctor_leaves_with_3_when_something_needed_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking = doctor.Finding("Typst", "not installed", enough=False)
    monkeypatch.setattr(doctor, "LOOKS", (lambda: lacking,))
    assert run(["doctor"]) == 3
    told = capsys.readouterr()
    assert "MISSING" in told.out and "needed and missing: Typst" in told.err


def test_a_notebook_is_found_by_name_also_among_research(tmp_path: Path) -> None:
    (tmp_path / "research").mkdir()
    (tmp_path / "research" / "trends.ipynb").touch()
    assert find_notebook("trends", tmp_path) == tmp_path / "research" / "trends.ipynb"
    with pytest.raises(InputError, match="there are: research/trends"):
        find_notebook("trend", tmp_path)


def test_an_unknown_notebook_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["run", "no-such-notebook"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_notebook_run_in_spanish_says_what_nobody_has_reviewed(
    sample: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    declared = sample.code_cell('lang: str = "en"  # language of the page', count=None)
    declared["metadata"] = {"tags": ["parameters"]}
    title = sample.text_cell("---\ntitle: Data dictionary\n---", "raw")
    notebook = sample.write_notebook(tmp_path / "page.ipynb", title, declared)
    given = [str(notebook), "--out", str(tmp_path), "--renderer", "embedded"]
    page = tmp_path / "page" / "page.html"
    with warm_kernels():
        assert run(["run", *given, "-p", "lang=es"]) == 0
        spanish = re.sub(
            r'<a href="tel:\d+">(.*?)</a>|<span class="as-one">(.*?)</span>',
            r"\1\2",
            page.read_text(encoding="utf-8"),
        )
        assert run(["run", *given]) == 0
    said = "La traducción de esta página es un borrador que nadie ha revisado."
    assert spanish.count(said) == 1
    for group in find_project().profile["reporting"]["groups"]:
        assert group["intro_es"] in spanish and group["intro_en"] not in spanish
    assert "The translation of this page" not in page.read_text(encoding="utf-8")
