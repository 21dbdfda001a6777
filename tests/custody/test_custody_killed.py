"""A cable that is pulled: killed before each step on the disk, a command leaves the old or the new.

The kill is the process's (SIGKILL); that the disk kept what was synced was not tried.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from atips_analysis.cli import run
from atips_analysis.custody.repair import repair

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        os.name != "posix", reason="kills by signals of POSIX; not tried on Windows"
    ),
]
PROGRAM = Path(__file__).with_name("killed_at_points.py")
SAID = {
    "edition": "an edition half made",
    "lock": "put back in place; it is not locked",
    "unlock": "it is still locked",
    "reports": "put back as it was",
    "ledger": "a file half written",
}


def tries(name: str, project, key) -> list[dict]:
    command = [sys.executable, str(PROGRAM), name, str(project.root), str(key)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("name", SAID)
def test_whatever_the_point_repair_leaves_the_old_or_the_new_and_nothing_else(project, key, name):
    told = tries(name, project, key)
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
