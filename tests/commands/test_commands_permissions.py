"""What a command writes is its owner's alone; what it publishes is as readable as the user has it.

POSIX only: Windows has no umask, and was not tried.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from atips_analysis.build.reports_folder import put_in_place
from atips_analysis.build.steps import Step, run_steps
from atips_analysis.cli import run
from atips_analysis.commands.init import write_project
from atips_analysis.files import can_be_written, owner_only
from atips_analysis.project import CHECKOUT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no umask")
UMASKS = [0o000, 0o022, 0o077]


@contextmanager
def users_umask(umask: int):
    before = os.umask(umask)
    try:
        yield
        assert os.umask(umask) == umask, "the command left another umask behind"
    finally:
        os.umask(before)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose confidential folders somebody made as they liked, with one return."""
    root = tmp_path / "project"
    write_project(root)
    for name in ("databank", "work", "feedback", "submissions"):
        (root / "data" / name).mkdir(exist_ok=True)
        (root / "data" / name).chmod(0o755)
    sent = sorted((CHECKOUT / "data/example/submissions").glob("*2024*.xlsx"))[0]
    shutil.copyfile(sent, root / "data/submissions" / sent.name)
    monkeypatch.chdir(root)
    return root


def modes(folder: Path, below: str = "*") -> dict[str, str]:
    """The modes of everything in a folder that others may do anything with."""
    every = [folder, *folder.rglob(below)]
    return {str(one): oct(one.stat().st_mode) for one in every if one.stat().st_mode & 0o077}


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.slow
@pytest.mark.parametrize(
    "umask",
    [0o000, *(pytest.param(umask, marks=pytest.mark.whole) for umask in UMASKS[1:])],
    ids=oct,
)
def test_nobody_else_can_read_what_consolidate_check_and_confidential_tables_write(project, umask):
    returned = str(next((project / "data/submissions").iterdir()))
    bank = str(project / "data/databank")
    table = ["indicators", "--databank", bank, "--year", "2024", "--quiet"]
    with users_umask(umask):
        assert run(["consolidate", "--submissions", "data/submissions", "--databank", bank]) == 0
        assert run(["check", returned, "--quiet"]) in (0, 1)
        assert run([*table, "--confidential", "--outside", "--out", "raw/table.csv"]) == 0
        assert run([*table, "--out", "public/table.csv"]) == 0
    for folder in ("databank", "work", "feedback", "submissions"):
        assert mode(project / "data" / folder) == 0o700
    assert list((project / "data/feedback").glob("*.xlsx"))
    assert modes(project / "data/databank") == {}
    assert modes(project / "data/feedback") == {}
    assert modes(project / "raw") == {}
    assert mode(project / "public/table.csv") == 0o666 & ~umask
    assert mode(project / "public") == 0o777 & ~umask


@pytest.mark.parametrize("umask", UMASKS, ids=oct)
def test_a_protected_table_is_for_readers_and_one_that_tells_why_is_not(tmp_path, umask):
    (tmp_path / "counts.csv").write_text("sex,n\nF,12\nM,30\nTotal,42\n")
    words = ["protect", str(tmp_path / "counts.csv"), "--count", "n", "--by", "sex", "--quiet"]
    with users_umask(umask):
        assert run([*words, "--out", str(tmp_path / "public.csv")]) == 0
        assert (
            run([*words, "--out", str(tmp_path / "inside.csv"), "--confidential", "--outside"]) == 0
        )
        assert (
            run(
                [
                    "template",
                    *["--agency", "DHS", "--year", "2025", "--quiet", "--out"],
                    "form.xlsx",
                ]
            )
            == 0
        )
    assert mode(tmp_path / "public.csv") == 0o666 & ~umask
    assert mode(tmp_path / "inside.csv") == 0o600


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def copy(reads: list[Path], writes: list[Path]) -> None:
    writes[0].parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(reads[0], writes[0])


@pytest.mark.parametrize(
    ("umask", "jobs"),
    [
        *((umask, 1) for umask in UMASKS),
        (0o000, 2),
        *(pytest.param(umask, 2, marks=pytest.mark.whole) for umask in UMASKS[1:]),
    ],
)
def test_steps_and_their_memory_are_the_owners_whatever_process_runs_them(tmp_path, umask, jobs):
    source = tmp_path / "source.csv"
    source.write_text("n\n3\n")
    steps = [
        Step(str(n), copy, (source,), (tmp_path / "work" / f"{n}.csv",), "render") for n in (1, 2)
    ]
    with users_umask(umask), owner_only():
        run_steps(steps, tmp_path / "work" / "memory", jobs=jobs)
    assert (tmp_path / "work/2.csv").is_file()
    assert modes(tmp_path / "work") == {}


@pytest.mark.parametrize("umask", UMASKS, ids=oct)
def test_reports_are_put_in_place_as_readable_as_the_user_has_files(tmp_path, umask):
    target = tmp_path / "reports" / "2024"
    with users_umask(umask), owner_only():
        can_be_written(tmp_path / "work")
        staged = tmp_path / "work" / ".2024.new"
        (staged / "tables").mkdir(parents=True)
        (staged / "tables" / "one.csv").write_text("n\n")
        target.parent.mkdir()
        put_in_place(staged, target)
    assert mode(target) == mode(target / "tables") == 0o777 & ~umask
    assert mode(target / "tables" / "one.csv") == 0o666 & ~umask


def test_a_folder_of_another_account_that_is_open_to_others_stops_the_command(
    project, monkeypatch, capfd
):
    def refused(self, mode):
        raise PermissionError(1, "Operation not permitted", str(self))

    monkeypatch.setattr(Path, "chmod", refused)
    assert run(["doctor"]) == 3
    said = capfd.readouterr().err.strip().splitlines()
    assert len(said) == 1 and "its owner closes it with chmod 700" in said[0]


def test_what_the_commands_of_the_readme_write_into_the_root_is_ignored_by_git(tmp_path):
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    shutil.copyfile(CHECKOUT / ".gitignore", tmp_path / ".gitignore")
    names = [
        *("DHS_2025.xlsx", "DHS_2025-feedback.xlsx", "feedback_DHS.xlsx", "table.csv"),
        *("codes.html", "DHS_2024_victims.csv", "agency.key", "data/submissions/DHS_2025.xlsx"),
        *("submissions/DHS_2025.xlsx", "feedback/DHS.xlsx", "letters/DHS.docx", "monday.age"),
        *("data/confidential.age", "council.agekey", "data/databank/access.csv"),
    ]
    told = subprocess.run(
        ["git", "-C", str(tmp_path), "check-ignore", *names], capture_output=True, text=True
    )
    assert told.stdout.split() == names
