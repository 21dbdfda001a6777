"""A cable that is pulled: killed before each step on the disk, a command leaves the old or the new.

The kill is the process's (SIGKILL); that the disk kept what was synced was not tried.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from atips_analysis.build.stopping import _numbers, unwind_when_stopped
from atips_analysis.cli import run
from atips_analysis.custody import vault
from atips_analysis.custody.repair import repair
from atips_analysis.databank.storage import sha256_of
from atips_analysis.files import write_json, write_text

from .contents import contents

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        os.name != "posix", reason="kills by signals of POSIX; not tried on Windows"
    ),
]
PROGRAM = Path(__file__).with_name("killed_at_points.py")
COMMANDS = Path(__file__).with_name("killed_commands.py")
WRITE = (
    *("answer", "backup", "baseline freeze", "consolidate", "databank withdraw", "forget"),
    *("indicators", "keys", "lock", "new-analysis", "protect", "pseudonymise", "restore", "retain"),
    *("returns", "template", "unlock"),
)
"""Commands that write, each killed at five points; build and consolidate, at random moments, stand
in `tests/end_to_end` and `tests/notebooks`."""
RELEASES = ("release", "reproduce", "coalition")
IN_ITS_PLACE = re.compile(r"project/(?!data/new/).+/(?!.*\.age$)")
"""What repair looks after: not a data bank of another folder, nor a temporary folder; what is
encrypted differs each time."""
NAMED = "project/letters/"
"""A folder that whoever asks for letters names: what is half written there goes with the same again."""


SAID = {
    "edition": "an edition half made",
    "lock": "put back in place; it is not locked",
    "unlock": "it is still locked",
    "reports": "put back as it was",
    "ledger": "a file half written",
}


def tries(*given: object, program: Path = PROGRAM) -> list[dict]:
    command = [sys.executable, str(program), *map(str, given)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("name", SAID)
def test_whatever_the_point_repair_leaves_the_old_or_the_new_and_nothing_else(project, key, name):
    told = tries(name, project.root, key)
    assert len(told) > 3 and [one["killed"] for one in told] == [False, *[True] * (len(told) - 1)]
    assert {one["state"] for one in told} == {"old", "new"}, told
    assert told[0]["state"] == "new" and told[1]["state"] == "old"
    for one in told:
        assert one["left"] == [] and one["again"] == [], one
    said = [line for one in told for line in one["lines"]]
    assert any(SAID[name] in line for line in said), said
    assert all(one["lines"] for one in told if one["killed"])  # the lock's at least
    assert told[0]["lines"] == []


def test_doctor_repairs_a_line_each_and_says_so_where_there_is_nothing(project, capfd):
    (project.data / ".writing").write_text("process 7 on desk\n")
    (project.reports / "2024").replace(project.reports / ".2024.old")
    bank = project.databank
    (edition,) = (bank / "editions").iterdir()
    (edition / "victims.parquet").write_bytes(b"torn")
    assert run(["doctor", "--repair", "--quiet"]) == 0
    said = [line for line in capfd.readouterr().out.splitlines() if line.startswith("MENDED")]
    assert [line.split()[1] for line in said] == [
        *(".writing:", "reports/2024:", f"data/databank/editions/{edition.name}:"),
        "data/databank/latest:",
    ]
    assert (bank / "editions" / f".damaged.{edition.name}" / "victims.parquet").is_file()
    assert run(["doctor", "--repair"]) == 0
    assert "no command was killed halfway" in capfd.readouterr().out
    consolidate = ["--submissions", "data/submissions", "--databank", "data/databank", "--quiet"]
    assert run(["consolidate", *consolidate]) == 0
    assert edition.is_dir()


def test_repair_waits_for_whoever_is_writing(project, capfd):
    from atips_analysis.build.one_writer import one_writer

    left = project.reports / ".2024.new"
    left.mkdir()
    code = "import sys; from atips_analysis.cli import run; sys.exit(run(['doctor', '--repair']))"
    with one_writer(project):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 2 and "is writing there" in done.stderr
    assert left.is_dir()
    assert repair(project) == ["reports/.2024.new: removed; reports half made"]


def test_what_was_sealed_and_entered_when_the_cable_was_pulled_is_put_in_place(project):
    """Between the ledger and the reports lay the only pack: repair took it for reports half made."""
    staged, target = project.reports / ".2024.new", project.reports / "2024"
    (staged / "pack").mkdir(parents=True)
    pack = staged / "pack" / "atips-2024.zip"
    pack.write_bytes(b"sealed")
    assert repair(project) == ["reports/.2024.new: removed; reports half made"]
    (staged / "pack").mkdir(parents=True)
    pack.write_bytes(b"sealed")
    write_json(project.ledger / "2024.json", {"versions": [{"pack": sha256_of(pack)}]})
    (line,) = repair(project)
    assert line.startswith("reports/2024: put in place") and repair(project) == []
    assert (target / "pack" / "atips-2024.zip").read_bytes() == b"sealed" and not staged.exists()


STOPPED = {
    "backup": ["--out", "../stick/new.age"],
    "lock": [],
    "unlock": ["--key-file", "../stick/atips.agekey"],
    "restore": ["../stick/old.age", "--key-file", "../stick/atips.agekey", "--out", "../restored"],
}


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("name", STOPPED)
def test_who_stops_a_command_of_the_confidential_side_is_told_so_and_finds_all_as_it_was(
    project, key, name, number, monkeypatch, capfd
):
    if name == "unlock":
        assert run(["lock", "--quiet"]) == 0
    if name == "restore":
        assert run(["backup", "--out", "../stick/old.age", "--quiet"]) == 0
    kept, before = {one: signal.getsignal(one) for one in _numbers()}, contents(project.root.parent)
    files = 0

    def in_the_middle(step):
        def stepping(*given):
            nonlocal files
            files += 1
            if files == 5:
                os.kill(os.getpid(), getattr(signal, number))
            return step(*given)

        return stepping

    monkeypatch.setattr(vault, "_add", in_the_middle(vault._add))
    monkeypatch.setattr(vault, "sha256_of", in_the_middle(vault.sha256_of))
    unwind_when_stopped()
    try:
        assert run([name, *STOPPED[name]]) == 130
    finally:
        for one, handler in kept.items():
            signal.signal(one, handler)
    assert capfd.readouterr().err == "atips: stopped\n" and files >= 5
    after = contents(project.root.parent)
    after.pop("project/data/.writing")
    before.pop("project/data/.writing", None)
    assert after == before


def test_what_a_killed_restore_had_decrypted_goes_with_the_next(project, key):
    assert run(["backup", "--out", "../stick/one.age", "--quiet"]) == 0
    left = project.root.with_name(".99999999.restored")
    (left / "data").mkdir(parents=True)
    (left / "data" / "victims.csv").write_text("a row\n")
    others = project.root.with_name(".99999999.another")
    others.mkdir()
    words = ["restore", "../stick/one.age", "--key-file", str(key), "--out", "../restored"]
    assert run([*words, "--quiet"]) == 0
    assert not left.exists() and others.is_dir()
    assert project.root.with_name("restored").is_dir()


def test_what_was_half_written_beside_a_file_goes_when_it_is_written_again(tmp_path):
    living = tmp_path / f".{os.getppid()}.table.csv"
    for file in (living, tmp_path / ".99999999.table.csv", tmp_path / ".99999999.other.table.csv"):
        file.write_text("raw")
    write_text(tmp_path / "table.csv", "x")
    assert {file.name for file in tmp_path.iterdir()} == {
        *("table.csv", living.name, ".99999999.other.table.csv"),
    }


def test_a_key_whose_public_half_was_not_written_gets_it_and_is_not_made_anew(project, monkeypatch):
    public, private = project.council / "keys/checked.pem", project.keys / "checked.key"
    words = ["keys", "--role", "checked", "--quiet"]
    monkeypatch.setattr("sys.stdin", io.StringIO("secret\n" * 2))
    assert run(words) == 0
    before = public.read_bytes(), private.read_bytes()
    public.unlink()
    assert run(words) == 0
    assert (public.read_bytes(), private.read_bytes()) == before


def test_an_analysis_whose_making_was_killed_is_finished_by_the_same_command(project):
    files = [project.notebooks / "pages.csv", project.root / "_quarto.yml"]
    before = [file.read_bytes() for file in files]
    words = ["new-analysis", "age-of-cases", "--quiet"]
    assert run(words) == 0
    after = [file.read_bytes() for file in files]
    for number in range(3):  # killed after the notebook, after the list for Quarto, at the end
        for at, file in enumerate(files):
            file.write_bytes(after[at] if (number, at) == (1, 1) or number == 2 else before[at])
        assert run(words) == (2 if number == 2 else 0)
        assert [file.read_bytes() for file in files] == after


def look_at_killed(told: list[dict]) -> None:
    """The old or the new after repair; what lies elsewhere goes with the same command once more."""
    assert told
    for one in told:
        assert one["code"] == -signal.SIGKILL and one["repair"] == 0, one
        here = [name for name in one["torn"] if not name.startswith(NAMED)]
        inside = [name for name in here if IN_ITS_PLACE.match(name)]
        assert inside == [] and bool(one["named"]) <= bool(one["mended"]), one
        beside = [name for name in one["torn"] if not name.startswith("tmp/")]
        assert all(re.search(r"(^|/)\.\d+\.|\.age$", name) for name in beside), one
        done_already = one["again"] == 2 and len(one["said"]) == 1
        assert one["again"] == one["usual"] or done_already, one
        assert [name for name in one["differs"] if IN_ITS_PLACE.match(name)] == [], one


@pytest.mark.long
@pytest.mark.parametrize("name", WRITE)
def test_whatever_the_command_repair_and_the_same_once_more_leave_what_it_makes(
    kept_project, tmp_path, name
):
    shutil.copytree(kept_project, tmp_path / "project")
    look_at_killed(tries(tmp_path, "SIGKILL", name, program=COMMANDS))


@pytest.mark.long
@pytest.mark.parametrize("name", RELEASES)
def test_what_is_done_with_releases_is_done_or_not_at_whatever_point_it_is_killed(
    tmp_path, make_project, make_build, name
):
    project = make_project(tmp_path / "project")
    register = project.notebooks / "pages.csv"
    head, *lines = register.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.startswith("data-quality,")]
    register.write_text("".join([head, *kept]), encoding="utf-8")
    make_build(project)
    look_at_killed(tries(tmp_path, "SIGKILL", name, program=COMMANDS))
